//! Short names for what a module and its JavaScript have of each other. `wasm-bindgen` tells them apart by long ones with a
//! hash in each, which no compression makes smaller.

use std::collections::HashMap;

use serde_json::Value;

/// What `wasm-opt` has shortened, in a file that speaks of it.
#[derive(Debug, Default)]
pub(super) struct Names {
    modules: HashMap<String, String>,
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

impl Names {
    /// Reads what `wasm-opt` says of it; `None` if that is something else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let said: Value = serde_json::from_str(text).ok()?;
        let mut names = Self::default();
        for import in said.get("imports")?.as_array()? {
            let [module, name, short] = texts(import)?;
            // Every module becomes this one, as there is only one.
            names.modules.insert(format!("\"{module}\":"), "\"a\":".to_owned());
            names.imports.insert(name, short);
        }
        for export in said.get("exports")?.as_array()? {
            let [name, short] = texts(export)?;
            names.exports.insert(name, short);
        }
        (names.modules.len() == 1).then_some(names)
    }

    /// Writes them into the JavaScript or its declarations, where an import is a property of its own, and an export one of
    /// `wasm` or declared as `readonly`.
    pub(super) fn write_into(&self, script: &str) -> String {
        let is_of_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
        let (mut written, mut rest) = (String::with_capacity(script.len()), script);
        while let Some(start) = rest.find(is_of_name) {
            let (before, from) = rest.split_at(start);
            let (name, after) = from.split_at(from.find(|char| !is_of_name(char)).unwrap_or(from.len()));
            written.push_str(before);
            let is_export = written.ends_with("wasm.") || written.ends_with("readonly ");
            let short = if is_export { self.exports.get(name) } else { self.imports.get(name) };
            written.push_str(short.map_or(name, String::as_str));
            rest = after;
        }
        written.push_str(rest);
        self.modules.iter().fold(written, |script, (name, short)| script.replace(name.as_str(), short))
    }
}

fn texts<const N: usize>(value: &Value) -> Option<[String; N]> {
    let texts: Option<Vec<String>> =
        value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect();
    texts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_where_they_stand_and_nowhere_else() {
        let said = r#"{"imports": [["./m_bg.js", "__wbg_open_0a", "b"]], "exports": [["memory", "c"], ["state", "d"]]}"#;
        let names = Names::read(said).unwrap();
        let script = r#"return { "./m_bg.js": { __wbg_open_0a: function() { state(wasm.memory.buffer); } } }; // __wbg_open_0ab"#;
        let short = r#"return { "a": { b: function() { state(wasm.c.buffer); } } }; // __wbg_open_0ab"#;
        assert_eq!(names.write_into(script), short);
        assert_eq!(names.write_into("readonly state: () => memory"), "readonly d: () => memory");
        assert!(Names::read("Fatal: no module").is_none());
    }
}

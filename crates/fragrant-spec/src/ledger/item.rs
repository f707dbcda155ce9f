//! The name of what a mark is about: line numbers change with every edit, names do not.
//!
//! It reads no Rust but its outlines, as rustfmt leaves them: what is indented less and declares something encloses what
//! is indented more.

/// What a mark is about.
#[derive(Debug, PartialEq)]
pub(super) struct Marked {
    pub(super) name: String,
    /// A function with `#[test]` or the like above it, and without `#[ignore]`.
    pub(super) is_test: bool,
}

/// The item that is declared where the mark stands or right below it, or else the one that encloses it. The lines are
/// those of a [`Source`](super::source::Source).
pub(super) fn marked(lines: &[&str], mark: usize) -> Option<Marked> {
    let anchor = (mark..lines.len()).find(|index| !is_passed_over(lines[*index]))?;
    let (index, item) = match declared(lines[anchor]) {
        Some(own) => (anchor, own),
        None => enclosing(lines, anchor)?,
    };
    let outer = enclosing(lines, index).filter(|(_, outer)| item.is_function && outer.is_type);
    let name = outer.map_or_else(|| item.name.clone(), |(_, outer)| format!("{}::{}", outer.name, item.name));
    Some(Marked { name, is_test: item.is_function && is_test(&lines[..index]) })
}

/// Whether the attributes that end these lines make a test of what follows: `#[test]`, `#[tokio::test]`,
/// `#[wasm_bindgen_test]`. One that is ignored shows nothing.
fn is_test(above: &[&str]) -> bool {
    let attributes = above.iter().rev().map(|line| line.trim_start()).take_while(|line| is_passed_over(line));
    let names: Vec<&str> = attributes.filter_map(|line| line.strip_prefix("#[")).map(last_name).collect();
    names.iter().any(|name| ["test", "wasm_bindgen_test"].contains(name)) && !names.contains(&"ignore")
}

/// `test` of `tokio::test(flavor = "current_thread")]`.
fn last_name(attribute: &str) -> &str {
    let path = attribute.split(['(', ']', ' ']).next().unwrap_or_default();
    path.rsplit("::").next().unwrap_or_default()
}

/// A blank line, a comment or an attribute: what stands between a mark and the item it is about.
fn is_passed_over(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with("//") || line.starts_with("#[") || line.starts_with("#!")
}

/// The nearest item that a line is inside of, and where it begins.
fn enclosing(lines: &[&str], anchor: usize) -> Option<(usize, Item)> {
    let mut below = indent(lines[anchor]);
    for (index, line) in lines[..anchor].iter().enumerate().rev() {
        if is_passed_over(line) || indent(line) >= below {
            continue;
        }
        if let Some(item) = declared(line).filter(|item| !item.name.is_empty()) {
            return Some((index, item));
        }
        // The end of a head of several lines: its beginning is indented as much.
        let ends_a_head =
            line.trim_start().starts_with([')', '>']) || line.trim() == "where" || line.trim() == "{";
        below = indent(line) + usize::from(ends_a_head);
    }
    None
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[derive(Debug, PartialEq)]
struct Item {
    name: String,
    is_function: bool,
    /// An implementation, a trait or a type, whose name a function inside it carries along.
    is_type: bool,
}

/// What a line declares, if it begins a declaration. A module has no name here: it is the file's business.
fn declared(line: &str) -> Option<Item> {
    let mut words = line.trim_start();
    if let Some(rest) = words.strip_prefix("pub(") {
        words = rest.split_once(')')?.1.trim_start();
    }
    loop {
        let (word, rest) = words.split_once(' ')?;
        let rest = rest.trim_start();
        let (is_function, is_type) = match word {
            "pub" | "async" | "unsafe" | "default" => {
                words = rest;
                continue;
            }
            "const" if ["fn ", "async ", "unsafe "].iter().any(|next| rest.starts_with(next)) => {
                words = rest;
                continue;
            }
            "fn" => (true, false),
            "struct" | "enum" | "trait" | "union" => (false, true),
            "const" | "static" | "type" | "macro_rules!" => (false, false),
            // A table that a macro makes something of.
            call if call.ends_with('!') && rest == "{" => {
                return Some(Item { name: call.into(), is_function: false, is_type: false });
            }
            "impl" => return Some(Item { name: implemented(rest), is_function: false, is_type: true }),
            _ => match word.strip_prefix("impl<") {
                Some(_) => {
                    let (_, after) = words.split_once("> ")?;
                    return Some(Item { name: implemented(after), is_function: false, is_type: true });
                }
                None => return None,
            },
        };
        let name = identifier(rest.strip_prefix("mut ").unwrap_or(rest));
        return (!name.is_empty()).then_some(Item { name, is_function, is_type });
    }
}

/// The type of `Trait for Type {` or of `Type {`, without its arguments.
fn implemented(rest: &str) -> String {
    let of = rest.split_once(" for ").map_or(rest, |(_, of)| of);
    let of = of.trim_start_matches('&').split(['<', ' ', '{']).next().unwrap_or_default();
    identifier(of.rsplit("::").next().unwrap_or_default())
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the line is about that ends in `<-`.
    fn about(text: &str) -> Option<Marked> {
        let lines: Vec<&str> = text.lines().collect();
        marked(&lines, lines.iter().position(|line| line.ends_with("<-")).unwrap())
    }

    fn item(text: &str) -> Option<String> {
        about(text).map(|marked| marked.name)
    }

    #[test]
    fn a_mark_is_about_what_is_declared_below_it() {
        assert_eq!(item("// <-\n#[test]\nfn it_holds() {"), Some("it_holds".into()));
        assert_eq!(item("// <-\n/// Doc.\npub(crate) const LIMIT: usize = 3;"), Some("LIMIT".into()));
        assert_eq!(item("    // <-\n    pub const fn new() -> Self {"), Some("new".into()));
        assert_eq!(item("impl<'a> Form<'a> {\n    // <-\n    pub fn new() {"), Some("Form::new".into()));
        assert_eq!(
            item("impl fmt::Debug for wire::State {\n    fn fmt() {} // <-"),
            Some("State::fmt".into())
        );
        assert_eq!(item("proptest! {\n    // <-\n    #[test]\n    fn a_law() {"), Some("a_law".into()));
    }

    #[test]
    fn or_about_what_it_is_inside_of() {
        assert_eq!(item("fn a() {}\nfn b(\n    x: u8,\n) -> u8 {\n    x + 1 // <-\n}"), Some("b".into()));
        assert_eq!(
            item(
                "impl State {\n    fn of<T>(t: T)\n    where\n        T: Eq,\n    {\n        if x {\n            // <-\n            y();"
            ),
            Some("State::of".into())
        );
        assert_eq!(item("mod tests {\n    fn a() {\n        let b = 1; // <-"), Some("a".into()));
        assert_eq!(item("pub enum Level {\n    Must, // <-\n}"), Some("Level".into()));
        assert_eq!(item("const ROWS: &[Row] = &[\n    Row { a: 1 }, // <-"), Some("ROWS".into()));
        assert_eq!(item("// <-\nx! {\n    1\n}"), Some("x!".into()));
        assert_eq!(item("use a::{\n    b, // <-\n};"), None);
    }

    #[test]
    fn a_test_is_known_by_its_attribute() {
        let is_test = |text: &str| about(text).unwrap().is_test;
        for text in [
            "// <-\n#[test]\nfn it_holds() {",
            "#[test]\n// <-\nfn it_holds() {",
            "// <-\n#[tokio::test(flavor = \"current_thread\")]\n// Why.\nasync fn it_holds() {",
            "#[wasm_bindgen_test]\nasync fn it_holds() {\n    // <-\n    call();\n}",
            "proptest! {\n    #[test]\n    // <-\n    fn a_law(x in 0..1) {",
            "proptest! {\n    #[test]\n    fn a_law(x in 0..1) {\n        y(); // <-",
        ] {
            assert!(is_test(text), "{text}");
        }
        for text in [
            "// <-\nfn a_helper() {",
            "#[test]\nfn it_holds() {}\n// <-\nfn a_helper() {",
            "#[cfg(test)]\n// <-\nfn a_helper() {",
            "#[test_helper]\n// <-\nfn a_helper() {",
            "#[test]\n// <-\nconst LIMIT: usize = 1;",
            "#[ignore]\n#[test]\n// <-\nfn it_holds() {",
            "// <-\n#[test]\n#[ignore = \"slow\"]\nfn it_holds() {",
        ] {
            assert!(!is_test(text), "{text}");
        }
    }
}

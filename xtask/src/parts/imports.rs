//! The core's own order: imports go down only, floor by floor, and no two files import each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, none_of};

/// The modules of the core from the bottom up. A file may import from its own floor's module and from lower floors.
const FLOORS: [&[&str]; 11] = [
    &["actor", "sorted_map", "target"],
    &["text"],
    &["grammar"],
    &["spec"],
    &["value"],
    &["wire"],
    &["message"],
    &["profile"],
    &["client", "resource_owner", "redirection", "user_agent", "api_server", "authorization_server"],
    &["walk"],
    &["testing"],
];

/// The one import between modules of a floor: what people decide is the authorization server's input.
const BESIDE: [(&str, &str); 1] = [("authorization_server", "resource_owner")];

pub(crate) fn run(context: &Context) -> Outcome {
    let root = context.root.join("crates/fragrant/src");
    let files = read(&root).map_err(|error| Shortfall::Failed(error.to_string()))?;
    let imports = resolve(&files);
    let faults = faults(&imports);
    println!(
        "   {} files, {} imports between them",
        files.len(),
        imports.values().map(BTreeSet::len).sum::<usize>()
    );
    none_of(&faults)
}

/// A module's path, as in `client::rules`.
type Module = Vec<String>;

/// Every file of the core but its root, by module path.
fn read(root: &Path) -> std::io::Result<BTreeMap<Module, String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(root.to_path_buf(), Module::new())];
    while let Some((folder, module)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let mut own = module.clone();
            if path.is_dir() {
                own.push(name);
                folders.push((path, own));
            } else if path.extension().is_some_and(|extension| extension == "rs") && name != "lib" {
                if name != "mod" {
                    own.push(name);
                }
                files.insert(own, fs::read_to_string(path)?);
            }
        }
    }
    Ok(files)
}

/// For each file the files that it imports from. A name that a module only passes on counts as the file's that it is from.
fn resolve(files: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let passed_on: BTreeMap<Module, BTreeMap<String, Module>> = files
        .iter()
        .map(|(module, text)| {
            let from = used(text, "pub use ").into_iter().filter_map(|path| {
                let (name, from) = path.split_last()?;
                let target = file_of(files, &[&module[..], from].concat())?;
                Some((name.clone(), target))
            });
            (module.clone(), from.collect())
        })
        .collect();
    files
        .iter()
        .map(|(module, text)| {
            let targets = used(text, "use ").into_iter().filter_map(|path| {
                let path = absolute(module, path)?;
                let target = file_of(files, &path)?;
                let name = path.get(target.len());
                let from = name.and_then(|name| passed_on.get(&target)?.get(name)).cloned();
                Some(from.unwrap_or(target)).filter(|target| target != module)
            });
            (module.clone(), targets.collect())
        })
        .collect()
}

/// The path from the crate's root, for a path that begins with `crate` or `super`.
fn absolute(module: &Module, mut path: Vec<String>) -> Option<Vec<String>> {
    match path.first()?.as_str() {
        "crate" => Some(path.split_off(1)),
        "super" => {
            let ups = path.iter().take_while(|step| *step == "super").count();
            let base = module.get(..module.len().checked_sub(ups)?)?;
            Some([base, &path[ups..]].concat())
        }
        _ => None,
    }
}

/// The file that the path leads into: the longest beginning of it that is one.
fn file_of(files: &BTreeMap<Module, String>, path: &[String]) -> Option<Module> {
    (1..=path.len()).rev().map(|len| path[..len].to_vec()).find(|module| files.contains_key(module))
}

/// The paths of the `use` declarations outside the tests, groups spread out.
fn used(text: &str, keyword: &str) -> Vec<Vec<String>> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut paths = Vec::new();
    for statement in text.split(';') {
        let statement: String =
            statement.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let Some(tree) = statement.trim_start().strip_prefix(keyword) else { continue };
        spread(tree.trim(), &[], &mut paths);
    }
    paths
}

/// Spreads `a::{b, c::d}` into `a::b` and `a::c::d`.
fn spread(tree: &str, before: &[String], paths: &mut Vec<Vec<String>>) {
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let steps = path.split("::").map(str::trim).filter(|step| !step.is_empty() && *step != "self");
        paths.push(before.iter().cloned().chain(steps.map(String::from)).collect());
        return;
    };
    let steps = head.split("::").map(str::trim).filter(|step| !step.is_empty());
    let before: Vec<String> = before.iter().cloned().chain(steps.map(String::from)).collect();
    let (mut depth, mut start) = (0, 0);
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    for (at, character) in group.char_indices().chain([(group.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = group[start..at].trim();
                if !part.is_empty() {
                    spread(part, &before, paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

fn faults(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let floor = |module: &Module| FLOORS.iter().position(|floor| floor.contains(&module[0].as_str()));
    let mut faults = Vec::new();
    for (module, targets) in imports {
        for target in targets {
            let (own, other) = (module.join("::"), target.join("::"));
            if imports.get(target).is_some_and(|back| back.contains(module)) && own < other {
                faults.push(format!("{own} and {other} import each other"));
            }
            let is_beside =
                module[0] == target[0] || BESIDE.contains(&(module[0].as_str(), target[0].as_str()));
            match (floor(module), floor(target)) {
                (Some(from), Some(to)) if to < from || is_beside => {}
                (Some(_), Some(_)) => {
                    faults.push(format!("{own} imports {other}, which does not stand below it"))
                }
                _ => faults.push(format!("{own} or {other} has no floor in xtask/src/parts/imports.rs")),
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> BTreeMap<Module, String> {
        texts
            .iter()
            .map(|(module, text)| (module.split("::").map(String::from).collect(), (*text).to_owned()))
            .collect()
    }

    fn found(texts: &[(&str, &str)]) -> Vec<String> {
        faults(&resolve(&files(texts)))
    }

    #[test]
    fn imports_that_go_down_are_fine() {
        assert!(
            found(&[
                ("value", "mod scope;\npub use scope::Scope;"),
                ("value::scope", "use crate::grammar::{self, NQCHAR};"),
                ("grammar", ""),
                ("message", "use crate::value::{Scope};\n#[cfg(test)]\nmod tests { use crate::client; }"),
                ("client", ""),
            ])
            .is_empty()
        );
    }

    #[test]
    fn an_import_that_goes_up_is_found() {
        assert_eq!(
            found(&[("value", "use crate::message::{a::{B, C}, D};"), ("message", "")]),
            ["value imports message, which does not stand below it"]
        );
        assert_eq!(found(&[("api_server", "use crate::client::Client;"), ("client", "")]).len(), 1);
        assert_eq!(found(&[("novelty", "use crate::client::Client;"), ("client", "")]).len(), 1);
    }

    #[test]
    fn two_files_that_import_each_other_are_found_through_what_is_passed_on() {
        assert_eq!(
            found(&[
                ("client", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
                ("client::a", "use super::b::B;"),
                ("client::b", "use crate::client::{A};"),
            ]),
            ["client::a and client::b import each other"]
        );
    }
}

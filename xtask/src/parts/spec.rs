//! `spec` and `spec-long`: whether the pages of `docs/spec` say what the library does, and whether a library that does
//! something else is noticed.

use crate::command::run;
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed, none_of};
use crate::parts::copied::Copied;

const CHECK: &str = "run --quiet --package fragrant-cli --locked";

/// A change of what the library does.
struct Change {
    what: &'static str,
    file: &'static str,
    /// What stands there, once in the file.
    text: &'static str,
    instead: &'static str,
    /// The page on which it is noticed.
    page: &'static str,
}

const CHANGES: &[Change] = &[
    Change {
        what: "a session that signs out where there is no entropy",
        file: "crates/fragrant/src/client/session/machine.rs",
        text: "Outcome::Transition(facts.gave_up(turn, *goal, Cause::EntropyFailed.into()))",
        instead: "Outcome::Transition(facts.sign_out(turn, Cause::EntropyFailed))",
        page: "session.md",
    },
    Change {
        what: "an authorization server that says `consent_required` where it means `interaction_required`",
        file: "crates/fragrant/src/authorization_server/next.rs",
        text: "false => ErrorCode::INTERACTION_REQUIRED,",
        instead: "false => ErrorCode::CONSENT_REQUIRED,",
        page: "authorization_server.md",
    },
    Change {
        what: "a state that is optional",
        file: "crates/fragrant/src/spec.rs",
        text: "State = secret(parameter(\"state\", Query, Recommended,",
        instead: "State = secret(parameter(\"state\", Query, Optional,",
        page: "messages.md",
    },
];

/// Everything in `docs/spec` is written anew in memory, and compared.
pub(super) fn compare(context: &Context) -> Outcome {
    run(&mut context.cargo("run --package fragrant-cli --locked -- spec check"))
}

/// Changes the machines and a table in a copy of the tree, where the comparison then has to fail.
pub(super) fn prove(context: &Context) -> Outcome {
    let tree = Copied::tree(context, "spec")?;
    let found = check(context, &tree)?;
    if !found.is_empty() {
        return failed(format!("the pages are not current to begin with:\n{found}"));
    }
    let mut complaints = Vec::new();
    for Change { what, file, text, instead, page } in CHANGES {
        let sound = tree.change(file, text, instead)?;
        let found = check(context, &tree)?;
        match found.lines().find(|line| line.contains(&format!("docs/spec/{page}, line "))) {
            Some(line) => println!("   {what}: {}", line.chars().take(150).collect::<String>()),
            None => complaints.push(format!("{what}: {page} does not differ; the command said: {found:?}")),
        }
        tree.write(file, &sound)?;
    }
    none_of(&complaints)
}

/// What the command says differs: nothing, if all is as it should be.
fn check(context: &Context, tree: &Copied) -> Outcome<String> {
    let mut command = tree.cargo(context, CHECK);
    let ran = command.args(["--", "spec", "check"]).output();
    let ran = ran.map_err(|error| Shortfall::Failed(format!("cargo does not start: {error}")))?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    match ran.status.code() {
        Some(0) => Ok(String::new()),
        Some(1) if said.contains("docs/spec/") => Ok(said),
        // A change that does not build shows nothing.
        _ => failed(format!("no comparison was made: {}", String::from_utf8_lossy(&ran.stderr))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_is_changed_stands_once_in_its_file() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for Change { what, file, text, instead, page } in CHANGES {
            let source = std::fs::read_to_string(root.join(file)).unwrap();
            assert_eq!(source.matches(text).count(), 1, "{what}");
            assert_ne!(text, instead, "{what}");
            assert!(root.join("docs/spec").join(page).is_file(), "{page}");
        }
    }
}

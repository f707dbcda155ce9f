//! `fragrant spec ledger` in a small repository.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::scenario::{Ran, answer, command, fragrant, run};

const LIST: &str = "[RFC6750]\ntitle = \"Bearer Token Usage\"\n[RFC6750.requirements]\n\
    \"RFC6750-2-1\" = { section = \"2\", level = \"MUST\", actor = \"client\", summary = \"One way to send a token.\" }\n\
    \"RFC6750-2.3-1\" = { section = \"2.3\", level = \"SHOULD\", actor = \"client\", summary = \"Not in the query.\" }\n";
const CODE: &str = "// req: RFC6750-2-1\nfn authorize() {}\n";
const TEST: &str = "// req(test): RFC6750-2-1\n#[test]\nfn it_is_sent_once() {}\n";

fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(&folder, "docs/requirements.toml", LIST);
    put(&folder, "src/lib.rs", CODE);
    put(&folder, "tests/sends.rs", TEST);
    folder
}

fn put(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn ledger(folder: &Path, options: &[&str]) -> Ran {
    let ran = fragrant(&[&["spec", "ledger", "--root", folder.to_str().unwrap()], options].concat());
    assert_eq!(ran.stderr, "", "{ran:?}");
    ran
}

#[test]
fn what_is_written_passes_until_something_changes() {
    let folder = repository();
    assert_eq!(ledger(folder.path(), &["--write"]).code, Some(0));
    let ran = ledger(folder.path(), &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("RFC6750  MUST    1 kept and shown, 0 excepted, 0 open"), "{ran:?}");
    assert!(ran.stdout.contains("  RFC6750-2.3-1 (SHOULD, client): Not in the query."), "{ran:?}");
    // From a folder below, without being told the root.
    let ran = run(command(&["spec", "ledger"]).current_dir(folder.path().join("src")), b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");

    for (path, text, complaint) in [
        ("tests/sends.rs", String::new(), "RFC6750-2-1 (MUST, client) has no test"),
        ("src/lib.rs", String::new(), "RFC6750-2-1 (MUST, client) has no code"),
        ("tests/sends.rs", TEST.replace("#[test]", ""), "tests/sends.rs:1: a test's mark stands at a test"),
        ("tests/sends.rs", format!("/*\n{TEST}*/"), "RFC6750-2-1 (MUST, client) has no test"),
        ("src/lib.rs", CODE.replace("authorize", "send"), "docs/spec/ledger.md:"),
        ("src/lib.rs", CODE.replace("-2-1", "-2-2"), "src/lib.rs:1: no requirement has the id RFC6750-2-2"),
    ] {
        let folder = repository();
        assert_eq!(ledger(folder.path(), &["--write"]).code, Some(0));
        put(&folder, path, &text);
        let ran = ledger(folder.path(), &[]);
        assert!(ran.code == Some(1) && ran.stdout.contains(complaint), "{complaint}: {ran:?}");
    }
}

#[test]
fn a_page_that_is_not_there_is_told_how_to_write() {
    let ran = ledger(repository().path(), &[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stdout.contains("docs/spec/ledger.md cannot be read; `fragrant spec ledger --write`"),
        "{ran:?}"
    );
}

#[test]
fn what_a_build_left_is_not_read() {
    let folder = repository();
    for path in ["target/debug/out.rs", ".hidden/x.rs", "web/node_modules/x/y.rs", "notes.md"] {
        put(&folder, path, "// req: nonsense\n");
    }
    assert_eq!(ledger(folder.path(), &["--write"]).code, Some(0));
}

#[test]
fn as_data_it_names_the_places() {
    let folder = repository();
    let told = ledger(folder.path(), &["--write", "--json"]).json();
    assert_eq!(told["complaints"], serde_json::json!([]));
    let requirement = &told["specifications"][0]["requirements"][0];
    assert_eq!(
        requirement["kept"][0],
        serde_json::json!({ "path": "src/lib.rs", "line": 1, "item": "authorize" })
    );
    assert_eq!(requirement["shown"][0]["path"], "tests/sends.rs");
    assert_eq!((&requirement["level"], &requirement["actor"]), (&"MUST".into(), &"client".into()));
}

#[test]
fn a_list_that_is_not_there_or_wrong_is_said_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let told = |folder: &TempDir| fragrant(&["spec", "ledger", "--root", folder.path().to_str().unwrap()]);
    let ran = told(&folder);
    assert!(ran.code == Some(66) && ran.stderr.contains("requirements.toml cannot be read"), "{ran:?}");
    put(&folder, "docs/requirements.toml", &LIST.replace("MUST", "WILL"));
    let ran = told(&folder);
    assert!(ran.code == Some(66) && ran.stderr.contains("unknown variant `WILL`"), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
}

#[test]
fn help_tells_the_exit_codes() {
    let help = answer(&["spec", "ledger", "--help"]);
    assert!(help.contains("Exit status: 0") && help.contains("64 bad usage"), "{help}");
    assert!(answer(&["spec", "--help"]).contains("\n  ledger "));
}

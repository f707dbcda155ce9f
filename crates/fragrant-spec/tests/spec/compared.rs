//! A page that says anything else than the library does is found, and so is a library that says something new.

use std::fs;

use fragrant_spec::files::write;
use fragrant_spec::{Document, compare, render};
use tempfile::TempDir;

use crate::document;

/// A folder that holds what is written of the document.
fn written() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&render(document()), folder.path()).unwrap();
    folder
}

/// What is said of a folder, if the library spoke of another protocol.
fn told(change: impl FnOnce(&mut Document), folder: &TempDir) -> Vec<String> {
    let mut changed = document().clone();
    change(&mut changed);
    let differences = compare(&render(&changed), folder.path()).unwrap();
    differences.iter().map(ToString::to_string).collect()
}

#[test]
fn what_was_written_is_what_would_be() {
    let folder = written();
    assert_eq!(told(|_| {}, &folder), [""; 0]);
    // A second time changes nothing.
    write(&render(document()), folder.path()).unwrap();
    assert_eq!(told(|_| {}, &folder), [""; 0]);
}

#[test]
fn a_changed_parameter_is_found_in_the_page_and_in_the_data() {
    let told = told(|document| document.messages[0].parameters[4].need = "required".into(), &written());
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("messages.md, line ") && told[0].contains("| `state` | query | required |"));
    assert!(told[1].starts_with("model.json, line ") && told[1].contains(r#""need": "recommended",`"#));
}

/// A machine that moves otherwise is another in words, in both of its pictures and as data.
#[test]
fn a_machine_that_moves_otherwise_is_found() {
    let paths = |told: Vec<String>| -> Vec<String> {
        told.iter().map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
    };
    let folder = written();
    let goes_elsewhere = |document: &mut Document| {
        let machine =
            document.machines.iter_mut().find(|machine| machine.name == "authorization_server").unwrap();
        let decided = machine.transitions.iter_mut().find(|own| own.input == "respond").unwrap();
        decided.to = "Authenticated".into();
    };
    assert_eq!(
        paths(told(goes_elsewhere, &folder)),
        [
            "authorization_server-moves.svg",
            "authorization_server.md",
            "authorization_server.svg",
            "model.json"
        ]
    );
    let orders_more = |document: &mut Document| {
        let session = document.machines.iter_mut().find(|machine| machine.name == "session").unwrap();
        let own = session.transitions.iter_mut().find(|own| own.from != own.to).unwrap();
        own.orders.push("report".into());
    };
    assert_eq!(paths(told(orders_more, &folder)), ["model.json", "session.md"]);
    let says_otherwise =
        |document: &mut Document| document.flows[0].lines[0].text = "does something else".into();
    assert_eq!(
        paths(told(says_otherwise, &folder)),
        ["README.md", "flows.md", "flows/rfc6749-1.svg", "flows/step-1.svg", "model.json"]
    );
}

#[test]
fn a_page_that_was_edited_is_named_with_its_first_line_that_differs() {
    let folder = written();
    let path = folder.path().join("judging.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("# Judging", "# Judged", 1)).unwrap();
    assert_eq!(
        told(|_| {}, &folder),
        ["judging.md, line 3: the library says `# Judging`, the file `# Judged`"]
    );
    fs::write(&path, text.trim_end()).unwrap();
    let shorter = told(|_| {}, &folder);
    assert!(shorter[0].ends_with("the library says ``, the file nothing more"), "{shorter:?}");
    fs::write(&path, format!("{text}more\n")).unwrap();
    assert!(told(|_| {}, &folder)[0].ends_with("the library says ``, the file `more`"));
    fs::write(&path, b"\xff").unwrap();
    assert!(told(|_| {}, &folder)[0].starts_with("judging.md, line 1: "));
}

#[test]
fn a_file_that_is_missing_or_too_many_is_named_and_the_latter_taken_away() {
    let folder = written();
    fs::remove_file(folder.path().join("attacks/T09.svg")).unwrap();
    fs::copy(folder.path().join("attacks/T01.svg"), folder.path().join("attacks/T99.svg")).unwrap();
    // What another command writes into the same folder.
    fs::write(folder.path().join("ledger.md"), "").unwrap();
    assert_eq!(
        told(|_| {}, &folder),
        ["attacks/T09.svg: missing", "attacks/T99.svg: nothing of the library writes this file"]
    );
    write(&render(document()), folder.path()).unwrap();
    assert_eq!(told(|_| {}, &folder), [""; 0]);
    assert!(folder.path().join("ledger.md").exists());
}

#[test]
fn into_a_folder_of_somebody_elses_nothing_is_written() {
    for theirs in ["README.md", "model.json", "model.schema.json", "thesis.md"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(theirs), "theirs").unwrap();
        let error = write(&render(document()), folder.path()).unwrap_err().to_string();
        assert!(error.contains("expected an empty folder"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(folder.path().join(theirs)).unwrap(), "theirs");
    }
}

#[test]
fn what_somebody_has_put_beside_the_pages_stays() {
    let folder = written();
    for (name, text) in [("thesis.md", "# Thesis"), ("logo.svg", "<svg/>"), ("flows/notes.txt", "x")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    write(&render(document()), folder.path()).unwrap();
    assert_eq!(told(|_| {}, &folder).len(), 3);
}

#[test]
fn what_is_in_the_way_is_named_before_anything_is_written() {
    let folder = written();
    let page = folder.path().join("messages.md");
    fs::remove_file(&page).unwrap();
    fs::create_dir(&page).unwrap();
    fs::write(folder.path().join("attacks.md"), "changed").unwrap();
    let error = write(&render(document()), folder.path()).unwrap_err().to_string();
    assert!(error.contains("messages.md") && error.contains("expected a plain file"), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("attacks.md")).unwrap(), "changed");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_written_through() {
    let (folder, elsewhere) = (written(), tempfile::tempdir().unwrap());
    let theirs = elsewhere.path().join("theirs.txt");
    fs::write(&theirs, "theirs").unwrap();
    let page = folder.path().join("messages.md");
    fs::remove_file(&page).unwrap();
    std::os::unix::fs::symlink(&theirs, &page).unwrap();
    assert!(write(&render(document()), folder.path()).is_err());
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
}

#[test]
fn a_folder_that_is_not_there_lacks_everything() {
    let folder = tempfile::tempdir().unwrap();
    let files = render(document());
    assert_eq!(compare(&files, &folder.path().join("none")).unwrap().len(), files.len());
}

/// The repository's own pages: what `cargo xtask spec` asks of the command, asked of the library.
#[test]
fn the_pages_of_the_repository_are_current() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec");
    let told = compare(&render(document()), &folder).unwrap();
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(told, [""; 0], "`fragrant spec render` writes them anew");
}

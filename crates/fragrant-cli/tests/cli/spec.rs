//! `fragrant spec render` and `fragrant spec check`.

use std::fs;

use crate::scenario::{answer, command, refusal, run};

#[test]
fn what_is_rendered_passes_until_something_changes() {
    // As much of a repository as is looked for, and a folder in it to start from.
    let repository = tempfile::tempdir().unwrap();
    let here = repository.path().join("crates/fragrant-spec/src");
    fs::create_dir_all(&here).unwrap();
    let spec = |what: &str| run(command(&["spec", what]).current_dir(&here), b"");
    let ran = spec("render");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{ran:?}");
    let ran = spec("check");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{ran:?}");

    let page = repository.path().join("docs/spec/messages.md");
    let text = fs::read_to_string(&page).unwrap();
    fs::write(&page, text.replace("| `state` | query | recommended |", "| `state` | query | optional |"))
        .unwrap();
    let ran = spec("check");
    assert_eq!((ran.code, &*ran.stderr), (Some(1), ""), "{ran:?}");
    let [difference, advice] = ran.stdout.lines().collect::<Vec<_>>()[..] else { panic!("{ran:?}") };
    assert!(
        difference.contains("messages.md, line ") && difference.contains("| query | optional |"),
        "{ran:?}"
    );
    assert!(advice.starts_with("`fragrant spec render` writes them anew"), "{ran:?}");
}

#[test]
fn outside_of_the_repository_a_folder_has_to_be_named() {
    let folder = tempfile::tempdir().unwrap();
    for what in ["render", "check"] {
        let ran = run(command(&["spec", what]).current_dir(folder.path()), b"");
        assert_eq!(ran.code, Some(66), "{ran:?}");
        assert!(ran.stderr.contains("--out") && ran.stderr.lines().count() == 1, "{ran:?}");
    }
}

#[test]
fn help_teaches_what_is_written_and_where_it_comes_from() {
    for (name, word) in
        [("render", "Write the pages of docs/spec"), ("check", "Compare the pages of docs/spec")]
    {
        let help = answer(&["spec", name, "--help"]);
        for part in [word, "Exit status: 0", "64 bad usage", "fragrant spec check", "--out <DIR>"] {
            assert!(help.contains(part), "{part}: {help}");
        }
    }
    refusal(&["spec", "render", "here"], &["one argument too many"]);
}

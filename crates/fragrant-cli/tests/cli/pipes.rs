//! Readers that have seen enough, and places that cannot be written to.

use std::process::{Command, Stdio};

use crate::scenario::{command, within};

const CLIENT: [&str; 6] =
    ["url", "--profile=procore", "--client-id", "a", "--redirect-uri", "https://app.example/cb"];

/// A pipe that nobody reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// Runs the command and returns its exit code and what it said on standard error.
fn ended(mut command: Command) -> (Option<i32>, String) {
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let output = within(move || child.wait_with_output().unwrap());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// What a batch reads, more than any buffer holds.
fn questions() -> Stdio {
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::thread::spawn(move || {
        use std::io::Write;
        let line = b"{\"id\":1,\"input\":\"#error=e\"}\n";
        // Until the command has ended.
        while writer.write_all(line).is_ok() {}
    });
    reader.into()
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    // Nothing is said, and no exit code tells of more than there was: a verdict stands, and what was not written was not done.
    for (arguments, code) in [
        (&CLIENT[..], 74),
        (&["parse", "--state", "s", "#access_token=x&token_type=bearer&state=s"], 0),
        (&["parse", "--state", "s", "#error=e&state=s"], 1),
        (&["parse", "--state", "s", "--json", "#error=e&state=s"], 1),
        (&["parse", "--state", "s", "#error=e&state=t"], 2),
        (&["parse", "--batch"], 74),
        (&["demo", "--profile", "procore"], 74),
        (&["demo", "--json"], 74),
        (&["--help"], 0),
        (&["parse", "--help"], 0),
        (&["--version"], 0),
    ] {
        let mut command = command(arguments);
        command.stdin(questions()).stdout(closed());
        assert_eq!(ended(command), (Some(code), String::new()), "{arguments:?}");
    }
}

#[test]
fn nobody_to_complain_to() {
    for (arguments, code) in [(&["parse"][..], 64), (&["nonsense"], 64), (&["url", "--profile=x"], 64)] {
        let mut command = command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(closed());
        let mut child = command.spawn().unwrap();
        let status = within(move || child.wait().unwrap());
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_one_line() {
    for arguments in [
        &CLIENT[..],
        &["parse", "--state", "s", "#error=e&state=s"],
        &["parse", "--state", "s", "--json", "#error=e&state=s"],
        &["parse", "--batch"],
        &["demo", "--profile", "procore"],
        &["demo", "--profile", "procore", "--json"],
    ] {
        let mut command = command(arguments);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        command.stdin(questions()).stdout(full);
        let (code, stderr) = ended(command);
        assert_eq!(code, Some(74), "{arguments:?}");
        crate::scenario::assert_one_line(&stderr);
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_in_one_line() {
    let mut command = command(&["parse", "--batch"]);
    // A folder opens, and does not read.
    command.stdin(std::fs::File::open("/").unwrap()).stdout(Stdio::piped());
    let (code, stderr) = ended(command);
    assert_eq!(code, Some(74));
    crate::scenario::assert_one_line(&stderr);
}

//! How the tests run the command.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

/// The example token of RFC 6749.
pub(crate) const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA";
/// What stands in for every secret that must not come out.
pub(crate) const PLANTED: &str = "Planted0-Secret_1.Planted2~Secret3";
/// Longer than anything here takes, so that a run that hangs fails and does not hang the tests.
const LONG: Duration = Duration::from_secs(60);

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Everything that it said.
    pub(crate) fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Its only line on standard output, as JSON.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragrant"));
    command.args(arguments);
    command
}

/// Runs the command with nothing on standard input.
pub(crate) fn fragrant(arguments: &[&str]) -> Ran {
    fed(arguments, b"")
}

/// Runs the command with this on standard input.
pub(crate) fn fed(arguments: &[&str], input: &[u8]) -> Ran {
    run(&mut command(arguments), input)
}

pub(crate) fn run(command: &mut Command, input: &[u8]) -> Ran {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // One that refuses its arguments does not read.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = within(move || child.wait_with_output().unwrap());
    writer.join().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the command, which must succeed and say nothing but its answer.
pub(crate) fn answer(arguments: &[&str]) -> String {
    let ran = fragrant(arguments);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{arguments:?}: {ran:?}");
    ran.stdout
}

/// Runs the command, which must refuse its arguments in one line that holds each of `parts`.
pub(crate) fn refusal(arguments: &[&str], parts: &[&str]) -> String {
    let ran = fragrant(arguments);
    assert_eq!((ran.code, &*ran.stdout), (Some(64), ""), "{arguments:?}: {ran:?}");
    assert_one_line(&ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{arguments:?}: {part} is not in {}", ran.stderr);
    }
    ran.stderr
}

/// An error is one line that begins with the command's name and holds nothing that a terminal obeys.
pub(crate) fn assert_one_line(stderr: &str) {
    assert!(stderr.starts_with("fragrant: ") && stderr.ends_with('\n'), "{stderr:?}");
    assert_eq!(stderr.lines().count(), 1, "{stderr:?}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_inert(stderr);
}

/// Nothing that moves a cursor, changes a colour or turns the text around.
pub(crate) fn assert_inert(text: &str) {
    let obeyed = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found: Vec<char> = text.chars().filter(|c| obeyed(*c)).collect();
    assert!(found.is_empty(), "{found:?} in {text:?}");
}

/// The result, unless it takes far too long.
pub(crate) fn within<T: Send + 'static>(wait: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    // Nobody to tell once the time is over.
    std::thread::spawn(move || drop(sender.send(wait())));
    receiver.recv_timeout(LONG).expect("still running")
}

/// A child that ends with its test, however that ends.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines that a child writes, as they come.
pub(crate) struct Lines(mpsc::Receiver<String>);

impl Lines {
    pub(crate) fn of(output: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self(receiver)
    }

    /// The next line, unless it takes far too long.
    pub(crate) fn next(&self) -> String {
        self.0.recv_timeout(LONG).expect("no line")
    }
}

//! Runs the programs that drive the clients: cases in, answers out, within a time.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::answers::{Answer, Run};
use super::install::Installed;
use super::table::{self, Case, Class, Shown};
use super::{Peer, sources};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed};

/// How long one program may take for all cases.
const LIMIT: Duration = Duration::from_secs(120);

/// How much of a detail is kept, in characters.
const DETAIL: usize = 80;

/// A case as a program is asked about it.
#[derive(Debug, Serialize)]
pub(super) struct Question {
    id: String,
    address: String,
    redirect_uri: String,
    state: Option<String>,
    scope: &'static str,
    shown: &'static str,
}

/// What a program writes.
#[derive(Debug, Deserialize)]
struct Report {
    version: String,
    runtime: String,
    answers: Vec<Reported>,
}

#[derive(Debug, Deserialize)]
struct Reported {
    id: String,
    #[serde(flatten)]
    answer: Answer,
}

impl Question {
    pub(super) fn of_class(class: &Class) -> impl Iterator<Item = Result<Self, String>> {
        class.cases.iter().map(|case| Self::of(case, class.shown))
    }

    fn of(case: &Case, shown: Shown) -> Result<Self, String> {
        Ok(Self {
            id: case.id.clone(),
            address: case.address()?,
            redirect_uri: case.redirect_uri.clone(),
            state: case.state().map(Into::into),
            scope: table::SCOPE,
            shown: shown.as_str(),
        })
    }
}

/// Asks one client about all cases.
pub(super) fn ask(
    context: &Context,
    peer: &Peer,
    installed: &Installed,
    questions: &[Question],
) -> Outcome<Run> {
    let mut command = context.command(&installed.runtime.to_string_lossy());
    if peer.program.ends_with(".py") {
        // No compiled copies beside the sources, and sets in the same order each time.
        command.arg("-B").env("PYTHONHASHSEED", "0");
    }
    command.arg(sources(context).join(peer.program)).current_dir(&installed.folder);
    let input = serde_json::to_string(questions).map_err(|error| Shortfall::Failed(error.to_string()))?;
    let said = talk(&mut command, input, LIMIT)?;
    let report: Report = serde_json::from_str(&said)
        .map_err(|error| Shortfall::Failed(format!("what {} writes is no report: {error}", peer.program)))?;
    let answers = report
        .answers
        .into_iter()
        .map(|Reported { id, answer }| (id, Answer { detail: shortened(&answer.detail), ..answer }));
    Ok(Run {
        version: report.version,
        runtime: report.runtime,
        date: OffsetDateTime::now_utc().date().to_string(),
        answers: answers.collect(),
    })
}

/// A text of any length in a few characters.
pub(super) fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= DETAIL {
        return text.into();
    }
    let start: String = text.chars().take(DETAIL / 4).collect();
    format!("{start}… ({length} characters)")
}

/// Gives a program its input and takes its output. One that takes too long is ended.
fn talk(command: &mut Command, input: String, limit: Duration) -> Outcome<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Shortfall::Failed(format!("it does not start: {error}")))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    // Each in a thread of its own, since a pipe that nobody empties stops the other end.
    let writing = thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
    let reading = thread::spawn(move || {
        let mut said = String::new();
        stdout.map(|mut stdout| stdout.read_to_string(&mut said)).transpose().map(|_| said)
    });
    let ended = wait(&mut child, limit);
    // Its end closes the pipes, so both threads end. What could not be written shows in what is read.
    let _ = writing.join();
    let said = reading.join();
    ended?;
    match said {
        Ok(Ok(said)) => Ok(said),
        _ => failed("what it writes is no text"),
    }
}

fn wait(child: &mut Child, limit: Duration) -> Outcome {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return failed(format!("its program ended with {status}")),
            Ok(None) if start.elapsed() < limit => thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                // Both fail only if it has just ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return failed(format!("its program was ended after {} s", limit.as_secs()));
            }
            Err(error) => return failed(format!("its program cannot be waited for: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shortened() {
        assert_eq!(shortened(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shortened(&"é".repeat(81)), format!("{}… (81 characters)", "é".repeat(20)));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_given_its_input_and_ended_in_time() {
        let long = "x".repeat(1 << 20);
        assert_eq!(talk(&mut Command::new("cat"), long.clone(), LIMIT), Ok(long));
        assert!(matches!(talk(&mut Command::new("false"), String::new(), LIMIT), Err(Shortfall::Failed(_))));
        let mut slow = Command::new("sleep");
        let ended = talk(slow.arg("60"), String::new(), Duration::from_millis(50));
        assert_eq!(ended, Err(Shortfall::Failed("its program was ended after 0 s".into())));
    }
}

//! Somebody else's program: a process that is spoken to in lines, and that ends with whoever started it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// What runs JavaScript.
const NODE: &str = "node";
/// How long a program may take to say its next line.
const LIMIT: Duration = Duration::from_secs(60);

/// What the programs are written in, and where what they use is installed.
#[derive(Debug)]
pub(crate) struct Runtimes {
    /// The Python of an environment that has the packages.
    pub(crate) python: PathBuf,
    /// The folder that `node_modules` is in.
    pub(crate) javascript: PathBuf,
}

impl Runtimes {
    /// The two in their versions.
    pub(crate) fn versions(&self) -> String {
        let version = |program: &Path| {
            let output = Command::new(program).arg("--version").output();
            let output =
                output.unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        format!("{} and Node.js {}", version(&self.python), version(Path::new(NODE)).trim_start_matches('v'))
    }

    /// A program of ours below `xtask/interop`, by the end of its name.
    fn command(&self, program: &str) -> Command {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(program);
        let mut command = match program.ends_with(".py") {
            true => Command::new(&self.python),
            false => Command::new(NODE),
        };
        if program.ends_with(".py") {
            // No compiled copies beside the sources.
            command.arg("-B");
        }
        command.arg(path).current_dir(&self.javascript);
        command
    }
}

/// A program of somebody else's that runs. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Peer {
    name: String,
    process: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    /// Collects what it complains about, for whoever reads why a run has failed.
    complaints: Option<JoinHandle<String>>,
}

/// What a server says of itself once it listens.
#[derive(Debug, Deserialize)]
pub(crate) struct Facts {
    pub(crate) port: u16,
    pub(crate) version: String,
}

impl Peer {
    /// Starts a program, with what it is told about its task.
    pub(crate) fn start(runtimes: &Runtimes, program: &str, config: &Value) -> Self {
        let mut command = runtimes.command(program);
        command.arg(config.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let (said, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        // It ends with the process, or when nobody listens any more.
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        let mut errors = process.stderr.take().unwrap();
        let complaints = thread::spawn(move || {
            let mut complaints = Vec::new();
            let _ = errors.read_to_end(&mut complaints);
            String::from_utf8_lossy(&complaints).into_owned()
        });
        let input = process.stdin.take().unwrap();
        Self { name: program.into(), process, input, lines, complaints: Some(complaints) }
    }

    /// Waits for its next line.
    pub(crate) fn hear(&mut self) -> Value {
        match self.lines.recv_timeout(LIMIT) {
            Ok(line) => serde_json::from_str(&line).unwrap_or_else(|_| panic!("{}: no JSON", self.name)),
            Err(RecvTimeoutError::Disconnected) => panic!("{} has ended", self.name),
            Err(RecvTimeoutError::Timeout) => {
                panic!("{} has said nothing for {} s", self.name, LIMIT.as_secs())
            }
        }
    }

    /// Says a line to it.
    pub(crate) fn say(&mut self, line: &Value) {
        writeln!(self.input, "{line}").unwrap_or_else(|error| panic!("{}: {error}", self.name));
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let complaints = self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        if thread::panicking() {
            eprintln!("{} said:\n{complaints}", self.name);
        }
    }
}

//! What is said to the user, and what he says.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::failure::Failure;

/// Says something on standard error. Where nobody can hear it, the program goes on all the same.
pub(crate) fn tell(words: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// Writes a line to standard output, which is what the program is run for.
pub(crate) fn put(line: &str) -> Result<(), Failure> {
    let mut output = io::stdout();
    writeln!(output, "{line}").and_then(|()| output.flush()).map_err(Failure::StandardOutput)
}

/// The lines of standard input as they come, from a thread that ends with the program: a read cannot be given up.
pub(crate) fn lines() -> Receiver<io::Result<String>> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || io::stdin().lock().lines().try_for_each(|line| sender.send(line)));
    lines
}

/// `1 second`, `2 seconds`
pub(crate) fn seconds(number: u64) -> String {
    format!("{number} second{}", if number == 1 { "" } else { "s" })
}

//! Child processes. They write to our own output, so that progress is seen as it happens.

use std::process::{Command, Stdio};

use crate::outcome::{Outcome, Shortfall, failed};

/// Runs it, showing the line that would do the same by hand; anything but a clean exit is a failure.
pub(crate) fn run(command: &mut Command) -> Outcome {
    println!("   $ {}", line(command));
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    match status.success() {
        true => Ok(()),
        false => failed(format!("`{}` ended with {status}", line(command))),
    }
}

/// The same for what has more to say at its end than good or bad: its exit code, unless a signal ended it.
pub(crate) fn ended(command: &mut Command) -> Outcome<Option<i32>> {
    println!("   $ {}", line(command));
    command.status().map(|status| status.code()).map_err(|error| cannot_start(command, &error))
}

/// The same for what fetches packages that are pinned by their hashes. That there is no network is no failure of ours; that what
/// came is not what was pinned is one.
pub(crate) fn fetch(command: &mut Command) -> Outcome {
    println!("   $ {}", line(command));
    let output = command
        .stdout(Stdio::inherit())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    let told = String::from_utf8_lossy(&output.stderr);
    eprint!("{told}");
    match output.status.success() {
        true => Ok(()),
        false => Err(not_fetched(format!("`{}` ended with {}", line(command), output.status), &told)),
    }
}

fn not_fetched(why: String, told: &str) -> Shortfall {
    match ["EINTEGRITY", "DO NOT MATCH THE HASHES"].iter().any(|word| told.contains(word)) {
        true => Shortfall::Failed(format!("{why}: what came is not what is pinned")),
        false => {
            Shortfall::Skipped(format!("{why}; see above, and if it is the network, try again with one"))
        }
    }
}

/// What it prints to its standard output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(command, &error))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => failed(format!("`{}` ended with {}", line(command), output.status)),
    }
}

/// Does it start and end well? Quietly: this asks whether a tool is there.
pub(crate) fn works(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The command as one types it: what it sets in the environment, the program's name, the arguments.
fn line(command: &Command) -> String {
    let settings = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={:?}", name.to_string_lossy(), value?)));
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or_default();
    let words =
        std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy().into_owned());
    settings.chain(words).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Shortfall {
    Shortfall::Failed(format!("`{}` does not start: {error}", line(command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["doc", "--locked"]).env("RUSTDOCFLAGS", "-D warnings").env_remove("CARGO_PKG_NAME");
        assert_eq!(line(&command), "RUSTDOCFLAGS=\"-D warnings\" cargo doc --locked");
    }

    #[test]
    fn packages_that_are_not_the_pinned_ones_are_a_failure_and_no_network_is_none() {
        for told in [
            "npm error code EINTEGRITY",
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        ] {
            assert!(matches!(not_fetched("x".into(), told), Shortfall::Failed(_)), "{told}");
        }
        assert!(matches!(not_fetched("x".into(), "npm error code ENOTFOUND"), Shortfall::Skipped(_)));
    }

    #[test]
    fn a_bad_exit_and_a_missing_program_are_failures() {
        assert!(matches!(run(Command::new("rustc").arg("--no-such-option")), Err(Shortfall::Failed(_))));
        assert!(matches!(run(&mut Command::new("fragrant-no-such-program")), Err(Shortfall::Failed(_))));
        assert!(!works(&mut Command::new("fragrant-no-such-program")));
        assert!(works(Command::new("rustc").arg("--version")));
    }
}

//! The clients, installed into a folder under the one that cargo builds into, each set once for each set of pins.

use std::fs;
use std::path::{Path, PathBuf};

use super::Language;
use crate::command::{run, works};
use crate::context::Context;
use crate::npm::{self, needs_network};
use crate::outcome::{Outcome, Shortfall};

/// Where the clients of one language are, and what runs them.
#[derive(Debug)]
pub(super) struct Installed {
    pub(super) folder: PathBuf,
    pub(super) runtime: PathBuf,
}

/// The file that says which pins have been installed.
const STAMP: &str = "installed";

pub(super) fn installed(context: &Context, language: Language) -> Outcome<Installed> {
    match language {
        Language::JavaScript => javascript(context),
        Language::Python => python(context),
    }
}

fn javascript(context: &Context) -> Outcome<Installed> {
    let folder = npm::installed(context, &super::sources(context), "peers/javascript")?;
    Ok(Installed { folder, runtime: "node".into() })
}

fn python(context: &Context) -> Outcome<Installed> {
    let system = if cfg!(windows) { "python" } else { "python3" };
    needs(context, system, "Python 3.11 or later")?;
    let (folder, pins) = folder(context, "python", &["requirements.txt"])?;
    let runtime = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !has_stamp(&folder, &pins) {
        run(context.command(system).args(["-m", "venv", "--clear"]).arg(&folder)).map_err(|_| {
            Shortfall::Skipped(
                "python3 makes no environment; on Debian: apt-get install -y python3-venv".into(),
            )
        })?;
        let requirements = super::sources(context).join("requirements.txt");
        run(context
            .command(&runtime.to_string_lossy())
            .args("-m pip install --quiet --no-input --no-deps --only-binary :all: -r".split(' '))
            .arg(requirements))
        .map_err(needs_network)?;
        on_disk(fs::write(folder.join(STAMP), pins))?;
    }
    Ok(Installed { folder, runtime })
}

/// The folder for one language's clients, and what pins them.
fn folder(context: &Context, name: &str, files: &[&str]) -> Outcome<(PathBuf, String)> {
    let folder = context.target().join("peers").join(name);
    on_disk(fs::create_dir_all(&folder))?;
    let mut pins = String::new();
    for file in files {
        let path = super::sources(context).join(file);
        pins += &fs::read_to_string(path)
            .map_err(|error| Shortfall::Failed(format!("xtask/peers/{file} cannot be read: {error}")))?;
    }
    Ok((folder, pins))
}

fn has_stamp(folder: &Path, pins: &str) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == pins)
}

fn needs(context: &Context, program: &str, what: &str) -> Outcome {
    match works(context.command(program).arg("--version")) {
        true => Ok(()),
        false => Err(Shortfall::Skipped(format!("it needs `{program}`: {what}"))),
    }
}

fn on_disk(result: std::io::Result<()>) -> Outcome {
    result.map_err(|error| Shortfall::Failed(format!("the folder of the clients cannot be written: {error}")))
}

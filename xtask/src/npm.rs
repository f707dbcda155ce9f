//! Packages of npm, installed into a folder under the one that cargo builds into, each set once for each set of pins.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{fetch, works};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall};

/// The file that says which pins have been installed.
const STAMP: &str = "installed";
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs what the `package.json` and `package-lock.json` in `pins` name, and says where `node_modules` is.
pub(crate) fn installed(context: &Context, pins: &Path, folder: &str) -> Outcome<PathBuf> {
    needs(context, "node", "Node.js 18 or later")?;
    let folder = context.target().join(folder);
    on_disk(fs::create_dir_all(&folder))?;
    let mut stamp = String::new();
    for file in FILES {
        stamp += &fs::read_to_string(pins.join(file)).map_err(|error| {
            Shortfall::Failed(format!("{} cannot be read: {error}", pins.join(file).display()))
        })?;
    }
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|installed| installed == stamp) {
        return Ok(folder);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    needs(context, npm, "npm, which comes with Node.js")?;
    for name in FILES {
        on_disk(fs::copy(pins.join(name), folder.join(name)).map(drop))?;
    }
    fetch(
        context
            .command(npm)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder),
    )?;
    on_disk(fs::write(folder.join(STAMP), stamp))?;
    Ok(folder)
}

fn needs(context: &Context, program: &str, what: &str) -> Outcome {
    match works(context.command(program).arg("--version")) {
        true => Ok(()),
        false => Err(Shortfall::Skipped(format!("it needs `{program}`: {what}"))),
    }
}

pub(crate) fn on_disk(result: std::io::Result<()>) -> Outcome {
    result.map_err(|error| Shortfall::Failed(format!("the folder of packages cannot be written: {error}")))
}

//! Packages of PyPI, installed into an environment under the folder that cargo builds into, each set once for each set of
//! pins.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{fetch, run, works};
use crate::context::Context;
use crate::npm::on_disk;
use crate::outcome::{Outcome, Shortfall};
use crate::tools;

/// The file that says which pins have been installed.
const STAMP: &str = "installed";
const PINS: &str = "requirements.txt";

/// Installs what the `requirements.txt` in `pins` names, and says where the Python is that has it.
pub(crate) fn installed(context: &Context, pins: &Path, folder: &str) -> Outcome<PathBuf> {
    let system = if cfg!(windows) { "python" } else { "python3" };
    tools::system(context, system, "python3")?;
    // Debian has a part of it in a package of its own.
    tools::system_part(context, "python3 -m venv", "python3-venv", || {
        works(context.command(system).args(["-c", "import ensurepip, venv"]))
    })?;
    let folder = context.target().join(folder);
    on_disk(fs::create_dir_all(&folder))?;
    let requirements = pins.join(PINS);
    let stamp = fs::read_to_string(&requirements)
        .map_err(|error| Shortfall::Failed(format!("{} cannot be read: {error}", requirements.display())))?;
    let runtime = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|installed| installed == stamp) {
        return Ok(runtime);
    }
    run(context.command(system).args(["-m", "venv", "--clear"]).arg(&folder))?;
    fetch(
        context
            .command(&runtime.to_string_lossy())
            .args("-m pip install --quiet --no-input --no-deps --only-binary :all: -r".split(' '))
            .arg(requirements),
    )?;
    on_disk(fs::write(folder.join(STAMP), stamp))?;
    Ok(runtime)
}

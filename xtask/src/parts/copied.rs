//! A copy of the tree, in which something is changed on purpose to see whether it is noticed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::output;
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall};
use crate::tools;

/// The core is built anew for each change, for a few seconds of use: how fast it is counts for less.
const QUICKLY_BUILT: &str = "profile.dev.package.fragrant.opt-level=0";

/// The copy, and where it is built.
pub(super) struct Copied {
    root: PathBuf,
    target: PathBuf,
}

impl Copied {
    /// Everything that git knows or would take. Each user has a copy of its own name, and keeps what was built for it.
    pub(super) fn tree(context: &Context, name: &str) -> Outcome<Self> {
        tools::system(context, "git", "git")?;
        let folder = context.target().join(name);
        let tree = Self { root: folder.join("tree"), target: folder.join("build") };
        let broken = |path: &Path, error| Shortfall::Failed(format!("{}: {error}", path.display()));
        if tree.root.exists() {
            fs::remove_dir_all(&tree.root).map_err(|error| broken(&tree.root, error))?;
        }
        let listed = output(context.command("git").args("ls-files -z -co --exclude-standard".split(' ')))?;
        for path in listed.split_terminator('\0').collect::<BTreeSet<_>>() {
            let (from, to) = (context.root.join(path), tree.root.join(path));
            // Git goes on listing a file that was deleted and not yet staged.
            if from.is_file() {
                let folder = to.parent().unwrap_or(&tree.root);
                fs::create_dir_all(folder).map_err(|error| broken(folder, error))?;
                fs::copy(&from, &to).map_err(|error| broken(&from, error))?;
            }
        }
        Ok(tree)
    }

    /// Puts something into the place of a text, and gives what stood in the file before.
    pub(super) fn change(&self, file: &str, text: &str, instead: &str) -> Outcome<String> {
        let sound = fs::read_to_string(self.root.join(file))
            .map_err(|error| Shortfall::Failed(format!("{file}: {error}")))?;
        self.write(file, &sound.replacen(text, instead, 1))?;
        Ok(sound)
    }

    pub(super) fn write(&self, file: &str, text: &str) -> Outcome {
        fs::write(self.root.join(file), text).map_err(|error| Shortfall::Failed(format!("{file}: {error}")))
    }

    /// Cargo, in the copy.
    pub(super) fn cargo(&self, context: &Context, arguments: &str) -> Command {
        let mut command = context.cargo(&format!("--config {QUICKLY_BUILT} {arguments}"));
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target).env("CARGO_INCREMENTAL", "1");
        command
    }
}

//! What every part is told about the run.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package};

#[derive(Debug)]
pub(crate) struct Context {
    /// The folder of the root manifest; every command starts there.
    pub root: PathBuf,
    /// Nobody is there to install what is missing: install it, and take a skip for a failure.
    pub ci: bool,
    metadata: Metadata,
}

impl Context {
    /// Asks cargo what the workspace holds. Without the dependencies, so that it works on a machine that has
    /// fetched none yet.
    pub(crate) fn read() -> Result<Self, String> {
        let metadata = MetadataCommand::new()
            .no_deps()
            .exec()
            .map_err(|error| format!("cargo cannot read the workspace: {error}"))?;
        Ok(Self {
            root: metadata.workspace_root.clone().into_std_path_buf(),
            ci: std::env::var_os("CI").is_some_and(|value| value == "true"),
            metadata,
        })
    }

    /// The packages of the workspace.
    pub(crate) fn packages(&self) -> &[Package] {
        &self.metadata.packages
    }

    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages().iter().find(|package| package.name.as_str() == name)
    }

    /// The folder that cargo builds into.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// A program that will start at the root.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // `cargo run` describes this package to us. A build script of another package that watches these
        // variables would run anew each time that cargo is called from here instead of from a shell.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
            {
                command.env_remove(name);
            }
        }
        if self.ci {
            // What speeds up the next build is half of what a build writes, and here nothing is built twice.
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    /// Cargo, with words that hold no spaces.
    pub(crate) fn cargo(&self, words: &str) -> Command {
        let mut command = self.command("cargo");
        command.args(words.split_whitespace());
        command
    }
}

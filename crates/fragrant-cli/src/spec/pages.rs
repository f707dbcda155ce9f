//! `fragrant spec render` and `fragrant spec check`: the documentation from the library itself.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fragrant_spec::{Document, File, files};

use crate::arguments::SpecPagesArguments;
use crate::output::{count, one_line};
use crate::usage::Failure;

/// Where the pages are, below the root of the repository.
const FOLDER: &str = "docs/spec";

/// Writes the pages.
pub(crate) fn render(arguments: &SpecPagesArguments) -> Result<ExitCode, Failure> {
    let folder = folder(arguments)?;
    let files = gather()?;
    files::write(&files, &folder)?;
    writeln!(io::stdout(), "{} in {}", count(files.len(), "file"), shown(&folder))?;
    Ok(ExitCode::SUCCESS)
}

/// Says where the pages are not what would be written.
pub(crate) fn check(arguments: &SpecPagesArguments) -> Result<ExitCode, Failure> {
    let folder = folder(arguments)?;
    let files = gather()?;
    let differences = files::compare(&files, &folder)?;
    let mut out = io::stdout().lock();
    if differences.is_empty() {
        writeln!(out, "{} in {}, each as the library has it", count(files.len(), "file"), shown(&folder))?;
        return Ok(ExitCode::SUCCESS);
    }
    for difference in &differences {
        writeln!(out, "{}/{}", shown(&folder), one_line(&difference.to_string()))?;
    }
    writeln!(out, "`fragrant spec render` writes them anew; look at what has changed")?;
    Ok(ExitCode::FAILURE)
}

fn gather() -> Result<Vec<File>, Failure> {
    let document = Document::new().map_err(io::Error::other)?;
    Ok(fragrant_spec::render(&document))
}

/// The folder that was named, or that of the nearest repository from here upwards.
fn folder(arguments: &SpecPagesArguments) -> Result<PathBuf, Failure> {
    if let Some(folder) = &arguments.out {
        return Ok(folder.clone());
    }
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join("crates/fragrant-spec").is_dir())
        .map(|root| root.join(FOLDER))
        .ok_or_else(|| Failure::NoInput("no repository of Fragrant here or above; see --out".into()))
}

/// A folder as it may be printed: from here, where it is below.
fn shown(folder: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    one_line(&folder.strip_prefix(here).unwrap_or(folder).display().to_string())
}

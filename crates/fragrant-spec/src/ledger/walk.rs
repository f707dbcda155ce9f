//! The ledger of a repository on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Ledger, PATH};

/// Why a repository's ledger cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The list is not as it should be; a line for each thing that is wrong.
    #[error("{}", .0.join("\n"))]
    List(Vec<String>),
    /// A file or a folder cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
}

/// Reads the list and every file of Rust below a repository's root, in the order of their paths.
///
/// Folders with a dot before their name, and what builds and package managers leave (`target`, `node_modules`), are
/// passed over.
///
/// # Errors
///
/// The list cannot be read or is wrong, or something below the root cannot be read.
pub fn read_folder(root: &Path) -> Result<Ledger, ReadError> {
    let list = read(&root.join(PATH))?;
    let mut ledger = Ledger::of_list(&list).map_err(ReadError::List)?;
    let mut files = Vec::new();
    collect(root, "", &mut files)?;
    files.sort();
    for path in files {
        ledger.read(&path, &read(&root.join(&path))?);
    }
    Ok(ledger)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<(), ReadError> {
    let unreadable = |error| ReadError::Unreadable { path: folder.into(), error };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // No source of ours has another name than one of UTF-8.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() && !is_passed_over(&name) {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() && name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn is_passed_over(folder: &str) -> bool {
    folder.starts_with('.') || ["target", "node_modules"].contains(&folder)
}

fn read(path: &Path) -> Result<String, ReadError> {
    fs::read_to_string(path).map_err(|error| ReadError::Unreadable { path: path.into(), error })
}

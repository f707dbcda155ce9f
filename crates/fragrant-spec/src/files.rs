//! What is written of a document, and whether a folder still holds it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::document::Document;
use crate::pages;

/// What stands in the same folder and is written from something else: the ledger, by `fragrant spec ledger`.
const FROM_ELSEWHERE: &[&str] = &["ledger.md"];

/// A file of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// Its path below the folder, with `/` between its parts.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// Every file of the documentation, in memory: the pages, their pictures, the document as JSON and its schema.
///
/// The same document always gives the same bytes.
pub fn render(document: &Document) -> Vec<File> {
    let mut files = pages::all(document);
    let json = serde_json::to_value(document).unwrap_or_default();
    files.push(File::new("model.json", format!("{json:#}\n")));
    files.push(File::new("model.schema.json", format!("{:#}\n", Document::schema())));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Where a folder is not what would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // a file can be other, missing or too many
pub enum Difference {
    /// The file says something else.
    Differs {
        /// Which.
        path: String,
        /// The first line that differs, counted from 1.
        line: usize,
        /// What it would say; `None` where the file would have ended.
        expected: Option<String>,
        /// What it says; `None` where it has ended.
        found: Option<String>,
    },
    /// The file is not there.
    Missing {
        /// Which.
        path: String,
    },
    /// The file is there, and nothing writes it.
    Unknown {
        /// Which.
        path: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs { path, line, expected, found } => {
                write!(f, "{path}, line {line}: the library says {}", shown(expected.as_deref()))?;
                write!(f, ", the file {}", shown(found.as_deref()))
            }
            Self::Missing { path } => write!(f, "{path}: missing"),
            Self::Unknown { path } => write!(f, "{path}: nothing of the library writes this file"),
        }
    }
}

/// A line, or its beginning: some are whole tables.
fn shown(line: Option<&str>) -> String {
    const LONGEST: usize = 120;
    match line {
        None => "nothing more".into(),
        Some(line) if line.chars().count() <= LONGEST => format!("`{line}`"),
        Some(line) => format!("`{}…`", line.chars().take(LONGEST).collect::<String>()),
    }
}

/// Compares a folder with what would be written there, file by file. Empty if it holds that and nothing else.
///
/// # Errors
/// An [`io::Error`] when the folder or a file in it cannot be read; that one is not there is a [`Difference`].
pub fn compare(files: &[File], folder: &Path) -> io::Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for file in files {
        let path = folder.join(&file.path);
        match plain(&path)? {
            true => {
                let found = std::fs::read(&path).map_err(|error| at(&path, &error))?;
                // What is not UTF-8 differs in any case, and is shown as far as it can be.
                differences.extend(difference(file, &String::from_utf8_lossy(&found)));
            }
            false => differences.push(Difference::Missing { path: file.path.clone() }),
        }
    }
    for path in paths_below(folder)? {
        if files.iter().all(|file| file.path != path) {
            differences.push(Difference::Unknown { path });
        }
    }
    Ok(differences)
}

fn difference(file: &File, found: &str) -> Option<Difference> {
    if file.text == found {
        return None;
    }
    let (mut own, mut other) = (file.text.split('\n'), found.split('\n'));
    let mut line = 0;
    loop {
        line += 1;
        let (expected, found) = (own.next(), other.next());
        if expected != found || expected.is_none() {
            return Some(Difference::Differs {
                path: file.path.clone(),
                line,
                expected: expected.map(Into::into),
                found: found.map(Into::into),
            });
        }
    }
}

/// Every file below a folder that could be of these, by its path from there; none if there is no such folder.
fn paths_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut folders: Vec<(PathBuf, String)> = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(at(&folder, &error)),
        };
        for entry in entries {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else {
                paths.push(path);
            }
        }
    }
    paths.retain(|path| !FROM_ELSEWHERE.contains(&path.as_str()));
    paths.sort();
    Ok(paths)
}

/// How each page of these begins, and each picture.
const MARKS: [&str; 2] = [
    "<!-- Written by `fragrant spec render`",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 380 ",
];

/// Whether a file is one of these, of this version or an earlier one. Anything else is somebody else's.
fn is_own(path: &Path) -> io::Result<bool> {
    if !plain(path)? {
        return Ok(false);
    }
    let text = std::fs::read(path).map_err(|error| at(path, &error))?;
    Ok(MARKS.iter().any(|mark| text.starts_with(mark.as_bytes())))
}

/// Whether a plain file is there. What is neither that nor nothing, such as a link that leads elsewhere, is an error.
fn plain(path: &Path) -> io::Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(there) if there.is_file() => Ok(true),
        Ok(_) => Err(at(path, &io::Error::other("expected a plain file"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(at(path, &error)),
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Writes the files into a folder that is not there yet, is empty, or was written by this before; of the last it takes away what
/// an earlier version wrote there and this one does not.
///
/// # Errors
/// An [`io::Error`] that names what cannot be read, written or taken away, or what is in the way; the last is looked for before
/// anything is written.
pub fn write(files: &[File], folder: &Path) -> io::Result<()> {
    let there = paths_below(folder)?;
    if !there.is_empty() && !is_own(&folder.join("README.md"))? {
        let why = "expected an empty folder, or one that was written by this before";
        return Err(at(folder, &io::Error::new(io::ErrorKind::AlreadyExists, why)));
    }
    for file in files {
        plain(&folder.join(&file.path))?;
    }
    for path in there.iter().filter(|path| files.iter().all(|file| file.path != **path)) {
        let path = folder.join(path);
        // What is no plain file is nobody's of these either.
        if is_own(&path).unwrap_or(false) {
            std::fs::remove_file(&path).map_err(|error| at(&path, &error))?;
        }
    }
    for file in files {
        let path = folder.join(&file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
        }
        std::fs::write(&path, &file.text).map_err(|error| at(&path, &error))?;
    }
    Ok(())
}

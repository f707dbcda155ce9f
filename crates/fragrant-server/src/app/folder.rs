//! The files of a built application.

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use axum::body::Bytes;

use crate::running::StartError;

/// The page that paths lead to which are no file's.
const INDEX: &str = "/index.html";

/// The files of a folder by their paths. They are read once: nobody can ask for what is not in the folder, and no
/// request waits for a disk.
pub(crate) struct AppFolder(HashMap<String, File>);

pub(crate) struct File {
    pub(crate) content_type: &'static str,
    pub(crate) content: Bytes,
}

impl AppFolder {
    /// Reads everything in a folder and below.
    pub(crate) fn read(folder: &Path) -> Result<Self, StartError> {
        let cannot = |reason| StartError::AppFolder { folder: folder.into(), reason };
        let mut files = HashMap::new();
        read_into(&mut files, folder, "").map_err(cannot)?;
        match files.contains_key(INDEX) {
            true => Ok(Self(files)),
            false => Err(cannot(io::Error::new(io::ErrorKind::NotFound, "expected an index.html in it"))),
        }
    }

    /// The file at a path, or the page for a path whose last part has no dot.
    pub(crate) fn find(&self, path: &str) -> Option<&File> {
        let last = path.rsplit('/').next().unwrap_or_default();
        self.0.get(if last.contains('.') { path } else { INDEX })
    }
}

fn read_into(files: &mut HashMap<String, File>, folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(path) = name.to_str().map(|name| format!("{prefix}/{name}")) else { continue };
        // Links are neither: they could lead out of the folder, or round in circles.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_into(files, &entry.path(), &path)?;
        } else if kind.is_file() {
            let content = fs::read(entry.path())?.into();
            files.insert(path, File { content_type: content_type(&name), content });
        }
    }
    Ok(())
}

/// What a browser has to be told of a file before it uses it.
fn content_type(name: &std::ffi::OsStr) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

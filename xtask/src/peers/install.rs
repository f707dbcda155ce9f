//! The clients, installed into a folder under the one that cargo builds into, each set once for each set of pins.

use std::path::PathBuf;

use super::Language;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::{npm, pip};

/// Where the clients of one language are, and what runs them.
#[derive(Debug)]
pub(super) struct Installed {
    pub(super) folder: PathBuf,
    pub(super) runtime: PathBuf,
}

pub(super) fn installed(context: &Context, language: Language) -> Outcome<Installed> {
    let pins = super::sources(context);
    match language {
        Language::JavaScript => {
            let folder = npm::installed(context, &pins, "peers/javascript")?;
            Ok(Installed { folder, runtime: "node".into() })
        }
        Language::Python => {
            const FOLDER: &str = "peers/python";
            let runtime = pip::installed(context, &pins, FOLDER)?;
            Ok(Installed { folder: context.target().join(FOLDER), runtime })
        }
    }
}

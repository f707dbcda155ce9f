//! What the library does, written down by asking the library.
//!
//! [`Document`] is the whole protocol as plain data: who takes part, what they say to each other, how an answer is judged,
//! where the two machines can go, what happens in a run, what an attacker can do where a mitigation is left out. It is
//! gathered from the crates that do it: parameters are read from the tables that the codec reads, moves are found by
//! setting the machines going, runs are recorded. [`render`] writes `docs/spec` from it, as pages, pictures and
//! `model.json`; [`compare`] says whether a folder still holds what would be written.
//!
//! - [`ledger`]: what the specifications ask for, and which line keeps it and which test shows it.
//!
//! It is no second implementation and no proof: it says what the code does, and not whether that is right. The tests of
//! the crates themselves, the model and the ledger are for that.
//!
//! ```
//! let document = fragrant_spec::Document::new()?;
//! let request = &document.messages[0];
//! assert_eq!((request.from.as_str(), request.to.as_str()), ("client", "authorization server"));
//! assert!(request.parameters.iter().any(|parameter| parameter.name == "state" && parameter.is_secret));
//! # Ok::<(), fragrant_spec::GatherError>(())
//! ```

#![forbid(unsafe_code)]

pub mod document;
pub mod files;
pub mod ledger;
mod pages;

pub use document::{Document, GatherError};
pub use files::{Difference, File, compare, render};

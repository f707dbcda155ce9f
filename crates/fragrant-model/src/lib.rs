//! The six actors of the implicit grant in one world.
//!
//! For now this holds the [`recorder`]: who says what to whom at which step, with the line as it goes over the wire and its
//! secrets shortened by [`redact`]. The demo prints a recording, and the documentation draws one. It runs nothing itself:
//! whoever runs the actors tells it what they said.

#![forbid(unsafe_code)]

pub mod recorder;
pub mod redact;

pub use recorder::{Line, Recording, Scene};

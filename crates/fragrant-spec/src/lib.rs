//! What the library does, written down by asking the library.
//!
//! - [`ledger`]: what the specifications ask for, and which line keeps it and which test shows it.

#![forbid(unsafe_code)]

pub mod ledger;

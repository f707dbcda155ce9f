//! The document, what is written of it, and what is said when a folder holds something else.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod compared;
mod pages;
mod schema;
mod walked;

use std::sync::LazyLock;

use fragrant_spec::Document;

/// The document, gathered once for all tests.
fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::new().unwrap());
    &DOCUMENT
}

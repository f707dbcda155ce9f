//! What the target asks of the code.

/// Whether little code is worth more than quick code: a browser downloads it, and what quick code saves there is gone before it
/// has come; and a machine without an operating system has little room. So there is one way to read an answer, and there are no
/// tables that are larger than what computes them.
///
/// The rustc cfg `fragrant_small` says it of every target, so that the tests can go the same way.
pub(crate) const IS_SMALL: bool = cfg!(any(fragrant_small, target_family = "wasm", target_os = "none"));

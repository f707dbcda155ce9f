#![doc = include_str!("../../../README.md")]

/// The examples of the quick start.
#[doc = include_str!("../../../docs/manual/quick-start.md")]
pub mod quick_start {}

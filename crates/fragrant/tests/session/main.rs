//! The session: an application's day, told by what the session is told and what it orders.

// The scenarios are made of literals, and a test that panics has failed, which is what it is for. Clippy's settings for
// tests do not reach the functions that tests share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod against_a_model;
mod calls;
mod equivalence;
mod moves;
mod pains;
mod renewal;
mod reviewed;
mod scenario;
mod sign_in;
mod tabs;
mod words;

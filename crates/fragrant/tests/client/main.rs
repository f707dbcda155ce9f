//! The client's typed states: each test begins at a named state, which [`scenario`] reaches, and compares whole texts.

// The scenarios are made of literals, and a test that panics has failed, which is what it is for. Clippy's settings for
// tests do not reach the functions that tests share.
#![allow(clippy::panic, clippy::unwrap_used)]

mod authorized;
mod awaiting_response;
mod begin;
mod pending;
mod renewal;
mod scenario;
mod stored_token;

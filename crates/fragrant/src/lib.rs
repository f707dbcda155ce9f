//! The OAuth 2.0 implicit grant (RFC 6749 section 4.2).
#![no_std]
#![forbid(unsafe_code)]
#![allow(dead_code)]
extern crate alloc;
#[cfg(test)]
extern crate std;
pub mod actor;
pub mod client;
pub mod grammar;
pub mod message;
pub mod profile;
pub mod spec;
pub mod value;
pub mod wire;
pub mod authorization_server {
    pub struct RegisteredRedirectUri;
}

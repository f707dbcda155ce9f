//! The OAuth 2.0 implicit grant (RFC 6749 section 4.2).
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

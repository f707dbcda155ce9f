//! The inputs, what reads them, and what builds an address: one function a peer, so that the benches, the table and the
//! instruction count measure the same thing.
//!
//! A peer's function answers with the bytes of all values that it knows, decoded, or with nothing where it refuses; so
//! every bench can first see that its peer has read what the others read. What the peers do not do for themselves (tell the
//! known names, refuse one that comes twice) the functions do by hand, in the way that costs least.

pub mod build;
pub mod inputs;
pub mod ours;
pub mod peers;
pub mod session;

//! Reads a fragment's parameters where they stand: structure, repeated names, every known parameter; no rule is asked.
//! Answers with the length of the access token, or 0.

#![no_std]
#![no_main]

use fragrant::spec::ResponseParameter;
use fragrant::wire::{Limits, Redirect};

#[unsafe(no_mangle)]
extern "C" fn _start(answer: &[u8; 512], len: usize) -> usize {
    let Some(text) = fragrant_size::text(answer, len) else { return 0 };
    let Ok(parameters) = Redirect::split(text).parameters(&Limits::DEFAULT, &[]) else { return 0 };
    parameters.fragment.get(ResponseParameter::AccessToken).map_or(0, |pair| pair.value.raw().len())
}

//! Reads an answer where it stands: structure, repeated names, every known parameter, the rules about them all but the
//! state's; no message is made. Answers with the length of the access token, or 0.

#![no_std]
#![no_main]

use fragrant::client::rules::{Expected, examine_with};
use fragrant::profile::Profile;
use fragrant::spec::ResponseParameter;
use fragrant::value::ResponseType;
use fragrant::wire::Redirect;

#[unsafe(no_mangle)]
extern "C" fn _start(answer: &[u8; 512], len: usize) -> usize {
    let expected = Expected::new(&ResponseType::TOKEN, &Profile::STRICT);
    let Some(text) = fragrant_size::text(answer, len) else { return 0 };
    examine_with(&expected, &Redirect::split(text), |examined| {
        examined.check_values(&expected)?;
        Ok(examined.parameters().get(ResponseParameter::AccessToken).map_or(0, |pair| pair.value.raw().len()))
    })
    .unwrap_or(0)
}

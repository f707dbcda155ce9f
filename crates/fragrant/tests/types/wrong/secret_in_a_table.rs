// Nor is any of them a key: a table would find it by its bytes, in the time that this takes.

use std::hash::Hash;

use fragrant::value::{AccessToken, Nonce, State, UnverifiedIdToken};

fn sorts(_: &impl PartialOrd) {}

fn hashes(_: &impl Hash) {}

fn looks_up(token: &AccessToken, state: &State, nonce: &Nonce, id_token: &UnverifiedIdToken) {
    sorts(token);
    sorts(state);
    sorts(nonce);
    sorts(id_token);
    hashes(token);
    hashes(state);
    hashes(nonce);
    hashes(id_token);
}

fn main() {}

// Every verdict has to be looked at before there is a token.

use fragrant::client::{Authorized, AwaitingResponse, Received};
use fragrant::value::Timestamp;

fn hopes(awaiting: AwaitingResponse, address: &str, now: Timestamp) -> Authorized {
    match awaiting.receive(address, now) {
        Received::Authorized(authorized) => authorized,
    }
}

fn main() {}

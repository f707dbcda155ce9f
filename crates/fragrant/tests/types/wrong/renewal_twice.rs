// A renewal that has been answered is gone too.

use fragrant::client::{Authorized, AwaitingRenewal};
use fragrant::value::Timestamp;

fn receives_twice(renewal: AwaitingRenewal, authorized: &mut Authorized, now: Timestamp) {
    let _ = renewal.receive(authorized, "https://app.example/cb#state=first", now);
    let _ = renewal.receive(authorized, "https://app.example/cb#state=again", now);
}

fn main() {}

// A request that has been answered is gone: only the answer may hand it back.

use fragrant::client::AwaitingResponse;
use fragrant::value::Timestamp;

fn receives_twice(awaiting: AwaitingResponse, now: Timestamp) {
    let _ = awaiting.receive("https://app.example/cb#state=forged", now);
    let _ = awaiting.receive("https://app.example/cb#state=genuine", now);
}

fn main() {}

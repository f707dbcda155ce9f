// Entropy is for one request: two requests with the same bytes would have the same state.

use fragrant::client::Client;
use fragrant::value::{Entropy, Timestamp};

fn begins_twice(client: &Client, entropy: Entropy, now: Timestamp) {
    let _ = client.begin(client.authorization_request(), entropy, now);
    let _ = client.begin(client.authorization_request(), entropy, now);
}

fn main() {}

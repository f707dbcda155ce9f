// Nor is a token taken up that was not stored with what is known of it: whose it is, and when it ends.

use fragrant::client::{Authorized, Client};
use fragrant::value::{AccessToken, Timestamp};

fn authorizes(client: Client, token: AccessToken, now: Timestamp) {
    let _ = Authorized::restore(client, token, now);
}

fn main() {}

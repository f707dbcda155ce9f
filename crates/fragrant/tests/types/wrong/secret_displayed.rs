// A secret is not printed by accident.

use fragrant::value::{AccessToken, Nonce, State, UnverifiedIdToken};

fn logs(token: AccessToken, state: State, nonce: Nonce, id_token: UnverifiedIdToken) {
    println!("{token}");
    println!("{state}");
    println!("{nonce}");
    println!("{id_token}");
}

fn main() {}

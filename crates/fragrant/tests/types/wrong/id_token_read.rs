// Nothing in an ID token has been verified, so nothing in it can be asked for.

use fragrant::client::Authorized;

fn signs_in(authorized: &Authorized) -> String {
    authorized.id_token().unwrap().subject()
}

fn main() {}

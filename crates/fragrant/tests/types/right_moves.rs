// What the cases beside this one do wrong, done right: so that none of them fails for another reason.

use fragrant::client::{
    Authorized, AwaitingResponse, Client, PendingAuthorization, Received, Renewed, StoredToken,
};
use fragrant::value::{AccessToken, Entropy, State, Timestamp};

fn awaits(client: &Client, entropy: Entropy, now: Timestamp) -> AwaitingResponse {
    client.begin(client.authorization_request(), entropy, now).unwrap().1
}

fn receives(awaiting: AwaitingResponse, address: &str, now: Timestamp) -> Option<Authorized> {
    match awaiting.receive(address, now) {
        Received::Authorized(authorized) => Some(authorized),
        Received::Denied(_) | Received::Rejected { .. } | Received::NotOurs(_) => None,
    }
}

fn resumes(client: &Client, record: &str) -> AwaitingResponse {
    client.resume(PendingAuthorization::decode(record).unwrap()).unwrap()
}

fn restores(client: Client, record: &str, now: Timestamp) -> Authorized {
    Authorized::restore(client, StoredToken::decode(record).unwrap(), now).unwrap()
}

fn renews(authorized: &mut Authorized, entropy: Entropy, address: &str, now: Timestamp) -> bool {
    let (_, renewal) = authorized.renew(entropy, now).unwrap();
    matches!(renewal.receive(authorized, address, now), Renewed::Replaced)
}

fn calls(authorized: &Authorized) -> String {
    authorized.api_request("GET", "https://api.example/").unwrap().reveal_authorization().to_string()
}

fn compares(left: &State, right: &State) -> bool {
    left == right
}

fn shows(token: &AccessToken) -> String {
    format!("{token:?} {}", token.reveal_secret())
}

fn main() {
    let _ = (awaits, receives, resumes, restores, renews, calls, compares, shows);
}

// A token alone authorizes nobody: it must come from an answer that matched a request, or from the store.

use fragrant::client::{Authorized, Client, StoredToken};

fn authorizes(client: Client, token: StoredToken) -> Authorized {
    Authorized { client: client.into(), token, notes: Vec::new(), text: None, renewal: None }
}

fn main() {}

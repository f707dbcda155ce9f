// Only `begin` and `resume` wait for an answer: both compare client and record.

use fragrant::client::{AwaitingResponse, Client, PendingAuthorization};

fn waits(client: Client, pending: PendingAuthorization) -> AwaitingResponse {
    AwaitingResponse::new(client.into(), pending.into())
}

fn main() {}

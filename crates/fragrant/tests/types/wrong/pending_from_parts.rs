// A pending request comes from `begin`, or through `decode`; nobody changes what its answer is compared with.

use fragrant::client::PendingAuthorization;
use fragrant::value::State;

fn plants(mut pending: PendingAuthorization, state: State) -> PendingAuthorization {
    pending.state = state;
    pending
}

fn main() {}

// Without a token there is no API call.

use fragrant::client::AwaitingResponse;

fn calls(awaiting: &AwaitingResponse) {
    let _ = awaiting.api_request("GET", "https://api.example/v1/me");
}

fn main() {}

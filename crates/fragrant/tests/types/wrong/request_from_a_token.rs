// A call carries the token of an authorization, to an origin that is listed.

use fragrant::message::ResourceRequest;
use fragrant::value::{AccessToken, HttpUri};

fn sends(token: AccessToken, anywhere: HttpUri) -> ResourceRequest {
    ResourceRequest::new("GET".into(), anywhere, token)
}

fn main() {}

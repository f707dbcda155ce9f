// Nor a record put together by hand: it comes from an authorization, or through `decode`.

use fragrant::client::StoredToken;
use fragrant::message::Extra;
use fragrant::value::{AccessToken, ClientId, Timestamp, TokenType};

fn stores(access_token: AccessToken, client_id: ClientId) -> StoredToken {
    StoredToken {
        access_token,
        token_type: TokenType::BEARER,
        received: Timestamp::from_unix_seconds(0),
        expiry: None,
        scope: None,
        requested_scope: None,
        client_id,
        issuer: None,
        id_token: None,
        extra: Extra::default(),
    }
}

fn main() {}

//! What the tabs of an application say to each other. The text form is read as strictly as any other input.
//!
//! What holds once all have heard everything: there is one token, the newest, in every tab that is signed in and in the
//! store that they share; and after a sign-out there is none. Newest is what was received last, and of one second the
//! greater text, so that all tabs agree.
//!
//! * A new token is stored and told. Who has an older one takes it over and tells nobody.
//! * Who hears of an older token than its own puts its own back into the store, where the older one may be now, and tells
//!   it. Who does so may have overwritten one that is newer still, and puts that one over it on hearing of it.
//! * A sign-out is told with its moment. Who has a token from before forgets it, in the store as well: that may be a store of
//!   its own, or it may have put its token back there behind the sign-out.
//! * If somebody has signed in since, what is forgotten is theirs. So whoever follows tells the moment again, and whoever has a
//!   token from after it puts it back.
//!
//! It comes to an end, as each thing that is told is answered only by who knows something newer. In a turn what is told
//! goes out before the store is written, as a write can fail. So between two tabs whose writes take longer than their
//! messages the older can still come last in the store; it is mended when a newer token is told.

use alloc::boxed::Box;
use alloc::string::String;

use crate::client::record::{self, Fields, InvalidRecord, moment};
use crate::client::{Client, StoredToken};
use crate::value::Timestamp;

/// The version of the text form.
const VERSION: &str = "1";

/// One thing said to all other tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TabMessage {
    /// The user has signed out, at this moment. Who has signed in since is not meant.
    SignedOut(Timestamp),
    /// A tab has followed a sign-out of this moment, and forgotten the stored token, which may be from a sign-in since.
    TokenForgotten(Timestamp),
    /// There is a new token.
    TokenReplaced(Box<StoredToken>),
    /// Has anybody a token that is newer than this?
    TokenWanted(Timestamp),
}

impl TabMessage {
    /// Writes it, for the tabs that have the same client.
    pub(super) fn encode(&self, client: &Client) -> String {
        let (kind, name, value) = match self {
            Self::SignedOut(at) => ("signed_out", "at", at.to_text()),
            Self::TokenForgotten(at) => ("token_forgotten", "at", at.to_text()),
            Self::TokenReplaced(token) => ("token_replaced", "token", token.encode()),
            Self::TokenWanted(received) => ("token_wanted", "received", received.to_text()),
        };
        record::write(&[
            ("v", Some(VERSION)),
            ("client_id", Some(client.client_id().as_str())),
            ("authorization_endpoint", Some(client.endpoint().as_str())),
            ("kind", Some(kind)),
            (name, Some(&value)),
        ])
    }

    /// Reads what another tab has said, if it has the same client: an origin may have several.
    pub(super) fn decode(text: &str, client: &Client) -> Result<Self, InvalidRecord> {
        let mut fields = Fields::read(text, VERSION)?;
        for (name, own) in [
            ("client_id", client.client_id().as_str()),
            ("authorization_endpoint", client.endpoint().as_str()),
        ] {
            if fields.take(name).as_deref() != Some(own) {
                return Err(InvalidRecord::Invalid(name));
            }
        }
        let message = match fields.take("kind").as_deref() {
            Some("signed_out") => Self::SignedOut(fields.required("at", moment)?),
            Some("token_forgotten") => Self::TokenForgotten(fields.required("at", moment)?),
            Some("token_replaced") => Self::TokenReplaced(
                fields.required("token", |text| StoredToken::decode(&text).map(Box::new))?,
            ),
            Some("token_wanted") => Self::TokenWanted(fields.required("received", moment)?),
            Some(_) => return Err(InvalidRecord::Invalid("kind")),
            None => return Err(InvalidRecord::Missing("kind")),
        };
        fields.end()?;
        Ok(message)
    }
}

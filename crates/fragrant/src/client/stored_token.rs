//! An authorization as a client may keep it across a reload.

use alloc::string::String;

use super::record::{self, Fields, InvalidRecord, moment};
use crate::message::Extra;
use crate::value::{
    AccessToken, ClientId, Expiry, Issuer, PendingKey, Scope, Timestamp, TokenType, UnverifiedIdToken,
};
use crate::wire::form;

/// The version of the text form.
const VERSION: &str = "1";
/// What stands before the names of the provider's own parameters, so that they cannot be taken for fields of the record.
const EXTRA: &str = "x.";

/// A token and what is known of it, to be stored and restored.
///
/// Its text holds the token. Keep it in memory where you can: whatever reads a page's storage reads the token too.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token.
    pub access_token: AccessToken,
    /// How it is used.
    pub token_type: TokenType,
    /// When it was received.
    pub received: Timestamp,
    /// The key of the request that the sign-in answered. A renewal keeps it, so that two tokens of one sign-in are known.
    pub sign_in: PendingKey,
    /// When it ends, if that is known.
    pub expiry: Option<Expiry>,
    /// What was granted, if that is known.
    pub scope: Option<Scope>,
    /// What was asked for.
    pub requested_scope: Option<Scope>,
    /// The client that it was issued to.
    pub client_id: ClientId,
    /// The server that issued it, if that is known.
    pub issuer: Option<Issuer>,
    /// An ID token that came with it.
    pub id_token: Option<UnverifiedIdToken>,
    /// The provider's own parameters.
    pub extra: Extra,
}

impl StoredToken {
    /// The record as text, the token in it.
    pub fn encode(&self) -> String {
        let received = self.received.to_text();
        let expiry = self.expiry.map(|expiry| expiry.moment().to_text());
        let sign_in = self.sign_in.to_text();
        let fields = [
            ("v", Some(VERSION)),
            ("access_token", Some(self.access_token.reveal_secret())),
            ("token_type", Some(self.token_type.as_str())),
            ("received", Some(&*received)),
            ("sign_in", Some(&*sign_in)),
            ("expiry", expiry.as_deref()),
            ("scope", self.scope.as_ref().map(Scope::as_str)),
            ("requested_scope", self.requested_scope.as_ref().map(Scope::as_str)),
            ("client_id", Some(self.client_id.as_str())),
            ("issuer", self.issuer.as_ref().map(Issuer::as_str)),
            ("id_token", self.id_token.as_ref().map(UnverifiedIdToken::reveal_secret)),
        ];
        let mut text = record::write(&fields);
        let mut writer = form::Writer::new(&mut text, true);
        for (name, value) in self.extra.iter() {
            let mut field = String::with_capacity(EXTRA.len() + name.len());
            field.push_str(EXTRA);
            field.push_str(name);
            writer.pair(&field, value);
        }
        text
    }

    /// Reads a record back, every field through the constructor of its value.
    ///
    /// # Errors
    /// [`InvalidRecord`] names the field that does not fit.
    pub fn decode(text: &str) -> Result<Self, InvalidRecord> {
        let mut fields = Fields::read(text, VERSION)?;
        let mut record = Self {
            access_token: fields.required("access_token", AccessToken::new)?,
            token_type: fields.required("token_type", TokenType::new)?,
            received: fields.required("received", moment)?,
            sign_in: fields.required("sign_in", |text| PendingKey::new(&text))?,
            expiry: fields.optional("expiry", moment)?.map(Expiry::at),
            scope: fields.optional("scope", Scope::new)?,
            requested_scope: fields.optional("requested_scope", Scope::new)?,
            client_id: fields.required("client_id", ClientId::new)?,
            issuer: fields.optional("issuer", Issuer::new)?,
            id_token: fields.optional("id_token", UnverifiedIdToken::new)?,
            extra: Extra::default(),
        };
        let extra = &mut record.extra;
        fields.end_with(|name, value| name.strip_prefix(EXTRA).is_some_and(|name| extra.add(name, value)))?;
        Ok(record)
    }
}

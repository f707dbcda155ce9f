//! A verdict as one line of JSON. Every key is always there.

use std::collections::BTreeMap;
use std::io::{self, Write};

use fragrant::client::Rejection;
use fragrant::client::rules::{Granted, Note, Returned, SuccessResponse, Verdict};
use fragrant::message::Extra;
use fragrant_model::redact;
use serde::Serialize;
use serde_json::Value;

use crate::output::write_json;

/// What there is to say of one input.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Report {
    Success {
        access_token: Option<String>,
        id_token: Option<String>,
        token_type: Option<String>,
        /// Seconds.
        expires_in: Option<u64>,
        scope: Option<String>,
        state: Option<String>,
        extra: BTreeMap<String, String>,
        notes: Vec<&'static str>,
    },
    Error {
        channel: &'static str,
        error: String,
        error_description: Option<String>,
        error_uri: Option<String>,
        state: Option<String>,
        extra: BTreeMap<String, String>,
        notes: Vec<&'static str>,
    },
    Reject {
        reason: &'static str,
        parameter: Option<String>,
        /// In bytes from the start of the input.
        offset: usize,
        message: String,
    },
}

/// A report with the caller's own name for its input.
#[derive(Serialize)]
struct Named<'a> {
    id: &'a Value,
    #[serde(flatten)]
    report: &'a Report,
}

impl Report {
    /// `state` is the one that was expected, and so the one that came.
    pub(super) fn of(verdict: &Verdict, state: Option<&str>, show_secrets: bool) -> Self {
        let secrets = Secrets { show: show_secrets };
        let state = state.map(|state| secrets.text(state));
        match verdict {
            Verdict::TokenGranted(granted) => secrets.success(granted, state),
            Verdict::ErrorReturned(returned) => secrets.error(returned, state),
            Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => {
                secrets.rejection(rejection)
            }
        }
    }

    /// A line that is no question.
    pub(super) fn bad_line(message: String) -> Self {
        Self::Reject { reason: "bad_line", parameter: None, offset: 0, message }
    }

    /// Writes the report as one line.
    pub(super) fn write(&self, id: &Value, out: &mut impl Write) -> io::Result<()> {
        write_json(out, &Named { id, report: self })?;
        out.write_all(b"\n")
    }
}

struct Secrets {
    show: bool,
}

impl Secrets {
    fn text(&self, secret: &str) -> String {
        if self.show { secret.into() } else { redact::shorten(secret) }
    }

    fn name(&self, name: &str, has_value: bool) -> String {
        if self.show { name.into() } else { redact::show_name(name, has_value) }
    }

    fn extra(&self, extra: &Extra) -> BTreeMap<String, String> {
        let shown = |name: &str, value: &str| {
            if redact::is_secret_name(name) { self.text(value) } else { value.into() }
        };
        extra.iter().map(|(name, value)| (self.name(name, true), shown(name, value))).collect()
    }

    fn rejection(&self, rejection: &Rejection) -> Report {
        Report::Reject {
            reason: rejection.reason.as_str(),
            parameter: rejection.parameter.as_deref().map(|name| self.name(name, false)),
            offset: rejection.offset,
            message: rejection.to_string(),
        }
    }

    fn success(&self, granted: &Granted, state: Option<String>) -> Report {
        let notes = notes(&granted.notes);
        match &granted.response {
            SuccessResponse::AccessToken(response) => Report::Success {
                access_token: Some(self.text(response.access_token.reveal_secret())),
                id_token: response.id_token.as_ref().map(|token| self.text(token.reveal_secret())),
                token_type: Some(response.token_type.as_str().into()),
                expires_in: response.expires_in.map(|lifetime| lifetime.as_seconds()),
                scope: granted.scope.as_ref().map(|scope| scope.as_str().into()),
                state,
                extra: self.extra(&response.extra),
                notes,
            },
            SuccessResponse::IdToken(response) => Report::Success {
                access_token: None,
                id_token: Some(self.text(response.id_token.reveal_secret())),
                token_type: None,
                expires_in: response.expires_in.map(|lifetime| lifetime.as_seconds()),
                scope: granted.scope.as_ref().map(|scope| scope.as_str().into()),
                state,
                extra: self.extra(&response.extra),
                notes,
            },
        }
    }

    fn error(&self, returned: &Returned, state: Option<String>) -> Report {
        let response = &returned.response;
        Report::Error {
            channel: returned.channel.as_str(),
            error: response.error.as_str().into(),
            error_description: response.description.as_ref().map(|text| text.as_str().into()),
            error_uri: response.uri.as_ref().map(|uri| uri.as_str().into()),
            state,
            extra: self.extra(&response.extra),
            notes: notes(&returned.notes),
        }
    }
}

fn notes(notes: &[Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.as_str()).collect()
}

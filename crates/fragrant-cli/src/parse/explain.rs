//! Explains an answer like a colleague: what it is, each parameter, and what is wrong.

use std::borrow::Cow;
use std::io::{self, Write};

use fragrant::client::rules::{Channel, Expected, Granted, Note, Returned, SuccessResponse, Verdict};
use fragrant::client::{Reason, Rejection};
use fragrant::spec::ResponseParameter;
use fragrant::value::{ExpiresIn, Scope};
use fragrant::wire::{Redirect, form};
use fragrant_model::redact;
use fragrant_profiles::Provider;

use crate::output::{count, duration, one_line};

/// Everything that the lines below need to know.
struct Explanation<'a> {
    provider: &'a Provider,
    expected: &'a Expected<'a>,
    show_secrets: bool,
}

pub(super) fn write(
    out: &mut impl Write,
    provider: &Provider,
    redirect: &Redirect<'_>,
    expected: &Expected<'_>,
    verdict: &Verdict,
    show_secrets: bool,
) -> io::Result<()> {
    let explanation = Explanation { provider, expected, show_secrets };
    match verdict {
        Verdict::TokenGranted(granted) => {
            writeln!(out, "granted: the authorization server issued what was asked for")?;
            explanation.parameters(out, redirect)?;
            explanation.granted(out, granted)?;
        }
        Verdict::ErrorReturned(returned) => {
            writeln!(
                out,
                "denied: the authorization server said no ({})",
                one_line(returned.response.error.as_str())
            )?;
            explanation.parameters(out, redirect)?;
            explanation.returned(out, returned)?;
        }
        Verdict::ResponseRejected(rejection) => {
            writeln!(out, "rejected: {rejection}")?;
            explanation.parameters(out, redirect)?;
            explanation.rejected(out, redirect, rejection)?;
        }
        Verdict::NotOurs(rejection) => {
            writeln!(out, "rejected: {}", rejection.reason.explanation())?;
            explanation.parameters(out, redirect)?;
            explanation.rejected(out, redirect, rejection)?;
        }
    }
    Ok(())
}

impl Explanation<'_> {
    /// Each parameter as it stands, sound or not.
    fn parameters(&self, out: &mut impl Write, redirect: &Redirect<'_>) -> io::Result<()> {
        let address = redirect.as_str();
        let (before, fragment) =
            address.split_once('#').map_or((address, None), |(before, after)| (before, Some(after)));
        let (base, query) =
            before.split_once('?').map_or((before, None), |(base, query)| (base, Some(query)));
        if !base.is_empty() {
            writeln!(out, "\n  came to       {}", one_line(&self.address(base)))?;
        }
        if let Some(route) = redirect.route() {
            writeln!(out, "  route         #{}  (the application's own)", one_line(&self.address(route)))?;
        }
        let answer = fragment.map(|text| match redirect.route() {
            Some(route) => text[route.len()..].trim_start_matches('?'),
            None => text,
        });
        self.part(out, "query", query)?;
        self.part(out, "fragment", answer)
    }

    /// What stands where an address should: perhaps an answer that has lost its `#`, or was encoded once too often, or
    /// a token alone.
    fn address<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.show_secrets {
            return text.into();
        }
        if !text.contains([':', '/', '=', '%']) {
            return redact::shorten(text).into();
        }
        let decoded = form::Text::check(text).map(form::Text::decode).unwrap_or(text.into());
        let short = redact::shorten_address(&decoded);
        if short == decoded { text.into() } else { short.into() }
    }

    fn name(&self, name: &str, has_value: bool) -> String {
        if self.show_secrets { one_line(name) } else { one_line(&redact::show_name(name, has_value)) }
    }

    fn part(&self, out: &mut impl Write, title: &str, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(()) };
        writeln!(out, "\n  in the {title}:")?;
        let pairs: Vec<_> = form::pairs(text, 0).take(self.expected.profile.limits.max_parameters).collect();
        for pair in pairs {
            match pair {
                Ok(pair) => self.parameter(out, &pair.name.decode(), &pair.value.decode())?,
                Err(bad) => {
                    let name =
                        bad.name.map_or("(unreadable)".into(), |name| self.name(&name.decode(), false));
                    writeln!(out, "    {name:<18} not well formed: {}", bad.fault)?;
                }
            }
        }
        Ok(())
    }

    fn parameter(&self, out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
        let known = ResponseParameter::from_name(name);
        let shown = if self.show_secrets { value.into() } else { redact::show(name, value) };
        let shown =
            if value.is_empty() { "(empty, so it counts as absent)".into() } else { one_line(&shown) };
        writeln!(out, "    {:<18} {shown}", self.name(name, !value.trim_matches('=').is_empty()))?;
        let (meaning, source) = match (known, self.provider.parameter(name)) {
            (Some(parameter), _) => (parameter.fact().meaning, parameter.fact().citation),
            (None, Some(own)) => (own.meaning, own.source),
            (None, None) => (
                "Unknown to the protocol: it decides nothing, and is handed on as an extra.",
                "RFC 6749 section 4.2.2",
            ),
        };
        writeln!(out, "    {:<18}   {meaning} [{source}]", "")?;
        if known == Some(ResponseParameter::ExpiresIn)
            && let Ok(lifetime) = ExpiresIn::parse(value)
        {
            writeln!(out, "    {:<18}   That is {}.", "", duration(lifetime.as_seconds()))?;
        }
        Ok(())
    }

    fn granted(&self, out: &mut impl Write, granted: &Granted) -> io::Result<()> {
        writeln!(out)?;
        if let SuccessResponse::AccessToken(response) = &granted.response {
            match response.expires_in {
                Some(lifetime) if lifetime.as_seconds() == 0 => {
                    writeln!(out, "  The token has ended already.")?
                }
                Some(lifetime) => {
                    writeln!(
                        out,
                        "  The token ends {} after the answer was made.",
                        duration(lifetime.as_seconds())
                    )?;
                }
                None => match self.expected.profile.default_lifetime {
                    Some(seconds) => writeln!(
                        out,
                        "  The server did not say when the token ends; {} documents {}.",
                        self.provider.name,
                        duration(seconds)
                    )?,
                    None => writeln!(out, "  The server did not say when the token ends.")?,
                },
            }
            if !response.access_token.is_b64token() {
                writeln!(
                    out,
                    "  The token has characters that an Authorization header cannot carry (RFC 6750 section 2.1)."
                )?;
            }
            self.scope(out, response.scope.as_ref())?;
        }
        if matches!(&granted.response, SuccessResponse::IdToken(_))
            || self.expected.response_type.wants_id_token()
        {
            writeln!(out, "  The ID token was not verified, so it says nothing about who signed in.")?;
        }
        self.state(out)?;
        notes(out, &granted.notes)
    }

    fn scope(&self, out: &mut impl Write, granted: Option<&Scope>) -> io::Result<()> {
        match (granted, self.expected.scope) {
            (None, None) => writeln!(out, "  The server named no scope."),
            (None, Some(requested)) => {
                writeln!(out, "  The server named no scope, so what was asked for was granted: {requested}.")
            }
            (Some(granted), None) => {
                let names = count(granted.names().count(), "name");
                writeln!(out, "  Granted: {granted} ({names}).")
            }
            (Some(granted), Some(requested)) => {
                match requested.without(granted) {
                    None => writeln!(out, "  All of what was asked for was granted.")?,
                    Some(missing) => writeln!(out, "  Asked for and not granted: {missing}.")?,
                }
                granted
                    .without(requested)
                    .map_or(Ok(()), |extra| writeln!(out, "  Granted beyond what was asked for: {extra}."))
            }
        }
    }

    fn returned(&self, out: &mut impl Write, returned: &Returned) -> io::Result<()> {
        writeln!(out)?;
        if returned.channel == Channel::Query {
            writeln!(
                out,
                "  The error came in the query. It belongs in the fragment (RFC 6749 section 4.2.2.1)."
            )?;
        }
        if returned.response.error.asks_for_interaction() {
            writeln!(out, "  A new request that may show pages (without prompt=none) can succeed.")?;
        }
        if returned.response.description.is_some() || returned.response.uri.is_some() {
            writeln!(out, "  Its words and links are the sender's: text for a developer, not for a user.")?;
        }
        self.state(out)?;
        notes(out, &returned.notes)
    }

    fn rejected(
        &self,
        out: &mut impl Write,
        redirect: &Redirect<'_>,
        rejection: &Rejection,
    ) -> io::Result<()> {
        writeln!(out)?;
        writeln!(out, "  reason   {}", rejection.reason)?;
        if let Some(parameter) = &rejection.parameter {
            writeln!(out, "  where    {}, at byte {}", self.name(parameter, false), rejection.offset)?;
        } else {
            writeln!(out, "  where    byte {}", rejection.offset)?;
        }
        writeln!(out, "  rule     {}", rejection.reason.citation())?;
        if rejection.reason == Reason::NoResponse {
            self.hint(out, redirect)?;
        }
        if self.expected.state.is_some()
            && rejection.reason != Reason::NoResponse
            && !rejection.reason.is_after_state_matched()
        {
            writeln!(
                out,
                "  The state had not been matched by then: anybody can have sent this, and a waiting request stands."
            )?;
        }
        Ok(())
    }

    /// What an address without an answer may be instead.
    fn hint(&self, out: &mut impl Write, redirect: &Redirect<'_>) -> io::Result<()> {
        let parts = redirect.parameters(&self.expected.profile.limits, &[]);
        if parts.is_ok_and(|parts| parts.query.get(ResponseParameter::Code).is_some()) {
            writeln!(
                out,
                "  hint     `code=` in the query: this is an answer of the authorization code grant (RFC 6749 section 4.1.2)."
            )
        } else if let Some(parameter) = parameter_in(redirect.as_str()) {
            let name = parameter.name();
            writeln!(
                out,
                "  hint     `{name}=` stands outside of a fragment: the `#` before the answer may be missing."
            )
        } else {
            Ok(())
        }
    }

    fn state(&self, out: &mut impl Write) -> io::Result<()> {
        match self.expected.state {
            Some(_) => writeln!(out, "  The state is the request's own."),
            None => writeln!(
                out,
                "  No state was sent, so nothing says that this answers a request of yours (RFC 6749 section 10.12)."
            ),
        }
    }
}

/// The first of the protocol's parameters that stands with its `=` in a text without a fragment.
fn parameter_in(text: &str) -> Option<ResponseParameter> {
    let is_there = |parameter: &ResponseParameter| {
        let names = text.split(|char: char| !char.is_ascii_alphanumeric() && !"_-.=".contains(char));
        names.filter_map(|pair| pair.split_once('=')).any(|(name, _)| name == parameter.name())
    };
    ResponseParameter::ALL.iter().copied().find(|parameter| !text.contains('#') && is_there(parameter))
}

fn notes(out: &mut impl Write, notes: &[Note]) -> io::Result<()> {
    for note in notes {
        writeln!(out, "  note     {note}: {} [{}]", note.explanation(), note.citation())?;
    }
    Ok(())
}

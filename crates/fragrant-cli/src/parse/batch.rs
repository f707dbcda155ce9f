//! `fragrant parse --batch`: JSON lines in, one line out for each, in order.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufWriter, Read, Write};
use std::process::ExitCode;

use fragrant::client::rules::{Expected, judge};
use fragrant::value::{ResponseType, Scope};
use fragrant::wire::Redirect;
use fragrant_profiles::Provider;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::NOW;
use super::report::Report;
use crate::usage::Failure;

/// The longest line that is read, in bytes. An answer over its own limit must still reach the parser, which says so.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// One question. What is missing or null was not asked for, not sent, or is not known.
struct Question {
    id: Value,
    input: String,
    response_type: Option<String>,
    expect_state: Option<String>,
    requested_scope: Option<String>,
    expect_iss: Option<String>,
    expect_redirect_uri: Option<String>,
}

impl Question {
    /// Reads a line. The problem names the key and what was expected there, and quotes nothing.
    fn read(line: &[u8]) -> Result<Self, String> {
        let Fields(mut fields) = serde_json::from_slice(line).map_err(|error| {
            let place =
                if error.column() == 0 { String::new() } else { format!(" (column {})", error.column()) };
            format!("expected a JSON object with each key once{place}")
        })?;
        let id = fields.remove("id").ok_or("id: expected a value to know the answer by")?;
        let mut text = |key: &str| match fields.remove(key) {
            None | Some(Value::Null) => Ok(None),
            // Empty counts as absent (RFC 6749 section 3.1).
            Some(Value::String(text)) => {
                Ok(Some(text).filter(|text| ["input", "response_type"].contains(&key) || !text.is_empty()))
            }
            Some(_) => Err(format!("{key}: expected text or null")),
        };
        Ok(Self {
            id,
            input: text("input")?
                .ok_or("input: expected text, a redirect URI or a fragment that begins with #")?,
            response_type: text("response_type")?,
            expect_state: text("expect_state")?,
            requested_scope: text("requested_scope")?,
            expect_iss: text("expect_iss")?,
            expect_redirect_uri: text("expect_redirect_uri")?,
        })
    }
}

/// The keys of an object, none of them twice: of two, nobody could say which is meant.
struct Fields(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields, M::Error> {
                let mut fields = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if fields.insert(key, value).is_some() {
                        return Err(M::Error::custom("a key occurs twice"));
                    }
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Keys)
    }
}

pub(super) fn run(provider: &Provider, show_secrets: bool) -> Result<ExitCode, Failure> {
    let mut input = io::BufReader::new(io::stdin().lock());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while read_line(&mut input, &mut line)? {
        let (id, report) = answer(&line, provider, show_secrets);
        report.write(&id, &mut out)?;
        // Whoever asks one question at a time gets one answer at a time, even with half of the next question written.
        if !input.buffer().contains(&b'\n') {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a line without its end; `false` at the end of the input. Of a line over the limit only the beginning is kept,
/// which is no JSON.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if input.by_ref().take(MAX_LINE).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() != Some(&b'\n') && u64::try_from(line.len()) == Ok(MAX_LINE) {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

fn answer(line: &[u8], provider: &Provider, show_secrets: bool) -> (Value, Report) {
    let question = match Question::read(line) {
        Ok(question) => question,
        Err(problem) => return bad_line(&problem),
    };
    let response_type = match question.response_type.as_deref().map(ResponseType::new) {
        None => ResponseType::TOKEN,
        Some(Ok(response_type)) if response_type.is_implicit() => response_type,
        Some(_) => return bad_line("response_type: expected token, id_token or `id_token token`"),
    };
    let scope = match question.requested_scope.map(Scope::new).transpose() {
        Ok(scope) => scope,
        Err(error) => return bad_line(&format!("requested_scope: expected {}", error.expected())),
    };
    let state = question.expect_state.as_deref();
    let expected = Expected {
        response_type: &response_type,
        state,
        issuer: question.expect_iss.as_deref(),
        redirect_uri: question.expect_redirect_uri.as_deref(),
        scope: scope.as_ref(),
        end: None,
        profile: &provider.profile,
    };
    let verdict = judge(&expected, &Redirect::split(&question.input), NOW);
    (question.id, Report::of(&verdict, state, show_secrets))
}

fn bad_line(message: &str) -> (Value, Report) {
    (Value::Null, Report::bad_line(message.into()))
}

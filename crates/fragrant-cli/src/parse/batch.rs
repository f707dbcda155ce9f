//! `fragrant parse --batch`: JSON lines in, one line out for each, in order.

use std::io::{self, BufRead, BufWriter, Read, Write};
use std::process::ExitCode;

use fragrant::client::rules::{Expected, judge};
use fragrant::value::{ResponseType, Scope};
use fragrant::wire::Redirect;
use fragrant_profiles::Provider;
use serde::Deserialize;
use serde_json::Value;

use super::NOW;
use super::report::Report;
use crate::usage::Failure;

/// The longest line that is read, in bytes. An answer over its own limit must still reach the parser, which says so.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// One question. What is missing or null was not asked for, not sent, or is not known.
#[derive(Deserialize)]
struct Question {
    id: Value,
    input: String,
    response_type: Option<String>,
    expect_state: Option<String>,
    requested_scope: Option<String>,
    expect_iss: Option<String>,
    expect_redirect_uri: Option<String>,
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
    // A list would do for serde: the fields in their order, without their names.
    if !line.trim_ascii_start().starts_with(b"{") {
        return bad_line("not a question in JSON: expected an object");
    }
    let question: Question = match serde_json::from_slice(line) {
        Ok(question) => question,
        // The library's own message could quote the line.
        Err(error) => return bad_line(&format!("column {}: not a question in JSON", error.column())),
    };
    let response_type = match question.response_type.as_deref().map(ResponseType::new) {
        None => ResponseType::TOKEN,
        Some(Ok(response_type)) if response_type.is_implicit() => response_type,
        Some(_) => return bad_line("response_type: expected token, id_token or `id_token token`"),
    };
    let scope = match question.requested_scope.filter(|scope| !scope.is_empty()).map(Scope::new).transpose() {
        Ok(scope) => scope,
        Err(error) => return bad_line(&format!("requested_scope: {error}")),
    };
    // An empty parameter counts as none (RFC 6749 section 3.1), so an empty state was no state.
    let state = question.expect_state.as_deref().filter(|state| !state.is_empty());
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

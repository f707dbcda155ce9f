//! The laws of the wire format and of the rules, each a function that panics when it is broken.
//!
//! [`fragment`] and [`round_trip`] are what a fuzz target calls. The others are their parts, so that a property test can
//! say which law it tests.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Question;
use crate::client::rules::{Note, SuccessResponse, Verdict};
use crate::client::{Reason, Rejection};
use crate::grammar::UNRESERVED;
use crate::message::{AuthorizationRequest, AuthorizationResponse, Extra};
use crate::profile::Profile;
use crate::spec::ResponseParameter;
use crate::value::{AuthorizationEndpoint, PendingKey, RedirectUri, ResponseType};
use crate::wire::form::Text;
use crate::wire::request::RequestQuery;
use crate::wire::{Limits, Redirect, form};

/// The round trips are laws about text, not about how much of it.
const UNLIMITED: Limits = Limits { max_len: usize::MAX, max_parameters: usize::MAX };

/// Every law about any text that could come back, under every question of [`Question::samples`].
pub fn fragment(input: &str) {
    for question in Question::samples() {
        sound(&question, input);
        order_does_not_matter(&question, input);
        unknown_parameters_are_ignored(&question, input);
        plus_is_a_space(&question, input);
        cleaning_takes_the_answer_out(&question, input);
        cleaning_keeps_the_rest(&question, input);
        cleaning_leaves_no_secret(&question, input);
        other_decoders_agree(&question, input);
        for mask in [&[true][..], &[true, false], &[false, true]] {
            escapes_do_not_matter(&question, input, mask);
        }
    }
}

/// The same for bytes: those that are no text are refused at the first that is none.
pub fn fragment_bytes(input: &[u8]) {
    match (Redirect::split_bytes(input), core::str::from_utf8(input)) {
        (Ok(redirect), Ok(text)) => {
            assert_eq!(redirect.as_str(), text);
            fragment(text);
        }
        (Err(flaw), Err(error)) => assert_eq!(flaw.offset, error.valid_up_to()),
        (redirect, text) => panics(format_args!("split_bytes {redirect:?} beside {text:?}")),
    }
}

/// An answer is judged without a panic and twice alike; what is rejected is so at a place inside the text; no verdict
/// shows a secret; and whoever sent the state finds the pending request under its key.
pub fn sound(question: &Question, input: &str) {
    let verdict = question.judge(input);
    assert_eq!(verdict, question.judge(input), "judging the same twice");
    if let Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) = &verdict {
        assert!(rejection.offset <= input.len(), "offset {} of {}", rejection.offset, input.len());
        assert!(input.is_char_boundary(rejection.offset), "offset {} inside a character", rejection.offset);
        assert!(!rejection.to_string().is_empty());
        let is_no_response = rejection.reason == Reason::NoResponse;
        assert_eq!(matches!(verdict, Verdict::NotOurs(_)), is_no_response);
    } else if let Some(state) = &question.state {
        assert_eq!(Redirect::split(input).pending_key(), Some(PendingKey::of_state_text(state)));
    }
    let redirect = Redirect::split(input);
    assert_eq!(redirect.as_str(), input);
    // Total, whatever the input is.
    let _ = redirect.without_answer(&question.profile.response_parameters);
    hides_secrets(&verdict, input);
}

/// Neither `Debug` nor `Display` of a verdict shows the value of a secret parameter.
fn hides_secrets(verdict: &Verdict, input: &str) {
    let mut shown = format!("{verdict:?}");
    if let Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) = verdict {
        shown += &rejection.to_string();
    }
    for secret in decoded(input).filter_map(|(name, value)| is_secret(&name).then_some(value)) {
        // A short text occurs by chance or as a name that has a value, and one of words could be a name that nobody knows; and
        // what stands beside the secret under a public name may be shown.
        let is_words = secret.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-.".contains(&byte));
        let is_public = decoded(input).any(|(name, value)| !is_secret(&name) && value.contains(&*secret));
        let may_be_shown = secret.len() < 20 || is_words || is_public;
        assert!(may_be_shown || !shown.contains(&*secret), "a verdict shows a secret");
    }
}

fn is_secret(name: &str) -> bool {
    ResponseParameter::from_name(name).is_some_and(ResponseParameter::is_secret)
}

/// The pairs of the query and of the fragment, decoded; those that are malformed are left out.
fn decoded(input: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let pairs = forms(input).into_iter().flat_map(|form| form::pairs(form, 0).flatten());
    pairs.map(|pair| (pair.name.decode(), pair.value.decode()))
}

/// The query, the fragment, and the fragment behind a hash router's route: the route ends at its slash or at its `?`, and
/// which of them it is is not decided here.
fn forms(input: &str) -> [&str; 3] {
    let (before, fragment) = input.split_once('#').unwrap_or((input, ""));
    let query = before.split_once('?').map_or("", |(_, query)| query);
    let (fragment, behind_route) = match fragment.strip_prefix('/') {
        Some(rest) => (rest, rest.split_once('?').map_or("", |(_, answer)| answer)),
        None => (fragment, ""),
    };
    [query, fragment, behind_route]
}

/// Whatever is accepted, the two decoders that most Rust programs use read as the same bytes: each pair alone, and each
/// parameter of a believed answer.
pub fn other_decoders_agree(question: &Question, input: &str) {
    for raw in forms(input).iter().flat_map(|form| form.split('&')).filter(|pair| !pair.is_empty()) {
        let Some(Ok(pair)) = form::pairs(raw, 0).next() else { continue };
        let ours = (pair.name.decode(), pair.value.decode());
        let theirs: Vec<_> = form_urlencoded::parse(raw.as_bytes()).collect();
        assert_eq!(theirs, core::slice::from_ref(&ours), "form_urlencoded");
        let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
        for (raw, ours) in [(name, ours.0), (value, ours.1)] {
            let spaced = raw.replace('+', " ");
            let theirs: Vec<u8> = percent_encoding::percent_decode_str(&spaced).collect();
            assert_eq!(theirs, ours.as_bytes(), "percent-encoding");
        }
    }
    let Some((response, notes)) = believed(question.judge(input)) else { return };
    let is_assumed = |name: &str| name == "token_type" && notes.contains(&Note::TokenTypeMissing);
    let read = forms(input).map(|form| form_urlencoded::parse(form.as_bytes()));
    let read: Vec<_> = read.into_iter().flatten().collect();
    for (name, value) in form_urlencoded::parse(response.to_fragment().as_bytes()) {
        // The two whose value is no plain text: a number, and a list without an order.
        let is_same = |theirs: &str| match &*name {
            "expires_in" => theirs.parse::<u64>().ok() == value.parse().ok(),
            "scope" => theirs.split(' ').collect::<BTreeSet<_>>() == value.split(' ').collect(),
            _ => theirs == value,
        };
        let is_read = read.iter().any(|(own, theirs)| *own == name && is_same(theirs));
        assert!(is_read || is_assumed(&name), "{name} of {response:?}");
    }
}

/// A believed answer says the same in any order of its parameters; one that is not believed stays so, for a reason of
/// the same class.
pub fn order_does_not_matter(question: &Question, input: &str) {
    let Some((before, fragment)) = input.split_once('#') else { return };
    let mut pairs: Vec<&str> = fragment.split('&').collect();
    // A slash in front belongs to a hash router, so it has to stay in front, and none may get there.
    if pairs.iter().any(|pair| pair.starts_with('/')) {
        return;
    }
    let verdict = question.judge(input);
    let check = |pairs: &[&str], order: &str| {
        let other = question.judge(&format!("{before}#{}", pairs.join("&")));
        match (&verdict, &other) {
            (Verdict::ResponseRejected(one), Verdict::ResponseRejected(other)) => {
                assert_eq!(class(one), class(other), "{order}: {one:?} and {other:?}");
            }
            _ => same(&verdict, &other, order),
        }
    };
    pairs.reverse();
    check(&pairs, "reversed");
    pairs.rotate_left(1);
    check(&pairs, "reversed and rotated");
}

/// The class of a reason: those that are judged together, and of which the leftmost is reported.
pub fn class(rejection: &Rejection) -> usize {
    // The last reason of each class; `Reason` is ordered as they are judged.
    const LAST: [Reason; 8] = [
        Reason::TooManyParameters,
        Reason::Malformed,
        Reason::DuplicateParameter,
        Reason::ErrorAndToken,
        Reason::IssuerMissing,
        Reason::StateUnexpected,
        Reason::PendingExpired,
        Reason::ErrorInvalid,
    ];
    LAST.iter().position(|last| rejection.reason <= *last).unwrap_or(LAST.len())
}

/// An unknown parameter, wherever it stands in the fragment, changes nothing but the list of extras.
pub fn unknown_parameters_are_ignored(question: &Question, input: &str) {
    let mut fresh = String::from("zz-fresh");
    while decoded(input).any(|(name, _)| name == fresh) {
        fresh.push('z');
    }
    let verdict = question.judge(input);
    for more in with_pair(input, &format!("{fresh}=1")) {
        let mut other = question.judge(&more);
        if is_over_a_limit(&other) {
            continue;
        }
        if let Some(extra) = extra_of(&mut other) {
            extra.remove(&fresh);
        }
        same(&verdict, &other, "with an unknown parameter");
    }
}

/// The input with one more pair: at the fragment's front and end, and between its pairs.
fn with_pair(input: &str, pair: &str) -> Vec<String> {
    let Some((before, fragment)) = input.split_once('#') else { return [format!("{input}#{pair}")].into() };
    let mut all = Vec::from([format!("{input}&{pair}")]);
    // In front of a hash router's route there is no place for a pair.
    if !fragment.starts_with('/') {
        all.push(format!("{before}#{pair}&{fragment}"));
        all.extend(fragment.split_once('&').map(|(one, two)| format!("{before}#{one}&{pair}&{two}")));
    }
    all
}

/// `+` and `%20` are the same space.
pub fn plus_is_a_space(question: &Question, input: &str) {
    let Some((before, fragment)) = input.split_once('#') else { return };
    let other = question.judge(&format!("{before}#{}", fragment.replace('+', "%20")));
    if !is_over_a_limit(&other) {
        same(&question.judge(input), &other, "with %20 for +");
    }
}

/// It does not matter which unreserved characters of the fragment are escaped. `mask` says, over and over, whether the
/// next one is.
pub fn escapes_do_not_matter(question: &Question, input: &str, mask: &[bool]) {
    let Some((before, fragment)) = input.split_once('#') else { return };
    let other = question.judge(&format!("{before}#{}", escaped(fragment, mask)));
    if !is_over_a_limit(&other) {
        same(&question.judge(input), &other, "with more escapes");
    }
}

fn escaped(text: &str, mask: &[bool]) -> String {
    let mut mask = mask.iter().copied().cycle();
    let mut out = String::with_capacity(3 * text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let is_escape = char == '%'
            && matches!(rest.as_bytes(), [_, high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
        let (piece, tail) = rest.split_at(if is_escape { 3 } else { char.len_utf8() });
        match piece.as_bytes() {
            [byte] if UNRESERVED.contains(*byte) && mask.next().unwrap_or(false) => {
                out += &format!("%{byte:02x}");
            }
            _ => out += piece,
        }
        rest = tail;
    }
    out
}

/// Once an answer has been read, the cleaned address holds none, and cleaning it again changes nothing.
pub fn cleaning_takes_the_answer_out(question: &Question, input: &str) {
    let verdict = question.judge(input);
    // Once nothing stands behind it, a route may read as parameters; and a pair may come to stand where a route does.
    let is_plain = |route: &str| route.bytes().all(|byte| byte == b'/' || UNRESERVED.contains(byte));
    let keeps_routes = Redirect::split(input).route().is_none_or(is_plain) && !input.contains("&/");
    if matches!(verdict, Verdict::ResponseRejected(_)) || !keeps_routes {
        return;
    }
    let extras = &question.profile.response_parameters;
    let clean = Redirect::split(input).without_answer(extras);
    assert!(matches!(question.judge(&clean), Verdict::NotOurs(_)), "{clean} still holds an answer");
    assert_eq!(Redirect::split(&clean).without_answer(extras), clean, "cleaning twice");
}

/// An address without a single parameter of an answer that has a value is nothing to clean.
pub fn cleaning_keeps_the_rest(question: &Question, input: &str) {
    let extras = &question.profile.response_parameters;
    // Wherever a pair could begin, whatever stands in front of it.
    let is_answers = |equals: usize| {
        let (before, value) = (&input[..equals], &input[equals + 1..]);
        let raw = before.rsplit(['?', '#', '&', '/', '!', ';', '=']).next().unwrap_or_default();
        let Ok(name) = Text::check(raw).map(Text::decode) else { return false };
        let name = name.rsplit(['?', '#', '/', '!', ';']).next().unwrap_or_default();
        let is_known = ResponseParameter::from_name(name).is_some() || extras.iter().any(|own| own == name);
        is_known && !value.is_empty() && !value.starts_with(['&', '#'])
    };
    if !input.match_indices('=').any(|(equals, _)| is_answers(equals)) {
        assert_eq!(Redirect::split(input).without_answer(extras), input, "nothing to clean");
    }
}

/// Whatever the verdict is, no pair of the cleaned address has a value and a secret's name, whatever stands before the name.
pub fn cleaning_leaves_no_secret(question: &Question, input: &str) {
    let clean = Redirect::split(input).without_answer(&question.profile.response_parameters);
    for (name, value) in decoded(&clean) {
        let last = name.rsplit(['?', '!', '/', ';']).next().unwrap_or_default();
        // A route ends at its `?`: what stands behind that is no value.
        let is_empty = value.is_empty() || (clean.contains("#/") && value.starts_with('?'));
        assert!(is_empty || !is_secret(last), "{last} is left in a cleaned address");
    }
}

/// Whether a verdict came from a limit, which a longer spelling of the same answer may well run into.
fn is_over_a_limit(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::ResponseRejected(rejection)
        if matches!(rejection.reason, Reason::TooLong | Reason::TooManyParameters))
}

fn extra_of(verdict: &mut Verdict) -> Option<&mut Extra> {
    match verdict {
        Verdict::TokenGranted(granted) => Some(match &mut granted.response {
            SuccessResponse::AccessToken(response) => &mut response.extra,
            SuccessResponse::IdToken(response) => &mut response.extra,
        }),
        Verdict::ErrorReturned(returned) => Some(&mut returned.response.extra),
        Verdict::ResponseRejected(_) | Verdict::NotOurs(_) => None,
    }
}

/// Two verdicts that say the same: the same answer, or the same reason about the same parameter, wherever it stands.
#[track_caller]
fn same(one: &Verdict, other: &Verdict, how: &str) {
    match (one, other) {
        (Verdict::ResponseRejected(one), Verdict::ResponseRejected(other))
        | (Verdict::NotOurs(one), Verdict::NotOurs(other)) => {
            assert_eq!((one.reason, one.fault), (other.reason, other.fault), "{how}");
            assert_eq!(one.parameter, other.parameter, "{how}");
        }
        _ => assert_eq!(one, other, "{how}"),
    }
}

/// What is written is as long as announced, and is read back as it was: in a fragment alone, and behind a redirection
/// URI. The client that reads it asked for exactly this.
pub fn round_trip(response: &AuthorizationResponse, redirect_uri: &RedirectUri) {
    let text = response.to_fragment();
    assert_eq!(text.len(), response.encoded_len(), "encoded_len");
    assert!(!text.is_empty(), "a browser would attach an old fragment");
    assert!(
        text.bytes().all(|byte| UNRESERVED.contains(byte) || b"%=&".contains(&byte)),
        "only safe characters"
    );
    let mut question = question_of(response);
    read_back(response, &question, &format!("#{text}"));
    question.redirect_uri = Some(redirect_uri.as_str().into());
    let location = response.to_location(redirect_uri);
    assert_eq!(location, format!("{redirect_uri}#{text}"));
    read_back(response, &question, &location);
}

/// The question that `response` is the right answer to.
fn question_of(response: &AuthorizationResponse) -> Question {
    let (response_type, state, iss) = match response {
        AuthorizationResponse::AccessToken(own) => {
            let both = own.id_token.is_some();
            let response_type = if both { ResponseType::ID_TOKEN_TOKEN } else { ResponseType::TOKEN };
            (response_type, &own.state, &own.iss)
        }
        AuthorizationResponse::IdToken(own) => (ResponseType::ID_TOKEN, &own.state, &own.iss),
        AuthorizationResponse::Error(own) => (ResponseType::TOKEN, &own.state, &own.iss),
    };
    Question {
        response_type,
        state: state.as_ref().map(|state| state.reveal_secret().into()),
        issuer: iss.as_ref().map(ToString::to_string),
        profile: Profile::STRICT.with_limits(UNLIMITED),
        ..Question::new()
    }
}

/// The response of a verdict that believes it, and what was noted.
fn believed(verdict: Verdict) -> Option<(AuthorizationResponse, Vec<Note>)> {
    match verdict {
        Verdict::TokenGranted(granted) => {
            let response = match granted.response {
                SuccessResponse::AccessToken(own) => AuthorizationResponse::AccessToken(own),
                SuccessResponse::IdToken(own) => AuthorizationResponse::IdToken(own),
            };
            Some((response, granted.notes))
        }
        Verdict::ErrorReturned(returned) => {
            Some((AuthorizationResponse::Error(returned.response), returned.notes))
        }
        Verdict::ResponseRejected(_) | Verdict::NotOurs(_) => None,
    }
}

fn read_back(response: &AuthorizationResponse, question: &Question, input: &str) {
    let verdict = question.judge(input);
    let Some((read, notes)) = believed(verdict.clone()) else {
        return panics(format_args!("{verdict:?} of {response:?}"));
    };
    assert_eq!(&read, response, "parse(encode(m)) == m");
    assert!(notes.is_empty(), "nothing to note: {notes:?}");
    // Token types are equal in any case; what was written has to come back as it was.
    assert_eq!(read.to_fragment(), response.to_fragment());
}

/// A request is written as long as announced, and is read back as it was; the endpoint's own query stays in front.
pub fn request(request: &AuthorizationRequest, endpoint: &AuthorizationEndpoint) {
    let query = request.to_query();
    assert_eq!(query.len(), request.encoded_len(), "encoded_len");
    let read = match AuthorizationRequest::from_query(&RequestQuery::read(&query, &UNLIMITED)) {
        Ok(read) => read,
        Err(error) => return panics(format_args!("{error:?} of {request:?}")),
    };
    assert_eq!(read.response_type, request.response_type);
    assert_eq!(read.client_id, request.client_id);
    assert_eq!(read.redirect_uri, request.redirect_uri);
    assert_eq!(read.scope, request.scope);
    assert_eq!(read.state, request.state);
    assert_eq!(read.nonce, request.nonce);
    assert_eq!(read.prompt, request.prompt);
    assert_eq!(read.display, request.display);
    // The order of the extra ones is the reader's, and those without a value were not sent.
    let mut extras: Vec<_> = request.extras().filter(|(_, value)| !value.is_empty()).collect();
    let mut read_extras: Vec<_> = read.extras().collect();
    extras.sort_unstable();
    read_extras.sort_unstable();
    assert_eq!(read_extras, extras);

    let url = request.to_url(endpoint);
    let own = endpoint.as_str();
    assert!(url.as_str().starts_with(own), "the endpoint stays in front");
    let joint = url.as_str().strip_suffix(&*query).and_then(|front| front.strip_prefix(own));
    let expected = match endpoint.uri().query() {
        None => "?",
        Some("") => "",
        Some(_) => "&",
    };
    assert_eq!(joint, Some(expected));
}

/// Fails the law. The crate's own code never panics, and its lints see to that; here it is the whole point.
#[track_caller]
#[allow(clippy::panic)]
fn panics(why: core::fmt::Arguments<'_>) {
    panic!("{why}");
}

//! The table of switches.

use super::{Kind, Left, Switch};
use crate::property::Property as P;
use crate::world::Mitigation as M;
use crate::world::{Apart, ClientKind, Mitigation, Setting};

/// The threats that the model cannot show or refute.
pub const LEFT: &[Left] = &[
    Left {
        id: "T07",
        why: "a plain token is not bound to the request that it answers; only a verified ID token with at_hash and nonce is",
    },
    Left {
        id: "T12",
        why: "the library reads no server metadata: endpoints and issuer come from whoever configures the client",
    },
    Left {
        id: "T23",
        why: "the authorization server answers response_type=token and nothing else, so there is nothing to fall back from",
    },
    Left {
        id: "T25",
        why: "a script in the client's own origin can do whatever the client can; no check of a client keeps it off",
    },
    Left { id: "T43", why: "an ID token is carried unread, so no nonce in one is compared" },
];

const fn plain(_: &mut Setting) {}

/// The client is a native one.
const fn native(setting: &mut Setting) {
    setting.kinds = [ClientKind::Native, ClientKind::Native];
}

/// A hostile server beside the honest one, and room for a popup.
const fn two_servers(setting: &mut Setting) {
    (setting.bounds.servers, setting.bounds.tabs) = (2, 2);
}

const fn two_servers_by_uri(setting: &mut Setting) {
    two_servers(setting);
    setting.apart = Apart::ByRedirectUri;
}

const fn two_tabs(setting: &mut Setting) {
    setting.bounds.tabs = 2;
}

const fn two_starts(setting: &mut Setting) {
    (setting.bounds.starts, setting.bounds.tabs) = (2, 2);
}

const fn one_wait(setting: &mut Setting) {
    setting.bounds.waits = 1;
}

const fn scopes(setting: &mut Setting) {
    setting.scopes = true;
}

/// The attacker has no token of his own that he could bring, and nothing but errors.
const fn without_account(setting: &mut Setting) {
    setting.account = false;
}

/// Somebody else uses the browser too, and the token is renewed.
const fn shared(setting: &mut Setting) {
    setting.shared_browser = true;
    setting.bounds.waits = 1;
}

/// The user is signed in, the token is being renewed in a hidden frame, and everybody knows the state of that request: what
/// is left is where a message comes from.
fn renewal_with_known_state(setting: &mut Setting) {
    setting.signed_in = true;
    (setting.bounds.starts, setting.bounds.waits, setting.bounds.tabs) = (0, 1, 2);
    setting.off.insert(Mitigation::EntropyFresh);
}

fn renewal_with_known_state_unlinked(setting: &mut Setting) {
    renewal_with_known_state(setting);
    setting.links_with_opener = false;
}

fn renewal_with_window_unchecked(setting: &mut Setting) {
    renewal_with_known_state_unlinked(setting);
    setting.faults.insert("is_own_window");
}

/// All of them. The lengths are those of the shortest attacks, and a test compares them.
pub const SWITCHES: &[Switch] = &[
    Switch {
        id: "T01",
        name: "the state is compared",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity, P::Completion],
        length: 2,
        attack: "While a user signs in, the attacker leads her browser to the client's redirection URI with a token of his own account, and she goes on as him.",
        stopped_by: "The answer's state is not the request's, and the request goes on standing (is_own_state).",
        refusal: "state_mismatch",
        world: plain,
        off: &[],
        faults: &["is_own_state"],
    },
    Switch {
        id: "T02",
        name: "an answer without a state is none",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity, P::Completion],
        length: 2,
        attack: "A native application waits for its answer, and the attacker's page sends it one with his own token and no state at all.",
        stopped_by: "A request that had a state is not answered without one (is_own_state).",
        refusal: "state_missing",
        world: native,
        off: &[],
        faults: &["is_state_there"],
    },
    Switch {
        id: "T03",
        name: "a record is taken out of the store in one act",
        kind: Kind::World,
        breaks: &[P::SessionIntegrity],
        length: 3,
        attack: "After a sign-in the attacker reads its state in the browser's history, and uses it for an answer of his own, because the record is still there.",
        stopped_by: "The record was deleted when the answer was taken, so there is no request to answer.",
        refusal: "no_pending_request",
        world: plain,
        off: &[M::StoreAtomic],
        faults: &[],
    },
    Switch {
        id: "T04",
        name: "the server's pages send no Referer",
        kind: Kind::World,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "A picture on the login page tells the attacker the page's address, with the state of the request in it, before the user has answered.",
        stopped_by: "The attacker does not know the state, and cannot build an answer that has it.",
        refusal: "the attacker does not know the state",
        world: plain,
        off: &[M::ReferrerNone],
        faults: &[],
    },
    Switch {
        id: "T05",
        name: "each request has fresh entropy",
        kind: Kind::World,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "All requests have the same state, so the attacker knows it without having seen it.",
        stopped_by: "The state in the attacker's answer is that of no request.",
        refusal: "no_pending_request",
        world: plain,
        off: &[M::EntropyFresh],
        faults: &[],
    },
    Switch {
        id: "T06",
        name: "nobody else writes into the client's storage",
        kind: Kind::World,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "The attacker gets the record of a request of his own into the user's storage, and leads her to its answer.",
        stopped_by: "The record is not in the user's storage, which belongs to the client's origin.",
        refusal: "no_pending_request",
        world: plain,
        off: &[M::StoreOwn],
        faults: &[],
    },
    Switch {
        id: "T08",
        name: "the token's audience is compared",
        kind: Kind::World,
        breaks: &[P::Authentication],
        length: 2,
        attack: "A user signs in at the attacker's client, and he hands her token to an honest client in his own browser, which takes him for her.",
        stopped_by: "The API names the client that the token was issued to, and the application compares.",
        refusal: "the token is another client's",
        world: plain,
        off: &[M::AudienceCompared],
        faults: &[],
    },
    Switch {
        id: "T09",
        name: "something keeps the servers of a client apart",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication, P::SessionIntegrity],
        length: 2,
        attack: "The client has one redirection URI for both servers and knows no issuer; the user signs in with the attacker's, which sends her on to the honest one with the same state; the client takes the honest server's token for the other's, and calls the other's API with it.",
        stopped_by: "The answer's issuer is not the server that was asked (is_own_issuer, RFC 9207).",
        refusal: "issuer_mismatch",
        world: two_servers,
        off: &[M::IssuerKnown],
        faults: &[],
    },
    Switch {
        id: "T10",
        name: "a redirection URI is registered at one server only",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "The client has a redirection URI for each server and has registered them all with each, so the honest server sends its token to the one that the hostile server's request has used.",
        stopped_by: "The honest server does not know that address as the client's.",
        refusal: "redirect_uri: the client has not registered this address",
        world: two_servers_by_uri,
        off: &[M::UriOfOneServer],
        faults: &[],
    },
    Switch {
        id: "T11",
        name: "the record says which server was asked",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "The user signs in with the hostile server, and the client keeps what comes back as the honest server's.",
        stopped_by: "The record is of a request to another server, and goes back into the store (is_own_fact).",
        refusal: "no_pending_request",
        world: two_servers,
        off: &[],
        faults: &["is_own_fact"],
    },
    Switch {
        id: "T13",
        name: "the server redirects with 303",
        kind: Kind::World,
        breaks: &[P::PasswordSecrecy],
        length: 2,
        attack: "The user logs in for the attacker's client, which she has allowed before, and the browser repeats the login form at the address that it is redirected to.",
        stopped_by: "After a 303 the browser asks for the address with a GET, and sends no form.",
        refusal: "after a 303 the browser does not send the form on",
        world: plain,
        off: &[M::RedirectSeeOther],
        faults: &[],
    },
    Switch {
        id: "T14",
        name: "redirection URIs are compared byte by byte",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication, P::RegisteredUri],
        length: 2,
        attack: "A request in the client's name has its answer sent to the attacker.",
        stopped_by: "The address is not among those that the client has registered.",
        refusal: "redirect_uri: the client has not registered this address",
        world: plain,
        off: &[M::RedirectUriExact],
        faults: &[],
    },
    Switch {
        id: "T17",
        name: "no page of the client sends people on, answer and all",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication, P::RegisteredUri],
        length: 2,
        attack: "The server takes any address at the client's origin, and a page there sends people to wherever its address says, with all that came.",
        stopped_by: "The page is not an address that the client has registered.",
        refusal: "redirect_uri: the client has not registered this address",
        world: plain,
        off: &[M::NoRedirector],
        faults: &[],
    },
    Switch {
        id: "T18",
        name: "a redirect has a fragment of its own",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication, P::RegisteredUri],
        length: 2,
        attack: "The server takes any address at the client's origin, where one redirects elsewhere without a fragment; the browser puts the one with the token behind it.",
        stopped_by: "The redirecting address is not one that the client has registered.",
        refusal: "redirect_uri: the client has not registered this address",
        world: plain,
        off: &[M::FragmentOwn],
        faults: &[],
    },
    Switch {
        id: "T19",
        name: "a faulty request of a stranger leads nowhere by itself",
        kind: Kind::World,
        breaks: &[P::UnaskedRedirect],
        length: 1,
        attack: "A faulty request of the attacker's client makes the honest server send people to his page at once.",
        stopped_by: "The server shows a page, because nobody has logged in yet, whosever the address is (RedirectWithError::precedes_login).",
        refusal: "unsupported_response_type, and shows a page before it leads anywhere",
        world: plain,
        off: &[M::ErrorsUnasked],
        faults: &[],
    },
    Switch {
        id: "T21",
        name: "the answer leaves the history",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "The address with the token stays in the history, where the attacker reads it.",
        stopped_by: "The page has replaced the address before anything else (ReplaceHistory).",
        refusal: "the history no longer has the answer",
        world: plain,
        off: &[M::HistoryScrubbed],
        faults: &[],
    },
    Switch {
        id: "T22",
        name: "tokens are answered in the fragment only",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "A request with response_mode=query has the token put into the query, which the client's web server logs.",
        stopped_by: "The server takes no other response mode than fragment.",
        refusal: "invalid_request, and shows a page before it leads anywhere",
        world: plain,
        off: &[M::FragmentMode],
        faults: &[],
    },
    Switch {
        id: "T24",
        name: "no foreign script runs in the redirect page",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "A script from elsewhere reads the page's address before the client has taken the answer out of it.",
        stopped_by: "Only the client's own script runs there (redirection::HEADERS).",
        refusal: "only the client's own script runs in the page",
        world: plain,
        off: &[M::NoForeignScript],
        faults: &[],
    },
    Switch {
        id: "T26",
        name: "the server's pages are not shown in frames",
        kind: Kind::World,
        breaks: &[P::Authorization],
        length: 2,
        attack: "The attacker's page has the consent page under the user's pointer, and her click allows his client.",
        stopped_by: "The browser shows no page of the server in another's frame.",
        refusal: "the browser does not show it in a frame",
        world: plain,
        off: &[M::NotFramed],
        faults: &[],
    },
    Switch {
        id: "T27",
        name: "the consent form has a token",
        kind: Kind::World,
        breaks: &[P::Authorization],
        length: 2,
        attack: "The attacker's page sends the consent form in from the browser of a user who is logged in.",
        stopped_by: "The form is not one that this user was shown.",
        refusal: "the form has no consent token",
        world: plain,
        off: &[M::ConsentToken],
        faults: &[],
    },
    Switch {
        id: "T28",
        name: "a consent is remembered only where the address proves who asks",
        kind: Kind::Leniency,
        breaks: &[P::Authorization, P::Authentication],
        length: 3,
        attack: "The user has allowed a native client; a program of the attacker's listens at its port, and asks in its name without a page.",
        stopped_by: "On a loopback address the user is asked each time, and she has asked for nothing.",
        refusal: "access_denied",
        world: native,
        off: &[M::ConsentBound],
        faults: &[],
    },
    Switch {
        id: "T29",
        name: "an answer is posted to the client's own origin only",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "The attacker's page opens the sign-in as its popup, and the redirect page posts the answer to whoever has opened it.",
        stopped_by: "The message is for the client's own origin, and the opener is of another.",
        refusal: "the message is for the client's own origin",
        world: two_tabs,
        off: &[M::PostedToOwnOrigin],
        faults: &[],
    },
    Switch {
        id: "T30",
        name: "the sender of a message is checked",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "While a token is being renewed in a hidden frame, the attacker's page posts an answer of its own; the state is known.",
        stopped_by: "The message comes from another origin and another window (is_own_origin, is_own_window).",
        refusal: "wrong_origin",
        world: renewal_with_known_state_unlinked,
        off: &[],
        faults: &["is_own_origin", "is_own_window"],
    },
    Switch {
        id: "T31",
        name: "a renewal is for the same user",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity],
        length: 5,
        attack: "Somebody else logs in at the server in the same browser, and the next silent renewal brings that user's token into the session.",
        stopped_by: "The answer names another user than the first one did, and the session ends (is_same_user).",
        refusal: "other_user",
        world: shared,
        off: &[],
        faults: &["is_same_user"],
    },
    Switch {
        id: "T33",
        name: "each request has a place of its own in the store",
        kind: Kind::World,
        breaks: &[P::Completion],
        length: 3,
        attack: "The user starts to sign in in two tabs, the second record takes the place of the first, and the first answer is refused.",
        stopped_by: "Records are kept under the keys of their states, so both sign-ins complete.",
        refusal: "",
        world: two_starts,
        off: &[M::StoreKeyed],
        faults: &[],
    },
    Switch {
        id: "T35",
        name: "errors are checked as successes are",
        kind: Kind::Fault,
        breaks: &[P::Completion],
        length: 2,
        attack: "An error that the attacker has made up ends the sign-in that is under way.",
        stopped_by: "An error needs the request's state too (is_own_state, one check for both), and the request goes on standing.",
        refusal: "state_mismatch",
        world: without_account,
        off: &[],
        faults: &["is_own_state"],
    },
    Switch {
        id: "T39",
        name: "no other program listens on the machine while a native client signs in",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "While a user signs in at a native client, the attacker leads her to that client's request with the port of a program of his own in it, and she allows what she meant to allow anyway.",
        stopped_by: "Nothing in the grant: each port of a loopback address is the registered one (RFC 8252 section 7.3). Where none listens, nobody hears the answer.",
        refusal: "nobody listens on this port",
        world: native,
        off: &[M::NoForeignListener],
        faults: &[],
    },
    Switch {
        id: "T41",
        name: "a token goes to listed origins only",
        kind: Kind::World,
        breaks: &[P::Authorization, P::Authentication],
        length: 3,
        attack: "The application takes the address of its API from a link, and sends the token there.",
        stopped_by: "The origin is not one that the client has listed for its token (Authorized::api_request).",
        refusal: "API address: its origin is not one that the token may be sent to",
        world: plain,
        off: &[M::ApiKnown],
        faults: &[],
    },
    Switch {
        id: "C-fresh",
        name: "an old request is not answered",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity],
        length: 3,
        attack: "A user has given a sign-in up; later the attacker finds its state in the history, and answers it.",
        stopped_by: "The request has ended ten minutes after it was made (is_fresh).",
        refusal: "pending_expired",
        world: one_wait,
        off: &[],
        faults: &["is_fresh"],
    },
    Switch {
        id: "C-issuer",
        name: "the answer's issuer is compared",
        kind: Kind::Fault,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "As in T09, where the answer names its issuer and nobody compares.",
        stopped_by: "The answer's issuer is not the server that was asked (is_own_issuer, RFC 9207).",
        refusal: "issuer_mismatch",
        world: two_servers,
        off: &[],
        faults: &["is_own_issuer"],
    },
    Switch {
        id: "C-redirect-uri",
        name: "an answer comes to its request's own redirection URI",
        kind: Kind::Fault,
        breaks: &[P::Authorization, P::Authentication],
        length: 2,
        attack: "The mix-up of T09 with a redirection URI for each server: the honest server's answer, at its own address, is taken by the request to the hostile one.",
        stopped_by: "The answer has come to another address than the request's (is_own_redirect_uri).",
        refusal: "redirect_uri_mismatch",
        world: two_servers_by_uri,
        off: &[],
        faults: &["is_own_redirect_uri"],
    },
    Switch {
        id: "C-window",
        name: "a message comes from the window that was sent away",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "A page that the client's page has opened loads the redirection URI, whose page posts an answer from the right origin; the state is known.",
        stopped_by: "The message comes from another window than the frame (is_own_window).",
        refusal: "wrong_window",
        world: renewal_with_known_state,
        off: &[],
        faults: &["is_own_window"],
    },
    Switch {
        id: "C-origin",
        name: "a message comes from the client's own origin",
        kind: Kind::Fault,
        breaks: &[P::SessionIntegrity],
        length: 2,
        attack: "As in T30, where nobody looks at the window that a message comes from.",
        stopped_by: "The message comes from another origin (is_own_origin).",
        refusal: "wrong_origin",
        world: renewal_with_window_unchecked,
        off: &[],
        faults: &["is_own_origin"],
    },
    Switch {
        id: "P-consent",
        name: "without a page nothing is granted that was not allowed before",
        kind: Kind::World,
        breaks: &[P::Authorization],
        length: 2,
        attack: "The user has allowed one client, and a silent request in another's name is granted although nobody was asked.",
        stopped_by: "The user has not allowed this client anything, and the server answers consent_required.",
        refusal: "consent_required",
        world: plain,
        off: &[M::ConsentGiven],
        faults: &[],
    },
    Switch {
        id: "P-scope",
        name: "without a page no more is granted than was allowed before",
        kind: Kind::World,
        breaks: &[P::Authorization],
        length: 2,
        attack: "The user has allowed the attacker's client, and a silent request of it for a wider scope is granted.",
        stopped_by: "What she has allowed does not cover the scope, and the server answers consent_required.",
        refusal: "consent_required",
        world: scopes,
        off: &[M::ScopeAllowed],
        faults: &[],
    },
    Switch {
        id: "P-no-page",
        name: "prompt=none is obeyed",
        kind: Kind::World,
        breaks: &[P::NoPage],
        length: 1,
        attack: "The server does not know the parameter, and shows its login page where none may be shown.",
        stopped_by: "The server answers login_required.",
        refusal: "login_required",
        world: plain,
        off: &[M::PromptObeyed],
        faults: &[],
    },
    Switch {
        id: "P-registered",
        name: "the path of a redirection URI is compared",
        kind: Kind::World,
        breaks: &[P::RegisteredUri],
        length: 2,
        attack: "The server sends a token to a page of the client's origin that is not its redirection URI.",
        stopped_by: "The address is not among those that the client has registered.",
        refusal: "redirect_uri: the client has not registered this address",
        world: plain,
        off: &[M::PathMatched],
        faults: &[],
    },
    Switch {
        id: "P-reach",
        name: "the API serves who has a token",
        kind: Kind::World,
        breaks: &[],
        length: 0,
        attack: "The API refuses every token, so that nothing that is said of tokens in use means anything.",
        stopped_by: "The honest flow is reachable.",
        refusal: "",
        world: plain,
        off: &[M::RequestsAccepted],
        faults: &[],
    },
];

//! The specification itself: RFC 6749 section 4.2, without any provider.
//!
//! No host, no parameter of anybody's own, nothing forgiven: [`Profile::STRICT`]. As RFC 6749 knows no `prompt`, a
//! token is renewed by a new redirect. The paths are those of the RFC's examples; a server is free to choose others.

use fragrant::actor::{Actor, Step};
use fragrant::profile::Profile;

use crate::flow::{MoveKind, a_move, skippable};
use crate::habits::sample_call;
use crate::{Habits, Move, Notice, Paths, Provider};

/// Everything that is known of it.
pub static PROVIDER: Provider = Provider {
    id: "rfc6749",
    name: "RFC 6749",
    profile: PROFILE,
    environments: &[],
    paths: PATHS,
    parameters: &[],
    habits: HABITS,
    moves: MOVES,
    notices: &[Notice::RFC_9700],
    errata: &[],
};

/// How a client treats a server of which it knows nothing but the specification.
pub const PROFILE: Profile = Profile::STRICT;

/// The paths in the examples of RFC 6749 sections 4.2.1 and 7.1 and of RFC 7009 section 2.1.
pub const PATHS: Paths = Paths {
    authorization: "/authorize",
    revocation: Some("/revoke"),
    token_info: None,
    api: "/resource/",
    sample_call: "/resource/1",
};

/// A server without habits: it writes what RFC 6749 has in its examples, who it is (RFC 9207), and no more than has to be
/// said.
pub const HABITS: Habits = Habits {
    token_type: "bearer",
    token_lifetime: 3600,
    always_says_scope: false,
    says_issuer: true,
    answer_parameters: &[],
    sample_scope: &["read", "write"],
    sample_calls: &[
        sample_call("Resource 1", PATHS.sample_call, None),
        sample_call("Resource 2, which needs the scope write", "/resource/2", Some("write")),
    ],
    call_header: None,
};

/// The seven moves of RFC 6749 figure 4. They end when the client has its token; calling the API is section 7.
///
/// The redirect (C, section 4.2.2) ends the second step: the authorization server has no part in what comes after it. How
/// the client's side gets at the token is the third: the page is asked for without the fragment (D), comes (E), its script
/// runs in the user agent itself (F), and the user agent passes the token to the client (G).
#[rustfmt::skip]
pub const MOVES: &[Move] = &[
    a_move("A", Step::One, Actor::Client, Actor::UserAgent, MoveKind::AuthorizationRequested,
        "sends the user agent to the authorization endpoint"),
    skippable(a_move("B", Step::Two, Actor::ResourceOwner, Actor::AuthorizationServer, MoveKind::DecisionMade,
        "logs in and allows or denies the request")),
    a_move("C", Step::Two, Actor::AuthorizationServer, Actor::UserAgent, MoveKind::AnswerRedirected,
        "redirects with the answer in the fragment"),
    a_move("D", Step::Three, Actor::UserAgent, Actor::RedirectionUri, MoveKind::RedirectPageRequested,
        "asks for the redirect page and keeps the fragment to itself"),
    a_move("E", Step::Three, Actor::RedirectionUri, Actor::UserAgent, MoveKind::RedirectPageServed,
        "serves a page whose script can read the whole address"),
    a_move("F", Step::Three, Actor::UserAgent, Actor::UserAgent, MoveKind::TokenExtracted,
        "runs the script, which takes the token out of the fragment"),
    a_move("G", Step::Three, Actor::UserAgent, Actor::Client, MoveKind::TokenHandedOver,
        "hands the token to the client"),
];

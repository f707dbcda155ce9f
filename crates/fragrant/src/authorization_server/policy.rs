//! What an authorization server decides for all its clients.

use crate::value::Issuer;
use crate::wire::Limits;

/// The settings of an authorization server. The default is strict and names no issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Policy {
    /// The server's issuer identifier. With one, every answer carries it (RFC 9207), errors too; a server that
    /// announces it in its metadata has to, and a client that expects it refuses answers without.
    pub issuer: Option<Issuer>,
    /// Whether an answer names the granted scope even where it is what was asked for: RFC 6749 section 4.2.2 leaves
    /// that to the server.
    pub always_says_scope: bool,
    /// How much of a request is read.
    pub limits: Limits,
    /// Lets a remembered consent answer a request without a page also where the redirection URI does not prove who
    /// asks: `http` (this machine included) and private-use schemes.
    ///
    /// **What it gives away.** Any program on the resource owner's machine can listen on a loopback port, and any app
    /// can claim a scheme. With this setting such a program, pretending to be the client, gets a token from the login
    /// session without anybody being asked (RFC 6749 section 10.2, RFC 8252 section 8.6). Without it the resource owner
    /// is asked every time, and `prompt=none` is answered with `interaction_required`. It is for tests and
    /// demonstrations on one machine.
    pub dangerous_silent_grants_to_unproven_clients: bool,
}

//! Where the servers listen, and by which names they go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

/// The ports of the three servers; 0 has the system choose one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::exhaustive_structs)] // complete: the three servers, written as a literal
pub struct Ports {
    /// Of the authorization server.
    pub authorization: u16,
    /// Of the API server.
    pub api: u16,
    /// Of the application, and so of its redirection URI.
    pub app: u16,
}

/// Where a server listens. It goes by a loopback address either way: a client goes to no authorization endpoint in clear
/// text on another machine, so there is no other name that it could have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: for this machine, or for all that can reach it
pub enum Listen {
    /// On every address of the machine, of this family.
    ///
    /// **What it gives away.** Whoever can reach the machine can use the server, and everything on it, passwords and
    /// tokens included, travels in clear. Requests are answered whatever host they name, too. It is for a test network
    /// that is closed otherwise, such as that of a container whose ports are forwarded to this machine.
    DangerouslyEverywhere(Family),
    /// On the loopback address of this family: only this machine reaches it.
    Loopback(Family),
}

/// A family of IP addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: the two that there are
pub enum Family {
    /// `127.0.0.1`, or `0.0.0.0` for every address.
    #[default]
    V4,
    /// `[::1]`, or `[::]` for every address.
    V6,
}

/// By which host each of the three servers goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::exhaustive_structs)] // complete: the three servers, written as a literal
pub struct Hosts {
    /// The authorization server.
    pub authorization: Host,
    /// The API server.
    pub api: Host,
    /// The application, and so its redirection URI.
    pub app: Host,
}

/// A host of this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums)] // complete: the two that need no set-up
pub enum Host {
    /// The loopback address that the server listens on.
    #[default]
    Address,
    /// `localhost`, which every browser takes for this machine.
    Localhost,
}

impl Default for Listen {
    fn default() -> Self {
        Self::Loopback(Family::default())
    }
}

impl Listen {
    /// The address to bind.
    pub(crate) const fn address(self) -> IpAddr {
        match self {
            Self::DangerouslyEverywhere(Family::V4) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Self::DangerouslyEverywhere(Family::V6) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            Self::Loopback(family) => family.loopback(),
        }
    }

    /// A host and a port as they stand in a URI whose scheme has this port unless it says another.
    pub(crate) fn authority(self, host: Host, port: u16, default_port: u16) -> String {
        let (Self::DangerouslyEverywhere(family) | Self::Loopback(family)) = self;
        let host = match (host, family.loopback()) {
            (Host::Localhost, _) => "localhost".to_owned(),
            (Host::Address, IpAddr::V4(address)) => address.to_string(),
            (Host::Address, IpAddr::V6(address)) => format!("[{address}]"),
        };
        if port == default_port { host } else { format!("{host}:{port}") }
    }
}

impl Family {
    const fn loopback(self) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Self::V6 => IpAddr::V6(Ipv6Addr::LOCALHOST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_called_by_what_a_browser_can_open() {
        for (listen, address, host, port, expected) in [
            (Listen::Loopback(Family::V4), "127.0.0.1", Host::Address, 8080, "127.0.0.1:8080"),
            (Listen::Loopback(Family::V4), "127.0.0.1", Host::Address, 80, "127.0.0.1"),
            (Listen::Loopback(Family::V4), "127.0.0.1", Host::Localhost, 8080, "localhost:8080"),
            (Listen::Loopback(Family::V6), "::1", Host::Address, 8080, "[::1]:8080"),
            (Listen::Loopback(Family::V6), "::1", Host::Localhost, 80, "localhost"),
            (Listen::DangerouslyEverywhere(Family::V4), "0.0.0.0", Host::Address, 8080, "127.0.0.1:8080"),
            (Listen::DangerouslyEverywhere(Family::V6), "::", Host::Address, 8080, "[::1]:8080"),
        ] {
            assert_eq!(listen.address().to_string(), address);
            assert_eq!(listen.authority(host, port, 80), expected);
        }
    }
}

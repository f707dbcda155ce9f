//! How much of everything one caller, and all of them, may have.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;

/// What the authorization server, the API server and the application take at most. Sizes and the time that a head or a body may
/// take are not among them: they are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// The most connections of each server; 512 unless set. More wait in the system's queue.
    pub connections: NonZeroU32,
    /// How long a connection takes requests, in **seconds**; 600 unless set. An answer under way then has 10 seconds more to be
    /// made and read.
    pub connection_lifetime: NonZeroU32,
    /// How many logins may be tried from one address in a minute; 60 unless set. So many may also come at once, and then one each
    /// time that its share of the minute has passed. Beyond that the answer is 429.
    pub logins_per_minute: NonZeroU32,
    /// How many requests to the authorization server one address may send in a second; as many as it likes unless set. Beyond that
    /// the answer is 429. So many may also come at once.
    pub requests_per_second: Option<NonZeroU32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: NonZeroU32::MIN.saturating_add(511),
            connection_lifetime: NonZeroU32::MIN.saturating_add(599),
            logins_per_minute: NonZeroU32::MIN.saturating_add(59),
            requests_per_second: None,
        }
    }
}

/// Where a connection comes from, as far as it counts: of an IPv6 address the network, as whoever has one address there has
/// all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Caller(IpAddr);

impl From<SocketAddr> for Caller {
    fn from(address: SocketAddr) -> Self {
        Self(match address.ip().to_canonical() {
            IpAddr::V6(address) => {
                const NETWORK: u128 = !(u64::MAX as u128);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK))
            }
            address => address,
        })
    }
}

/// How often each caller may do something.
#[derive(Debug)]
pub(crate) struct Rate {
    limiter: DefaultKeyedRateLimiter<Caller>,
    asked: AtomicU32,
}

/// Whoever it was has done it too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooOften;

impl Rate {
    /// After so many questions, those are forgotten whose answer would be the same without.
    const FORGETS_AFTER: u32 = 4096;

    pub(crate) fn per_second(times: NonZeroU32) -> Self {
        Self::of(Quota::per_second(times))
    }

    pub(crate) fn per_minute(times: NonZeroU32) -> Self {
        Self::of(Quota::per_minute(times))
    }

    fn of(quota: Quota) -> Self {
        Self { limiter: RateLimiter::keyed(quota), asked: AtomicU32::new(0) }
    }

    /// Whether this caller may do it now.
    pub(crate) fn allows(&self, caller: Caller) -> Result<(), TooOften> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % Self::FORGETS_AFTER == Self::FORGETS_AFTER - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&caller).map_err(|_| TooOften)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(address: &str) -> Caller {
        Caller::from(SocketAddr::new(address.parse().unwrap(), 1))
    }

    #[test]
    fn a_caller_is_an_address_or_a_network() {
        assert_eq!(caller("127.0.0.1"), caller("::ffff:127.0.0.1"));
        assert_ne!(caller("127.0.0.1"), caller("127.0.0.2"));
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::2:3:4:5"));
        assert_ne!(caller("2001:db8::1"), caller("2001:db8:0:1::1"));
    }

    #[test]
    fn each_caller_has_a_number_of_its_own() {
        let rate = Rate::per_minute(NonZeroU32::new(2).unwrap());
        let (one, other) = (caller("127.0.0.1"), caller("127.0.0.2"));
        assert_eq!([one, one, one].map(|caller| rate.allows(caller)), [Ok(()), Ok(()), Err(TooOften)]);
        assert_eq!(rate.allows(other), Ok(()));
    }

    #[test]
    fn callers_of_long_ago_are_forgotten() {
        let rate = Rate::per_second(NonZeroU32::new(u32::MAX).unwrap());
        for number in 0..2 * Rate::FORGETS_AFTER {
            assert_eq!(rate.allows(Caller(IpAddr::V4(number.into()))), Ok(()));
        }
        assert!(rate.limiter.len() <= usize::try_from(Rate::FORGETS_AFTER).unwrap());
    }
}

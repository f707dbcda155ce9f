//! What browsers are told, beyond what every answer says.

use std::fmt;

use serde::Deserialize;

/// A `Cross-Origin-Opener-Policy`: whether a page and the window that opened it, or that it opens, keep hold of each
/// other (HTML section 7.1.3). Where they do not, `window.opener` is null on the one side and the popup reads as closed
/// on the other, though nobody has closed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OpenerPolicy {
    /// The page keeps hold of what it opens and is cut off from whatever has opened it.
    NoopenerAllowPopups,
    /// The page keeps hold of pages of its own origin with the same policy and of no others.
    SameOrigin,
    /// The same, but it keeps hold of popups that have no policy.
    SameOriginAllowPopups,
}

impl OpenerPolicy {
    /// The header's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoopenerAllowPopups => "noopener-allow-popups",
            Self::SameOrigin => "same-origin",
            Self::SameOriginAllowPopups => "same-origin-allow-popups",
        }
    }
}

impl fmt::Display for OpenerPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! The windows of a user agent, as far as a page in one of them can tell.

/// What window a page finds itself in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // a window has a parent, an opener, or neither
pub enum Window {
    /// Inside another page.
    Frame,
    /// Opened by another page.
    Popup,
    /// By itself.
    #[default]
    Top,
}

impl Window {
    /// The window in one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Popup => "popup",
            Self::Top => "top",
        }
    }
}

/// Which window a message came from, as far as the receiving page can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the windows that the session has ordered, the channel between tabs, and the rest
pub enum Source {
    /// No window in particular: a channel or a storage event, which only pages of one origin share.
    Channel,
    /// The hidden frame that the session had opened.
    Frame,
    /// Any other window.
    Other,
    /// The popup that the session had opened.
    Popup,
}

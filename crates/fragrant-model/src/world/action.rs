//! What can happen in the world, one thing at a time, and how it is written down.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use fragrant::client::Purpose;

use super::browser::{Opener, Slot};
use super::term::Term;

/// One thing that happens. Its text form is what the gallery keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A user logs in and decides on a page of the server.
    Answer { user: u8, tab: u8, grants: bool },
    /// The attacker's page has the consent page in a frame, and the user clicks on it unaware.
    ClickConsent { user: u8 },
    /// The attacker's page tells an application to call an address of the attacker's choice.
    DeepLink { user: u8, slot: Slot },
    /// A hidden frame is loaded.
    FrameLoads { user: u8, slot: Slot },
    /// The attacker picks up what has come his way.
    Learn { term: Term },
    /// A user follows a link of the attacker's, or is sent there by a page of his.
    Lure { user: u8, tab: u8, opener: Opener, address: Arc<str> },
    /// A user decides on the consent page.
    Decide { user: u8, tab: u8, grants: bool },
    /// A user logs in on the login page.
    LogIn { user: u8, tab: u8 },
    /// Somebody else logs in at the browser.
    LogInOther { user: u8 },
    /// The attacker writes a record of his own request into a client's storage.
    Plant { user: u8, client: u8 },
    /// A page of the attacker's posts a message to a page of a client's.
    Post { user: u8, tab: u8, is_popup: bool, address: Arc<str> },
    /// The attacker hands a token to an honest client in his own browser.
    Present { client: u8, token: String },
    /// A page goes on with what came of its orders.
    Proceed { user: u8, slot: Slot },
    /// A user starts to sign in.
    Start { user: u8, tab: u8, client: u8, server: u8, purpose: Purpose },
    /// A user signs in at the attacker's client, of her own will.
    StartHostile { user: u8, tab: u8 },
    /// A page of the attacker's sends the consent form in.
    SubmitConsent { user: u8 },
    /// A user follows the link that lies there.
    Visit { user: u8 },
    /// Nearly an hour passes.
    Wait,
}

/// What of a bound an action uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    Lure,
    Nothing,
    Start,
    Wait,
}

impl Action {
    pub(crate) const fn cost(&self) -> Cost {
        match self {
            Self::Start { .. } | Self::StartHostile { .. } => Cost::Start,
            Self::ClickConsent { .. }
            | Self::DeepLink { .. }
            | Self::Lure { .. }
            | Self::LogInOther { .. }
            | Self::Plant { .. }
            | Self::Post { .. }
            | Self::SubmitConsent { .. } => Cost::Lure,
            Self::Wait => Cost::Wait,
            Self::Answer { .. }
            | Self::Decide { .. }
            | Self::FrameLoads { .. }
            | Self::Learn { .. }
            | Self::LogIn { .. }
            | Self::Present { .. }
            | Self::Proceed { .. }
            | Self::Visit { .. } => Cost::Nothing,
        }
    }

    /// In whose browser it happens; `None` if it happens everywhere, or in the attacker's own.
    pub(crate) const fn user(&self) -> Option<u8> {
        match self {
            Self::Answer { user, .. }
            | Self::ClickConsent { user }
            | Self::DeepLink { user, .. }
            | Self::FrameLoads { user, .. }
            | Self::Lure { user, .. }
            | Self::Decide { user, .. }
            | Self::LogIn { user, .. }
            | Self::LogInOther { user }
            | Self::Plant { user, .. }
            | Self::Post { user, .. }
            | Self::Proceed { user, .. }
            | Self::Start { user, .. }
            | Self::StartHostile { user, .. }
            | Self::SubmitConsent { user }
            | Self::Visit { user } => Some(*user),
            Self::Learn { .. } | Self::Present { .. } | Self::Wait => None,
        }
    }

    /// Whether a stranger is behind it: nothing that he builds may end an honest sign-in.
    pub(crate) const fn is_attack(&self) -> bool {
        matches!(self.cost(), Cost::Lure) || matches!(self, Self::Visit { .. })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes = |yes: &bool| if *yes { "yes" } else { "no" };
        match self {
            Self::Answer { user, tab, grants } => write!(f, "answer {user} {tab} {}", yes(grants)),
            Self::ClickConsent { user } => write!(f, "click_consent {user}"),
            Self::DeepLink { user, slot } => write!(f, "deep_link {user} {slot}"),
            Self::FrameLoads { user, slot } => write!(f, "frame_loads {user} {slot}"),
            Self::Learn { term: Term::Password { user, server } } => {
                write!(f, "learn password {user}.{server}")
            }
            Self::Learn { term: Term::State(state) } => write!(f, "learn state {state}"),
            Self::Learn { term: Term::Token(token) } => write!(f, "learn token {token}"),
            Self::Lure { user, tab, opener, address } => write!(f, "lure {user} {tab} {opener} {address}"),
            Self::Decide { user, tab, grants } => write!(f, "decide {user} {tab} {}", yes(grants)),
            Self::LogIn { user, tab } => write!(f, "log_in {user} {tab}"),
            Self::LogInOther { user } => write!(f, "log_in_other {user}"),
            Self::Plant { user, client } => write!(f, "plant {user} {client}"),
            Self::Post { user, tab, is_popup, address } => {
                write!(f, "post {user} {tab} {} {address}", yes(is_popup))
            }
            Self::Present { client, token } => write!(f, "present {client} {token}"),
            Self::Proceed { user, slot } => write!(f, "proceed {user} {slot}"),
            Self::Start { user, tab, client, server, purpose } => {
                write!(f, "start {user} {tab} {client} {server} {}", purpose.as_str())
            }
            Self::StartHostile { user, tab } => write!(f, "start_hostile {user} {tab}"),
            Self::SubmitConsent { user } => write!(f, "submit_consent {user}"),
            Self::Visit { user } => write!(f, "visit {user}"),
            Self::Wait => f.write_str("wait"),
        }
    }
}

/// A line that is no action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoAction;

impl FromStr for Action {
    type Err = NoAction;

    fn from_str(line: &str) -> Result<Self, NoAction> {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |text: &str| text.parse::<u8>().map_err(|_| NoAction);
        let yes = |text: &str| match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(NoAction),
        };
        Ok(match words[..] {
            ["answer", user, tab, grants] => {
                Self::Answer { user: number(user)?, tab: number(tab)?, grants: yes(grants)? }
            }
            ["click_consent", user] => Self::ClickConsent { user: number(user)? },
            ["deep_link", user, slot] => Self::DeepLink { user: number(user)?, slot: slot.parse()? },
            ["frame_loads", user, slot] => Self::FrameLoads { user: number(user)?, slot: slot.parse()? },
            ["learn", "password", both] => {
                let (user, server) = both.split_once('.').ok_or(NoAction)?;
                Self::Learn { term: Term::Password { user: number(user)?, server: number(server)? } }
            }
            ["learn", "state", state] => Self::Learn { term: Term::State(state.into()) },
            ["learn", "token", token] => Self::Learn { term: Term::Token(token.into()) },
            ["lure", user, tab, opener, address] => Self::Lure {
                user: number(user)?,
                tab: number(tab)?,
                opener: opener.parse()?,
                address: address.into(),
            },
            ["decide", user, tab, grants] => {
                Self::Decide { user: number(user)?, tab: number(tab)?, grants: yes(grants)? }
            }
            ["log_in", user, tab] => Self::LogIn { user: number(user)?, tab: number(tab)? },
            ["log_in_other", user] => Self::LogInOther { user: number(user)? },
            ["plant", user, client] => Self::Plant { user: number(user)?, client: number(client)? },
            ["post", user, tab, is_popup, address] => Self::Post {
                user: number(user)?,
                tab: number(tab)?,
                is_popup: yes(is_popup)?,
                address: address.into(),
            },
            ["present", client, token] => Self::Present { client: number(client)?, token: token.into() },
            ["proceed", user, slot] => Self::Proceed { user: number(user)?, slot: slot.parse()? },
            ["start", user, tab, client, server, purpose] => Self::Start {
                user: number(user)?,
                tab: number(tab)?,
                client: number(client)?,
                server: number(server)?,
                purpose: [Purpose::Popup, Purpose::Redirect]
                    .into_iter()
                    .find(|own| own.as_str() == purpose)
                    .ok_or(NoAction)?,
            },
            ["start_hostile", user, tab] => Self::StartHostile { user: number(user)?, tab: number(tab)? },
            ["submit_consent", user] => Self::SubmitConsent { user: number(user)? },
            ["visit", user] => Self::Visit { user: number(user)? },
            ["wait"] => Self::Wait,
            _ => return Err(NoAction),
        })
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(client) => write!(f, "app{client}"),
            Self::Tab(tab) => write!(f, "tab{tab}"),
        }
    }
}

impl FromStr for Slot {
    type Err = NoAction;

    fn from_str(text: &str) -> Result<Self, NoAction> {
        let number = |text: &str| text.parse().map_err(|_| NoAction);
        match (text.strip_prefix("app"), text.strip_prefix("tab")) {
            (Some(client), _) => Ok(Self::App(number(client)?)),
            (_, Some(tab)) => Ok(Self::Tab(number(tab)?)),
            _ => Err(NoAction),
        }
    }
}

impl fmt::Display for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attacker => f.write_str("attacker"),
            Self::Nobody => f.write_str("nobody"),
            Self::Tab(tab) => write!(f, "tab{tab}"),
        }
    }
}

impl FromStr for Opener {
    type Err = NoAction;

    fn from_str(text: &str) -> Result<Self, NoAction> {
        match text {
            "attacker" => Ok(Self::Attacker),
            "nobody" => Ok(Self::Nobody),
            _ => match text.parse()? {
                Slot::Tab(tab) => Ok(Self::Tab(tab)),
                Slot::App(_) => Err(NoAction),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_read_back_as_it_was_written() {
        let address = || "https://app1.example/cb#access_token=t".into();
        for action in [
            Action::Answer { user: 0, tab: 1, grants: true },
            Action::ClickConsent { user: 0 },
            Action::DeepLink { user: 0, slot: Slot::Tab(0) },
            Action::FrameLoads { user: 1, slot: Slot::App(1) },
            Action::Learn { term: Term::Password { user: 1, server: 0 } },
            Action::Learn { term: Term::State("00".into()) },
            Action::Learn { term: Term::Token("as1.u1.c1".into()) },
            Action::Lure { user: 0, tab: 0, opener: Opener::Attacker, address: address() },
            Action::Lure { user: 0, tab: 0, opener: Opener::Tab(1), address: address() },
            Action::Decide { user: 0, tab: 0, grants: false },
            Action::LogIn { user: 0, tab: 0 },
            Action::LogInOther { user: 0 },
            Action::Plant { user: 0, client: 1 },
            Action::Post { user: 0, tab: 0, is_popup: true, address: address() },
            Action::Present { client: 0, token: "as1.u1.m".into() },
            Action::Proceed { user: 0, slot: Slot::Tab(1) },
            Action::Start { user: 1, tab: 0, client: 1, server: 0, purpose: Purpose::Popup },
            Action::StartHostile { user: 0, tab: 0 },
            Action::SubmitConsent { user: 0 },
            Action::Visit { user: 0 },
            Action::Wait,
        ] {
            assert_eq!(action.to_string().parse(), Ok(action));
        }
        for bad in ["", "wait 1", "start 0 0 0 0 frame", "lure 0 0 app1 x", "learn state"] {
            assert_eq!(bad.parse::<Action>(), Err(NoAction), "{bad}");
        }
    }
}

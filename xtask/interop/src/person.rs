//! Jane at a user agent: she logs in when she is asked to, and presses what she has been told to press.

use crate::page::Page;
use crate::user_agent::{Arrival, UserAgent};
use crate::{PASSWORD, USER};

/// How many pages a server shows at most before it answers.
const MAX_PAGES: usize = 4;

/// What came of an authorization request.
pub(crate) enum Came {
    /// The redirection URI, with what stood in it.
    Address(String),
    /// A page on which Jane had nothing to decide.
    Page(Page),
}

/// Opens the address in a browser that nobody has used before, and goes on until it is over. `words` are on what she
/// presses when the page asks for her consent; without any she only looks.
pub(crate) fn browse(url: &str, redirect_uri: &str, words: Option<&str>) -> Came {
    let mut user_agent = UserAgent::new(redirect_uri);
    let mut arrival = user_agent.open(url);
    for _ in 0..MAX_PAGES {
        let page = match arrival {
            Arrival::RedirectionUri(address) => return Came::Address(address),
            Arrival::Page(page) => page,
        };
        let step = match words {
            Some(_) if page.status == 200 && page.asks_for_a_password() => page.log_in(USER, PASSWORD),
            Some(words) if page.status == 200 => page.press(words),
            _ => return Came::Page(page),
        };
        arrival = user_agent.take(step);
    }
    panic!("more than {MAX_PAGES} pages");
}

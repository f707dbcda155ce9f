//! Holds a session: every input that a small program has, and every order by its word. Answers with the number of orders.

#![no_std]
#![no_main]

extern crate alloc;

use fragrant::client::session::{Input, Session, Settings, Timer, Window};
use fragrant::client::{Client, Purpose};
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy, RedirectUri, Timestamp};

#[unsafe(no_mangle)]
extern "C" fn _start(answer: &[u8; 512], len: usize) -> usize {
    run(answer, len).unwrap_or(0)
}

fn run(answer: &[u8; 512], len: usize) -> Option<usize> {
    let client = Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new("https://as.example/authorize").ok()?,
        ClientId::new("s6BhdRkqt3").ok()?,
        RedirectUri::new("https://app.example/cb").ok()?,
    );
    let mut session = Session::new(client, Settings::DEFAULT);
    let (address, mut orders) = (fragrant_size::text(answer, len)?, 0);
    for seconds in 0..u64::try_from(len).ok()? {
        let input = match seconds % 6 {
            0 => Input::PageLoaded { address: address.into(), window: Window::Top },
            1 => {
                let request = alloc::boxed::Box::new(session.client().authorization_request());
                Input::SignInRequested { purpose: Purpose::Redirect, request, text: None }
            }
            2 => Input::EntropyDrawn { entropy: Entropy::new([answer[0]; Entropy::LEN]) },
            3 => Input::TimerFired { timer: Timer::Renewal },
            4 => Input::TokenLoaded { record: Some(address.into()) },
            _ => Input::SignOutRequested,
        };
        session.handle(input, Timestamp::from_unix_seconds(seconds)).ok()?;
        while let Some(order) = session.next_effect() {
            orders += order.as_str().len();
        }
    }
    Some(orders)
}

//! A session in a native program: the receiver tells it what has come, and its phase says whether the waiting is over.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use fragrant::client::session::{Effect, Input, Phase, Session, Settings, Window};
use fragrant::client::{Client, Purpose};
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy};
use fragrant_http::receiver::LoopbackReceiver;

use crate::scenario::{LIMIT, NOW, Waiting};

/// A program: its session, its store of requests, and where it has sent the user last.
struct Program {
    session: Session,
    store: BTreeMap<String, String>,
    sent_to: Option<String>,
}

impl Program {
    fn tell(&mut self, fact: Input) {
        let mut next = Some(fact);
        while let Some(fact) = next.take() {
            self.session.handle(fact, NOW).unwrap();
            while let Some(order) = self.session.next_effect() {
                next = self.carry_out(order);
            }
        }
    }

    fn carry_out(&mut self, order: Effect) -> Option<Input> {
        match order {
            Effect::DrawEntropy => Some(Input::EntropyDrawn { entropy: Entropy::new([7; Entropy::LEN]) }),
            Effect::StorePending { pending } => {
                self.store.insert(pending.key().to_text(), pending.encode());
                Some(Input::PendingStored { key: pending.key() })
            }
            Effect::TakePending { key } => {
                Some(Input::PendingTaken { key, record: self.store.remove(&key.to_text()) })
            }
            Effect::NavigateTo { url } => {
                self.sent_to = Some(url.as_str().to_owned());
                None
            }
            // Timers, the history and the store of tokens are nothing that this test is about.
            _ => None,
        }
    }

    /// The state of the request that is under way, as a server would send it back.
    fn state(&self) -> String {
        let (_, rest) = self.sent_to.as_ref().unwrap().split_once("&state=").unwrap();
        rest.split('&').next().unwrap().into()
    }
}

/// Signs in, gets these two answers (with the state in the place of `STATE`), and gives the phase that ended the waiting.
fn signed_in_by(first: &str, second: &str) -> Phase {
    let receiver = LoopbackReceiver::bind().unwrap();
    let redirect_uri = receiver.redirect_uri().clone();
    let endpoint = AuthorizationEndpoint::new("https://as.example/authorize").unwrap();
    let client = Client::new(Profile::STRICT, endpoint, ClientId::new("client").unwrap(), redirect_uri);
    let request = Box::new(client.authorization_request());
    let session = Session::new(client, Settings::default());
    let mut program = Program { session, store: BTreeMap::new(), sent_to: None };
    program.tell(Input::SignInRequested { purpose: Purpose::Redirect, request, text: None });
    let state = program.state();
    let waiting = Waiting::with(receiver, move |receiver| {
        receiver.wait(Duration::from_secs(LIMIT), |address| {
            let address = address.reveal_secret().to_owned();
            program.tell(Input::PageLoaded { address, window: Window::Top });
            match program.session.phase() {
                Phase::SigningIn(_) => ControlFlow::Continue(None),
                phase => ControlFlow::Break(phase),
            }
        })
    });
    assert_eq!(waiting.hand_in(&waiting.key(), first), 409);
    assert_eq!(waiting.hand_in(&waiting.key(), &second.replace("STATE", &state)), 204);
    waiting.outcome().unwrap()
}

#[test]
fn a_session_takes_what_comes_and_its_phase_says_when_it_is_over() {
    for forged in
        ["#access_token=planted&token_type=bearer&state=guessed", "#error=access_denied&state=guessed", ""]
    {
        let phase =
            signed_in_by(forged, "#access_token=planted&token_type=bearer&expires_in=3600&state=STATE");
        assert!(matches!(phase, Phase::SignedIn(_)), "{forged}: {phase:?}");
        assert_eq!(signed_in_by(forged, "#error=access_denied&state=STATE"), Phase::Failed, "{forged}");
    }
}

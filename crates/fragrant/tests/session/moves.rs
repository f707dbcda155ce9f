//! Every phase and every input: what is taken where, and that what is not taken changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fragrant::client::session::{Cause, HandleError, InputKind, Phase, Settings, Tabs, TokenStore};
use fragrant::walk::{Walk, every_input};

/// With everything that can be set: several tabs, and a token that is stored.
pub(crate) fn walk() -> &'static Walk {
    static WALK: LazyLock<Walk> = LazyLock::new(|| {
        Walk::new(Settings::default().with_tabs(Tabs::Several).with_token_store(TokenStore::Persistent))
    });
    &WALK
}

#[test]
fn every_phase_is_reached() {
    let walk = walk();
    let reached: BTreeSet<Phase> = walk.sessions().map(|session| session.phase()).collect();
    assert_eq!(reached, Phase::ALL.iter().copied().collect());
}

#[test]
fn every_pair_of_phase_and_input_is_tried_and_what_is_not_taken_changes_nothing() {
    let walk = walk();
    let mut tried: BTreeMap<(Phase, InputKind), (usize, usize)> = BTreeMap::new();
    for session in walk.sessions() {
        // Once more after the clock has gone back, which moves the token's and the timers' moments.
        let back = every_input(session).into_iter().map(|(input, now)| (input, now.saturating_sub(7200)));
        for (input, now) in every_input(session).into_iter().chain(back) {
            let kind = input.kind();
            let mut other = session.clone();
            let (taken, refused) = tried.entry((session.phase(), kind)).or_default();
            match other.handle(input, now) {
                Ok(()) => *taken += 1,
                Err(error) => {
                    if let HandleError::UnexpectedInput { input, phase } = error {
                        assert_eq!((input, phase), (kind, session.phase()));
                    }
                    assert_eq!(
                        other.snapshot(),
                        session.snapshot(),
                        "{kind} while {}: {error}",
                        session.phase()
                    );
                    assert_eq!(other.next_effect(), None, "{kind} while {}", session.phase());
                    *refused += 1;
                }
            }
        }
    }
    assert_eq!(tried.len(), Phase::ALL.len() * InputKind::ALL.len());
    // Some pairs must never be taken, whatever the input holds.
    for (input, phase) in [
        (InputKind::ApiRequested, Phase::SignedOut),
        (InputKind::EntropyDrawn, Phase::SignedOut),
        (InputKind::SignInRequested, Phase::HandedOver),
        (InputKind::PageLoaded, Phase::HandedOver),
        (InputKind::TokenLoaded, Phase::SignedOut),
        (InputKind::MessageReceived, Phase::SignedOut),
    ] {
        assert_eq!(tried[&(phase, input)].0, 0, "{input} while {phase}");
    }
    assert!(
        tried.iter().filter(|((phase, _), _)| *phase == Phase::HandedOver).all(|(_, (taken, _))| *taken == 0)
    );
}

/// Each cause comes about in some way. Those that the few answers of the walk do not bring about have tests by their name in
/// `renewal`, `reviewed` and `sign_in`.
#[test]
fn every_cause_comes_about() {
    let never: Vec<_> = Cause::ALL.iter().filter(|cause| !walk().causes().contains(cause)).collect();
    let elsewhere = [
        Cause::AccessDenied,
        Cause::AccountSelectionRequired,
        Cause::AnotherSignIn,
        Cause::ConsentRequired,
        Cause::InteractionRequired,
        Cause::ServerRefused,
        Cause::TooManyAttempts,
    ];
    assert_eq!(never, elsewhere.iter().collect::<Vec<_>>());
}

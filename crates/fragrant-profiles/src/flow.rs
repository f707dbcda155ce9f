//! The grant as a provider's guide tells it: one move after the other.

use fragrant::actor::{Actor, Step};

/// One move: who does what to whom, in which of the four steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Move {
    /// How the guide numbers it (`13`, `G`). A guide that counts in larger portions has moves of one label in a row.
    pub label: &'static str,
    /// What happens, in a few words.
    pub title: &'static str,
    /// Who makes it.
    pub from: Actor,
    /// Who sees it.
    pub to: Actor,
    /// The step it belongs to.
    pub step: Step,
    /// What kind of move it is, whatever the guide calls it.
    pub kind: MoveKind,
    /// Whether a login session or an earlier consent can make it unnecessary.
    pub can_be_skipped: bool,
}

/// What kind of move it is, so that the moves of two guides can be compared and a recorded run be labelled.
///
/// In the order in which they happen in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MoveKind {
    /// The resource owner opens the application's page.
    PageOpened,
    /// The page shows a control that begins the login.
    ControlShown,
    /// The client sends the user agent to the authorization endpoint.
    AuthorizationRequested,
    /// The authorization server shows its login page.
    LoginShown,
    /// The resource owner enters credentials.
    CredentialsEntered,
    /// The authorization server says what is asked for, and by whom.
    ConsentShown,
    /// The resource owner allows or denies it.
    DecisionMade,
    /// The authorization server redirects with the answer in the fragment.
    AnswerRedirected,
    /// The user agent asks for the redirect page, and keeps the fragment to itself.
    RedirectPageRequested,
    /// The redirect page comes with its script.
    RedirectPageServed,
    /// The script takes the answer out of the fragment.
    TokenExtracted,
    /// The client has the token.
    TokenHandedOver,
    /// The client asks for the next token before this one ends.
    RenewalRequested,
    /// The client calls the API.
    ApiCalled,
    /// The API answers.
    ApiAnswered,
    /// The client shows what the API said.
    ResultDisplayed,
    /// The resource owner sees it.
    ResultViewed,
}

impl MoveKind {
    /// The names of the protocol's messages that such a move can carry, as in [`fragrant::spec::MESSAGES`]; empty for
    /// what happens on pages and between a page and a person.
    pub const fn messages(self) -> &'static [&'static str] {
        match self {
            Self::AuthorizationRequested | Self::RenewalRequested => &["AuthorizationRequest"],
            Self::AnswerRedirected => &["AccessTokenResponse", "ErrorResponse"],
            Self::ApiCalled => &["ResourceRequest"],
            // Only a refusal: what the API says otherwise is its own business.
            Self::ApiAnswered => &["BearerChallenge"],
            _ => &[],
        }
    }
}

/// A move in short form; the tables stay readable as tables.
pub(crate) const fn a_move(
    label: &'static str,
    step: Step,
    from: Actor,
    to: Actor,
    kind: MoveKind,
    title: &'static str,
) -> Move {
    Move { label, title, from, to, step, kind, can_be_skipped: false }
}

/// A move that a login session or an earlier consent can make unnecessary.
pub(crate) const fn skippable(a_move: Move) -> Move {
    Move { can_be_skipped: true, ..a_move }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use fragrant::spec::MESSAGES;

    use super::*;
    use crate::{ALL, procore, rfc6749, ringcentral};

    #[test]
    fn every_kind_is_in_the_order_of_a_run() {
        for provider in ALL {
            assert!(provider.moves.is_sorted_by_key(|a_move| a_move.step), "{}", provider.id);
            assert!(provider.moves.is_sorted_by(|one, next| one.kind < next.kind), "{}", provider.id);
        }
    }

    #[test]
    fn a_kind_of_move_belongs_to_one_step_whoever_tells_it() {
        let all = || ALL.iter().flat_map(|provider| provider.moves);
        for own in all() {
            assert!(all().all(|other| other.kind != own.kind || other.step == own.step), "{own:?}");
        }
    }

    #[test]
    fn labels_are_those_of_the_guides() {
        let labels = |moves: &'static [Move]| -> Vec<&str> {
            let mut labels: Vec<&str> = moves.iter().map(|a_move| a_move.label).collect();
            labels.dedup();
            labels
        };
        assert_eq!(labels(ringcentral::MOVES), ["1", "2", "3", "4"]);
        assert!(ringcentral::MOVES.iter().all(|own| own.label.parse() == Ok(own.step.number())));
        let thirteen = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
        assert_eq!(labels(procore::MOVES), thirteen);
        assert_eq!(procore::MOVES.len(), thirteen.len());
        assert_eq!(labels(rfc6749::MOVES), ["A", "B", "C", "D", "E", "F", "G"]);
        assert_eq!(rfc6749::MOVES.len(), 7);
    }

    #[test]
    fn a_move_that_carries_a_message_goes_where_the_message_goes() {
        for provider in [&ringcentral::PROVIDER, &procore::PROVIDER] {
            let mut carried = Vec::new();
            for a_move in provider.moves {
                for name in a_move.kind.messages() {
                    let message = MESSAGES.iter().find(|message| message.name == *name).unwrap();
                    assert_eq!((a_move.from, a_move.to), (message.from, message.to), "{a_move:?}");
                    // A renewal is the same message in a later step.
                    assert!(
                        a_move.step == message.step || a_move.kind == MoveKind::RenewalRequested,
                        "{a_move:?}"
                    );
                    carried.push(*name);
                }
            }
            assert!(MESSAGES.iter().all(|message| carried.contains(&message.name)), "{}", provider.id);
        }
    }
}

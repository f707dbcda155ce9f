//! The client's session: `fragrant::walk` tells it every input in every phase.

use fragrant::client::session::{self, Effect, InputKind, Settings, Tabs, TokenStore};
use fragrant::walk::{Walk, clients};

use super::{Found, Machine, Order, Phase, expect_all_reached};
use crate::document::GatherError;

pub(super) fn machine() -> Result<Machine, GatherError> {
    let settings = Settings::DEFAULT.with_tabs(Tabs::Several).with_token_store(TokenStore::Persistent);
    let walk = |client| Walk::of(client, settings);
    // Side by side, as each takes seconds without optimisation.
    let walks: Vec<Walk> = std::thread::scope(|scope| {
        let running: Vec<_> = clients().map(|client| scope.spawn(move || walk(client))).collect();
        running.into_iter().map(|walk| walk.join()).collect::<Result<_, _>>()
    })
    .map_err(|_| GatherError::new("session", "the walk through its phases broke off"))?;
    let index = |phase| session::Phase::ALL.iter().position(|own| *own == phase).unwrap_or_default();
    let mut found = Found::default();
    for (from, input, to, orders) in walks.iter().flat_map(Walk::moves) {
        found.add(index(from), input.as_str(), index(to), orders.into_iter().map(Into::into));
    }
    let phases: Vec<Phase> = session::Phase::ALL.iter().map(phase).collect();
    let order = |(word, can_fail, answers): &(&str, bool, &[InputKind])| Order {
        word: (*word).into(),
        can_fail: *can_fail,
        answered_by: answers.iter().map(|kind| kind.as_str().into()).collect(),
    };
    let machine = Machine {
        name: "session".into(),
        initial: session::Phase::SignedOut.to_string(),
        transitions: found.into_transitions(&phases),
        phases,
        inputs: InputKind::ALL.iter().map(|kind| kind.as_str().into()).collect(),
        orders: Effect::TABLE.iter().map(order).collect(),
    };
    expect_all_reached(&machine)?;
    Ok(machine)
}

fn phase(phase: &session::Phase) -> Phase {
    let outer = phase.path().split_last().map_or(&[][..], |(_, outer)| outer);
    Phase {
        name: phase.to_string(),
        within: outer.iter().map(|name| (*name).into()).collect(),
        explanation: phase.explanation().into(),
    }
}

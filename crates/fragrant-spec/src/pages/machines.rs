//! The two machines: a page each, with a chart of the whole, a chart of every move, and tables.

use std::collections::{BTreeMap, BTreeSet};

use super::markdown::{Page, code, codes, yes};
use super::state_chart;
use crate::document::{Document, Machine, Transition};
use crate::files::File;

pub(super) fn files(document: &Document) -> Vec<File> {
    let mut files = Vec::new();
    for machine in &document.machines {
        let (title, about) = match machine.name.as_str() {
            "session" => ("The session", SESSION),
            _ => ("The authorization server", SERVER),
        };
        let (whole, moves) = (format!("{}.svg", machine.name), format!("{}-moves.svg", machine.name));
        let mut page = Page::new(title);
        page.paragraph(about);
        page.heading("The whole");
        page.paragraph(
            "An arrow down is on the right, an arrow up on the left. Colours mean nothing: they only keep the arrows of one phase apart from \
             those of the next. By what each move is made, the next chart says.",
        );
        page.picture(&whole, "The phases in a column, with arrows between those that lead to each other.");
        let rows = machine.phases.iter().map(|phase| [phase.name.clone(), phase.explanation.clone()]);
        page.table(
            [
                "phase",
                if machine.name == "session" {
                    "what is waited for"
                } else {
                    "what is known, and what comes next"
                },
            ],
            rows,
        );
        page.heading("Every move");
        page.paragraph(
            "What stays where it is, is left out. What every phase within another does alike is written once, at the top of that one.",
        );
        page.picture(&moves, "Each phase with its inputs, and where each leads.");
        page.folded(&[], &state_chart::mermaid(machine));
        files.push(File::new(whole, state_chart::whole(machine, title)));
        files.push(File::new(moves, state_chart::moves(machine, &format!("{title}: every move"))));
        taken(&mut page, machine);
        if machine.name == "session" {
            orders(&mut page, machine);
        }
        files.push(File::new(format!("{}.md", machine.name), page.into_text()));
    }
    files
}

const SESSION: &str = "`fragrant::client::session::Session` holds a signed-in user for a program that is driven by events. It is told facts and \
gives orders; it does no I/O, reads no clock and draws no random number. Tell it a fact with `handle`, then take its orders with \
`next_effect` until there is none; the last table says by which input each is answered. What can go wrong, and what helps, is on [the \
page about judging](judging.md#when-something-goes-wrong-in-a-session).";

const SERVER: &str = "`fragrant::authorization_server` takes a request to the one answer to it. Each state is a type that owns just its own data, \
and each move uses it up, so a wrong move does not compile. What can be tried was tried: requests of every kind, login sessions, decisions.";

fn taken(page: &mut Page, machine: &Machine) {
    page.heading("What is taken where");
    let is_session = machine.name == "session";
    page.paragraph(if is_session {
        "Every input that is taken in a phase, where it can lead, and what may be ordered on the way. What stands in no row is answered with \
         `UnexpectedInput` and changes nothing. The rows were written down on a walk that goes on from one session of many that differ \
         little, so a rare one may be missing. What many phases take and stay where they are stands once, at the end."
    } else {
        "Every move, where it leads, and what is said on the way: the error that the client is told, or the page that is shown."
    });
    let (everywhere, own): (Vec<&Transition>, Vec<&Transition>) = machine
        .transitions
        .iter()
        .partition(|own| is_session && own.from == own.to && is_common(machine, &own.input));
    let mut rows: Vec<[String; 4]> = own
        .into_iter()
        .map(|own| [own.from.clone(), code(&own.input), to(own), codes(&own.orders)])
        .collect();
    let mut common: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for own in everywhere {
        let (count, orders) = common.entry(&own.input).or_default();
        *count += 1;
        orders.extend(own.orders.iter().map(String::as_str));
    }
    for (input, (count, orders)) in common {
        rows.push([
            format!("{count} of {} phases", machine.phases.len()),
            code(input),
            "stays".into(),
            codes(orders),
        ]);
    }
    page.table(["in", "input", "to", if is_session { "may order" } else { "may say" }], rows);
}

/// Whether nearly every phase takes the input and stays where it is.
fn is_common(machine: &Machine, input: &str) -> bool {
    let staying = machine.transitions.iter().filter(|own| own.input == input && own.from == own.to).count();
    staying * 10 >= machine.phases.len() * 8
}

fn to(transition: &Transition) -> String {
    if transition.from == transition.to { "stays".into() } else { transition.to.clone() }
}

fn orders(page: &mut Page, machine: &Machine) {
    page.heading("What is ordered, and what answers it");
    let rows = machine.orders.iter().map(|order| {
        let answers = if order.answered_by.is_empty() { "nothing".into() } else { codes(&order.answered_by) };
        [code(&order.word), yes(order.can_fail), answers]
    });
    page.table(["order", "can fail", "is answered by"], rows);
}

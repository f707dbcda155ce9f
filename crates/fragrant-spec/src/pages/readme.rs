//! The front page: the cast and the four steps, for somebody who has never seen OAuth.

use super::markdown::{Page, sentence};
use crate::document::Document;

/// The pages, with what is on them.
const PAGES: [(&str, &str, &str); 4] = [
    ("messages.md", "Messages and parameters", "what is said, with every parameter"),
    ("judging.md", "Judging", "what is believed, what is refused, and what helps"),
    (
        "providers.md",
        "Providers",
        "RingCentral, Procore and the specification itself, with their guides' errata",
    ),
    ("attacks.md", "Attacks", "what an attacker can do where a mitigation is left out"),
];

pub(super) fn page(document: &Document) -> String {
    let mut page = Page::new("The OAuth 2.0 implicit grant");
    let notice = &document.notice;
    page.paragraph(&format!(
        "**Should you use it? No, not for anything new.** {} ({}, {}). Use {} instead. These pages are for who has to work \
         with the grant all the same, and for who wants to understand it.",
        sentence(&notice.what).trim_end_matches('.'),
        notice.source,
        notice.when,
        notice.instead
    ));
    page.heading("The cast");
    let actors =
        document.actors.iter().map(|actor| [format!("**{}**", actor.name), sentence(&actor.explanation)]);
    page.table(["", ""], actors);
    page.heading("Four steps");
    let steps = document.steps.iter().map(|step| {
        [step.number.to_string(), step.title.clone(), sentence(&step.explanation), step.citation.clone()]
    });
    page.table(["step", "", "", "source"], steps);
    page.heading("More");
    let pages = PAGES.map(|(path, title, about)| [format!("[{title}]({path})"), about.into()]);
    page.table(["page", "what is on it"], pages);
    page.paragraph(
        "All of it as data is in [model.json](model.json), with [its schema](model.schema.json), for other generators and \
         languages; in Rust it is `fragrant_spec::Document`.",
    );
    page.paragraph(
        "Every page here is written by `fragrant spec render` from the library: parameters from the tables that the codec \
         reads, moves by setting the machines going, runs from the recorder, attacks from the model. `fragrant spec check` \
         fails when a page says anything else than the code does.",
    );
    page.into_text()
}

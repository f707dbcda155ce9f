//! The front page: the cast and the four steps, for somebody who has never seen OAuth.

use super::cast;
use super::flows::{step_chart, step_path};
use super::markdown::{Page, code, sentence};
use crate::document::Document;
use crate::files::File;

/// The pages, with what is on them.
const PAGES: [(&str, &str, &str); 9] = [
    (
        "flows.md",
        "Runs",
        "whole runs with each provider: RingCentral's four steps, Procore's thirteen moves, renewal",
    ),
    ("errors.md", "When something goes wrong", "the same with something that goes wrong"),
    ("messages.md", "Messages and parameters", "what is said, with every parameter"),
    ("judging.md", "Judging", "what is believed, what is refused, and what helps"),
    (
        "providers.md",
        "Providers",
        "RingCentral, Procore and the specification itself, with their guides' errata",
    ),
    ("session.md", "The session", "the client as a machine: every phase, every move"),
    ("authorization_server.md", "The authorization server", "the same of the server"),
    ("attacks.md", "Attacks", "what an attacker can do where a mitigation is left out"),
    (
        "ledger.md",
        "Requirements",
        "what the specifications ask, which line keeps it, and which test shows it",
    ),
];

/// The parameters that a newcomer meets first.
const WORDS: [&str; 6] = ["client_id", "redirect_uri", "scope", "state", "access_token", "expires_in"];

pub(super) fn files(document: &Document) -> Vec<File> {
    let mut page = Page::new("The OAuth 2.0 implicit grant");
    let notice = &document.notice;
    page.paragraph(&format!(
        "> **Should you use it? No, not for anything new.** {} ({}, {}). Use {} instead. These pages are for who has to work \
         with the grant all the same, and for who wants to understand it.",
        sentence(&notice.what).trim_end_matches('.'),
        notice.source,
        notice.when,
        notice.instead
    ));
    page.paragraph(
        "Somebody wants an application to use an API on her behalf, and does not want to give it her password. So the \
         application sends her browser to a server that she trusts. There she logs in and says yes or no, and the server sends \
         the browser back, with a token. The token stands in the *fragment*, the part of an address behind the `#`, which a \
         browser keeps to itself: a script in the application's page reads it there, and calls the API with it.",
    );
    page.heading("The cast");
    page.picture("cast.svg", "The six actors, and in which of the four steps two of them meet.");
    let actors =
        document.actors.iter().map(|actor| [format!("**{}**", actor.name), sentence(&actor.explanation)]);
    page.table(["who", "what it is"], actors);
    page.heading("Four steps");
    page.paragraph(
        "One sign-in from beginning to end, as it was recorded. An arrow goes from who speaks to who hears it; below it stands \
         what goes over the wire, with secrets shortened.",
    );
    for step in &document.steps {
        if let Some(chart) = step_chart(document, step.number) {
            page.subheading(&chart.title);
            page.paragraph(&format!("{} {}.", sentence(&step.explanation), step.citation));
            page.picture(&step_path(step.number), &chart.sentences().join(" "));
        }
    }
    page.paragraph(
        "There is no refresh token. Before the token ends the client asks for another one in the same way. Where the server can \
         answer without showing a page, that happens in a frame that nobody sees ([as with RingCentral](flows.md#ringcentral)).",
    );
    page.heading("Words to know");
    let words = WORDS.iter().filter_map(|name| {
        let mut parameters = document.messages.iter().flat_map(|message| &message.parameters);
        parameters.find(|parameter| parameter.name == *name)
    });
    page.table(["parameter", "what it means"], words.map(|word| [code(&word.name), word.meaning.clone()]));
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
    vec![File::new("README.md", page.into_text()), File::new("cast.svg", cast::picture(document))]
}

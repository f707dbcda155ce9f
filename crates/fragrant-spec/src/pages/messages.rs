//! What is said: each message with its parameters, and what the providers add.

use super::markdown::{Page, code, codes, yes};
use crate::document::{Document, Message, Parameter, ProviderParameter};

pub(super) fn page(document: &Document) -> String {
    let mut page = Page::new("Messages and parameters");
    page.paragraph(
        "Each message with its parameters, as the library reads and writes them. A parameter that is not listed is passed \
         over; one that is listed and comes twice makes a message invalid, and in a request one that is not listed, too. In a bearer \
         challenge the first of two counts, and the fault is noted. (`code` and \
         `refresh_token` belong to other grants: they are known, and dropped.) A secret one is kept out of every log, error and page.",
    );
    for message in &document.messages {
        page.heading(&message.name);
        page.paragraph(&format!(
            "From the {} to the {}, in step {}. {}.",
            message.from, message.to, message.step, message.citation
        ));
        page.table(
            ["parameter", "in the", "need", "grammar", "what it means", "secret", "source"],
            message.parameters.iter().map(row),
        );
        own(&mut page, document, message);
    }
    page.into_text()
}

fn row(parameter: &Parameter) -> [String; 7] {
    [
        code(&parameter.name),
        parameter.place.clone(),
        parameter.need.clone(),
        code(&parameter.grammar),
        parameter.meaning.clone(),
        yes(parameter.is_secret),
        parameter.citation.clone(),
    ]
}

/// What the providers add to a message: whatever travels where its parameters do. Nobody adds to an error or a challenge.
fn own(page: &mut Page, document: &Document, message: &Message) {
    let place = match message.name.as_str() {
        "AuthorizationRequest" => "query",
        "AccessTokenResponse" => "fragment",
        "ResourceRequest" => "header",
        _ => return,
    };
    let rows = document.profiles.iter().flat_map(|profile| {
        let own = profile.parameters.iter().filter(|parameter| parameter.place == place);
        own.map(|parameter| own_row(&profile.name, parameter))
    });
    page.paragraph("What providers add, or give values of their own:");
    page.table(["provider", "parameter", "values", "what it means", "known from"], rows);
}

fn own_row(provider: &str, parameter: &ProviderParameter) -> [String; 5] {
    [
        provider.into(),
        code(&parameter.name),
        codes(&parameter.values),
        parameter.meaning.clone(),
        parameter.source.clone(),
    ]
}

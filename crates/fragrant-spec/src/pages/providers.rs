//! The providers: where they are, how they are treated, and where their guides err.

use super::markdown::{Page, code};
use crate::document::{Document, Profile};

pub(super) fn page(document: &Document) -> String {
    let mut page = Page::new("Providers");
    page.paragraph(
        "What the library knows of each provider. The facts are those of public documents, some of them years old. What each \
         adds to the messages is [beside the messages](messages.md). A `BearerChallenge` is in what the API answers when it \
         refuses; its other answers are its own business.",
    );
    for profile in &document.profiles {
        page.heading(&profile.name);
        for notice in &profile.notices {
            page.paragraph(&format!(
                "> {}: {}; use {} instead ({}).",
                notice.when, notice.what, notice.instead, notice.source
            ));
        }
        treatment(&mut page, profile);
        page.subheading(&format!("{}: errata", profile.name));
        if profile.errata.is_empty() {
            page.paragraph("None are known.");
        } else {
            page.paragraph("Where the guide errs, in our words, and the reading that is implemented.");
        }
        let errata = profile.errata.iter().map(|erratum| {
            [
                erratum.id.clone(),
                erratum.guide_says.clone(),
                erratum.implemented.clone(),
                erratum.source.clone(),
                erratum.shown_by.as_ref().map(code).unwrap_or_default(),
            ]
        });
        page.table(["id", "the guide says", "implemented", "known from", "shown by the test"], errata);
    }
    page.into_text()
}

fn treatment(page: &mut Page, profile: &Profile) {
    let renewal = match profile.renewal.as_str() {
        "silent" => "by a request with `prompt=none`, which shows no page",
        "redirect" => "by a new redirect, which may show pages",
        other => other,
    };
    let lifetime = profile
        .default_lifetime
        .map_or_else(|| "none is assumed".into(), |seconds| format!("{seconds} seconds"));
    let leniencies = profile.leniencies.iter().map(code).collect::<Vec<_>>().join(", ");
    page.table(
        ["", ""],
        [
            ["by name".into(), code(format_args!("--profile {}", profile.id))],
            ["a token is renewed".into(), renewal.into()],
            [
                "... before its end".into(),
                format!("{} seconds, or a quarter of its lifetime if that is less", profile.renewal_margin),
            ],
            ["lifetime of a token without `expires_in`".into(), lifetime],
            ["forgiven".into(), if leniencies.is_empty() { "nothing".into() } else { leniencies }],
        ],
    );
    let environments = profile.environments.iter().map(|environment| {
        [
            environment.name.clone(),
            code(&environment.id),
            code(&environment.authorization_endpoint),
            code(&environment.api_origin),
        ]
    });
    page.table(["environment", "by name", "authorization endpoint", "API"], environments);
    page.subheading(&format!("{}: the moves", profile.name));
    let moves = profile.moves.iter().map(|a_move| {
        [
            a_move.label.clone(),
            a_move.step.to_string(),
            format!("{} → {}", a_move.from, a_move.to),
            a_move.title.clone(),
            a_move.messages.iter().map(code).collect::<Vec<_>>().join(" or "),
            if a_move.can_be_skipped {
                "with a login session or an earlier consent".into()
            } else {
                String::new()
            },
        ]
    });
    page.table(["move", "step", "who", "what", "message", "can be skipped"], moves);
}

//! How an answer, a request and a call are judged, and what helps.

use super::markdown::{Page, code, codes, sentence, yes};
use crate::document::Document;

pub(super) fn page(document: &Document) -> String {
    let mut page = Page::new("Judging");
    page.paragraph(
        "What the client makes of an address that the browser came back to, what the two servers refuse, and what helps \
         when something has gone wrong. Programs know each case by its word.",
    );
    answers(&mut page, document);
    page.heading("When something goes wrong in a session");
    page.paragraph(
        "A session tells the application the cause. What helps is decided here, too, so that no application has to guess.",
    );
    let causes = document.causes.iter().map(|cause| {
        [
            code(&cause.word),
            cause.next_action.clone(),
            cause.explanation.clone(),
            codes(&cause.error_codes),
            cause.citation.clone(),
        ]
    });
    page.table(["cause", "what helps", "what it is", "the server's error", "source"], causes);
    page.heading("What the authorization server refuses");
    page.paragraph(
        "Where no registered address is known that an answer could go to, the person at the browser sees a page, and the \
         browser is sent nowhere. It says:",
    );
    page.paragraph(&document.error_pages.iter().map(|text| format!("- {text}\n")).collect::<String>());
    page.paragraph(&format!(
        "Every other error goes to the client, in the fragment of its redirection URI. If it is found before anybody has logged in, \
         somebody has to log in first, or a faulty request would send people to any registered address (RFC 9700 section 4.11.2); \
         with `prompt=none` it goes at once. The codes that have a name here are {}. Any other is kept as it came.",
        codes(&document.error_codes)
    ));
    page.heading("What the API server refuses");
    page.paragraph("The reason is for the server's own log. The caller is told less, so that nobody learns which tokens exist.");
    page.paragraph(&format!("The codes that have a name here are {}.", codes(&document.api_error_codes)));
    let refusals = document
        .refusals
        .iter()
        .map(|refusal| [refusal.reason.clone(), refusal.status.to_string(), code(&refusal.challenge)]);
    page.table(["reason", "status", "`WWW-Authenticate`"], refusals);
    page.into_text()
}

fn answers(page: &mut Page, document: &Document) {
    page.heading("Verdicts");
    page.paragraph("An address is exactly one of these:");
    let verdicts =
        document.verdicts.iter().map(|verdict| [code(&verdict.word), sentence(&verdict.explanation)]);
    page.table(["verdict", "what it is"], verdicts);
    page.heading("Why an answer is rejected");
    page.paragraph(
        "It is judged class by class: its length, the number of its parameters, its structure, repeated parameters, where it \
         came and in which part of the address, the issuer, the state, whether the request still stands, the values. An answer with \
         two faults is rejected for the one of the earlier class; within a class for the leftmost in the address, and what is missing is \
         missing at its end. At one place the order of the table counts. Once the state has matched, the answer was meant for this \
         request and has used it up; before, anybody may have sent it, and the request stands.",
    );
    let reasons = document.reasons.iter().map(|reason| {
        [
            code(&reason.word),
            reason.explanation.clone(),
            yes(reason.is_after_state_matched),
            code(&reason.cause),
            reason.citation.clone(),
        ]
    });
    page.table(["reason", "what is wrong", "uses the request up", "cause in a session", "source"], reasons);
    page.heading("What is left aside");
    page.paragraph("An answer can be believed and still hold something odd. It is dropped, and noted:");
    let notes =
        document.notes.iter().map(|note| [code(&note.word), note.explanation.clone(), note.citation.clone()]);
    page.table(["note", "what it is", "source"], notes);
}

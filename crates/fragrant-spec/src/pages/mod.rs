//! The pages: one module each, all of them from a [`Document`] and nothing else.

mod attacks;
mod cast;
mod flows;
mod judging;
mod machines;
mod markdown;
mod messages;
mod providers;
mod readme;
mod state_chart;

use crate::document::Document;
use crate::files::File;

/// Every page with its pictures.
pub(crate) fn all(document: &Document) -> Vec<File> {
    let mut files = vec![
        File::new("messages.md", messages::page(document)),
        File::new("judging.md", judging::page(document)),
        File::new("providers.md", providers::page(document)),
    ];
    files.extend(readme::files(document));
    files.extend(flows::files(document));
    files.extend(machines::files(document));
    files.extend(attacks::files(document));
    files
}

//! Markdown as GitHub and mdBook read it.

use std::fmt::{Display, Write};

/// A page as it grows.
pub(super) struct Page(String);

impl Page {
    /// A page with its title.
    pub(super) fn new(title: &str) -> Self {
        Self(format!(
            "<!-- Written by `fragrant spec render` from the library itself: change the library, and write it anew. -->\n\n\
             # {title}\n"
        ))
    }

    /// A heading below the title.
    pub(super) fn heading(&mut self, text: &str) -> &mut Self {
        self.line(format_args!("\n## {text}"))
    }

    /// A heading below that.
    pub(super) fn subheading(&mut self, text: &str) -> &mut Self {
        self.line(format_args!("\n### {text}"))
    }

    /// A paragraph, or anything else that stands by itself.
    pub(super) fn paragraph(&mut self, text: &str) -> &mut Self {
        self.line(format_args!("\n{text}"))
    }

    /// A picture, with what it shows for who cannot see it.
    pub(super) fn picture(&mut self, path: &str, shows: &str) -> &mut Self {
        self.line(format_args!("\n![{}]({path})", shows.replace(['[', ']'], "")))
    }

    /// What a picture shows in words, and in the language of Mermaid, folded away behind it.
    pub(super) fn folded(&mut self, sentences: &[String], mermaid: &str) -> &mut Self {
        let words = sentences.iter().map(|sentence| format!("{}\n", in_words(sentence))).collect::<String>();
        let summary = if words.is_empty() { "in Mermaid" } else { "in words, and in Mermaid" };
        self.line(format_args!(
            "\n<details><summary>The same {summary}</summary>\n\n{words}\n```mermaid\n{mermaid}```\n\n</details>"
        ))
    }

    /// A table. There is none if there are no rows.
    pub(super) fn table<const N: usize>(
        &mut self,
        head: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> &mut Self {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_some() {
            self.line(format_args!("\n| {} |\n|{}", head.join(" | "), "---|".repeat(N)));
            for row in rows {
                self.line(format_args!("| {} |", row.map(|cell| cell_of(&cell)).join(" | ")));
            }
        }
        self
    }

    /// The whole page.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn line(&mut self, text: impl Display) -> &mut Self {
        // A `String` takes whatever is written.
        let _ = writeln!(self.0, "{text}");
        self
    }
}

/// A text as it may stand in a table: a bar would end its cell, also in code.
fn cell_of(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A text that is no Markdown: what would begin a tag or a stress is taken for itself.
fn in_words(text: &str) -> String {
    text.replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_")
}

/// A text in the type of code.
pub(super) fn code(text: impl Display) -> String {
    format!("`{text}`")
}

/// Texts in the type of code, one after the other.
pub(super) fn codes<T: Display>(texts: impl IntoIterator<Item = T>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// A sentence that came without its capital and its full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// `yes` or nothing.
pub(super) fn yes(is_so: bool) -> String {
    if is_so { "yes".into() } else { String::new() }
}

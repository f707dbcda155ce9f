//! Rust as text: what of a file is code, what a comment, and what only looks like either.
//!
//! A string may hold anything, and so may a comment between `/*` and `*/`. Nothing in them is a mark, and nothing in them
//! declares an item. So their insides are blanked, and what is left is read line by line.

/// A file of Rust without the insides of its strings, its characters and its block comments.
pub(super) struct Source<'a> {
    outline: String,
    comments: Vec<(usize, &'a str)>,
}

impl<'a> Source<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut reader =
            Reader { rest: text, line: 0, source: Self { outline: String::new(), comments: vec![] } };
        while reader.step() {}
        reader.source
    }

    /// The lines, each indented as it was. Line comments are still there.
    pub(super) fn lines(&self) -> Vec<&str> {
        self.outline.lines().collect()
    }

    /// The line comments: the index of the line, and what follows the two slashes.
    pub(super) fn comments(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.comments.iter().copied()
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    source: Source<'a>,
}

impl<'a> Reader<'a> {
    /// Takes one piece of the text; none is left if it was not one.
    fn step(&mut self) -> bool {
        let rest = self.rest;
        let Some(first) = rest.chars().next() else { return false };
        if let Some(comment) = rest.strip_prefix("//") {
            let comment = comment.split('\n').next().unwrap_or_default();
            self.source.comments.push((self.line, comment.trim_end_matches('\r')));
            self.take("//".len() + comment.len(), false);
        } else if rest.starts_with("/*") {
            self.take(block_comment(rest), true);
        } else if first == '"' {
            self.take(string(rest), true);
        } else if first == '\'' {
            // Of a lifetime only the quote is taken here.
            let length = character(rest);
            self.take(length.unwrap_or(1), length.is_some());
        } else if first.is_alphanumeric() || first == '_' {
            // As a whole, so that the `r` of a raw string is not the end of another word.
            let word = rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
            let raw = ["r", "br", "cr"].contains(&&rest[..word]).then(|| raw_string(&rest[word..])).flatten();
            self.take(word, false);
            self.take(raw.unwrap_or_default(), true);
        } else {
            self.take(first.len_utf8(), false);
        }
        true
    }

    fn take(&mut self, length: usize, is_blanked: bool) {
        let (piece, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.line += piece.matches('\n').count();
        if is_blanked {
            let blank = |char: char| if char == '\n' { '\n' } else { ' ' };
            self.source.outline.extend(piece.chars().map(blank));
        } else {
            self.source.outline.push_str(piece);
        }
    }
}

/// The length of a block comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(char) = text[at..].chars().next() {
        let step = match &text[at..] {
            rest if rest.starts_with("/*") => {
                depth += 1;
                2
            }
            rest if rest.starts_with("*/") => {
                depth -= 1;
                2
            }
            _ => char.len_utf8(),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string between its quotes. A backslash and what it escapes go together.
fn string(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a raw string, from the first `#` or quote; none if it is a raw identifier.
fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.len() - text.trim_start_matches('#').len();
    let inside = text[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &text[..hashes]);
    Some(inside.find(&end).map_or(text.len(), |at| hashes + 1 + at + end.len()))
}

/// The length of a character between its quotes; none if the quote begins a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next();
        return chars.find(|(_, char)| *char == '\'').map(|(at, _)| at + 1);
    }
    chars.next().filter(|(_, char)| *char == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(text: &str) -> Vec<(usize, &str)> {
        Source::of(text).comments().collect()
    }

    #[test]
    fn a_comment_is_found_behind_strings_and_quotes() {
        assert_eq!(comments(r#"call("a//b", '"', "\\"); // end"#), [(0, " end")]);
        assert_eq!(comments(r#"let ü = '/'; //! x"#), [(0, "! x")]);
        assert_eq!(comments(r"let quote = '\''; // end"), [(0, " end")]);
        assert_eq!(comments("fn of<'a>(x: &'a str) {} // end\r\n// next"), [(0, " end"), (1, " next")]);
        assert_eq!(comments("let r#type = bar\"a\"; // end"), [(0, " end")]);
        assert_eq!(comments("no comment"), []);
    }

    #[test]
    fn no_comment_is_inside_of_anything() {
        for text in [
            "let text = \"\n// x\n\";",
            "let text = \"\\\"\n// x\";",
            "let text = r\"\n// x\\\";",
            "let text = br##\"\"#\n// x\n\"##;",
            "/* a\n// x\n*/",
            "/* a /* b */\n// x\n*/",
            "let text = \"// x",
            "/* // x",
        ] {
            assert_eq!(comments(text), [], "{text}");
            let last = comments_after(text);
            let ends = !["let text = \"// x", "/* // x"].contains(&text);
            assert_eq!(last, ends.then_some(" end"), "{text}");
        }
    }

    /// The comment of a line that is put behind.
    fn comments_after(text: &str) -> Option<&'static str> {
        let whole = format!("{text}\n// end");
        comments(&whole).pop().map(|(line, _)| {
            assert_eq!(line, text.matches('\n').count() + 1, "{text}");
            " end"
        })
    }

    #[test]
    fn what_is_left_has_its_lines_and_its_indents() {
        let source = Source::of("fn a() {\n    \"\nfn b() {\n    \"; // é\n    '\u{e9}'; 'x: loop {}\n}\n");
        assert_eq!(
            source.lines(),
            ["fn a() {", "     ", "        ", "     ; // é", "       ; 'x: loop {}", "}"]
        );
    }
}

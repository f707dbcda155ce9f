//! The reading of `WWW-Authenticate` a second time, written for clarity alone: the header is cut into the elements of its
//! list first (RFC 9110 section 5.6.1), and each element is then a challenge's beginning or one more of its parameters
//! (section 11.6.1). Nothing is shared with the crate's own reader.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A challenge, as [`crate::wire::bearer::Challenge`] has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // complete: what a challenge has
pub struct Challenge {
    /// The scheme.
    pub scheme: Option<String>,
    /// The one text that stands in place of parameters.
    pub token68: Option<String>,
    /// The parameters.
    pub parameters: Vec<(String, String)>,
    /// Whether something was passed over.
    pub is_malformed: bool,
}

impl Challenge {
    /// What the crate's own reader has read.
    pub fn of(challenge: &crate::wire::bearer::Challenge<'_>) -> Self {
        let parameters = challenge.parameters.iter();
        Self {
            scheme: challenge.scheme.map(ToString::to_string),
            token68: challenge.token68.map(ToString::to_string),
            parameters: parameters.map(|(name, value)| (name.to_string(), value.to_string())).collect(),
            is_malformed: challenge.is_malformed,
        }
    }

    const fn new(scheme: Option<String>) -> Self {
        Self { scheme, token68: None, parameters: Vec::new(), is_malformed: false }
    }
}

/// The challenges of several headers.
pub fn challenges(headers: &[&str]) -> Vec<Challenge> {
    // What belongs to no scheme.
    let mut stray = Challenge::new(None);
    let mut found: Vec<Challenge> = Vec::new();
    for header in headers {
        for element in elements(header) {
            let mut items = element.as_slice();
            if let Some((Item::Word(scheme), rest)) = items.split_first() {
                let mut challenge = Challenge::new(Some(scheme.clone()));
                items = rest;
                if let [Item::Rest(text)] = rest {
                    challenge.token68 = Some(text.clone());
                    items = &[];
                }
                found.push(challenge);
            }
            let challenge = found.last_mut().unwrap_or(&mut stray);
            for item in items {
                match item {
                    Item::Parameter { name, value, is_whole } => {
                        challenge.parameters.push((name.clone(), value.clone()));
                        challenge.is_malformed |= !is_whole;
                    }
                    Item::Word(_) | Item::Junk => challenge.is_malformed = true,
                    Item::Rest(_) => {}
                }
            }
        }
    }
    let stray = Some(stray).filter(|stray| !stray.parameters.is_empty());
    stray.into_iter().chain(found).collect()
}

/// What an element is made of.
enum Item {
    /// A name alone.
    Word(String),
    /// `name=value`; without its end, a quoted value is not whole.
    Parameter { name: String, value: String, is_whole: bool },
    /// The `token68` that is all there is behind a scheme.
    Rest(String),
    /// What is none of these.
    Junk,
}

/// The elements of a header's list, none of them empty.
fn elements(header: &str) -> Vec<Vec<Item>> {
    let chars: Vec<char> = header.chars().collect();
    let mut elements = Vec::from([Vec::new()]);
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            ',' => {
                elements.push(Vec::new());
                at += 1;
            }
            ' ' | '\t' => at += 1,
            _ => {
                let element = elements.last_mut();
                let is_behind_scheme =
                    element.as_ref().is_some_and(|items| matches!(items[..], [Item::Word(_)]));
                // A scheme and its text have a blank between them.
                let has_blank = at > 0 && matches!(chars[at - 1], ' ' | '\t');
                let token68 = (is_behind_scheme && has_blank).then(|| token68(&chars[at..])).flatten();
                let (item, len) = token68.unwrap_or_else(|| item(&chars[at..]));
                if let Some(items) = element {
                    items.push(item);
                }
                at += len;
            }
        }
    }
    elements.retain(|items| !items.is_empty());
    elements
}

/// The text up to the end of the element, if it is a `token68`, and its length.
fn token68(chars: &[char]) -> Option<(Item, usize)> {
    let len = chars.iter().take_while(|char| **char != ',').count();
    let text: String = chars[..len].iter().collect();
    let text = text.trim_end_matches([' ', '\t']);
    let body = text.trim_end_matches('=');
    let is_token68 =
        !body.is_empty() && body.chars().all(|char| char.is_ascii_alphanumeric() || "-._~+/".contains(char));
    is_token68.then(|| (Item::Rest(text.into()), len))
}

/// The item that stands at the front, and its length.
fn item(chars: &[char]) -> (Item, usize) {
    let is_name = |char: &char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*char);
    let is_blank = |char: &char| matches!(char, ' ' | '\t');
    let count = |from: usize, fits: &dyn Fn(&char) -> bool| {
        chars.get(from..).unwrap_or_default().iter().take_while(|char| fits(char)).count()
    };
    let end_of_word = |from: usize| from + count(from, &|char| !is_blank(char) && *char != ',');
    let name_len = count(0, &is_name);
    let name: String = chars[..name_len].iter().collect();
    let equals = name_len + count(name_len, &is_blank);
    let value_at = equals + 1 + count(equals + 1, &is_blank);
    match (name_len, chars.get(equals)) {
        (0, _) if chars[0] == '"' => (Item::Junk, quoted(chars).2),
        (0, _) => (Item::Junk, end_of_word(0)),
        (_, Some('=')) if chars.get(value_at) == Some(&'"') => {
            let (value, is_whole, len) = quoted(&chars[value_at..]);
            (Item::Parameter { name, value, is_whole }, value_at + len)
        }
        (_, Some('=')) => {
            let end = end_of_word(value_at);
            let value = chars.get(value_at..end).unwrap_or_default().iter().collect();
            (Item::Parameter { name, value, is_whole: true }, end)
        }
        _ => (Item::Word(name), name_len),
    }
}

/// A quoted text (RFC 9110 section 5.6.4): what it says, whether it ends, and its length.
fn quoted(chars: &[char]) -> (String, bool, usize) {
    let mut text = String::new();
    let mut at = 1;
    while at < chars.len() {
        match chars[at] {
            '"' => return (text, true, at + 1),
            '\\' => {
                text.extend(chars.get(at + 1));
                at += 2;
            }
            char => {
                text.push(char);
                at += 1;
            }
        }
    }
    (text, false, chars.len())
}

//! IPv6 addresses as a browser writes them (WHATWG URL section 3.5, RFC 5952 section 4). The standard library's reading and
//! writing of them takes more of a browser module than the parser of answers does.

use alloc::string::String;

use crate::grammar::number;
use crate::text::pieces;

type Groups = [u16; 8];

/// Reads the groups of an address that has none in dotted form.
pub(super) fn groups(text: &str) -> Option<Groups> {
    let mut groups = [0; 8];
    // The standard library's search for a text is larger than all of this.
    let colons = text.as_bytes().windows(2).position(|two| two == b"::");
    let (start, end) = match colons.and_then(|at| Some((text.get(..at)?, text.get(at + 2..)?))) {
        None => (text, None),
        Some((start, end)) => (start, Some(end)),
    };
    let before = read(start, &mut groups)?;
    match end {
        None if before == 8 => Some(groups),
        None => None,
        Some(end) => {
            let mut last = [0; 8];
            let after = read(end, &mut last)?;
            // The two colons stand for one group at least.
            let gap = 8_usize.checked_sub(before + after).filter(|gap| *gap > 0)?;
            for (group, own) in groups.iter_mut().skip(before + gap).zip(last) {
                *group = own;
            }
            Some(groups)
        }
    }
}

/// Reads groups with a colon between them, and says how many there are.
fn read(text: &str, groups: &mut Groups) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    for digits in pieces(text, b':') {
        let group = number(digits, 16).filter(|_| digits.len() <= 4)?;
        *groups.get_mut(count)? = u16::try_from(group).ok()?;
        count += 1;
    }
    Some(count)
}

/// The shortest spelling: lower case, no leading zeros, and two colons for the first of the longest runs of zeros.
pub(super) fn shortest(groups: Groups) -> String {
    let zeros = |from: usize| groups.iter().skip(from).take_while(|group| **group == 0).count();
    let (mut gap, mut gap_len) = (8, 1);
    for from in 0..8 {
        if zeros(from) > gap_len {
            (gap, gap_len) = (from, zeros(from));
        }
    }
    let mut text = String::new();
    let mut at = 0;
    while let Some(group) = groups.get(at) {
        if at == gap {
            text.push_str("::");
            at += gap_len;
            continue;
        }
        if !text.is_empty() && !text.ends_with(':') {
            text.push(':');
        }
        push_digits(&mut text, *group);
        at += 1;
    }
    text
}

/// Appends a group without leading zeros.
fn push_digits(text: &mut String, group: u16) {
    if group > 15 {
        push_digits(text, group >> 4);
    }
    text.extend(char::from_digit(u32::from(group & 15), 16));
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use core::net::Ipv6Addr;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_spellings_of_the_rule() {
        for (text, shortest_text) in [
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:0DB8::0:1", "2001:db8::1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
        ] {
            assert_eq!(groups(text).map(shortest).as_deref(), Some(shortest_text), "{text}");
        }
        for bad in [
            "",
            ":",
            "1",
            ":::",
            "1::2::3",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "12345::",
            "+1::",
            "g::",
            "::1.2.3.4",
            "1:2:3:4::5:6:7:8",
        ] {
            assert_eq!(groups(bad), None, "{bad}");
        }
    }

    proptest! {
        /// The standard library agrees, but for addresses that it ends in dotted form.
        #[test]
        fn the_standard_library_agrees(groups_in in any::<[u16; 8]>(), zeros in any::<u8>()) {
            let mut own = groups_in;
            for (at, group) in own.iter_mut().enumerate() {
                if zeros & (1 << at) != 0 {
                    *group = 0;
                }
            }
            let text = shortest(own);
            prop_assert_eq!(groups(&text), Some(own));
            prop_assert_eq!(text.parse::<Ipv6Addr>().ok(), Some(Ipv6Addr::from(own)));
            let theirs = Ipv6Addr::from(own).to_string();
            prop_assert!(theirs.contains('.') || theirs == text, "{} {}", theirs, text);
        }

        #[test]
        fn what_the_standard_library_refuses_is_refused(text in "[0-9a-f:]{0,24}") {
            prop_assert_eq!(groups(&text), text.parse::<Ipv6Addr>().ok().map(|address| address.segments()));
        }
    }
}

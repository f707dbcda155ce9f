//! The chart as an SVG image, and what other images of the same kind need: text that fits, and colours for day and night.

use std::fmt::Write;

use super::{Arrow, Chart};

/// How wide an image is in its own units: about as many as a telephone has pixels, so that nothing has to be shrunk there.
pub const WIDTH: usize = 380;
/// How wide it is shown where there is room.
const SHOWN: usize = 480;
/// What stays empty at the sides.
pub const MARGIN: usize = 8;
/// The height of a line of text.
pub const LINE: usize = 16;
/// The height of a line of small text.
pub const SMALL_LINE: usize = 13;
/// How many characters of text fit on a line, in the widest of the typefaces that may be at hand.
pub const FIT: usize = 48;
/// The same of small text, all of whose characters are equally wide.
pub const SMALL_FIT: usize = 60;

pub(super) fn draw(chart: &Chart) -> String {
    let lane = WIDTH / chart.parties.len().max(1);
    let x = |at: usize| lane * at + lane / 2;
    let mut body = String::new();
    let mut y = 22;
    for line in wrap(&chart.title, FIT - 9) {
        text(&mut body, MARGIN, y, "title", &line);
        y += LINE + 2;
    }
    for line in chart.notes.iter().flat_map(|note| wrap(note, FIT)) {
        text(&mut body, MARGIN, y, "note", &line);
        y += LINE;
    }
    y += 4;
    let (names, top) = (y, y + LINE + 12);
    y = top + 6;
    let mut arrows = String::new();
    for arrow in &chart.arrows {
        if let Some(heading) = &arrow.heading {
            let _ = writeln!(
                arrows,
                "<rect class=\"band\" x=\"0\" y=\"{}\" width=\"{WIDTH}\" height=\"20\"/>",
                y - 8
            );
            text(&mut arrows, MARGIN, y + 6, "heading", heading);
            y += 30;
        }
        y = draw_arrow(&mut arrows, arrow, x(arrow.from), x(arrow.to), y);
    }
    if let Some(ending) = &chart.ending {
        text(&mut arrows, MARGIN, y + 6, "bad", ending);
        y += LINE + 4;
    }
    let mut lanes = String::new();
    for (at, party) in chart.parties.iter().enumerate() {
        // Neighbours stand one above the other: their names are wider than their lanes.
        let row = names + (at % 2) * (LINE + 2);
        let wide = party.chars().count() * 7 + 6;
        let middle = x(at).clamp(wide / 2 + 1, WIDTH - wide / 2 - 1);
        let _ = writeln!(lanes, "<path class=\"life\" d=\"M{0} {row} V{y}\"/>", x(at));
        let _ = writeln!(
            body,
            "<rect class=\"name\" x=\"{}\" y=\"{}\" width=\"{wide}\" height=\"16\" rx=\"3\"/>\
             <text class=\"party\" x=\"{middle}\" y=\"{row}\" text-anchor=\"middle\">{}</text>",
            middle - wide / 2,
            row - 12,
            escape(party)
        );
    }
    let mut sentences = chart.sentences();
    sentences.extend(chart.ending.clone());
    let description = sentences.join(" ");
    image(&chart.title, &description, y + 4, &format!("{lanes}{body}{arrows}"))
}

/// Draws an arrow with its words above it and its wire text below, and says where the next one begins.
fn draw_arrow(out: &mut String, arrow: &Arrow, from: usize, to: usize, mut y: usize) -> usize {
    let label = arrow.label.as_ref().map(|label| format!("{label}. ")).unwrap_or_default();
    y += 8;
    let words = wrap(&format!("{label}{}", arrow.text), FIT);
    // Where the arrow is, or as near to it as there is room.
    let wide = words.iter().map(|line| line.chars().count()).max().unwrap_or_default() * 74 / 10;
    let left = from.min(to).saturating_sub(4).min(WIDTH.saturating_sub(MARGIN + wide)).max(MARGIN);
    for line in words {
        text(out, left, y, if arrow.is_refusal { "bad" } else { "words" }, &line);
        y += LINE;
    }
    y -= LINE - 7;
    let (class, head) = if arrow.is_refusal { ("refused", "bad-head") } else { ("arrow", "head") };
    let d = if from == to {
        // To the side on which there is room.
        let out = if from + 30 < WIDTH { "h22 v9 h-20" } else { "h-22 v9 h20" };
        format!("M{from} {y} {out}")
    } else {
        format!("M{from} {y} H{to}")
    };
    let _ = writeln!(out, "<path class=\"{class}\" d=\"{d}\" marker-end=\"url(#{head})\"/>");
    y += if from == to { 22 } else { 13 };
    for line in arrow.wire.iter().flat_map(|line| wrap(line, SMALL_FIT)) {
        text(out, MARGIN, y, "wire", &line);
        y += SMALL_LINE;
    }
    y + 8
}

/// An image with its title and its text for who cannot see it.
pub fn image(title: &str, description: &str, height: usize, content: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{SHOWN}\" height=\"{}\" \
         role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n{STYLE}{HEAD}<rect class=\"paper\" width=\"{WIDTH}\" \
         height=\"{height}\"/>\n{content}</svg>\n",
        height * SHOWN / WIDTH,
        escape(title),
        escape(description),
    )
}

const HEAD: &str = "<defs>\
<marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
<path class=\"head\" d=\"M0 0 L10 5 L0 10 z\"/></marker>\
<marker id=\"bad-head\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
<path class=\"bad\" d=\"M0 0 L10 5 L0 10 z\"/></marker></defs>\n";

const STYLE: &str = "<style>\n\
svg{--ink:#1b1f24;--soft:#57606a;--line:#c9d1d9;--paper:#fff;--band:#eaf1fb;--box:#f6f8fa;--blue:#0b5cad;--bad:#b3261e}\n\
@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9aa5b1;--line:#3d444d;--paper:#0d1117;--band:#16263b;--box:#161b22;--blue:#6cb6ff;--bad:#ff8a80}}\n\
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px}\n\
.paper{fill:var(--paper)}.band{fill:var(--band)}.name,.box{fill:var(--box);stroke:var(--line)}.outer{fill:none;stroke:var(--soft)}\n\
.title{font-size:15px;font-weight:600}.heading{font-weight:600;fill:var(--blue);stroke:none}.party,.inside{stroke:none}.party{font-size:11px;font-weight:600}\n\
.note,.soft{fill:var(--soft)}.small{font-size:11px}.wire{font:10px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--soft)}\n\
.bad{fill:var(--bad)}.arrow{stroke:var(--blue);stroke-width:1.5;fill:none}.head{fill:var(--blue)}\n\
.refused{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:4 3;fill:none}.life{stroke:var(--line);fill:none}\n\
</style>\n";

/// Adds a line of text of a class of the style.
pub fn text(out: &mut String, x: usize, y: usize, class: &str, text: &str) {
    let _ = writeln!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escape(text));
}

/// A text as it may stand in an image.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;")
}

/// Breaks a text at blanks, behind the signs between which an address has its parts, and where all else fails anywhere.
pub fn wrap(text: &str, fit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '&', '#', '?', '/']) {
        let mut rest: Vec<char> = word.chars().collect();
        while let Some(line) = lines.last_mut() {
            let room = fit.saturating_sub(line.chars().count());
            if rest.len() <= room {
                line.extend(rest);
                break;
            }
            if line.is_empty() {
                line.extend(rest.drain(..fit.max(1).min(rest.len())));
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_where_it_may_be_and_loses_nothing() {
        assert_eq!(wrap("one two three", 8), ["one two ", "three"]);
        assert_eq!(wrap("a=1&b=2&c=3", 8), ["a=1&b=2&", "c=3"]);
        assert_eq!(wrap("0123456789", 4), ["0123", "4567", "89"]);
        assert_eq!(wrap("ab 0123456789 c", 4), ["ab ", "0123", "4567", "89 c"]);
        assert_eq!(wrap("…é…é…", 2), ["…é", "…é", "…"]);
        assert_eq!(wrap("", 4), [""]);
        for fit in 1..12 {
            let text = "https://a/cb?x=1&y=2#access_token=0123456789 end";
            assert_eq!(wrap(text, fit).concat(), text, "{fit}");
            assert!(wrap(text, fit).iter().all(|line| line.chars().count() <= fit), "{fit}");
        }
    }
}

//! The plot of `docs/benchmarks.md`: for each input how long some readers take, on a logarithmic axis.

use std::fmt::Write;

use crate::measure::Time;

/// A reader in the plot: its name in the tables, the class of its mark.
const SERIES: &[(&str, &str)] = &[
    ("ours, borrowed", "a"),
    ("ours, decoded", "b"),
    ("ada-url", "c"),
    ("form_urlencoded + match", "d"),
    ("url::Url + form_urlencoded, whole address", "e"),
];

const WIDTH: f64 = 860.0;
const LEFT: f64 = 170.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 84.0;
const LINE: f64 = 38.0;
/// The axis, in powers of ten nanoseconds.
const DECADES: [i32; 2] = [1, 7];

/// The page's own colours do not reach into the picture, so it brings two sets.
const STYLE: &str = "svg{--ink:#1f2328;--faint:#d0d7de;--paper:#fff;--a:#0969da;--b:#54aeff;--c:#8250df;--d:#bc4c00;--e:#6e7781}
@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--faint:#30363d;--paper:#0d1117;--a:#2f81f7;--b:#a5d6ff;--c:#bc8cff;--d:#f0883e;--e:#8b949e}}
text{fill:var(--ink);font:14px system-ui,sans-serif}.small{font-size:12px}line{stroke:var(--faint)}rect{fill:var(--paper)}
.a{fill:var(--a)}.b{fill:var(--b)}.c{fill:var(--c)}.d{fill:var(--d)}.e{fill:var(--e)}";

/// The picture as SVG.
pub(crate) fn svg(inputs: &[(String, Vec<Time>)]) -> String {
    let bottom = TOP + LINE * inputs.len() as f64;
    let height = bottom + 50.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>Nanoseconds for one answer, by input and reader, on a logarithmic axis</title>\n\
         <style>{STYLE}</style>\n<rect width=\"{WIDTH}\" height=\"{height}\"/>\n"
    );
    draw(&mut out, inputs, bottom).unwrap_or_default(); // writing into a String does not fail
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, inputs: &[(String, Vec<Time>)], bottom: f64) -> std::fmt::Result {
    // The legend: three in the first line, two in the second.
    for (at, (name, class)) in SERIES.iter().enumerate() {
        let (x, y) = (LEFT + 215.0 * (at % 3) as f64, 24.0 + 24.0 * (at / 3) as f64);
        writeln!(out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>")?;
        writeln!(out, "<text x=\"{}\" y=\"{}\">{name}</text>", x + 12.0, y + 5.0)?;
    }
    for power in DECADES[0]..=DECADES[1] {
        let x = place(10_f64.powi(power));
        let label = match power {
            ..3 => format!("{} ns", 10_i32.pow(power.unsigned_abs())),
            3..6 => format!("{} µs", 10_i32.pow(power.unsigned_abs() - 3)),
            _ => format!("{} ms", 10_i32.pow(power.unsigned_abs() - 6)),
        };
        writeln!(out, "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{bottom}\"/>", TOP - 10.0)?;
        writeln!(
            out,
            "<text class=\"small\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            bottom + 18.0
        )?;
    }
    for (at, (name, times)) in inputs.iter().enumerate() {
        let y = TOP + LINE * (at as f64 + 0.5);
        writeln!(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>", LEFT - 14.0, y + 5.0)?;
        writeln!(out, "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>", WIDTH - RIGHT)?;
        // Ours are drawn last, on top.
        for (series, class) in SERIES.iter().rev() {
            if let Some(time) = times.iter().find(|time| time.name == *series) {
                let x = place(time.best);
                writeln!(out, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y}\" r=\"6\"/>")?;
            }
        }
    }
    writeln!(
        out,
        "<text class=\"small\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">time for one answer, best round</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        bottom + 40.0
    )
}

fn place(nanoseconds: f64) -> f64 {
    let [first, last] = DECADES.map(f64::from);
    LEFT + (WIDTH - LEFT - RIGHT) * (nanoseconds.log10() - first) / (last - first)
}

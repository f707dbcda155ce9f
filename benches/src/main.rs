//! The table of `docs/benchmarks.md`, measured in rounds that go through all peers in turn.
//!
//! ```sh
//! cargo run --profile bench -p benches                    # the tables
//! RUSTFLAGS="--cfg fragrant_portable" cargo run --profile bench -p benches --target-dir target/portable
//! ```
//!
//! A busy machine drifts, so nothing is measured to its end before the next begins, and the best of all rounds counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use benches::build::{Oauth2, Ours};
use benches::{inputs, ours, peers};

const ROUNDS: usize = 61;
const BATCH: Duration = Duration::from_micros(600);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, path, times] = arguments.as_slice()
        && command == "count"
    {
        return count(path, times.parse().unwrap_or(0));
    }
    let profile = ours::without_limits();
    for input in inputs::all() {
        parse(&input, &profile);
    }
    limits(&profile);
    growth(&profile);
    build();
}

/// Runs one of our own paths so many times: what `cargo xtask instructions` counts.
fn count(path: &str, times: usize) {
    let profile = ours::without_limits();
    let all = inputs::all();
    let find =
        |name: &str| all.iter().find(|input| input.name == name).map(|input| format!("#{}", input.fragment));
    let request = Ours::default();
    let mut out = String::with_capacity(1024);
    for _ in 0..times {
        out.clear();
        match path {
            "build" => _ = black_box(request.to_url()),
            "prepared" => request.write_prepared(black_box(&mut out)),
            _ => break,
        }
    }
    let Some((way, name)) = path.split_once(' ') else { return };
    let Some(text) = find(name) else { return };
    for _ in 0..times {
        let text = black_box(text.as_str());
        _ = black_box(match way {
            "borrowed" => ours::borrowed(text, &profile),
            "decoded" => ours::decoded(text, &profile),
            _ => return,
        });
    }
}

/// Something to be measured.
struct Row<'r> {
    name: String,
    run: Box<dyn FnMut() + 'r>,
}

fn row<'r, T>(name: &str, mut run: impl FnMut() -> T + 'r) -> Row<'r> {
    Row { name: name.into(), run: Box::new(move || _ = black_box(run())) }
}

/// The nanoseconds of the best round, and of the middle one, for each row.
fn measure(rows: &mut [Row<'_>]) -> Vec<(f64, f64)> {
    // The largest of several, so that an interruption does not make a batch small.
    let batches: Vec<u32> =
        rows.iter_mut().map(|row| (0..5).map(|_| batch(&mut row.run)).max().unwrap_or(1)).collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); rows.len()];
    for round in 0..ROUNDS {
        for turn in 0..rows.len() {
            let at = (turn + round) % rows.len();
            let start = Instant::now();
            for _ in 0..batches[at] {
                (rows[at].run)();
            }
            times[at].push(start.elapsed().as_nanos() as f64 / f64::from(batches[at]));
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            (times[0], times[times.len() / 2])
        })
        .collect()
}

fn batch(run: &mut dyn FnMut()) -> u32 {
    let mut batch = 1;
    loop {
        let start = Instant::now();
        for _ in 0..batch {
            run();
        }
        if start.elapsed() >= BATCH || batch >= 1 << 24 {
            return batch;
        }
        batch *= 2;
    }
}

/// Prints rows and how much slower each is than the rows named in `bases`.
fn print(title: &str, mut rows: Vec<Row<'_>>, bases: &[&str]) {
    let times = measure(&mut rows);
    println!(
        "\n### {title}\n\n| | best ns | middle ns | {} |",
        bases.iter().map(|base| format!("times {base}")).collect::<Vec<_>>().join(" | ")
    );
    println!("|---|---:|---:|{}", "---:|".repeat(bases.len()));
    let best = |name: &str| rows.iter().position(|row| row.name == name).map_or(f64::NAN, |at| times[at].0);
    for (row, (least, middle)) in rows.iter().zip(&times) {
        let ratios: String = bases.iter().map(|base| format!(" {:.2} |", least / best(base))).collect();
        println!("| {} | {least:.1} | {middle:.1} |{ratios}", row.name);
    }
}

fn parse(input: &inputs::Input, profile: &fragrant::profile::Profile) {
    let fragment = input.fragment.as_str();
    let own = format!("#{fragment}");
    let address = format!("https://app.example/oauth/callback#{fragment}");
    let expected = peers::form_urlencoded_match(fragment);
    assert!(expected.is_some() && ours::borrowed(&own, profile).is_some(), "{}", input.name);
    assert_eq!(ours::decoded(&own, profile), expected, "{}", input.name);
    assert_eq!(ours::decoded(&address, profile), expected, "{}", input.name);
    assert_eq!(peers::whole_url(&address), expected, "{}", input.name);
    let mut copy = vec![0; fragment.len()];
    let mut rows = vec![
        row("ours, borrowed", || ours::borrowed(black_box(&own), profile)),
        row("ours, decoded", || ours::decoded(black_box(&own), profile)),
        row("ours, borrowed, whole address", || ours::borrowed(black_box(&address), profile)),
        row("url::Url + form_urlencoded, whole address", || peers::whole_url(black_box(&address))),
    ];
    for (name, peer) in peers::PEERS {
        let answer = peer(fragment);
        assert!(
            answer == expected || answer.is_none(),
            "{name} on {}: {answer:?}, not {expected:?}",
            input.name
        );
        let note = if answer.is_none() { " (refuses)" } else { "" };
        rows.push(row(&format!("{name}{note}"), move || peer(black_box(fragment))));
    }
    rows.push(row("limit: one memchr3", || memchr::memchr3(1, 2, 3, black_box(fragment.as_bytes()))));
    rows.push(row("limit: from_utf8", || std::str::from_utf8(black_box(fragment.as_bytes())).is_ok()));
    rows.push(row("limit: copy", || {
        copy.copy_from_slice(black_box(fragment.as_bytes()));
        black_box(copy.as_slice()).len()
    }));
    let title = format!("{}: {} bytes", input.name, fragment.len());
    print(&title, rows, &["ours, borrowed", "ours, decoded", "ours, borrowed, whole address"]);
}

/// What is refused for its size, and what is refused for its repetition.
fn limits(lifted: &fragrant::profile::Profile) {
    let strict = &ours::STRICT;
    let [long, longer] = [100_000, 1_000_000].map(|len| format!("#{}", inputs::opaque(len)));
    let [many, more] = [1_000, 6_000].map(|count| format!("#{}", inputs::parameters(count)));
    let duplicates = format!("#{}", inputs::duplicates());
    for text in [&long, &longer, &many, &more] {
        assert!(ours::borrowed(text, strict).is_none());
    }
    assert!(ours::borrowed(&duplicates, lifted).is_none());
    let rows = vec![
        row("too long, 100 KB", || ours::borrowed(black_box(&long), strict)),
        row("too long, 1 MB", || ours::borrowed(black_box(&longer), strict)),
        row("too many, 1,000", || ours::borrowed(black_box(&many), strict)),
        row("too many, 6,000", || ours::borrowed(black_box(&more), strict)),
        row("1 MB of duplicates, no limits", || ours::borrowed(black_box(&duplicates), lifted)),
        row("the same, form_urlencoded to its end", || {
            form_urlencoded::parse(black_box(&duplicates.as_bytes()[1..])).count()
        }),
    ];
    print("What is refused", rows, &[]);
}

/// The cost of one parameter as they become more.
fn growth(lifted: &fragrant::profile::Profile) {
    let counts = [100_u32, 1_000, 10_000, 100_000];
    let texts = counts.map(|count| format!("#{}", inputs::parameters(count as usize)));
    let mut rows: Vec<Row<'_>> =
        texts.iter().map(|text| row("", move || ours::borrowed(black_box(text), lifted))).collect();
    println!("\n### One parameter of many, without limits\n\n| parameters | best ns for one |\n|---:|---:|");
    for (count, (best, _)) in counts.into_iter().zip(measure(&mut rows)) {
        println!("| {count} | {:.2} |", best / f64::from(count));
    }
}

fn build() {
    let (ours, oauth2) = (Ours::default(), Oauth2::default());
    let url = ours.to_url();
    let sorted = |url: &str| {
        let mut pairs: Vec<_> =
            url::Url::parse(url).map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
        pairs.sort();
        pairs
    };
    assert_eq!(sorted(&url), sorted(&oauth2.to_url()));
    assert_eq!(sorted(&url).len(), 8);
    let [mut written, mut prepared] = [const { String::new() }; 2];
    ours.write_prepared(&mut prepared);
    assert_eq!(sorted(&prepared), sorted(&url));
    let mut copy = String::with_capacity(url.len());
    let rows = vec![
        row("ours, one allocation", || ours.to_url()),
        row("ours, into a buffer", || {
            written.clear();
            ours.write_url(black_box(&mut written));
            written.len()
        }),
        row("ours, its length alone", || ours.encoded_len()),
        row("ours, prepared, a state into a buffer", || {
            prepared.clear();
            ours.write_prepared(black_box(&mut prepared));
            prepared.len()
        }),
        row("oauth2, client made once", || oauth2.to_url()),
        row("limit: copy", || {
            copy.clear();
            copy.push_str(black_box(&url));
            black_box(copy.as_str()).len()
        }),
    ];
    print(
        &format!("Building an address of 8 parameters, {} bytes", url.len()),
        rows,
        &["ours, one allocation", "ours, prepared, a state into a buffer"],
    );
}

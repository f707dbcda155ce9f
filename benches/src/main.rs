//! The tables and the plot of `docs/benchmarks.md`.
//!
//! ```sh
//! cargo run --profile bench -p benches                                    # the tables
//! cargo run --profile bench -p benches -- --plot docs/benchmarks.svg      # and the plot
//! cargo run --profile bench -p benches -- --only '186 B'                  # of the inputs, those that are called so
//! cargo run --profile bench -p benches -- --only limits                   # what is refused for its size
//! cargo run --profile bench -p benches -- --only session                  # the events of the session
//! cargo run --profile bench -p benches -- --rounds 1                      # whether all of it runs, as `cargo xtask bench` asks
//! benches/peers/run.sh                                                    # readers in JavaScript and Python
//! RUSTFLAGS="--cfg fragrant_portable" cargo run --profile bench -p benches --target-dir target/portable
//! ```

mod measure;
mod plot;

use std::hint::black_box;

use benches::build::{Oauth2, Ours};
use benches::session::{ByHand, Event};
use benches::{inputs, ours, peers, session};

use measure::{Rounds, Row, Time, row};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, path, times] = arguments.as_slice()
        && command == "count"
    {
        count(path, times.parse().unwrap_or(0));
        return Ok(());
    }
    let option = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let rounds = option("--rounds").map_or(Ok(Rounds::USUAL.0), |rounds| rounds.parse());
    // The best of no rounds would be no time.
    let rounds = Rounds(rounds.map_err(std::io::Error::other)?.max(1));
    let profile = ours::without_limits();
    let mut inputs = inputs::all();
    inputs.retain(|input| option("--only").is_none_or(|only| input.name.contains(only.as_str())));
    if let Some(folder) = option("--write-inputs") {
        return write_inputs(folder.as_ref(), &inputs);
    }
    refusals(&profile);
    let times: Vec<(String, Vec<Time>)> =
        inputs.iter().map(|input| (input.name.to_string(), parse(input, &profile, rounds))).collect();
    if let Some(file) = option("--plot") {
        std::fs::write(file, plot::svg(&times))?;
    }
    if option("--only").is_none() {
        duplicates(&profile, rounds);
        growth(&profile, rounds);
        build(rounds);
    }
    if option("--only").is_none_or(|only| only == "limits") {
        limits(rounds);
    }
    if option("--only").is_none_or(|only| only == "session") {
        events(rounds);
    }
    Ok(())
}

/// Events of the session, beside the same by hand.
fn events(rounds: Rounds) {
    for (title, events) in
        [("A call, its answer, a timer", &Event::DAY[..]), ("A timer, a late lock", &Event::EMPTY)]
    {
        let Some(mut session) = session::session() else { return };
        let Some(mut hand) = ByHand::of(&session) else { return };
        assert_eq!(session::drive(&mut session, events), events.len());
        assert_eq!(hand.drive(events), events.len());
        let rows = vec![
            row("the session", move || session::drive(black_box(&mut session), events)),
            row("an enum and a match", move || black_box(&mut hand).drive(events)),
        ];
        rounds.print(title, rows, &["an enum and a match"]);
    }
}

/// Writes each input into a file, for readers in other languages; a number keeps their order.
fn write_inputs(folder: &std::path::Path, inputs: &[inputs::Input]) -> std::io::Result<()> {
    let mut files = inputs.iter().enumerate();
    files.try_for_each(|(at, input)| {
        std::fs::write(folder.join(format!("{at:02} {}.txt", input.name)), &input.fragment)
    })
}

/// How many of the bad inputs each reader refuses. Ours refuse all of them, or nothing is measured.
fn refusals(profile: &fragrant::profile::Profile) {
    let count = |reads: &dyn Fn(&str) -> bool| inputs::BAD.iter().filter(|bad| !reads(bad)).count();
    let address = |bad: &str| format!("https://app.example/oauth/callback#{bad}");
    let mut rows = vec![
        ("ours, borrowed", count(&|bad| ours::borrowed(&format!("#{bad}"), profile).is_some())),
        ("ours, decoded", count(&|bad| ours::decoded(&format!("#{bad}"), profile).is_some())),
        ("ours, borrowed, whole address", count(&|bad| ours::borrowed(&address(bad), profile).is_some())),
    ];
    assert!(rows.iter().all(|(_, refused)| *refused == inputs::BAD.len()), "{rows:?}");
    rows.push((
        "url::Url + form_urlencoded, whole address",
        count(&|bad| peers::whole_url(&address(bad)).is_some()),
    ));
    rows.extend(peers::PEERS.iter().map(|(name, peer)| (*name, count(&|bad| peer(bad).is_some()))));
    println!("### Bad inputs\n\n| | refused, of {} |\n|---|---:|", inputs::BAD.len());
    for (name, refused) in rows {
        println!("| {name} | {refused} |");
    }
}

/// A megabyte of one parameter that comes again and again.
fn duplicates(profile: &fragrant::profile::Profile, rounds: Rounds) {
    let fragment = inputs::duplicates();
    let own = format!("#{fragment}");
    assert!(ours::borrowed(&own, profile).is_none());
    let mut rows = vec![row("ours, borrowed (refuses)", || ours::borrowed(black_box(&own), profile))];
    rows.extend(peers(&fragment));
    rounds.print(
        &format!("1 MB of duplicates: {} bytes, no limits", fragment.len()),
        rows,
        &["ours, borrowed (refuses)"],
    );
}

/// A row for each peer that reads a fragment.
fn peers<'f>(fragment: &'f str) -> impl Iterator<Item = Row<'f>> {
    peers::PEERS.iter().map(move |(name, peer)| {
        let note = if peer(fragment).is_none() { " (refuses)" } else { "" };
        row(&format!("{name}{note}"), move || peer(black_box(fragment)))
    })
}

/// Runs one of our own paths so many times: what `cargo xtask instructions` counts.
fn count(path: &str, times: usize) {
    let profile = ours::without_limits();
    let all = inputs::all();
    let request = Ours::default();
    let mut out = String::with_capacity(1024);
    let Some(mut session) = session::session() else { return };
    for _ in 0..times {
        out.clear();
        match path {
            "session" => _ = black_box(session::drive(black_box(&mut session), &Event::DAY)),
            "build" => _ = black_box(request.to_url()),
            "prepared" => request.write_prepared(black_box(&mut out)),
            _ => break,
        }
    }
    let Some((way, name)) = path.split_once(' ') else { return };
    let Some(input) = all.iter().find(|input| input.name == name) else { return };
    let (text, state) = (format!("#{}", input.fragment), input.state());
    for _ in 0..times {
        let text = black_box(text.as_str());
        _ = black_box(match way {
            "borrowed" => ours::borrowed(text, &profile),
            "decoded" => ours::decoded(text, &profile),
            "judged" => ours::judged(text, &state, &profile),
            _ => return,
        });
    }
}

fn parse(input: &inputs::Input, profile: &fragrant::profile::Profile, rounds: Rounds) -> Vec<Time> {
    let fragment = input.fragment.as_str();
    let own = format!("#{fragment}");
    let address = format!("https://app.example/oauth/callback#{fragment}");
    let expected = peers::form_urlencoded_match(fragment);
    assert!(expected.is_some() && ours::borrowed(&own, profile).is_some(), "{}", input.name);
    assert_eq!(ours::decoded(&own, profile), expected, "{}", input.name);
    assert_eq!(ours::decoded(&address, profile), expected, "{}", input.name);
    assert_eq!(peers::whole_url(&address), expected, "{}", input.name);
    let state = input.state();
    assert_eq!(ours::judged(&own, &state, profile), input.answer_len(), "{}", input.name);
    let mut copy = vec![0; fragment.len()];
    let mut rows = vec![
        row("ours, borrowed", || ours::borrowed(black_box(&own), profile)),
        row("ours, decoded", || ours::decoded(black_box(&own), profile)),
        row("ours, the whole judgement", || ours::judged(black_box(&own), &state, profile)),
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
    }
    rows.extend(peers(fragment));
    rows.push(row("limit: one memchr3", || memchr::memchr3(1, 2, 3, black_box(fragment.as_bytes()))));
    rows.push(row("limit: from_utf8", || std::str::from_utf8(black_box(fragment.as_bytes())).is_ok()));
    rows.push(row("limit: copy", || {
        copy.copy_from_slice(black_box(fragment.as_bytes()));
        black_box(copy.as_slice()).len()
    }));
    let title = format!("{}: {} bytes", input.name, fragment.len());
    rounds.print(&title, rows, &["ours, borrowed", "ours, decoded", "ours, borrowed, whole address"])
}

/// What is refused for its size.
fn limits(rounds: Rounds) {
    let strict = &ours::STRICT;
    let [long, longer] = [100_000, 1_000_000].map(|len| format!("#{}", inputs::opaque(len)));
    let [many, more] = [1_000, 6_000].map(|count| format!("#{}", inputs::parameters(count)));
    // Where the whole is looked through before its length is: for a `#` that is not there, for the end of a route.
    let query = format!("?{}", inputs::opaque(1_000_000));
    let route = format!("#/{}?", "a&".repeat(500_000));
    for text in [&long, &longer, &query, &route, &many, &more] {
        assert!(ours::borrowed(text, strict).is_none());
    }
    let rows = vec![
        row("too long, 100 KB", || ours::borrowed(black_box(&long), strict)),
        row("too long, 1 MB", || ours::borrowed(black_box(&longer), strict)),
        row("too long, 1 MB without a `#`", || ours::borrowed(black_box(&query), strict)),
        row("too long, 1 MB of a route", || ours::borrowed(black_box(&route), strict)),
        row("too many, 1,000", || ours::borrowed(black_box(&many), strict)),
        row("too many, 6,000", || ours::borrowed(black_box(&more), strict)),
    ];
    rounds.print("What is refused", rows, &[]);
}

/// The cost of one parameter as they become more.
fn growth(lifted: &fragrant::profile::Profile, rounds: Rounds) {
    let counts = [100_u32, 1_000, 10_000, 100_000];
    let texts = counts.map(|count| format!("#{}", inputs::parameters(count as usize)));
    let rows: Vec<Row<'_>> =
        texts.iter().map(|text| row("", move || ours::borrowed(black_box(text), lifted))).collect();
    println!("\n### One parameter of many, without limits\n\n| parameters | best ns for one |\n|---:|---:|");
    for (count, time) in counts.into_iter().zip(rounds.measure(rows)) {
        println!("| {count} | {:.2} |", time.best / f64::from(count));
    }
}

fn build(rounds: Rounds) {
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
    rounds.print(
        &format!("Building an address of 8 parameters, {} bytes", url.len()),
        rows,
        &["ours, one allocation", "ours, prepared, a state into a buffer"],
    );
}

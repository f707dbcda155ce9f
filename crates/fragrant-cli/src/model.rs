//! `fragrant model`: searches all that can happen, with everything in order or with a mitigation left out.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use fragrant_model::chart::{to_mermaid, to_svg};
use fragrant_model::gallery::gallery;
use fragrant_model::replay::replay;
use fragrant_model::search::{Findings, Progress, Stop, search};
use fragrant_model::story::shorten_states;
use fragrant_model::switch::{LEFT, SWITCHES, Switch};
use fragrant_model::{Bounds, Setting};
use serde_json::{Value, json};

use crate::arguments::ModelArguments;
use crate::output::{count, one_line, write_json};
use crate::usage::Failure;

pub(crate) fn run(arguments: &ModelArguments) -> Result<ExitCode, Failure> {
    let bounds = bounds(arguments)?;
    if let Some(folder) = &arguments.svg {
        return draw(folder);
    }
    match &*arguments.off {
        [] => all(arguments, bounds),
        ids => off(ids, arguments, bounds),
    }
}

/// Everything in order, and then each switch off alone.
fn all(arguments: &ModelArguments, bounds: Bounds) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let all_on = find(&Setting::new(bounds))?;
    let mut is_well = all_on.violations.is_empty() && all_on.reached.is_some();
    if !arguments.json {
        writeln!(out, "Everything in order, {}:", in_words(&bounds))?;
        writeln!(out, "  {}", verdict(&all_on))?;
        for (property, way) in &all_on.violations {
            writeln!(out, "  broken: {property}, in {}", count(way.len(), "action"))?;
        }
        writeln!(out, "\nEach switch off alone, in the smallest world in which it counts:")?;
    }
    let mut switches = Vec::new();
    let mut unavailable = 0;
    for switch in SWITCHES {
        if !switch.is_available() {
            unavailable += 1;
            continue;
        }
        let found = find(&switch.off())?;
        let property = switch.breaks.first();
        let length = property.and_then(|property| found.violations.get(property)).map(Vec::len);
        // The one that breaks nothing takes away what all the others rest on.
        is_well &= if property.is_some() { length.is_some() } else { found.reached.is_none() };
        if !arguments.json {
            let broken = match (property, length) {
                (Some(property), Some(length)) => format!("{property}, in {}", count(length, "action")),
                (Some(property), None) => format!("{property} HOLDS"),
                (None, _) => "the honest flow".into(),
            };
            writeln!(
                out,
                "  {:14}  {:8}  {:36}  {:>6} states  without: {}",
                switch.id,
                switch.kind.as_str(),
                broken,
                found.states,
                switch.name
            )?;
        }
        switches.push(json!({
            "id": switch.id,
            "kind": switch.kind.as_str(),
            "property": property.map_or("reachability", |property| property.as_str()),
            "length": length,
            "states": found.states,
        }));
    }
    if arguments.json {
        let left: Vec<Value> = LEFT.iter().map(|left| json!({ "id": left.id, "why": left.why })).collect();
        write_json(
            &mut out,
            &json!({ "all_on": all_on_json(&all_on, &bounds), "switches": switches, "left": left }),
        )?;
        writeln!(out)?;
    } else {
        if unavailable > 0 {
            writeln!(
                out,
                "\n{} of the core judge always in this build; `cargo xtask model` has one where they can be told to say yes.",
                count(unavailable, "check")
            )?;
        }
        writeln!(out, "\nLeft out:")?;
        for left in LEFT {
            writeln!(out, "  {}  {}", left.id, left.why)?;
        }
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Some switches off: the shortest attack on each property that they break.
fn off(ids: &[String], arguments: &ModelArguments, bounds: Bounds) -> Result<ExitCode, Failure> {
    let mut switches = Vec::new();
    for id in ids {
        let switch = Switch::find(id).ok_or_else(|| {
            let known = SWITCHES.iter().map(|switch| switch.id).collect::<Vec<_>>().join(", ");
            Failure::argument("--off", format!("no switch of this name; expected one of {known}"))
        })?;
        if !switch.is_available() {
            let why = "is a check of the core, which judges always in this build; use `cargo xtask model`";
            return Err(Failure::argument("--off", format!("{} {why}", switch.id)));
        }
        switches.push(switch);
    }
    let mut setting = match &*switches {
        [one, other, ..] => one.both_off(other),
        [one] => one.off(),
        [] => Setting::new(bounds),
    };
    // The world is that of the first two.
    for more in switches.iter().skip(2) {
        more.turn_off(&mut setting);
    }
    if arguments.bounds.is_some() {
        setting.bounds = bounds;
    }
    let found = find(&setting)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        write_json(&mut out, &json!({ "off": ids, "found": all_on_json(&found, &setting.bounds) }))?;
        writeln!(out)?;
        return Ok(is_attacked(&found));
    }
    for switch in &switches {
        writeln!(out, "{} ({}), left out: {}.", switch.id, switch.kind, switch.name)?;
        writeln!(out, "  {}\n  What stops it: {}", switch.attack, switch.stopped_by)?;
    }
    writeln!(out, "\n{}\n{}", in_words(&setting.bounds), verdict(&found))?;
    for (property, way) in &found.violations {
        writeln!(out, "\n{property} is broken in {}:", count(way.len(), "action"))?;
        let steps = replay(&setting, way.iter().map(String::as_str)).map_err(|error| failed(&*error))?;
        for (number, step) in steps.iter().enumerate() {
            for (at, line) in step.lines.iter().enumerate() {
                let number = if at == 0 { format!("{}.", number + 1) } else { String::new() };
                let who = format!("{} → {}", line.from, line.to);
                let refusal = line.refusal.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                writeln!(out, "  {number:>3} {who:<26}  {}{refusal}", line.text)?;
                if let Some(wire) = &line.wire {
                    writeln!(out, "        │ {}", one_line(&shorten_states(wire)))?;
                }
            }
        }
    }
    Ok(is_attacked(&found))
}

/// Whether something is broken, or the honest flow is no longer there.
fn is_attacked(found: &Findings) -> ExitCode {
    let is_attacked = !found.violations.is_empty() || found.reached.is_none();
    if is_attacked { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The gallery's charts, as images and in the language of Mermaid.
fn draw(folder: &Path) -> Result<ExitCode, Failure> {
    fs::create_dir_all(folder)?;
    let mut number = 0;
    for attack in gallery() {
        fs::write(folder.join(format!("{}.svg", attack.switch.id)), to_svg(&attack))?;
        fs::write(folder.join(format!("{}.mmd", attack.switch.id)), to_mermaid(&attack))?;
        number += 1;
    }
    writeln!(io::stdout(), "{} in {}", count(number, "attack"), one_line(&folder.display().to_string()))?;
    Ok(ExitCode::SUCCESS)
}

fn all_on_json(found: &Findings, bounds: &Bounds) -> Value {
    let violations: Vec<Value> = found
        .violations
        .iter()
        .map(|(property, way)| json!({ "property": property.as_str(), "length": way.len(), "actions": way }))
        .collect();
    let bounds: serde_json::Map<String, Value> =
        bounds.named().into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    json!({
        "violations": violations,
        "states": found.states,
        "transitions": found.transitions,
        "depth": found.depth,
        "seconds": found.time.as_secs_f64(),
        "bounds": bounds,
    })
}

fn find(setting: &Setting) -> Result<Findings, Failure> {
    let is_watched = io::stderr().is_terminal();
    let found = search(setting, Stop::default(), |progress| {
        if is_watched {
            show(progress);
        }
    });
    if is_watched {
        // Over what stood there; if nobody can be shown it, nothing is lost.
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
    found.map_err(|error| failed(&*error))
}

/// How much of what is known so far has been looked at.
fn show(progress: &Progress) {
    const WIDTH: usize = 30;
    let done = WIDTH * progress.visited / progress.states.max(1);
    let bar = format!("{}{}", "#".repeat(done), "-".repeat(WIDTH - done));
    let _ = write!(
        io::stderr(),
        "\r[{bar}] {} of {} states so far, depth {}, {:.0} s",
        progress.visited,
        progress.states,
        progress.depth,
        progress.time.as_secs_f64()
    );
}

fn verdict(found: &Findings) -> String {
    let what = if found.violations.is_empty() { "nothing is broken" } else { "something is broken" };
    let honest = match found.reached {
        Some(actions) => format!("a user is served after {}", count(actions, "action")),
        None => "NO USER IS EVER SERVED".into(),
    };
    format!(
        "{what}: {} states, all of them visited, {} transitions, depth {}, {:.2} s; {honest}",
        found.states,
        found.transitions,
        found.depth,
        found.time.as_secs_f64()
    )
}

fn in_words(bounds: &Bounds) -> String {
    bounds.named().map(|(name, value)| format!("{name} {value}")).join(", ")
}

fn bounds(arguments: &ModelArguments) -> Result<Bounds, Failure> {
    let mut bounds = Bounds { starts: 1, lures: 2, ..Bounds::GOAL };
    for pair in arguments.bounds.iter().flat_map(|text| text.split(',')) {
        let set =
            pair.split_once('=').and_then(|(name, value)| Some((name.trim(), value.trim().parse().ok()?)));
        if !set.is_some_and(|(name, value)| bounds.set(name, value)) {
            let names = Bounds::GOAL.named().map(|(name, _)| name).join(", ");
            let expected = format!("expected NAME=NUMBER,... with names among {names}");
            return Err(Failure::argument("--bounds", expected));
        }
    }
    match bounds.fault() {
        None => Ok(bounds),
        Some(name) => Err(Failure::argument("--bounds", format!("{name} is out of the model's reach"))),
    }
}

fn failed(error: &dyn std::error::Error) -> Failure {
    Failure::Io(io::Error::other(error.to_string()))
}

//! `fragrant demo`: the grant between six actors, over real HTTP on this machine.

mod browser;
mod form;
mod stage;

use std::io::{self, Write};
use std::process::ExitCode;

use fragrant_model::Recording;
use fragrant_model::tale::{Plot, tell};
use fragrant_profiles::{ALL, Provider};
use serde_json::{Value, json};

use crate::arguments::DemoArguments;
use crate::provider;
use crate::usage::Failure;

/// The providers in the order in which the demo shows them: the two guides first, then the specification alone.
const ORDER: [&str; 3] = ["ringcentral", "procore", "rfc6749"];

pub(crate) fn run(arguments: &DemoArguments) -> Result<ExitCode, Failure> {
    let providers: Vec<&'static Provider> = match &arguments.profile {
        Some(id) => vec![provider::find(id)?],
        None => {
            let mut all = ALL.to_vec();
            all.sort_by_key(|provider| ORDER.iter().position(|id| *id == provider.id));
            all
        }
    };
    let mut out = io::stdout().lock();
    let mut reports = Vec::new();
    let mut all_well = true;
    for provider in providers {
        let plot = if arguments.deny { Plot::Denial } else { Plot::Whole };
        let (recording, outcome) = match stage::Stage::set(provider) {
            Ok(mut stage) => tell(&mut stage, plot),
            Err(problem) => (Recording::new(provider), Err(problem)),
        };
        all_well &= outcome.is_ok();
        if arguments.json {
            reports.push(report(&recording, &outcome));
        } else {
            show(&mut out, &recording, &outcome)?;
        }
    }
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &reports).map_err(io::Error::from)?;
        writeln!(out)?;
    } else if all_well {
        writeln!(out, "\nEach step did what it should.")?;
    }
    out.flush()?;
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(out: &mut impl Write, recording: &Recording, outcome: &Result<(), String>) -> io::Result<()> {
    let title = format!("{}: the implicit grant between six actors", recording.provider.name);
    writeln!(out, "\n{title}\n{}", "=".repeat(title.chars().count()))?;
    for notice in recording.provider.notices {
        writeln!(out, "{notice}")?;
    }
    write!(out, "{recording}")?;
    if let Err(problem) = outcome {
        writeln!(out, "\n  FAILED: {problem}")?;
    }
    out.flush()
}

fn report(recording: &Recording, outcome: &Result<(), String>) -> Value {
    let scenes: Vec<Value> = recording
        .scenes
        .iter()
        .map(|scene| {
            let lines: Vec<Value> = scene
                .lines
                .iter()
                .map(|line| {
                    json!({
                        "step": line.step.number(),
                        "label": line.label,
                        "from": line.from.name(),
                        "to": line.to.name(),
                        "text": line.text,
                        "wire": line.wire,
                    })
                })
                .collect();
            json!({ "title": scene.title, "lines": lines })
        })
        .collect();
    json!({
        "profile": recording.provider.id,
        "ok": outcome.is_ok(),
        "problem": outcome.as_ref().err(),
        "scenes": scenes,
    })
}

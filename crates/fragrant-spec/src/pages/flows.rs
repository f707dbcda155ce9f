//! Runs as sequence charts: each provider's, each step's, and what happens when something goes wrong.

use fragrant_model::chart::{Arrow, Chart};

use super::markdown::Page;
use crate::document::{Document, Flow, FlowLine};
use crate::files::File;

/// Where the pictures are.
const FOLDER: &str = "flows";

pub(super) fn files(document: &Document) -> Vec<File> {
    let mut files = Vec::new();
    let mut runs = Page::new("Runs");
    runs.paragraph(
        "A whole run with each provider, part by part, as it was recorded while the library's own machines played all six \
         actors. The numbers are those of each provider's own guide. Secrets are shortened to their beginning and length. \
         Where a renewal is silent, the last part has what the [session](session.md) is told and what it orders.",
    );
    let mut errors = Page::new("When something goes wrong");
    errors.paragraph(
        "The same with something that goes wrong, in the order of the steps. What is said of each refusal is on [the page about \
         judging](judging.md); what happens when a token or a login session ends is at the end of each of the [runs](flows.md).",
    );
    for profile in &document.profiles {
        runs.heading(&profile.name);
        let prefix = format!("{}-", profile.id);
        for flow in document.flows.iter().filter(|flow| flow.id.starts_with(&prefix)) {
            runs.subheading(&flow.title);
            draw(document, flow, &mut runs, &mut files);
        }
    }
    for flow in &document.flows {
        if document.profiles.iter().all(|profile| !flow.id.starts_with(&format!("{}-", profile.id))) {
            errors.heading(&flow.title);
            draw(document, flow, &mut errors, &mut files);
        }
    }
    for step in &document.steps {
        if let Some(chart) = step_chart(document, step.number) {
            files.push(File::new(step_path(step.number), chart.to_svg()));
        }
    }
    files.push(File::new("flows.md", runs.into_text()));
    files.push(File::new("errors.md", errors.into_text()));
    files
}

fn draw(document: &Document, flow: &Flow, page: &mut Page, files: &mut Vec<File>) {
    let profile = document.profiles.iter().find(|profile| profile.id == flow.profile);
    let name = profile.map_or("", |profile| &profile.name);
    let chart = chart(document, format!("{name}: {}", flow.title), &flow.lines, true);
    let path = format!("{FOLDER}/{}.svg", flow.id);
    page.picture(&path, &chart.title);
    page.folded(&chart.sentences(), &chart.to_mermaid());
    files.push(File::new(path, chart.to_svg()));
}

/// The path of a step's picture.
pub(super) fn step_path(step: u8) -> String {
    format!("{FOLDER}/step-{step}.svg")
}

/// One step of the first sign-in, by the specification alone.
pub(super) fn step_chart(document: &Document, number: u8) -> Option<Chart> {
    let flow = document.flows.first()?;
    let step = document.steps.iter().find(|step| step.number == number)?;
    let lines: Vec<FlowLine> = flow.lines.iter().filter(|line| line.step == number).cloned().collect();
    let mut chart = chart(document, format!("Step {number}: {}", step.title), &lines, false);
    // The letters of the specification's figure, which says less.
    chart.arrows.iter_mut().for_each(|arrow| arrow.label = None);
    Some(chart)
}

fn chart(document: &Document, title: String, lines: &[FlowLine], has_headings: bool) -> Chart {
    let takes_part = |name: &str| lines.iter().any(|line| line.from == name || line.to == name);
    let actors = document.actors.iter().map(|actor| &actor.name);
    let parties: Vec<String> = actors.filter(|name| takes_part(name)).cloned().collect();
    let index = |name: &str| parties.iter().position(|own| own == name).unwrap_or_default();
    let mut step = None;
    let mut label = None;
    let arrows = lines.iter().map(|line| {
        let is_new = step.replace(line.step) != Some(line.step);
        let title = document.steps.iter().find(|step| step.number == line.step);
        // A move of several lines carries its number once.
        let shown = line.label.as_ref().filter(|own| label != Some(*own));
        label = line.label.as_ref().or(label);
        Arrow {
            heading: title
                .filter(|_| is_new && has_headings)
                .map(|step| format!("Step {}: {}", step.number, step.title)),
            label: shown.cloned(),
            from: index(&line.from),
            to: index(&line.to),
            text: line.text.clone(),
            wire: line.wire.clone(),
            is_refusal: false,
        }
    });
    let arrows = arrows.collect();
    Chart { title, parties, arrows, ..Chart::default() }
}

//! The ledger as a page.

use std::fmt::Write;

use super::requirements::{Kind, Level, Requirement, Specification};
use super::{Count, Ledger, Place};

/// From the page's folder to the root.
const UP: &str = "../..";

const HEAD: &str = "\
<!-- Written by `fragrant spec ledger --write`; whoever changes it by hand is undone. -->

# The ledger

What the specifications ask of the implicit grant, the code that keeps it, and the test that shows it. The requirements are
those of [requirements.toml](../requirements.toml), in our own words; *derived* ones follow from a grammar, an example or
advice, and their level is ours. The places are what comments in the code and in the tests say
([CONTRIBUTING.md](../../CONTRIBUTING.md) has the rules). A place is a name and no line number, so that the page changes when
a place does and not with every edit above it.

A MUST is kept and shown, or it has an exception with a reason; otherwise a check fails. A SHOULD without either is *open*,
and a MAY need not be anything.
";

pub(super) fn page(ledger: &Ledger) -> String {
    let mut page = String::from(HEAD);
    page.push_str("\n## Counts\n\n");
    page.push_str("| specification | MUST kept | excepted | SHOULD kept | excepted | open | MAY kept | excepted | open |\n");
    page.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for specification in &ledger.specifications {
        counts(&mut page, &link_to(specification), |level| specification.count(level));
    }
    counts(&mut page, "all", |level| {
        Count::of(ledger.requirements().filter(|requirement| requirement.level == level))
    });
    page.push_str("\n## Exceptions\n\n| kind | the requirement | how many |\n|---|---|---:|\n");
    for kind in Kind::ALL {
        let number = ledger
            .requirements()
            .filter(|requirement| {
                requirement.exception.as_ref().is_some_and(|exception| exception.kind == kind)
            })
            .count();
        line(&mut page, format_args!("| {kind} | {} | {number} |", kind.about()));
    }
    untried(&mut page, ledger);
    for specification in &ledger.specifications {
        line(&mut page, format_args!("\n## {}: {}", specification.name, specification.title));
        page.push_str(
            "\n| section | id | level | who | what | kept by | shown by |\n|---|---|---|---|---|---|---|\n",
        );
        for requirement in &specification.requirements {
            row(&mut page, requirement);
        }
    }
    page
}

/// The marks that rest on somebody's word alone.
fn untried(page: &mut String, ledger: &Ledger) {
    let untried: Vec<(&Requirement, &String)> = ledger
        .requirements()
        .filter_map(|requirement| Some((requirement, requirement.untried.as_ref()?)))
        .collect();
    let kept = ledger.requirements().filter(|requirement| requirement.is_kept()).count();
    line(
        page,
        format_args!(
            "\n## Tried\n\nOf the {kept} requirements that code keeps and a test shows, {} have a fault: a change that takes \
             away what the mark stands at, in a copy of the tree, and with which one of the tests has to fail \
             (`cargo xtask marks-long`). These have none:\n\n| id | what | why not |\n|---|---|---|",
            kept - untried.len()
        ),
    );
    for (Requirement { id, summary, .. }, why) in untried {
        line(page, format_args!("| {id} | {} | {} |", cell(summary), cell(why)));
    }
}

fn counts(page: &mut String, name: &str, count: impl Fn(Level) -> Count) {
    let (must, should, may) = (count(Level::Must), count(Level::Should), count(Level::May));
    line(
        page,
        format_args!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |",
            must.kept,
            must.excepted,
            should.kept,
            should.excepted,
            should.open,
            may.kept,
            may.excepted,
            may.open
        ),
    );
}

/// To the heading, by the name that GitHub and mdBook give it.
fn link_to(specification: &Specification) -> String {
    let heading = format!("{}: {}", specification.name, specification.title).to_lowercase();
    let anchor: String = heading
        .chars()
        .filter(|char| char.is_alphanumeric() || *char == ' ' || *char == '-')
        .map(|char| if char == ' ' { '-' } else { char })
        .collect();
    format!("[{}](#{anchor})", specification.name)
}

fn row(page: &mut String, requirement: &Requirement) {
    let Requirement { id, section, level, actor, summary, .. } = requirement;
    let derived = if requirement.is_derived { ", derived" } else { "" };
    let summary = cell(summary);
    match &requirement.exception {
        Some(exception) => line(
            page,
            format_args!(
                "| {section} | {id} | {level}{derived} | {actor} | {summary} | *{}:* {} | |",
                exception.kind,
                cell(&exception.why)
            ),
        ),
        None => line(
            page,
            format_args!(
                "| {section} | {id} | {level}{derived} | {actor} | {summary} | {} | {} |",
                places(&requirement.kept),
                places(&requirement.shown)
            ),
        ),
    }
}

/// Each place once: two marks in one function are one place.
fn places(places: &[Place]) -> String {
    let mut links: Vec<String> = Vec::new();
    for place in places {
        let link = link(place);
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links.join("<br>")
}

fn link(place: &Place) -> String {
    let file = place.path.rsplit('/').next().unwrap_or_default();
    let name = place.item.as_deref().unwrap_or(file);
    format!("[`{name}`]({UP}/{})", place.path)
}

/// Text that ends no cell of a table and begins no element of HTML.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    let _ = writeln!(page, "{text}");
}

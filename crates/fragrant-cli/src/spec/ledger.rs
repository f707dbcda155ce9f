//! `fragrant spec ledger`: what the specifications ask for, and what of it is kept and shown.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fragrant_spec::ledger::{Count, Ledger, Level, PAGE, PATH, Requirement, read_folder};
use serde_json::json;

use crate::arguments::LedgerArguments;
use crate::output::{one_line, write_json};
use crate::usage::Failure;

pub(crate) fn run(arguments: &LedgerArguments) -> Result<ExitCode, Failure> {
    let root = root(arguments)?;
    let ledger = read_folder(&root).map_err(|error| Failure::NoInput(error.to_string()))?;
    let page = ledger.page();
    let mut complaints = ledger.complaints();
    if arguments.write {
        write(&root.join(PAGE), &page)?;
    } else {
        complaints.extend(difference(&root.join(PAGE), &page));
    }
    let mut out = io::stdout().lock();
    if arguments.json {
        write_json(&mut out, &json!({ "complaints": complaints, "specifications": ledger.specifications }))?;
        writeln!(out)?;
    } else {
        report(&mut out, &ledger)?;
        for complaint in &complaints {
            writeln!(out, "{}", one_line(complaint))?;
        }
    }
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The folder that was named, or the nearest one from here upwards that has a list.
fn root(arguments: &LedgerArguments) -> Result<PathBuf, Failure> {
    if let Some(root) = &arguments.root {
        return Ok(root.clone());
    }
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join(PATH).is_file())
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::NoInput(format!("no {PATH} here or above; see --root")))
}

fn write(path: &Path, page: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, page)
}

/// Where the page on disk is another than it should be.
fn difference(path: &Path, page: &str) -> Option<String> {
    const RENEW: &str = "`fragrant spec ledger --write` writes it anew";
    let Ok(found) = fs::read_to_string(path) else { return Some(format!("{PAGE} cannot be read; {RENEW}")) };
    if found == page {
        return None;
    }
    let same = found.lines().zip(page.lines()).take_while(|(found, expected)| found == expected).count();
    Some(format!("{PAGE}:{} is not what the marks say; {RENEW}", same + 1))
}

/// The counts, and what nothing demands.
fn report(out: &mut impl Write, ledger: &Ledger) -> io::Result<()> {
    let width = ledger.specifications.iter().map(|of| of.name.len()).max().unwrap_or_default();
    for specification in &ledger.specifications {
        for level in [Level::Must, Level::Should, Level::May] {
            let count = specification.count(level);
            if count != Count::default() {
                writeln!(out, "{:width$}  {:6}  {count}", specification.name, level.to_string())?;
            }
        }
    }
    list(out, "SHOULD, neither kept and shown nor excepted", ledger.open_shoulds())?;
    let unused = ledger.unused().filter(|requirement| requirement.level == Level::May);
    list(out, "MAY, named by no mark and no exception", unused)?;
    writeln!(out)
}

fn list<'a>(
    out: &mut impl Write,
    what: &str,
    requirements: impl Iterator<Item = &'a Requirement>,
) -> io::Result<()> {
    let mut requirements = requirements.peekable();
    if requirements.peek().is_some() {
        writeln!(out, "\n{what}:")?;
    }
    for requirement in requirements {
        writeln!(
            out,
            "  {} ({}, {}): {}",
            requirement.id, requirement.level, requirement.actor, requirement.summary
        )?;
    }
    Ok(())
}

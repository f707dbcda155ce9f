//! `size`: what a program without an operating system pays for reading an answer, and for a session; and what a browser
//! downloads. docs/size.md says what is in it.

mod peers;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::{Object, ObjectSection};

use super::web;
use crate::command::{output, run};
use crate::context::Context;
use crate::npm;
use crate::outcome::{Outcome, failed, none_of};
use crate::tools;
pub(crate) use peers::run_part as run_peers;
use table::{Goals, Must, Row, Table, Weighed};

const TARGET: &str = "thumbv7em-none-eabi";

/// Programs of `benches/size`, by the bytes of their `.text`. A bound is some 5 % above what was weighed when it was last set.
/// When a row has become smaller, lower its bound.
const PROGRAMS: &[Row] = &[
    Row { name: "read", bound: 4_260, goals: None },
    Row { name: "parse", bound: 7_070, goals: None },
    Row { name: "session", bound: 58_200, goals: None },
];

/// What a browser downloads, by its bytes after `gzip -9`. The bound of `page` is set in the same way. Those of the two with
/// JavaScript are less than 1 % above what was weighed: most of the steps that made them smaller have brought less than 5 %,
/// and could be lost again unseen.
const DOWNLOADS: &[(Download, Row)] = &[
    (
        Download::Bare("page"),
        Row {
            name: "page: parse and build",
            bound: 2_780,
            goals: Some(Goals { must: Must::Reached(3_000), go_for: 1_500 }),
        },
    ),
    (
        Download::Bound(web::JS),
        Row {
            name: "the whole adapter",
            bound: 60_700,
            goals: Some(Goals { must: Must::Missed(25_000), go_for: 12_000 }),
        },
    ),
    (Download::Bound(web::SPA), Row { name: "examples/spa", bound: 74_600, goals: None }),
];

/// Something for a browser.
#[derive(Clone, Copy, Debug)]
enum Download {
    /// A program of `benches/size`: a module and nothing else.
    Bare(&'static str),
    /// A module with the JavaScript that `wasm-bindgen` writes for it.
    Bound(web::Module),
}

pub(crate) fn run_part(context: &Context) -> Outcome {
    let programs = programs(context)?;
    let downloads = downloads(context)?;
    println!("\n   Code (.text) of programs for {TARGET}\n{}", Table(&programs));
    println!("   What a browser downloads, zipped\n{}", Table(&downloads));
    let complaints: Vec<String> = programs.iter().chain(&downloads).filter_map(Weighed::complaint).collect();
    none_of(&complaints)
}

fn programs(context: &Context) -> Outcome<Vec<Weighed>> {
    let built = build(context, TARGET)?;
    PROGRAMS
        .iter()
        .map(|row| match fs::read(built.join(row.name)).ok().and_then(|file| text_size(&file)) {
            Some(module) => Ok(Weighed { row, module, javascript: None }),
            None => failed(format!("`{}` was built, but holds no `.text`", row.name)),
        })
        .collect()
}

fn downloads(context: &Context) -> Outcome<Vec<Weighed>> {
    let folder = context.target().join("size").join("web");
    DOWNLOADS
        .iter()
        .map(|(download, row)| {
            let (module, javascript) = match download {
                Download::Bare(program) => (bare(context, program)?, None),
                Download::Bound(module) => {
                    let folder = folder.join(module.name);
                    web::build(context, *module, &folder)?;
                    let script = folder.join(module.name).with_extension("js");
                    let minified = minified(context, &script)?;
                    (folder.join(format!("{}_bg.wasm", module.name)), Some(zipped(context, &minified)?))
                }
            };
            Ok(Weighed { row, module: zipped(context, &module)?, javascript })
        })
        .collect()
}

/// A program of `benches/size` for a browser, as small as it gets.
pub(crate) fn bare(context: &Context, program: &str) -> Outcome<PathBuf> {
    let folder = context.target().join("size").join("web");
    fs::create_dir_all(&folder).or_else(|error| failed(format!("{}: {error}", folder.display())))?;
    let built = build(context, web::TARGET)?.join(program).with_extension("wasm");
    let small = folder.join(program);
    run(web::optimise(context, &web::wasm_opt(context)?).arg(built).arg("-o").arg(&small))?;
    Ok(small)
}

/// The programs of `benches/size`, and where they are.
fn build(context: &Context, target: &str) -> Outcome<PathBuf> {
    tools::target(context, target)?;
    let built = context.target().join("size");
    let mut build = context.cargo("build --release --locked --target");
    let folder = context.root.join("benches").join("size");
    build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("-C {}", web::STACK));
    run(build.arg(target).current_dir(folder).env("CARGO_TARGET_DIR", &built))?;
    Ok(built.join(target).join("release"))
}

/// A script as it is served: without comments and long names.
fn minified(context: &Context, script: &Path) -> Outcome<PathBuf> {
    let minified = script.with_extension("min.js");
    run(esbuild(context)?.arg(script).arg(format!("--outfile={}", minified.display())))?;
    Ok(minified)
}

/// What makes scripts small.
fn esbuild(context: &Context) -> Outcome<Command> {
    let packages = npm::installed(context, &context.root.join("xtask").join("web"), "web/tools")?;
    let mut esbuild = context.command("node");
    esbuild.arg(packages.join("node_modules").join("esbuild").join("bin").join("esbuild"));
    esbuild.args(["--minify", "--format=esm", "--log-level=error"]);
    Ok(esbuild)
}

/// How many bytes of a file are sent.
fn zipped(context: &Context, file: &Path) -> Outcome<u64> {
    const ZIP: &str = "const { gzipSync } = require('zlib'); const { readFileSync } = require('fs'); \
                       console.log(gzipSync(readFileSync(process.argv[1]), { level: 9 }).length)";
    let size = output(context.command("node").args(["-e", ZIP]).arg(file))?;
    size.trim().parse().or_else(|_| failed(format!("{} could not be zipped", file.display())))
}

fn text_size(program: &[u8]) -> Option<u64> {
    let file = object::File::parse(program).ok()?;
    Some(file.section_by_name(".text")?.size())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_program_has_no_size() {
        assert_eq!(text_size(b"not a program"), None);
    }
}

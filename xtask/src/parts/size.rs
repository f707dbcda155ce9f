//! `size`: what a program without an operating system pays for reading an answer, and for a session; and what a browser
//! downloads. docs/size.md says what is in it.

use std::fs;
use std::path::{Path, PathBuf};

use object::{Object, ObjectSection};

use super::web;
use crate::command::{output, run};
use crate::context::Context;
use crate::npm;
use crate::outcome::{Outcome, failed, none_of};
use crate::tools;

const TARGET: &str = "thumbv7em-none-eabi";

/// A program of `benches/size` and the most bytes of `.text` that it may have: some 5 % above what was weighed when the
/// bound was last set. When it has become smaller, lower its bound.
const BOUNDS: &[(&str, u64)] = &[("read", 4_260), ("parse", 7_070), ("session", 58_200)];

/// What a browser downloads, and the most bytes that it may have after `gzip -9`, set in the same way. With JavaScript it is
/// the sum of both files.
const DOWNLOADS: &[(Download, u64)] = &[
    (Download::Bare("page"), 2_780),
    (Download::Bound(web::JS), 56_800),
    (Download::Bound(web::SPA), 74_300),
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
    let mut complaints = programs(context)?;
    complaints.extend(downloads(context)?);
    none_of(&complaints)
}

fn programs(context: &Context) -> Outcome<Vec<String>> {
    let built = build(context, TARGET)?;
    let mut complaints = Vec::new();
    for (program, bound) in BOUNDS {
        let path = built.join(program);
        let Some(size) = fs::read(&path).ok().and_then(|file| text_size(&file)) else {
            return failed(format!("`{program}` was built, but holds no `.text`"));
        };
        println!("   {program}: {size} bytes of .text, at most {bound}");
        if size > *bound || size == 0 {
            complaints.push(format!("{program}: {size} bytes of .text, expected 1 to {bound}"));
        }
    }
    Ok(complaints)
}

fn downloads(context: &Context) -> Outcome<Vec<String>> {
    let folder = context.target().join("size").join("web");
    let mut complaints = Vec::new();
    for (download, bound) in DOWNLOADS {
        let (name, files) = match download {
            Download::Bare(program) => (*program, vec![bare(context, program)?]),
            Download::Bound(module) => {
                let folder = folder.join(module.name);
                web::build(context, *module, &folder)?;
                let script = folder.join(module.name).with_extension("js");
                (
                    module.name,
                    vec![folder.join(format!("{}_bg.wasm", module.name)), minified(context, &script)?],
                )
            }
        };
        let sizes = files.iter().map(|file| zipped(context, file)).collect::<Outcome<Vec<u64>>>()?;
        let size: u64 = sizes.iter().sum();
        println!("   {name}: {size} bytes zipped {sizes:?}, at most {bound}");
        if size > *bound || size == 0 {
            complaints.push(format!("{name}: {size} bytes zipped, expected 1 to {bound}"));
        }
    }
    Ok(complaints)
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
    let packages = npm::installed(context, &context.root.join("xtask").join("web"), "web/tools")?;
    let esbuild = packages.join("node_modules").join("esbuild").join("bin").join("esbuild");
    let minified = script.with_extension("min.js");
    let mut esbuild_command = context.command("node");
    esbuild_command.arg(esbuild).arg(script).args(["--minify", "--format=esm", "--log-level=error"]);
    run(esbuild_command.arg(format!("--outfile={}", minified.display())))?;
    Ok(minified)
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

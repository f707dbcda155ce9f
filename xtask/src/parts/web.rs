//! `web`: what runs in a browser, built as small as it gets: the module by cargo, its JavaScript by `wasm-bindgen`, and both
//! into a folder that a server can serve.

mod names;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use names::Names;

use super::browser;
use crate::command::{output, run};
use crate::context::Context;
use crate::npm;
use crate::outcome::{Outcome, Shortfall, failed};
use crate::tools;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The data stands behind the stack: the less of that, the shorter each address.
pub(crate) const STACK: &str = "link-arg=-zstack-size=131072";

/// What is moved from place to place is copied by one instruction whatever its size, where the compiler writes a load and a
/// store for each of up to four words.
const COPIES: &str = "llvm-args=-max-store-memcpy=1 -max-store-memmove=1 -max-store-memset=1";

/// A crate that becomes a module for a browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    pub(crate) package: &'static str,
    /// What its files are called.
    pub(crate) name: &'static str,
    /// Features beside its own default ones, as cargo takes them.
    pub(crate) features: &'static str,
}

pub(crate) const SPA: Module = Module { package: "example-spa", name: "spa", features: "" };

/// The adapter for JavaScript: all of it, and nothing of an application.
pub(crate) const JS: Module = Module { package: "fragrant-web", name: "fragrant", features: "js" };

/// The script that a page may have before all others.
const FIRST_SCRIPT: &str = "crates/fragrant-web/src/first.js";

/// The page that an authorization server may have to tell whether its cookies reach a frame.
const PROBE: &str = "crates/fragrant/src/probe.html";

pub(crate) fn run_part(context: &Context) -> Outcome {
    without_url(context, SPA)?;
    let folder = context.target().join("web").join(SPA.name);
    build(context, SPA, &folder)?;
    copy(&context.root.join("examples").join(SPA.name).join("static"), &folder)?;
    without_url(context, JS)?;
    let js = context.target().join("web").join("js");
    build(context, JS, &js)?;
    for folder in [&folder, &js] {
        on_disk(fs::copy(context.root.join(FIRST_SCRIPT), folder.join("first.js")))?;
    }
    on_disk(fs::copy(context.root.join(PROBE), js.join("probe.html")))?;
    types(context, &js)?;
    println!("   {} is ready: cargo run -p fragrant-cli -- serve --app {}", SPA.package, folder.display());
    Ok(())
}

/// Runs the tests of the adapter's parts in a browser.
pub(crate) fn run_parts(context: &Context) -> Outcome {
    let runner = runner(context)?;
    let mut test = context.cargo("test --locked --lib --package fragrant-web --target");
    run(test.arg(TARGET).envs(runner))
}

/// What cargo has to be told in its environment to run the tests of [`TARGET`] in a browser.
pub(crate) fn runner(context: &Context) -> Outcome<[(&'static str, PathBuf); 3]> {
    tools::target(context, TARGET)?;
    tools::system(context, "chromium", "chromium")?;
    tools::system(context, "chromedriver", "chromium-driver")?;
    let wasm_bindgen = tools::pinned(context, &tools::WASM_BINDGEN)?;
    Ok([
        (
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            wasm_bindgen.with_file_name("wasm-bindgen-test-runner"),
        ),
        // Under a loaded machine a browser takes its time to come up.
        ("WASM_BINDGEN_TEST_TIMEOUT", "120".into()),
        ("CHROMEDRIVER", "chromedriver".into()),
    ])
}

/// Builds the example for Leptos, in a workspace of its own, and signs in with it in a browser.
pub(crate) fn leptos(context: &Context) -> Outcome {
    tools::target(context, TARGET)?;
    browser::programs(context)?;
    let mut build = context.cargo("build --release --locked --target");
    let example = context.root.join("examples").join("leptos");
    let built = context.target().join("leptos");
    run(build.arg(TARGET).current_dir(&example).env("CARGO_TARGET_DIR", &built))?;
    let folder = context.target().join("web").join("leptos");
    let module = built.join(TARGET).join("release").join("example-leptos.wasm");
    bind(context, &module, "leptos", &folder)?;
    copy(&example.join("static"), &folder)?;
    on_disk(fs::copy(context.root.join(FIRST_SCRIPT), folder.join("first.js")))?;
    run(context
        .cargo("test --package browser-tests --test leptos --locked")
        .env("FRAGRANT_LEPTOS_PAGE", &folder))?;
    println!("   it is ready: cargo run -p fragrant-cli -- serve --app {}", folder.display());
    Ok(())
}

/// Builds a module and its JavaScript into a folder.
pub(crate) fn build(context: &Context, module: Module, folder: &Path) -> Outcome {
    tools::target(context, TARGET)?;
    let mut build = context.cargo("rustc --locked --lib --crate-type cdylib --profile web --target");
    build.args([TARGET, "--package", module.package]);
    if !module.features.is_empty() {
        build.args(["--features", module.features]);
    }
    build.args(["--", "-C", STACK, "-C", COPIES]);
    run(&mut build)?;
    let library = format!("{}.wasm", module.package.replace('-', "_"));
    bind(context, &context.target().join(TARGET).join("web").join(library), module.name, folder)
}

/// Writes a module that was built into a folder, small, with its JavaScript.
fn bind(context: &Context, built: &Path, name: &str, folder: &Path) -> Outcome {
    let wasm_bindgen = tools::pinned(context, &tools::WASM_BINDGEN)?;
    let wasm_opt = wasm_opt(context)?;
    on_disk(fs::create_dir_all(folder))?;
    run(context
        .command(&wasm_bindgen.to_string_lossy())
        .args(["--target", "web", "--omit-default-module-path", "--out-name", name, "--out-dir"])
        .arg(folder)
        .arg(built))?;
    let bound = folder.join(format!("{name}_bg.wasm"));
    let mut shorten = wasm_opt_with_features(context, &wasm_opt);
    shorten.arg("--minify-imports-and-exports-and-modules").arg(&bound).arg("-o").arg(&bound);
    let said = output(&mut shorten)?;
    run(optimise(context, &wasm_opt).arg(&bound).arg("-o").arg(&bound))?;
    let Some(names) = Names::read(&said) else { return failed(format!("wasm-opt named nothing: {said}")) };
    for extension in ["js", "d.ts"] {
        let script = folder.join(name).with_extension(extension);
        let text = on_disk(fs::read_to_string(&script))?;
        on_disk(fs::write(&script, names.write_into(&text)))?;
    }
    // It declares the long names, for those who link the module without its JavaScript.
    on_disk(fs::remove_file(folder.join(format!("{name}_bg.wasm.d.ts"))))
}

/// Checks programs that use the adapter for JavaScript against its declarations.
fn types(context: &Context, js: &Path) -> Outcome {
    let folder = context.target().join("web").join("types");
    on_disk(fs::create_dir_all(&folder))?;
    copy(js, &folder)?;
    copy(&context.root.join("browser-tests").join("js"), &folder)?;
    let packages = npm::installed(context, &context.root.join("xtask").join("web"), "web/tools")?;
    let tsc = packages.join("node_modules").join("typescript").join("bin").join("tsc");
    run(context.command("node").arg(tsc).arg("--project").arg(folder))
}

/// The program that makes a module smaller.
pub(crate) fn wasm_opt(context: &Context) -> Outcome<PathBuf> {
    let packages = npm::installed(context, &context.root.join("xtask").join("web"), "web/tools")?;
    Ok(packages.join("node_modules").join("binaryen").join("bin").join("wasm-opt"))
}

/// Makes a module as small as it gets.
pub(crate) fn optimise(context: &Context, wasm_opt: &Path) -> Command {
    let mut optimise = wasm_opt_with_features(context, wasm_opt);
    optimise.args([
        "--flatten",
        "--rereloop",
        "-O2",
        "-Oz",
        "--converge",
        // The lowest KiB is the far end of the stack, and nothing there has an address that another leads to.
        "--low-memory-unused",
        // The call of a larger function is smaller than what its body costs in another's registers.
        "--one-caller-inline-max-function-size=20",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ]);
    optimise
}

/// It is told to use what every module of the compiler uses already, and nothing that a browser might not have.
fn wasm_opt_with_features(context: &Context, wasm_opt: &Path) -> Command {
    let mut command = context.command("node");
    command.arg(wasm_opt).args([
        "--enable-bulk-memory",
        "--enable-mutable-globals",
        "--enable-multivalue",
        "--enable-nontrapping-float-to-int",
        "--enable-reference-types",
        "--enable-sign-ext",
    ]);
    command
}

/// The crate `url` and its tables of host names are larger than all the rest.
pub(crate) fn without_url(context: &Context, module: Module) -> Outcome {
    let mut tree = context.cargo("tree --locked --edges normal --prefix none --format {p} --target");
    let tree = output(tree.args([TARGET, "--package", module.package]))?;
    match tree.lines().find(|line| line.starts_with("url ") || line.starts_with("idna ")) {
        Some(found) => failed(format!("{} depends on {found}", module.package)),
        None => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> Outcome {
    for entry in on_disk(fs::read_dir(from))? {
        let entry = on_disk(entry)?;
        on_disk(fs::copy(entry.path(), to.join(entry.file_name())))?;
    }
    Ok(())
}

fn on_disk<T>(result: std::io::Result<T>) -> Outcome<T> {
    result.map_err(|error| Shortfall::Failed(format!("the built page cannot be written: {error}")))
}

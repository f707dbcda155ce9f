//! `browser`: the tests that need a real browser.

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::tools;

/// Programs, and the packages of Debian that have them. The driver looks for the browser by itself.
const PROGRAMS: [(&str, &str); 2] = [("chromium", "chromium"), ("chromedriver", "chromium-driver")];

pub(crate) fn run_part(context: &Context) -> Outcome {
    for (program, package) in PROGRAMS {
        tools::system(context, program, package)?;
    }
    run(&mut context.cargo("test --package browser-tests --locked"))
}

//! `browser` and `browser-often`: the tests that need a real browser.

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::parts::web;
use crate::tools;

/// Programs, and the packages of Debian that have them. The driver looks for the browser by itself.
const PROGRAMS: [(&str, &str); 2] = [("chromium", "chromium"), ("chromedriver", "chromium-driver")];
/// How often a test has to pass before it counts as one that does not depend on the machine's mood.
const OFTEN: usize = 10;

pub(crate) fn once(context: &Context) -> Outcome {
    set_up(context)?;
    test(context)
}

pub(crate) fn often(context: &Context) -> Outcome {
    set_up(context)?;
    (0..OFTEN).try_for_each(|_| test(context))
}

/// The browser, its driver, and the application that some of the tests are about.
fn set_up(context: &Context) -> Outcome {
    programs(context)?;
    web::run_part(context)
}

/// The browser and its driver.
pub(crate) fn programs(context: &Context) -> Outcome {
    PROGRAMS.into_iter().try_for_each(|(program, package)| tools::system(context, program, package))
}

fn test(context: &Context) -> Outcome {
    run(&mut context.cargo("test --package browser-tests --test browser --locked"))
}

//! `interop`: our client against servers of others, and clients of others against our server. What is tried, and what is to
//! come of it, is in `xtask/interop`.

use super::browser;
use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::{npm, pip};

pub(crate) fn run_part(context: &Context) -> Outcome {
    browser::programs(context)?;
    let pins = context.root.join("xtask").join("interop");
    let python = pip::installed(context, &pins, "interop/python")?;
    let javascript = npm::installed(context, &pins, "interop/javascript")?;
    run(context.cargo("run --package interop --locked --").arg(python).arg(javascript))
}

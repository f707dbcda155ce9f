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

#[cfg(test)]
mod tests {
    #[test]
    fn everything_is_pinned_by_its_hash_and_no_registry_is_named() {
        let lock = include_str!("../../interop/package-lock.json");
        let packages = lock.matches("\"node_modules/").count();
        assert!(packages > 0 && lock.matches("\"integrity\": \"sha512-").count() == packages);
        assert!(!lock.contains("\"resolved\""));
        // With one hash pip asks for all of them.
        let requirements = include_str!("../../interop/requirements.txt");
        let pins = requirements.lines().filter(|line| line.contains("=="));
        assert!(pins.clone().count() > 0 && pins.clone().all(|pin| pin.ends_with(" \\")));
        assert!(requirements.contains("--hash=sha256:") && !requirements.contains("://"));
    }
}

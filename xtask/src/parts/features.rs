//! `features` and `feature-pairs`: a feature must add, and must not lean on another one that happens to be
//! on.

use crate::command::run;
use crate::context::Context;
use crate::outcome::{Outcome, none_of};
use crate::tools;

use super::portable::no_std_crates;

/// No feature, each alone, all together.
pub(crate) fn alone(context: &Context) -> Outcome {
    check(context, |features| {
        let none = std::iter::once(String::new());
        none.chain(features.iter().cloned()).chain([features.join(",")]).collect()
    })
}

/// Every two together.
pub(crate) fn pairs(context: &Context) -> Outcome {
    check(context, pairs_of)
}

fn pairs_of(features: &[String]) -> Vec<String> {
    let second = |index: usize| features[index + 1..].iter();
    features
        .iter()
        .enumerate()
        .flat_map(|(index, one)| second(index).map(move |other| format!("{one},{other}")))
        .collect()
}

/// Tries all the sets, also after one has failed: which of them fail together tells what is missing where.
fn check(context: &Context, sets: fn(&[String]) -> Vec<String>) -> Outcome {
    tools::component(context, "clippy", "clippy")?;
    let mut complaints = Vec::new();
    for package in no_std_crates(context) {
        // `default` is a set of the others.
        let features: Vec<String> =
            package.features.keys().filter(|name| *name != "default").cloned().collect();
        let mut sets = sets(&features);
        sets.dedup();
        for set in sets {
            // Clippy instead of `cargo check`: it refuses a warning that only this set shows, without
            // building the dependencies again under other flags.
            let mut check = context.cargo("clippy --locked --lib --no-default-features");
            check.args(["-p", package.name.as_str()]);
            if !set.is_empty() {
                check.args(["--features", &set]);
            }
            if run(check.args(["--", "-D", "warnings"])).is_err() {
                let set = if set.is_empty() { "no feature" } else { &set };
                complaints.push(format!("{} does not build with {set}", package.name));
            }
        }
    }
    none_of(&complaints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_taken_once() {
        assert_eq!(pairs_of(&["a", "b", "c"].map(String::from)), ["a,b", "a,c", "b,c"]);
        assert!(pairs_of(&["a".into()]).is_empty());
    }
}

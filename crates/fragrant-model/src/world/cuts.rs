//! What the search takes for one though it is not: each such cut can be left out, and then the verdicts must be the same.

macro_rules! cuts {
    ($($(#[doc = $what:literal])+ $name:ident,)+) => {
        /// Which states are one to the search. Each cut can be left out, and then the verdicts must be the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(clippy::exhaustive_structs)] // complete: what the search knows to cut
        pub struct Cuts {
            $($(#[doc = $what])+ pub $name: bool,)+
        }

        impl Cuts {
            /// All of them.
            pub const ALL: Self = Self { $($name: true,)+ };

            /// None of them: the raw search.
            pub const NONE: Self = Self { $($name: false,)+ };

            /// Each way to leave one of them out, with its name.
            pub fn each_left_out() -> Vec<(&'static str, Self)> {
                vec![$((stringify!($name), Self { $name: false, ..Self::ALL }),)+]
            }
        }
    };
}

cuts! {
    /// What the attacker gains is his at once; without it, he has to pick it up.
    gains_at_once,
    /// A lure is followed at once; without it, the link lies there for a while.
    visits_at_once,
    /// Tokens that are equal in all that they stand for are one token; without it, each has a number.
    tokens_merged,
    /// What a page orders of its own browser is done at once; without it, others may come in between.
    pages_at_once,
    /// The user logs in and decides in one go; without it, others may come in between.
    users_at_once,
    /// A page in which nothing goes on any more is an empty tab; without it, it stays there, with all that its session knows.
    idle_pages_emptied,
    /// A tab with nothing in it has no opener; without it, it keeps the one that it had.
    openers_forgotten,
    /// Of several empty tabs one is as good as another; without it, each is tried.
    empty_tabs_alike,
    /// Another user's state is as good as the attacker's own; without it, he tries it too.
    foreign_states_alike,
    /// The attacker keeps his own state out of requests, unless it is shared; without it, he puts it in.
    own_state_kept,
    /// The attacker's own token for another client is no better than a made-up one; without it, he tries it too.
    foreign_tokens_alike,
    /// An action of which nothing comes is none, and of several with the same outcome one is enough; without it, each is taken.
    vain_actions_dropped,
    /// What an action makes of a browser is worked out once for all browsers that are alike in what it looks at; without it,
    /// once for each. This one changes no state, and nothing that is counted.
    outcomes_shared,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_leaves_one_cut_out() {
        let ways = Cuts::each_left_out();
        let values = |cuts: Cuts| format!("{cuts:?}").matches(": true").count();
        assert!(ways.iter().all(|(_, cuts)| values(*cuts) == ways.len() - 1));
        assert_eq!((values(Cuts::ALL), values(Cuts::NONE)), (ways.len(), 0));
        for (name, cuts) in &ways {
            assert!(format!("{cuts:?}").contains(&format!("{name}: false")), "{name}");
        }
    }
}

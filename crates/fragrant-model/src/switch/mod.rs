//! The switches: each leaves one mitigation out, in a world where it is the one that counts.

mod table;

use std::fmt;

pub use table::{LEFT, SWITCHES};

use crate::property::Property;
use crate::world::{Bounds, Mitigation, Setting};

/// What kind of switch it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: a policy, the world, the code
pub enum Kind {
    /// A check of the core that no deployment may turn off, and that only a build with `--cfg fragrant_faults` can.
    Fault,
    /// A leniency that some real provider needs: a setting of the core, whose name says that it is dangerous.
    Leniency,
    /// A fact of the world: how a server, a browser, a store or an application behaves.
    World,
}

impl Kind {
    /// The kind in a word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Leniency => "leniency",
            Self::World => "world",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One mitigation, what becomes of the world without it, and what stops the attack with it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Switch {
    /// The threat that it is about, as `docs/model.md` counts them; `C` and `P` are checks and properties of our own.
    pub id: &'static str,
    /// The mitigation in a few words.
    pub name: &'static str,
    /// What kind it is.
    pub kind: Kind,
    /// What no longer holds without it.
    pub breaks: &'static [Property],
    /// How many actions the shortest attack on the first of these takes.
    pub length: usize,
    /// What happens, in a sentence.
    pub attack: &'static str,
    /// Which check stops it, in a sentence.
    pub stopped_by: &'static str,
    /// What the last action of the attack is refused with, when everything is in order; empty where nothing is to be refused
    /// and all goes well.
    pub refusal: &'static str,
    /// The world in which it counts.
    world: fn(&mut Setting),
    /// What is left out.
    off: &'static [Mitigation],
    /// Which checks say yes.
    faults: &'static [&'static str],
}

impl Switch {
    /// The switch of this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        SWITCHES.iter().find(|switch| switch.id.eq_ignore_ascii_case(id))
    }

    /// Whether this build can turn it off.
    pub const fn is_available(&self) -> bool {
        self.faults.is_empty() || cfg!(fragrant_faults)
    }

    /// The world in which the mitigation counts, with everything in order: one user, one client, one start and two lures
    /// unless it takes more.
    pub fn on(&self) -> Setting {
        let mut setting = Setting::new(Bounds::SMALLEST);
        (self.world)(&mut setting);
        setting
    }

    /// The same world without it.
    pub fn off(&self) -> Setting {
        let mut setting = self.on();
        self.turn_off(&mut setting);
        setting
    }

    /// Leaves it out of a world.
    pub fn turn_off(&self, setting: &mut Setting) {
        setting.off.extend(self.off);
        setting.faults.extend(self.faults);
    }

    /// The world of two switches, both off, as large as the larger of the two, with all that the attacker has in either. Where
    /// they contradict each other the second has its way.
    pub fn both_off(&self, other: &Self) -> Setting {
        let mut setting = self.on();
        let bounds = [setting.bounds, other.on().bounds];
        (other.world)(&mut setting);
        setting.account = self.on().account || other.on().account;
        for ((name, one), (_, other)) in bounds[0].named().into_iter().zip(bounds[1].named()) {
            setting.bounds.set(name, one.max(other));
        }
        self.turn_off(&mut setting);
        other.turn_off(&mut setting);
        setting
    }
}

/// A threat that is left out, and why.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Left {
    /// The threat.
    pub id: &'static str,
    /// Why it is left out.
    pub why: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_switch_has_its_own_id_and_is_found_by_it() {
        for switch in SWITCHES {
            assert_eq!(Switch::find(&switch.id.to_lowercase()).unwrap().name, switch.name);
        }
        assert!(Switch::find("T07").is_none());
        assert!(LEFT.iter().all(|left| Switch::find(left.id).is_none()));
    }

    #[test]
    fn a_switch_leaves_something_out_and_no_other_does_the_same() {
        for (index, switch) in SWITCHES.iter().enumerate() {
            let worlds = |switch: &Switch| (switch.on(), switch.off());
            let mut others = SWITCHES[index + 1..].iter();
            assert!(others.all(|other| worlds(other) != worlds(switch)), "{}", switch.id);
            assert!(!switch.off.is_empty() || !switch.faults.is_empty(), "{}", switch.id);
            assert_eq!(switch.kind == Kind::Fault, !switch.faults.is_empty(), "{}", switch.id);
            assert_ne!(switch.on(), switch.off(), "{}", switch.id);
        }
    }
}

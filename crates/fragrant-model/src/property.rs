//! What must hold in every state of the world.

use std::fmt;

/// A property of the world. `docs/model.md` says more about each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the tables list them all
pub enum Property {
    /// No attacker is signed in at an honest client as an honest user.
    Authentication,
    /// The attacker never holds an honest user's token for an honest client, and the honest server grants nobody what its user
    /// has not allowed that client.
    Authorization,
    /// A stranger who does not know its state uses up no request by redirect that stands; and as long as no stranger has done
    /// anything and no hour has passed, the honest server's yes to a request that stands is taken.
    Completion,
    /// `prompt=none` shows no page.
    NoPage,
    /// The attacker learns no password of an honest server.
    PasswordSecrecy,
    /// A token goes only to an address that its client has registered.
    RegisteredUri,
    /// A user's session at an honest client holds only a token that the user asked for there.
    SessionIntegrity,
    /// The honest server sends nobody to a stranger's address before the user has done anything.
    UnaskedRedirect,
}

impl Property {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Authentication,
        Self::Authorization,
        Self::Completion,
        Self::NoPage,
        Self::PasswordSecrecy,
        Self::RegisteredUri,
        Self::SessionIntegrity,
        Self::UnaskedRedirect,
    ];

    /// The property in a word or two.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Authorization => "authorization",
            Self::Completion => "completion",
            Self::NoPage => "no page",
            Self::PasswordSecrecy => "password secrecy",
            Self::RegisteredUri => "registered URI",
            Self::SessionIntegrity => "session integrity",
            Self::UnaskedRedirect => "unasked redirect",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Properties(u8);

impl Properties {
    /// None of them.
    pub const fn of_none() -> Self {
        Self(0)
    }

    /// Adds one.
    pub const fn add(&mut self, property: Property) {
        self.0 |= 1 << property as u8;
    }

    /// Adds all of another set.
    pub const fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether it is in the set.
    pub const fn contains(self, property: Property) -> bool {
        self.0 >> property as u8 & 1 == 1
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those in the set.
    pub fn iter(self) -> impl Iterator<Item = Property> {
        Property::ALL.into_iter().filter(move |property| self.contains(*property))
    }
}

impl FromIterator<Property> for Properties {
    fn from_iter<I: IntoIterator<Item = Property>>(properties: I) -> Self {
        let mut set = Self::default();
        properties.into_iter().for_each(|property| set.add(property));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let mut set = Properties::default();
        assert!(set.is_empty());
        for property in Property::ALL {
            assert!(!set.contains(property));
            set.add(property);
            assert!(set.contains(property));
        }
        assert!(set.iter().eq(Property::ALL));
        assert_eq!(Property::ALL.into_iter().collect::<Properties>(), set);
    }
}

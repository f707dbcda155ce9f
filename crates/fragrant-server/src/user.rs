//! The people who can log in.

use std::fmt;

use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::InvalidValue;
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

/// The longest password, in **bytes**. All are compared at this length.
const MAX_PASSWORD: usize = 128;

/// A resource owner with an account at the test server. The password is kept as it is, in memory: use no real one.
#[derive(Clone)]
pub struct User {
    name: ResourceOwnerId,
    password: Password,
    id: Option<String>,
}

/// Why there can be no such user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidUser {
    /// A name that is empty or has control characters.
    #[error(transparent)]
    Name(#[from] InvalidValue),
    /// No password, or one that is too long.
    #[error("password: expected 1 to 128 bytes")]
    Password,
}

impl User {
    /// Someone who logs in by this name and password.
    ///
    /// # Errors
    /// [`InvalidUser`] says which of the two does not fit.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Result<Self, InvalidUser> {
        let password = Zeroizing::new(password.into());
        let name = ResourceOwnerId::new(name)?;
        let password = Some(&**password)
            .filter(|text| !text.is_empty())
            .and_then(Password::new)
            .ok_or(InvalidUser::Password)?;
        Ok(Self { name, password, id: None })
    }

    /// The same with the identifier that the API knows the user by, such as an extension's number. Without one the
    /// users are numbered from 1001, in the order in which the server was told of them.
    #[must_use]
    pub fn with_id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// The name to log in by.
    pub const fn name(&self) -> &ResourceOwnerId {
        &self.name
    }

    /// The identifier that the API knows the user by, if one was given.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).field("id", &self.id).finish_non_exhaustive()
    }
}

/// A password at the length at which all are compared.
#[derive(Clone)]
struct Password {
    bytes: Zeroizing<[u8; MAX_PASSWORD]>,
    len: u64,
}

impl Password {
    /// The empty one stands for that of a name that nobody has.
    fn new(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; MAX_PASSWORD]);
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, len: u64::try_from(text.len()).ok()? })
    }

    fn is(&self, other: &Self) -> bool {
        (self.bytes.ct_eq(&*other.bytes) & self.len.ct_eq(&other.len)).into()
    }
}

/// All of them, with their identifiers.
#[derive(Debug)]
pub(crate) struct Users(Vec<(User, String)>);

impl Users {
    /// The identifier of the first user who was given none.
    const FIRST_ID: usize = 1001;

    pub(crate) fn new(users: Vec<User>) -> Self {
        let with_id = |(index, user): (usize, User)| {
            let id = user.id.clone().unwrap_or_else(|| (Self::FIRST_ID + index).to_string());
            (user, id)
        };
        Self(users.into_iter().enumerate().map(with_id).collect())
    }

    /// Whoever has this name and this password. It takes as long for a name that nobody has.
    pub(crate) fn log_in(&self, name: &str, password: &str) -> Option<&ResourceOwnerId> {
        let given = Password::new(password).filter(|given| given.len > 0);
        let user = self.find(name);
        let nobodys = Password { bytes: Zeroizing::new([0; MAX_PASSWORD]), len: 0 };
        let own = user.map_or(&nobodys, |(user, _)| &user.password);
        let is_right = own.is(given.as_ref().unwrap_or(&nobodys));
        user.filter(|_| is_right && given.is_some()).map(|(user, _)| &user.name)
    }

    /// The identifier that the API knows a user by.
    pub(crate) fn id(&self, name: &ResourceOwnerId) -> Option<&str> {
        self.find(name.as_str()).map(|(_, id)| &**id)
    }

    /// The first name that occurs twice.
    pub(crate) fn repeated(&self) -> Option<&ResourceOwnerId> {
        self.0.iter().enumerate().find_map(|(index, (user, _))| {
            let mut earlier = self.0.iter().take(index);
            earlier.any(|(other, _)| other.name == user.name).then_some(&user.name)
        })
    }

    fn find(&self, name: &str) -> Option<&(User, String)> {
        self.0.iter().find(|(user, _)| user.name.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_password_have_to_fit_both() {
        let users = Users::new(vec![
            User::new("jane", "correct horse").unwrap(),
            User::new("joe", "x").unwrap().with_id("ext 7"),
        ]);
        assert_eq!(users.log_in("jane", "correct horse").map(ResourceOwnerId::as_str), Some("jane"));
        for (name, password) in [
            ("jane", "correct hors"),
            ("jane", "correct horse\0"),
            ("jane", ""),
            ("Jane", "correct horse"),
            ("joe", "correct horse"),
            ("nobody", ""),
            ("nobody", "\0"),
            ("", ""),
        ] {
            assert_eq!(users.log_in(name, password), None, "{name} {password}");
        }
        assert_eq!(users.log_in("jane", &"x".repeat(1_000_000)), None);
        assert_eq!(users.id(&ResourceOwnerId::new("jane").unwrap()), Some("1001"));
        assert_eq!(users.id(&ResourceOwnerId::new("joe").unwrap()), Some("ext 7"));
    }

    #[test]
    fn what_is_no_user() {
        assert_eq!(User::new("jane", "").unwrap_err(), InvalidUser::Password);
        assert_eq!(
            User::new("jane", "x".repeat(129)).unwrap_err().to_string(),
            "password: expected 1 to 128 bytes"
        );
        assert!(User::new("jane", "x".repeat(128)).is_ok());
        assert!(matches!(User::new("", "x"), Err(InvalidUser::Name(_))));
        let twice = Users::new(vec![User::new("a", "1").unwrap(), User::new("a", "2").unwrap()]);
        assert_eq!(twice.repeated().map(ResourceOwnerId::as_str), Some("a"));
    }

    #[test]
    fn the_password_is_not_shown() {
        let shown = format!("{:?}", User::new("jane", "planted").unwrap());
        assert!(shown.contains("jane") && !shown.contains("planted"), "{shown}");
    }
}

//! The people who can log in.

use std::fmt;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::InvalidValue;
use thiserror::Error;
use zeroize::Zeroizing;

/// The longest password, in **bytes**.
const MAX_PASSWORD: usize = 128;

/// A resource owner with an account at the test server.
#[derive(Clone)]
pub struct User {
    name: ResourceOwnerId,
    password: Password,
    id: Option<String>,
}

/// How a server is told of a password.
#[derive(Clone)]
enum Password {
    /// As it is. The server keeps its hash.
    Plain(Zeroizing<String>),
    /// As its hash.
    Hashed(String),
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
    /// What was given as the hash of a password is none.
    #[error(
        "password hash: expected a string as Argon2 writes it, such as $argon2id$v=19$m=19456,t=2,p=1$..."
    )]
    PasswordHash,
}

impl User {
    /// Someone who logs in by this name and password.
    ///
    /// # Errors
    /// [`InvalidUser`] says which of the two does not fit.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Result<Self, InvalidUser> {
        let password = Zeroizing::new(password.into());
        let name = ResourceOwnerId::new(name)?;
        if password.is_empty() || password.len() > MAX_PASSWORD {
            return Err(InvalidUser::Password);
        }
        Ok(Self { name, password: Password::Plain(password), id: None })
    }

    /// Someone who logs in by this name and by the password whose hash is `hash`: a PHC string, as the programs of Argon2
    /// write it.
    ///
    /// # Errors
    /// [`InvalidUser`] says which of the two does not fit.
    pub fn with_password_hash(name: impl Into<String>, hash: impl Into<String>) -> Result<Self, InvalidUser> {
        let (name, hash) = (ResourceOwnerId::new(name)?, hash.into());
        let parsed = PasswordHash::new(&hash).map_err(|_| InvalidUser::PasswordHash)?;
        let is_argon2 = argon2::Algorithm::new(parsed.algorithm.as_str()).is_ok();
        if !is_argon2 || parsed.hash.is_none() || argon2::Params::try_from(&parsed).is_err() {
            return Err(InvalidUser::PasswordHash);
        }
        Ok(Self { name, password: Password::Hashed(hash), id: None })
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

/// All of them. What is kept of a password is its Argon2 hash.
pub(crate) struct Users {
    accounts: Vec<Account>,
    /// The hash that costs most to compare with, which a name that nobody has is given.
    dearest: String,
}

struct Account {
    name: ResourceOwnerId,
    password_hash: String,
    id: String,
}

impl Users {
    /// The identifier of the first user who was given none.
    const FIRST_ID: usize = 1001;

    /// Hashes the passwords, which takes its time.
    ///
    /// # Errors
    /// The system gives no salt.
    pub(crate) fn new(users: Vec<User>) -> Result<Self, password_hash::Error> {
        let account = |(index, user): (usize, User)| -> Result<Account, password_hash::Error> {
            Ok(Account {
                password_hash: match user.password {
                    Password::Plain(password) => hashed(&password)?,
                    Password::Hashed(hash) => hash,
                },
                name: user.name,
                id: user.id.unwrap_or_else(|| (Self::FIRST_ID + index).to_string()),
            })
        };
        let accounts =
            users.into_iter().enumerate().map(account).collect::<Result<Vec<_>, password_hash::Error>>()?;
        let dearest = accounts.iter().map(|account| &account.password_hash).max_by_key(|hash| cost(hash));
        let dearest = dearest.map_or_else(|| hashed(""), |hash| Ok(hash.clone()))?;
        Ok(Self { accounts, dearest })
    }

    /// Whether somebody has an account by this name.
    pub(crate) fn has(&self, name: &ResourceOwnerId) -> bool {
        self.find(name.as_str()).is_some()
    }

    /// Whoever has this name and this password. It takes long, and as long for a name that nobody has as for the password that
    /// costs most; hashes that were given with different costs tell their accounts apart.
    // req: RFC6819-5.1.4.1.1-1
    pub(crate) fn log_in(&self, name: &str, password: &str) -> Option<&ResourceOwnerId> {
        let account = self.find(name);
        let hash = match account {
            Some(account) => &account.password_hash,
            None => &self.dearest,
        };
        let hash = PasswordHash::new(hash).ok()?;
        let given = Some(password).filter(|given| given.len() <= MAX_PASSWORD).unwrap_or_default();
        let is_right = Argon2::default().verify_password(given.as_bytes(), &hash).is_ok();
        account.filter(|_| is_right && !given.is_empty()).map(|account| &account.name)
    }

    /// The identifier that the API knows a user by.
    pub(crate) fn id(&self, name: &ResourceOwnerId) -> Option<&str> {
        self.find(name.as_str()).map(|account| &*account.id)
    }

    /// The first name that occurs twice.
    pub(crate) fn repeated(users: &[User]) -> Option<&ResourceOwnerId> {
        users.iter().enumerate().find_map(|(index, user)| {
            let mut earlier = users.iter().take(index);
            earlier.any(|other| other.name == user.name).then_some(&user.name)
        })
    }

    fn find(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name.as_str() == name)
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.accounts.iter().map(|account| &account.name)).finish()
    }
}

/// The hash to keep: Argon2id with a salt of its own and the costs that its crate recommends.
fn hashed(password: &str) -> Result<String, password_hash::Error> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
}

/// What it takes to compare with a hash: its memory times its passes.
fn cost(hash: &str) -> u64 {
    let params = PasswordHash::new(hash).ok().and_then(|hash| argon2::Params::try_from(&hash).ok());
    params.map_or(0, |params| u64::from(params.m_cost()) * u64::from(params.t_cost()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6819-5.1.4.1.1-1
    fn name_and_password_have_to_fit_both() {
        let hash = hashed("x").unwrap();
        let users = Users::new(vec![
            User::new("jane", "correct horse").unwrap(),
            User::with_password_hash("joe", hash).unwrap().with_id("ext 7"),
        ])
        .unwrap();
        assert_eq!(users.log_in("jane", "correct horse").map(ResourceOwnerId::as_str), Some("jane"));
        assert_eq!(users.log_in("joe", "x").map(ResourceOwnerId::as_str), Some("joe"));
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
    fn a_name_that_nobody_has_costs_as_much_as_the_dearest() {
        let dear = "$argon2id$v=19$m=64,t=9,p=1$c29tZXNhbHRzb21lc2FsdA$TGtvZW5pZ3NiZXJnZXJrbG9wc2U";
        let cheap = dear.replace("t=9", "t=1");
        let user = |name, hash: &str| User::with_password_hash(name, hash).unwrap();
        for users in [[user("a", dear), user("b", &cheap)], [user("a", &cheap), user("b", dear)]] {
            assert_eq!(Users::new(users.into()).unwrap().dearest, dear);
        }
        assert!(Users::new(Vec::new()).unwrap().dearest.starts_with("$argon2id$"));
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
        let twice = [User::new("a", "1").unwrap(), User::new("a", "2").unwrap()];
        assert_eq!(Users::repeated(&twice).map(ResourceOwnerId::as_str), Some("a"));
        for none in [
            "",
            "correct horse",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ",
            "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
        ] {
            assert_eq!(
                User::with_password_hash("jane", none).unwrap_err(),
                InvalidUser::PasswordHash,
                "{none}"
            );
        }
    }

    #[test]
    fn the_password_is_not_shown_and_not_kept() {
        let user = User::new("jane", "planted").unwrap();
        let shown = format!("{user:?}");
        assert!(shown.contains("jane") && !shown.contains("planted"), "{shown}");
        let users = Users::new(vec![user]).unwrap();
        assert!(
            users.accounts[0].password_hash.starts_with("$argon2id$v=19$"),
            "{}",
            users.accounts[0].password_hash
        );
        assert!(!users.accounts[0].password_hash.contains("planted"));
        assert_eq!(format!("{users:?}"), "[ResourceOwnerId(\"jane\")]");
    }
}

//! `id_token`, carried but not read.

use super::secret::secret_value;

secret_value! {
    /// An ID token as it came. Nothing in it has been verified, and so there is no access to its claims: it says
    /// nothing about who signed in. Verification comes with the OpenID Connect work.
    UnverifiedIdToken, "id_token", "one or more printable ASCII characters"
}

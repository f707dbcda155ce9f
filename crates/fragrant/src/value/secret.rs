//! Text that must not leak: the shared inside of every secret value type.

use alloc::string::String;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret text: equality in constant time for equal lengths, wiped on drop.
///
/// It has no `Debug`, so that a type around it has to decide what to print.
#[derive(Clone)]
pub(super) struct Secret(Zeroizing<String>);

impl Secret {
    pub(super) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        is_equal_in_constant_time(self.reveal(), other.reveal())
    }
}

impl Eq for Secret {}

/// Compares two texts without telling by its time where they differ. Their lengths are not hidden.
pub(crate) fn is_equal_in_constant_time(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Writes the common parts of a secret value type: redacted `Debug`, constant-time `Eq`, nothing else.
macro_rules! secret_value {
    ($(#[$doc:meta])* $name:ident, $parameter:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name($crate::value::secret::Secret);

        impl $name {
            /// Checks the grammar: one or more printable ASCII characters (`1*VSCHAR`).
            ///
            /// # Errors
            /// [`InvalidValue`](crate::value::InvalidValue) names the parameter and the place, never the text.
            // req: RFC6749-A.12-1, RFC6749-4.2.2-12
            pub fn new(text: impl Into<alloc::string::String>) -> Result<Self, $crate::value::InvalidValue> {
                // Wrapped first, so that a refused text is wiped too.
                let secret = $crate::value::secret::Secret::new(text.into());
                $crate::value::InvalidValue::unless_of(
                    $crate::grammar::VSCHAR,
                    secret.reveal(),
                    $parameter,
                    $expected,
                )?;
                Ok(Self(secret))
            }

            /// The secret text. Take it to where it is needed and nowhere else: no log, no error, no page.
            pub fn reveal_secret(&self) -> &str {
                self.0.reveal()
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}
pub(super) use secret_value;

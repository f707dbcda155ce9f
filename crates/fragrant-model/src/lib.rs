//! The six actors of the implicit grant in one world, with an attacker beside them.
//!
//! The [`world`] runs the core itself: honest clients are `fragrant::client::Session` or the typed states, the honest
//! authorization server is the core's machine, and browsers follow the core's rules. [`search()`](search::search) goes through all that can
//! happen within [bounds](Bounds) and says which [properties](Property) hold. Each [switch](Switch) leaves one mitigation out,
//! and the search gives the shortest attack; the [`gallery`] keeps them, and [`chart`] draws them.
//!
//! It proves nothing about cryptography, timing, attackers on the network, or scripts in the client's own origin;
//! `docs/model.md` says what the properties mean and what is left out.
//!
//! The [`recorder`] writes down an honest run, who says what to whom at which step, with its secrets shortened by [`redact`]. The
//! [`tale`] is such a run with everything that belongs to it: the demo plays it over HTTP and prints it, the documentation plays it in
//! memory and draws it.
//!
//! ```
//! use fragrant_model::search::{Stop, search};
//! use fragrant_model::{Bounds, Property, Setting, Switch};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let found = search(&Setting::new(Bounds::SMALLEST), Stop::default(), |_| {})?;
//! assert!(found.is_exhausted && found.violations.is_empty() && found.reached.is_some());
//!
//! let lax = Switch::find("T14").ok_or("no such switch")?; // redirection URIs are compared byte by byte
//! let found = search(&lax.off(), Stop::default(), |_| {})?;
//! assert_eq!(found.violations[&Property::Authorization].len(), 2);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod chart;
pub mod gallery;
pub mod property;
pub mod recorder;
pub mod redact;
pub mod replay;
pub mod search;
pub mod story;
pub mod switch;
mod table;
pub mod tale;
pub mod walk;
pub mod world;

pub use property::{Properties, Property};
pub use recorder::{Line, Recording, Scene};
pub use switch::{Kind, LEFT, SWITCHES, Switch};
pub use world::{Bounds, Setting};

//! What the providers' guides ask for and where they err, shown with the core and the profiles of this crate.
//!
//! Each erratum that shows in code names one of these tests.

// The tests' helpers unwrap as the tests do, which the lints allow in modules for tests alone.
#[cfg(test)]
mod procore;
#[cfg(test)]
mod ringcentral;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod support;

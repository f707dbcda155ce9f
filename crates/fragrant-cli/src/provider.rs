//! Finds the provider that `--profile` names.

use fragrant_profiles::{ALL, Provider};

use crate::usage::Failure;

pub(crate) fn find(id: &str) -> Result<&'static Provider, Failure> {
    fragrant_profiles::by_id(id).ok_or_else(|| {
        let known: Vec<&str> = ALL.iter().map(|provider| provider.id).collect();
        Failure::argument("--profile", format!("expected one of {}", known.join(", ")))
    })
}

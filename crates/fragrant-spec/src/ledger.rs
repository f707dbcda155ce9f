//! The ledger: each requirement of the specifications, the line that keeps it and the test that shows it.

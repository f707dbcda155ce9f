//! The moves that the types forbid. Each case in `types/` is a program that must not compile, beside what the compiler says
//! about it: a wrong move has to be refused, and in words that its author understands.
//!
//! After a change, `TRYBUILD=overwrite cargo test -p fragrant --test types` writes the messages anew: read them before
//! keeping them.

#[test]
fn wrong_moves_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/types/right_moves.rs");
    cases.compile_fail("tests/types/wrong/*.rs");
}

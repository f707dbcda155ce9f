/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/statig-a9acef100deb95ba.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/lib.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/outcome.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/state_or_superstate.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/mod.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/inner.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/into_state_machine.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/state.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/state_machine.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/superstate.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/../README.md

/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/libstatig-a9acef100deb95ba.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/lib.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/outcome.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/state_or_superstate.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/mod.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/inner.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/into_state_machine.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/state.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/state_machine.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/superstate.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/../README.md

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/lib.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/outcome.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/state_or_superstate.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/mod.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/inner.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/into_state_machine.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/state.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/state_machine.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/blocking/superstate.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/statig-0.4.1/src/../README.md:

# env-dep:CARGO_PKG_README=README.md

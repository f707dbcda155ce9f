/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/subtle-6833f233bf7f7cdd.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/subtle-2.6.1/src/lib.rs

/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/libsubtle-6833f233bf7f7cdd.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/subtle-2.6.1/src/lib.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/subtle-2.6.1/src/lib.rs:

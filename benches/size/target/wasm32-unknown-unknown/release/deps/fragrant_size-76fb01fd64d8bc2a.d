/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/fragrant_size-76fb01fd64d8bc2a.d: src/lib.rs

/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/libfragrant_size-76fb01fd64d8bc2a.rmeta: src/lib.rs

src/lib.rs:

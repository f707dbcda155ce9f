/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/page-4ef15b20fd4eb31a.d: src/bin/page.rs

/tmp/w-size/benches/size/target/wasm32-unknown-unknown/release/deps/libpage-4ef15b20fd4eb31a.rmeta: src/bin/page.rs

src/bin/page.rs:

#![no_main]

libfuzzer_sys::fuzz_target!(|events: &[u8]| drop(fragrant::testing::flow::client_flow(events)));

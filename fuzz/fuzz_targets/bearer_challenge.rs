#![no_main]

libfuzzer_sys::fuzz_target!(|header: &str| fragrant::testing::flow::bearer_challenge(header));

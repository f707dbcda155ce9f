#![no_main]

libfuzzer_sys::fuzz_target!(|query: &str| fragrant::testing::flow::authorization_request(query));

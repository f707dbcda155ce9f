#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| fragrant::testing::flow::differential(input));

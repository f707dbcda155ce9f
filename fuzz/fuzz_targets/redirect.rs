#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fragrant::testing::oracle::fragment_bytes(input));

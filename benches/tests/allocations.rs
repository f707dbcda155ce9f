//! What is allocated, counted: nothing where nothing needs decoding, one text where an address is built.

use benches::build::Ours;
use benches::{inputs, ours};

fn allocations(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

#[test]
fn reading_allocates_nothing() {
    let profile = ours::without_limits();
    for input in inputs::all() {
        let own = format!("#{}", input.fragment);
        let is_encoded = own.contains('%');
        let borrowed = allocations(|| assert!(ours::borrowed(&own, &profile).is_some()));
        let decoded = allocations(|| assert!(ours::decoded(&own, &profile).is_some()));
        // An escaped name is decoded to be told, and an escaped token type or lifetime to be checked.
        assert_eq!(borrowed, if input.name == "escaped 64 KB" { 6 } else { 0 }, "{}", input.name);
        assert!(is_encoded || decoded == 0, "{}: {decoded}", input.name);
    }
}

#[test]
fn building_allocates_once_or_never() {
    let request = Ours::default();
    let mut out = String::new();
    assert_eq!(allocations(|| drop(request.to_url())), 1);
    assert_eq!(allocations(|| request.write_url(&mut out)), 1);
    out.clear();
    assert_eq!(allocations(|| request.write_url(&mut out)), 0);
    out.clear();
    assert_eq!(allocations(|| request.write_prepared(&mut out)), 0);
    assert_eq!(allocations(|| _ = request.encoded_len()), 0);
}

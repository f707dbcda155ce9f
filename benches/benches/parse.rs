//! Every reader on every input, by criterion: for looking at one of them. The ratios of `docs/benchmarks.md` come from the
//! program of this package, whose rounds go through all of them in turn.

use std::hint::black_box;

use benches::{inputs, ours, peers};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn parse(criterion: &mut Criterion) {
    let profile = ours::without_limits();
    for bad in inputs::BAD {
        assert_eq!(ours::borrowed(&format!("#{bad}"), &profile), None, "{bad:?}");
        assert_eq!(ours::decoded(&format!("#{bad}"), &profile), None, "{bad:?}");
    }
    for input in inputs::all() {
        let fragment = input.fragment.as_str();
        let own = format!("#{fragment}");
        let expected = peers::form_urlencoded_match(fragment);
        assert!(expected.is_some() && ours::borrowed(&own, &profile).is_some(), "{}", input.name);
        assert_eq!(ours::decoded(&own, &profile), expected, "{}", input.name);
        let mut group = criterion.benchmark_group(input.name);
        group.throughput(Throughput::Bytes(fragment.len() as u64));
        group.bench_function("ours, borrowed", |bencher| {
            bencher.iter(|| ours::borrowed(black_box(&own), &profile));
        });
        group.bench_function("ours, decoded", |bencher| {
            bencher.iter(|| ours::decoded(black_box(&own), &profile))
        });
        let state = input.state();
        assert_eq!(ours::judged(&own, &state, &profile), input.answer_len(), "{}", input.name);
        group.bench_function("ours, the whole judgement", |bencher| {
            bencher.iter(|| ours::judged(black_box(&own), &state, &profile));
        });
        for (name, peer) in peers::PEERS {
            // A peer that takes a profile's unknown parameters for too many, or for nested ones, refuses.
            assert!(peer(fragment).is_none_or(|len| Some(len) == expected), "{name} on {}", input.name);
            group.bench_function(*name, |bencher| bencher.iter(|| peer(black_box(fragment))));
        }
        group.finish();
    }
}

criterion_group!(benches, parse);
criterion_main!(benches);

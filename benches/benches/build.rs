//! Every builder of an authorization address, by criterion.

use std::hint::black_box;

use benches::build::{Oauth2, Ours};
use criterion::{Criterion, criterion_group, criterion_main};

fn build(criterion: &mut Criterion) {
    let (ours, oauth2) = (Ours::default(), Oauth2::default());
    let mut prepared = String::new();
    ours.write_prepared(&mut prepared);
    assert_eq!(prepared, ours.to_url());
    // The peer writes `+` for a space, and in another order.
    assert_eq!(oauth2.to_url().matches('=').count(), prepared.matches('=').count());
    let mut group = criterion.benchmark_group("build");
    group.bench_function("ours", |bencher| bencher.iter(|| ours.to_url()));
    group.bench_function("ours, prepared", |bencher| {
        bencher.iter(|| {
            prepared.clear();
            ours.write_prepared(black_box(&mut prepared));
        });
    });
    group.bench_function("oauth2", |bencher| bencher.iter(|| oauth2.to_url()));
    group.finish();
}

criterion_group!(benches, build);
criterion_main!(benches);

//! Signing and verifying against ring's HMAC, at 300 bytes, 1 KiB and 1 MiB: `cargo bench --bench signatures`.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hookcli::model::{Headers, Secret};
use hookcli::signature::{Envelope, Scheme, sign, verify};
use jiff::Timestamp;
use ring::hmac;

fn signatures(criterion: &mut Criterion) {
    let scheme = Scheme::hmac_sha256_hex("X-Signature");
    let secrets = [Secret::new("a secret of ordinary length")];
    let now = Timestamp::UNIX_EPOCH;
    for size in [300, 1 << 10, 1 << 20] {
        let body = vec![b'x'; size];
        let none = Headers::new();
        let envelope = |headers| Envelope {
            method: "POST",
            url: None,
            headers,
        };
        let signed = sign(&scheme, &secrets, envelope(&none), &body, now, "").unwrap();
        let headers: Headers = signed
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes()))
            .collect();
        let mut group = criterion.benchmark_group("signatures");
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_with_input(
            BenchmarkId::new("ring's hmac", size),
            &body,
            |bencher, body| {
                bencher.iter(|| {
                    let key = hmac::Key::new(hmac::HMAC_SHA256, secrets[0].expose());
                    hmac::sign(&key, black_box(body))
                });
            },
        );
        group.bench_with_input(BenchmarkId::new("sign", size), &body, |bencher, body| {
            bencher.iter(|| {
                sign(&scheme, &secrets, envelope(&none), black_box(body), now, "").unwrap()
            });
        });
        group.bench_with_input(BenchmarkId::new("verify", size), &body, |bencher, body| {
            bencher.iter(|| {
                verify(&scheme, &secrets, envelope(&headers), black_box(body), now).unwrap()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, signatures);
criterion_main!(benches);

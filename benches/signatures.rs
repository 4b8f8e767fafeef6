//! Signing and verifying against the raw HMAC, at 1 KiB and 1 MiB: `cargo bench --bench signatures`.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hookcli::model::{Headers, Secret};
use hookcli::signature::{Envelope, Scheme, sign, verify};
use jiff::Timestamp;

fn signatures(criterion: &mut Criterion) {
    let scheme = Scheme::hmac_sha256_hex("X-Signature");
    let secrets = [Secret::new("a secret of ordinary length")];
    let now = Timestamp::UNIX_EPOCH;
    for size in [1 << 10, 1 << 20] {
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
            BenchmarkId::new("raw hmac", size),
            &body,
            |bencher, body| {
                bencher.iter(|| {
                    let mut mac =
                        Hmac::<sha2::Sha256>::new_from_slice(secrets[0].expose()).unwrap();
                    mac.update(black_box(body));
                    mac.finalize().into_bytes()
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

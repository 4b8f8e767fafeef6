//! What a one-shot command costs over `true`, in turns: `cargo bench --bench startup`.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 200;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let body = folder.path().join("body.json");
    std::fs::write(&body, r#"{"event":"transcript.ready"}"#).unwrap();
    let time = |command: &mut Command| {
        let started = Instant::now();
        let status = command.stdout(Stdio::null()).status().unwrap();
        assert!(status.success());
        started.elapsed()
    };
    let (mut nothing, mut signing) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        nothing.push(time(&mut Command::new("true")));
        signing.push(time(
            Command::new(env!("CARGO_BIN_EXE_hookcli"))
                .args(["sign", "--provider", "convo", "--body"])
                .arg(&body)
                .env("HOOKCLI_SECRET", "s3cret")
                .env("HOME", folder.path())
                .current_dir(folder.path()),
        ));
    }
    let (nothing, signing) = (median(nothing), median(signing));
    println!("true: {nothing:.2?}, hookcli sign: {signing:.2?} (medians of {RUNS} runs in turns)");
    println!(
        "hookcli sign over true: {:.2?}",
        signing.saturating_sub(nothing)
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

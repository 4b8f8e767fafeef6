//! The README's transcripts are run as written; what they show is what is printed.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

use regex::Regex;

use crate::support::{Place, Signal, free_port, send_signal};

/// Every `console` block: its lines.
fn transcripts(readme: &str) -> Vec<String> {
    readme
        .split("```console\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// What differs from run to run becomes the same.
fn normal(text: &str) -> String {
    [
        (r"(cap|dlv)_[0-9A-HJKMNP-TV-Z]{26}", "${1}_ID"),
        (r"\b(evt|msg|conv|sess|apt)_[a-z0-9]{12}", "${1}_ID"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME"),
        (r"(?m)^\d\d:\d\d:\d\d", "TIME"),
        (r#""createdAt": ?\d+"#, "createdAt"),
        (r#""duration_ms":[\d.]+"#, "duration_ms"),
        (r"\d+(\.\d)? ms", "MS"),
        (r"skipped in \d+\.\d s", "skipped in TIME"),
        (r#""createdAt": "[^"]*""#, "createdAt"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (pattern, with)| {
        Regex::new(pattern)
            .unwrap()
            .replace_all(&text, *with)
            .into_owned()
    })
}

#[test]
fn every_transcript_is_true() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let place = Place::new().with("HOOKCLI_SECRET", "my-webhook-secret");
    let provider = readme
        .split("# providers/acme/provider.toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    place.write("providers/acme/provider.toml", provider);
    place.write(
        "providers/acme/samples/made.json",
        r#"{"id":"evt_1","kind":"made","sent_at":"2026-01-01T00:00:00Z"}"#,
    );
    let (port, closed) = (free_port().to_string(), free_port().to_string());
    let there = |text: &str| text.replace("3000", &port).replace("3999", &closed);
    let back = |text: &str| text.replace(&port, "3000").replace(&closed, "3999");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_hookcli"));
    let path = format!(
        "{}:{}",
        binary.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let plain = place.command(&[]);
    let shell = |line: &str| {
        let mut command = Command::new("bash");
        command
            .args(["-c", &format!("exec 2>&1; {line}")])
            .env_clear()
            .envs(
                plain
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .env("PATH", &path)
            .current_dir(place.path(""));
        command
    };
    let settle = |(mut child, expected): (Child, String)| {
        send_signal(&child, Signal::INT);
        let mut shown = String::new();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_to_string(&mut shown).unwrap();
        assert_eq!(normal(&back(&shown)), normal(&expected), "$ hookcli listen");
        child.wait().unwrap();
    };
    let mut listening = None;
    for transcript in transcripts(&readme) {
        let mut steps: Vec<(String, String)> = Vec::new();
        for line in transcript.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push((command.to_owned(), String::new())),
                None => {
                    let last = &mut steps.last_mut().unwrap().1;
                    last.push_str(line);
                    last.push('\n');
                }
            }
        }
        for (command, expected) in steps {
            if command.starts_with("export ") {
                continue;
            }
            let line = there(&command);
            let is_listener = command.contains("hookcli listen");
            if is_listener && let Some(earlier) = listening.take() {
                // One listener after the other.
                settle(earlier);
            }
            // One with a command of its own ends by itself.
            if is_listener && !command.contains(" -- ") {
                let child = shell(&format!("exec {line}"))
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap();
                listening = Some((child, expected));
                while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
                    std::thread::yield_now();
                }
                continue;
            }
            let output = shell(&line).output().unwrap();
            let shown = back(&String::from_utf8_lossy(&output.stdout));
            assert_eq!(normal(&shown), normal(&expected), "$ {command}");
        }
    }
    if let Some(last) = listening {
        settle(last);
    }
}

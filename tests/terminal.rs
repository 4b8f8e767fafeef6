//! Remote text never reaches a terminal unescaped.

use crate::support::{Place, Server};

const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{7f}";

fn harmless(text: &str) {
    let control = text.chars().find(|&c| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(control, None, "{text:?}");
}

#[test]
fn a_hostile_request_is_shown_escaped_everywhere() {
    let place = Place::new();
    let body = format!(
        r#"{{"event":"{e}","data":{{}},"timestamp":"x","note":"{e}"}}"#,
        e = EVIL
            .replace('\u{1b}', "\\u001b")
            .replace('\u{7}', "\\u0007")
    );
    let mut listener = place.listen(&["--body"]);
    assert_eq!(
        listener.post(
            &[("X-Convo-Event", "x"), ("X-Evil", "\u{9b}2J\u{202e}")],
            body.as_bytes()
        ),
        200
    );
    assert_eq!(
        listener.post(&[("X-Evil", "\u{9b}2J")], EVIL.as_bytes()),
        200
    );
    listener.next();
    listener.stop();
    for arguments in [
        vec!["captures", "list"],
        vec!["captures", "list", "--json"],
        vec!["captures", "show", "last"],
        vec!["captures", "show", "last~1"],
        vec!["captures", "show", "last~1", "--json"],
        vec!["captures", "export", "last", "--format", "curl"],
        vec!["captures", "export", "last~1", "--format", "curl"],
        vec!["captures", "show", EVIL],
        vec!["send", EVIL, "--url", "1"],
        vec!["providers", EVIL],
        vec![EVIL],
        vec!["listen", "--port", EVIL],
        vec!["captures", "list", "--since", EVIL],
        vec!["captures", "export", "last"],
        vec!["captures", "export", "last~1", "--format", "har"],
    ] {
        let shown = place.run(&arguments);
        harmless(&shown.stdout);
        harmless(&shown.stderr);
    }
}

#[test]
fn a_hostile_answer_is_shown_escaped() {
    let answer = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://x/\u{9b}2J\r\nX-Evil: \u{9b}2J\u{202e}\r\nContent-Length: {}\r\n\r\n{EVIL}",
        EVIL.len()
    );
    let server = Server::answering(&[answer.as_bytes(), answer.as_bytes()]);
    let place = Place::new();
    for flags in [vec!["-v"], vec!["--json"]] {
        let shown = place
            .run(
                &[
                    &["send", "lead_captured", "--url", &server.url()],
                    flags.as_slice(),
                ]
                .concat(),
            )
            .expect(1);
        harmless(&shown.stdout);
        harmless(&shown.stderr);
    }
    harmless(&place.run(&["deliveries", "show"]).stdout);
}

/// `script` gives the command a terminal of its own, where there is such a program.
#[test]
fn raw_bytes_are_refused_by_a_terminal_without_force() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    assert_eq!(listener.post(&[], EVIL.as_bytes()), 200);
    listener.next();
    listener.stop();
    let piped = place.run(&["captures", "show", "--raw"]).expect(0);
    assert_eq!(piped.raw, EVIL.as_bytes(), "a pipe gets the bytes");
    let Some((code, shown)) = on_a_terminal(&place, "captures show --raw") else {
        return;
    };
    assert_eq!(code, 4, "{shown}");
    assert!(
        shown.contains("--force") && !shown.contains('\u{9b}'),
        "{shown:?}"
    );
    let (code, shown) = on_a_terminal(&place, "captures show --raw --force").unwrap();
    assert_eq!(code, 0);
    assert!(shown.contains('\u{9b}'));
}

#[test]
fn colour_is_for_terminals_and_only_where_it_is_wanted() {
    let place = Place::new();
    assert!(!place.run(&["providers"]).stdout.contains('\u{1b}'));
    assert!(
        place
            .run(&["providers", "--color", "always"])
            .stdout
            .contains('\u{1b}')
    );
    assert!(
        !place
            .run(&["providers", "--color", "never"])
            .stdout
            .contains('\u{1b}')
    );
    if let Some((_, shown)) = on_a_terminal(&place, "providers") {
        assert!(shown.contains('\u{1b}'));
        let (_, shown) = on_a_terminal(&place.with("NO_COLOR", "1"), "providers").unwrap();
        assert!(!shown.contains('\u{1b}'));
    }
}

fn on_a_terminal(place: &Place, arguments: &str) -> Option<(i32, String)> {
    let plain = place.command(&[]);
    let line = format!("'{}' {arguments}", plain.get_program().to_str().unwrap());
    let output = std::process::Command::new("script")
        .args(["-q", "-e", "-c", &line, "/dev/null"])
        .env_clear()
        .envs(
            plain
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(place.path(""))
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    Some((
        output.status.code()?,
        String::from_utf8_lossy(&output.stdout).into_owned(),
    ))
}

/// What somebody else wrote starts no command where GitHub Actions reads it.
#[test]
fn no_line_under_github_actions_is_a_command() {
    let place = Place::new()
        .with("GITHUB_ACTIONS", "true")
        .with("HOOKCLI_SECRET", "s3cret");
    let armed = |text: &str| {
        text.lines()
            .any(|line| line.trim_start().starts_with("::") || line.contains("##["))
    };
    let clean = |what: &str, text: &str| assert!(!armed(text), "{what}: {text}");
    let evil = "a\n::add-redact::x\n  \t::error::y\n##[error]z\nb ##[set-env]c";
    let body = serde_json::json!({"type": evil, "text": evil}).to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nX-Evil: ##[error]x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{evil}",
        evil.len()
    );
    let server = Server::answering(&[answer.as_bytes(), answer.as_bytes()]);
    for flags in [&["-v"][..], &["--json"]] {
        let sent = place.run(&[&["send", "lead_captured", "--url", &server.url()], flags].concat());
        clean("send", &sent.stdout);
        clean("send", &sent.stderr);
    }
    let mut listening = place
        .command(&["listen", "--port", "0", "-v", "--ready-file", "ready"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !place.path("ready").exists() {
        std::thread::yield_now();
    }
    let url = std::fs::read_to_string(place.path("ready")).unwrap();
    for (path, body) in [
        ("/##[error]", body.as_str()),
        ("/a", evil),
        ("/b", "  ::error::x"),
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nX-E: ##[x]\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream =
            std::net::TcpStream::connect(url.trim().strip_prefix("http://").unwrap()).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        crate::support::read_all(&mut stream);
    }
    crate::support::send_signal(&listening, crate::support::Signal::TERM);
    let mut text = String::new();
    std::io::Read::read_to_string(listening.stdout.as_mut().unwrap(), &mut text).unwrap();
    std::io::Read::read_to_string(listening.stderr.as_mut().unwrap(), &mut text).unwrap();
    listening.wait().unwrap();
    clean("listen", &text);
    for command in [
        "captures list",
        "captures list --json",
        "captures show last~1",
        "captures show last~2 -v",
        "captures show last --json",
        "captures export",
        "captures export --format har",
        "deliveries show last",
        "deliveries show last --json",
        "deliveries export --format report",
        "send ::error::x --url 1",
        "captures show ::x",
        "nonsense ##[error]x",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let shown = place.run(&words);
        clean(command, &shown.stdout);
        clean(command, &shown.stderr);
    }
    // Bytes go to a file as they came, and to a log not at all.
    let raw = place.run(&["captures", "show", "last", "--raw"]).expect(4);
    assert!(
        raw.stdout.is_empty() && raw.stderr.contains("GitHub Actions"),
        "{}",
        raw.page()
    );
    place.write(
        "providers/bad/provider.toml",
        "name = \"bad\"\n::error::x\n",
    );
    let broken = place.run(&["providers", "--provider-dir", "providers"]);
    clean("providers", &broken.stderr);
}

/// A reader that does not read must not keep a listener from ending.
#[test]
fn a_signal_ends_a_listener_whose_output_nobody_reads() {
    use std::process::Stdio;
    let place = Place::new();
    for (stderr, signals) in [(false, 1), (true, 2)] {
        // A pipe that is full already.
        let (reader, mut writer) = std::io::pipe().unwrap();
        let filler = writer.try_clone().unwrap();
        rustix::fs::fcntl_setfl(&filler, rustix::fs::OFlags::NONBLOCK).unwrap();
        while std::io::Write::write(&mut writer, &[b'x'; 4096]).is_ok() {}
        while std::io::Write::write(&mut writer, b"x").is_ok() {}
        rustix::fs::fcntl_setfl(&filler, rustix::fs::OFlags::empty()).unwrap();
        let mut command = place.command(&["listen", "--port", "0", "--port-file", "port"]);
        command.stdout(writer.try_clone().unwrap());
        if stderr {
            command.stderr(writer.try_clone().unwrap());
        } else {
            command.stderr(Stdio::null());
        }
        let mut child = command.spawn().unwrap();
        drop(command);
        // It is up once it takes signals as its own.
        let status = format!("/proc/{}/status", child.id());
        if std::path::Path::new(&status).exists() && !stderr {
            let catches = |status: &str| {
                let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
                let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
                caught & (1 << 14) != 0
            };
            while !catches(&std::fs::read_to_string(&status).unwrap()) {
                std::thread::yield_now();
            }
        }
        let until = std::time::Instant::now() + crate::support::PATIENCE;
        let mut sent = 0;
        let code = loop {
            if let Some(code) = child.try_wait().unwrap() {
                break code;
            }
            if sent < signals {
                crate::support::send_signal(&child, crate::support::Signal::TERM);
                sent += 1;
            }
            assert!(std::time::Instant::now() < until, "it does not end");
            std::thread::yield_now();
        };
        assert!(
            code.code().is_none_or(|code| code == 0 || code == 130),
            "{code}"
        );
        drop(reader);
    }
}

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

//! `--curl` prints a command for any POSIX shell. A stand-in for curl writes down what the shell hands it.

use std::process::Command;

use crate::support::Place;

struct Handed {
    arguments: Vec<String>,
    input: Vec<u8>,
}

/// Runs the printed line in `sh`, with a `curl` that records its arguments and its input.
fn run_in_a_shell(place: &Place, line: &str) -> Handed {
    let curl = place.write(
        "bin/curl",
        "#!/bin/sh\nprintf '%s\\0' \"$@\" > \"$RECORD.arguments\"\ncat > \"$RECORD.input\"\n",
    );
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&curl, std::fs::Permissions::from_mode(0o755)).unwrap();
    let record = place.path("record");
    let path = format!(
        "{}:{}",
        place.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let status = Command::new("sh")
        .args(["-c", line])
        .env("PATH", path)
        .env("RECORD", &record)
        .stdin(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{line}");
    let read = |suffix: &str| std::fs::read(format!("{}.{suffix}", record.display())).unwrap();
    let arguments = read("arguments")
        .split(|&byte| byte == 0)
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    Handed {
        arguments,
        input: read("input"),
    }
}

fn after<'a>(handed: &'a Handed, flag: &str) -> Option<&'a str> {
    let at = handed
        .arguments
        .iter()
        .position(|argument| argument == flag)?;
    handed.arguments.get(at + 1).map(String::as_str)
}

#[test]
fn text_is_an_argument_whatever_it_holds() {
    let place = Place::new();
    let body = "{\"a\":\"it's $HOME `id` \\\\ \\\" !x %s \u{e9}\",\n\"b\":1}";
    let url = "http://localhost:3000/a[1]/{x}?q='$(id)'&r=1";
    let line = place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--data",
            body,
            "--url",
            url,
            "--curl",
            "-q",
            "-H",
            "X-Quote: it's \"$HOME\" `id`",
            "-H",
            "X-Empty:",
        ])
        .expect(0)
        .stdout;
    let handed = run_in_a_shell(&place, &line);
    assert_eq!(after(&handed, "--data-raw").unwrap(), body);
    assert!(
        handed
            .arguments
            .contains(&"X-Quote: it's \"$HOME\" `id`".to_owned()),
        "{:?}",
        handed.arguments
    );
    assert!(handed.arguments.contains(&"X-Empty;".to_owned()));
    assert_eq!(handed.arguments[0], "-g");
    assert_eq!(after(&handed, "-X"), Some("POST"));
    let given = handed
        .arguments
        .iter()
        .find(|argument| argument.starts_with("http"))
        .unwrap();
    assert!(
        given.contains("/a[1]/") && given.contains("$(id)"),
        "{given}"
    );
}

#[test]
fn bytes_that_no_argument_can_hold_go_through_a_pipe() {
    let place = Place::new();
    let body: Vec<u8> = (0..=255)
        .chain(b"%d 'quoted' \\n".iter().copied())
        .collect();
    let line = place
        .run_with_input(
            &[
                "send", "convo/x", "--data", "-", "--url", "3000", "--curl", "-q",
            ],
            &body,
        )
        .expect(0)
        .stdout;
    assert!(line.is_ascii(), "{line}");
    let handed = run_in_a_shell(&place, &line);
    assert_eq!(handed.input, body);
    assert_eq!(after(&handed, "--data-binary"), Some("@-"));
}

#[test]
fn the_command_sends_what_send_sends() {
    let place = Place::new();
    let fixed = [
        "send",
        "convosphere/message.created",
        "--url",
        "3000",
        "--seed",
        "1",
        "--now",
        "1767225600",
        "-q",
    ];
    let line = place
        .run(&[&fixed[..], &["--curl", "--insecure"]].concat())
        .expect(0)
        .stdout;
    let request = place
        .run(&[&fixed[..], &["--dry-run", "--json"]].concat())
        .expect(0)
        .document();
    let handed = run_in_a_shell(&place, &line);
    assert_eq!(after(&handed, "--data-raw"), request["body"].as_str());
    for header in request["headers"].as_array().unwrap() {
        let (name, value) = (header[0].as_str().unwrap(), header[1].as_str().unwrap());
        let own = ["host", "content-length"].contains(&name);
        assert!(
            own || handed.arguments.contains(&format!("{name}: {value}")),
            "{name}"
        );
    }
    assert!(handed.arguments.contains(&"-k".to_owned()));
}

#[test]
fn a_capture_is_exported_as_a_command_too() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    listener.post(&[("X-A", "it's")], b"a'b");
    listener.next();
    listener.stop();
    let line = place
        .run(&["captures", "export", "last", "--format", "curl"])
        .expect(0)
        .stdout;
    let handed = run_in_a_shell(&place, &line);
    assert_eq!(after(&handed, "--data-raw"), Some("a'b"));
    assert!(handed.arguments.contains(&"X-A: it's".to_owned()));
}

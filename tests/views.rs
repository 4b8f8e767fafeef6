//! What people see in a terminal, at several widths: no line is longer than the terminal, and none is ragged.

use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::process::Stdio;

use crate::support::{Place, Signal, send_signal};

/// Runs a command in a pseudo-terminal of that width until it ends by itself; what it wrote, without control sequences.
fn in_terminal(place: &Place, width: u16, words: &[&str]) -> Vec<String> {
    let terminal = Terminal::start(place, width, words);
    terminal.wait()
}

pub struct Terminal {
    pub child: std::process::Child,
    master: std::fs::File,
    width: u16,
}

impl Terminal {
    pub fn start(place: &Place, width: u16, words: &[&str]) -> Self {
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave: OwnedFd = std::fs::File::options()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap()
            .into();
        let size = rustix::termios::Winsize {
            ws_row: 30,
            ws_col: width,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        rustix::termios::tcsetwinsize(&slave, size).unwrap();
        let child = place
            .command(words)
            .env("TERM", "xterm-256color")
            .env_remove("COLUMNS")
            .stdin(Stdio::null())
            .stdout(slave.try_clone().unwrap())
            .stderr(slave)
            .spawn()
            .unwrap();
        Self {
            child,
            master: master.into(),
            width,
        }
    }

    /// What it shows at last, line by line, with all that has scrolled by.
    fn wait(mut self) -> Vec<String> {
        let mut screen = self.screen();
        // When the other side is closed, Linux says EIO.
        while self.read_into(&mut screen) {}
        self.child.wait().unwrap();
        lines(&screen)
    }

    pub fn screen(&self) -> vt100::Parser {
        vt100::Parser::new(400, self.width, 0)
    }

    /// False at the end.
    pub fn read_into(&mut self, screen: &mut vt100::Parser) -> bool {
        let mut chunk = [0; 4096];
        match self.master.read(&mut chunk) {
            Ok(length @ 1..) => {
                screen.process(&chunk[..length]);
                true
            }
            _ => false,
        }
    }
}

/// The lines of a screen; one that is longer than it goes on in the next.
fn lines(screen: &vt100::Parser) -> Vec<String> {
    let (_, columns) = screen.screen().size();
    let rows = screen.screen().rows(0, columns);
    rows.map(|row| row.trim_end().to_owned())
        .filter(|row| !row.is_empty())
        .collect()
}

fn width_of(line: &str) -> usize {
    dialoguer::console::measure_text_width(line)
}

/// A store with ordinary requests, and one whose path and event are of wide and of combining characters.
fn some() -> Place {
    let place = Place::new();
    let mut listener = place.listen(&["--secret", "s"]);
    let long = format!("{}/a/path/that/is/long?with=a&query=too", listener.url);
    for (event, url) in [
        ("convocore/lead_captured", &listener.url.clone()),
        ("stripe/payment_intent.payment_failed", &long),
        ("agentclara/message.received", &long),
    ] {
        place
            .run(&["send", event, "--url", url, "--secret", "s"])
            .expect(0);
        listener.next();
    }
    let event = "長い名前の出来事が起こりましたとさ e\u{301}e\u{301}e\u{301}e\u{301}";
    let body = format!(r#"{{"event":"{event}","data":{{}},"timestamp":"2026-01-01T00:00:00Z"}}"#);
    listener.post(&[("X-Convo-Event", "x")], body.as_bytes());
    listener.next();
    listener.stop();
    place
}

#[test]
fn lists_fit_any_terminal_and_are_not_ragged() {
    let place = some().with("PAGER", "cat");
    for width in [60, 80, 120, 200] {
        for list in [["captures", "list"], ["deliveries", "list"]] {
            let lines = in_terminal(&place, width, &list);
            let rows: Vec<&String> = lines
                .iter()
                .filter(|line| line.contains(" POST /") || line.contains(" ✓ "))
                .collect();
            assert!(rows.len() >= 3, "{lines:?}");
            for row in &rows {
                assert_eq!(width_of(row), width_of(rows[0]), "{width}: {rows:#?}");
                assert!(width_of(row) <= usize::from(width), "{width}: {row}");
            }
        }
    }
}

#[test]
fn a_list_goes_through_the_pager_in_a_terminal_alone() {
    let place = some().with("PAGER", "sed 's/^/paged /'");
    let paged = in_terminal(&place, 200, &["captures", "list"]);
    assert!(
        paged.iter().all(|line| line.starts_with("paged ")),
        "{paged:#?}"
    );
    let piped = place.run(&["captures", "list"]).expect(0);
    assert!(!piped.stdout.contains("paged"), "{}", piped.stdout);
    let document = in_terminal(&place, 100, &["captures", "list", "--json", "--limit", "1"]);
    assert!(!document[0].contains("paged"), "{document:#?}");
}

#[test]
fn a_listener_fits_any_terminal() {
    for width in [60, 80, 120, 200] {
        let place = Place::new();
        let port = crate::support::free_port().to_string();
        let terminal = Terminal::start(
            &place,
            width,
            &["listen", "--port", &port, "--secret", "s", "--max", "3"],
        );
        for (event, secret) in [
            ("convocore/lead_captured", "s"),
            ("stripe/payment_intent.payment_failed", "s"),
            ("agentclara/message.received", "another"),
        ] {
            place.run(&[
                "send", event, "--url", &port, "--secret", secret, "--wait", "20s",
            ]);
        }
        let lines = terminal.wait();
        let shown = lines.join("\n");
        for line in &lines {
            assert!(width_of(line) <= usize::from(width), "{width}: {line:?}");
        }
        let rows: Vec<&String> = lines
            .iter()
            .filter(|line| line.contains("POST /"))
            .collect();
        assert_eq!(rows.len(), 3, "{shown}");
        assert!(
            rows.iter().all(|row| width_of(row) == width_of(rows[0])),
            "{shown}"
        );
        // The cause stands under its line.
        assert!(
            shown.contains("invalid: the signature does not match"),
            "{shown}"
        );
    }
}

#[test]
fn each_line_of_the_live_view_is_cut_by_itself() {
    for width in [60, 80, 120, 200] {
        let place = Place::new();
        let nothing = format!("http://127.0.0.1:{}", crate::support::free_port());
        let mut terminal = Terminal::start(
            &place,
            width,
            &[
                "send",
                "agentclara/message.received",
                "stripe/payment_intent.payment_failed",
                "--url",
                &nothing,
                "--retries",
                "1",
                "--backoff",
                "2s",
                "--secret",
                "s",
                "--concurrency",
                "2",
            ],
        );
        let mut screen = terminal.screen();
        let begins = |event: &str| {
            let begin = format!("{event}  attempt 1 of 2: could not");
            begin[..begin.len().min(usize::from(width) - 2)].to_owned()
        };
        let begins = [
            "agentclara/message.received",
            "stripe/payment_intent.payment_failed",
        ]
        .map(begins);
        let both_wait = |screen: &vt100::Parser| {
            let lines = lines(screen);
            begins
                .iter()
                .all(|begin| lines.iter().any(|line| line.starts_with(begin)))
        };
        while !both_wait(&screen) {
            assert!(terminal.read_into(&mut screen), "{:#?}", lines(&screen));
        }
        send_signal(&terminal.child, Signal::INT);
        terminal.wait();
    }
}

/// What a check finds fits the terminal by its words; a command stays on one line, to be copied.
#[test]
fn what_a_check_finds_is_wrapped_by_words() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret-s3cret");
    let listener = place.listen(&["--provider", "convo", "--accept-unverified"]);
    for width in [60, 80, 120, 200] {
        let words = ["check", "--url", &listener.url, "--provider", "convo"];
        let shown = in_terminal(&place, width, &words);
        let at = |start: &str| {
            let found = shown.iter().position(|line| line.starts_with(start));
            found.unwrap_or_else(|| panic!("{start}: {shown:#?}"))
        };
        assert_eq!(at("always_accepts  every request is accepted,"), 1);
        let fix: Vec<&str> = shown[at("  fix: compute")..at("  explains 49")]
            .iter()
            .map(|line| line.trim())
            .collect();
        assert_eq!(
            fix.join(" "),
            "fix: compute the signature of the raw body, compare it in constant time, and respond 401 if it differs"
        );
    }
}

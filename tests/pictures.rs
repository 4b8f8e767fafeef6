//! The pictures of a terminal in the documentation: recorded by this, and held to what the commands print.
//!
//! `UPDATE_DOCS=1 cargo test pictures` records them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::readme::normal;
use crate::support::{Place, Server, Signal, send_signal};
use crate::views::Terminal;

/// How wide the terminal of a picture is, in characters.
const COLUMNS: u16 = 92;
/// The size of a character and of a line, in pixels.
const CHARACTER: f64 = 8.4;
const LINE: f64 = 18.0;
const MARGIN: f64 = 14.0;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures")
}

/// Holds what a terminal shows against the picture of that name, or records it.
fn compare(name: &str, command: &str, screen: &vt100::Parser, ports: &[(&str, &str)]) {
    let file = folder().join(format!("{name}.svg"));
    let drawn = ports
        .iter()
        .fold(drawing(command, screen), |text, (port, shown)| {
            text.replace(port, shown)
        });
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(&file, drawn).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        normal(&text_of(&drawn)),
        normal(&text_of(&kept)),
        "{name}.svg shows something else: run UPDATE_DOCS=1 cargo test pictures"
    );
}

/// The words of a picture, a line for each of its lines.
fn text_of(svg: &str) -> String {
    let tag = regex::Regex::new("<[^>]*>").unwrap();
    let lines = svg.lines().filter(|line| line.starts_with("<text"));
    let lines: Vec<String> = lines
        .map(|line| tag.replace_all(line, "").trim_end().to_owned())
        .collect();
    lines.join("\n")
}

fn drawing(command: &str, screen: &vt100::Parser) -> String {
    let screen = screen.screen();
    let (rows, columns) = screen.size();
    let used = (0..rows).rev().find(|row| {
        let is_used = |column| {
            let cell = screen.cell(*row, column);
            cell.is_some_and(|cell| !cell.contents().trim().is_empty())
        };
        (0..columns).any(is_used)
    });
    let lines = used.map_or(0, |row| row + 1);
    let (width, height) = (
        f64::from(columns) * CHARACTER + 2.0 * MARGIN,
        f64::from(lines + 1) * LINE + 2.0 * MARGIN,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{}\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#16181d\"/>\n<g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"14\" fill=\"#d7dae0\" xml:space=\"preserve\">\n",
        escaped(command)
    );
    let y = |line: u16| MARGIN + LINE * (f64::from(line) + 0.75);
    let prompt = format!("$ {command}");
    let _ = writeln!(
        out,
        "<text x=\"{MARGIN}\" y=\"{:.1}\">{}</text>",
        y(0),
        escaped(&prompt)
    );
    for row in 0..lines {
        let _ = write!(out, "<text x=\"{MARGIN}\" y=\"{:.1}\">", y(row + 1));
        let mut column = 0;
        while column < columns {
            let Some(first) = screen.cell(row, column) else {
                break;
            };
            let style = style_of(first);
            let mut run = String::new();
            while let Some(cell) = screen.cell(row, column)
                && column < columns
                && style_of(cell) == style
            {
                if !cell.is_wide_continuation() {
                    run += match cell.contents() {
                        "" => " ",
                        text => text,
                    };
                }
                column += 1;
            }
            let run = if column >= columns {
                run.trim_end()
            } else {
                &run
            };
            match style.as_str() {
                _ if run.is_empty() => {}
                "" => out += &escaped(run),
                style => {
                    let _ = write!(out, "<tspan {style}>{}</tspan>", escaped(run));
                }
            }
        }
        out += "</text>\n";
    }
    out + "</g>\n</svg>\n"
}

fn style_of(cell: &vt100::Cell) -> String {
    let color = match cell.fgcolor() {
        vt100::Color::Idx(1 | 9) => Some("#f47067"),
        vt100::Color::Idx(2 | 10) => Some("#6bc46d"),
        vt100::Color::Idx(3 | 11) => Some("#daaa3f"),
        vt100::Color::Idx(4 | 12) => Some("#6cb6ff"),
        vt100::Color::Idx(5 | 13) => Some("#dcbdfb"),
        vt100::Color::Idx(6 | 14) => Some("#76d9e6"),
        _ if cell.dim() => Some("#868e9c"),
        _ => None,
    };
    let mut style = color.map_or_else(String::new, |color| format!("fill=\"{color}\""));
    if cell.bold() {
        style += " font-weight=\"bold\"";
    }
    style.trim_start().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Reads what a terminal shows until this holds of its text.
fn until(terminal: &mut Terminal, screen: &mut vt100::Parser, holds: impl Fn(&str) -> bool) {
    while !holds(&screen.screen().contents()) {
        assert!(terminal.read_into(screen), "{}", screen.screen().contents());
    }
}

#[test]
fn a_listener_shows_what_arrives() {
    let place = Place::new().with("HOOKCLI_SECRET", "my-webhook-secret");
    let port = crate::support::free_port().to_string();
    let words = ["listen", "--port", &port];
    let mut terminal = Terminal::start(&place, COLUMNS, &words);
    let mut screen = terminal.screen();
    until(&mut terminal, &mut screen, |text| {
        text.contains("listening on")
    });
    let url = format!("{port}/webhooks");
    for words in [
        &["send", "lead_captured", "--url", &url][..],
        &["replay", "last", "--url", &url],
        &[
            "send",
            "stripe/invoice.paid",
            "--url",
            &url,
            "--fault",
            "stale_timestamp=1h",
        ],
        &[
            "send",
            "agentclara/message.received",
            "--url",
            &url,
            "--secret",
            "another",
        ],
    ] {
        place.run(words);
    }
    until(&mut terminal, &mut screen, |text| {
        text.contains("agentclara/message.received") && text.contains("4 requests")
    });
    send_signal(&terminal.child, Signal::INT);
    while terminal.read_into(&mut screen) {}
    terminal.child.wait().unwrap();
    compare(
        "listen",
        "hookcli listen --port 3000",
        &screen,
        &[(&port, "3000")],
    );
}

#[test]
fn a_delivery_is_tried_again() {
    let place = Place::new().with("HOOKCLI_SECRET", "my-webhook-secret");
    let answers = [
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ];
    let answers = answers.map(str::as_bytes);
    let server = Server::answering(&answers);
    let port = server.port.to_string();
    let flags = ["--retries", "policy", "--speed", "100000x"];
    let words = [&["send", "stripe/invoice.paid", "--url", &port][..], &flags].concat();
    let mut terminal = Terminal::start(&place, COLUMNS, &words);
    let mut screen = terminal.screen();
    while terminal.read_into(&mut screen) {}
    assert!(terminal.child.wait().unwrap().success());
    let command = "hookcli send stripe/invoice.paid --url 3000 --retries policy --speed 100000x";
    compare("retries", command, &screen, &[(&port, "3000")]);
}

#[test]
fn a_check_says_what_is_wrong() {
    let place = Place::new().with("HOOKCLI_SECRET", "my-webhook-secret");
    let listener = place.listen(&["--provider", "convo", "--accept-unverified"]);
    let port = listener.address().rsplit(':').next().unwrap().to_owned();
    let words = ["check", "--url", &port, "--provider", "convo"];
    let mut terminal = Terminal::start(&place, COLUMNS, &words);
    let mut screen = terminal.screen();
    while terminal.read_into(&mut screen) {}
    assert_eq!(terminal.child.wait().unwrap().code(), Some(1));
    let command = "hookcli check --url 3000 --provider convo";
    compare("check", command, &screen, &[(&port, "3000")]);
}

/// Each picture stands in a page, and each that a page names is there.
#[test]
fn every_picture_stands_in_a_page() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut named = std::collections::BTreeSet::new();
    let pictures = regex::Regex::new(r"\(pictures/([a-z]+)\.svg\)").unwrap();
    for page in std::fs::read_dir(&docs).unwrap() {
        let path = page.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let text = std::fs::read_to_string(path).unwrap();
            named.extend(
                pictures
                    .captures_iter(&text)
                    .map(|found| found[1].to_owned()),
            );
        }
    }
    let there: std::collections::BTreeSet<String> = std::fs::read_dir(docs.join("pictures"))
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(named, there);
}

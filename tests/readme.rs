//! The README and the pages of `docs/` say what is so: every `console` block is run as written, every link leads
//! somewhere, every page answers one question.
//!
//! `UPDATE_DOCS=1 cargo test readme` writes the output that differs into the pages; read it before you commit it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use regex::Regex;

use crate::support::{Place, Signal, free_port, send_signal};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README, and each page of `docs/`.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let entries = fs::read_dir(root().join("docs")).unwrap();
    pages.extend(entries.map(|entry| entry.unwrap().path()));
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

fn name(page: &Path) -> String {
    let relative = page.strip_prefix(root()).unwrap();
    relative.display().to_string()
}

/// What a reader does, in the order of the page.
enum Step {
    /// A command of a `console` block.
    Run(Run),
    /// A `toml` block that names a file in its first line.
    Write { file: String, text: String },
}

struct Run {
    command: String,
    /// What it prints.
    expected: String,
    /// Where that stands in the page.
    lines: std::ops::Range<usize>,
}

fn read(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut language: Option<&str> = None;
    for (at, line) in page.lines().enumerate() {
        if let Some(fence) = line.strip_prefix("```") {
            language = match language {
                Some(_) => None,
                None => Some(fence),
            };
            if language == Some("toml") {
                let (file, text) = (String::new(), String::new());
                steps.push(Step::Write { file, text });
            }
            continue;
        }
        match (language, line.strip_prefix("$ "), steps.last_mut()) {
            (Some("console"), Some(command), _) => steps.push(Step::Run(Run {
                command: command.to_owned(),
                expected: String::new(),
                lines: at + 1..at + 1,
            })),
            (Some("console"), None, Some(Step::Run(run))) => {
                run.expected += &format!("{line}\n");
                run.lines.end = at + 1;
            }
            (Some("toml"), _, Some(Step::Write { file, text })) => match line.strip_prefix("# ") {
                Some(path) if text.is_empty() && file.is_empty() => path.clone_into(file),
                _ => *text += &format!("{line}\n"),
            },
            _ => {}
        }
    }
    // One that names no file is there to be read.
    steps.retain(|step| match step {
        Step::Run(_) => true,
        Step::Write { file, .. } => file.ends_with(".toml") && !file.contains(' '),
    });
    steps
}

/// What differs from run to run becomes the same.
pub fn normal(text: &str) -> String {
    [
        (r"(cap|dlv)_[0-9A-HJKMNP-TV-Z]{26}", "${1}_ID"),
        (r"\b(evt|msg|conv|sess|apt)_[a-z0-9]{12}", "${1}_ID"),
        (r"whsec_[A-Za-z0-9+/=]+", "whsec_SECRET"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME"),
        (r"(?m)^\d\d:\d\d:\d\d", "TIME"),
        (r#""createdAt": ?\d+"#, "createdAt"),
        (r#""duration_ms":[\d.]+"#, "duration_ms"),
        (r" +\d+(\.\d+)? ms", " MS"),
        (r"\b[0-9A-HJKMNP-TV-Z]{6}`?(?m:$)", "_ID"),
        (r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),
        (r"in \d+\.\d s\b", "in TIME"),
        (r"\(\d+\.\d s\)", "(TIME)"),
        (r#""createdAt": "[^"]*""#, "createdAt"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (pattern, with)| {
        let pattern = Regex::new(pattern).unwrap();
        pattern.replace_all(&text, *with).into_owned()
    })
}

/// A page under test: its folder, the ports that stand for those it names, and its listener.
struct Session {
    place: Place,
    /// As the page writes them, and as they are.
    ports: Vec<(&'static str, String)>,
    listening: Option<(Child, usize)>,
    /// The `export` lines so far. They are of the reader's second terminal: no listener has them.
    exports: String,
}

impl Session {
    fn new() -> Self {
        let ports = ["3000", "4000", "3999"];
        Self {
            place: Place::new(),
            exports: String::new(),
            ports: ports.map(|port| (port, free_port().to_string())).to_vec(),
            listening: None,
        }
    }

    fn there(&self, text: &str) -> String {
        self.with_ports(text, |(page, real)| (page, real))
    }

    fn back(&self, text: &str) -> String {
        self.with_ports(text, |(page, real)| (real, page))
    }

    /// The text with each port in the place of another, all at once.
    fn with_ports<'s>(
        &'s self,
        text: &str,
        change: impl Fn((&'s str, &'s str)) -> (&'s str, &'s str),
    ) -> String {
        let ports = self.ports.iter();
        let changes: Vec<(&str, &str)> = ports
            .map(|(page, real)| change((*page, real.as_str())))
            .collect();
        let all: Vec<&str> = changes.iter().map(|(from, _)| *from).collect();
        let any = Regex::new(&format!(r"\b({})\b", all.join("|"))).unwrap();
        let to = |found: &regex::Captures<'_>| {
            let change = changes.iter().find(|(from, _)| *from == &found[1]);
            change.unwrap().1.to_owned()
        };
        any.replace_all(text, to).into_owned()
    }

    fn shell(&self, line: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_hookcli"));
        let path = format!(
            "{}:{}",
            binary.parent().unwrap().display(),
            std::env::var("PATH").unwrap()
        );
        let plain = self.place.command(&[]);
        let mut command = Command::new("bash");
        command
            .args(["-c", &format!("exec 2>&1; {line}")])
            .env_clear()
            .envs(
                plain
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .env("PATH", path)
            .env("COLUMNS", "80")
            .current_dir(self.place.path(""));
        command
    }

    /// Ends the listener that runs; the step that started it, and what it printed.
    fn settle(&mut self) -> Option<(usize, String)> {
        let (mut child, step) = self.listening.take()?;
        send_signal(&child, Signal::INT);
        let mut shown = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut shown)
            .unwrap();
        child.wait().unwrap();
        Some((step, self.back(&shown)))
    }

    /// What each step printed, by its number.
    fn run(&mut self, steps: &[Step]) -> Vec<(usize, String)> {
        let mut printed = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let step = match step {
                Step::Run(run) => run,
                Step::Write { file, text } => {
                    self.place.write(file, self.there(text));
                    continue;
                }
            };
            if step.command.starts_with("export ") {
                self.exports += &format!("{}; ", step.command);
                continue;
            }
            let line = self.there(&step.command);
            let starts = |name: &str| step.command.split_whitespace().any(|word| word == name);
            let is_listener = step.command.contains("hookcli listen");
            if is_listener {
                // One listener after the other.
                printed.extend(self.settle());
            }
            // One with a command of its own, or that waits for something, ends by itself.
            if is_listener && !starts("--") && !starts("--help") && !starts("-h") {
                let child = self
                    .shell(&format!("exec {line}"))
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap();
                self.listening = Some((child, at));
                let port = &self.ports[0].1;
                while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
                    std::thread::yield_now();
                }
                continue;
            }
            let line = format!("{}{line}", self.exports);
            let output = self.shell(&line).output().unwrap();
            printed.push((at, self.back(&String::from_utf8_lossy(&output.stdout))));
        }
        printed.extend(self.settle());
        printed.sort_by_key(|(at, _)| *at);
        printed
    }
}

/// Puts what was printed in the place of what the page says.
fn updated(text: &str, steps: &[Step], printed: &[(usize, String)]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (at, shown) in printed.iter().rev() {
        if let Step::Run(step) = &steps[*at]
            && normal(shown) != normal(&step.expected)
        {
            lines.splice(step.lines.clone(), shown.lines());
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_console_block_prints_what_the_page_says() {
    let updates = std::env::var_os("UPDATE_DOCS").is_some();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let steps = read(&text);
        if steps.is_empty() {
            continue;
        }
        let printed = Session::new().run(&steps);
        if updates {
            fs::write(&page, updated(&text, &steps, &printed)).unwrap();
            continue;
        }
        for (at, shown) in printed {
            let Step::Run(step) = &steps[at] else {
                continue;
            };
            assert_eq!(
                normal(&shown),
                normal(&step.expected),
                "{}: $ {}",
                name(&page),
                step.command
            );
        }
    }
}

/// The anchors of a page, as GitHub makes them of its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|character| character.is_alphanumeric() || " -_".contains(*character));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for found in link.captures_iter(&text) {
            let target = &found[1];
            if target.starts_with("https://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            assert!(path.exists(), "{}: {target} is not there", name(&page));
            if !anchor.is_empty() {
                let there = fs::read_to_string(&path).unwrap();
                assert!(
                    anchors(&there).contains(anchor),
                    "{}: {target}",
                    name(&page)
                );
            }
        }
    }
}

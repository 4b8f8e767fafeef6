//! Standard output and standard error: whether they are terminals, and whether they have colours.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use dialoguer::console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::columns::{Cut, fit, paragraph};
use super::pager::Pager;
use super::style::Style;
use super::{json, people};
use crate::exit::Exit;
use crate::model::{RemoteText, disarm, escape, escape_lines, is_armed};
use crate::report::{Annotation, Note, Report, Ui};

/// `--color`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    #[default]
    Auto,
    Always,
    Never,
}

/// The `Ui` of a process.
pub struct Terminal {
    json: bool,
    quiet: bool,
    verbose: u8,
    out: Style,
    err: Style,
    /// GitHub Actions reads what is written, and does what it finds there.
    in_actions: bool,
    closed: AtomicBool,
    progress: Mutex<Option<ProgressBar>>,
    /// `PAGER`, where it is set.
    pager_command: Option<String>,
    pager: Mutex<Option<Pager>>,
}

/// What decides how a terminal looks.
#[derive(Clone, Debug, Default)]
pub struct TerminalOptions {
    pub json: bool,
    pub quiet: bool,
    pub verbose: u8,
    pub color: ColorChoice,
    /// `NO_COLOR` is set and not empty (no-color.org).
    pub no_color: bool,
    /// `TERM` is `dumb`.
    pub dumb: bool,
    /// `GITHUB_ACTIONS` is `true`.
    pub in_actions: bool,
    /// `PAGER`, where it is set.
    pub pager: Option<String>,
}

impl Terminal {
    pub fn new(options: TerminalOptions) -> Self {
        let style = |terminal: &Term| {
            let is_terminal = terminal.is_term();
            let colored = match options.color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => is_terminal && !options.no_color && !options.dumb,
            };
            let size = terminal.size_checked().filter(|_| is_terminal);
            // A terminal that does not know its width says 0.
            let width = size.map(|(_, width)| usize::from(width));
            Style::new(colored, width.filter(|width| *width > 0))
        };
        let out = style(&Term::stdout());
        let err = style(&Term::stderr());
        // `Style` decides for each stream; the crate must not decide again.
        colored::control::set_override(true);
        Self {
            json: options.json,
            quiet: options.quiet,
            verbose: options.verbose,
            out,
            err,
            in_actions: options.in_actions,
            closed: AtomicBool::new(false),
            progress: Mutex::new(None),
            pager_command: options.pager,
            pager: Mutex::new(None),
        }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut pager = self.pager.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match &mut *pager {
            Some(pager) => pager.write(bytes),
            None => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
        };
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed.store(true, Ordering::Relaxed);
                Ok(())
            }
            result => result,
        }
    }

    /// Text in which nothing is a command where it is written to.
    fn harmless(&self, text: String) -> String {
        if self.in_actions { disarm(&text) } else { text }
    }

    fn clear_progress(&self) {
        if let Ok(mut progress) = self.progress.lock()
            && let Some(bar) = progress.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Ui for Terminal {
    fn emit(&self, report: &Report) -> io::Result<()> {
        self.clear_progress();
        if let Report::Bytes(bytes) = report
            && !bytes.safe
        {
            let shown = String::from_utf8_lossy(&bytes.bytes);
            let refused = |what: &str| {
                let why = format!(
                    "the output would {what}: write it to a file (if the command has --force, that allows it)"
                );
                Err(io::Error::new(io::ErrorKind::InvalidData, why))
            };
            if io::stdout().is_terminal() && escape_lines(&shown) != shown {
                return refused("control the terminal");
            }
            if self.in_actions && !is_regular_file(&io::stdout()) && is_armed(&shown) {
                return refused("start a GitHub Actions workflow command");
            }
        }
        let page = match report {
            Report::Bytes(bytes) => return self.write(&bytes.bytes),
            _ if self.json => return self.write(&json::document(report)?),
            _ => people::page(report, self.out, self.verbose, self.quiet),
        };
        self.write(self.harmless(page).as_bytes())
    }

    fn note(&self, note: Note) {
        let (label, text) = match &note {
            Note::Hint(text) => ("hint:", text),
            Note::Warning(text) => ("warning:", text),
            Note::Status(text) => ("...", text),
            Note::Error(text) => ("error:", text),
        };
        let loud = matches!(note, Note::Error(_));
        if loud || !self.quiet {
            self.clear_progress();
            let text = note_text(label, &escape_lines(text.unescaped()), self.err);
            let painted = match &note {
                Note::Hint(_) | Note::Status(_) => self.err.faint(label),
                Note::Warning(_) => self.err.warn(label),
                Note::Error(_) => self.err.bad(label),
            };
            let line = self.harmless(text.replacen(label, &painted, 1));
            // There is nowhere left to complain about a stderr that is gone.
            let _ = io::stderr().lock().write_all(line.as_bytes());
        }
    }

    fn annotate(&self, annotation: &Annotation) {
        self.clear_progress();
        let level = if annotation.is_error {
            "error"
        } else {
            "warning"
        };
        // What ends or parts a workflow command is percent-encoded, as GitHub's own toolkit does it.
        let text = |text: &str| {
            escape(text)
                .replace('%', "%25")
                .replace('\r', "%0D")
                .replace('\n', "%0A")
        };
        let title = text(&annotation.title)
            .replace(':', "%3A")
            .replace(',', "%2C");
        let message = text(annotation.message.unescaped());
        let line = format!("::{level} title={title}::{message}\n");
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    fn progress(&self, done: u64, total: u64, what: &str) {
        if self.quiet || !io::stderr().is_terminal() {
            return;
        }
        let Ok(mut progress) = self.progress.lock() else {
            return;
        };
        let bar = progress.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(escape(what));
    }

    fn start_pager(&self) {
        if !self.json && io::stdout().is_terminal() {
            let mut pager = self.pager.lock().unwrap_or_else(PoisonError::into_inner);
            *pager = Pager::start(self.pager_command.as_deref());
        }
    }

    fn end_pager(&self) {
        let mut pager = self.pager.lock().unwrap_or_else(PoisonError::into_inner);
        drop(pager.take());
    }

    fn is_live(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    fn live(&self, lines: &[RemoteText]) {
        let Ok(mut progress) = self.progress.lock() else {
            return;
        };
        if !self.is_live() {
            return;
        }
        let bar = progress.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            bar
        });
        // Each line by itself: one that is cut takes nothing from the others.
        let width = Term::stderr()
            .size_checked()
            .map(|(_, width)| usize::from(width));
        let lines = lines.iter().map(|line| {
            let line = escape(line.unescaped());
            match width {
                Some(width) if width > 0 => fit(&line, width - 1, Cut::End),
                _ => line,
            }
        });
        bar.set_message(lines.collect::<Vec<_>>().join("\n"));
        bar.tick();
    }

    fn choose(&self, prompt: &str, items: &[String]) -> Option<usize> {
        if !can_ask() {
            return None;
        }
        dialoguer::FuzzySelect::with_theme(&dialoguer::theme::SimpleTheme)
            .with_prompt(prompt)
            .items(items)
            .max_length(15)
            .interact_on_opt(&Term::stderr())
            .ok()
            .flatten()
    }

    fn ask(&self, prompt: &str, usual: &str) -> Option<String> {
        if !can_ask() {
            return None;
        }
        dialoguer::Input::with_theme(&dialoguer::theme::SimpleTheme)
            .with_prompt(prompt)
            .default(usual.to_owned())
            .interact_on(&Term::stderr())
            .ok()
    }

    fn confirm(&self, question: &str) -> Option<bool> {
        if !can_ask() {
            return None;
        }
        dialoguer::Confirm::with_theme(&dialoguer::theme::SimpleTheme)
            .with_prompt(question)
            .default(false)
            .interact_on_opt(&Term::stderr())
            .ok()
            .flatten()
    }
}

/// A note in lines that the terminal has room for; those that are indented are drawings, and stay as they are.
fn note_text(label: &str, text: &str, style: Style) -> String {
    let mut out = String::new();
    for (index, line) in text.split('\n').enumerate() {
        match index {
            0 => out += &paragraph(&format!("{label} {line}"), 0, 2, style),
            _ if line.starts_with(' ') => out += &format!("{line}\n"),
            _ => out += &paragraph(line, 0, 2, style),
        }
    }
    out
}

/// Whether someone can be asked.
fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn is_regular_file(stream: &impl std::os::fd::AsFd) -> bool {
    let stat = rustix::fs::fstat(stream);
    stat.is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file())
}

/// Prints what clap has to say: help and version to stdout, errors to stderr.
pub fn help_page(page: &clap::Error) -> Exit {
    // A reader that has gone, as in `hookcli --help | head`, is no error.
    let _ = page.print();
    match page.use_stderr() {
        true => Exit::Usage,
        false => Exit::Done,
    }
}

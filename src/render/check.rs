//! `check` for people: passed cases in a line, failed ones with reason and command.

use std::fmt::Write as _;

use super::columns::paragraph;
use super::style::Style;
use crate::conformance::{Area, Severity, Status};
use crate::conformance::{CheckCaseReport, CheckFinding, CheckReport};
use crate::model::{counted, escape};

/// How many cases a finding names; of more it says how many.
const NAMED_CASES: usize = 4;

/// A case that was not sent.
pub(super) fn listed(case: &CheckCaseReport, style: Style) -> String {
    format!(
        "{:<6}  {:<40} {}\n",
        case.severity.name(),
        escape(&case.name),
        style.faint(&escape(&case.reason))
    )
}

/// The whole run.
pub(super) fn page(report: &CheckReport, style: Style, verbose: u8) -> String {
    let mut out = format!(
        "{} at {}\n\n",
        style.strong(&escape(&report.provider)),
        escape(&report.url)
    );
    for finding in &report.findings {
        self::finding(finding, report, style, verbose, &mut out);
    }
    // Where the endpoint was not reached, one line tells of all that was not asked.
    let not_asked: Vec<_> = report
        .cases
        .iter()
        .filter(|case| case.area != Area::Reachable)
        .collect();
    let nothing_asked = not_asked.iter().all(|case| case.status == Status::Skip);
    for area in Area::ALL {
        let cases: Vec<_> = report
            .cases
            .iter()
            .filter(|case| case.area == area)
            .collect();
        if !cases.is_empty() && (area == Area::Reachable || !nothing_asked) {
            self::area(area, &cases, report, (style, verbose), &mut out);
        }
    }
    if let (true, Some(case)) = (nothing_asked, not_asked.first()) {
        let why = escape(case.observed.unescaped());
        let line = format!("- {} other cases were not run: {why}", not_asked.len());
        let _ = writeln!(out, "{}", style.faint(&line));
    }
    let verdict = if report.ok {
        style.good("ok")
    } else {
        style.bad("not ok")
    };
    let known = match report.known {
        0 => String::new(),
        known => format!(" ({known} known)"),
    };
    let ambiguous = match report.ambiguous {
        0 => String::new(),
        count => format!("{count} ambiguous, "),
    };
    let failed = failed(report);
    let seconds = report.duration_ms as f64 / 1000.0;
    let _ = writeln!(
        out,
        "\n{verdict}: {} passed, {failed}, {} warned, {ambiguous}{} skipped{known} in {seconds:.1} s",
        report.passed, report.warned, report.skipped
    );
    out
}

/// How many cases failed, and of how few causes; a JUnit file counts the causes.
fn failed(report: &CheckReport) -> String {
    let failing = report.failing_findings();
    let names = |case: &&CheckCaseReport| {
        let mut failing = failing.iter();
        let explains =
            failing.any(|(finding, _)| case.explained_by.as_ref() == Some(&finding.name));
        explains && case.status == Status::Fail
    };
    match report.cases.iter().filter(names).count() {
        0 => format!("{} failed", report.failed),
        explained => format!(
            "{} failed ({explained} explained by {})",
            report.failed,
            counted(failing.len() as u64, "finding")
        ),
    }
}

/// What is wrong, and what to do; the cases that it explains are not told again.
fn finding(
    finding: &CheckFinding,
    report: &CheckReport,
    style: Style,
    verbose: u8,
    out: &mut String,
) {
    let name = escape(&finding.name);
    let message = format!("{name}  {}", escape(finding.message.unescaped()));
    let message = paragraph(&message, 0, 2, style);
    out.push_str(&message.replacen(&name, &style.bad(&name), 1));
    if let Some(advice) = &finding.fix {
        out.push_str(&paragraph(&format!("fix: {}", escape(advice)), 2, 7, style));
    }
    // One that stands for itself is named like it.
    if let Some(example) = finding.example(report) {
        let explains = match finding.cases.len() {
            count if count > NAMED_CASES && verbose == 0 => {
                format!("explains {count} of the cases below")
            }
            _ => format!("explains {}", escape(&finding.cases.join(", "))),
        };
        out.push_str(&style.faint(&paragraph(&explains, 2, 4, style)));
        if verbose == 0 {
            let _ = writeln!(out, "  again: {}", escape(&example.command));
        }
    }
    out.push('\n');
}

/// A few names, or how many there are.
fn few(names: &[&str], verbose: u8) -> String {
    match names.len() {
        count if count > NAMED_CASES && verbose == 0 => format!("{count} cases"),
        _ => escape(&names.join(", ")),
    }
}

fn area(
    area: Area,
    cases: &[&CheckCaseReport],
    report: &CheckReport,
    (style, verbose): (Style, u8),
    out: &mut String,
) {
    let is = |status: Status| move |case: &&&CheckCaseReport| case.status == status;
    let asked = cases.len() - cases.iter().filter(is(Status::Skip)).count();
    let passed = cases.iter().filter(is(Status::Pass)).count();
    let bad = cases
        .iter()
        .any(|case| matches!(case.status, Status::Fail | Status::Ambiguous));
    let mark = match (asked, passed) {
        (0, _) => style.faint("-"),
        (asked, passed) if asked == passed => style.good("✓"),
        _ if bad => style.bad("✗"),
        _ => style.warn("!"),
    };
    let only = match area == Area::Idempotency && passed > 0 && !report.effects_counted {
        true => " (by their responses: no probe counts what is done)",
        false => "",
    };
    let name = area.name();
    let _ = writeln!(out, "{mark} {name:<14}{passed} of {asked} passed{only}");
    let width = cases
        .iter()
        .map(|case| short_name(case).len())
        .max()
        .unwrap_or(0);
    let mut skipped: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut explained: Vec<(&str, Vec<&str>)> = Vec::new();
    for case in cases {
        let name = short_name(case);
        let why = escape(case.observed.unescaped());
        if let (Some(finding), 0) = (&case.explained_by, verbose) {
            add(&mut explained, finding, name);
            continue;
        }
        match case.status {
            Status::Skip => {
                add(&mut skipped, case.observed.unescaped(), name);
            }
            Status::Pass if verbose == 0 => {}
            Status::Pass => {
                let _ = writeln!(
                    out,
                    "    {}  {:<width$}  {}",
                    style.good("pass"),
                    escape(name),
                    style.faint(&why)
                );
            }
            Status::Fail | Status::Warn | Status::Ambiguous => {
                let word = if case.status == Status::Ambiguous {
                    style.bad("ambiguous")
                } else if case.known {
                    style.faint("known")
                } else if case.status == Status::Fail {
                    style.bad("fail")
                } else {
                    style.warn("warn")
                };
                let info = if case.severity == Severity::Info {
                    " (for information)"
                } else {
                    ""
                };
                let _ = writeln!(out, "    {word}  {:<width$}  {why}{info}", escape(name));
                let reason = paragraph(&escape(&case.reason), 10, 10, style);
                out.push_str(&style.faint(&reason));
                let _ = writeln!(out, "          {}", escape(&case.command));
            }
        }
    }
    for (finding, names) in explained {
        let names = few(&names, verbose);
        let text = format!("{names}: explained by {}", escape(finding));
        out.push_str(&paragraph(&text, 4, 8, style));
    }
    for (why, names) in skipped {
        let text = format!("skip  {}: {}", few(&names, verbose), escape(why));
        out.push_str(&style.faint(&paragraph(&text, 4, 10, style)));
    }
}

/// Adds a name to those that have the same reason.
fn add<'n>(groups: &mut Vec<(&'n str, Vec<&'n str>)>, why: &'n str, name: &'n str) {
    match groups.iter_mut().find(|(known, _)| *known == why) {
        Some((_, names)) => names.push(name),
        None => groups.push((why, vec![name])),
    }
}

/// Without its area.
fn short_name(case: &CheckCaseReport) -> &str {
    case.name
        .split_once('.')
        .map_or(case.name.as_str(), |(_, name)| name)
}

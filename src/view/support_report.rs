//! A report on deliveries for a provider's support: Markdown, made of what is recorded.

use std::fmt::Write as _;

use super::time_text;
use crate::model::{Attempt, Delivery, duration::short, escape_lines};

/// How much of an answer's body is shown.
const SHOWN_BYTES: usize = 2000;

/// The page's beginning.
pub fn support_report_head() -> String {
    format!(
        "# Webhook deliveries\n\nRecorded by hookcli {}. Secrets are redacted.\n\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// The part for one delivery; what someone else wrote is in code, where it means nothing.
pub fn support_report(record: &Delivery) -> String {
    let mut out = String::new();
    let event = record.event.as_ref().map_or("-", |event| event.unescaped());
    let provider = record.provider.as_deref().unwrap_or("-");
    let _ = writeln!(out, "## {}\n", record.id);
    for (name, value) in [
        ("provider", provider),
        ("event type", event),
        ("endpoint", &record.url),
        ("outcome", record.outcome.name()),
        ("started", &time_text(record.started_at)),
    ] {
        let _ = writeln!(out, "- {name}: {}", code(value));
    }
    if let Some(failure) = &record.failure {
        let _ = writeln!(out, "- why: {}", code(failure.unescaped()));
    }
    out.push_str("\n| attempt | at | took | of that | result |\n|---|---|---|---|---|\n");
    for attempt in &record.attempts {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            attempt.number,
            time_text(attempt.started_at),
            short(attempt.duration),
            phases(attempt),
            code(&result(attempt)).replace('|', "\\|")
        );
    }
    out.push_str("\nRequest:\n\n");
    let mut request = format!("{} {}\n", record.request.method, record.request.target);
    for (name, value) in record.request.headers.iter() {
        let _ = writeln!(request, "{name}: {}", String::from_utf8_lossy(value));
    }
    let _ = write!(
        request,
        "\n{}",
        String::from_utf8_lossy(&record.request.body)
    );
    block(&mut out, &request);
    let last = record.attempts.last();
    if let Some(response) = last.and_then(|attempt| attempt.result.as_ref().ok()) {
        out.push_str("Last answer:\n\n");
        let mut answer = String::new();
        for (name, value) in response.headers.iter() {
            let _ = writeln!(answer, "{name}: {}", String::from_utf8_lossy(value));
        }
        let shown = &response.body[..response.body.len().min(SHOWN_BYTES)];
        let _ = write!(answer, "\n{}", String::from_utf8_lossy(shown));
        block(&mut out, &answer);
    }
    out
}

fn phases(attempt: &Attempt) -> String {
    let parts: Vec<String> = attempt
        .phases
        .each()
        .map(|(name, time)| format!("{name} {}", short(time)))
        .collect();
    parts.join(", ")
}

fn result(attempt: &Attempt) -> String {
    match &attempt.result {
        Ok(response) => response.status.to_string(),
        Err(error) => format!("{}: {}", error.kind, error.message.unescaped()),
    }
}

/// Text in line, between more backquotes than it holds.
fn code(text: &str) -> String {
    let text = escape_lines(text).replace('\n', " ");
    let fence = fence(&text, 1);
    format!("{fence} {text} {fence}")
}

/// Lines of text, indented by nothing, between a fence that they do not hold.
fn block(out: &mut String, text: &str) {
    let text = escape_lines(text);
    let fence = fence(&text, 3);
    let _ = writeln!(out, "{fence}\n{}\n{fence}\n", text.trim_end());
}

fn fence(text: &str, least: usize) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}

//! What differs between two captures.

use std::fmt::Write as _;

use serde::Serialize;
use similar::TextDiff;

use super::CaptureDetail;
use crate::model::{Headers, RemoteText};
use crate::payload::pretty;

/// Lines around a difference.
const CONTEXT_LINES: usize = 2;

/// What differs between two captures.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CaptureDiff {
    /// The id of the first.
    pub one: String,
    /// The id of the second.
    pub other: String,
    /// Their requests are the same.
    pub same: bool,
    /// The events, verdicts and statuses, where they differ.
    pub facts: Vec<FactDiff>,
    /// What differs between the requests, as a unified diff; bodies are laid out.
    pub diff: RemoteText,
}

/// A fact that differs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FactDiff {
    /// The name of the fact.
    pub name: &'static str,
    /// That of the first.
    pub one: RemoteText,
    /// That of the second.
    pub other: RemoteText,
}

/// What differs, of what may be shown.
pub fn capture_diff(one: &CaptureDetail, other: &CaptureDetail) -> CaptureDiff {
    let facts = |detail: &CaptureDetail| -> [(&'static str, String); 4] {
        let item = &detail.item;
        let event = item.event.as_ref().map_or("-", |event| event.unescaped());
        let provider = item.provider.as_deref().unwrap_or("-");
        [
            ("event", format!("{provider}/{event}")),
            (
                "endpoint",
                item.endpoint.clone().unwrap_or_else(|| "-".to_owned()),
            ),
            ("verdict", item.verdict.name().to_owned()),
            ("status", item.status.to_string()),
        ]
    };
    let pairs = facts(one).into_iter().zip(facts(other));
    let different = pairs.filter(|((_, one), (_, other))| one != other);
    let (mut before, mut after) = (request_text(one, true), request_text(other, true));
    let is_same = one.pretty.unescaped() == other.pretty.unescaped();
    if before == after && !is_same {
        // They differ in what the layout hides, and what breaks signatures: white space, the form of a number.
        (before, after) = (request_text(one, false), request_text(other, false));
    }
    let diff = TextDiff::from_lines(&before, &after);
    let text = diff
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .to_string();
    CaptureDiff {
        one: one.item.id.clone(),
        other: other.item.id.clone(),
        same: before == after,
        facts: different
            .map(|((name, one), (_, other))| FactDiff {
                name,
                one: one.into(),
                other: other.into(),
            })
            .collect(),
        diff: text.into(),
    }
}

/// A request as lines: its own line, its headers, and its body, laid out or as it is.
fn request_text(detail: &CaptureDetail, is_laid_out: bool) -> String {
    let item = &detail.item;
    let (method, path) = (item.method.unescaped(), item.path.unescaped());
    let mut out = format!("{method} {path}\n");
    header_lines(&mut out, &detail.headers);
    out.push('\n');
    let body = detail.pretty.unescaped();
    match pretty(body.as_bytes()).filter(|_| is_laid_out) {
        Some(laid_out) => out.push_str(&laid_out),
        None => out.push_str(body),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

fn header_lines(out: &mut String, headers: &Headers) {
    for (name, value) in headers.iter() {
        let _ = writeln!(out, "{name}: {}", String::from_utf8_lossy(value));
    }
}

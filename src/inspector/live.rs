//! The listener beside: what it counts, and how it answers.

use std::fmt::Write as _;
use std::sync::PoisonError;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::listener::LiveListener;
use super::state::{Inspector, Shared};
use crate::ingest::{ResponseRule, ResponseTimeCounts};
use crate::model::Verdict;

/// The rules by which the listener answers.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RulesAnswer {
    /// As they were set here; null: those of the flags and settings are in effect.
    rules: Option<serde_json::Value>,
}

pub(super) async fn rules(State(inspector): Shared) -> Result<Json<RulesAnswer>, ApiError> {
    let live = inspector.live()?;
    let written = live.written.lock();
    let rules = written.unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Json(RulesAnswer { rules }))
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RulesRequest {
    /// Rules as in `[[listen.rule]]`; null: those of the settings again.
    rules: Option<serde_json::Value>,
}

/// Other rules from now on: the first that fits a request decides.
pub(super) async fn set_rules(
    State(inspector): Shared,
    asked: Result<Json<RulesRequest>, JsonRejection>,
) -> Result<Json<RulesAnswer>, ApiError> {
    let Json(asked) = asked?;
    let live = inspector.live()?;
    let rules: Option<Vec<ResponseRule>> = match &asked.rules {
        Some(written) => serde_json::from_value(written.clone())
            .map(Some)
            .map_err(|error| ApiError::bad_request(error.to_string()))?,
        None => None,
    };
    live.responder.set_instead(rules);
    let written = live.written.lock();
    *written.unwrap_or_else(PoisonError::into_inner) = asked.rules.clone();
    Ok(Json(RulesAnswer { rules: asked.rules }))
}

/// What is counted, in the text format of Prometheus (its documentation, "Exposition formats").
pub(super) async fn metrics(State(inspector): Shared) -> Result<Response, ApiError> {
    let mut out = String::new();
    if let Some(live) = &inspector.options.live {
        let counts = &live.counts;
        let mut family = family_writer(&mut out);
        let of = |value| [(String::new(), value)];
        let received = of(counts.received());
        family(
            "hookcli_requests_total",
            "counter",
            "Requests received.",
            &received,
        );
        let stored = of(counts.stored());
        family(
            "hookcli_requests_stored_total",
            "counter",
            "Requests stored.",
            &stored,
        );
        let refused = of(counts.refused());
        let help = "Requests that a limit of the receiver refused.";
        family("hookcli_requests_refused_total", "counter", help, &refused);
        let verdicts = [
            Verdict::Valid,
            Verdict::Invalid,
            Verdict::Missing,
            Verdict::Unchecked,
        ];
        let verdicts = verdicts.map(|verdict| {
            let labels = format!("{{verdict=\"{}\"}}", verdict.name());
            (labels, counts.with_verdict(verdict))
        });
        family(
            "hookcli_verdicts_total",
            "counter",
            "Verdicts on signatures.",
            &verdicts,
        );
        let responses: Vec<_> = counts
            .kinds()
            .into_iter()
            .map(|kind| {
                let labels = format!(
                    "{{provider=\"{}\",event=\"{}\",verdict=\"{}\",status=\"{}\"}}",
                    label(kind.provider.as_deref().unwrap_or_default()),
                    label(kind.event.as_ref().map_or("", |event| event.unescaped())),
                    kind.verdict.name(),
                    kind.status
                );
                (labels, kind.count)
            })
            .collect();
        let help = "Responses by event and status.";
        family("hookcli_responses_total", "counter", help, &responses);
    }
    if let Some(live) = &inspector.options.live {
        write_times(&mut out, &live.counts.response_times());
    }
    let pending = inspector.options.store.pending().await?;
    let pending: Vec<_> = pending
        .iter()
        .map(|at| {
            let url = crate::view::redact::target(&at.url, &inspector.options.tokens);
            (format!("{{destination=\"{}\"}}", label(&url)), at.captures)
        })
        .collect();
    let help = "Captures that wait to be forwarded.";
    family_writer(&mut out)("hookcli_pending_forwards", "gauge", help, &pending);
    let content_type = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((content_type, out).into_response())
}

/// Writes families of samples, each with its labels.
fn family_writer(out: &mut String) -> impl FnMut(&str, &str, &str, &[(String, u64)]) {
    move |name, kind, help, samples| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(out, "{name}{labels} {value}");
        }
    }
}

fn write_times(out: &mut String, times: &ResponseTimeCounts) {
    let name = "hookcli_response_seconds";
    let _ = writeln!(
        out,
        "# HELP {name} How long responses took.\n# TYPE {name} histogram"
    );
    for (bound, count) in &times.up_to {
        let bound = bound.map_or("+Inf".to_owned(), |bound| bound.as_secs_f64().to_string());
        let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {count}");
    }
    let count = times.up_to.last().map_or(0, |(_, count)| *count);
    let total = times.total.as_secs_f64();
    let _ = writeln!(out, "{name}_sum {total}\n{name}_count {count}");
}

/// A label's value.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

impl Inspector {
    fn live(&self) -> Result<&LiveListener, ApiError> {
        let live = self.options.live.as_ref();
        live.ok_or_else(|| ApiError::not_found("no listener runs here: start it with listen --ui"))
    }
}

//! What a run comes to, as documents.

use serde::Serialize;

use super::case::{Area, Case, Severity};
use super::judge::Status;
use crate::model::RemoteText;

/// What became of one case of `check`.
#[derive(Clone, Debug, Serialize)]
pub struct CheckCaseReport {
    /// Stable, with its area: `authenticity.wrong_secret`.
    pub name: String,
    pub area: Area,
    pub severity: Severity,
    pub status: Status,
    /// It fails, and the baseline knows.
    pub known: bool,
    /// It makes the run fail.
    #[serde(skip)]
    pub fails: bool,
    /// Why a right receiver meets it.
    pub reason: String,
    pub source: Option<String>,
    /// What was seen.
    pub observed: RemoteText,
    /// The command that sends the same again.
    pub command: String,
    pub responses: Vec<CheckAnswer>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CheckAnswer {
    pub status: Option<u16>,
    /// The stable code of why there is none.
    pub error: Option<String>,
    pub duration_ms: f64,
}

/// What a run of `check` comes to.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    pub provider: String,
    pub url: String,
    /// No must failed that no baseline knows (with `--fail-on should`: nor a should).
    pub ok: bool,
    pub passed: usize,
    pub failed: usize,
    pub warned: usize,
    pub ambiguous: usize,
    pub skipped: usize,
    /// Of those that failed or warned, how many the baseline knows.
    pub known: usize,
    pub findings: Vec<CheckFinding>,
    pub duration_ms: u64,
    #[serde(skip)]
    pub cases: Vec<CheckCaseReport>,
}

/// One fault that explains several cases.
#[derive(Clone, Debug, Serialize)]
pub struct CheckFinding {
    pub name: String,
    pub message: RemoteText,
    pub fix: Option<String>,
    pub cases: Vec<String>,
}

impl CheckCaseReport {
    /// A case of which nothing is known but what `command` sends it.
    pub fn of(case: &Case, status: Status, command: String) -> Self {
        Self {
            name: case.full_name(),
            area: case.area,
            severity: case.severity,
            status,
            known: false,
            fails: false,
            reason: case.reason.clone(),
            source: case.source.clone(),
            observed: String::new().into(),
            command,
            responses: Vec::new(),
        }
    }
}

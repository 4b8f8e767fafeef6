//! What a run comes to, as documents.

use serde::Serialize;

use super::case::{Area, Case, Severity};
use super::judge::Status;
use crate::model::RemoteText;

/// What became of one case of `check`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckCaseReport {
    /// A stable name with its area, for example `authenticity.wrong_secret`.
    pub name: String,
    /// The area.
    pub area: Area,
    /// How much the case matters.
    pub severity: Severity,
    /// The result.
    pub status: Status,
    /// It fails, and the baseline lists it.
    pub known: bool,
    /// It makes the run fail.
    #[serde(skip)]
    pub fails: bool,
    /// Why a correct receiver passes it.
    pub reason: String,
    /// The document that requires it.
    pub source: Option<String>,
    /// What happened.
    pub observed: RemoteText,
    /// The finding that explains this case and others.
    pub explained_by: Option<String>,
    /// A command that sends the same request.
    pub command: String,
    /// The responses.
    pub responses: Vec<CheckResponse>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckResponse {
    /// The status, null if there was no response.
    pub status: Option<u16>,
    /// Why there was no response.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: f64,
}

/// What a run of `check` comes to.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckReport {
    /// The provider.
    pub provider: String,
    /// The receiver's URL, redacted.
    pub url: String,
    /// No case failed, except known ones.
    pub ok: bool,
    /// Cases passed.
    pub passed: usize,
    /// Cases failed.
    pub failed: usize,
    /// Cases with a warning.
    pub warned: usize,
    /// Cases whose response was lost.
    pub ambiguous: usize,
    /// Cases not run.
    pub skipped: usize,
    /// Failures that the baseline lists.
    pub known: usize,
    /// Effects were counted, with `--probe` or `--probe-url`: else only responses say how an event was handled.
    pub effects_counted: bool,
    /// Faults that explain failed cases.
    pub findings: Vec<CheckFinding>,
    /// How long it took.
    pub duration_ms: u64,
    #[serde(skip)]
    pub cases: Vec<CheckCaseReport>,
}

/// One fault that explains several cases.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckFinding {
    /// A stable name.
    pub name: String,
    /// What is wrong.
    pub message: RemoteText,
    /// What to do.
    pub fix: Option<String>,
    /// The cases it explains.
    pub cases: Vec<String>,
}

impl CheckFinding {
    /// The case that shows it first, where it explains several.
    pub fn example<'r>(&self, report: &'r CheckReport) -> Option<&'r CheckCaseReport> {
        let mut cases = report.cases.iter();
        cases.find(|case| case.explained_by.as_ref() == Some(&self.name))
    }
}

impl CheckReport {
    /// The findings that explain several cases and make the run fail, each with the case that shows it first. Where no
    /// case fails and the run does, the first finding says why.
    pub fn failing_findings(&self) -> Vec<(&CheckFinding, &CheckCaseReport)> {
        let none_fails = !self.ok && !self.cases.iter().any(|case| case.fails);
        let findings = self.findings.iter().enumerate();
        let failing = findings.filter_map(|(place, finding)| {
            let example = finding.example(self)?;
            let mut cases = self.cases.iter();
            let fails = (none_fails && place == 0)
                || cases
                    .any(|case| case.fails && case.explained_by.as_ref() == Some(&finding.name));
            fails.then_some((finding, example))
        });
        failing.collect()
    }
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
            explained_by: None,
            command,
            responses: Vec::new(),
        }
    }
}

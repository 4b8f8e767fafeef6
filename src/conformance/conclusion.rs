//! What a run comes to.

use super::baseline::Baseline;
use super::case::{Area, Case, Severity};
use super::findings::{Finding, findings};
use super::judge::{ReceiverResponse, Seen, Status};
use super::report::{CheckCaseReport, CheckFinding, CheckReport, CheckResponse};
use super::runner::RunOutcome;
use super::suite::Suite;
use crate::catalog::Provider;
use crate::model::{Secret, redact_occurrences};

/// What a run is concluded by, besides its answers.
pub struct ConclusionRules<'r> {
    pub provider: &'r Provider,
    pub suite: &'r Suite,
    /// Redacted wherever the receiver echoes them.
    pub secrets: &'r [Secret],
    /// The receiver's URL, redacted.
    pub url: String,
    pub baseline: Option<&'r Baseline>,
    /// A case that should hold, and does not, makes the run fail, too.
    pub fails_on_should: bool,
    /// The command that sends a case again.
    pub command: &'r dyn Fn(&Case) -> String,
}

/// What a run comes to, and why it may prove nothing.
pub struct Conclusion {
    pub report: CheckReport,
    /// The first ordinary delivery got no answer.
    pub is_unanswered: bool,
    /// Most cases were asked: what fails now can be called known.
    pub is_whole: bool,
    /// Why the run proves nothing, whatever its cases say.
    pub why_unproven: Option<String>,
    /// How many cases are not met and do not fail the run.
    pub forgiven: usize,
    /// Names in the baseline that are not cases.
    pub unknown_cases: Vec<String>,
    /// Cases of the baseline that pass.
    pub fixed: Vec<String>,
}

impl Conclusion {
    pub fn new(outcome: &RunOutcome, rules: &ConclusionRules<'_>) -> Self {
        let mut cases: Vec<_> = outcome.seen.iter().map(|seen| rules.case(seen)).collect();
        let is_unanswered = outcome
            .ordinary
            .as_ref()
            .is_none_or(|answer| answer.result.is_err());
        let why_unproven = rules.why_unproven(outcome, &mut cases);
        let why_unproven = why_unproven.map(|why| rules.redacted(&why));
        let ok = why_unproven.is_none() && !is_unanswered && !cases.iter().any(|case| case.fails);
        let is_whole = outcome.gone_since.is_none()
            && !outcome.is_interrupted
            && cases
                .iter()
                .any(|case| case.area != Area::Reachable && case.status != Status::Skip);
        let report = rules.report(outcome, cases, ok);
        let baseline = rules.baseline.into_iter().flat_map(Baseline::names);
        let suite = &rules.suite.cases;
        let unknown_cases =
            baseline.filter(|name| !suite.iter().any(|case| case.full_name() == **name));
        let fixed = report.cases.iter().filter(|case| {
            let mut baseline = rules.baseline.into_iter();
            case.status == Status::Pass && baseline.any(|baseline| baseline.knows(&case.name))
        });
        Self {
            is_unanswered,
            is_whole,
            why_unproven,
            forgiven: report
                .cases
                .iter()
                .filter(|case| case.status == Status::Warn && case.severity >= Severity::Should)
                .count(),
            unknown_cases: unknown_cases.map(str::to_owned).collect(),
            fixed: fixed.map(|case| case.name.clone()).collect(),
            report,
        }
    }
}

impl ConclusionRules<'_> {
    /// A receiver's text without the secrets that it may echo.
    fn redacted(&self, text: &str) -> String {
        let redacted = redact_occurrences(text.as_bytes(), self.secrets);
        String::from_utf8_lossy(&redacted).into_owned()
    }

    fn case(&self, seen: &Seen) -> CheckCaseReport {
        let case = &seen.case;
        let status = match seen.judged.status {
            Status::Warn if self.fails_on_should && case.severity >= Severity::Should => {
                Status::Fail
            }
            status => status,
        };
        let is_unmet = matches!(status, Status::Fail | Status::Warn);
        let known = is_unmet
            && self
                .baseline
                .is_some_and(|baseline| baseline.knows(&case.full_name()));
        let fails = match status {
            Status::Fail => !known,
            Status::Ambiguous => true,
            _ => false,
        };
        let shown = seen
            .observation
            .answers
            .iter()
            .take(case.recipe.deliveries());
        CheckCaseReport {
            known,
            fails,
            observed: self.redacted(&seen.judged.why).into(),
            responses: shown.map(CheckResponse::of).collect(),
            ..CheckCaseReport::of(case, status, (self.command)(case))
        }
    }

    fn report(
        &self,
        outcome: &RunOutcome,
        mut cases: Vec<CheckCaseReport>,
        ok: bool,
    ) -> CheckReport {
        let facts: Vec<_> = outcome
            .seen
            .iter()
            .map(|seen| (&seen.case, &seen.judged, &seen.observation))
            .collect();
        let findings = findings(&facts, self.provider, outcome.gone_since.as_deref());
        for case in &mut cases {
            let explains =
                |finding: &&Finding| finding.cases.len() > 1 && finding.cases.contains(&case.name);
            let explained_by = findings.iter().find(explains);
            case.explained_by = explained_by.map(|finding| finding.name.clone());
        }
        let count = |status: Status| cases.iter().filter(|case| case.status == status).count();
        CheckReport {
            provider: self.provider.name.clone(),
            url: self.url.clone(),
            ok,
            passed: count(Status::Pass),
            failed: count(Status::Fail),
            warned: count(Status::Warn),
            ambiguous: count(Status::Ambiguous),
            skipped: count(Status::Skip),
            known: cases.iter().filter(|case| case.known).count(),
            effects_counted: outcome.counts_effects,
            findings: findings
                .into_iter()
                .map(|finding| CheckFinding {
                    name: finding.name,
                    message: self.redacted(&finding.message).into(),
                    fix: finding.fix,
                    cases: finding.cases,
                })
                .collect(),
            duration_ms: u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX),
            cases,
        }
    }

    /// What keeps a run from proving anything, whatever its cases say: no ordinary delivery is accepted and
    /// no baseline knows it, the receiver died on the way, the probe failed. A receiver that refuses the ordinary
    /// event fails that case, however sure its facts are.
    fn why_unproven(&self, outcome: &RunOutcome, cases: &mut [CheckCaseReport]) -> Option<String> {
        if outcome.is_interrupted {
            return Some("it was interrupted".to_owned());
        }
        if let Some(since) = &outcome.gone_since {
            return Some(format!("the receiver stopped responding at {since}"));
        }
        if outcome.probe_failed {
            return Some("the probe failed".to_owned());
        }
        let Some(ordinary) = &outcome.ordinary else {
            return Some("no case was run".to_owned());
        };
        let accepts = |status| self.provider.delivery.is_success(status);
        if ordinary.status().is_some_and(accepts) {
            return None;
        }
        let base = format!("{}.{}", Area::Events.name(), self.suite.base.event);
        if let Some(case) = cases.iter_mut().find(|case| case.name == base) {
            if case.known {
                return None;
            }
            if case.status == Status::Warn {
                (case.status, case.fails) = (Status::Fail, true);
            }
        }
        Some(format!(
            "ordinary deliveries are not accepted: {}",
            ordinary.in_words()
        ))
    }
}

impl CheckResponse {
    fn of(answer: &ReceiverResponse) -> Self {
        Self {
            status: answer.status(),
            error: answer
                .result
                .as_ref()
                .err()
                .map(|error| error.code.to_owned()),
            duration_ms: answer.duration.as_micros() as f64 / 1000.0,
        }
    }
}

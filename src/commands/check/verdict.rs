//! What a run of `check` comes to: on the page, in the files for CI, in the exit code.

use std::collections::HashSet;

use super::baseline::write_baseline;
use super::{case_report, command_line};
use crate::catalog::Provider;
use crate::cli::CheckArgs;
use crate::cli::FailOn;
use crate::commands::Context;
use crate::commands::junit::{JunitCase, JunitOutcome, write_junit};
use crate::commands::target::Target;
use crate::conformance::{Answer, Area, Severity, Status, findings};
use crate::conformance::{RunOutcome, Seen, Suite};
use crate::exit::{Exit, Failure};
use crate::http::Resolved;
use crate::model::Secret;
use crate::model::mask_occurrences;
use crate::report::{
    Annotation, CheckAnswer, CheckCaseReport, CheckFinding, CheckReport, Note, Report,
};
use crate::view::redact;
use crate::view::redact::TokenNames;

/// A run that has ended, and all that is needed to say what it comes to.
pub struct Conclusion<'r> {
    pub context: &'r Context,
    pub args: &'r CheckArgs,
    pub target: &'r Target<'r>,
    pub resolved: &'r Resolved,
    pub provider: &'r Provider,
    pub suite: &'r Suite,
    pub secrets: &'r [Secret],
    pub outcome: RunOutcome,
    /// What is redacted in URLs.
    pub tokens: TokenNames,
}

impl Conclusion<'_> {
    /// A receiver's text without the secrets that it may echo.
    fn masked(&self, text: &str) -> String {
        let masked = mask_occurrences(text.as_bytes(), self.secrets);
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// The flags that each case's command ends with.
    fn place_and_secret(&self, old_secret: bool) -> Vec<String> {
        let mut words = Vec::new();
        let mut flag = |name: &str, value: &str| {
            words.push(name.to_owned());
            words.push(value.to_owned());
        };
        match &self.target.endpoint_name {
            Some(name) => flag("--to", name),
            None => flag(
                "--url",
                // Logs must not contain a token of the query.
                &redact::target(
                    self.target.place.url_without_credentials().as_str(),
                    &self.tokens,
                ),
            ),
        }
        let secrets = &self.args.secrets;
        if old_secret {
            if let Some(name) = &self.args.old_secret_env {
                flag("--secret-env", name);
            }
            if let Some(file) = &self.args.old_secret_file {
                flag("--secret-file", &file.display().to_string());
            }
        } else {
            for name in &secrets.secret_env {
                flag("--secret-env", name);
            }
            for file in &secrets.secret_file {
                flag("--secret-file", &file.display().to_string());
            }
        }
        if !old_secret && !secrets.secret.is_empty() {
            // A secret must not stand on a command line.
            flag("--secret-env", "HOOKCLI_SECRET");
        }
        for dir in &self.context.provider_dirs {
            flag("--provider-dir", &dir.display().to_string());
        }
        if let Some(file) = &self.context.config_file {
            flag("--config", &file.display().to_string());
        }
        let way = &self.args.way;
        for header in &way.headers {
            // What proves who one is has no place in a log.
            let is_secret = ["authorization", "cookie", "proxy-authorization"]
                .iter()
                .any(|name| header.name.eq_ignore_ascii_case(name));
            let value = if is_secret { "***" } else { &header.value };
            flag("-H", &format!("{}: {value}", header.name));
        }
        if let Some(file) = &way.cacert {
            flag("--cacert", &file.display().to_string());
        }
        words.extend(self.args.scheme.arguments());
        if way.insecure {
            words.push("--insecure".to_owned());
        }
        if way.allow_http {
            words.push("--allow-http".to_owned());
        }
        words
    }

    fn reports(&self, seen: &[Seen], baseline: Option<&HashSet<String>>) -> Vec<CheckCaseReport> {
        let is_far = !self.resolved.is_loopback();
        let one = |seen: &Seen| {
            let case = &seen.case;
            let mut more = self.place_and_secret(case.recipe.old_secret);
            if is_far && !case.recipe.faults.is_empty() {
                more.push("--yes".to_owned());
            }
            let unmet = matches!(seen.judged.status, Status::Fail | Status::Warn);
            let shown = seen.course.answers.iter().take(case.recipe.deliveries());
            CheckCaseReport {
                known: unmet
                    && baseline.is_some_and(|baseline| baseline.contains(&case.full_name())),
                why: self.masked(&seen.judged.why).into(),
                command: command_line(&case.recipe.arguments(), &more),
                answers: shown
                    .map(|answer| CheckAnswer {
                        status: answer.status(),
                        error: answer
                            .result
                            .as_ref()
                            .err()
                            .map(|error| error.code.to_owned()),
                        duration_ms: answer.duration.as_micros() as f64 / 1000.0,
                    })
                    .collect(),
                ..case_report(case, seen.judged.status)
            }
        };
        seen.iter().map(one).collect()
    }

    /// Says what the run comes to.
    pub fn conclude(&self, baseline: Option<&HashSet<String>>) -> Result<Exit, Failure> {
        let seen = &self.outcome.seen;
        let cases = self.reports(seen, baseline);
        let fails = |case: &CheckCaseReport| match (case.status, self.args.fail_on) {
            (Status::Fail, _) => !case.known,
            (Status::Ambiguous, _) => true,
            (Status::Warn, FailOn::Should) => case.severity >= Severity::Should && !case.known,
            _ => false,
        };
        let facts: Vec<_> = seen
            .iter()
            .map(|seen| (&seen.case, &seen.judged, &seen.course))
            .collect();
        let count = |status: Status| cases.iter().filter(|case| case.status == status).count();
        let unanswered = self
            .outcome
            .ordinary
            .as_ref()
            .is_none_or(|answer| answer.result.is_err());
        let is_incomplete = self.is_incomplete(&cases);
        let report = CheckReport {
            provider: self.provider.name.clone(),
            url: redact::target(&self.target.place.to_string(), &self.tokens),
            ok: !cases.iter().any(fails) && !unanswered && !is_incomplete,
            passed: count(Status::Pass),
            failed: count(Status::Fail),
            warned: count(Status::Warn),
            ambiguous: count(Status::Ambiguous),
            skipped: count(Status::Skip),
            known: cases.iter().filter(|case| case.known).count(),
            findings: findings(&facts, self.provider, self.outcome.gone_since.as_deref())
                .into_iter()
                .map(|finding| CheckFinding {
                    name: finding.name,
                    sentence: self.masked(&finding.sentence).into(),
                    advice: finding.advice,
                    cases: finding.cases,
                })
                .collect(),
            duration_ms: u64::try_from(self.outcome.took.as_millis()).unwrap_or(u64::MAX),
            cases,
        };
        for case in &report.cases {
            self.context
                .emit(&Report::CheckCase(Box::new(case.clone())))?;
        }
        self.annotate(&report);
        self.tell(&report, baseline);
        let ok = report.ok;
        self.context
            .emit(&Report::Check(Box::new(report.clone())))?;
        self.write_files(&report, fails)?;
        Ok(match (self.outcome.is_interrupted, unanswered, ok) {
            (true, ..) => Exit::Interrupted,
            (_, true, _) => Exit::NoAnswer,
            (_, _, true) => Exit::Done,
            _ => Exit::Negative,
        })
    }

    /// The files for CI, once the verdict is told: one that cannot be written takes nothing away.
    fn write_files(
        &self,
        report: &CheckReport,
        fails: impl Fn(&CheckCaseReport) -> bool,
    ) -> Result<(), Failure> {
        if let Some(file) = &self.args.junit {
            let mut cases = junit_cases(report, fails);
            cases.push(self.run_case(report, &cases));
            write_junit(file, &cases)?;
        }
        let Some(file) = &self.args.write_baseline else {
            return Ok(());
        };
        let is_whole = report
            .cases
            .iter()
            .any(|case| case.area != Area::Reachable && case.status != Status::Skip)
            && self.outcome.gone_since.is_none()
            && !self.outcome.is_interrupted;
        if is_whole {
            write_baseline(file, report)
        } else {
            self.context.ui.note(Note::warning(
                "no baseline was written: most cases were not asked",
            ));
            Ok(())
        }
    }

    /// The case of the run itself, for JUnit: it fails where the exit code is none of a case's.
    fn run_case(&self, report: &CheckReport, cases: &[JunitCase]) -> JunitCase {
        let is_said = cases.iter().any(|case| {
            matches!(
                case.outcome,
                JunitOutcome::Failed(_) | JunitOutcome::Error(_)
            )
        });
        JunitCase {
            class: "hookcli.check".to_owned(),
            name: "run".to_owned(),
            outcome: if report.ok || is_said {
                JunitOutcome::Passed
            } else {
                JunitOutcome::Failed(self.why_it_proves_nothing())
            },
        }
    }

    /// Why a run is not ok although no case failed.
    fn why_it_proves_nothing(&self) -> String {
        let why = if self.outcome.is_interrupted {
            "it was interrupted".to_owned()
        } else if let Some(since) = &self.outcome.gone_since {
            format!("nothing answered any more since {since}")
        } else if self.outcome.probe_failed {
            "the probe failed".to_owned()
        } else if let Some(answer) = &self.outcome.ordinary {
            format!("ordinary deliveries are not accepted: {}", answer.told())
        } else {
            "nothing was asked".to_owned()
        };
        self.masked(&why)
    }

    /// What keeps a run from proving anything, whatever its cases say: no ordinary delivery is accepted and
    /// no baseline knows it, the receiver died on the way, the probe failed.
    fn is_incomplete(&self, cases: &[CheckCaseReport]) -> bool {
        let base = format!("{}.{}", Area::Events.name(), self.suite.base.event);
        let is_known = cases.iter().any(|case| case.name == base && case.known);
        let ordinary = self.outcome.ordinary.as_ref().and_then(Answer::status);
        let accepted = ordinary.is_some_and(|status| self.provider.delivery.is_success(status));
        self.outcome.is_interrupted
            || self.outcome.gone_since.is_some()
            || self.outcome.probe_failed
            || !(accepted || is_known)
    }

    fn tell(&self, report: &CheckReport, baseline: Option<&HashSet<String>>) {
        let ui = &self.context.ui;
        if let Some(baseline) = baseline {
            let cases = &self.suite.cases;
            let strange: Vec<&str> = baseline
                .iter()
                .filter(|name| !cases.iter().any(|case| case.full_name() == **name))
                .map(String::as_str)
                .collect();
            if !strange.is_empty() {
                ui.note(Note::warning(format!(
                    "the baseline names what is no case: {}",
                    strange.join(", ")
                )));
            }
            let mended = report
                .cases
                .iter()
                .filter(|case| case.status == Status::Pass && baseline.contains(&case.name));
            let mended: Vec<&str> = mended.map(|case| case.name.as_str()).collect();
            if !mended.is_empty() {
                ui.note(Note::hint(format!(
                    "these pass now, and can go from the baseline: {}",
                    mended.join(", ")
                )));
            }
        }
        if let Some(since) = &self.outcome.gone_since {
            ui.note(Note::warning(format!(
                "nothing answered any more since {since}: what follows was not asked"
            )));
        }
        if !report.ok
            && report.failed + report.ambiguous == 0
            && self.outcome.gone_since.is_none()
            && !self.outcome.is_interrupted
        {
            ui.note(Note::error(self.why_it_proves_nothing()));
        }
        if !self.args.secrets.secret.is_empty() && report.failed + report.warned > 0 {
            ui.note(Note::hint(
                "the commands take the secret from HOOKCLI_SECRET: set it to the one of --secret",
            ));
        }
        let counts = report
            .cases
            .iter()
            .any(|case| case.area == Area::Idempotency);
        if !self.outcome.counts_effects && counts && report.ok {
            ui.note(Note::hint(
                "whether an event that comes again is done once shows with --probe -- COMMAND or --probe-url URL",
            ));
        }
    }

    /// Lines for the page of a run of GitHub Actions.
    fn annotate(&self, report: &CheckReport) {
        let environment = &self.context.settings.environment;
        if environment.text("GITHUB_ACTIONS").as_deref() != Some("true") {
            return;
        }
        for case in &report.cases {
            let unmet = matches!(case.status, Status::Fail | Status::Warn | Status::Ambiguous);
            if unmet && !case.known && case.severity > Severity::Info {
                self.context.ui.annotate(&Annotation {
                    is_error: case.status != Status::Warn,
                    title: format!("hookcli check: {}", case.name),
                    message: format!(
                        "{} ({}). Again: {}",
                        case.why.unescaped(),
                        case.reason,
                        case.command
                    )
                    .into(),
                });
            }
        }
    }
}

fn junit_cases(report: &CheckReport, fails: impl Fn(&CheckCaseReport) -> bool) -> Vec<JunitCase> {
    let cases = report.cases.iter();
    cases
        .map(|case| JunitCase {
            class: format!("hookcli.check.{}", case.area.name()),
            name: case.name.clone(),
            outcome: match case.status {
                Status::Fail | Status::Warn if fails(case) => JunitOutcome::Failed(format!(
                    "{}; {}. Again: {}",
                    case.why.unescaped(),
                    case.reason,
                    case.command
                )),
                Status::Fail => JunitOutcome::Skipped(format!(
                    "known in the baseline: {}",
                    case.why.unescaped()
                )),
                Status::Ambiguous => JunitOutcome::Error(format!(
                    "{}; {}. Again: {}",
                    case.why.unescaped(),
                    case.reason,
                    case.command
                )),
                Status::Skip => JunitOutcome::Skipped(case.why.unescaped().to_owned()),
                Status::Pass | Status::Warn => JunitOutcome::Passed,
            },
        })
        .collect()
}

//! What a run of `check` comes to: on the page, in the files for CI, in the exit code.

use crate::cli::CheckArgs;
use crate::conformance::{Area, Baseline, CheckReport, Conclusion, RunOutcome, Severity, Status};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::model::counted;
use crate::render::{JunitCase, JunitOutcome, check_junit_cases, finding_text, write_junit};
use crate::report::{Annotation, Note, Report};

/// Says what the run comes to.
pub fn tell(
    context: &Context,
    args: &CheckArgs,
    outcome: &RunOutcome,
    conclusion: &Conclusion,
) -> Result<Exit, Failure> {
    let report = &conclusion.report;
    for case in &report.cases {
        context.emit(&Report::CheckCase(Box::new(case.clone())))?;
    }
    annotate(context, report);
    report_baseline(context, conclusion);
    report_run(context, args, outcome, conclusion);
    context.emit(&Report::Check(Box::new(report.clone())))?;
    write_files(context, args, conclusion)?;
    Ok(match (outcome.is_interrupted, conclusion.is_unanswered) {
        (true, _) => Exit::Interrupted,
        (_, true) => Exit::NoResponse,
        _ if report.ok => Exit::Done,
        _ => Exit::Negative,
    })
}

/// Writes the files for CI after the verdict was printed: an error here does not hide it.
fn write_files(
    context: &Context,
    args: &CheckArgs,
    conclusion: &Conclusion,
) -> Result<(), Failure> {
    if let Some(file) = &args.junit {
        let mut cases = check_junit_cases(&conclusion.report);
        cases.push(run_case(conclusion, &cases));
        write_junit(file, &cases)?;
    }
    match &args.write_baseline {
        Some(file) if conclusion.is_whole => Ok(Baseline::write(file, &conclusion.report)?),
        Some(_) => {
            context.ui.note(Note::warning(
                "the baseline was not written, because most cases were not run",
            ));
            Ok(())
        }
        None => Ok(()),
    }
}

/// The case of the run itself, for JUnit: it fails where the exit code is none of a case's.
fn run_case(conclusion: &Conclusion, cases: &[JunitCase]) -> JunitCase {
    let is_said = cases.iter().any(|case| {
        matches!(
            case.outcome,
            JunitOutcome::Failed(_) | JunitOutcome::Error(_)
        )
    });
    let why = conclusion.why_unproven.as_ref().filter(|_| !is_said);
    JunitCase {
        class: "hookcli.check".to_owned(),
        name: "run".to_owned(),
        outcome: why.map_or(JunitOutcome::Passed, |why| {
            JunitOutcome::Failed(why.clone())
        }),
    }
}

fn report_baseline(context: &Context, conclusion: &Conclusion) {
    if !conclusion.unknown_cases.is_empty() {
        context.ui.note(Note::warning(format!(
            "the baseline names unknown cases: {}",
            conclusion.unknown_cases.join(", ")
        )));
    }
    if !conclusion.fixed.is_empty() {
        context.ui.note(Note::hint(format!(
            "these cases pass now and can be removed from the baseline: {}",
            conclusion.fixed.join(", ")
        )));
    }
}

fn report_run(context: &Context, args: &CheckArgs, outcome: &RunOutcome, conclusion: &Conclusion) {
    let (ui, report) = (&context.ui, &conclusion.report);
    if let Some(since) = &outcome.gone_since {
        ui.note(Note::warning(format!(
            "the receiver stopped responding at {since}; the remaining cases were not run"
        )));
    } else if let Some(why) = &conclusion.why_unproven
        && report.failed + report.ambiguous == 0
        && !outcome.is_interrupted
    {
        ui.note(Note::error(why.as_str()));
    }
    if let Some(text) = args.secrets.to_be_set()
        && report.failed + report.warned > 0
    {
        ui.note(Note::hint(text));
    }
    if conclusion.forgiven > 0 && report.ok {
        ui.note(Note::hint(format!(
            "{} with a warning: what is recommended, or rests on assumed facts of {}. Add --fail-on should to fail on them",
            counted(conclusion.forgiven as u64, "case"),
            report.provider
        )));
    }
    let counts = report
        .cases
        .iter()
        .any(|case| case.area == Area::Idempotency);
    if !outcome.counts_effects && counts && report.ok {
        ui.note(Note::hint(
            "to check that a repeated event is processed only once, add --probe -- COMMAND or --probe-url URL",
        ));
    }
}

/// Lines for the page of a run of GitHub Actions.
fn annotate(context: &Context, report: &CheckReport) {
    let environment = &context.settings.environment;
    if environment.text("GITHUB_ACTIONS").as_deref() != Some("true") {
        return;
    }
    let findings = report.failing_findings();
    for (finding, example) in &findings {
        context.ui.annotate(&Annotation {
            is_error: true,
            title: format!("hookcli check: {}", finding.name),
            message: finding_text(finding, example).into(),
        });
    }
    for case in &report.cases {
        let is_unmet = matches!(case.status, Status::Fail | Status::Warn | Status::Ambiguous);
        let mut findings = findings.iter();
        let is_told =
            findings.any(|(finding, _)| case.explained_by.as_ref() == Some(&finding.name));
        if is_unmet && !is_told && !case.known && case.severity > Severity::Info {
            context.ui.annotate(&Annotation {
                is_error: case.status != Status::Warn,
                title: format!("hookcli check: {}", case.name),
                message: format!(
                    "{} ({}). Again: {}",
                    case.observed.unescaped(),
                    case.reason,
                    case.command
                )
                .into(),
            });
        }
    }
}

//! JUnit XML, as CI systems read it.

use std::fmt::Write as _;
use std::path::Path;

use crate::conformance::{CheckCaseReport, CheckFinding, CheckReport, Status};
use crate::exit::Failure;
use crate::model::escape_markup;

/// One test case.
pub struct JunitCase {
    pub class: String,
    pub name: String,
    pub outcome: JunitOutcome,
}

pub enum JunitOutcome {
    Passed,
    Failed(String),
    /// Nothing was proven: the case itself could not be carried out to its end.
    Error(String),
    Skipped(String),
}

/// Writes a file that says that the run did not finish: whoever reads it later must not find that of an earlier
/// run. One that cannot be written is told at the end.
pub fn write_unfinished(file: &Path, class: &str) {
    let case = JunitCase {
        class: class.to_owned(),
        name: "run".to_owned(),
        outcome: JunitOutcome::Failed("the run did not finish".to_owned()),
    };
    let _ = write_junit(file, &[case]);
}

/// Writes the cases as one suite.
pub fn write_junit(file: &Path, cases: &[JunitCase]) -> Result<(), Failure> {
    let count =
        |fits: fn(&JunitOutcome) -> bool| cases.iter().filter(|case| fits(&case.outcome)).count();
    let failed = count(|outcome| matches!(outcome, JunitOutcome::Failed(_)));
    let skipped = count(|outcome| matches!(outcome, JunitOutcome::Skipped(_)));
    let errors = match count(|outcome| matches!(outcome, JunitOutcome::Error(_))) {
        0 => String::new(),
        count => format!(" errors=\"{count}\""),
    };
    let skipped = match skipped {
        0 => String::new(),
        count => format!(" skipped=\"{count}\""),
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"hookcli\" tests=\"{}\" failures=\"{failed}\"{errors}{skipped}>\n",
        cases.len()
    );
    for case in cases {
        let head = format!(
            "  <testcase classname=\"{}\" name=\"{}\"",
            escape_markup(&case.class),
            escape_markup(&case.name)
        );
        let _ = match &case.outcome {
            JunitOutcome::Passed => writeln!(out, "{head}/>"),
            JunitOutcome::Failed(why) => writeln!(
                out,
                "{head}><failure message=\"{}\"/></testcase>",
                escape_markup(why)
            ),
            JunitOutcome::Error(why) => writeln!(
                out,
                "{head}><error message=\"{}\"/></testcase>",
                escape_markup(why)
            ),
            JunitOutcome::Skipped(why) => writeln!(
                out,
                "{head}><skipped message=\"{}\"/></testcase>",
                escape_markup(why)
            ),
        };
    }
    out.push_str("</testsuite>\n");
    std::fs::write(file, out)
        .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))
}

/// A case of the file for each finding that makes a check fail and explains several cases, and for each case of the check.
pub fn check_junit_cases(report: &CheckReport) -> Vec<JunitCase> {
    let findings = report.failing_findings();
    let is_told = |case: &CheckCaseReport| {
        let mut findings = findings.iter();
        findings.any(|(finding, _)| case.explained_by.as_ref() == Some(&finding.name))
    };
    let told = findings.iter().map(|(finding, example)| JunitCase {
        class: "hookcli.check.findings".to_owned(),
        name: finding.name.clone(),
        outcome: JunitOutcome::Failed(finding_text(finding, example)),
    });
    let cases = report.cases.iter().map(|case| {
        let why = case.observed.unescaped();
        let outcome = match (&case.explained_by, case.status) {
            (Some(finding), Status::Ambiguous | Status::Fail | Status::Warn) if is_told(case) => {
                JunitOutcome::Skipped(format!("explained by {finding}: {why}"))
            }
            _ => case_outcome(case),
        };
        JunitCase {
            class: format!("hookcli.check.{}", case.area.name()),
            name: case.name.clone(),
            outcome,
        }
    });
    told.chain(cases).collect()
}

/// What a finding says where there is one line for it.
pub fn finding_text(finding: &CheckFinding, example: &CheckCaseReport) -> String {
    let fix = finding.fix.as_ref();
    let fix = fix.map_or_else(String::new, |fix| format!(". Fix: {fix}"));
    format!(
        "{}{fix}. Explains {}. Again: {}",
        finding.message.unescaped(),
        finding.cases.join(", "),
        example.command
    )
}

fn case_outcome(case: &CheckCaseReport) -> JunitOutcome {
    let why = case.observed.unescaped();
    let told = || format!("{why}; {}. Again: {}", case.reason, case.command);
    match case.status {
        Status::Ambiguous => JunitOutcome::Error(told()),
        Status::Fail | Status::Warn if case.fails => JunitOutcome::Failed(told()),
        Status::Fail => JunitOutcome::Skipped(format!("known in the baseline: {why}")),
        Status::Skip => JunitOutcome::Skipped(why.to_owned()),
        Status::Pass | Status::Warn => JunitOutcome::Passed,
    }
}

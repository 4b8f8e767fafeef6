//! The cases that are known to fail: a file of names.

use std::collections::HashSet;
use std::path::Path;

use crate::conformance::{Severity, Status};
use crate::exit::Failure;
use crate::report::CheckReport;

const LARGEST_BASELINE: u64 = 1 << 20;

/// The cases' full names, one a line; `#` begins a comment.
pub fn read_baseline(file: &Path) -> Result<HashSet<String>, Failure> {
    use std::io::Read as _;
    let told = |why: String| {
        Failure::usage(format!("{}: {why}", file.display()))
            .hint("--write-baseline FILE writes one")
    };
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|opened| opened.take(LARGEST_BASELINE + 1).read_to_string(&mut text))
        .map_err(|error| told(error.to_string()))?;
    if text.len() as u64 > LARGEST_BASELINE {
        return Err(told("it is no baseline: it is too large".to_owned()));
    }
    let lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

/// Writes the names of what fails or warns now.
pub fn write_baseline(file: &Path, report: &CheckReport) -> Result<(), Failure> {
    let mut text = format!(
        "# What {}'s receiver is known to fail, for `hookcli check --baseline`.\n",
        report.provider
    );
    for case in &report.cases {
        if matches!(case.status, Status::Fail | Status::Warn) && case.severity > Severity::Info {
            text.push_str(&case.name);
            text.push('\n');
        }
    }
    std::fs::write(file, text)
        .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))
}

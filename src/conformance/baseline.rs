//! The cases that are known to fail: a file of names.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::case::Severity;
use super::judge::Status;
use super::report::CheckReport;

const LARGEST_BYTES: u64 = 1 << 20;

/// Full names of cases.
pub struct Baseline(HashSet<String>);

/// A baseline that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("{}: {source}", .file.display())]
    NotRead {
        file: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is too large to be a baseline file", .0.display())]
    TooLarge(PathBuf),
    #[error("{}: {source}", .file.display())]
    NotWritten {
        file: PathBuf,
        source: std::io::Error,
    },
}

impl Baseline {
    /// The cases' full names, one a line; `#` begins a comment.
    pub fn read(file: &Path) -> Result<Self, BaselineError> {
        let mut text = String::new();
        std::fs::File::open(file)
            .and_then(|opened| opened.take(LARGEST_BYTES + 1).read_to_string(&mut text))
            .map_err(|source| BaselineError::NotRead {
                file: file.to_owned(),
                source,
            })?;
        if text.len() as u64 > LARGEST_BYTES {
            return Err(BaselineError::TooLarge(file.to_owned()));
        }
        let lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim());
        let names = lines.filter(|line| !line.is_empty()).map(str::to_owned);
        Ok(Self(names.collect()))
    }

    /// Writes the names of what fails or warns now.
    pub fn write(file: &Path, report: &CheckReport) -> Result<(), BaselineError> {
        let mut text = format!(
            "# Known failures of {}'s receiver, for `hookcli check --baseline`.\n",
            report.provider
        );
        for case in &report.cases {
            if matches!(case.status, Status::Fail | Status::Warn) && case.severity > Severity::Info
            {
                text.push_str(&case.name);
                text.push('\n');
            }
        }
        std::fs::write(file, text).map_err(|source| BaselineError::NotWritten {
            file: file.to_owned(),
            source,
        })
    }

    pub fn knows(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

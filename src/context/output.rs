//! Where an export goes: standard output as it comes, or a file as a whole.

use std::io::Write as _;
use std::path::Path;

use super::Context;
use super::working::Working;
use crate::exit::Failure;
use crate::render::PrivateFile;
use crate::report::{Bytes, Report};

pub enum ExportOutput<'o> {
    Standard {
        context: &'o Context,
        /// The bytes may control a terminal.
        is_safe: bool,
    },
    File {
        context: &'o Context,
        path: &'o Path,
        file: PrivateFile,
    },
}

impl<'o> ExportOutput<'o> {
    /// A link is followed only where it `may_follow`: someone else may have laid it.
    pub fn open(
        context: &'o Context,
        file: Option<&'o Path>,
        may_follow: bool,
        is_safe: bool,
    ) -> Result<Self, Failure> {
        Ok(match file {
            None => Self::Standard { context, is_safe },
            Some(path) => {
                let file = PrivateFile::create(path, may_follow);
                Self::File {
                    context,
                    path,
                    file: file.map_err(|error| failed(path, &error))?,
                }
            }
        })
    }

    pub fn write(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        match self {
            _ if bytes.is_empty() => Ok(()),
            Self::Standard { context, is_safe } => context.emit(&Report::Bytes(Bytes {
                bytes,
                safe: *is_safe,
            })),
            Self::File { path, file, .. } => {
                file.write_all(&bytes).map_err(|error| failed(path, &error))
            }
        }
    }

    /// Says how far it is, where it goes to a file: what is written to standard output shows that itself.
    pub fn working(&self, what: &'static str) -> Option<Working> {
        match self {
            Self::Standard { .. } => None,
            Self::File { context, .. } => Some(Working::new(&context.ui, what)),
        }
    }

    /// A file takes its place now.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Standard { .. } => Ok(()),
            Self::File { path, file, .. } => file.finish().map_err(|error| failed(path, &error)),
        }
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::machine(format!("{}: {error}", path.display()))
}

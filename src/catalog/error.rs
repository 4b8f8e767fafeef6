//! What is wrong with a provider's folder: which file, which line, what was expected.

/// A folder that cannot be used. Cheap to clone: it is kept beside the providers that can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", .line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct CatalogError {
    pub file: String,
    /// Counted from one; none where the error is about the file as a whole.
    pub line: Option<usize>,
    /// What is wrong and what was expected.
    pub message: String,
}

impl CatalogError {
    pub(super) fn at(file: String, text: &str, offset: Option<usize>, message: String) -> Self {
        let line = offset.map(|offset| {
            text.as_bytes()[..offset.min(text.len())]
                .iter()
                .filter(|&&b| b == b'\n')
                .count()
                + 1
        });
        Self {
            file,
            line,
            message,
        }
    }
}

//! What is wrong with a provider's folder: which file, which line, what was expected; and why a name was not found.

/// A folder that cannot be used. Cheap to clone: it is kept beside the providers that can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", .line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct CatalogError {
    pub file: String,
    /// Counted from one; none where the error is about the file as a whole.
    pub line: Option<usize>,
    /// What is wrong and what was expected.
    pub message: String,
    /// Someone who trusts the folder may have it do that.
    pub lacks_trust: bool,
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
            lacks_trust: false,
        }
    }
}

/// Why a name leads to no one event.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    #[error("unknown provider `{name}`{}", suggestion(.nearest))]
    UnknownProvider { name: String, nearest: Vec<String> },
    #[error("unknown event `{name}`{}", suggestion(.nearest))]
    UnknownEvent { name: String, nearest: Vec<String> },
    #[error("`{name}` is an event of several providers: {}", .candidates.join(", "))]
    Ambiguous {
        name: String,
        candidates: Vec<String>,
    },
    #[error("`{name}` has no variant `{variant}`; it has {}", if .variants.is_empty() { "none".to_owned() } else { .variants.join(", ") })]
    UnknownVariant {
        name: String,
        variant: String,
        variants: Vec<String>,
    },
    #[error("the provider cannot be loaded: {0}")]
    Broken(CatalogError),
}

fn suggestion(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        several => format!("; did you mean one of {}?", several.join(", ")),
    }
}

pub(super) fn unknown_provider<'n>(
    name: &str,
    known: impl Iterator<Item = &'n str>,
) -> LookupError {
    LookupError::UnknownProvider {
        name: name.to_owned(),
        nearest: nearest(name, known.map(str::to_owned)),
    }
}

/// The up to three closest of `known`, closest first.
pub(super) fn nearest(name: &str, known: impl Iterator<Item = String>) -> Vec<String> {
    let bare = |candidate: &str| {
        candidate
            .split_once('/')
            .map_or(candidate.to_owned(), |(_, event)| event.to_owned())
    };
    let mut scored: Vec<(f64, String)> = known
        .map(|candidate| {
            let whole = strsim::jaro_winkler(name, &candidate);
            let event = if name.contains('/') {
                0.0
            } else {
                strsim::jaro_winkler(name, &bare(&candidate))
            };
            (whole.max(event), candidate)
        })
        .filter(|(score, _)| *score > 0.84)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored
        .into_iter()
        .filter(|(score, _)| *score > best - 0.06)
        .take(3)
        .map(|(_, name)| name)
        .collect()
}

//! What a user names: the newest, one by the beginning of its id, or by its last six characters.

use super::StoreError;
use crate::model::{Id, IdKind, Reference};

pub(super) fn noun(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Capture => "capture",
        IdKind::Delivery => "delivery",
    }
}

fn missing(kind: IdKind, which: &Reference, hint: &'static str) -> StoreError {
    StoreError::NotFound {
        what: noun(kind),
        which: which.to_string(),
        hint,
    }
}

/// There is none of that id.
pub(super) fn no_such(id: Id) -> StoreError {
    StoreError::NotFound {
        what: noun(id.kind),
        which: id.to_string(),
        hint: "",
    }
}

/// The newest but so many, where the store found one.
pub(super) fn newest_of(
    kind: IdKind,
    which: &Reference,
    back: i64,
    found: Option<String>,
) -> Result<Id, StoreError> {
    let found = found.ok_or_else(|| match back {
        0 => StoreError::Empty(noun(kind)),
        _ => missing(kind, which, ": the store does not contain that many"),
    })?;
    Id::from_ulid_text(kind, &found).ok_or_else(|| missing(kind, which, ""))
}

/// The only one that a part of an id fits.
pub(super) fn only_of(
    kind: IdKind,
    which: &Reference,
    part: &str,
    found: &[String],
) -> Result<Id, StoreError> {
    match found {
        [one] => Id::from_ulid_text(kind, one).ok_or_else(|| missing(kind, which, "")),
        [] => Err(missing(kind, which, "")),
        several => Err(StoreError::Ambiguous {
            which: part.to_owned(),
            candidates: several
                .iter()
                .map(|id| format!("{}{id}", kind.prefix()))
                .collect(),
        }),
    }
}

//! Why something cannot be done, and what is refused.

use super::input::Fault;
use crate::catalog::ErrorKind;
use crate::store::StoreError;

/// No name of a client is longer, in bytes: an id, an event type, a scope.
const LONGEST_NAME: usize = 256;

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// What the provider would say.
    #[error("{}", .0.message)]
    Fault(Fault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Fault> for EmulatorError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

pub(super) fn refused(kind: ErrorKind, why: impl Into<String>) -> EmulatorError {
    EmulatorError::Fault(Fault::new(kind, why))
}

/// There is no such thing.
pub(super) fn not_found(what: &str, id: &str) -> EmulatorError {
    let mut fault = Fault::new(ErrorKind::NotFound, format!("there is no {what} {id}"));
    fault.value = Some(id.to_owned());
    EmulatorError::Fault(fault)
}

/// A name that a client gives: it is not empty, not too long, and of printable characters.
///
/// # Errors
/// It cannot be used.
pub(super) fn bounded<'n>(what: &str, name: &'n str) -> Result<&'n str, EmulatorError> {
    let why = match name {
        "" => "is empty".to_owned(),
        name if name.len() > LONGEST_NAME => format!("is longer than {LONGEST_NAME} bytes"),
        name if name.contains(char::is_control) => "has control characters".to_owned(),
        name => return Ok(name),
    };
    Err(refused(ErrorKind::Invalid, format!("the {what} {why}")))
}

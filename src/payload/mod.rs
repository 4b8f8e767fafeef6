//! JSON as text. A payload is never parsed and written again: it is looked into, and byte ranges of it are
//! replaced, so that key order, spacing, numbers and escapes stay what they were.

mod condition;
mod decimal;
mod document;
mod edit;
mod form;
mod path;
mod pretty;
mod refresh;
mod restyle;
mod style;

pub use condition::Condition;
pub use document::{Document, Kind, NotJson, Value};
pub use edit::{Edit, EditError, EditTextError, apply, read_edits, splice};
pub use form::{apply_to_form, in_form_field, is_form};
pub use path::{Path, PathError};
pub use pretty::pretty;
pub use refresh::{IdFormat, IdPart, TimestampFormat, fresh_id, fresh_timestamp, read_timestamp};
pub use restyle::Restyler;
pub use style::{Escapes, Layout, Order, Serializer, Style};

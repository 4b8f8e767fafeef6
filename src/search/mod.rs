//! The query language: which captures or deliveries are wanted. A text becomes a tree of conditions; the store
//! translates it, and a listener holds a request against it.

mod parse;
mod pattern;
mod query;
mod selector;
mod subject;
mod terms;

pub use parse::{FIELDS, QueryError, Scope, event_query, is_term, parse, parse_events};
pub use pattern::{EventPattern, Pattern};
pub use query::Query;
pub use selector::EventSelector;
pub use subject::Subject;
pub use terms::{NumberRange, RequestTerm, TextFinder};

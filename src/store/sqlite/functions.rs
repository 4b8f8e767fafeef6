//! Functions for queries that SQL has none for: what is in a request's headers and body.

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::search::{RequestTerm, TextFinder};

/// Adds `text_in(text, path, headers, body)`, `header_fits(term, headers)` and `body_fits(term, body)`. Their first argument is the
/// same for all rows, so what is made of it is kept for the statement.
pub(super) fn add_to(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("text_in", 4, flags, |context| {
        let finder: Arc<TextFinder> =
            context.get_or_create_aux(0, |text| text.as_str().map(TextFinder::new))?;
        Ok((1..4).any(|index| finder.is_in(bytes(context, index))))
    })?;
    connection.create_scalar_function("header_fits", 2, flags, |context| {
        let term = term(context)?;
        let lines = bytes(context, 1).split(|byte| *byte == b'\n');
        Ok(term.fits_headers(lines.filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = std::str::from_utf8(&line[..colon]).ok()?;
            Some((name, line.get(colon + 2..)?))
        })))
    })?;
    connection.create_scalar_function("body_fits", 2, flags, |context| {
        Ok(term(context)?.fits_body(bytes(context, 1)))
    })
}

fn term(context: &Context<'_>) -> rusqlite::Result<Arc<RequestTerm>> {
    context.get_or_create_aux(
        0,
        |text| -> Result<RequestTerm, Box<dyn std::error::Error + Send + Sync>> {
            Ok(text.as_str()?.parse()?)
        },
    )
}

fn bytes<'c>(context: &'c Context<'_>, index: usize) -> &'c [u8] {
    match context.get_raw(index) {
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes,
        _ => &[],
    }
}

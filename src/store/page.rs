//! Long lists, one page at a time.

use std::collections::VecDeque;

use futures_util::stream::{self, Stream};

use super::StoreError;

/// How many rows a page has where a list is read to its end.
const PAGE_ROWS: usize = 200;

/// The position at which a list, or the stream of events, continues. Its content is private to the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub(super) String);

/// No cursor is longer.
const LONGEST_CURSOR: usize = 100;

impl Cursor {
    /// As a client keeps it.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// What a client has kept; none where the text cannot be a cursor.
    pub fn from_text(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_cursor =
            !text.is_empty() && text.len() <= LONGEST_CURSOR && text.bytes().all(is_plain);
        is_cursor.then(|| Self(text.to_owned()))
    }
}

/// By the time at which a request came, or a delivery began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    NewestFirst,
    OldestFirst,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    pub order: Order,
    /// After the row that this names.
    pub after: Option<Cursor>,
    /// How many rows at most.
    pub limit: usize,
}

impl PageRequest {
    /// The newest, so many at most.
    pub fn newest(limit: usize) -> Self {
        Self {
            order: Order::NewestFirst,
            after: None,
            limit,
        }
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// The position of the next page; `None` at the end. A page of a query that reads requests may have few rows, or
    /// none, before the end.
    pub next: Option<Cursor>,
    /// How many rows were searched for it, where headers or bodies had to be read.
    pub searched: usize,
}

impl<T> Page<T> {
    /// The same page of something else.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(each).collect(),
            next: self.next,
            searched: self.searched,
        }
    }
}

/// All rows of a list, `most` at most, of which a page at a time is in memory.
pub fn rows<T>(
    order: Order,
    most: Option<usize>,
    read: impl AsyncFn(PageRequest) -> Result<Page<T>, StoreError>,
) -> impl Stream<Item = Result<T, StoreError>> {
    let first = PageRequest {
        order,
        after: None,
        limit: PAGE_ROWS,
    };
    let left = most.unwrap_or(usize::MAX);
    let state = (Some(first), VecDeque::new(), left, read);
    stream::try_unfold(state, move |(mut next, mut page, left, read)| async move {
        while page.is_empty() {
            let Some(request) = next.take().filter(|_| left > 0) else {
                return Ok(None);
            };
            let limit = request.limit.min(left);
            let found = read(PageRequest { limit, ..request }).await?;
            page = found.rows.into();
            next = found.next.map(|after| PageRequest {
                order,
                after: Some(after),
                limit: PAGE_ROWS,
            });
        }
        let row = page.pop_front();
        Ok(row.map(|row| (row, (next, page, left - 1, read))))
    })
}

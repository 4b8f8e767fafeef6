//! What a writer remembers from one transaction to the next, as long as no one else writes.

use std::collections::HashMap;

use rusqlite::{Transaction, params};

use super::commits::Commits;
use super::order::{RowIdAllocator, others_version};
use crate::model::{Id, RemoteText, bounded_name};

/// Distinct (provider, event, verdict, endpoint) that are remembered; senders choose events' names.
const KNOWN_KINDS: usize = 4096;

/// What is remembered.
pub(super) struct Known {
    pub kinds: Kinds,
    pub captures: RowIdAllocator,
    pub commits: Commits,
    /// Captures that stand in the log alone, as far as is known.
    pub unsaved: Vec<Id>,
}

impl Known {
    pub(super) fn new(workspace: String) -> Self {
        Self {
            kinds: Kinds::new(workspace),
            captures: RowIdAllocator::new("capture"),
            commits: Commits::default(),
            unsaved: Vec::new(),
        }
    }

    /// Begins with a transaction: what was known before it holds on unless someone else has written since.
    pub(super) fn go_on(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let version = others_version(transaction)?;
        self.captures.go_on(version);
        self.kinds.go_on(version);
        self.commits.go_on(version);
        Ok(())
    }

    /// What was done in a transaction came to nothing, or rows were removed.
    pub(super) fn forget(&mut self) {
        self.kinds.forget();
        self.captures.forget();
        self.commits.forget();
    }
}

/// What a row of `kind` tells of the rows that name it.
#[derive(Clone, Copy)]
pub(super) struct Kind<'k> {
    pub provider: Option<&'k str>,
    pub event: Option<&'k RemoteText>,
    /// The verdict of captures, the outcome of deliveries.
    pub verdict: &'k str,
    pub endpoint: Option<&'k str>,
}

/// The rows of `kind` that are known, by what they tell with a line break between.
pub(super) struct Kinds {
    workspace: String,
    known: HashMap<String, i64>,
    /// The key that is looked for; kept for its memory.
    key: String,
    /// What [`others_version`] was: another process may have removed a kind with its last row.
    others_version: Option<i64>,
}

impl Kinds {
    fn new(workspace: String) -> Self {
        Self {
            workspace,
            known: HashMap::new(),
            key: String::new(),
            others_version: None,
        }
    }

    pub(super) fn workspace(&self) -> &str {
        &self.workspace
    }

    fn forget(&mut self) {
        self.known.clear();
    }

    fn go_on(&mut self, others_version: i64) {
        if self.others_version != Some(others_version) {
            self.forget();
            self.others_version = Some(others_version);
        }
    }

    /// The row of `kind` for these, made where there is none yet.
    pub(super) fn of(
        &mut self,
        transaction: &Transaction<'_>,
        kind: Kind<'_>,
    ) -> rusqlite::Result<i64> {
        let (provider, verdict) = (kind.provider.unwrap_or_default(), kind.verdict);
        let endpoint = kind.endpoint.unwrap_or_default();
        let event = kind.event.map_or("", RemoteText::unescaped);
        let event = &*bounded_name(event);
        self.key.clear();
        for part in [provider, "\n", verdict, "\n", endpoint, "\n", event] {
            self.key.push_str(part);
        }
        if let Some(id) = self.known.get(&self.key) {
            return Ok(*id);
        }
        let row = params![self.workspace, provider, event, verdict, endpoint];
        transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO kind (workspace, provider, event, verdict, endpoint) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(row)?;
        let id = transaction
            .prepare_cached(
                "SELECT id FROM kind WHERE workspace = ?1 AND provider = ?2 AND event = ?3 AND verdict = ?4 AND endpoint = ?5",
            )?
            .query_row(row, |row| row.get(0))?;
        if self.known.len() >= KNOWN_KINDS {
            self.known.clear();
        }
        self.known.insert(self.key.clone(), id);
        Ok(id)
    }
}

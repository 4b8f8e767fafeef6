//! Who works at what. Each open store has one lease, of which a row says how long it holds and whose process it is; the
//! deliveries and captures that it works at carry its claim. So it is renewed by writing one row, however many they are.
//!
//! A claim is live as long as its row says so and its process runs: this store is one machine's, so what a killed
//! process left behind is free at once.

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use rustix::process::{Pid, getpid, test_kill_process};
use ulid::Ulid;

/// How long a lease holds without being renewed: a process that is stopped, not killed, loses its claims after that.
pub const LEASE: Duration = Duration::from_secs(60);
/// How much of it may be gone before it is renewed.
pub(super) const RENEWED_AFTER: Duration = Duration::from_secs(15);

/// The lease of an open store.
pub(super) struct Lease {
    /// What its deliveries and captures carry.
    pub claim: String,
    /// Until when it holds, as far as is written; none before it is first needed.
    until: Option<Timestamp>,
}

impl Lease {
    pub(super) fn new() -> Self {
        let random = fastrand::Rng::new().u128(..);
        Self {
            claim: Ulid::from_parts(0, random).to_string(),
            until: None,
        }
    }

    pub(super) fn is_taken(&self) -> bool {
        self.until.is_some()
    }

    /// Sees to it that the lease holds for a while, and returns its claim.
    pub(super) fn hold(
        &mut self,
        transaction: &Transaction<'_>,
        now: Timestamp,
    ) -> rusqlite::Result<&str> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let renewed_before = self.until.and_then(|until| until.checked_sub(LEASE).ok());
        let is_fresh = renewed_before.is_some_and(|renewed| {
            // A clock that went back says nothing of how long ago that was.
            renewed <= now && now.duration_since(renewed) < jiff_duration(RENEWED_AFTER)
        });
        if is_fresh {
            return Ok(&self.claim);
        }
        if self.until.is_none() {
            forget_ended(transaction, now)?;
        }
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO lease (claim, process, until_us) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![self.claim, own_mark(), until.as_microsecond()])?;
        self.until = Some(until);
        Ok(&self.claim)
    }

    /// What it was written does not hold any more: a transaction came to nothing.
    pub(super) fn forget(&mut self) {
        // It stays one that was taken, and is written again.
        self.until = self.until.map(|_| Timestamp::MIN);
    }

    /// Gives all of it up.
    pub(super) fn end(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if self.is_taken() {
            for table in ["lease", "owed"] {
                let sql = format!("DELETE FROM {table} WHERE claim = ?1");
                connection.execute(&sql, [&self.claim])?;
            }
            self.forget();
        }
        Ok(())
    }
}

fn jiff_duration(time: Duration) -> jiff::SignedDuration {
    jiff::SignedDuration::try_from(time).unwrap_or(jiff::SignedDuration::MAX)
}

/// Removes leases that no longer hold, and what was kept for their sake.
fn forget_ended(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<()> {
    let claims: Vec<String> = transaction
        .prepare("SELECT claim FROM lease")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for claim in claims {
        if holder_of(transaction, &claim, now)?.is_none() {
            transaction.execute("DELETE FROM lease WHERE claim = ?1", [claim])?;
        }
    }
    transaction.execute(
        "DELETE FROM owed WHERE claim NOT IN (SELECT claim FROM lease)",
        [],
    )?;
    Ok(())
}

/// The process that holds a claim, where that is live.
pub(super) fn holder_of(
    connection: &Connection,
    claim: &str,
    now: Timestamp,
) -> rusqlite::Result<Option<u32>> {
    let row: Option<(String, i64)> = connection
        .prepare_cached("SELECT process, until_us FROM lease WHERE claim = ?1")?
        .query_row([claim], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.and_then(|(process, until_us)| live_process(&process, until_us, now)))
}

/// The number of the process that a lease's row is of, where that holds.
pub(super) fn live_process(mark: &str, until_us: i64, now: Timestamp) -> Option<u32> {
    if until_us <= now.as_microsecond() {
        return None;
    }
    let (number, then) = mark.split_once(':').unwrap_or((mark, ""));
    let pid = Pid::from_raw(number.parse().ok()?)?;
    // One that may not be signalled is there, too.
    let is_there = !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH));
    let is_same = started(pid).is_none_or(|now| then.is_empty() || now == then);
    (is_there && is_same).then(|| pid.as_raw_nonzero().get().unsigned_abs())
}

/// This process's mark: its number and, where the system tells, when it started, for numbers are used again.
fn own_mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| {
        let own = getpid();
        match started(own) {
            Some(started) => format!("{}:{started}", own.as_raw_nonzero()),
            None => own.as_raw_nonzero().to_string(),
        }
    })
}

/// When a process started, in the system's own unit (proc(5), `stat`, field 22).
fn started(pid: Pid) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    // The name, in parentheses, may hold blanks and parentheses.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_live_while_its_very_process_runs() {
        let live = |mark: &str| live_process(mark, i64::MAX, Timestamp::UNIX_EPOCH);
        assert_eq!(live(own_mark()), Some(std::process::id()));
        assert_eq!(
            live_process(own_mark(), 7, Timestamp::now()),
            None,
            "its time is over"
        );
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
        let mark = match started(pid) {
            Some(started) => format!("{}:{started}", child.id()),
            None => child.id().to_string(),
        };
        assert_eq!(live(&mark), Some(child.id()));
        if mark.contains(':') {
            assert_eq!(
                live(&format!("{}:1", child.id())),
                None,
                "the number was used again"
            );
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(live(&mark), None);
        assert_eq!(live("no mark"), None);
    }
}

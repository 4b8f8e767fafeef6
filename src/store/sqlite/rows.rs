//! What is written within one transaction, row by row.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{CachedStatement, OptionalExtension as _, Transaction, params};

use super::eviction::{add_refused, owe};
use super::known::{Kind, Known};
use super::lease::{Lease, holder_of};
use super::order::RowIdAllocator;
use super::reading::{place_of, read_destinations};
use super::selection::table_of;
use crate::model::{
    Attempt, Capture, Delivery, Destinations, Headers, Id, IdKind, Outcome, RemoteText,
    ResponseEnd, SentBy, VerdictReason, normal_url,
};
use crate::store::encoding::{capture_bytes, forward_of, is_refused, write_headers};
use crate::store::work::Work;

/// How far a request's own time may be from the time at which it is written, to count as that.
const ARRIVES_WITHIN_MS: i64 = 60_000;

/// A transaction, and what it needs to write.
pub(super) struct Writing<'w> {
    pub transaction: &'w Transaction<'w>,
    pub known: &'w mut Known,
    pub lease: &'w mut Lease,
    pub now: Timestamp,
}

impl Writing<'_> {
    /// Inserts captures, and says how many. Those that are to be forwarded are leased to this store, unless others
    /// forward them, which comes with each.
    pub(super) fn insert_captures<'c>(
        &mut self,
        captures: impl Iterator<Item = (&'c Capture, bool)>,
    ) -> rusqlite::Result<u64> {
        let now_ms = self.now.as_millisecond();
        let commit = self.known.commits.current(self.transaction)?;
        let mut refused = (0, 0);
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO capture (seq, id, kind, received_us, method, target, body_length, status, reason, duplicate_of, candidates, headers, response_body, body, response_headers, response_fault, mark, forward, over_tls, destinations, refused, made_in, changed_in, peer, claim, response_end, same_id_changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?25, ?23, ?24, ?26, ?27)",
        )?;
        // As far as it can be had, each place is above those before it.
        let mut captures: Vec<(&Capture, bool)> = captures.collect();
        captures.sort_by_key(|(capture, _)| capture.id.ulid.timestamp_ms());
        let mut written = 0;
        for (capture, is_left) in captures {
            written += 1;
            self.known.unsaved.push(capture.id);
            let seq = self
                .known
                .captures
                .next(self.transaction, capture.id.ulid)?;
            let kind = self.known.kinds.of(
                self.transaction,
                Kind {
                    provider: capture.provider.as_deref(),
                    event: capture.event.as_ref(),
                    verdict: capture.verdict.name(),
                    endpoint: capture.endpoint.as_deref(),
                },
            )?;
            self.known.captures.note(self.transaction, kind, seq)?;
            let headers = write_headers(&capture.request.headers);
            if is_refused(capture) {
                refused.0 += 1;
                refused.1 +=
                    i64::try_from(capture_bytes(capture, headers.len())).unwrap_or(i64::MAX);
            }
            let claim = match !is_left && capture.destinations.are_pending() {
                true => Some(self.lease.hold(self.transaction, self.now)?),
                false => None,
            };
            let row = CaptureRow {
                seq,
                kind,
                headers: &headers,
                commit,
                changed_in: self.known.commits.changed_in(self.transaction, seq)?,
                claim,
            };
            insert_capture(&mut insert, &row, capture)?;
            if (capture.received_at.as_millisecond() - now_ms).abs() > ARRIVES_WITHIN_MS {
                self.transaction
                    .prepare_cached("INSERT INTO capture_arrival (seq, at_ms) VALUES (?1, ?2)")?
                    .execute([seq, now_ms])?;
            }
        }
        if refused.0 > 0 {
            add_refused(self.transaction, refused.0, refused.1)?;
        }
        Ok(written)
    }

    /// Writes a delivery, or what is new of one that is kept already: its outcome and its later attempts. Returns the
    /// number of the attempt that begins, where one does: nothing is known of it until it is recorded.
    pub(super) fn write_delivery(
        &mut self,
        delivery: &Delivery,
        new_from: usize,
        work: Work,
    ) -> rusqlite::Result<u32> {
        let transaction = self.transaction;
        let outcome = match work {
            Work::Begins(_) => Outcome::Unknown,
            Work::GoesOn | Work::Waits => delivery.outcome,
        };
        let kind = self.known.kinds.of(
            transaction,
            Kind {
                provider: delivery.provider.as_deref(),
                event: delivery.event.as_ref(),
                verdict: outcome.name(),
                endpoint: delivery.endpoint.as_deref(),
            },
        )?;
        let commit = self.known.commits.current(transaction)?;
        let is_open = matches!(outcome, Outcome::Unknown | Outcome::Pending).then_some(1);
        let claim = match is_open.filter(|_| work != Work::Waits) {
            Some(_) => Some(self.lease.hold(transaction, self.now)?),
            None => None,
        };
        let next_attempt = delivery
            .next_attempt_at
            .filter(|_| outcome == Outcome::Pending)
            .map(Timestamp::as_microsecond);
        let kept = place_of(transaction, delivery.id)?;
        let failure = delivery.failure.as_ref().map(RemoteText::unescaped);
        let is_faster = (delivery.speed - 1.0).abs() > f64::EPSILON;
        let speed = is_faster.then_some(delivery.speed);
        let mut given = RowIdAllocator::new("delivery");
        let seq = if let Some(seq) = kept {
            transaction
                .prepare_cached(
                    "UPDATE delivery SET kind = ?2, failure = ?3, open = ?4, claim = ?5, next_attempt_us = ?6,
                       changed_in = ?7, wanted = ?8, speed = ?9, url = ?10 WHERE seq = ?1",
                )?
                .execute(params![
                    seq,
                    kind,
                    failure,
                    is_open,
                    claim,
                    next_attempt,
                    commit,
                    delivery.wanted,
                    speed,
                    delivery.url,
                ])?;
            seq
        } else {
            let seq = given.next(transaction, delivery.id.ulid)?;
            transaction
                .prepare_cached(
                    "INSERT INTO delivery (seq, id, kind, started_us, url, failure, replay_of, method, target, headers, body, signs_afresh, open, claim, next_attempt_us, made_in, changed_in, faults, wanted, speed, subscription, emulated_event)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, ?17, ?18, ?19, ?20, ?21)",
                )?
                .execute(params![
                    seq,
                    delivery.id.ulid.to_string(),
                    kind,
                    delivery.started_at.as_microsecond(),
                    delivery.url,
                    failure,
                    delivery.replay_of.map(|id| id.ulid.to_string()),
                    delivery.request.method,
                    delivery.request.target,
                    write_headers(&delivery.request.headers),
                    &delivery.request.body[..],
                    delivery.signed,
                    is_open,
                    claim,
                    next_attempt,
                    commit,
                    (!delivery.faults.is_empty()).then(|| delivery.faults.join(" ")),
                    delivery.wanted,
                    speed,
                    delivery.emulated.map(|of| of.subscription),
                    delivery.emulated.map(|of| of.event),
                ])?;
            seq
        };
        given.note(transaction, kind, seq)?;
        for attempt in delivery.attempts.iter().skip(new_from) {
            write_attempt(transaction, seq, attempt)?;
        }
        match work {
            Work::Begins(at) => write_attempt(transaction, seq, &Attempt::begun(0, at)),
            Work::GoesOn | Work::Waits => Ok(0),
        }
    }

    /// Puts down that a destination has a capture that was to be forwarded there.
    pub(super) fn settle(&mut self, capture: Id, delivered_to: &str) -> rusqlite::Result<()> {
        // It may have been removed meanwhile.
        let Some((seq, mut destinations)) = self.destinations_of(capture)? else {
            return Ok(());
        };
        destinations.delivered(delivered_to);
        self.transaction
            .prepare_cached("DELETE FROM forwarding WHERE capture = ?1 AND destination = ?2")?
            .execute(params![seq, normal_url(delivered_to)])?;
        self.write_destinations(seq, &destinations)
    }

    /// Whether a destination has a capture by another delivery than this.
    pub(super) fn has_another(
        &self,
        delivery: Id,
        capture: Id,
        url: &str,
    ) -> rusqlite::Result<bool> {
        let is_there = match self.destinations_of(capture)? {
            Some((_, destinations)) => destinations.is_delivered_at(url),
            None => false,
        };
        let Some(own) = place_of(self.transaction, delivery)?.filter(|_| is_there) else {
            return Ok(is_there);
        };
        let outcome: String = self
            .transaction
            .prepare_cached(
                "SELECT k.verdict FROM delivery t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1",
            )?
            .query_row([own], |row| row.get(0))?;
        Ok(outcome != Outcome::Delivered.name())
    }

    /// Puts down what a capture's sender was answered.
    pub(super) fn write_status(&mut self, capture: Id, status: u16) -> rusqlite::Result<()> {
        let Some(seq) = place_of(self.transaction, capture)? else {
            return Ok(());
        };
        let commit = self.known.commits.current(self.transaction)?;
        self.transaction
            .prepare_cached("UPDATE capture SET status = ?2, changed_in = ?3 WHERE seq = ?1")?
            .execute(params![seq, status, commit])?;
        Ok(())
    }

    /// Puts down why a capture's response did not reach its client.
    pub(super) fn write_response_end(
        &mut self,
        capture: Id,
        end: ResponseEnd,
    ) -> rusqlite::Result<()> {
        let Some(seq) = place_of(self.transaction, capture)? else {
            return Ok(());
        };
        let commit = self.known.commits.current(self.transaction)?;
        self.transaction
            .prepare_cached("UPDATE capture SET response_end = ?2, changed_in = ?3 WHERE seq = ?1")?
            .execute(params![seq, end.name(), commit])?;
        Ok(())
    }

    /// Writes the destinations at which a capture is pending. If there are none, no process forwards it.
    pub(super) fn write_destinations(
        &mut self,
        seq: i64,
        destinations: &Destinations,
    ) -> rusqlite::Result<()> {
        let commit = self.known.commits.current(self.transaction)?;
        self.transaction
            .prepare_cached(
                "UPDATE capture SET destinations = ?2, forward = ?3, claim = CASE ?3 WHEN 1 THEN claim END,
                   changed_in = ?4 WHERE seq = ?1",
            )?
            .execute(params![
                seq,
                destinations.to_text(),
                forward_of(destinations),
                commit
            ])?;
        Ok(())
    }

    fn destinations_of(&self, capture: Id) -> rusqlite::Result<Option<(i64, Destinations)>> {
        let Some(seq) = place_of(self.transaction, capture)? else {
            return Ok(None);
        };
        Ok(Some((seq, self.destinations_at(seq)?)))
    }

    /// Where the capture at that place is to be forwarded to.
    pub(super) fn destinations_at(&self, seq: i64) -> rusqlite::Result<Destinations> {
        self.transaction
            .prepare_cached("SELECT destinations, forward FROM capture WHERE seq = ?1")?
            .query_row([seq], |row| read_destinations(row, 0, 1))
    }

    /// What this store's rows carry that it works at.
    pub(super) fn own_claim(&self) -> &str {
        &self.lease.claim
    }

    /// Whose rows are written.
    pub(super) fn workspace(&self) -> String {
        self.known.kinds.workspace().to_owned()
    }

    /// Why a delivery is not to be attempted now, if it is not: someone else works at it or has delivered it, or its
    /// capture is no longer owed to that destination, or someone else sends it there.
    pub(super) fn taken_by(
        &self,
        delivery: &Delivery,
        owed_to: Option<&str>,
    ) -> rusqlite::Result<Option<String>> {
        if let Some(seq) = place_of(self.transaction, delivery.id)? {
            let (claim, outcome): (Option<String>, String) = self
                .transaction
                .prepare_cached(
                    "SELECT t.claim, k.verdict FROM delivery t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1",
                )?
                .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if let Some(process) = self.other_holder(claim.as_deref())? {
                return Ok(Some(format!("process {process} is working on it")));
            }
            if outcome == Outcome::Delivered.name() && delivery.outcome != Outcome::Delivered {
                return Ok(Some("another process has delivered it".to_owned()));
            }
        }
        let (Some(url), Some(capture)) = (owed_to, delivery.replay_of) else {
            return Ok(None);
        };
        let Some((seq, destinations)) = self.destinations_of(capture)? else {
            return Ok(None);
        };
        if !destinations.is_pending_at(url) {
            return Ok(Some(format!("it is no longer pending for {url}")));
        }
        let claim: Option<String> = self
            .transaction
            .prepare_cached("SELECT claim FROM capture WHERE seq = ?1")?
            .query_row([seq], |row| row.get(0))?;
        if let Some(process) = self.other_holder(claim.as_deref())? {
            return Ok(Some(format!("process {process} is forwarding it")));
        }
        if let Some(process) = self.forwarder_of(seq, url)? {
            return Ok(Some(format!("process {process} is forwarding it")));
        }
        let mut others = self.transaction.prepare_cached(
            "SELECT url, claim FROM delivery WHERE open = 1 AND replay_of = ?1 AND claim IS NOT NULL",
        )?;
        let others = others.query_map([capture.ulid.to_string()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        for other in others {
            let (other_url, claim) = other?;
            if normal_url(&other_url) == normal_url(&delivery.url)
                && let Some(process) = self.other_holder(Some(&claim))?
            {
                return Ok(Some(format!("process {process} is delivering it to {url}")));
            }
        }
        Ok(None)
    }

    /// Whether a delivery that is kept already has been taken over by someone else: then what is known here of it is
    /// old.
    pub(super) fn was_taken_over(&self, delivery: Id) -> rusqlite::Result<bool> {
        let Some(seq) = place_of(self.transaction, delivery)? else {
            return Ok(false);
        };
        let claim: Option<String> = self
            .transaction
            .prepare_cached("SELECT claim FROM delivery WHERE seq = ?1")?
            .query_row([seq], |row| row.get(0))?;
        Ok(claim.as_deref() != Some(&*self.lease.claim))
    }

    /// Whether a claim is this store's, or that of someone else who is there.
    pub(super) fn is_worked_at(&self, claim: Option<&str>) -> rusqlite::Result<bool> {
        match claim {
            None => Ok(false),
            Some(claim) if claim == self.lease.claim => Ok(true),
            Some(claim) => Ok(holder_of(self.transaction, claim, self.now)?.is_some()),
        }
    }

    /// The process of a live claim that is not this store's.
    fn other_holder(&self, claim: Option<&str>) -> rusqlite::Result<Option<u32>> {
        match claim.filter(|claim| *claim != self.lease.claim) {
            Some(claim) => holder_of(self.transaction, claim, self.now),
            None => Ok(None),
        }
    }

    /// Takes the lease of a row where no one else has it, and says whether it did.
    pub(super) fn claim(&mut self, kind: IdKind, seq: i64) -> rusqlite::Result<bool> {
        let (table, _) = table_of(kind);
        let claim: Option<String> = self
            .transaction
            .prepare_cached(&format!("SELECT claim FROM {table} WHERE seq = ?1"))?
            .query_row([seq], |row| row.get(0))?;
        if self.other_holder(claim.as_deref())?.is_some() {
            return Ok(false);
        }
        let claim = self.lease.hold(self.transaction, self.now)?;
        self.transaction
            .prepare_cached(&format!("UPDATE {table} SET claim = ?2 WHERE seq = ?1"))?
            .execute(params![seq, claim])?;
        Ok(true)
    }

    /// How many captures are being forwarded to a destination.
    pub(super) fn count_forwarding(&self, destination: &str) -> rusqlite::Result<usize> {
        let mut select = self.transaction.prepare_cached(
            "SELECT f.claim FROM forwarding f INDEXED BY forwarding_by_claim
             JOIN capture t ON t.seq = f.capture JOIN kind k ON k.id = t.kind
             WHERE f.claim IS NOT NULL AND f.destination = ?1 AND k.workspace = ?2",
        )?;
        let mut rows = select.query([normal_url(destination), self.workspace()])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let claim: Option<String> = row.get(0)?;
            count += usize::from(self.is_worked_at(claim.as_deref())?);
        }
        Ok(count)
    }

    /// Whether no one works at a capture, or forwards it to that destination, where it is not put off.
    pub(super) fn may_be_forwarded(&self, seq: i64, destination: &str) -> rusqlite::Result<bool> {
        type Found = (Option<String>, Option<String>, Option<i64>);
        let (claim, forwarder, after_us): Found = self
            .transaction
            .prepare_cached(
                "SELECT t.claim, f.claim, f.after_us FROM capture t
                 LEFT JOIN forwarding f ON f.capture = t.seq AND f.destination = ?2 WHERE t.seq = ?1",
            )?
            .query_row(params![seq, normal_url(destination)], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let is_put_off = after_us.is_some_and(|after_us| after_us > self.now.as_microsecond());
        Ok(!is_put_off
            && !self.is_worked_at(claim.as_deref())?
            && !self.is_worked_at(forwarder.as_deref())?)
    }

    /// The process of someone else who is just forwarding a capture to a destination.
    pub(super) fn forwarder_of(
        &self,
        seq: i64,
        destination: &str,
    ) -> rusqlite::Result<Option<u32>> {
        let claim: Option<Option<String>> = self
            .transaction
            .prepare_cached("SELECT claim FROM forwarding WHERE capture = ?1 AND destination = ?2")?
            .query_row(params![seq, normal_url(destination)], |row| row.get(0))
            .optional()?;
        self.other_holder(claim.flatten().as_deref())
    }

    pub(super) fn take_forward(&mut self, seq: i64, destination: &str) -> rusqlite::Result<()> {
        let claim = self.lease.hold(self.transaction, self.now)?;
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO forwarding (capture, destination, claim) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![seq, normal_url(destination), claim])?;
        Ok(())
    }

    pub(super) fn give_back(
        &self,
        capture: Id,
        destination: &str,
        until: Option<Timestamp>,
    ) -> rusqlite::Result<()> {
        if let Some(seq) = place_of(self.transaction, capture)? {
            self.transaction
                .prepare_cached(
                    "UPDATE forwarding SET claim = NULL, after_us = ?4 WHERE capture = ?1 AND destination = ?2 AND claim = ?3",
                )?
                .execute(params![
                    seq,
                    normal_url(destination),
                    self.lease.claim,
                    until.map(Timestamp::as_microsecond)
                ])?;
        }
        Ok(())
    }

    /// Gives a row's lease back, where it is this store's.
    pub(super) fn release(&self, id: Id) -> rusqlite::Result<()> {
        if let Some(seq) = place_of(self.transaction, id)? {
            let (table, _) = table_of(id.kind);
            self.transaction
                .prepare_cached(&format!(
                    "UPDATE {table} SET claim = NULL WHERE seq = ?1 AND claim = ?2"
                ))?
                .execute(params![seq, self.lease.claim])?;
        }
        Ok(())
    }

    /// Gives back all captures that were taken for destinations, and the leases of their deliveries, but these.
    pub(super) fn give_back_all_but(&self, under_way: &[(Id, String)]) -> rusqlite::Result<u64> {
        let kept = under_way
            .iter()
            .map(|(id, url)| serde_json::json!([id.ulid.to_string(), normal_url(url)]));
        let kept = serde_json::Value::from_iter(kept).to_string();
        for sql in [
            "UPDATE forwarding SET claim = NULL WHERE claim = ?1 AND NOT EXISTS (
               SELECT 1 FROM json_each(?2) u JOIN capture t ON t.id = u.value ->> 0
               WHERE t.seq = forwarding.capture AND u.value ->> 1 = forwarding.destination)",
            "UPDATE delivery SET claim = NULL WHERE open = 1 AND claim = ?1 AND subscription IS NULL
             AND replay_of NOT IN (SELECT value ->> 0 FROM json_each(?2))",
        ] {
            self.transaction
                .execute(sql, params![self.lease.claim, kept])?;
        }
        Ok(0)
    }

    /// What is pending at these destinations is owed as long as the lease holds.
    pub(super) fn owe(&mut self, destinations: &[String]) -> rusqlite::Result<()> {
        let claim = self.lease.hold(self.transaction, self.now)?;
        owe(self.transaction, claim, destinations)
    }
}

/// What a capture's row holds besides the capture.
struct CaptureRow<'r> {
    seq: i64,
    kind: i64,
    headers: &'r [u8],
    commit: i64,
    changed_in: Option<i64>,
    claim: Option<&'r str>,
}

fn insert_capture(
    insert: &mut CachedStatement<'_>,
    row: &CaptureRow<'_>,
    capture: &Capture,
) -> rusqlite::Result<()> {
    let candidates = (!capture.candidates.is_empty()).then(|| capture.candidates.join(","));
    insert.execute(params![
        row.seq,
        capture.id.ulid.to_string(),
        row.kind,
        capture.received_at.as_microsecond(),
        capture.request.method,
        capture.request.target,
        capture.request.body.len() as i64,
        capture.response_status,
        capture.reason.map(VerdictReason::name),
        capture.duplicate_of.map(|id| id.ulid.to_string()),
        candidates,
        row.headers,
        (!capture.response_body.is_empty()).then_some(&capture.response_body),
        &capture.request.body[..],
        (!capture.response_headers.is_empty()).then(|| write_headers(&capture.response_headers)),
        capture.response_fault.map(|fault| fault.to_string()),
        capture.sent_by.map(SentBy::name),
        forward_of(&capture.destinations),
        capture.over_tls.then_some(1),
        capture.destinations.to_text(),
        is_refused(capture).then_some(1),
        row.commit,
        capture.peer.map(|peer| peer.to_string()),
        row.claim,
        row.changed_in,
        capture.response_end.map(ResponseEnd::name),
        capture.same_id_changed.then_some(1),
    ])?;
    Ok(())
}

/// Writes an attempt: in the place of the one that was put down when it began, else behind all others.
fn write_attempt(
    transaction: &Transaction<'_>,
    delivery: i64,
    attempt: &Attempt,
) -> rusqlite::Result<u32> {
    let begun = transaction
        .prepare_cached(
            "DELETE FROM attempt WHERE delivery = ?1 AND number = ?2 AND error_code = 'unknown'",
        )?
        .execute(params![delivery, attempt.number])?;
    let number: u32 = if begun > 0 {
        attempt.number
    } else {
        transaction
            .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE delivery = ?1")?
            .query_row([delivery], |row| row.get(0))?
    };
    let (response, error) = match &attempt.result {
        Ok(response) => (Some(response), None),
        Err(error) => (None, Some(error)),
    };
    transaction
        .prepare_cached(
            "INSERT INTO attempt (delivery, number, started_us, duration_us, status, error_code, error, response_headers, response_truncated, response_body, dns_us, connect_us, tls_us, first_byte_us)
             VALUES (?1, ?14, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            delivery,
            attempt.started_at.as_microsecond(),
            micros(attempt.duration),
            attempt.status(),
            error.map(|error| error.kind.name()),
            error.map(|error| error.message.unescaped()),
            write_headers(response.map_or(&Headers::new(), |response| &response.headers)),
            response.is_some_and(|response| response.truncated),
            response.map_or(&[][..], |response| &response.body),
            attempt.phases.dns.map(micros),
            attempt.phases.connect.map(micros),
            attempt.phases.tls.map(micros),
            attempt.phases.first_byte.map(micros),
            number,
        ])?;
    Ok(number)
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

//! Rows as values: one by its id or its name.

use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::error::PostgresError;
use super::selection::table_of;
use super::text::text_out;
use crate::model::{
    Attempt, AttemptError, AttemptErrorKind, AttemptOutline, Capture, CaptureSummary, Delivery,
    DeliveryOutline, DeliverySummary, Destinations, Emulated, Headers, Id, IdKind, Outcome, Phases,
    RemoteText, Request, Response, Verdict,
};
use crate::store::encoding::{PENDING, read_headers};

type Read<T> = Result<T, PostgresError>;

/// The values of a row, one after the other.
pub(super) struct Columns<'r> {
    row: &'r Row,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(super) fn of(row: &'r Row) -> Self {
        Self::behind(row, 0)
    }

    /// Those behind so many.
    pub(super) fn behind(row: &'r Row, count: usize) -> Self {
        Self { row, next: count }
    }

    pub(super) fn next<T: FromSql<'r>>(&mut self) -> Read<T> {
        let value = self.row.try_get(self.next)?;
        self.next += 1;
        Ok(value)
    }

    pub(super) fn text(&mut self) -> Read<String> {
        Ok(text_out(self.next()?))
    }

    fn optional_text(&mut self) -> Read<Option<String>> {
        Ok(self.next::<Option<String>>()?.map(text_out))
    }

    /// None where it is empty.
    fn non_empty(&mut self) -> Read<Option<String>> {
        Ok(Some(self.text()?).filter(|text| !text.is_empty()))
    }

    /// One of a fixed set of words; none where there is none, or one that is not known here.
    fn word<T: FromStr>(&mut self) -> Read<Option<T>> {
        let text: Option<&str> = self.next()?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    pub(super) fn time(&mut self) -> Read<Timestamp> {
        time(self.next()?)
    }

    fn optional_time(&mut self) -> Read<Option<Timestamp>> {
        self.next::<Option<i64>>()?.map(time).transpose()
    }

    fn span(&mut self) -> Read<Option<Duration>> {
        Ok(self.next::<Option<i64>>()?.map(micros))
    }

    pub(super) fn id(&mut self, kind: IdKind) -> Read<Id> {
        let text: &str = self.next()?;
        Id::from_ulid_text(kind, text).ok_or(PostgresError::Unreadable("an id"))
    }

    fn optional_id(&mut self, kind: IdKind) -> Read<Option<Id>> {
        let text: Option<&str> = self.next()?;
        Ok(text.and_then(|text| Id::from_ulid_text(kind, text)))
    }

    fn headers(&mut self) -> Read<Headers> {
        Ok(read_headers(self.next()?))
    }

    fn small<T: TryFrom<i64>>(&mut self) -> Read<T> {
        small(self.next()?)
    }

    fn optional_small<T: TryFrom<i64>>(&mut self) -> Read<Option<T>> {
        self.next::<Option<i64>>()?.map(small).transpose()
    }

    fn faults(&mut self) -> Read<Vec<String>> {
        let text: Option<&str> = self.next()?;
        Ok(text.map_or_else(Vec::new, |text| {
            text.split(' ').map(str::to_owned).collect()
        }))
    }

    /// Two columns, `destinations` and `forward`.
    pub(super) fn destinations(&mut self) -> Read<Destinations> {
        let text = self.optional_text()?;
        let forward: Option<i64> = self.next()?;
        Ok(Destinations::from_text(
            text.as_deref(),
            forward == Some(PENDING),
        ))
    }
}

pub(super) fn time(us: i64) -> Read<Timestamp> {
    Timestamp::from_microsecond(us).map_err(|_| PostgresError::Unreadable("a time"))
}

fn micros(us: i64) -> Duration {
    Duration::from_micros(u64::try_from(us).unwrap_or_default())
}

fn small<T: TryFrom<i64>>(number: i64) -> Read<T> {
    T::try_from(number).map_err(|_| PostgresError::Unreadable("a number"))
}

/// What [`capture_summary`] reads.
pub(super) const CAPTURE_COLUMNS: &str = "t.id, t.received_us, t.provider, t.event, t.verdict, t.reason, t.method, t.target, t.body_length, t.status, t.duplicate_of, t.endpoint, t.response_end, t.same_id_changed";

pub(super) fn capture_summary(columns: &mut Columns<'_>) -> Read<CaptureSummary> {
    Ok(CaptureSummary {
        id: columns.id(IdKind::Capture)?,
        received_at: columns.time()?,
        provider: columns.non_empty()?,
        event: columns.non_empty()?.map(RemoteText::from),
        verdict: columns.word()?.unwrap_or(Verdict::Unchecked),
        reason: columns.word()?,
        method: RemoteText::from(columns.text()?),
        target: RemoteText::from(columns.text()?),
        body_bytes: columns.small()?,
        status: columns.small()?,
        duplicate_of: columns.optional_id(IdKind::Capture)?,
        endpoint: columns.non_empty()?,
        response_end: columns.word()?,
        same_id_changed: columns.next()?,
    })
}

/// What [`delivery_summary`] reads; `l` is the live lease of whoever works at it.
pub(super) const DELIVERY_COLUMNS: &str =
    "t.id, t.started_us, t.provider, t.event, t.outcome, t.url,
    (SELECT count(*) FROM hookcli.attempt a WHERE a.delivery = t.seq),
    (SELECT a.status FROM hookcli.attempt a WHERE a.delivery = t.seq ORDER BY a.number DESC LIMIT 1),
    t.next_attempt_us, l.process, t.faults, t.wanted, t.replay_of";

pub(super) fn delivery_summary(columns: &mut Columns<'_>) -> Read<DeliverySummary> {
    Ok(DeliverySummary {
        id: columns.id(IdKind::Delivery)?,
        started_at: columns.time()?,
        provider: columns.non_empty()?,
        event: columns.non_empty()?.map(RemoteText::from),
        outcome: columns.word()?.unwrap_or(Outcome::Unknown),
        url: columns.text()?,
        attempts: columns.small()?,
        status: columns.optional_small()?,
        next_attempt_at: columns.optional_time()?,
        worker: columns.optional_small()?,
        faults: columns.faults()?,
        wanted: columns.next()?,
        replay_of: columns.optional_id(IdKind::Capture)?,
    })
}

/// The rows' live leases.
pub(super) fn lease_join(now: Timestamp) -> String {
    lease_join_at(&now.as_microsecond().to_string())
}

/// As of a time that an expression gives, in microseconds.
fn lease_join_at(now_us: &str) -> String {
    format!("LEFT JOIN hookcli.lease l ON l.claim = t.claim AND l.until_us > {now_us}")
}

/// What [`delivery_outline`] reads.
pub(super) const OUTLINE_COLUMNS: &str = "t.id, t.outcome, t.wanted, t.started_us, t.provider, t.event,
    (SELECT array_agg(a.duration_us ORDER BY a.number) FROM hookcli.attempt a WHERE a.delivery = t.seq),
    (SELECT array_agg(a.status ORDER BY a.number) FROM hookcli.attempt a WHERE a.delivery = t.seq),
    (SELECT array_agg(a.error_code ORDER BY a.number) FROM hookcli.attempt a WHERE a.delivery = t.seq)";

pub(super) fn delivery_outline(columns: &mut Columns<'_>) -> Read<DeliveryOutline> {
    let outline = DeliveryOutline {
        id: columns.id(IdKind::Delivery)?,
        outcome: columns.word()?.unwrap_or(Outcome::Unknown),
        wanted: columns.next()?,
        started_at: columns.time()?,
        provider: columns.non_empty()?,
        event: columns.non_empty()?.map(RemoteText::from),
        attempts: Vec::new(),
    };
    let durations: Vec<i64> = columns.next::<Option<_>>()?.unwrap_or_default();
    let statuses: Vec<Option<i64>> = columns.next::<Option<_>>()?.unwrap_or_default();
    let errors: Vec<Option<String>> = columns.next::<Option<_>>()?.unwrap_or_default();
    let mut attempts = Vec::with_capacity(durations.len());
    for ((duration, status), error) in durations.into_iter().zip(statuses).zip(errors) {
        attempts.push(AttemptOutline {
            duration: micros(duration),
            status: status.map(small).transpose()?,
            error: error.and_then(|code| code.parse().ok()),
        });
    }
    Ok(DeliveryOutline {
        attempts,
        ..outline
    })
}

/// A capture of a workspace by its id.
pub(super) async fn capture(
    client: &impl GenericClient,
    workspace: &str,
    id: Id,
) -> Read<Option<Capture>> {
    let select = client
        .prepare_cached(
            "SELECT t.id, t.received_us, t.provider, t.event, t.verdict, t.reason, t.duplicate_of, t.candidates, t.method, t.target,
                    t.headers, t.body, t.status, t.response_body, t.response_headers, t.response_fault, t.mark, t.destinations,
                    t.forward, t.over_tls, t.peer, t.endpoint, t.response_end, t.same_id_changed
             FROM hookcli.capture t WHERE t.workspace = $1 AND t.id = $2",
        )
        .await?;
    let found = client
        .query_opt(&select, &[&workspace, &id.ulid.to_string()])
        .await?;
    found.as_ref().map(read_capture).transpose()
}

fn read_capture(row: &Row) -> Read<Capture> {
    let columns = &mut Columns::of(row);
    Ok(Capture {
        id: columns.id(IdKind::Capture)?,
        received_at: columns.time()?,
        provider: columns.non_empty()?,
        event: columns.non_empty()?.map(RemoteText::from),
        verdict: columns.word()?.unwrap_or(Verdict::Unchecked),
        reason: columns.word()?,
        duplicate_of: columns.optional_id(IdKind::Capture)?,
        candidates: columns
            .optional_text()?
            .map(|list| list.split(',').map(str::to_owned).collect())
            .unwrap_or_default(),
        request: Request {
            method: columns.text()?,
            target: columns.text()?,
            headers: columns.headers()?,
            body: columns.next::<Vec<u8>>()?.into(),
        },
        response_status: columns.small()?,
        response_body: columns.next()?,
        response_headers: columns.headers()?,
        response_fault: columns.word()?,
        sent_by: columns.word()?,
        destinations: columns.destinations()?,
        over_tls: columns.next()?,
        peer: columns.word()?,
        endpoint: columns.non_empty()?,
        response_end: columns.word()?,
        same_id_changed: columns.next()?,
    })
}

/// What [`deliveries`] reads, behind the row's place.
const WHOLE_DELIVERY: &str = "t.seq, t.id, t.provider, t.event, t.outcome, t.url, t.failure, t.replay_of, t.method, t.target, t.headers, t.body,
    t.started_us, t.endpoint, t.signs_afresh, t.next_attempt_us, l.process, t.faults, t.wanted, t.speed, t.subscription, t.emulated_event";

/// A delivery of a workspace by its id.
pub(super) async fn delivery(
    client: &impl GenericClient,
    workspace: &str,
    id: Id,
    now: Timestamp,
) -> Read<Option<Delivery>> {
    let sql = format!(
        "SELECT {WHOLE_DELIVERY} FROM hookcli.delivery t {} WHERE t.workspace = $1 AND t.id = $2",
        lease_join(now)
    );
    let rows = client
        .query(&sql, &[&workspace, &id.ulid.to_string()])
        .await?;
    Ok(with_attempts(client, &rows).await?.pop())
}

/// The deliveries at these places, in that order.
pub(super) async fn deliveries(
    client: &impl GenericClient,
    places: &[i64],
    now: Timestamp,
) -> Read<Vec<Delivery>> {
    let sql = format!(
        "SELECT {WHOLE_DELIVERY} FROM hookcli.delivery t {} WHERE t.seq = ANY($1) ORDER BY array_position($1, t.seq)",
        lease_join_at("$2")
    );
    let select = client.prepare_cached(&sql).await?;
    let rows = client
        .query(&select, &[&places, &now.as_microsecond()])
        .await?;
    with_attempts(client, &rows).await
}

async fn with_attempts(client: &impl GenericClient, rows: &[Row]) -> Read<Vec<Delivery>> {
    let mut all = Vec::with_capacity(rows.len());
    let mut places: Vec<i64> = Vec::with_capacity(rows.len());
    for row in rows {
        let columns = &mut Columns::of(row);
        places.push(columns.next()?);
        all.push(read_delivery(columns)?);
    }
    let select = client
        .prepare_cached(
            "SELECT delivery, number, started_us, duration_us, status, error_code, error, response_headers, response_body,
                    response_truncated, dns_us, connect_us, tls_us, first_byte_us
             FROM hookcli.attempt WHERE delivery = ANY($1) ORDER BY delivery, number",
        )
        .await?;
    for row in client.query(&select, &[&places]).await? {
        let columns = &mut Columns::of(&row);
        let place: i64 = columns.next()?;
        let attempt = read_attempt(columns)?;
        let of = places.iter().position(|one| *one == place);
        if let Some(delivery) = of.and_then(|index| all.get_mut(index)) {
            delivery.attempts.push(attempt);
        }
    }
    Ok(all)
}

fn read_delivery(columns: &mut Columns<'_>) -> Read<Delivery> {
    let (id, provider, event) = (
        columns.id(IdKind::Delivery)?,
        columns.non_empty()?,
        columns.non_empty()?.map(RemoteText::from),
    );
    let (outcome, url, failure, replay_of) = (
        columns.word()?.unwrap_or(Outcome::Unknown),
        columns.text()?,
        columns.optional_text()?.map(RemoteText::from),
        columns.optional_id(IdKind::Capture)?,
    );
    let request = Request {
        method: columns.text()?,
        target: columns.text()?,
        headers: columns.headers()?,
        body: columns.next::<Vec<u8>>()?.into(),
    };
    Ok(Delivery {
        id,
        provider,
        event,
        outcome,
        url,
        failure,
        replay_of,
        request,
        started_at: columns.time()?,
        endpoint: columns.non_empty()?,
        signed: columns.next()?,
        next_attempt_at: columns.optional_time()?,
        worker: columns.optional_small()?,
        faults: columns.faults()?,
        wanted: columns.next()?,
        speed: columns.next()?,
        emulated: {
            let subscription: Option<i64> = columns.next()?;
            let event: Option<i64> = columns.next()?;
            subscription
                .zip(event)
                .map(|(subscription, event)| Emulated {
                    subscription,
                    event,
                })
        },
        attempts: Vec::new(),
    })
}

fn read_attempt(columns: &mut Columns<'_>) -> Read<Attempt> {
    let (number, started_at, duration) =
        (columns.small()?, columns.time()?, micros(columns.next()?));
    let status: Option<u16> = columns.optional_small()?;
    let kind: Option<AttemptErrorKind> = columns.word()?;
    let message = columns.optional_text()?;
    let headers = columns.headers()?;
    let body: Vec<u8> = columns.next()?;
    let truncated = columns.next()?;
    let result = match status {
        Some(status) => Ok(Response {
            status,
            headers,
            body: body.into(),
            truncated,
        }),
        None => Err(AttemptError {
            kind: kind.unwrap_or(AttemptErrorKind::Unknown),
            message: message.unwrap_or_default().into(),
        }),
    };
    Ok(Attempt {
        number,
        started_at,
        duration,
        result,
        phases: Phases {
            dns: columns.span()?,
            connect: columns.span()?,
            tls: columns.span()?,
            first_byte: columns.span()?,
        },
    })
}

/// The ids of a workspace that a condition on `t.id` selects, the newest first where it is wanted so.
pub(super) async fn ids(
    client: &impl GenericClient,
    kind: IdKind,
    workspace: &str,
    condition: &str,
    pattern: &str,
) -> Read<Vec<String>> {
    let (table, ..) = table_of(kind);
    let sql = format!(
        "SELECT t.id FROM {table} t WHERE t.workspace = $1 AND {condition} ORDER BY t.id LIMIT 5"
    );
    let rows = client.query(&sql, &[&workspace, &pattern]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(row.try_get(0)?);
    }
    Ok(found)
}

/// The newest but so many.
pub(super) async fn newest(
    client: &impl GenericClient,
    kind: IdKind,
    workspace: &str,
    back: i64,
) -> Read<Option<String>> {
    let (table, ..) = table_of(kind);
    let sql = format!(
        "SELECT t.id FROM {table} t WHERE t.workspace = $1 ORDER BY t.at_ms DESC, t.seq DESC LIMIT 1 OFFSET $2"
    );
    let row = client.query_opt(&sql, &[&workspace, &back]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

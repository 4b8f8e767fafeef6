//! What the newest deliveries come to: times, outcomes by event, and how many there were over time.

use std::collections::HashMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::Timestamp;
use serde::Serialize;

use super::answers::ApiError;
use super::captures::ListQuery;
use super::state::Shared;
use crate::delivery::Figures;
use crate::model::{DeliveryOutline, Outcome, RemoteText};
use crate::search::{self, Scope};
use crate::store::{Order, PageRequest};
use crate::view::{DeliveryStats, count_delivery, time_text};

/// How many of the newest deliveries are counted.
const COUNTED: usize = 20_000;
/// How many are read at once for that.
const PAGE_ROWS: usize = 500;
/// How many events are told apart: those with the most deliveries.
const MOST_EVENTS: usize = 20;
/// Into how many steps the time is divided.
const STEPS: usize = 40;

/// Figures of the newest deliveries that a query selects.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct StatsAnswer {
    #[serde(flatten)]
    stats: DeliveryStats,
    /// There are more deliveries, older than those that were counted.
    is_cut: bool,
    /// The outcomes of each event, those with the most deliveries first; at most 20 events.
    by_event: Vec<EventOutcomes>,
    /// How many deliveries started in each of 40 equal steps of time, the oldest first.
    timeline: Vec<TimelineStep>,
}

/// What became of the deliveries of an event.
#[derive(Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EventOutcomes {
    /// The provider.
    provider: Option<String>,
    /// The event type.
    event: Option<RemoteText>,
    /// Delivered.
    delivered: u64,
    /// Failed.
    failed: u64,
    /// Pending, or with an attempt that may have arrived.
    open: u64,
}

impl EventOutcomes {
    fn all(&self) -> u64 {
        self.delivered + self.failed + self.open
    }
}

/// A part of the time.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct TimelineStep {
    /// When it begins.
    from: String,
    /// Deliveries that started in it.
    deliveries: u64,
}

pub(super) async fn stats(
    State(inspector): Shared,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<StatsAnswer>, ApiError> {
    let Query(asked) = query?;
    let options = &inspector.options;
    let query = search::parse(&asked.q, Scope::Deliveries, options.time.now())?;
    let mut outlines: Vec<DeliveryOutline> = Vec::new();
    let mut after = None;
    let is_cut = loop {
        let page = PageRequest {
            order: Order::NewestFirst,
            after,
            limit: PAGE_ROWS,
        };
        let page = options.store.outlines(&query, page).await?;
        outlines.extend(page.rows);
        after = page.next;
        if after.is_none() || outlines.len() >= COUNTED {
            break after.is_some();
        }
    };
    let mut figures = Figures::default();
    // From the oldest on: failures in a row are counted.
    for outline in outlines.iter().rev() {
        count_delivery(&mut figures, outline);
    }
    Ok(Json(StatsAnswer {
        stats: DeliveryStats::new(&figures, &[]),
        is_cut,
        timeline: timeline(&outlines),
        by_event: by_event(outlines),
    }))
}

fn by_event(outlines: Vec<DeliveryOutline>) -> Vec<EventOutcomes> {
    let mut all: HashMap<(Option<String>, Option<RemoteText>), EventOutcomes> = HashMap::new();
    for outline in outlines {
        let outcomes = all.entry((outline.provider, outline.event)).or_default();
        match outline.outcome {
            Outcome::Delivered => outcomes.delivered += 1,
            Outcome::Failed => outcomes.failed += 1,
            Outcome::Pending | Outcome::Unknown => outcomes.open += 1,
        }
    }
    let named = all
        .into_iter()
        .map(|((provider, event), outcomes)| EventOutcomes {
            provider,
            event,
            ..outcomes
        });
    let mut named: Vec<EventOutcomes> = named.collect();
    named.sort_by(|one, other| {
        let name = |of: &EventOutcomes| (of.provider.clone(), of.event.clone());
        other
            .all()
            .cmp(&one.all())
            .then_with(|| name(one).cmp(&name(other)))
    });
    named.truncate(MOST_EVENTS);
    named
}

/// The newest come first.
fn timeline(outlines: &[DeliveryOutline]) -> Vec<TimelineStep> {
    let started = || outlines.iter().map(|outline| outline.started_at);
    let (Some(first), Some(last)) = (started().min(), started().max()) else {
        return Vec::new();
    };
    let (begin, end) = (first.as_millisecond(), last.as_millisecond());
    let steps = STEPS as i64;
    let step = (end - begin) / steps + 1;
    let mut counts = [0; STEPS];
    for at in started() {
        let index = (at.as_millisecond() - begin) / step;
        counts[usize::try_from(index).unwrap_or_default().min(STEPS - 1)] += 1;
    }
    let each = (0..).zip(counts).map(|(index, deliveries)| TimelineStep {
        from: Timestamp::from_millisecond(begin + index * step)
            .map(time_text)
            .unwrap_or_default(),
        deliveries,
    });
    each.collect()
}

//! Deliveries, as a provider tells of them, and made again.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::actions::{Call, Done, MOST_LISTED};
use super::error::{EmulatorError, not_found, refused};
use super::lists::{Listed, listed};
use super::state::{Emulated, Emulator};
use super::template::{Facts, json_text};
use crate::catalog::ErrorKind;
use crate::model::{Delivery, Headers, Id, IdKind, Outcome};
use crate::search::Query;
use crate::store::{Order, PageRequest};

impl Emulator {
    pub(super) async fn list_deliveries(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let mut conditions = Vec::new();
        if call.named.contains_key("id") {
            conditions.push(Query::OfSubscription(self.named(emulated, call)?.number));
        }
        if call.named.contains_key("event") {
            let event = self.named_event(emulated, call).await?;
            conditions.push(Query::OfEmulatedEvent(event.number));
            // An event of everybody went to others, too.
            let own = self.subscriptions_of(emulated.name(), Some(&call.scope));
            let own = own.iter().map(|one| Query::OfSubscription(one.number));
            conditions.push(Query::Any(own.collect()));
        }
        let page = PageRequest::newest(MOST_LISTED);
        let found = self.store.deliveries(&Query::All(conditions), page).await?;
        let is_of_attempts = emulated.management.ids.delivery.contains("{ulid}");
        // One row for each attempt, where the provider numbers those.
        let rows: Vec<(Id, u32)> = found
            .rows
            .iter()
            .flat_map(|row| match is_of_attempts {
                true => (1..=row.attempts)
                    .rev()
                    .map(|number| (row.id, number))
                    .collect(),
                false => vec![(row.id, row.attempts)],
            })
            .collect();
        let format = &emulated.management.ids.delivery;
        let paging = call.paging(emulated)?;
        let Listed {
            items,
            mut facts,
            headers,
        } = listed(
            rows,
            &paging,
            |(id, number)| delivery_id(format, *id, *number),
            &call.url,
        )?;
        let mut shapes = Vec::with_capacity(items.len());
        for (id, number) in items {
            let delivery = self.store.delivery(id).await?;
            let shown = self.delivery_facts(emulated, &delivery, number).await?;
            let has_summary = emulated.management.shapes.contains_key("delivery_summary");
            let shape = if has_summary {
                "delivery_summary"
            } else {
                "delivery"
            };
            shapes.push(emulated.shaped(shape, &shown));
        }
        facts.set_text("items", format!("[{}]", shapes.join(",")));
        Ok(Done {
            facts,
            headers,
            ..Done::default()
        })
    }

    /// The delivery that a call names, and which of its attempts.
    pub(super) async fn named_delivery(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<(Delivery, u32), EmulatorError> {
        let name = call.name("delivery")?;
        let missing = || not_found("delivery", name);
        let mut conditions = Vec::new();
        if call.named.contains_key("id") {
            conditions.push(Query::OfSubscription(self.named(emulated, call)?.number));
        }
        let (id, number) = match read_delivery_id(&emulated.management.ids.delivery, name) {
            Some(DeliveryName::Ulid(id, number)) => (id, number),
            Some(DeliveryName::Number(number)) => {
                let at = time_of_number(number).ok_or_else(missing)?;
                let end = at.checked_add(Duration::from_millis(1)).unwrap_or(at);
                conditions.extend([Query::Since(at), Query::Until(end)]);
                let page = PageRequest::newest(MOST_LISTED);
                let found = self
                    .store
                    .deliveries(&Query::All(conditions.clone()), page)
                    .await?;
                let mut rows = found.rows.into_iter();
                let row = rows
                    .find(|row| number_of(row.id) == number)
                    .ok_or_else(missing)?;
                (row.id, row.attempts)
            }
            None => return Err(missing()),
        };
        let delivery = self.store.delivery(id).await.map_err(|_| missing())?;
        let of = delivery.emulated.ok_or_else(missing)?;
        if call.named.contains_key("event")
            && self.named_event(emulated, call).await?.number != of.event
        {
            return Err(missing());
        }
        let subscription = self.subscription(of.subscription);
        let is_own = subscription
            .is_some_and(|one| one.key.provider == emulated.name() && one.key.scope == call.scope);
        match is_own {
            true => Ok((delivery, number)),
            false => Err(missing()),
        }
    }

    pub(super) async fn delivery_facts(
        &self,
        emulated: &Emulated,
        delivery: &Delivery,
        number: u32,
    ) -> Result<Facts, EmulatorError> {
        let mut facts = Facts::default();
        let management = &emulated.management;
        facts.set(
            "id",
            delivery_id(&management.ids.delivery, delivery.id, number),
        );
        facts.set("url", delivery.url.clone());
        facts.set(
            "type",
            delivery
                .event
                .as_ref()
                .map(|event| event.unescaped().to_owned()),
        );
        facts.set_time("created", delivery.started_at);
        if let Some(of) = delivery.emulated {
            if let Some(event) = self.event(of.event).await? {
                facts.set("event_id", event.id());
                facts.set("event", event.value());
                facts.set_text("payload", event.document.payload.clone());
            }
            let subscription = self.subscription(of.subscription);
            facts.set(
                "subscription_id",
                subscription.map(|one| one.key.id.clone()),
            );
            let same = Query::All(vec![
                Query::OfEmulatedEvent(of.event),
                Query::OfSubscription(of.subscription),
            ]);
            let first = PageRequest {
                order: Order::OldestFirst,
                after: None,
                limit: 1,
            };
            let first = self.store.deliveries(&same, first).await?;
            let is_first = first.rows.first().is_none_or(|row| row.id == delivery.id);
            facts.set("is_redelivery", !is_first);
        }
        let headers = |headers: &Headers| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let all = headers.iter();
            Value::Object(
                all.map(|(name, value)| (name.to_owned(), Value::from(text(value))))
                    .collect(),
            )
        };
        facts.set("request_headers", headers(&delivery.request.headers));
        facts.set_text(
            "request_body",
            as_json(&String::from_utf8_lossy(&delivery.request.body)),
        );
        let attempt = delivery.attempts.iter().find(|one| one.number == number);
        let attempt = attempt.or(delivery.attempts.last());
        // An attempt before the last one did not deliver.
        let is_last = attempt
            .is_none_or(|one| Some(one.number) == delivery.attempts.last().map(|last| last.number));
        let outcome = match is_last {
            true => delivery.outcome,
            false => Outcome::Failed,
        };
        let named = management.outcomes.get(outcome.name()).cloned();
        facts.set("outcome", named.unwrap_or_else(|| outcome.name().into()));
        let text = management.outcome_texts.get(outcome.name());
        facts.set("outcome_text", text.map_or(outcome.name(), String::as_str));
        facts.set(
            "next_attempt",
            delivery.next_attempt_at.map(|at| at.to_string()),
        );
        facts.set("attempts", delivery.attempts.len());
        if let Some(attempt) = attempt {
            facts.set("attempt", attempt.number);
            facts.set_time("attempted", attempt.started_at);
            facts.set("duration_ms", attempt.duration.as_millis() as u64);
            facts.set("status", attempt.status());
            match &attempt.result {
                Ok(response) => {
                    facts.set("response_headers", headers(&response.headers));
                    let body = String::from_utf8_lossy(&response.body).into_owned();
                    facts.set("response_body", body);
                }
                Err(error) => facts.set("error", error.kind.name()),
            }
        }
        Ok(facts)
    }

    pub(super) async fn resend(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let (event, subscription) = match call.named.contains_key("delivery") {
            true => {
                let (delivery, _) = self.named_delivery(emulated, call).await?;
                let of = delivery.emulated;
                let of = of.ok_or_else(|| not_found("delivery", &delivery.id.to_string()))?;
                let gone = || refused(ErrorKind::NotFound, "the event is no longer kept");
                let event = self.event(of.event).await?.ok_or_else(gone)?;
                let gone = || refused(ErrorKind::NotFound, "the webhook was removed");
                (event, self.subscription(of.subscription).ok_or_else(gone)?)
            }
            false => (
                self.named_event(emulated, call).await?,
                self.named(emulated, call)?,
            ),
        };
        let sent = self
            .enqueue(emulated, &event, std::slice::from_ref(&subscription))
            .await?;
        let mut facts = event.facts();
        let format = &emulated.management.ids.delivery;
        facts.set(
            "delivery_id",
            sent.first().map(|id| delivery_id(format, *id, 1)),
        );
        Ok(Done {
            facts,
            ..Done::default()
        })
    }
}

impl Emulator {
    /// Makes a delivery to a subscription again: another one, of the same event.
    ///
    /// # Errors
    /// It was not made to that subscription, its event is no longer kept, or it cannot be written.
    pub async fn resend_delivery(
        &self,
        subscription: i64,
        delivery: Id,
    ) -> Result<Option<Id>, EmulatorError> {
        let missing = || not_found("delivery", &delivery.to_string());
        let recorded = self.store.delivery(delivery).await?;
        let of = recorded.emulated.ok_or_else(missing)?;
        let to = self.subscription(subscription).ok_or_else(missing)?;
        let emulated = self.emulated_of(&to.key.provider).ok_or_else(missing)?;
        if of.subscription != subscription {
            return Err(missing());
        }
        let gone = || refused(ErrorKind::NotFound, "the event is no longer kept");
        let event = self.event(of.event).await?.ok_or_else(gone)?;
        let added = self.enqueue(emulated, &event, &[to]).await?;
        Ok(added.first().copied())
    }
}

/// Text that is JSON as it is, other text as a text of JSON.
fn as_json(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => text.to_owned(),
        Err(_) => json_text(text),
    }
}

/// How a provider names a delivery.
enum DeliveryName {
    Ulid(Id, u32),
    Number(u64),
}

/// The number of a delivery that a client in JavaScript can keep: below 2^53, of its time and some of what is random in
/// its id.
fn number_of(id: Id) -> u64 {
    let random = u64::try_from(id.ulid.random() & 0xfff).unwrap_or_default();
    (id.ulid.timestamp_ms().saturating_sub(NUMBERED_FROM_MS) << 12) | random
}

/// Numbers begin in 2017.
const NUMBERED_FROM_MS: u64 = 1_500_000_000_000;

/// When a delivery of that number began.
fn time_of_number(number: u64) -> Option<Timestamp> {
    let ms = (number >> 12).checked_add(NUMBERED_FROM_MS)?;
    Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()
}

/// The provider's name for an attempt of a delivery.
fn delivery_id(format: &str, id: Id, attempt: u32) -> String {
    let ulid = format!("{}{attempt:02}", id.ulid.to_string().to_lowercase());
    format
        .replace("{ulid}", &ulid)
        .replace("{number}", &number_of(id).to_string())
}

fn read_delivery_id(format: &str, name: &str) -> Option<DeliveryName> {
    if let Some((before, after)) = format.split_once("{ulid}") {
        let ulid = name.strip_prefix(before)?.strip_suffix(after)?;
        let (id, attempt) = ulid.split_at_checked(26)?;
        let id = Id::from_ulid_text(IdKind::Delivery, &id.to_uppercase())?;
        return Some(DeliveryName::Ulid(id, attempt.parse().ok()?));
    }
    let (before, after) = format.split_once("{number}")?;
    let number = name.strip_prefix(before)?.strip_suffix(after)?;
    number.parse().ok().map(DeliveryName::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_found_by_the_name_that_it_has() {
        let now = Timestamp::from_millisecond(1_795_773_600_123).unwrap();
        let id = Id::delivery(now, &mut fastrand::Rng::with_seed(7));
        let number = number_of(id);
        assert!(number < 1 << 53);
        assert_eq!(time_of_number(number), Some(now));
        let name = delivery_id("{number}", id, 1);
        assert!(
            matches!(read_delivery_id("{number}", &name), Some(DeliveryName::Number(n)) if n == number)
        );
        let name = delivery_id("atmpt_{ulid}", id, 12);
        assert!(
            matches!(read_delivery_id("atmpt_{ulid}", &name), Some(DeliveryName::Ulid(found, 12)) if found == id)
        );
        for name in [
            "",
            "atmpt_",
            "atmpt_x",
            "atmpt_é",
            "x",
            "99999999999999999999999",
        ] {
            assert!(read_delivery_id("atmpt_{ulid}", name).is_none());
        }
    }
}

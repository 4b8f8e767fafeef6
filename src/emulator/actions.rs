//! What the routes of a provider's API do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::events::{EmulatedEvent, EmulatorError, Publication, new_id, refused};
use super::input::{Fault, at, fields_of, plain};
use super::lists::{Listed, Paging, listed};
use super::state::{Emulated, Emulator};
use super::subscription::{
    Subscription, SubscriptionDocument, SubscriptionState, fits, is_known_pattern, key,
};
use super::template::{Facts, json_text, render};
use crate::catalog::{Action, ErrorKind, FieldKind};
use crate::model::{
    Delivery, EmulatedRecord, Id, KeptSecret, Outcome, RecordKey, RecordKind, RecordQuery, Secret,
};
use crate::search::Query;
use crate::signature::new_keys;
use crate::store::{Order, PageRequest};

/// A request that has found its route.
#[derive(Clone)]
pub(super) struct Call {
    pub action: Action,
    /// The path's parameters that have a meaning.
    pub named: BTreeMap<String, String>,
    /// What the others come to.
    pub scope: String,
    pub query: Vec<(String, String)>,
    pub body: Value,
    /// The URL that was called, without its query.
    pub url: String,
    /// That of the list which the named thing is in.
    pub base: String,
}

impl Call {
    fn name(&self, name: &str) -> Result<&str, EmulatorError> {
        let found = self.named.get(name).map(String::as_str);
        found.ok_or_else(|| refused(ErrorKind::NotFound, format!("the route has no {{{name}}}")))
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        let found = query.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What an answer can say of a subscription.
    fn facts_of(&self, emulated: &Emulated, one: &Subscription, shows_secret: bool) -> Facts {
        let mut facts = one.facts(&emulated.management, shows_secret);
        facts.set("base", self.base.clone());
        facts
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }
}

/// What an action comes to.
#[derive(Default)]
pub(super) struct Done {
    pub facts: Facts,
    /// The shape that is answered where the provider says nothing else.
    pub shape: Option<&'static str>,
    pub headers: Vec<(String, String)>,
    /// The subscription that it is about.
    pub about: Option<i64>,
}

impl Done {
    fn of(shape: &'static str, facts: Facts) -> Self {
        Self {
            facts,
            shape: Some(shape),
            ..Self::default()
        }
    }
}

/// How many events and deliveries are looked through for a list.
const MOST_LISTED: usize = 1000;
/// How long a URL's host, a name or an id may be.
const LONGEST_ID: usize = 256;

impl Emulator {
    pub(super) async fn act(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let scope = self.scope_of(emulated, call).await?;
        let call = &Call {
            scope,
            ..call.clone()
        };
        let about = self.named(emulated, call).ok().map(|one| one.number);
        let done = self.carry_out(emulated, call).await?;
        Ok(Done { about, ..done })
    }

    async fn carry_out(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        match call.action {
            Action::Create => self.create(emulated, call).await,
            Action::List => Ok(self.list(emulated, call)),
            Action::Show | Action::ShowConfig => {
                let found = self.named(emulated, call)?;
                Ok(Done::of(
                    "subscription",
                    call.facts_of(emulated, &found, false),
                ))
            }
            Action::Update | Action::UpdateConfig => self.update(emulated, call).await,
            Action::Remove => self.remove(emulated, call).await,
            Action::Pause => self.set_active(emulated, call, false).await,
            Action::Resume => self.set_active(emulated, call, true).await,
            Action::ShowSecret => {
                let found = self.named(emulated, call)?;
                Ok(Done::of(
                    "subscription",
                    call.facts_of(emulated, &found, true),
                ))
            }
            Action::RotateSecret => self.rotate(emulated, call).await,
            Action::Test | Action::Ping => self.test(emulated, call).await,
            Action::SendExample => self.send_example(emulated, call).await,
            Action::Recover => self.recover_named(emulated, call).await,
            Action::ListDeliveries | Action::ListEventDeliveries => {
                self.list_deliveries(emulated, call).await
            }
            Action::ShowDelivery => {
                let (delivery, number) = self.named_delivery(emulated, call).await?;
                let facts = self.delivery_facts(emulated, &delivery, number).await?;
                Ok(Done::of("delivery", facts))
            }
            Action::Resend => self.resend(emulated, call).await,
            Action::CreateEvent => self.create_event(emulated, call).await,
            Action::ListEvents => self.list_events(emulated, call).await,
            Action::ShowEvent => {
                let event = self.named_event(emulated, call).await?;
                Ok(Done::of("event", event.facts()))
            }
            Action::ShowObject => self.show_object(emulated, call).await,
            Action::CreateContainer => self.create_container(emulated, call).await,
            Action::ListContainers => self.list_containers(emulated, call).await,
            Action::ShowContainer => {
                let record = self.named_container(emulated, call).await?;
                Ok(Done::of("container", container_facts(&record)))
            }
            Action::UpdateContainer => self.update_container(emulated, call).await,
            Action::RemoveContainer => self.remove_container(emulated, call).await,
        }
    }

    /// The scope of a call; where it is in a container, that has to be there.
    async fn scope_of(&self, emulated: &Emulated, call: &Call) -> Result<String, EmulatorError> {
        let is_of_containers = matches!(
            call.action,
            Action::CreateContainer
                | Action::ListContainers
                | Action::ShowContainer
                | Action::UpdateContainer
                | Action::RemoveContainer
        );
        if emulated.management.container.is_none() || is_of_containers {
            return Ok(call.scope.clone());
        }
        let container = self.named_container(emulated, call).await?;
        Ok(format!("container={}", container.key.id))
    }

    async fn create(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let created = self.subscribe(emulated, &call.scope, &call.body).await?;
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &created, true),
        ))
    }

    /// Creates a subscription of what a client says.
    pub(super) async fn subscribe(
        &self,
        emulated: &Emulated,
        scope: &str,
        body: &Value,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let management = &emulated.management;
        let given = fields_of(&management.fields, body, false, &self.options.allowed)?;
        check_events(emulated, &given)?;
        let editing = self.editing.lock().await;
        let others = self.subscriptions_of(emulated.name(), Some(scope));
        if let Some(most) = management.most_subscriptions
            && others.len() >= most
        {
            return Err(refused(
                ErrorKind::TooMany,
                format!("there are {most} webhooks already, which is the limit"),
            ));
        }
        let url = given.get("url").and_then(Value::as_str).unwrap_or_default();
        if management.unique_urls && others.iter().any(|one| one.document.url == url) {
            return Err(refused(
                ErrorKind::Conflict,
                "a webhook with this URL exists already",
            ));
        }
        let now = self.now();
        let id = new_id(
            &management.ids.subscription,
            now,
            &mut self.options.random.fork(),
        );
        let mut subscription = Subscription {
            number: 0,
            key: key(emulated.name(), scope, &id),
            created_at: now,
            failing_since: None,
            secrets: Vec::new(),
            document: SubscriptionDocument {
                url: String::new(),
                events: Vec::new(),
                state: SubscriptionState::Active,
                uid: None,
                fields: Map::new(),
                updated_at: now,
                failures_in_a_row: 0,
                last_response: None,
            },
        };
        subscription.apply(given, now);
        if subscription.secrets.is_empty() {
            subscription.secrets.extend(new_secret(emulated)?);
        }
        let numbers = self.store.add_records(vec![subscription.record()]).await?;
        let number = numbers.and_then(|numbers| numbers.first().copied());
        subscription.number = number
            .ok_or_else(|| refused(ErrorKind::Conflict, "there is a webhook of that id already"))?;
        let kept = self.keep(subscription);
        // What is published waits for the queue's worker, and that for this.
        drop(editing);
        if let Some(sent) = &emulated.provider.on_subscribe {
            let publication = Publication {
                event: sent.event.clone(),
                scope: Some(scope.to_owned()),
                only: Some(kept.number),
                ..Publication::default()
            };
            self.publish(emulated, publication).await?;
        }
        Ok(kept)
    }

    fn list(&self, emulated: &Emulated, call: &Call) -> Done {
        let mut all = self.subscriptions_of(emulated.name(), Some(&call.scope));
        if emulated.management.pages.newest_first {
            all.reverse();
        }
        self.page(
            emulated,
            call,
            all,
            |one| one.key.id.clone(),
            |some| {
                some.iter()
                    .map(|one| {
                        shaped(
                            emulated,
                            "subscription",
                            &call.facts_of(emulated, one, false),
                        )
                    })
                    .collect()
            },
        )
    }

    fn page<T>(
        &self,
        emulated: &Emulated,
        call: &Call,
        all: Vec<T>,
        id_of: impl Fn(&T) -> String,
        shape: impl FnOnce(&[T]) -> Vec<String>,
    ) -> Done {
        let asked = |name: &str| call.parameter(name).map(str::to_owned);
        let paging = Paging::read(&emulated.management.pages, &asked);
        let Listed {
            items,
            mut facts,
            headers,
        } = listed(all, &paging, id_of, &call.url);
        let shapes = shape(&items);
        facts.set_text("items", format!("[{}]", shapes.join(",")));
        facts.set("url", call.url.clone());
        facts.set("path", path_of(&call.url));
        Done {
            facts,
            headers,
            ..Done::default()
        }
    }

    /// The subscription that a call names.
    fn named(&self, emulated: &Emulated, call: &Call) -> Result<Arc<Subscription>, EmulatorError> {
        let id = call.name("id")?;
        self.find(emulated, &call.scope, id)
    }

    pub(super) fn find(
        &self,
        emulated: &Emulated,
        scope: &str,
        id: &str,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let mut own = self
            .subscriptions_of(emulated.name(), Some(scope))
            .into_iter();
        let found = own.find(|one| one.key.id == id || one.document.uid.as_deref() == Some(id));
        found.ok_or_else(|| not_found("webhook", id))
    }

    async fn update(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let management = &emulated.management;
        let mut body = call.body.clone();
        if call.action == Action::UpdateConfig {
            // The document is a part of the whole.
            body = serde_json::json!({ "config": body });
        }
        let given = fields_of(&management.fields, &body, true, &self.options.allowed)?;
        check_events(emulated, &given)?;
        let _editing = self.editing.lock().await;
        let mut changed = (*self.named(emulated, call)?).clone();
        changed.apply(given, self.now());
        self.store.change_record(&changed.record()).await?;
        let kept = self.keep(changed);
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &kept, false),
        ))
    }

    async fn remove(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let _editing = self.editing.lock().await;
        let found = self.named(emulated, call)?;
        self.store.remove_records(&[found.number]).await?;
        self.forget(found.number);
        Ok(Done {
            facts: call.facts_of(emulated, &found, false),
            ..Done::default()
        })
    }

    async fn set_active(
        &self,
        emulated: &Emulated,
        call: &Call,
        is_active: bool,
    ) -> Result<Done, EmulatorError> {
        let number = self.named(emulated, call)?.number;
        let kept = self.switch(number, is_active).await?;
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &kept, false),
        ))
    }

    /// Switches a subscription on or off.
    pub(super) async fn switch(
        &self,
        number: i64,
        is_active: bool,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let _editing = self.editing.lock().await;
        let found = self.subscription(number);
        let found = found.ok_or_else(|| not_found("webhook", &number.to_string()))?;
        let mut changed = (*found).clone();
        changed.set_active(is_active);
        changed.document.updated_at = self.now();
        self.store.change_record(&changed.record()).await?;
        Ok(self.keep(changed))
    }

    async fn rotate(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let rules = emulated.management.secret.as_ref();
        let brought = rules.and_then(|rules| at(&call.body, rules.rotated_to.as_ref()?));
        let brought = brought.and_then(Value::as_str).map(Secret::new);
        let number = self.named(emulated, call)?.number;
        let kept = self.rotate_secret(emulated, number, brought).await?;
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &kept, true),
        ))
    }

    /// Gives a subscription a new secret; the old one signs beside it for the provider's time.
    pub(super) async fn rotate_secret(
        &self,
        emulated: &Emulated,
        number: i64,
        brought: Option<Secret>,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let _editing = self.editing.lock().await;
        let found = self.subscription(number);
        let found = found.ok_or_else(|| not_found("webhook", &number.to_string()))?;
        let new = match brought {
            Some(secret) => secret,
            None => match new_secret(emulated)? {
                Some(kept) => kept.secret,
                None => {
                    return Err(refused(
                        ErrorKind::Refused,
                        "the provider makes no secrets: give one",
                    ));
                }
            },
        };
        let now = self.now();
        let grace = emulated.management.secret.as_ref().map(|rules| rules.grace);
        let grace = grace.unwrap_or_default().div_f64(self.options.speed);
        let until = (grace > Duration::ZERO).then(|| now.checked_add(grace).ok());
        let mut changed = (*found).clone();
        changed.rotate(new, until.flatten(), now);
        changed.document.updated_at = now;
        self.store.change_record(&changed.record()).await?;
        Ok(self.keep(changed))
    }

    async fn test(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let found = self.named(emulated, call)?;
        let provider = &emulated.provider;
        let (on_demand, on_subscribe) =
            (provider.on_demand.as_ref(), provider.on_subscribe.as_ref());
        let sent = match call.action {
            Action::Ping => on_subscribe,
            _ => on_demand.or(on_subscribe),
        };
        let sent =
            sent.ok_or_else(|| refused(ErrorKind::Refused, "the provider sends no test events"))?;
        self.publish_to(emulated, &found, &sent.event).await
    }

    async fn publish_to(
        &self,
        emulated: &Emulated,
        subscription: &Subscription,
        event: &str,
    ) -> Result<Done, EmulatorError> {
        let publication = Publication {
            event: event.to_owned(),
            scope: Some(subscription.key.scope.clone()),
            only: Some(subscription.number),
            ..Publication::default()
        };
        let published = self.publish(emulated, publication).await?;
        Ok(Done::of("event", published.event.facts()))
    }

    async fn send_example(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let found = self.named(emulated, call)?;
        let rules = emulated.management.new_event.as_ref();
        let event = rules.and_then(|rules| at(&call.body, &rules.event)?.as_str());
        let event =
            event.ok_or_else(|| refused(ErrorKind::Missing, "the event type is missing"))?;
        let is_known = emulated.provider.events.contains_key(event);
        let publication = Publication {
            event: event.to_owned(),
            payload: (!is_known).then(|| serde_json::json!({ "type": event }).to_string()),
            scope: Some(call.scope.clone()),
            only: Some(found.number),
            ..Publication::default()
        };
        let published = self.publish(emulated, publication).await?;
        Ok(Done::of("event", published.event.facts()))
    }

    async fn recover_named(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let found = self.named(emulated, call)?;
        let time = |name: &str| -> Result<Option<Timestamp>, EmulatorError> {
            let Some(text) = call.text(name) else {
                return Ok(None);
            };
            let wrong = |_| refused(ErrorKind::Invalid, format!("{name} is not a time"));
            text.parse().map(Some).map_err(wrong)
        };
        let since = time("since")?;
        let since = since.ok_or_else(|| refused(ErrorKind::Missing, "since is required"))?;
        let count = self
            .recover(emulated, &found, since, time("until")?)
            .await?;
        let mut facts = call.facts_of(emulated, &found, false);
        facts.set("count", count);
        facts.set(
            "task_id",
            new_id("{alnum:27}", since, &mut self.options.random.fork()),
        );
        Ok(Done {
            facts,
            ..Done::default()
        })
    }

    async fn list_deliveries(
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
        let asked = |name: &str| call.parameter(name).map(str::to_owned);
        let paging = Paging::read(&emulated.management.pages, &asked);
        let Listed {
            items,
            mut facts,
            headers,
        } = listed(
            rows,
            &paging,
            |(id, number)| delivery_id(format, *id, *number),
            &call.url,
        );
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
            shapes.push(shaped(emulated, shape, &shown));
        }
        facts.set_text("items", format!("[{}]", shapes.join(",")));
        Ok(Done {
            facts,
            headers,
            ..Done::default()
        })
    }

    /// The delivery that a call names, and which of its attempts.
    async fn named_delivery(
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
        let headers = |headers: &crate::model::Headers| {
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

    async fn resend(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
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

    async fn create_event(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let rules = emulated.management.new_event.clone();
        let rules = rules.ok_or_else(|| refused(ErrorKind::NotFound, "no such route"))?;
        let missing = |what: &str, path: &crate::payload::Path| {
            let mut fault = Fault::new(ErrorKind::Missing, format!("{what} is required"));
            fault.field = path.steps().join(".");
            EmulatorError::Fault(fault)
        };
        let event = at(&call.body, &rules.event).and_then(Value::as_str);
        let event = event.ok_or_else(|| missing("the event type", &rules.event))?;
        let payload = at(&call.body, &rules.payload);
        let payload = payload.ok_or_else(|| missing("the payload", &rules.payload))?;
        let client_key = rules.key.as_ref().and_then(|path| at(&call.body, path));
        let client_key = client_key.and_then(Value::as_str);
        if let Some(key) = client_key {
            self.check_event_key(emulated, &call.scope, key).await?;
        }
        let publication = Publication {
            event: event.to_owned(),
            payload: Some(payload.to_string()),
            key: client_key.map(str::to_owned),
            scope: Some(call.scope.clone()),
            ..Publication::default()
        };
        let published = self.publish(emulated, publication).await?;
        Ok(Done::of("event", published.event.facts()))
    }

    /// A client's own id of an event may be used once: it is kept as an object of that name.
    async fn check_event_key(
        &self,
        emulated: &Emulated,
        scope: &str,
        key: &str,
    ) -> Result<(), EmulatorError> {
        let record = EmulatedRecord {
            number: 0,
            key: RecordKey {
                provider: emulated.name().to_owned(),
                kind: RecordKind::Object,
                scope: format!("event_key:{scope}"),
                id: bounded(key)?.to_owned(),
            },
            created_at: self.now(),
            failing_since: None,
            document: "null".to_owned(),
            secrets: Vec::new(),
        };
        match self.store.add_records(vec![record]).await? {
            Some(_) => Ok(()),
            None => Err(refused(
                ErrorKind::Conflict,
                format!("there is an event with the id {key} already"),
            )),
        }
    }

    async fn list_events(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let query = RecordQuery {
            provider: emulated.name().to_owned(),
            kind: RecordKind::Event,
            scope: (!call.scope.is_empty()).then(|| call.scope.clone()),
            after: None,
            newest_first: true,
            limit: MOST_LISTED,
        };
        let records = self.store.records(&query).await?.into_iter();
        let events = records.filter_map(|record| EmulatedEvent::read(record).ok());
        let wanted = call.parameter("type").or(call.parameter("event_types"));
        let events = events.filter(|event| {
            wanted.is_none_or(|wanted| {
                let mut types = wanted.split(',');
                types.any(|one| {
                    let filter = &emulated.management.filter;
                    fits(&[one.to_owned()], &event.document.event, filter)
                })
            })
        });
        let events = events.collect();
        Ok(self.page(
            emulated,
            call,
            events,
            |one: &EmulatedEvent| one.id().to_owned(),
            |some| {
                some.iter()
                    .map(|one| shaped(emulated, "event", &one.facts()))
                    .collect()
            },
        ))
    }

    async fn named_event(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<EmulatedEvent, EmulatorError> {
        let id = call.name("event")?;
        // Events that everybody got are of no scope.
        for scope in [call.scope.as_str(), ""] {
            let key = RecordKey {
                provider: emulated.name().to_owned(),
                kind: RecordKind::Event,
                scope: scope.to_owned(),
                id: id.to_owned(),
            };
            let record = self.store.record_by_key(&key).await?;
            if let Some(event) = record.and_then(|record| EmulatedEvent::read(record).ok()) {
                return Ok(event);
            }
        }
        Err(not_found("event", id))
    }

    async fn show_object(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
        let id = call.name("object")?;
        let key = RecordKey {
            provider: emulated.name().to_owned(),
            kind: RecordKind::Object,
            scope: String::new(),
            id: id.to_owned(),
        };
        let record = self.store.record_by_key(&key).await?;
        let record = record.ok_or_else(|| not_found("object", id))?;
        let mut facts = Facts::default();
        facts.set_text("object", record.document);
        Ok(Done {
            facts,
            ..Done::default()
        })
    }

    async fn create_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let rules = emulated.management.container.as_ref();
        let rules = rules.ok_or_else(|| refused(ErrorKind::NotFound, "no such route"))?;
        let given = fields_of(&rules.fields, &call.body, false, &self.options.allowed)?;
        let uid = given.get("uid").and_then(Value::as_str);
        if let Some(uid) = uid
            && self.container(emulated, uid).await?.is_some()
        {
            return Err(refused(
                ErrorKind::Conflict,
                format!("{uid} exists already"),
            ));
        }
        let now = self.now();
        let mut record = EmulatedRecord {
            number: 0,
            key: RecordKey {
                provider: emulated.name().to_owned(),
                kind: RecordKind::Container,
                scope: String::new(),
                id: new_id(&rules.id, now, &mut self.options.random.fork()),
            },
            created_at: now,
            failing_since: None,
            document: Value::Object(given).to_string(),
            secrets: Vec::new(),
        };
        let numbers = self.store.add_records(vec![record.clone()]).await?;
        record.number = numbers
            .and_then(|all| all.first().copied())
            .unwrap_or_default();
        Ok(Done::of("container", container_facts(&record)))
    }

    async fn containers(&self, emulated: &Emulated) -> Result<Vec<EmulatedRecord>, EmulatorError> {
        let query = RecordQuery {
            provider: emulated.name().to_owned(),
            kind: RecordKind::Container,
            scope: None,
            after: None,
            newest_first: false,
            limit: MOST_LISTED,
        };
        Ok(self.store.records(&query).await?)
    }

    /// A container by its id, or the client's own name for it.
    async fn container(
        &self,
        emulated: &Emulated,
        name: &str,
    ) -> Result<Option<EmulatedRecord>, EmulatorError> {
        let key = RecordKey {
            provider: emulated.name().to_owned(),
            kind: RecordKind::Container,
            scope: String::new(),
            id: name.to_owned(),
        };
        if let Some(record) = self.store.record_by_key(&key).await? {
            return Ok(Some(record));
        }
        let mut all = self.containers(emulated).await?.into_iter();
        Ok(all.find(|record| {
            let document: Value = serde_json::from_str(&record.document).unwrap_or_default();
            document.get("uid").and_then(Value::as_str) == Some(name)
        }))
    }

    async fn named_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<EmulatedRecord, EmulatorError> {
        let name = call.name("container")?;
        let found = self.container(emulated, name).await?;
        found.ok_or_else(|| not_found("application", name))
    }

    async fn list_containers(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let all = self.containers(emulated).await?;
        Ok(self.page(
            emulated,
            call,
            all,
            |one: &EmulatedRecord| one.key.id.clone(),
            |some| {
                some.iter()
                    .map(|one| shaped(emulated, "container", &container_facts(one)))
                    .collect()
            },
        ))
    }

    async fn update_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let rules = emulated.management.container.as_ref();
        let rules = rules.ok_or_else(|| refused(ErrorKind::NotFound, "no such route"))?;
        let given = fields_of(&rules.fields, &call.body, true, &self.options.allowed)?;
        let _editing = self.editing.lock().await;
        let mut record = self.named_container(emulated, call).await?;
        let mut document: Map<String, Value> =
            serde_json::from_str(&record.document).unwrap_or_default();
        document.extend(given);
        record.document = Value::Object(document).to_string();
        self.store.change_record(&record).await?;
        Ok(Done::of("container", container_facts(&record)))
    }

    /// A container goes with all that is in it.
    async fn remove_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let _editing = self.editing.lock().await;
        let record = self.named_container(emulated, call).await?;
        let scope = format!("container={}", record.key.id);
        let inside = self.subscriptions_of(emulated.name(), Some(&scope));
        let mut numbers: Vec<i64> = inside.iter().map(|one| one.number).collect();
        numbers.push(record.number);
        self.store.remove_records(&numbers).await?;
        for number in numbers {
            self.forget(number);
        }
        Ok(Done {
            facts: container_facts(&record),
            ..Done::default()
        })
    }
}

fn container_facts(record: &EmulatedRecord) -> Facts {
    let mut facts = Facts::default();
    let fields: Value = serde_json::from_str(&record.document).unwrap_or_default();
    facts.set("id", record.key.id.clone());
    facts.set("fields", fields);
    facts.set_time("created", record.created_at);
    facts
}

/// A thing as the provider writes it.
pub(super) fn shaped(emulated: &Emulated, shape: &str, facts: &Facts) -> String {
    let template = emulated.management.shapes.get(shape);
    template.map_or_else(|| "{}".to_owned(), |template| render(template, facts))
}

/// Event types that the provider does not have are refused, where it would.
fn check_events(emulated: &Emulated, given: &Map<String, Value>) -> Result<(), EmulatorError> {
    let management = &emulated.management;
    if management.filter.accepts_unknown {
        return Ok(());
    }
    let rule = management.fields.iter();
    let mut rule = rule.filter(|(_, rule)| rule.kind == FieldKind::Events);
    let Some((name, rule)) = rule.next() else {
        return Ok(());
    };
    let Some(Value::Array(events)) = given.get(name) else {
        return Ok(());
    };
    let fault = |message: String, value: Option<String>| {
        EmulatorError::Fault(Fault {
            kind: ErrorKind::UnknownEvent,
            field: rule.at.steps().join("."),
            message: rule.invalid.clone().unwrap_or(message),
            value,
        })
    };
    if events.is_empty() && rule.required && !management.filter.empty_is_all {
        return Err(fault("no event is named".to_owned(), None));
    }
    for event in events {
        let pattern = event.as_str().unwrap_or_default();
        let known = emulated.provider.events.keys().map(String::as_str);
        if !is_known_pattern(pattern, known, &management.filter) {
            return Err(fault(
                format!("unknown event {pattern}"),
                Some(plain(event)),
            ));
        }
    }
    Ok(())
}

/// A new secret, where the provider makes them.
fn new_secret(emulated: &Emulated) -> Result<Option<KeptSecret>, EmulatorError> {
    let rules = emulated.management.secret.as_ref();
    let scheme = emulated.provider.signature.as_ref();
    let Some(scheme) = scheme.filter(|_| rules.is_some_and(|rules| !rules.from_client)) else {
        return Ok(None);
    };
    let keys = new_keys(scheme).map_err(|error| refused(ErrorKind::Refused, error.to_string()))?;
    Ok(Some(KeptSecret {
        secret: keys.signing,
        until: None,
    }))
}

fn not_found(what: &str, id: &str) -> EmulatorError {
    let mut fault = Fault::new(ErrorKind::NotFound, format!("there is no {what} {id}"));
    fault.value = Some(id.to_owned());
    EmulatorError::Fault(fault)
}

fn bounded(id: &str) -> Result<&str, EmulatorError> {
    match id.len() <= LONGEST_ID {
        true => Ok(id),
        false => Err(refused(ErrorKind::Invalid, "the id is too long")),
    }
}

/// Text that is JSON as it is, other text as a text of JSON.
fn as_json(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => text.to_owned(),
        Err(_) => json_text(text),
    }
}

fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/')
        .map_or_else(String::new, |at| rest[at..].to_owned())
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
        let id = Id::from_ulid_text(crate::model::IdKind::Delivery, &id.to_uppercase())?;
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

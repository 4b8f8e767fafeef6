//! Events: published, kept, and delivered to those who want them.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{EmulatorError, bounded, refused};
use super::state::{Emulated, Emulator};
use super::subscription::{Subscription, SubscriptionState, scope_facts};
use super::template::{Facts, fill, json_text, render_known};
use crate::catalog::{Content, ErrorKind, EventName, EventValue, prepare};
use crate::compose::{
    ComposeOptions, Composer, FixedKeys, PreparedRequest, Recipient, SchemaRule, sent_by_platform,
};
use crate::dispatch::recorded;
use crate::http::{Destination, DestinationError};
use crate::model::{
    Delivery, Emulated as OfRecords, EmulatedRecord, Headers, Id, InvalidText, Outcome, RecordKey,
    RecordKind,
};
use crate::payload::{Document, Edit, Path, apply};
use crate::search::{Pattern, Query};
use crate::store::{Order, PageRequest, StoreError};
use crate::view::redact;

/// How many deliveries are written in one commit.
const WRITTEN_AT_ONCE: usize = 256;
/// How many events, and objects in them, a provider keeps, and how many bytes of them.
const MOST_EVENTS: usize = 100_000;
const MOST_EVENT_BYTES: u64 = 512 << 20;
/// After so many events, or so many bytes of them, the oldest are looked for.
const TRIMMED_EVERY: i64 = 1000;
const TRIMMED_EVERY_BYTES: u64 = 64 << 20;
/// No payload is longer.
const LONGEST_PAYLOAD: usize = 10 << 20;

/// Between an event's id, which has no such character, and what tells it from another with the same one.
pub(super) const AGAIN: char = '\u{1f}';

/// An event as the store keeps it.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct EventDocument {
    pub event: String,
    /// As it is sent, but for what each subscription gets of its own.
    pub payload: String,
    /// The client's own id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Where its payload is the client's own; elsewhere it is the event's sample. All of it is the client's where nothing
    /// is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Vec<String>>,
    /// By which some subscriptions choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl EventDocument {
    /// Whether what is at that place is a sample's, and may be another for each subscription.
    fn is_sample(&self, place: &Path) -> bool {
        self.edited.as_ref().is_some_and(|edited| {
            let mut paths = edited.iter().filter_map(|text| text.parse::<Path>().ok());
            !paths.any(|path| {
                path.steps().starts_with(place.steps()) || place.steps().starts_with(path.steps())
            })
        })
    }
}

/// An event of an emulated provider.
#[derive(Clone, Debug, PartialEq)]
pub struct EmulatedEvent {
    pub number: i64,
    pub key: RecordKey,
    pub created_at: Timestamp,
    pub document: EventDocument,
}

impl EmulatedEvent {
    pub(super) fn read(record: EmulatedRecord) -> Result<Self, serde_json::Error> {
        Ok(Self {
            number: record.number,
            created_at: record.created_at,
            document: serde_json::from_str(&record.document)?,
            key: record.key,
        })
    }

    /// The id of what happened. What happens to one thing several times has the same.
    pub fn id(&self) -> &str {
        self.key.id.split(AGAIN).next().unwrap_or_default()
    }

    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        facts.set("id", self.id());
        facts.set("key", self.document.key.clone());
        facts.set("type", self.document.event.clone());
        facts.set_time("created", self.created_at);
        facts.set("scope", scope_facts(&self.key.scope));
        facts.set_text("payload", self.document.payload.clone());
        facts.set("event", self.value());
        let tags = &self.document.tags;
        facts.set("tags", (!tags.is_empty()).then(|| tags.clone()));
        facts
    }

    /// Its payload's values.
    pub(super) fn value(&self) -> Value {
        serde_json::from_str(&self.document.payload).unwrap_or_default()
    }
}

/// An event that is to be published.
#[derive(Debug, Default)]
pub struct Publication {
    pub event: String,
    /// The event's sample with new timestamps and ids where there is none.
    pub payload: Option<String>,
    /// Where the payload differs from the event's sample; all of it is the client's own where nothing is said.
    pub edited: Option<Vec<String>>,
    /// The event's id, where it is not in the payload.
    pub id: Option<String>,
    /// The client's own id for it.
    pub key: Option<String>,
    /// Whose event it is; of everybody where nothing is said.
    pub scope: Option<String>,
    pub platform: Option<String>,
    /// By which some subscriptions choose.
    pub tags: Vec<String>,
    /// For that subscription alone.
    pub only: Option<i64>,
}

/// What became of a publication.
#[derive(Clone, Debug)]
pub struct Published {
    pub event: EmulatedEvent,
    /// The deliveries of it.
    pub deliveries: Vec<Id>,
}

impl Emulator {
    /// Publishes an event: it is kept, and delivered to those who want it.
    pub(super) async fn publish(
        &self,
        emulated: &Emulated,
        publication: Publication,
    ) -> Result<Published, EmulatorError> {
        self.refresh().await?;
        let provider = &emulated.provider;
        let Publication {
            event,
            payload,
            edited,
            id,
            key: client_key,
            scope,
            platform,
            tags,
            only,
        } = publication;
        if !sent_by_platform(provider, &event, platform.as_deref()) {
            return Err(refused(
                ErrorKind::UnknownEvent,
                format!(
                    "{event} is not sent on the platform {}",
                    platform.unwrap_or_default()
                ),
            ));
        }
        bounded("event type", &event)?;
        let scope = match scope.filter(|scope| !scope.is_empty()) {
            None => None,
            Some(scope) => {
                bounded("scope", &scope)?;
                check_scope(emulated, &scope)?;
                let mut parts: Vec<&str> = scope.split(',').collect();
                parts.sort_unstable();
                Some(parts.join(","))
            }
        };
        for tag in &tags {
            bounded("tag", tag)?;
        }
        let now = self.now();
        // What is made here is a sample all through.
        let edited = edited.or_else(|| payload.is_none().then(Vec::new));
        let payload = match payload {
            Some(payload) if payload.len() > LONGEST_PAYLOAD => {
                return Err(refused(
                    ErrorKind::Invalid,
                    "the payload is longer than 10 MiB",
                ));
            }
            Some(payload) => payload,
            None => {
                let random = &mut self.options.random.fork();
                self.sample(emulated, &event, platform, now, random)?
            }
        };
        let document = Document::parse(payload.as_bytes());
        let document = document.map_err(|error| {
            refused(
                ErrorKind::Invalid,
                format!("the payload is not JSON: {error}"),
            )
        })?;
        let key = provider.idempotency_key(Some(&event));
        let own = key.id_of(&Headers::new(), Some(&document));
        let path = key.only_path().cloned();
        let random = &mut self.options.random.fork();
        let given = id.is_some();
        let id = id
            .or_else(|| own.clone())
            .unwrap_or_else(|| new_id(&emulated.management.ids.event, now, random));
        bounded("id", &id)?;
        let mut document = EventDocument {
            event,
            payload,
            key: client_key,
            edited,
            tags,
        };
        if let (true, Some(own), Some(path)) = (given, own, path)
            && own != id
        {
            if !document.is_sample(&path) {
                return Err(refused(
                    ErrorKind::Invalid,
                    format!(
                        "the payload says that its id is {own}, and the request that it is {id}"
                    ),
                ));
            }
            let value = (path, json_text(&id));
            document.payload = with_values(&document.payload, std::iter::once(value));
        }
        let wanting = self.who_gets(emulated, &document, scope.as_deref(), only);
        self.check_room(emulated, &wanting)?;
        if let Some(path) = &emulated.management.count_in_event
            && document.is_sample(path)
        {
            let value = wanting.len().to_string();
            let count = [(path.clone(), value)];
            document.payload = with_values(&document.payload, count.into_iter());
        }
        let scope_name = scope.unwrap_or_default();
        let event = self
            .keep_event(emulated, scope_name, id, given, document)
            .await?;
        self.keep_objects(emulated, &event).await?;
        let length = event.document.payload.len() as u64;
        let grown = self.grown_bytes.fetch_add(length, Ordering::Relaxed) + length;
        if event.number % TRIMMED_EVERY == 0 || grown > TRIMMED_EVERY_BYTES {
            self.grown_bytes.store(0, Ordering::Relaxed);
            for kind in [RecordKind::Event, RecordKind::Object] {
                self.store
                    .trim_records(&provider.name, kind, MOST_EVENTS, MOST_EVENT_BYTES)
                    .await?;
            }
        }
        let deliveries = self.enqueue(emulated, &event, &wanting).await?;
        self.metrics.published(&provider.name);
        Ok(Published { event, deliveries })
    }

    /// Keeps an event: under its id, or beside others that have the same one where that is not asked for.
    async fn keep_event(
        &self,
        emulated: &Emulated,
        scope: String,
        id: String,
        is_asked_for: bool,
        document: EventDocument,
    ) -> Result<EmulatedEvent, EmulatorError> {
        let created_at = self.now();
        let mut record = EmulatedRecord {
            number: 0,
            key: RecordKey {
                provider: emulated.name().to_owned(),
                kind: RecordKind::Event,
                scope,
                id: id.clone(),
            },
            created_at,
            failing_since: None,
            document: serde_json::to_string(&document).unwrap_or_default(),
            secrets: Vec::new(),
            changed: 0,
        };
        let mut number = self.add_record(record.clone()).await?;
        if number.is_none() && !is_asked_for {
            let other = Id::delivery(created_at, &mut self.options.random.fork());
            record.key.id = format!("{id}{AGAIN}{}", other.ulid);
            number = self.add_record(record.clone()).await?;
        }
        Ok(EmulatedEvent {
            number: number.ok_or_else(|| {
                refused(
                    ErrorKind::Conflict,
                    format!("there is an event with the id {id} already"),
                )
            })?,
            key: record.key,
            created_at,
            document,
        })
    }

    /// The payload of an event where none is given.
    pub(super) fn sample(
        &self,
        emulated: &Emulated,
        event: &str,
        platform: Option<String>,
        now: Timestamp,
        random: &mut fastrand::Rng,
    ) -> Result<String, EmulatorError> {
        let name: EventName = format!("{}/{event}", emulated.name())
            .parse()
            .map_err(|error: InvalidText| refused(ErrorKind::UnknownEvent, error.to_string()))?;
        let name = self
            .catalog
            .find(&name, None)
            .map_err(|error| refused(ErrorKind::UnknownEvent, error.to_string()))?;
        let content = Content {
            platform,
            ..Content::default()
        };
        let made = prepare(
            &emulated.provider,
            &name.event,
            name.variant.as_deref(),
            &content,
        )
        .and_then(|prepared| prepared.build(now, random));
        let bytes = made.map_err(|error| refused(ErrorKind::Refused, error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| refused(ErrorKind::Refused, error.to_string()))
    }

    /// What the event tells of can be fetched from now on, as it stands in the event.
    async fn keep_objects(
        &self,
        emulated: &Emulated,
        event: &EmulatedEvent,
    ) -> Result<(), StoreError> {
        let Ok(document) = Document::parse(event.document.payload.as_bytes()) else {
            return Ok(());
        };
        for rule in &emulated.management.objects {
            let object = match rule.at.steps().is_empty() {
                true => event.document.payload.clone(),
                false => match document.get(&rule.at) {
                    Some(value) => value.raw().to_owned(),
                    None => continue,
                },
            };
            let id = Document::parse(object.as_bytes()).ok().and_then(|object| {
                let id = object.get(&rule.id)?;
                id.as_str().map(std::borrow::Cow::into_owned)
            });
            let Some(id) = id else { continue };
            let record = EmulatedRecord {
                number: 0,
                key: RecordKey {
                    provider: emulated.name().to_owned(),
                    kind: RecordKind::Object,
                    scope: String::new(),
                    id,
                },
                created_at: event.created_at,
                failing_since: None,
                document: object,
                secrets: Vec::new(),
                changed: 0,
            };
            self.store.put_record(record).await?;
        }
        Ok(())
    }

    fn who_gets(
        &self,
        emulated: &Emulated,
        event: &EventDocument,
        scope: Option<&str>,
        only: Option<i64>,
    ) -> Vec<Arc<Subscription>> {
        if let Some(number) = only {
            let named = self.subscription(number).into_iter();
            let active = named.filter(|one| one.document.state == SubscriptionState::Active);
            return active.collect();
        }
        let wanting = self.wanting(emulated, &event.event);
        let management = &emulated.management;
        let document = Document::parse(event.payload.as_bytes()).ok();
        let rules = management.event_values.iter();
        let rules = rules
            .filter(|rule| rule.names && rule.event.as_ref().is_none_or(|of| *of == event.event));
        let named: Vec<(&EventValue, String)> = rules
            .filter(|rule| !event.is_sample(&rule.at))
            .filter_map(|rule| {
                let value = document.as_ref()?.get(&rule.at)?;
                Some((rule, value.as_str()?.into_owned()))
            })
            .collect();
        let values: Value = match named.is_empty() {
            true => Value::Null,
            false => serde_json::from_str(&event.payload).unwrap_or_default(),
        };
        let is_meant = |one: &Subscription| {
            let mut facts = one.facts(management, false);
            facts.set("event", values.clone());
            named.iter().all(|(rule, value)| {
                let own = render_known(&rule.value, &facts);
                let own = own.and_then(|own| serde_json::from_str::<String>(&own).ok());
                own.is_none_or(|own| Pattern::new(own).fits(value))
            })
        };
        let tags = management.filter.tags.as_ref();
        let has_tag = |one: &Subscription, field: &String| {
            let wanted = one.document.fields.get(field).and_then(Value::as_array);
            let wanted = wanted.filter(|wanted| !wanted.is_empty());
            wanted.is_none_or(|wanted| {
                let mut wanted = wanted.iter().filter_map(Value::as_str);
                wanted.any(|tag| event.tags.iter().any(|own| own == tag))
            })
        };
        let wanting = wanting.iter();
        let wanting = wanting.filter(|one| scope.is_none_or(|scope| one.key.scope == scope));
        let wanting = wanting.filter(|one| named.is_empty() || is_meant(one));
        let wanting = wanting.filter(|one| tags.is_none_or(|field| has_tag(one, field)));
        wanting.cloned().collect()
    }

    /// The payload for one subscription: what is a sample's in it becomes that subscription's own.
    fn payload_for(
        &self,
        emulated: &Emulated,
        event: &EmulatedEvent,
        subscription: &Subscription,
    ) -> String {
        let management = &emulated.management;
        let payload = &event.document.payload;
        if management.event_values.is_empty() {
            return payload.clone();
        }
        let mut facts = subscription.facts(management, false);
        facts.set("event", event.value());
        // It is kept with the delivery, so no secret of the URL may be in it.
        let url = redact::target(&subscription.document.url, &self.options.tokens);
        facts.set("url", url);
        let written = emulated.shaped("subscription", &facts);
        facts.set_text("subscription", written);
        let rules = management.event_values.iter().filter(|rule| {
            let of = rule.event.as_ref();
            of.is_none_or(|of| *of == event.document.event)
        });
        let values = rules
            .filter(|rule| event.document.is_sample(&rule.at) && !rule.is_pattern())
            .filter_map(|rule| Some((rule.at.clone(), render_known(&rule.value, &facts)?)));
        with_values(payload, values)
    }

    /// Whether there is room for one more delivery to each.
    fn check_room(
        &self,
        emulated: &Emulated,
        subscriptions: &[Arc<Subscription>],
    ) -> Result<(), EmulatorError> {
        let Some(most) = emulated.management.most_pending else {
            return Ok(());
        };
        let mut full = subscriptions.iter();
        let full = full.find(|one| self.waiting.waiting(one.number) >= most);
        full.map_or(Ok(()), |one| {
            let id = &one.key.id;
            Err(refused(
                ErrorKind::TooMany,
                format!("{most} deliveries to {id} wait already: slow down"),
            ))
        })
    }

    /// Puts deliveries of an event into the queue, one for each subscription.
    pub(super) async fn enqueue(
        &self,
        emulated: &Emulated,
        event: &EmulatedEvent,
        subscriptions: &[Arc<Subscription>],
    ) -> Result<Vec<Id>, EmulatorError> {
        let now = self.now();
        let mut ids = Vec::with_capacity(subscriptions.len());
        for some in subscriptions.chunks(WRITTEN_AT_ONCE) {
            let mut deliveries = Vec::with_capacity(some.len());
            for subscription in some {
                let delivery = self.delivery_of(emulated, event, subscription, now)?;
                ids.push(delivery.id);
                deliveries.push(delivery);
            }
            self.store.enqueue(&deliveries).await?;
            for subscription in some {
                self.waiting.added(subscription.number);
            }
            self.metrics.enqueued(emulated.name(), some.len());
            let numbers = some.iter().map(|one| one.number).collect();
            self.queue.added(numbers).await;
        }
        Ok(ids)
    }

    fn delivery_of(
        &self,
        emulated: &Emulated,
        event: &EmulatedEvent,
        subscription: &Subscription,
        now: Timestamp,
    ) -> Result<Delivery, EmulatorError> {
        let prepared = self
            .compose(emulated, event, subscription, true)
            .map_err(|why| refused(ErrorKind::Refused, why))?;
        let random = &mut self.options.random.fork();
        let (tokens, speed) = (&self.options.tokens, self.options.speed);
        Ok(Delivery {
            outcome: Outcome::Pending,
            next_attempt_at: Some(now),
            emulated: Some(OfRecords {
                subscription: subscription.number,
                event: event.number,
            }),
            ..recorded(&prepared, tokens, speed, now, random)
        })
    }

    /// The request with which an event goes to a subscription, signed for now.
    ///
    /// # Errors
    /// It cannot be made, and never will: why, in a sentence.
    pub(super) fn compose(
        &self,
        emulated: &Emulated,
        event: &EmulatedEvent,
        subscription: &Subscription,
        is_loopback: bool,
    ) -> Result<PreparedRequest, String> {
        let management = &emulated.management;
        let destination: Destination = subscription
            .document
            .url
            .parse()
            .map_err(|error: DestinationError| error.to_string())?;
        let secrets = subscription.signing_secrets(self.now());
        let payload = self.payload_for(emulated, event, subscription);
        let mut facts = subscription.facts(management, false);
        facts.set("event_id", event.id().to_owned());
        facts.set("subscription_id", subscription.key.id.clone());
        let mut headers = Headers::new();
        for (name, value) in &management.delivery_headers {
            headers.push(name.as_str(), fill(value, &facts));
        }
        let form = management.form_when.as_ref().is_some_and(|when| {
            let value = subscription.document.fields.get(&when.field);
            value.and_then(Value::as_str) == Some(&when.is)
        });
        let options = ComposeOptions {
            data: Some(payload.into_bytes()),
            verbatim: true,
            form,
            message_id: Some(event.id().to_owned()),
            now: Some(self.now()),
            schema: SchemaRule::Skip,
            unsigned: secrets.is_empty(),
            any_platform: true,
            allow_http: true,
            headers,
            ..ComposeOptions::default()
        };
        let keys = FixedKeys {
            secrets,
            verify_token: None,
        };
        let recipient = Recipient {
            destination,
            endpoint: None,
            chosen_by_user: true,
            has_own_scheme: false,
            is_loopback,
        };
        let name = EventName {
            provider: Some(emulated.name().to_owned()),
            event: event.document.event.clone(),
            variant: None,
        };
        let prepared = Composer::new(&self.catalog, &keys, &options, &recipient).compose(&name);
        let mut prepared = prepared.map_err(|error| error.to_string())?;
        // Each attempt is made from the event again.
        prepared.signed = false;
        Ok(prepared)
    }

    /// The event with that number, where it is still kept.
    pub(super) async fn event(&self, number: i64) -> Result<Option<EmulatedEvent>, StoreError> {
        let record = self.store.record_by_number(number).await?;
        Ok(record.and_then(|record| EmulatedEvent::read(record).ok()))
    }

    /// Sends what failed since a time again, and says how many that were.
    pub(super) async fn recover(
        &self,
        emulated: &Emulated,
        subscription: &Arc<Subscription>,
        since: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<usize, EmulatorError> {
        let mut query = vec![
            Query::OfSubscription(subscription.number),
            Query::Outcome(Outcome::Failed),
            Query::Since(since),
        ];
        query.extend(until.map(Query::Until));
        let page = PageRequest {
            order: Order::OldestFirst,
            after: None,
            limit: MOST_RECOVERED,
        };
        let failed = self.store.deliveries(&Query::All(query), page).await?;
        let mut sent = std::collections::BTreeSet::new();
        for row in failed.rows {
            let delivery = self.store.delivery(row.id).await?;
            let Some(of) = delivery.emulated else {
                continue;
            };
            // One that failed twice is sent once.
            if !sent.insert(of.event) {
                continue;
            }
            if let Some(event) = self.event(of.event).await? {
                let subscription = std::slice::from_ref(subscription);
                self.enqueue(emulated, &event, subscription).await?;
            }
        }
        Ok(sent.len())
    }
}

/// A scope that no route of the provider can have is refused: it would hide the event from everybody.
fn check_scope(emulated: &Emulated, scope: &str) -> Result<(), EmulatorError> {
    let known = emulated.management.scope_parts();
    let mut parts = scope.split(',').map(|pair| pair.split_once('='));
    if parts.all(|pair| pair.is_some_and(|(name, _)| known.contains(&name))) {
        return Ok(());
    }
    let why = match known.as_slice() {
        [] => format!(
            "unknown scope {scope}: webhooks of {} have none",
            emulated.provider.title
        ),
        known => {
            let forms: Vec<String> = known.iter().map(|name| format!("{name}=…")).collect();
            format!(
                "unknown scope {scope}: it has these parts, with commas between them: {}",
                forms.join(", ")
            )
        }
    };
    Err(refused(ErrorKind::Invalid, why))
}

/// A payload with other values at places that it has.
fn with_values(payload: &str, values: impl Iterator<Item = (Path, String)>) -> String {
    let Ok(document) = Document::parse(payload.as_bytes()) else {
        return payload.to_owned();
    };
    let there = values.filter(|(path, _)| document.get(path).is_some());
    let edits: Vec<Edit> = there
        .map(|(path, value)| Edit::Set { path, value })
        .collect();
    apply(payload, &edits).unwrap_or_else(|_| payload.to_owned())
}

/// How many deliveries one recovery sends again.
const MOST_RECOVERED: usize = 10_000;

/// A new id in a format such as `evt_{alnum:24}`.
pub(super) fn new_id(format: &str, now: Timestamp, random: &mut fastrand::Rng) -> String {
    crate::catalog::fill(format, "", &|_| None, now, random)
}

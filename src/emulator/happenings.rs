//! Events that a client creates, and what they told of.

use serde_json::Value;

use super::actions::{Call, Done};
use super::error::{EmulatorError, bounded, not_found, refused};
use super::events::{EmulatedEvent, Publication, new_id};
use super::input::{Fault, at};
use super::lists::{Window, part_of};
use super::state::{Emulated, Emulator};
use super::subscription::fits;
use super::template::Facts;
use crate::catalog::ErrorKind;
use crate::model::{EmulatedRecord, RecordKey, RecordKind, RecordQuery};
use crate::payload::Path;

/// How many events are read at once for a list.
const LOOKED_AT_ONCE: usize = 100;
/// A list ends before its time once its events have more bytes.
const MOST_LISTED_BYTES: usize = 32 << 20;

impl Emulator {
    pub(super) async fn create_event(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let rules = emulated.management.new_event.clone();
        let rules = rules.ok_or_else(|| refused(ErrorKind::NotFound, "no such route"))?;
        let missing = |what: &str, path: &Path| {
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
        let tags = rules.tags.as_ref().and_then(|path| at(&call.body, path));
        let tags = tags.and_then(Value::as_array).into_iter().flatten();
        let tags = tags.filter_map(|tag| tag.as_str().map(str::to_owned));
        let random = &mut self.options.random.fork();
        let id = client_key.map(|_| new_id(&emulated.management.ids.event, self.now(), random));
        if let (Some(key), Some(id)) = (client_key, &id) {
            self.check_event_key(emulated, &call.scope, key, id).await?;
        }
        let publication = Publication {
            id,
            event: event.to_owned(),
            payload: Some(payload.to_string()),
            key: client_key.map(str::to_owned),
            tags: tags.collect(),
            scope: Some(call.scope.clone()),
            ..Publication::default()
        };
        let published = self.publish(emulated, publication).await?;
        Ok(Done::of("event", published.event.facts()))
    }

    /// A client's own id of an event may be used once: it is kept as an object of that name, which leads to the event.
    async fn check_event_key(
        &self,
        emulated: &Emulated,
        scope: &str,
        key: &str,
        event_id: &str,
    ) -> Result<(), EmulatorError> {
        let record = EmulatedRecord {
            number: 0,
            key: event_key(emulated, scope, bounded("id", key)?),
            created_at: self.now(),
            failing_since: None,
            document: Value::from(event_id).to_string(),
            secrets: Vec::new(),
            changed: 0,
        };
        match self.add_record(record).await? {
            Some(_) => Ok(()),
            None => Err(refused(
                ErrorKind::Conflict,
                format!("there is an event with the id {key} already"),
            )),
        }
    }

    pub(super) async fn list_events(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let paging = call.paging(emulated)?;
        let Window {
            beside,
            is_before,
            skipped: mut to_skip,
            limit,
        } = paging.window();
        let mut query = RecordQuery {
            scope: (!call.scope.is_empty()).then(|| call.scope.clone()),
            newest_first: !is_before,
            limit: (limit + 1).min(LOOKED_AT_ONCE),
            ..RecordQuery::all(emulated.name(), RecordKind::Event)
        };
        if let Some(id) = beside {
            query.after = Some(self.event_of_id(emulated, call, &id).await?.number);
        }
        let wanted = call.parameter("type").or(call.parameter("event_types"));
        let (mut events, mut bytes, mut has_more) = (Vec::new(), 0, false);
        'read: loop {
            let records = self.store.records(&query).await?;
            let Some(last) = records.last() else { break };
            query.after = Some(last.number);
            for record in records {
                let Ok(event) = EmulatedEvent::read(record) else {
                    continue;
                };
                if wanted.is_some_and(|wanted| !is_of_types(emulated, &event, wanted)) {
                    continue;
                }
                if to_skip > 0 {
                    to_skip -= 1;
                    continue;
                }
                if events.len() == limit || bytes > MOST_LISTED_BYTES {
                    has_more = true;
                    break 'read;
                }
                bytes += event.document.payload.len();
                events.push(event);
            }
        }
        if is_before {
            events.reverse();
        }
        let id_of = |one: &EmulatedEvent| one.id().to_owned();
        let part = part_of(events, has_more, None, &paging, id_of, &call.url);
        Ok(call.list_of(part, |some| {
            some.iter()
                .map(|one| emulated.shaped("event", &one.facts()))
                .collect()
        }))
    }

    pub(super) async fn named_event(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<EmulatedEvent, EmulatorError> {
        self.event_of_id(emulated, call, call.name("event")?).await
    }

    /// An event by its id, or the client's own one.
    async fn event_of_id(
        &self,
        emulated: &Emulated,
        call: &Call,
        id: &str,
    ) -> Result<EmulatedEvent, EmulatorError> {
        let leading = event_key(emulated, &call.scope, id);
        let leading = self.store.record_by_key(&leading).await?;
        let own: Option<String> =
            leading.and_then(|leading| serde_json::from_str(&leading.document).ok());
        let id_of_event = own.as_deref().unwrap_or(id);
        // Events that everybody got are of no scope.
        for scope in [call.scope.as_str(), ""] {
            let key = RecordKey {
                provider: emulated.name().to_owned(),
                kind: RecordKind::Event,
                scope: scope.to_owned(),
                id: id_of_event.to_owned(),
            };
            let record = self.store.record_by_key(&key).await?;
            if let Some(event) = record.and_then(|record| EmulatedEvent::read(record).ok()) {
                return Ok(event);
            }
        }
        Err(not_found("event", id))
    }

    pub(super) async fn show_object(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
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
}

/// The key of what leads from a client's own id to its event.
fn event_key(emulated: &Emulated, scope: &str, key: &str) -> RecordKey {
    RecordKey {
        provider: emulated.name().to_owned(),
        kind: RecordKind::Object,
        scope: format!("event_key:{scope}"),
        id: key.to_owned(),
    }
}

/// Whether an event is of one of these types, with commas between them.
fn is_of_types(emulated: &Emulated, event: &EmulatedEvent, wanted: &str) -> bool {
    let filter = &emulated.management.filter;
    let mut types = wanted.split(',');
    types.any(|one| fits(&[one.to_owned()], &event.document.event, filter))
}

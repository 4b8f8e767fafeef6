//! Events that a client creates, and what they told of.

use serde_json::Value;

use super::actions::{Call, Done, MOST_LISTED, not_found, shaped};
use super::events::{EmulatedEvent, EmulatorError, Publication, refused};
use super::input::{Fault, at};
use super::state::{Emulated, Emulator};
use super::subscription::fits;
use super::template::Facts;
use crate::catalog::ErrorKind;
use crate::model::{EmulatedRecord, RecordKey, RecordKind, RecordQuery};
use crate::payload::Path;

/// No id of a client is longer.
const LONGEST_ID: usize = 256;

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
    pub(super) async fn check_event_key(
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

    pub(super) async fn list_events(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
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

    pub(super) async fn named_event(
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

fn bounded(id: &str) -> Result<&str, EmulatorError> {
    match id.len() <= LONGEST_ID {
        true => Ok(id),
        false => Err(refused(ErrorKind::Invalid, "the id is too long")),
    }
}

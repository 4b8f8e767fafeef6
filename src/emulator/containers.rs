//! What subscriptions belong to, where that is created, too.

use serde_json::{Map, Value};

use super::actions::{Call, Done};
use super::error::{EmulatorError, not_found, refused};
use super::events::new_id;
use super::input::fields_of;
use super::state::{Emulated, Emulator};
use super::template::Facts;
use crate::catalog::ErrorKind;
use crate::model::{EmulatedRecord, RecordKey, RecordKind, RecordQuery};
use crate::store::Added;

/// How many of them a provider keeps.
const MOST_CONTAINERS: usize = 1000;

impl Emulator {
    pub(super) async fn create_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let rules = emulated.management.container.as_ref();
        let rules = rules.ok_or_else(|| refused(ErrorKind::NotFound, "no such route"))?;
        let given = fields_of(&rules.fields, &call.body, false, &self.options.allowed)?;
        let wants_existing = rules
            .get_if_exists
            .as_ref()
            .is_some_and(|name| call.parameter(name) == Some("true"));
        let uid = given.get("uid").and_then(Value::as_str);
        if let Some(uid) = uid.filter(|_| wants_existing)
            && let Some(existing) = self.container(emulated, uid).await?
        {
            return Ok(Done {
                status: Some(200),
                ..Done::of("container", container_facts(&existing))
            });
        }
        if self.containers(emulated).await?.len() >= MOST_CONTAINERS {
            return Err(refused(
                ErrorKind::TooMany,
                format!("hookcli keeps {MOST_CONTAINERS} of them at most"),
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
            document: Value::Object(given.clone()).to_string(),
            secrets: Vec::new(),
            changed: 0,
        };
        let mut records = vec![record.clone()];
        // The client's own name for it leads to it, and is another's no more.
        if let Some(uid) = given.get("uid").and_then(Value::as_str) {
            records.push(EmulatedRecord {
                key: uid_key(emulated, uid),
                document: Value::from(record.key.id.as_str()).to_string(),
                ..record.clone()
            });
        }
        match self.store.add_records(records, None).await? {
            Added::Numbers(numbers) => record.number = numbers.first().copied().unwrap_or_default(),
            Added::Taken | Added::Changed => {
                let why = "there is one of that uid already";
                return Err(refused(ErrorKind::Conflict, why));
            }
        }
        Ok(Done::of("container", container_facts(&record)))
    }

    pub(super) async fn containers(
        &self,
        emulated: &Emulated,
    ) -> Result<Vec<EmulatedRecord>, EmulatorError> {
        let query = RecordQuery {
            scope: Some(String::new()),
            limit: MOST_CONTAINERS,
            ..RecordQuery::all(emulated.name(), RecordKind::Container)
        };
        Ok(self.store.records(&query).await?)
    }

    /// A container by its id, or the client's own name for it.
    pub(super) async fn container(
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
        let uid = uid_key(emulated, name);
        let Some(leading) = self.store.record_by_key(&uid).await? else {
            return Ok(None);
        };
        let id: String = serde_json::from_str(&leading.document).unwrap_or_default();
        Ok(self.store.record_by_key(&RecordKey { id, ..key }).await?)
    }

    /// A scope as it is kept: a container by its id, however it is named.
    pub(super) async fn scope_named(
        &self,
        emulated: &Emulated,
        scope: String,
    ) -> Result<String, EmulatorError> {
        let named = scope.strip_prefix("container=");
        let Some(name) = named.filter(|_| emulated.management.container.is_some()) else {
            return Ok(scope);
        };
        let found = self.container(emulated, name).await?;
        let found = found.ok_or_else(|| not_found("application", name))?;
        Ok(format!("container={}", found.key.id))
    }

    pub(super) async fn named_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<EmulatedRecord, EmulatorError> {
        let name = call.name("container")?;
        let found = self.container(emulated, name).await?;
        found.ok_or_else(|| not_found("application", name))
    }

    pub(super) async fn show_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let record = self.named_container(emulated, call).await?;
        Ok(Done::of("container", container_facts(&record)))
    }

    pub(super) async fn list_containers(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let all = self.containers(emulated).await?;
        self.page(
            emulated,
            call,
            all,
            |one: &EmulatedRecord| one.key.id.clone(),
            |some| {
                some.iter()
                    .map(|one| emulated.shaped("container", &container_facts(one)))
                    .collect()
            },
        )
    }

    pub(super) async fn update_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let rules = emulated.management.container.as_ref();
        let rules = rules.ok_or_else(|| refused(ErrorKind::NotFound, "no such route"))?;
        let mut given = fields_of(&rules.fields, &call.body, true, &self.options.allowed)?;
        // Its name stays.
        given.remove("uid");
        loop {
            let mut record = self.named_container(emulated, call).await?;
            let mut document: Map<String, Value> =
                serde_json::from_str(&record.document).unwrap_or_default();
            document.extend(given.clone());
            record.document = Value::Object(document).to_string();
            // Else another was faster, and it is changed as it is then.
            if self.store.change_record(&record).await?.is_some() {
                return Ok(Done::of("container", container_facts(&record)));
            }
        }
    }

    /// A container goes with all that is in it.
    pub(super) async fn remove_container(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let record = self.named_container(emulated, call).await?;
        let scope = format!("container={}", record.key.id);
        let inside = self.subscriptions_of(emulated.name(), Some(&scope));
        let mut numbers: Vec<i64> = inside.iter().map(|one| one.number).collect();
        numbers.push(record.number);
        let fields: Value = serde_json::from_str(&record.document).unwrap_or_default();
        if let Some(uid) = fields.get("uid").and_then(Value::as_str) {
            let leading = self.store.record_by_key(&uid_key(emulated, uid)).await?;
            numbers.extend(leading.map(|leading| leading.number));
        }
        self.remove_records(&numbers).await?;
        Ok(Done {
            facts: container_facts(&record),
            ..Done::default()
        })
    }
}

/// The key of what leads from a client's own name to its container.
fn uid_key(emulated: &Emulated, uid: &str) -> RecordKey {
    RecordKey {
        provider: emulated.name().to_owned(),
        kind: RecordKind::Container,
        scope: "container_uid".to_owned(),
        id: uid.to_owned(),
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

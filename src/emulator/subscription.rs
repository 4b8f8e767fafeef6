//! A subscription: who gets which events, as the store keeps it.

use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::template::{Facts, fill_known};
use crate::catalog::{Filter, Management, SecretShown};
use crate::model::{EmulatedRecord, KeptSecret, Outcome, RecordKey, RecordKind, Secret};

/// Whether events go to it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    Active,
    /// Its owner wants none for now.
    Paused,
    /// The provider sends none, for it did not answer.
    Disabled,
}

/// What a client said, and what became of it.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct SubscriptionDocument {
    pub url: String,
    /// The URL of the list that it is in, as its client called it.
    #[serde(default)]
    pub base: String,
    /// Event types, or patterns of them.
    pub events: Vec<String>,
    pub state: SubscriptionState,
    /// The client's own name for it.
    pub uid: Option<String>,
    /// What else it said, by the names of the fields.
    pub fields: Map<String, Value>,
    pub updated_at: Timestamp,
    /// How many deliveries have failed for good since the last one that did not.
    pub failures_in_a_row: u32,
    /// The last response: its status, or why there was none.
    pub last_response: Option<String>,
    /// What that came to: delivered, or not.
    #[serde(default)]
    pub last_outcome: Option<Outcome>,
}

/// A subscription of an emulated provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    pub number: i64,
    pub key: RecordKey,
    pub created_at: Timestamp,
    pub failing_since: Option<Timestamp>,
    /// The newest first.
    pub secrets: Vec<KeptSecret>,
    /// The number of its last change.
    pub changed: i64,
    pub document: SubscriptionDocument,
}

impl Subscription {
    /// As the store has it.
    ///
    /// # Errors
    /// Its document is of another version.
    pub fn read(record: EmulatedRecord) -> Result<Self, serde_json::Error> {
        Ok(Self {
            document: serde_json::from_str(&record.document)?,
            number: record.number,
            key: record.key,
            created_at: record.created_at,
            failing_since: record.failing_since,
            secrets: record.secrets,
            changed: record.changed,
        })
    }

    pub fn record(&self) -> EmulatedRecord {
        EmulatedRecord {
            number: self.number,
            key: self.key.clone(),
            created_at: self.created_at,
            failing_since: self.failing_since,
            // Such a document can always be written.
            document: serde_json::to_string(&self.document).unwrap_or_default(),
            secrets: self.secrets.clone(),
            changed: self.changed,
        }
    }

    /// What a client said: `url`, `events`, `active`, `disabled`, `uid` and `secret` have their places, the others
    /// stay as they are.
    pub fn apply(&mut self, mut given: Map<String, Value>, now: Timestamp) {
        let document = &mut self.document;
        let text = |value: Value| value.as_str().map(str::to_owned);
        if let Some(url) = given.remove("url").and_then(text) {
            document.url = url;
        }
        if let Some(Value::Array(events)) = given.remove("events") {
            document.events = events.into_iter().filter_map(text).collect();
        }
        let events = &mut document.events;
        if let Some(Value::Array(added)) = given.remove("events_added") {
            for event in added.into_iter().filter_map(text) {
                if !events.contains(&event) {
                    events.push(event);
                }
            }
        }
        if let Some(Value::Array(removed)) = given.remove("events_removed") {
            events.retain(|event| !removed.iter().any(|one| one.as_str() == Some(event)));
        }
        let active = given.get("active").and_then(Value::as_bool);
        let disabled = given.get("disabled").and_then(Value::as_bool);
        if let Some(is_active) = active.or(disabled.map(|disabled| !disabled)) {
            self.set_active(is_active);
        }
        if let Some(secret) = given.remove("secret") {
            let secret = text(secret).map(|secret| KeptSecret {
                secret: Secret::new(secret),
                until: None,
            });
            self.secrets = secret.into_iter().collect();
        }
        let document = &mut self.document;
        if let Some(uid) = given.remove("uid").and_then(text) {
            document.uid = Some(uid);
        }
        document.fields.extend(given);
        document.updated_at = now;
    }

    /// Its owner wants events, or none.
    pub fn set_active(&mut self, is_active: bool) {
        self.document.state = match is_active {
            true => SubscriptionState::Active,
            false => SubscriptionState::Paused,
        };
        if is_active {
            self.failing_since = None;
            self.document.failures_in_a_row = 0;
        }
    }

    /// The secrets that sign now.
    pub fn signing_secrets(&self, now: Timestamp) -> Vec<Secret> {
        let live = self.secrets.iter();
        let live = live.filter(|kept| kept.until.is_none_or(|until| until > now));
        live.map(|kept| kept.secret.clone()).collect()
    }

    /// A new secret signs; the old one beside it until then.
    pub fn rotate(&mut self, new: Secret, old_until: Option<Timestamp>, now: Timestamp) {
        let Some(until) = old_until else {
            self.secrets = vec![KeptSecret {
                secret: new,
                until: None,
            }];
            return;
        };
        self.secrets
            .retain(|kept| kept.until.is_none_or(|until| until > now));
        for kept in &mut self.secrets {
            kept.until = Some(kept.until.map_or(until, |own| own.min(until)));
        }
        self.secrets.insert(
            0,
            KeptSecret {
                secret: new,
                until: None,
            },
        );
        self.secrets.truncate(MOST_SECRETS);
    }

    /// Whether an event goes to it.
    pub fn wants(&self, event: &str, filter: &Filter) -> bool {
        self.document.state == SubscriptionState::Active
            && fits(&self.document.events, event, filter)
    }

    /// Puts down what became of a delivery, and disables it where the provider would.
    pub fn note_outcome(
        &mut self,
        status: Option<u16>,
        outcome: Outcome,
        management: &Management,
        now: Timestamp,
        speed: f64,
    ) {
        let rules = &management.disable;
        self.document.last_outcome = Some(match outcome {
            Outcome::Delivered => Outcome::Delivered,
            Outcome::Failed | Outcome::Pending | Outcome::Unknown => Outcome::Failed,
        });
        match outcome {
            Outcome::Delivered => {
                self.failing_since = None;
                self.document.failures_in_a_row = 0;
            }
            Outcome::Failed => {
                self.failing_since.get_or_insert(now);
                self.document.failures_in_a_row += 1;
            }
            Outcome::Pending | Outcome::Unknown => {
                self.failing_since.get_or_insert(now);
            }
        }
        let is_refused = status.is_some_and(|status| {
            let mut sets = rules.on_status.iter();
            sets.any(|set| set.contains(status))
        });
        let has_failed = rules
            .after_failures
            .is_some_and(|most| self.document.failures_in_a_row >= most);
        let is_long = self
            .failing_since
            .zip(rules.after)
            .is_some_and(|(since, after)| {
                outcome == Outcome::Failed
                    && now.duration_since(since).as_secs_f64() * speed >= after.as_secs_f64()
            });
        if self.document.state == SubscriptionState::Active && (is_refused || has_failed || is_long)
        {
            self.document.state = SubscriptionState::Disabled;
        }
    }

    /// What an answer can say of it.
    pub fn facts(&self, management: &Management, shows_secret: bool) -> Facts {
        let document = &self.document;
        let mut facts = Facts::default();
        facts.set("base", document.base.clone());
        facts.set("id", self.key.id.clone());
        facts.set("uid", document.uid.clone());
        facts.set("url", document.url.clone());
        facts.set("events", document.events.clone());
        facts.set("scope", scope_facts(&self.key.scope));
        facts.set("scope_number", scope_number(&self.key.scope));
        facts.set("fields", Value::Object(document.fields.clone()));
        facts.set_time("created", self.created_at);
        facts.set_time("updated", document.updated_at);
        facts.set("is_active", document.state == SubscriptionState::Active);
        facts.set("is_inactive", document.state != SubscriptionState::Active);
        facts.set("last_response", document.last_response.clone());
        let last_status = document.last_response.as_ref();
        facts.set(
            "last_status",
            last_status.and_then(|text| text.parse::<u16>().ok()),
        );
        let outcome = document.last_outcome.map(Outcome::name);
        let named = outcome.and_then(|name| management.outcomes.get(name).cloned());
        facts.set("last_outcome", named);
        let text = outcome.and_then(|name| management.outcome_texts.get(name).cloned());
        facts.set("last_outcome_text", text);
        let is_filtered = !document.events.is_empty();
        facts.set("filter", is_filtered.then(|| document.events.clone()));
        let names = &management.states;
        facts.set(
            "state",
            match document.state {
                SubscriptionState::Active => names.active.clone(),
                SubscriptionState::Paused => names.paused.clone(),
                SubscriptionState::Disabled => names.disabled.clone(),
            },
        );
        let shown = management.secret.as_ref().map(|rules| rules.shown);
        let newest = self.secrets.first();
        let newest = newest.map(|kept| String::from_utf8_lossy(kept.secret.expose()).into_owned());
        match (shown, newest) {
            (Some(SecretShown::Redacted), Some(_)) => facts.set("secret", "********"),
            (Some(SecretShown::Always), Some(secret)) => facts.set("secret", secret),
            (Some(SecretShown::Once | SecretShown::OnRequest), Some(secret)) if shows_secret => {
                facts.set("secret", secret);
            }
            _ => {}
        }
        let scope = scope_facts(&self.key.scope);
        let of = management.of_scope.iter();
        let of = of.filter(|(part, _)| scope.get(part.as_str()).is_some());
        let of: Map<String, Value> = of
            .flat_map(|(_, values)| values)
            .filter_map(|(name, value)| {
                let value = fill_known(value, &facts)?;
                Some((name.clone(), value.into()))
            })
            .collect();
        facts.set("of", Value::Object(of));
        facts
    }
}

/// How many secrets sign at one time.
const MOST_SECRETS: usize = 5;

/// What separates the values of a scope, and so cannot stand in them.
const SEPARATORS: &AsciiSet = &CONTROLS.add(b',').add(b'=').add(b'%');

/// A value as a scope has it.
pub fn scope_value(value: &str) -> String {
    utf8_percent_encode(value, SEPARATORS).to_string()
}

/// `owner=o,repo=r` by its names.
pub fn scope_facts(scope: &str) -> Value {
    let pairs = scope.split(',').filter_map(|pair| pair.split_once('='));
    let value = |text: &str| Value::from(percent_decode_str(text).decode_utf8_lossy());
    Value::Object(
        pairs
            .map(|(name, text)| (name.to_owned(), value(text)))
            .collect(),
    )
}

/// A number of a scope, always the same.
fn scope_number(scope: &str) -> u32 {
    // FNV-1a, cut to what JSON's readers hold in 32 bits with a sign.
    let hash = scope.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash & 0x7fff_ffff
}

/// Whether an event type is among those.
pub fn fits(wanted: &[String], event: &str, filter: &Filter) -> bool {
    if wanted.is_empty() {
        return filter.empty_is_all;
    }
    wanted.iter().any(|one| {
        one == event
            || filter.all.contains(one)
            || (filter.wildcards
                && one
                    .strip_suffix(".*")
                    .is_some_and(|group| is_in_group(event, group)))
            || (filter.groups && is_in_group(event, one))
    })
}

fn is_in_group(event: &str, group: &str) -> bool {
    event
        .strip_prefix(group)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a pattern of a subscription means something: an event of the provider, or several.
pub fn is_known_pattern<'e>(
    pattern: &str,
    events: impl Iterator<Item = &'e str>,
    filter: &'e Filter,
) -> bool {
    let wanted = [pattern.to_owned()];
    let also = filter.also.iter().map(String::as_str);
    let mut known = events.chain(also);
    filter.all.contains(&wanted[0]) || known.any(|event| fits(&wanted, event, filter))
}

/// The key of a subscription.
pub fn key(provider: &str, scope: &str, id: &str) -> RecordKey {
    RecordKey {
        provider: provider.to_owned(),
        kind: RecordKind::Subscription,
        scope: scope.to_owned(),
        id: id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_mean_what_the_provider_says() {
        let plain = Filter::default();
        let wide = Filter {
            all: vec!["*".to_owned()],
            empty_is_all: true,
            wildcards: true,
            ..Filter::default()
        };
        let groups = Filter {
            groups: true,
            ..Filter::default()
        };
        let fits = |wanted: &[&str], event: &str, filter: &Filter| {
            let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            fits(&wanted, event, filter)
        };
        assert!(fits(&["invoice.paid"], "invoice.paid", &plain));
        assert!(!fits(&["invoice.*"], "invoice.paid", &plain));
        assert!(!fits(&[], "invoice.paid", &plain));
        assert!(fits(&[], "invoice.paid", &wide));
        assert!(fits(&["*"], "invoice.paid", &wide));
        assert!(fits(&["invoice.*"], "invoice.paid", &wide));
        assert!(!fits(&["invoice.*"], "invoices.paid", &wide));
        assert!(!fits(&["invoice.*"], "invoice", &wide));
        assert!(fits(&["invoice"], "invoice.paid", &groups));
        assert!(!fits(&["inv"], "invoice.paid", &groups));
    }
}

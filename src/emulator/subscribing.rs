//! Subscriptions: made, changed, switched, and given new secrets.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::actions::{Call, Done};
use super::error::{EmulatorError, not_found, refused};
use super::events::{Publication, new_id};
use super::input::{Fault, at, fields_of, plain};
use super::state::{Emulated, Emulator};
use super::subscription::{
    Subscription, SubscriptionDocument, SubscriptionState, is_known_pattern, key,
};
use crate::catalog::{Action, ErrorKind, FieldKind};
use crate::model::{KeptSecret, Secret};
use crate::signature::{check_secrets, new_keys};

/// How many subscriptions there are at most, of all providers.
const MOST_SUBSCRIPTIONS: usize = 100_000;

impl Emulator {
    pub(super) async fn create(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let created = self.subscribe(emulated, call).await?;
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &created, true),
        ))
    }

    /// Creates a subscription of what a client says.
    async fn subscribe(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let (scope, body) = (call.scope.as_str(), &call.body);
        let management = &emulated.management;
        check_known(emulated, body)?;
        let given = fields_of(&management.fields, body, false, &self.options.allowed)?;
        check_events(emulated, &given)?;
        let now = self.now();
        let mut subscription = Subscription {
            number: 0,
            key: key(emulated.name(), scope, ""),
            created_at: now,
            failing_since: None,
            secrets: Vec::new(),
            changed: 0,
            document: SubscriptionDocument {
                url: String::new(),
                base: call.base.clone(),
                events: Vec::new(),
                state: SubscriptionState::Active,
                uid: None,
                fields: Map::new(),
                updated_at: now,
                failures_in_a_row: 0,
                last_response: None,
                last_outcome: None,
            },
        };
        subscription.apply(given, now);
        check_usable(emulated, &subscription)?;
        if subscription.secrets.is_empty() {
            subscription.secrets.extend(new_secret(emulated)?);
        }
        let add = || {
            self.check_beside_others(emulated, &subscription)?;
            let mut added = subscription.clone();
            let random = &mut self.options.random.fork();
            added.key.id = new_id(&management.ids.subscription, now, random);
            Ok(added)
        };
        let kept = self.add(add).await?;
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

    /// Whether a subscription may be there beside the others.
    fn check_beside_others(
        &self,
        emulated: &Emulated,
        subscription: &Subscription,
    ) -> Result<(), EmulatorError> {
        let management = &emulated.management;
        let scope = subscription.key.scope.as_str();
        let document = &subscription.document;
        let others = self.subscriptions_of(emulated.name(), Some(scope));
        if self.count_subscriptions() >= MOST_SUBSCRIPTIONS {
            return Err(refused(
                ErrorKind::TooMany,
                format!("hookcli keeps {MOST_SUBSCRIPTIONS} webhooks at most"),
            ));
        }
        if let Some(most) = management.most_subscriptions
            && others.len() >= most
        {
            return Err(refused(
                ErrorKind::TooMany,
                format!("there are {most} webhooks already, which is the limit"),
            ));
        }
        let mut others = others
            .iter()
            .filter(|one| one.number != subscription.number);
        if management.unique_urls && others.clone().any(|one| one.document.url == document.url) {
            return Err(refused(
                ErrorKind::Conflict,
                "a webhook with this URL exists already",
            ));
        }
        let uid = document.uid.as_deref();
        if uid.is_some()
            && others.any(|one| one.document.uid.as_deref() == uid || Some(&*one.key.id) == uid)
        {
            return Err(refused(
                ErrorKind::Conflict,
                "a webhook with this uid exists already",
            ));
        }
        Ok(())
    }

    pub(super) fn list(&self, emulated: &Emulated, call: &Call) -> Result<Done, EmulatorError> {
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
                        emulated.shaped("subscription", &call.facts_of(emulated, one, false))
                    })
                    .collect()
            },
        )
    }

    /// The subscription that a call names.
    pub(super) fn named(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let id = call.name("id")?;
        self.find(emulated, &call.scope, id)
    }

    pub(super) fn find(
        &self,
        emulated: &Emulated,
        scope: &str,
        id: &str,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        if let Some(found) = self.subscription_by_key(&key(emulated.name(), scope, id)) {
            return Ok(found);
        }
        // By the client's own name for it, where it can have one.
        let names = emulated.management.fields.contains_key("uid");
        let own = self.subscriptions_of(emulated.name(), Some(scope));
        let mut own = own.into_iter().filter(|_| names);
        let found = own.find(|one| one.document.uid.as_deref() == Some(id));
        found.ok_or_else(|| not_found("webhook", id))
    }

    pub(super) async fn update(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let management = &emulated.management;
        let mut body = call.body.clone();
        let mut fields = management.fields.clone();
        if call.action == Action::UpdateConfig {
            // The document is a part of the whole, and what it leaves out stays.
            body = serde_json::json!({ "config": body });
            for rule in fields.values_mut() {
                rule.removed_with = None;
            }
        }
        check_known(emulated, &body)?;
        let given = fields_of(&fields, &body, true, &self.options.allowed)?;
        check_events(emulated, &given)?;
        let number = self.named(emulated, call)?.number;
        let now = self.now();
        let edit = |changed: &mut Subscription| {
            changed.apply(given.clone(), now);
            check_usable(emulated, changed)?;
            self.check_beside_others(emulated, changed)
        };
        let kept = self.change(number, edit).await?;
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &kept, false),
        ))
    }

    pub(super) async fn remove(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let found = self.named(emulated, call)?;
        self.remove_records(&[found.number]).await?;
        Ok(Done {
            facts: call.facts_of(emulated, &found, false),
            ..Done::default()
        })
    }

    pub(super) async fn set_active(
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
    ///
    /// # Errors
    /// There is none of that number, or it cannot be written.
    pub async fn switch(
        &self,
        number: i64,
        is_active: bool,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let now = self.now();
        let edit = |changed: &mut Subscription| {
            changed.set_active(is_active);
            changed.document.updated_at = now;
            Ok(())
        };
        self.change(number, edit).await
    }

    pub(super) async fn rotate(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        let rules = emulated.management.secret.as_ref();
        let brought = rules.and_then(|rules| at(&call.body, rules.rotated_to.as_ref()?));
        let brought = brought.and_then(Value::as_str).map(Secret::new);
        let number = self.named(emulated, call)?.number;
        let kept = self.rotate_secret(number, brought).await?;
        Ok(Done::of(
            "subscription",
            call.facts_of(emulated, &kept, true),
        ))
    }

    /// Gives a subscription a new secret; the old one signs beside it for the provider's time.
    ///
    /// # Errors
    /// There is none of that number, the provider makes no secrets, or it cannot be written.
    pub async fn rotate_secret(
        &self,
        number: i64,
        brought: Option<Secret>,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let missing = || not_found("webhook", &number.to_string());
        let found = self.subscription(number).ok_or_else(missing)?;
        let emulated = self.emulated_of(&found.key.provider).ok_or_else(missing)?;
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
        let until = until.flatten();
        let edit = |changed: &mut Subscription| {
            changed.rotate(new.clone(), until, now);
            changed.document.updated_at = now;
            check_usable(emulated, changed)
        };
        self.change(number, edit).await
    }

    pub(super) async fn test(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
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

    pub(super) async fn publish_to(
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

    pub(super) async fn send_example(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
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

    pub(super) async fn recover_named(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
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
}

/// Event types that the provider does not have are refused, where it would.
fn check_events(emulated: &Emulated, given: &Map<String, Value>) -> Result<(), EmulatorError> {
    let management = &emulated.management;
    if management.filter.accepts_unknown {
        return Ok(());
    }
    for (name, rule) in &management.fields {
        let (FieldKind::Events, Some(Value::Array(events))) = (rule.kind, given.get(name)) else {
            continue;
        };
        let fault = |message: String, value: Option<String>| {
            EmulatorError::Fault(Fault {
                kind: ErrorKind::UnknownEvent,
                field: rule.at.steps().join("."),
                message,
                value,
            })
        };
        if events.is_empty() && rule.required && !management.filter.empty_is_all {
            let text = rule.invalid.clone();
            return Err(fault(
                text.unwrap_or_else(|| "no event is named".to_owned()),
                None,
            ));
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
    }
    Ok(())
}

/// A field that the provider does not have is refused, where it would.
fn check_known(emulated: &Emulated, body: &Value) -> Result<(), EmulatorError> {
    let management = &emulated.management;
    let Some(given) = body.as_object().filter(|_| management.refuses_unknown) else {
        return Ok(());
    };
    let is_known = |name: &str| {
        let mut rules = management.fields.values();
        rules.any(|rule| rule.at.steps().first().is_some_and(|first| first == name))
    };
    match given.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => Err(EmulatorError::Fault(Fault {
            kind: ErrorKind::UnknownField,
            field: name.clone(),
            message: format!("Received unknown parameter: {name}"),
            value: Some(name.clone()),
        })),
    }
}

/// A secret that the provider's scheme cannot sign with is refused before it is kept: no event could be delivered.
fn check_usable(emulated: &Emulated, subscription: &Subscription) -> Result<(), EmulatorError> {
    let Some(scheme) = &emulated.provider.signature else {
        return Ok(());
    };
    let kept = subscription.secrets.iter();
    let secrets: Vec<Secret> = kept.map(|kept| kept.secret.clone()).collect();
    check_secrets(scheme, &secrets).map_err(|error| refused(ErrorKind::Invalid, error.to_string()))
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

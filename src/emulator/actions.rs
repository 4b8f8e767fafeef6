//! What the routes of a provider's API do.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::{EmulatorError, refused};
use super::input::Fault;
use super::lists::{Listed, Paging, listed};
use super::state::{Emulated, Emulator};
use super::subscription::Subscription;
use super::template::Facts;
use crate::catalog::{Action, ErrorKind};

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
    pub(super) fn name(&self, name: &str) -> Result<&str, EmulatorError> {
        let found = self.named.get(name).map(String::as_str);
        found.ok_or_else(|| refused(ErrorKind::NotFound, format!("the route has no {{{name}}}")))
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        let found = query.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What an answer can say of a subscription, under the URL that was called.
    pub(super) fn facts_of(
        &self,
        emulated: &Emulated,
        one: &Subscription,
        shows_secret: bool,
    ) -> Facts {
        let mut one = one.clone();
        one.document.base.clone_from(&self.base);
        one.facts(&emulated.management, shows_secret)
    }

    /// Which part of a list it wants.
    pub(super) fn paging(&self, emulated: &Emulated) -> Result<Paging, Fault> {
        let asked = |name: &str| self.parameter(name).map(str::to_owned);
        Paging::read(&emulated.management.pages, &asked)
    }

    /// The answer with a part of a list.
    pub(super) fn list_of<T>(
        &self,
        part: Listed<T>,
        shape: impl FnOnce(&[T]) -> Vec<String>,
    ) -> Done {
        let Listed {
            items,
            mut facts,
            headers,
        } = part;
        let shapes = shape(&items);
        facts.set_text("items", format!("[{}]", shapes.join(",")));
        facts.set("url", self.url.clone());
        facts.set("path", path_of(&self.url));
        Done {
            facts,
            headers,
            ..Done::default()
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
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
    /// Instead of the one that the provider answers the action with.
    pub status: Option<u16>,
    /// The subscription that it is about.
    pub about: Option<i64>,
}

impl Done {
    pub(super) fn of(shape: &'static str, facts: Facts) -> Self {
        Self {
            facts,
            shape: Some(shape),
            ..Self::default()
        }
    }
}

/// How many deliveries are looked through for a list.
pub(super) const MOST_LISTED: usize = 1000;

impl Emulator {
    pub(super) async fn act(
        &self,
        emulated: &Emulated,
        call: &Call,
    ) -> Result<Done, EmulatorError> {
        self.refresh().await?;
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
            Action::List => self.list(emulated, call),
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
            Action::ShowContainer => self.show_container(emulated, call).await,
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

    pub(super) fn page<T>(
        &self,
        emulated: &Emulated,
        call: &Call,
        all: Vec<T>,
        id_of: impl Fn(&T) -> String,
        shape: impl FnOnce(&[T]) -> Vec<String>,
    ) -> Result<Done, EmulatorError> {
        let paging = call.paging(emulated)?;
        let part = listed(all, &paging, id_of, &call.url)?;
        Ok(call.list_of(part, shape))
    }
}

fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/')
        .map_or_else(String::new, |at| rest[at..].to_owned())
}

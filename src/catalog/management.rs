//! `[management]` of a `provider.toml`: the API with which webhooks are created and managed, as an emulator plays it.

use std::collections::BTreeMap;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use strum::{Display, EnumString};

use crate::delivery::StatusSet;
use crate::model::InvalidText;
use crate::payload::Path;

/// How webhooks are created and managed over the provider's API.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Management {
    /// What is worth knowing besides.
    pub notes: Option<String>,
    pub authentication: Authentication,
    /// Requests may be forms, where they say so.
    #[serde(default)]
    pub accepts_forms: bool,
    pub ids: IdFormats,
    /// None where nothing is signed.
    pub secret: Option<SecretRules>,
    /// What a subscription is made of: the fields of the request that creates or changes one. `url`, `events`,
    /// `events_added`, `events_removed`, `secret`, `active`, `disabled` and `uid` have a meaning; others are kept and shown.
    pub fields: IndexMap<String, FieldRule>,
    #[serde(default)]
    pub filter: Filter,
    /// What subscriptions belong to and has to be created before them.
    pub container: Option<Container>,
    /// `METHOD /path/{parameter}` → what it does. The parameters `id`, `event`, `delivery`, `object` and `container`
    /// have a meaning, those that begin with `_` have none; all others together name the scope that a subscription belongs to.
    pub routes: IndexMap<RoutePattern, Action>,
    /// How a thing is written: `subscription`, `event`, `delivery`, `container`.
    #[serde(default)]
    pub shapes: IndexMap<String, Template>,
    #[serde(default)]
    pub answers: BTreeMap<Action, Answer>,
    #[serde(default)]
    pub errors: BTreeMap<ErrorKind, Answer>,
    #[serde(default)]
    pub pages: Pages,
    /// How the states of a subscription are called.
    #[serde(default)]
    pub states: StateNames,
    /// How the outcomes of a delivery are called: `delivered`, `failed`, `pending`.
    #[serde(default)]
    pub outcomes: IndexMap<String, serde_json::Value>,
    /// The same in words, where it has both.
    #[serde(default)]
    pub outcome_texts: IndexMap<String, String>,
    /// When the provider disables a subscription by itself.
    #[serde(default)]
    pub disable: DisableRules,
    /// How many subscriptions one scope may have.
    pub most_subscriptions: Option<usize>,
    /// How many deliveries to one subscription may wait; an event that would add to them is refused.
    pub most_pending: Option<usize>,
    /// Two subscriptions of a scope with the same URL are refused.
    #[serde(default)]
    pub unique_urls: bool,
    /// Where an event says how many subscriptions get it.
    pub count_in_event: Option<Path>,
    /// What an event says of the subscription that it goes to.
    #[serde(default)]
    pub event_values: Vec<EventValue>,
    /// What is known, as `of`, of subscriptions whose scope has that part.
    #[serde(default)]
    pub of_scope: IndexMap<String, IndexMap<String, String>>,
    /// A request with a field that is not described is refused.
    #[serde(default)]
    pub refuses_unknown: bool,
    /// What can be fetched after an event has told of it.
    #[serde(default)]
    pub objects: Vec<ObjectInEvent>,
    /// The fields of the request that creates an event.
    pub new_event: Option<NewEvent>,
    /// Headers of a delivery besides the provider's; values are templates' texts.
    #[serde(default)]
    pub delivery_headers: IndexMap<String, String>,
    /// Which field makes deliveries go out as a form, and with which value.
    pub form_when: Option<FormWhen>,
}

/// A value of an event that is another for each subscription: a sample gets it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct EventValue {
    pub at: Path,
    pub value: Template,
    /// An event that its sender gave another value there is not for the subscription. `*` in the value stands for any
    /// text; it is compared then, and not put into a sample.
    #[serde(default)]
    pub names: bool,
    /// In this event alone.
    pub event: Option<String>,
}

impl EventValue {
    /// Whether its value stands for several.
    pub fn is_pattern(&self) -> bool {
        self.value.0.as_str().is_some_and(|text| text.contains('*'))
    }
}

impl Management {
    /// The parts that a subscription's scope can have.
    pub fn scope_parts(&self) -> Vec<&str> {
        if self.container.is_some() {
            return vec!["container"];
        }
        let segments = self.routes.keys().flat_map(|route| &route.segments);
        let mut parts: Vec<&str> = segments
            .filter_map(|segment| match segment {
                Segment::Parameter(name) => Some(name.as_str()),
                Segment::Literal(_) => None,
            })
            .filter(|name| !MEANT.contains(name) && !name.starts_with('_'))
            .collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}

/// The parameters of a path that have a meaning; all others together are the scope.
pub const MEANT: [&str; 5] = ["id", "event", "delivery", "object", "container"];

/// How a client says who it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Authentication {
    pub accepts: Vec<Credentials>,
    /// What a key begins with; any of these. Any key where none is named.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// What a key begins with that opens a real account: it is refused, so that no one leaves it here.
    #[serde(default)]
    pub live_prefixes: Vec<String>,
}

impl Authentication {
    /// How a client says who it is, in words.
    pub fn in_words(&self) -> String {
        let ways: Vec<String> = self.accepts.iter().map(Credentials::in_words).collect();
        let begins = match self.prefixes.as_slice() {
            [] => String::new(),
            all => format!(", beginning with {}", all.join(" or ")),
        };
        format!("{}{begins}", ways.join(" or "))
    }
}

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Bearer KEY`, or `token KEY` (RFC 6750).
    Bearer,
    /// The user of `Authorization: Basic` (RFC 7617).
    Basic,
    /// A header of that name.
    Header(String),
}

impl Credentials {
    fn in_words(&self) -> String {
        match self {
            Self::Bearer => "Authorization: Bearer KEY".to_owned(),
            Self::Basic => "the user of Authorization: Basic".to_owned(),
            Self::Header(name) => format!("{name}: KEY"),
        }
    }
}

impl<'de> Deserialize<'de> for Credentials {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match (text.as_str(), text.strip_prefix("header:")) {
            ("bearer", _) => Ok(Self::Bearer),
            ("basic", _) => Ok(Self::Basic),
            (_, Some(name)) if !name.is_empty() => Ok(Self::Header(name.to_owned())),
            _ => Err(serde::de::Error::custom(format!(
                "invalid credentials `{text}`: use bearer, basic or header:NAME"
            ))),
        }
    }
}

/// What ids look like, as in `wh_{alnum:24}`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct IdFormats {
    pub subscription: String,
    #[serde(default = "event_id")]
    pub event: String,
    /// That of a delivery: a text with `{ulid}`, for one attempt of it, or `{number}`.
    #[serde(default = "delivery_id")]
    pub delivery: String,
}

fn delivery_id() -> String {
    "att_{ulid}".to_owned()
}

fn event_id() -> String {
    "evt_{alnum:24}".to_owned()
}

/// The secret of a subscription.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SecretRules {
    /// The client brings its own, or there is none; else the provider makes one.
    #[serde(default)]
    pub from_client: bool,
    pub shown: SecretShown,
    /// Where the request that rotates it can bring the new one.
    pub rotated_to: Option<Path>,
    /// How long the old one signs beside the new one after a rotation.
    #[serde(default, deserialize_with = "duration")]
    pub grace: Duration,
}

/// When a secret is in an answer.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SecretShown {
    /// In that of the creation, once.
    Once,
    /// Wherever a subscription is shown.
    Always,
    /// Where it is asked for alone.
    OnRequest,
    /// `********` wherever it stands.
    Redacted,
}

/// A field of a request.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// Where it is in the request.
    pub at: Path,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    /// The value where none is given.
    pub default: Option<serde_json::Value>,
    #[serde(default)]
    pub one_of: Vec<String>,
    pub longest: Option<usize>,
    /// An `http` URL is refused, but on this machine.
    #[serde(default)]
    pub https_only: bool,
    /// It cannot be changed later.
    #[serde(default)]
    pub fixed: bool,
    /// A change that has something at that place and leaves this field out removes its value.
    pub removed_with: Option<Path>,
    /// What is said where it is missing.
    pub missing: Option<String>,
    /// What is said where it cannot be used.
    pub invalid: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Display, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FieldKind {
    Url,
    /// A list of event types, or patterns of them.
    Events,
    String,
    Boolean,
    Integer,
    Object,
    List,
    Any,
}

/// Which events a subscription gets.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What stands for all events.
    #[serde(default)]
    pub all: Vec<String>,
    /// None named means all.
    #[serde(default)]
    pub empty_is_all: bool,
    /// `invoice.*` stands for all that begin with `invoice.`.
    #[serde(default)]
    pub wildcards: bool,
    /// `invoice` stands for all that begin with `invoice.`, too.
    #[serde(default)]
    pub groups: bool,
    /// An event type that the provider does not have is accepted.
    #[serde(default)]
    pub accepts_unknown: bool,
    /// Event types that the provider has besides those that are described.
    #[serde(default)]
    pub also: Vec<String>,
    /// The field with a list of tags: a subscription that has some gets the events with one of them.
    pub tags: Option<String>,
}

/// What subscriptions belong to.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Container {
    /// What its ids look like.
    pub id: String,
    /// The parameter with which one that is there already is returned instead of refused.
    pub get_if_exists: Option<String>,
    pub fields: IndexMap<String, FieldRule>,
}

/// `METHOD /path/{parameter}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoutePattern {
    pub method: String,
    pub segments: Vec<Segment>,
    text: String,
}

impl RoutePattern {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A piece of a path between two slashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    Literal(String),
    Parameter(String),
}

impl std::str::FromStr for RoutePattern {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused =
            || format!("invalid route `{text}`: use for example `GET /v1/webhooks/{{id}}`");
        let (method, path) = text.split_once(' ').ok_or_else(refused)?;
        let is_method = method.bytes().all(|byte| byte.is_ascii_uppercase());
        let path = path.strip_prefix('/').filter(|_| is_method);
        let segments = path.ok_or_else(refused)?.split('/').map(|piece| {
            let parameter = piece
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            match parameter {
                Some(name) => Segment::Parameter(name.to_owned()),
                None => Segment::Literal(piece.to_owned()),
            }
        });
        Ok(Self {
            method: method.to_owned(),
            segments: segments.collect(),
            text: text.to_owned(),
        })
    }
}

impl<'de> Deserialize<'de> for RoutePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a route does.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, EnumString, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Action {
    Create,
    List,
    Show,
    Update,
    Remove,
    /// Sends the event that the provider sends on demand.
    Test,
    /// Sends the event that the provider sends on subscribing.
    Ping,
    /// Sends an event that the request names.
    SendExample,
    Pause,
    Resume,
    ShowSecret,
    RotateSecret,
    /// Sends again what failed since a time.
    Recover,
    /// Parts of a subscription, in a document of their own.
    ShowConfig,
    UpdateConfig,
    ListDeliveries,
    /// The attempts of one event, to all subscriptions.
    ListEventDeliveries,
    ShowDelivery,
    /// Sends a delivery again.
    Resend,
    CreateEvent,
    ListEvents,
    ShowEvent,
    /// What an event told of.
    ShowObject,
    CreateContainer,
    ListContainers,
    ShowContainer,
    UpdateContainer,
    RemoveContainer,
}

/// What is answered.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub status: Option<u16>,
    /// Empty where there is none.
    pub body: Option<Template>,
    #[serde(default)]
    pub headers: IndexMap<String, String>,
}

/// JSON in which texts that begin with `$` are replaced: `"$url"` by the value, or null where there is none; `"$secret?"`
/// leaves its key out then; `"$fields.metadata:{}"` says what to put instead. `|` chooses how it is written, as in
/// `"$created|unix_s"`. Within other texts, `${id}` is replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(pub serde_json::Value);

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value = match text.strip_prefix('$') {
            Some(_) => serde_json::Value::from(text),
            None => serde_json::from_str(&text).map_err(|error| {
                serde::de::Error::custom(format!("a template is JSON: {error}"))
            })?,
        };
        Ok(Self(value))
    }
}

/// Why a request is refused.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, EnumString, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorKind {
    Unauthorized,
    NotFound,
    NoRoute,
    MethodNotAllowed,
    /// The body cannot be read.
    Malformed,
    Missing,
    Invalid,
    UnknownEvent,
    /// A field that the provider does not have.
    UnknownField,
    Conflict,
    TooMany,
    /// The request cannot be carried out as things are.
    Refused,
}

impl ErrorKind {
    /// What is said instead where a provider says nothing of this one.
    pub fn instead(self) -> Option<Self> {
        match self {
            Self::MethodNotAllowed => Some(Self::NoRoute),
            Self::NoRoute => Some(Self::NotFound),
            Self::Malformed
            | Self::Missing
            | Self::UnknownEvent
            | Self::UnknownField
            | Self::Conflict
            | Self::TooMany
            | Self::Refused => Some(Self::Invalid),
            Self::Unauthorized | Self::NotFound | Self::Invalid => None,
        }
    }
}

/// How long lists are given out.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    pub style: PageStyle,
    /// The parameter that says how many are wanted.
    #[serde(default = "limit")]
    pub limit: String,
    #[serde(default = "usual")]
    pub usual: usize,
    #[serde(default = "most")]
    pub most: usize,
    /// Subscriptions, too, come the newest first, as events and deliveries always do.
    #[serde(default)]
    pub newest_first: bool,
    /// A limit that is no number, or out of range, is refused; else the nearest one counts.
    #[serde(default)]
    pub refuses_limits: bool,
}

fn limit() -> String {
    "limit".to_owned()
}

fn usual() -> usize {
    100
}

fn most() -> usize {
    100
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            style: PageStyle::All,
            limit: limit(),
            usual: usual(),
            most: most(),
            newest_first: false,
            refuses_limits: false,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PageStyle {
    /// There is one page.
    All,
    /// `starting_after` and `ending_before` name an id.
    StartingAfter,
    /// `page` is a number; a `Link` header names others (RFC 8288).
    Numbered,
    /// `iterator` is what the page before said.
    Iterator,
}

/// The names of a subscription's states.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct StateNames {
    pub active: serde_json::Value,
    pub paused: serde_json::Value,
    /// The provider has disabled it.
    pub disabled: serde_json::Value,
}

impl Default for StateNames {
    fn default() -> Self {
        Self {
            active: "active".into(),
            paused: "paused".into(),
            disabled: "disabled".into(),
        }
    }
}

/// When a provider disables a subscription.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct DisableRules {
    /// At once, by such a response.
    #[serde(default)]
    pub on_status: Vec<StatusSet>,
    /// After so many deliveries in a row that failed for good.
    pub after_failures: Option<u32>,
    /// After all have failed for that long.
    #[serde(default, deserialize_with = "optional_duration")]
    pub after: Option<Duration>,
}

/// Something in an event that can be fetched by its id.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ObjectInEvent {
    /// Where it is; the whole payload where nothing is said.
    #[serde(default)]
    pub at: Path,
    /// Where its id is, within it.
    pub id: Path,
}

/// Where the request that creates an event says what it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// The event type.
    pub event: Path,
    pub payload: Path,
    /// The client's own id, under which a second one is refused.
    pub key: Option<Path>,
    /// A list of tags, by which some subscriptions choose.
    pub tags: Option<Path>,
}

/// The value of a field that makes deliveries go out as a form.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct FormWhen {
    pub field: String,
    pub is: String,
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    crate::model::duration::deserialize(deserializer)
}

fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    crate::model::duration::deserialize(deserializer).map(Some)
}

//! `provider.toml`: what one provider documents. Every section names its source.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};

use super::error::{CatalogError, nearest};
use super::facts::{Facts, Provenance};
use super::folder::{Folder, Origin};
use super::management::Management;
use super::scenario::Scenario;
use super::schema::{Field, Schema, Violation};
use crate::delivery::Policy;
use crate::model::{Headers, KeyHasher, RemoteText, Right, bounded_name, is_harmless_header};
use crate::payload::{Document, IdFormat, Kind, Path, Serializer, TimestampFormat};
use crate::signature::{Handshake, Mechanism, Scheme};

/// One provider, parsed. Samples and schemas are read when they are asked for.
#[derive(Debug)]
pub struct Provider {
    pub name: String,
    pub title: String,
    pub home: Option<String>,
    pub summary: String,
    /// Documents that facts refer to by name.
    pub sources: IndexMap<String, Source>,
    pub request: Facts<RequestFacts>,
    pub recognise: Recognise,
    pub body: Facts<BodyFacts>,
    pub signature: Option<Facts<Scheme>>,
    pub handshakes: Vec<Facts<Handshake>>,
    pub delivery: Facts<Policy>,
    pub platforms: Option<Facts<Platforms>>,
    pub on_subscribe: Option<Facts<SentEvent>>,
    pub on_demand: Option<Facts<SentEvent>>,
    pub management: Option<Facts<Management>>,
    pub receiver: Option<Facts<Receiver>>,
    /// Events that follow one another, by name.
    pub scenarios: IndexMap<String, Scenario>,
    pub events: IndexMap<String, EventFacts>,
    pub(super) folder: Folder,
    pub(super) schemas: BTreeMap<String, OnceLock<Result<Option<Schema>, CatalogError>>>,
}

/// A document that facts come from.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Source {
    /// The title of the document.
    pub title: String,
    /// Its URL.
    pub url: Option<String>,
    /// The day on which it was read, as YYYY-MM-DD.
    pub date: String,
}

/// What every request of the provider has.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct RequestFacts {
    #[serde(default = "post")]
    pub method: String,
    pub content_type: String,
    /// Header → value; `{event}` is replaced by the event type.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// Deliveries go to https URLs alone.
    #[serde(default)]
    pub https_only: bool,
    /// The field of a form in which the provider sends its JSON where it is set to.
    pub form_field: Option<String>,
}

fn post() -> String {
    "POST".to_owned()
}

/// How a request of the provider is recognised: by any of the headers, or by all of the body's
/// conditions that are not optional (one at least), make it a candidate; the most conditions met win.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Recognise {
    #[serde(default)]
    pub headers: Vec<HeaderCondition>,
    #[serde(default)]
    pub body: Vec<Condition>,
}

/// `Name`: the header is there; `Name: start`: and its value begins so, whatever the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderCondition {
    pub name: String,
    pub value: Option<String>,
}

impl<'de> Deserialize<'de> for HeaderCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match text.split_once(':') {
            None => Self {
                name: text,
                value: None,
            },
            Some((name, value)) => Self {
                name: name.trim().to_owned(),
                value: Some(value.trim().to_owned()),
            },
        })
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub path: Path,
    #[serde(rename = "type")]
    pub kind: Option<ConditionKind>,
    /// The value is this string.
    pub equals: Option<String>,
    /// The value is one of the provider's event types.
    #[serde(default)]
    pub known_event: bool,
    #[serde(default)]
    pub optional: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ConditionKind {
    String,
    Number,
    Object,
    Array,
    Bool,
}

impl ConditionKind {
    pub(super) fn fits(self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::String, Kind::String)
                | (Self::Number, Kind::Number)
                | (Self::Object, Kind::Object)
                | (Self::Array, Kind::Array)
                | (Self::Bool, Kind::Bool)
        )
    }
}

/// Where things are in the body, and in which form.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct BodyFacts {
    #[serde(default)]
    pub event: EventAt,
    #[serde(default)]
    pub timestamps: Vec<TimestampAt>,
    #[serde(default)]
    pub ids: Vec<IdAt>,
    pub idempotency_key: IdempotencyKey,
    /// How the provider writes its JSON, where that is known.
    pub serializer: Option<Serializer>,
}

/// Where the event type is said; what is found first counts.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct EventAt {
    /// A place in the body, or several in the order in which they are looked at.
    #[serde(default)]
    pub path: Pointers,
    pub header: Option<String>,
    /// The one event type of a provider that names it nowhere.
    pub default: Option<String>,
}

/// One path, or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointers(pub Vec<Path>);

impl<'de> Deserialize<'de> for Pointers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            One(Path),
            Several(Vec<Path>),
        }
        Ok(Self(match Either::deserialize(deserializer)? {
            Either::One(path) => vec![path],
            Either::Several(paths) => paths,
        }))
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TimestampAt {
    pub path: Path,
    pub format: TimestampFormat,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct IdAt {
    pub path: Path,
    pub format: IdFormat,
}

/// What two deliveries of one event share.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(Vec<KeyPart>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// `body:/id`: the value as it is in the body.
    Body(Path),
    /// `header:X-Id`
    Header(String),
    /// `digest`: the whole body.
    Digest,
}

impl<'de> Deserialize<'de> for KeyPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refused = || {
            serde::de::Error::custom(format!(
                "invalid idempotency key `{text}`: use body:/POINTER, header:NAME or digest"
            ))
        };
        match text.split_once(':') {
            None if text == "digest" => Ok(Self::Digest),
            Some(("body", path)) => path
                .parse()
                .map(Self::Body)
                .map_err(serde::de::Error::custom),
            Some(("header", name)) if !name.is_empty() => Ok(Self::Header(name.to_owned())),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|part| match part {
                KeyPart::Body(path) => path.to_string(),
                KeyPart::Header(name) => format!("header {name}"),
                KeyPart::Digest => "digest of the body".to_owned(),
            })
            .collect();
        f.write_str(&parts.join(" + "))
    }
}

impl IdempotencyKey {
    /// The places in the body that are part of it.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|part| match part {
            KeyPart::Body(path) => Some(path.to_string()),
            _ => None,
        })
    }

    /// The one place in the body that all of it is at, where that is so.
    pub fn only_path(&self) -> Option<&Path> {
        match self.0.as_slice() {
            [KeyPart::Body(path)] => Some(path),
            _ => None,
        }
    }

    /// The id by which a receiver knows the event again, as text: the first part that is one. None where only a digest
    /// of the body tells.
    pub fn id_of(&self, headers: &Headers, document: Option<&Document<'_>>) -> Option<String> {
        self.0.iter().find_map(|part| match part {
            KeyPart::Header(name) => {
                let value = headers.get(name)?;
                Some(String::from_utf8_lossy(value).into_owned())
            }
            KeyPart::Body(path) => {
                let value = document?.get(path)?;
                Some(match value.as_str() {
                    Some(text) => text.into_owned(),
                    None => value.raw().to_owned(),
                })
            }
            KeyPart::Digest => None,
        })
    }

    /// A digest of whose it is (the provider, and the endpoint that it came to) and the key's parts; none where the request lacks one of them. It
    /// compares only with others of the same `hasher`.
    pub fn of(
        &self,
        hasher: &KeyHasher,
        whose: (&str, Option<&str>),
        headers: &Headers,
        body: &[u8],
        document: Option<&Document<'_>>,
    ) -> Option<u64> {
        let mut hash = hasher.build_hasher();
        whose.hash(&mut hash);
        for part in &self.0 {
            let bytes: &[u8] = match part {
                KeyPart::Body(path) => document?.get(path)?.raw().as_bytes(),
                KeyPart::Header(name) => headers.get(name)?,
                KeyPart::Digest => body,
            };
            // The lengths keep parts apart: "ab"+"c" is not "a"+"bc".
            hash.write_usize(bytes.len());
            hash.write(bytes);
        }
        Some(hash.finish())
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Platforms {
    /// Where the body names the platform, for events that do.
    pub field: Option<Path>,
    pub platform: IndexMap<String, Platform>,
}

#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    pub title: String,
    pub description: String,
    /// How the body writes it.
    pub value: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SentEvent {
    pub event: String,
}

/// What the provider tells receivers to do.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    pub acknowledge: Acknowledge,
}

/// Which requests receivers have to answer 2xx.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledge {
    /// Every one, also one that they do not act on.
    Always,
}

impl Acknowledge {
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Always => "always answer 2xx, also to requests that are not acted on",
        }
    }
}

impl Provider {
    /// Whether receivers have to answer 2xx to every request, also to one that they refuse to act on.
    pub fn always_acknowledges(&self) -> bool {
        let receiver = self.receiver.as_ref();
        receiver.is_some_and(|receiver| receiver.facts.acknowledge == Acknowledge::Always)
    }
}

/// One event type.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct EventFacts {
    pub category: String,
    pub description: String,
    pub documented: Option<String>,
    pub assumed: Option<String>,
    /// How requests write its name, where they write it otherwise.
    pub wire_name: Option<String>,
    /// Instead of the provider's.
    pub method: Option<String>,
    /// Instead of the provider's.
    pub content_type: Option<String>,
    /// Parameters that its URL gets; values as in `request.headers`, and `{verify_token}`.
    #[serde(default)]
    pub query: IndexMap<String, String>,
    /// Besides the provider's, or instead of them; values as there, and `{secret}`.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// It is not signed.
    #[serde(default)]
    pub unsigned: bool,
    /// The provider's retries are for it, too.
    #[serde(default = "yes")]
    pub retried: bool,
    /// The platforms that send it; all where none is named.
    #[serde(default)]
    pub platforms: Vec<String>,
    /// The name of what the sample without a variant shows.
    pub default_variant: Option<String>,
    #[serde(default)]
    pub variant: IndexMap<String, Variant>,
    /// Ids to renew besides the provider's.
    #[serde(default)]
    pub ids: Vec<IdAt>,
    /// Instead of the provider's.
    pub idempotency_key: Option<IdempotencyKey>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderFile {
    name: String,
    extends: Option<String>,
    title: Option<String>,
    home: Option<String>,
    summary: Option<String>,
    #[serde(default)]
    sources: IndexMap<String, Source>,
    request: Option<Facts<RequestFacts>>,
    recognise: Option<Recognise>,
    body: Option<Facts<BodyFacts>>,
    signature: Option<Facts<Scheme>>,
    #[serde(default)]
    handshake: Vec<Facts<Handshake>>,
    delivery: Option<Facts<Policy>>,
    platforms: Option<Facts<Platforms>>,
    on_subscribe: Option<Facts<SentEvent>>,
    on_demand: Option<Facts<SentEvent>>,
    management: Option<Facts<Management>>,
    receiver: Option<Facts<Receiver>>,
    #[serde(default)]
    scenario: IndexMap<String, Scenario>,
    #[serde(default)]
    event: IndexMap<String, EventFacts>,
}

impl ProviderFile {
    fn read(folder: &Folder) -> Result<Self, CatalogError> {
        let text = folder
            .read("provider.toml")?
            .ok_or_else(|| folder.error("is missing".to_owned()))?;
        let file: Self = toml::from_str(&text).map_err(|error| {
            let offset = error.span().map(|span| span.start);
            CatalogError::at(
                folder.path_of("provider.toml"),
                &text,
                offset,
                error.message().to_owned(),
            )
        })?;
        let refused = |key: &str, message: String| {
            Err(CatalogError::at(
                folder.path_of("provider.toml"),
                &text,
                text.find(key),
                message,
            ))
        };
        if file.name != folder.name() {
            return refused(
                "name",
                format!(
                    "`name` is `{}` but its folder is `{}`: they must be the same",
                    file.name,
                    folder.name()
                ),
            );
        }
        if let Some(scheme) = &file.signature
            && let Err(message) = scheme.check()
        {
            return refused("[signature]", message.to_string());
        }
        for handshake in &file.handshake {
            if let Err(message) = handshake.check() {
                return refused("[[handshake]]", message.to_string());
            }
        }
        let headers = file.request.iter().flat_map(|request| &request.headers);
        let headers = headers.chain(file.event.values().flat_map(|event| &event.headers));
        for (name, value) in headers {
            let token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            let clean = !value.bytes().any(|byte| byte < 0x20 || byte == 0x7f);
            if name.is_empty() || !name.bytes().all(token) || !clean {
                return refused(
                    "headers",
                    format!("`{}` is not a valid header", name.escape_debug()),
                );
            }
        }
        for (name, event) in &file.event {
            let header = if name.contains('.') {
                format!("[event.\"{name}\"]")
            } else {
                format!("[event.{name}]")
            };
            if event.documented.is_some() == event.assumed.is_some() {
                return refused(
                    &header,
                    "an event needs either `documented` (its source) or `assumed` (the reason)"
                        .to_owned(),
                );
            }
            let known =
                |source: &String| file.sources.contains_key(source) || file.extends.is_some();
            if let Some(source) = event.documented.as_ref().filter(|source| !known(source)) {
                return refused(
                    &header,
                    format!("`documented = \"{source}\"` is not an entry of [sources]"),
                );
            }
            if !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            {
                return refused(
                    &header,
                    format!("invalid event name `{name}`: use letters, digits, `.`, `-` and `_`"),
                );
            }
        }
        Ok(file)
    }

    /// This file's sections over the base's; events one by one.
    fn over(self, base: Self) -> Self {
        let mut sources = base.sources;
        sources.extend(self.sources);
        let mut event = base.event;
        event.extend(self.event);
        Self {
            name: self.name,
            extends: None,
            title: self.title.or(base.title),
            home: self.home.or(base.home),
            summary: self.summary.or(base.summary),
            sources,
            request: self.request.or(base.request),
            recognise: self.recognise.or(base.recognise),
            body: self.body.or(base.body),
            signature: self.signature.or(base.signature),
            handshake: [self.handshake, base.handshake].concat(),
            delivery: self.delivery.or(base.delivery),
            platforms: self.platforms.or(base.platforms),
            on_subscribe: self.on_subscribe.or(base.on_subscribe),
            on_demand: self.on_demand.or(base.on_demand),
            management: self.management.or(base.management),
            receiver: self.receiver.or(base.receiver),
            scenario: if self.scenario.is_empty() {
                base.scenario
            } else {
                self.scenario
            },
            event,
        }
    }
}

impl Provider {
    /// The content type of an event's body.
    pub fn content_type(&self, event: &str) -> &str {
        let own = self.events.get(event);
        own.and_then(|facts| facts.content_type.as_deref())
            .unwrap_or(&self.request.content_type)
    }

    pub(super) fn read(
        folder: Folder,
        base: impl Fn(&str) -> Option<Folder>,
    ) -> Result<Self, CatalogError> {
        let mut file = ProviderFile::read(&folder)?;
        let mut folder = folder;
        if let Some(name) = file.extends.clone() {
            let base = base(&name)
                .ok_or_else(|| folder.error(format!("`extends = \"{name}\"`: unknown provider")))?;
            let below = ProviderFile::read(&base)?;
            if below.extends.is_some() {
                return Err(folder.error(format!(
                    "`extends`: `{name}` extends another provider itself; only one level is supported"
                )));
            }
            file = file.over(below);
            folder = folder.with_base(base);
        }
        let missing = |section: &str| folder.error(format!("the section [{section}] is missing"));
        let schemas = file
            .event
            .keys()
            .map(|event| (event.clone(), OnceLock::new()))
            .collect();
        let provider = Self {
            title: file.title.unwrap_or_else(|| file.name.clone()),
            name: file.name,
            home: file.home,
            summary: file.summary.unwrap_or_default(),
            sources: file.sources,
            request: file.request.ok_or_else(|| missing("request"))?,
            recognise: file.recognise.unwrap_or_default(),
            body: file.body.ok_or_else(|| missing("body"))?,
            signature: file.signature,
            handshakes: file.handshake,
            delivery: file.delivery.ok_or_else(|| missing("delivery"))?,
            platforms: file.platforms,
            on_subscribe: file.on_subscribe,
            on_demand: file.on_demand,
            management: file.management,
            receiver: file.receiver,
            scenarios: file.scenario,
            events: file.event,
            schemas,
            folder: folder.clone(),
        };
        for handshake in &provider.handshakes {
            let mut answers = handshake.response.headers.iter();
            let strange = answers.find(|(name, value)| !is_harmless_header(name, value));
            if let (Some((name, _)), false) = (strange, provider.allows(Right::PageHeaders)) {
                return Err(folder.lacks_trust(format!(
                    "the handshake `{}` sets the header `{name}`, which a browser acts on: a provider from the hookcli.toml of the working tree may not do that",
                    handshake.event
                )));
            }
            if handshake.is_signed() && !provider.allows(Right::SignHandshakes) {
                return Err(folder.lacks_trust(format!(
                    "the handshake `{}` answers with an HMAC: a provider from the hookcli.toml of the working tree may not have anything signed",
                    handshake.event
                )));
            }
        }
        for event in provider.events.keys() {
            if provider.folder.samples().binary_search(event).is_err() {
                return Err(folder.error(format!(
                    "the event `{event}` has no sample: add samples/{event}.json (or .form)"
                )));
            }
        }
        if *provider.folder.origin() != Origin::Embedded {
            provider.check_samples()?;
        }
        Ok(provider)
    }

    /// Looks at each sample of a folder of the user's: embedded ones are looked at by a test.
    fn check_samples(&self) -> Result<(), CatalogError> {
        for name in self.folder.samples() {
            let (event, variant) = match name.split_once('@') {
                Some((event, variant)) => (event, Some(variant)),
                None => (name.as_str(), None),
            };
            if !self.events.contains_key(event) {
                return Err(CatalogError {
                    file: self.folder.path_of(&format!("samples/{name}.json")),
                    line: None,
                    message: format!(
                        "is a sample of an unknown event: add [event.\"{event}\"] to provider.toml"
                    ),
                    lacks_trust: false,
                });
            }
            self.sample(event, variant)?;
        }
        Ok(())
    }

    /// Whether the provider's folder is trusted with that right.
    pub fn allows(&self, right: Right) -> bool {
        self.folder.trust().allows(right)
    }

    /// The user said what its scheme is.
    pub(super) fn set_scheme(&mut self, scheme: Scheme) {
        let facts = Facts {
            facts: scheme,
            provenance: Provenance {
                documented: Some("given by flags or by the endpoint".to_owned()),
                ..Provenance::default()
            },
        };
        self.signature = Some(facts);
    }

    /// The entries of its `[signature]` as they stand in its file, without where they are known from.
    pub fn signature_text(&self) -> Option<String> {
        let text = self.folder.read("provider.toml").ok()??;
        let (_, section) = text.split_once("\n[signature]\n")?;
        let end = section.find("\n[").unwrap_or(section.len());
        let kept = section[..end].lines().filter(|line| {
            !line.starts_with("documented")
                && !line.starts_with("assumed")
                && !line.starts_with('#')
        });
        Some(kept.map(|line| format!("{line}\n")).collect())
    }

    /// Whether a request can be made to hold the secret, or what is as good: the token of its scheme, a
    /// plain hash of it, a header or parameter of an event that is filled with it.
    pub fn exposes_secret(&self) -> bool {
        let by_scheme = self
            .signature
            .as_ref()
            .is_some_and(|scheme| scheme.sends_secret() || scheme.mechanism == Mechanism::Hash);
        let events = self.events.values();
        let mut filled = events
            .flat_map(|event| event.headers.values().chain(event.query.values()))
            .chain(self.request.headers.values());
        by_scheme || filled.any(|value| value.contains("{secret}"))
    }

    /// Where the folder is from.
    pub fn origin(&self) -> &Origin {
        self.folder.origin()
    }

    /// The variants of an event that have a sample of their own.
    pub fn variants(&self, event: &str) -> Vec<String> {
        let prefix = format!("{event}@");
        self.folder
            .samples()
            .iter()
            .filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned))
            .collect()
    }

    /// The sample of an event; of a variant, where one is given. `None` if there is no such variant.
    pub fn sample(
        &self,
        event: &str,
        variant: Option<&str>,
    ) -> Result<Option<String>, CatalogError> {
        let default = self
            .events
            .get(event)
            .and_then(|facts| facts.default_variant.as_deref());
        let name = match variant.filter(|variant| Some(*variant) != default) {
            Some(variant) => format!("{event}@{variant}"),
            None => event.to_owned(),
        };
        let file = format!("samples/{name}.json");
        if let Some(text) = self.folder.read(&file)? {
            if *self.folder.origin() == Origin::Embedded {
                // A test has looked at it.
                return Ok(Some(text.into_owned()));
            }
            Document::parse(text.as_bytes()).map_err(|error| {
                CatalogError::at(
                    self.folder.path_of(&file),
                    &text,
                    Some(error.at),
                    error.to_string(),
                )
            })?;
            return Ok(Some(text.into_owned()));
        }
        // What is no JSON is a form, on one line; an empty one is no body.
        let form = self.folder.read(&format!("samples/{name}.form"))?;
        Ok(form.map(|text| text.trim_end_matches('\n').to_owned()))
    }

    /// The schema's text, where the event has one.
    pub fn schema_text(&self, event: &str) -> Result<Option<&str>, CatalogError> {
        Ok(self.schema(event)?.map(Schema::text))
    }

    /// The documented fields, in the schema's order.
    pub fn fields(&self, event: &str) -> Result<Vec<Field>, CatalogError> {
        Ok(self.schema(event)?.map(Schema::fields).unwrap_or_default())
    }

    /// What is wrong with a path that the event's schema has no place for, in words; `None` where it has one.
    pub fn unknown_path(&self, event: &str, path: &Path) -> Result<Option<String>, CatalogError> {
        let schema = self.schema(event)?;
        let unknown = schema.and_then(|schema| schema.unknown_name(path));
        Ok(unknown.map(|(name, known)| {
            let suggestion = match nearest(name, known.into_iter()).first() {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; `hookcli events {}/{event}` lists them", self.name),
            };
            format!(
                "`{name}` in `{path}` is not a field of {}/{event}{suggestion}",
                self.name
            )
        }))
    }

    /// How `body` departs from the event's schema; empty where it follows it or there is none.
    pub fn validate(&self, event: &str, body: &[u8]) -> Result<Vec<Violation>, CatalogError> {
        let schema = self.schema(event)?;
        Ok(schema
            .map(|schema| schema.violations(body))
            .unwrap_or_default())
    }

    /// Whether the event has a schema.
    pub fn has_schema(&self, event: &str) -> bool {
        self.schema(event).is_ok_and(|schema| schema.is_some())
    }

    /// Compiled when it is first asked for.
    fn schema(&self, event: &str) -> Result<Option<&Schema>, CatalogError> {
        let Some(cell) = self.schemas.get(event) else {
            return Ok(None);
        };
        match cell.get_or_init(|| Schema::read(&self.folder, event)) {
            Ok(schema) => Ok(schema.as_ref()),
            Err(error) => Err(error.clone()),
        }
    }

    /// The event type that a request names, whether the provider lists it or not.
    pub fn event_of(
        &self,
        headers: &Headers,
        document: Option<&Document<'_>>,
    ) -> Option<RemoteText> {
        // A header of its own tells an event from others of the same type in the body.
        let own = self.events.iter().find(|(_, facts)| {
            let marks = facts
                .headers
                .iter()
                .filter(|(_, value)| !value.contains('{'));
            let mut marks = marks
                .filter(|(name, _)| self.request.headers.contains_key(*name))
                .peekable();
            marks.peek().is_some()
                && marks.all(|(name, value)| headers.get(name) == Some(value.as_bytes()))
        });
        if let Some((name, _)) = own {
            return Some(RemoteText::from(name.as_str()));
        }
        let at = &self.body.event;
        let in_body = at.path.0.iter().find_map(|path| {
            let value = document?.get(path)?;
            // Some providers number their events.
            match value.kind() {
                Kind::String => value.as_str().map(std::borrow::Cow::into_owned),
                Kind::Number => Some(value.raw().to_owned()),
                _ => None,
            }
        });
        let in_header = || headers.get(at.header.as_deref()?).map(RemoteText::from);
        let written = in_body
            .map(RemoteText::from)
            .or_else(in_header)
            .or_else(|| at.default.as_deref().map(RemoteText::from))?;
        let named = self
            .events
            .iter()
            .find(|(_, facts)| facts.wire_name.as_deref() == Some(written.unescaped()));
        let name = named.map_or(written.unescaped(), |(name, _)| name.as_str());
        Some(RemoteText::from(&*bounded_name(name)))
    }

    /// How an event is delivered: the provider's policy, without retries where it is not for that event.
    pub fn policy_of(&self, event: Option<&str>) -> Policy {
        let mut policy = self.delivery.facts.clone();
        if event
            .and_then(|event| self.events.get(event))
            .is_some_and(|facts| !facts.retried)
        {
            policy.retry_waits.clear();
        }
        policy
    }

    /// What two deliveries of that event share.
    pub fn idempotency_key(&self, event: Option<&str>) -> &IdempotencyKey {
        let own = event
            .and_then(|event| self.events.get(event))
            .and_then(|facts| facts.idempotency_key.as_ref());
        own.unwrap_or(&self.body.idempotency_key)
    }
}

//! An event, edits, a secret and a fault → a signed request.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::faults;
use super::keys::{Keyring, signing_secrets};
use super::request::{PreparedRequest, Recipient, check_https, complete};
use super::{ComposeError, ComposeNotice};
use crate::catalog::{Catalog, Content, EventName, Prepared, Provider, fill, prepare};
use crate::delivery::Fault;
use crate::http::Destination;
use crate::model::{Headers, Id, Secret};
use crate::payload::{Document, Edit};
use crate::signature::{Envelope, TEST_SECRET, sign};
use crate::view::SchemaReport;

/// What follows where a payload does not follow its event's schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SchemaRule {
    #[default]
    Warn,
    Refuse,
    /// It is known, and reported with the request alone.
    Report,
    /// No one looks: there are too many.
    Skip,
}

/// What a payload is made of and how it is signed and addressed, for any caller.
#[derive(Default)]
pub struct ComposeOptions {
    pub data: Option<Vec<u8>>,
    pub edits: Vec<Edit>,
    pub platform: Option<String>,
    pub any_platform: bool,
    pub verbatim: bool,
    /// JSON goes out in a form's field.
    pub form: bool,
    pub seed: Option<u64>,
    /// The id of the message, for schemes that sign one; else a new one.
    pub message_id: Option<String>,
    pub now: Option<Timestamp>,
    pub schema: SchemaRule,
    pub unsigned: bool,
    /// Replace those of the same name, or come on top.
    pub headers: Headers,
    pub method: Option<String>,
    pub allow_http: bool,
    pub faults: Vec<Fault>,
}

/// Whether a provider sends that event on that platform.
pub fn sent_by_platform(provider: &Provider, event: &str, platform: Option<&str>) -> bool {
    let platforms = provider
        .events
        .get(event)
        .map(|facts| facts.platforms.as_slice())
        .unwrap_or_default();
    platform
        .is_none_or(|platform| platforms.is_empty() || platforms.iter().any(|one| one == platform))
}

/// Builds and signs requests to one target.
pub struct Composer<'c> {
    catalog: &'c Catalog,
    keyring: &'c dyn Keyring,
    options: &'c ComposeOptions,
    recipient: &'c Recipient,
    now: Timestamp,
    random: fastrand::Rng,
    notices: Vec<ComposeNotice>,
    /// It was said that the test secret signs.
    told_of_test_secret: bool,
    /// The secrets of each provider, by its name: looked for once.
    secrets: HashMap<String, Arc<[Secret]>>,
    /// What each event is made of, in the order in which they were first asked for.
    prepared: Vec<Arc<Ready>>,
}

/// What is looked up once for all requests of an event.
struct Ready {
    name: EventName,
    provider: Arc<Provider>,
    payload: Prepared,
    secrets: Arc<[Secret]>,
}

impl<'c> Composer<'c> {
    pub fn new(
        catalog: &'c Catalog,
        keyring: &'c dyn Keyring,
        options: &'c ComposeOptions,
        recipient: &'c Recipient,
    ) -> Self {
        Self {
            catalog,
            keyring,
            options,
            recipient,
            now: options.now.unwrap_or_else(Timestamp::now),
            random: options
                .seed
                .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            notices: Vec::new(),
            told_of_test_secret: false,
            secrets: HashMap::new(),
            prepared: Vec::new(),
        }
    }

    /// `name` is complete, with its provider, as [`Catalog::find`] returns it.
    ///
    /// # Errors
    /// The event does not exist, an input cannot be used, or no secret may sign it.
    pub fn compose(&mut self, name: &EventName) -> Result<PreparedRequest, ComposeError> {
        let ready = match self.prepared.iter().find(|ready| ready.name == *name) {
            Some(ready) => ready.clone(),
            None => {
                let ready = Arc::new(self.ready(name)?);
                self.prepared.push(ready.clone());
                ready
            }
        };
        let options = self.options;
        let provider = ready.provider.clone();
        let body = ready.payload.build(self.now, &mut self.random)?;
        let facts = provider.events.get(&name.event);
        let secrets = ready.secrets.clone();
        let (mut headers, mut destination) = self.head(&provider, name, &secrets, !body.is_empty());
        let method = options
            .method
            .as_deref()
            .or(facts.and_then(|facts| facts.method.as_deref()))
            .unwrap_or(&provider.request.method);
        let mut body =
            faults::before_signing(&options.faults, &provider, &name.event, body, &mut headers)?;
        let secrets = faults::secrets(
            &options.faults,
            provider.signature.as_ref().map(|facts| &facts.facts),
            secrets,
        )?;
        let now = faults::signing_time(&options.faults, self.now);
        let scheme = provider
            .signature
            .as_ref()
            .filter(|_| !options.unsigned && !facts.is_some_and(|facts| facts.unsigned));
        if let Some(scheme) = scheme {
            let url = destination.url_without_credentials();
            let envelope = Envelope {
                method,
                url: Some(url.as_str()),
                headers: &headers,
            };
            let id = match (&options.message_id, scheme.id_header.is_empty()) {
                (Some(id), _) => id.clone(),
                (None, true) => String::new(),
                (None, false) => {
                    let id = Id::delivery(self.now, &mut self.random);
                    format!("msg_{}", id.ulid)
                }
            };
            let instead = faults::scheme_instead(&options.faults, scheme);
            let scheme = instead.as_ref().unwrap_or(scheme);
            let other_body = faults::signed_instead(&options.faults, scheme, &body)?;
            let signed_body = other_body.as_deref().unwrap_or(&body);
            let signed = sign(scheme, &secrets, envelope, signed_body, now, &id)?;
            for (header, value) in signed.headers {
                headers.set(&header, value);
            }
            body = signed.body.unwrap_or(body);
            if let Some(url) = signed.url {
                destination = destination.with_query_of(&url);
            }
        }
        body = faults::after_signing(
            &options.faults,
            scheme.map(|facts| &facts.facts),
            body,
            &mut headers,
        );
        let schema = self.validate(&provider, name, &body)?;
        let request = complete(&destination, method, headers, &options.headers, body);
        // A signature that the user gave is not to be replaced by the next attempt's.
        let signed = scheme.is_some_and(|scheme| {
            let mut own = options.headers.iter();
            options.faults.is_empty() && !own.any(|(name, _)| scheme.is_set_by_signing(name))
        });
        Ok(PreparedRequest {
            event: Some(name.event.as_str().into()),
            variant: name.variant.clone(),
            provider: Some(provider),
            destination,
            request,
            secrets,
            replay_of: None,
            schema: Some(schema),
            endpoint: self.recipient.endpoint.clone(),
            signed,
            resumed_from: None,
            settles_forward_at: None,
            wanted: None,
            faults: Vec::new(),
        })
    }

    /// The payload of an event alone, for someone else to sign and send.
    ///
    /// # Errors
    /// The event does not exist, or an input cannot be used.
    pub fn payload(&mut self, name: &EventName) -> Result<Vec<u8>, ComposeError> {
        let provider = name.provider.as_deref().unwrap_or_default();
        let provider = self.catalog.provider(provider)?;
        self.check_platform(&provider, &name.event)?;
        let prepared = self.prepare(&provider, name)?;
        let body = prepared.build(self.now, &mut self.random)?;
        self.validate(&provider, name, &body)?;
        Ok(body)
    }

    /// Looks up what an event is made of, and whether it may be sent at all.
    fn ready(&mut self, name: &EventName) -> Result<Ready, ComposeError> {
        let provider = self
            .catalog
            .provider(name.provider.as_deref().unwrap_or_default())?;
        check_https(
            &provider,
            &self.recipient.destination,
            self.recipient.is_loopback,
            self.options.allow_http,
        )?;
        self.check_platform(&provider, &name.event)?;
        let is_json = provider.content_type(&name.event).contains("json");
        if let (Some(data), true, false) = (&self.options.data, is_json, self.options.form)
            && let Err(error) = Document::parse(data)
        {
            let why = error.to_string();
            self.notices.push(ComposeNotice::NotJson { why });
        }
        Ok(Ready {
            name: name.clone(),
            payload: self.prepare(&provider, name)?,
            secrets: self.secrets_of(&provider)?,
            provider,
        })
    }

    fn prepare(&self, provider: &Provider, name: &EventName) -> Result<Prepared, ComposeError> {
        let options = self.options;
        let mut edits = options.edits.clone();
        let token_path = provider
            .signature
            .as_ref()
            .filter(|scheme| scheme.sends_secret())
            .and_then(|scheme| scheme.body.clone());
        if let Some(path) = token_path.filter(|_| options.unsigned && options.data.is_none()) {
            // Without a signature means without the secret's placeholder, too.
            edits.insert(0, Edit::Unset { path });
        }
        let wanted = Content {
            data: options.data.clone(),
            verbatim: options.verbatim,
            platform: options.platform.clone(),
            edits,
            as_form: options.form,
        };
        Ok(prepare(
            provider,
            &name.event,
            name.variant.as_deref(),
            &wanted,
        )?)
    }

    /// What is worth saying of what was made since this was last asked.
    pub fn take_notices(&mut self) -> Vec<ComposeNotice> {
        std::mem::take(&mut self.notices)
    }

    /// The time that the next payload is of.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn check_platform(&self, provider: &Provider, event: &str) -> Result<(), ComposeError> {
        let platform = self.options.platform.as_deref();
        if self.options.any_platform || sent_by_platform(provider, event, platform) {
            return Ok(());
        }
        let senders = provider
            .events
            .get(event)
            .map(|facts| facts.platforms.join(", "))
            .unwrap_or_default();
        Err(ComposeError::OtherPlatform {
            provider: provider.name.clone(),
            event: event.to_owned(),
            platform: platform.unwrap_or_default().to_owned(),
            senders,
        })
    }

    /// What signs for a provider; nothing where nothing is to be signed.
    fn secrets_of(&mut self, provider: &Provider) -> Result<Arc<[Secret]>, ComposeError> {
        if provider.signature.is_none() || self.options.unsigned {
            return Ok(Arc::default());
        }
        if let Some(known) = self.secrets.get(&provider.name) {
            return Ok(known.clone());
        }
        let (found, notice) = signing_secrets(self.keyring, provider, self.recipient)?;
        // Once is enough, whichever provider it is.
        if let Some(notice) = notice.filter(|_| !self.told_of_test_secret) {
            self.told_of_test_secret = true;
            self.notices.push(notice);
        }
        let found: Arc<[Secret]> = found.into();
        self.secrets.insert(provider.name.clone(), found.clone());
        Ok(found)
    }

    /// Headers and URL of an event before it is signed.
    fn head(
        &mut self,
        provider: &Provider,
        name: &EventName,
        secrets: &[Secret],
        has_body: bool,
    ) -> (Headers, Destination) {
        let facts = provider.events.get(&name.event);
        let wire = facts
            .and_then(|facts| facts.wire_name.as_deref())
            .unwrap_or(&name.event);
        let text = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned();
        let more = |destination: &str| match destination {
            "secret" => Some(secrets.first().map(text).unwrap_or_default()),
            "verify_token" => {
                let token = self.keyring.verify_token(provider);
                Some(token.map_or_else(|| TEST_SECRET.to_owned(), |token| text(&token)))
            }
            _ => None,
        };
        let (now, random) = (self.now, &mut self.random);
        let mut headers = Headers::new();
        if has_body {
            let content_type = match self.options.form {
                true => "application/x-www-form-urlencoded",
                false => provider.content_type(&name.event),
            };
            headers.push("content-type", content_type);
        }
        for (header, value) in &provider.request.headers {
            headers.push(header.as_str(), fill(value, wire, &more, now, random));
        }
        for (header, value) in facts.iter().flat_map(|facts| &facts.headers) {
            headers.set(header, fill(value, wire, &more, now, random));
        }
        let mut destination = self.recipient.destination.clone();
        for (parameter, value) in facts.iter().flat_map(|facts| &facts.query) {
            destination =
                destination.with_parameter(parameter, &fill(value, wire, &more, now, random));
        }
        (headers, destination)
    }

    /// Says which values are set that the schema has no place for, or with `--strict` refuses them.
    fn check_paths(&mut self, provider: &Provider, name: &EventName) -> Result<(), ComposeError> {
        if self.options.form || matches!(self.options.schema, SchemaRule::Skip) {
            return Ok(());
        }
        for edit in &self.options.edits {
            let Edit::Set { path, .. } = edit else {
                continue;
            };
            let Some(why) = provider.unknown_path(&name.event, path)? else {
                continue;
            };
            match self.options.schema {
                SchemaRule::Refuse => return Err(ComposeError::UnknownPath(why)),
                SchemaRule::Warn => self.notices.push(ComposeNotice::UnknownPath(why)),
                SchemaRule::Report | SchemaRule::Skip => {}
            }
        }
        Ok(())
    }

    /// Checks the body against the schema: a violation is a warning, or with `--strict` an error.
    fn validate(
        &mut self,
        provider: &Provider,
        name: &EventName,
        body: &[u8],
    ) -> Result<SchemaReport, ComposeError> {
        let errors = match self.options.schema {
            // A schema is of JSON, not of the form that it is in.
            _ if self.options.form => Vec::new(),
            SchemaRule::Skip => Vec::new(),
            _ => provider.validate(&name.event, body)?,
        };
        self.check_paths(provider, name)?;
        if matches!(self.options.schema, SchemaRule::Refuse) && !provider.has_schema(&name.event) {
            let event = name.to_string();
            self.notices.push(ComposeNotice::NoSchema { event });
        }
        if !errors.is_empty() {
            let told: Vec<String> = errors
                .iter()
                .map(|error| match error.path.unescaped() {
                    "" => error.message.unescaped().to_owned(),
                    path => format!("{path}: {}", error.message.unescaped()),
                })
                .collect();
            let (event, violations) = (name.to_string(), told.join("; "));
            match self.options.schema {
                SchemaRule::Refuse => {
                    return Err(ComposeError::AgainstSchema { event, violations });
                }
                SchemaRule::Warn => self
                    .notices
                    .push(ComposeNotice::AgainstSchema { event, violations }),
                SchemaRule::Report | SchemaRule::Skip => {}
            }
        }
        Ok(SchemaReport {
            valid: errors.is_empty(),
            errors,
        })
    }
}

//! `send`: every request is built and signed before the first one goes out, so that a mistake in the third
//! is no half-done work.

pub mod faults;
pub mod live;
pub mod outgoing;
pub mod transmit;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{Content, EventName, EventPattern, Prepared, Provider, fill, prepare};
use crate::cli::{HeaderFlag, SendArgs};
use crate::commands::Context;
use crate::commands::source::bytes_of;
use crate::delivery::Fault;
use crate::exit::{Exit, Failure};
use crate::http::{Place, Resolved};
use crate::model::{Headers, Right, Secret};
use crate::payload::Edit;
use crate::report::Note;
use crate::settings::{Endpoint, SecretFlags};
use crate::signature::{Envelope, TEST_SECRET, sign, test_keys};
use crate::view::SchemaReport;
use outgoing::{Outgoing, Target};

/// What follows where a payload does not follow its event's schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SchemaRule {
    #[default]
    Warn,
    Refuse,
    /// It is known, and reported with the request alone.
    Report,
    /// Nobody looks: there are too many.
    Skip,
}

/// What a payload is made of and how it is signed and addressed, whoever asks for it.
#[derive(Default)]
pub struct SendOptions {
    pub data: Option<Vec<u8>>,
    pub edits: Vec<Edit>,
    pub platform: Option<String>,
    pub any_platform: bool,
    pub verbatim: bool,
    /// JSON goes out in a form's field.
    pub form: bool,
    pub seed: Option<u64>,
    pub now: Option<Timestamp>,
    pub schema: SchemaRule,
    pub unsigned: bool,
    pub secrets: SecretFlags,
    pub headers: Vec<HeaderFlag>,
    pub method: Option<String>,
    pub allow_http: bool,
    pub faults: Vec<Fault>,
}

impl SendOptions {
    fn from_args(args: &SendArgs) -> Result<Self, Failure> {
        let content = &args.content;
        Ok(Self {
            data: match &content.data_raw {
                Some(text) => Some(text.clone().into_bytes()),
                None => content.data.as_deref().map(read_data).transpose()?,
            },
            edits: outgoing::edits(&content.set, &content.set_string, &content.unset)?,
            platform: content.platform.clone(),
            any_platform: content.any_platform,
            verbatim: content.verbatim,
            form: content.form,
            seed: content.seed,
            now: content.now,
            schema: match (content.strict, args.fault.is_empty()) {
                (true, _) => SchemaRule::Refuse,
                (false, true) => SchemaRule::Warn,
                // A fault is no surprise.
                (false, false) => SchemaRule::Report,
            },
            unsigned: args.unsigned,
            secrets: args.secrets.flags(),
            headers: outgoing::own_headers(&args.delivery.way)?,
            method: args.delivery.method.clone(),
            allow_http: args.delivery.way.allow_http,
            faults: args.fault.clone(),
        })
    }
}

pub async fn run(context: &Context, args: &SendArgs) -> Result<Exit, Failure> {
    // Standard input is read once, and before anything is half-done.
    let options = SendOptions::from_args(args)?;
    let target = outgoing::target(context, args.url.as_deref(), args.to.as_deref())?;
    context.settle_generic(&args.scheme, target.endpoint)?;
    let provider = args.provider.as_deref().or_else(|| {
        target
            .endpoint
            .and_then(|endpoint| endpoint.provider.as_deref())
    });
    let names = names(context, args, provider, target.endpoint)?;
    let resolved = target.place.resolve().await;
    outgoing::tell_of_foreign_place(context, &target, &resolved);
    let mut composer = Composer::new(context, &options, &target, &resolved);
    let mut requests = Vec::with_capacity(names.len());
    for name in &names {
        requests.push(composer.compose(name)?);
    }
    if !args.fault.is_empty() {
        if !resolved.is_loopback() && !args.yes {
            return Err(Failure::usage(format!(
                "{} is not this machine: a fault may harm it",
                target.place
            ))
            .hint("add --yes, if it is yours"));
        }
        faults::order(&args.fault, &mut requests);
        faults::announce(context, &args.fault, &requests);
    }
    if args.dry_run || args.curl {
        for request in &requests {
            outgoing::print(context, request, args.curl, &args.delivery)?;
        }
        return Ok(Exit::Done);
    }
    transmit::transmit_all(
        context,
        &target,
        resolved,
        &requests,
        &args.delivery,
        &args.fault,
        "sending",
    )
    .await
}

/// The events that the arguments mean.
fn names(
    context: &Context,
    args: &SendArgs,
    provider: Option<&str>,
    endpoint: Option<&Endpoint>,
) -> Result<Vec<EventName>, Failure> {
    let catalog = context.catalog()?;
    let preferred = provider.or(context.settings.default_provider.as_deref());
    let mut names = Vec::new();
    let find = |text: &str| -> Result<EventName, Failure> {
        let mut name: EventName = text.parse().map_err(Failure::usage)?;
        let own = endpoint.and_then(|endpoint| endpoint.provider.as_ref());
        if let (Some(named), Some(own)) = (&name.provider, own)
            && named != own
        {
            return Err(Failure::usage(format!(
                "the endpoint is {own}'s, and `{name}` is not one of its events"
            )));
        }
        if name.provider.is_none() {
            name.provider = args.provider.clone().or_else(|| own.cloned());
        }
        match catalog.find(&name, preferred) {
            Ok(found) => Ok(found),
            // With the user's own payload, an event that nobody lists is the user's own too.
            Err(crate::catalog::LookupError::UnknownEvent { .. })
                if args.content.data.is_some()
                    && (name.provider.is_some() || preferred.is_some()) =>
            {
                let provider = name
                    .provider
                    .clone()
                    .or(preferred.map(str::to_owned))
                    .unwrap_or_default();
                catalog.provider(&provider)?;
                context.ui.note(Note::warning(format!(
                    "{provider} does not list the event `{}`",
                    name.event
                )));
                Ok(EventName {
                    provider: Some(provider),
                    ..name
                })
            }
            Err(error) => Err(error.into()),
        }
    };
    let subscription = endpoint
        .map(|endpoint| endpoint.events.as_slice())
        .unwrap_or_default();
    let mut wanted: Vec<String> = args.events.clone();
    if args.all {
        wanted = match (subscription, provider) {
            ([], Some(provider)) => vec![format!("{provider}/*")],
            ([], None) => vec!["*".to_owned()],
            (subscription, _) => subscription.to_vec(),
        };
    } else if wanted.is_empty() {
        wanted.push(choose(context, provider)?);
    }
    for text in &wanted {
        if EventPattern::is_wild(text) {
            let before = names.len();
            let pattern: EventPattern = text.parse().map_err(Failure::usage)?;
            for provider in readable_providers(context, provider)? {
                for event in provider
                    .events
                    .keys()
                    .filter(|event| pattern.fits(Some(&provider.name), Some(event)))
                {
                    if args.all
                        && !sent_by_platform(&provider, event, args.content.platform.as_deref())
                        && !args.content.any_platform
                    {
                        continue;
                    }
                    names.push(EventName {
                        provider: Some(provider.name.clone()),
                        event: event.clone(),
                        variant: None,
                    });
                }
            }
            if names.len() == before {
                return Err(Failure::usage(format!("no event fits `{text}`"))
                    .hint("`hookcli events` lists them"));
            }
        } else {
            names.push(find(text)?);
        }
    }
    if args.variants {
        let mut all = Vec::new();
        for name in names {
            let provider = context.provider(name.provider.as_deref().unwrap_or_default())?;
            let variants = provider.variants(&name.event);
            all.push(name.clone());
            all.extend(variants.into_iter().map(|variant| EventName {
                variant: Some(variant),
                ..name.clone()
            }));
        }
        names = all;
    }
    Ok(names)
}

/// The providers that can be read; one that cannot is told and left out, unless it was asked for.
fn readable_providers(
    context: &Context,
    only: Option<&str>,
) -> Result<Vec<Arc<Provider>>, Failure> {
    if let Some(name) = only {
        return Ok(vec![context.provider(name)?]);
    }
    let (providers, errors) = context.catalog()?.all();
    for error in errors {
        context.ui.note(Note::warning(error.to_string()));
    }
    Ok(providers)
}

/// Asks which event to send, where somebody can be asked.
fn choose(context: &Context, provider: Option<&str>) -> Result<String, Failure> {
    let mut items = Vec::new();
    for provider in readable_providers(context, provider)? {
        items.extend(
            provider
                .events
                .keys()
                .map(|event| format!("{}/{event}", provider.name)),
        );
    }
    let chosen = context.ui.choose("event", &items);
    chosen.map(|index| items[index].clone()).ok_or_else(|| {
        Failure::usage("there is no event to send")
            .hint("name one (`hookcli events` lists them), or send --all")
    })
}

fn sent_by_platform(provider: &Provider, event: &str, platform: Option<&str>) -> bool {
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
    context: &'c Context,
    options: &'c SendOptions,
    target: &'c Target<'c>,
    resolved: &'c Resolved,
    now: Timestamp,
    random: fastrand::Rng,
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
        context: &'c Context,
        options: &'c SendOptions,
        target: &'c Target<'c>,
        resolved: &'c Resolved,
    ) -> Self {
        Self {
            context,
            options,
            target,
            resolved,
            now: options.now.unwrap_or_else(Timestamp::now),
            random: options
                .seed
                .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            told_of_test_secret: false,
            secrets: HashMap::new(),
            prepared: Vec::new(),
        }
    }

    pub fn compose(&mut self, name: &EventName) -> Result<Outgoing, Failure> {
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
        let (mut headers, mut place) = self.head(&provider, name, &secrets, !body.is_empty());
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
            let url = place.url_without_credentials();
            let envelope = Envelope {
                method,
                url: Some(url.as_str()),
                headers: &headers,
            };
            let id = if scheme.id_header.is_empty() {
                String::new()
            } else {
                let id = crate::model::Id::delivery(self.now, &mut self.random);
                format!("msg_{}", id.ulid)
            };
            let instead = faults::scheme_instead(&options.faults, scheme);
            let scheme = instead.as_ref().unwrap_or(scheme);
            let other_body = faults::signed_instead(&options.faults, scheme, &body)?;
            let signed_body = other_body.as_deref().unwrap_or(&body);
            let signed =
                sign(scheme, &secrets, envelope, signed_body, now, &id).map_err(Failure::usage)?;
            for (header, value) in signed.headers {
                headers.set(&header, value);
            }
            body = signed.body.unwrap_or(body);
            if let Some(url) = signed.url {
                place = place.with_query_of(&url);
            }
        }
        body = faults::after_signing(
            &options.faults,
            scheme.map(|facts| &facts.facts),
            body,
            &mut headers,
        );
        let schema = self.validate(&provider, name, &body)?;
        let request = outgoing::complete(&place, method, headers, &options.headers, body);
        // A signature that the user gave is not to be replaced by the next attempt's.
        let signed = scheme.is_some_and(|scheme| {
            let replaced = |header: &HeaderFlag| scheme.is_set_by_signing(&header.name);
            options.faults.is_empty() && !options.headers.iter().any(replaced)
        });
        Ok(Outgoing {
            event: Some(name.event.as_str().into()),
            variant: name.variant.clone(),
            provider: Some(provider),
            place,
            request,
            secrets,
            replay_of: None,
            schema: Some(schema),
            endpoint: self.target.endpoint_name.clone(),
            signed,
            goes_on: None,
            settles_forward_at: None,
        })
    }

    /// Looks up what an event is made of, and whether it may be sent at all.
    fn ready(&mut self, name: &EventName) -> Result<Ready, Failure> {
        let provider = self
            .context
            .provider(name.provider.as_deref().unwrap_or_default())?;
        outgoing::check_https(
            &provider,
            &self.target.place,
            self.resolved,
            self.options.allow_http,
        )?;
        self.check_platform(&provider, &name.event)?;
        Ok(Ready {
            name: name.clone(),
            payload: self.prepare(&provider, name)?,
            secrets: self.secrets_of(&provider)?,
            provider,
        })
    }

    fn prepare(&self, provider: &Provider, name: &EventName) -> Result<Prepared, Failure> {
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

    /// The time that the next payload is of.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn check_platform(&self, provider: &Provider, event: &str) -> Result<(), Failure> {
        let platform = self.options.platform.as_deref();
        if self.options.any_platform || sent_by_platform(provider, event, platform) {
            return Ok(());
        }
        let senders = provider
            .events
            .get(event)
            .map(|facts| facts.platforms.join(", "))
            .unwrap_or_default();
        Err(Failure::usage(format!(
            "{} never sends {event} on the platform {}: only on {senders}",
            provider.name,
            platform.unwrap_or_default()
        ))
        .hint("--any-platform sends it all the same"))
    }

    /// What signs for a provider; nothing where nothing is to be signed.
    fn secrets_of(&mut self, provider: &Provider) -> Result<Arc<[Secret]>, Failure> {
        if provider.signature.is_none() || self.options.unsigned {
            return Ok(Arc::default());
        }
        if let Some(known) = self.secrets.get(&provider.name) {
            return Ok(known.clone());
        }
        let found = secrets_for_sending(
            self.context,
            &self.options.secrets,
            provider,
            self.target,
            self.resolved,
            &mut self.told_of_test_secret,
        )?;
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
    ) -> (Headers, Place) {
        let facts = provider.events.get(&name.event);
        let wire = facts
            .and_then(|facts| facts.wire.as_deref())
            .unwrap_or(&name.event);
        let settings = &self.context.settings;
        let text = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned();
        let more = |place: &str| match place {
            "secret" => Some(secrets.first().map(text).unwrap_or_default()),
            "verify_token" => {
                let token = settings.verify_token(provider);
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
        let mut place = self.target.place.clone();
        for (parameter, value) in facts.iter().flat_map(|facts| &facts.query) {
            place = place.with_parameter(parameter, &fill(value, wire, &more, now, random));
        }
        (headers, place)
    }

    /// The schema's word on the body; a violation is told, or refused with `--strict`.
    fn validate(
        &self,
        provider: &Provider,
        name: &EventName,
        body: &[u8],
    ) -> Result<SchemaReport, Failure> {
        let errors = match self.options.schema {
            // A schema is of JSON, not of the form that it stands in.
            _ if self.options.form => Vec::new(),
            SchemaRule::Skip => Vec::new(),
            _ => provider.validate(&name.event, body)?,
        };
        if !errors.is_empty() {
            let told: Vec<String> = errors
                .iter()
                .map(|error| match error.path.unescaped() {
                    "" => error.message.unescaped().to_owned(),
                    path => format!("{path}: {}", error.message.unescaped()),
                })
                .collect();
            let message = format!("{name} does not follow its schema: {}", told.join("; "));
            match self.options.schema {
                SchemaRule::Refuse => return Err(Failure::usage(message)),
                SchemaRule::Warn => self.context.ui.note(Note::warning(message)),
                SchemaRule::Report | SchemaRule::Skip => {}
            }
        }
        Ok(SchemaReport {
            valid: errors.is_empty(),
            errors,
        })
    }
}

/// The secrets that sign for a provider: what is set, or on this machine the public test secret.
pub fn secrets_for_sending(
    context: &Context,
    flags: &SecretFlags,
    provider: &Provider,
    target: &Target<'_>,
    resolved: &Resolved,
    told: &mut bool,
) -> Result<Vec<Secret>, Failure> {
    let secrets = context
        .settings
        .secrets(flags, Some(provider), target.endpoint)
        .map_err(Failure::usage)?;
    let variable = crate::settings::variable_of(&provider.name);
    let is_elsewhere = !resolved.is_loopback() && !target.chosen_by_user;
    if is_elsewhere && provider.gives_secret_away() {
        return Err(Failure::usage(format!(
            "{} puts the secret itself into the request, and the hookcli.toml of the working tree chose {}: it is not sent there",
            provider.title, target.place
        ))
        .hint("give the URL with --url, or vouch for the file with --config, if you mean it"));
    }
    let own_scheme = target
        .endpoint
        .is_some_and(|endpoint| endpoint.signature.is_some());
    if is_elsewhere && (own_scheme || !provider.allows(Right::SignElsewhere)) {
        return Err(Failure::usage(format!(
            "the hookcli.toml of the working tree chose both how this is signed and {}: nothing is signed for it",
            target.place
        ))
        .hint("give the URL with --url, or vouch for the file with --config, if you mean it"));
    }
    if !secrets.is_empty() {
        return Ok(secrets);
    }
    if !resolved.is_loopback() {
        return Err(Failure::usage(format!(
            "there is no secret to sign {} events with",
            provider.title
        ))
        .hint(format!(
            "set {variable} or give --secret-env NAME; --unsigned sends without a signature"
        )));
    }
    let scheme = provider.signature.as_ref().map(|facts| &facts.facts);
    let Some(keys) = scheme.map(test_keys).transpose().map_err(Failure::usage)? else {
        return Ok(Vec::new());
    };
    if !*told {
        *told = true;
        context.ui.note(Note::hint(format!(
            "signed with the public test secret `{}`; set {variable} to use your own",
            String::from_utf8_lossy(keys.verifying.expose())
        )));
    }
    Ok(vec![keys.signing])
}

/// A payload from a file, standard input, or the argument itself.
fn read_data(source: &str) -> Result<Vec<u8>, Failure> {
    if source.starts_with(['{', '[']) {
        return Ok(source.as_bytes().to_vec());
    }
    bytes_of(source)
}

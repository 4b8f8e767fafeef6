//! `verify`: what a request's signature is worth, and why.

use std::fs::File;
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{Catalog, Provider};
use crate::cli::VerifyArgs;
use crate::context::Context;
use crate::context::judging::Judging;
use crate::context::source::{self, bytes_of};
use crate::context::verifying::VerifyingKeys;
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::ingest::{Attribution, Unattributed, plain_finding};
use crate::model::{Headers, REDACTED, Request, Secret};
use crate::payload::Document;
use crate::report::{Note, Report};
use crate::settings::Endpoint;
use crate::signature::{Scheme, check_secrets, signed_url};
use crate::view::{VerificationReport, redact};

/// How much of a body is held to find out why it does not verify; a longer one is verified, not explained.
const EXPLAINED_BYTES: usize = 64 << 20;

pub async fn run(context: &Context, args: &VerifyArgs) -> Result<Exit, Failure> {
    let endpoint = context.endpoint(args.to.as_deref())?;
    let mut verify = Verify {
        context,
        args,
        endpoint,
        catalog: context.catalog_for(&args.scheme, endpoint)?,
    };
    let report = verify.report().await?;
    let exit = match report.valid {
        Some(true) => Exit::Done,
        _ => Exit::Negative,
    };
    context.emit(&Report::Verification(report))?;
    Ok(exit)
}

/// What the flags ask for.
struct Verify<'c> {
    context: &'c Context,
    args: &'c VerifyArgs,
    endpoint: Option<&'c Endpoint>,
    catalog: Arc<Catalog>,
}

impl<'c> Verify<'c> {
    async fn report(&mut self) -> Result<VerificationReport, Failure> {
        let args = self.args;
        let named = self.named();
        if let (Some(source), Some(name)) = (&args.body, named) {
            let provider = self.catalog.provider(name)?;
            if let Some(scheme) = &provider.signature {
                return self.of_stream(&provider, scheme, source);
            }
        }
        let mut recorded = self.subject().await?;
        self.use_endpoint_of(&recorded)?;
        let provider = match self.named().or(recorded.provider.as_deref()) {
            Some(name) => self.catalog.provider(name)?,
            None => match self.attribute(&recorded)? {
                Some(provider) => provider,
                None => {
                    let known = self.context.settings.known_secrets(&args.secrets.flags());
                    let found = plain_finding(&recorded.request, self.time_of(&recorded), &known);
                    return Ok(VerificationReport::of_nobody(recorded.event, found));
                }
            },
        };
        if recorded.event.is_none() {
            let document = Document::parse(&recorded.request.body).ok();
            recorded.event = provider.event_of(&recorded.request.headers, document.as_ref());
        }
        let Some(scheme) = &provider.signature else {
            let name = provider.name.clone();
            return Ok(VerificationReport::without_scheme(name, recorded.event));
        };
        let secrets = self.secrets(&provider, scheme, Some(&recorded))?;
        if redact::is_redacted(Some(&provider), &recorded.request) {
            return Err(Failure::usage(format!(
                "the token in the file is redacted ({REDACTED}), so it cannot be verified"
            ))
            .hint("export the capture again with --reveal"));
        }
        check_secrets(scheme, &secrets).map_err(Failure::usage)?;
        let url = self.url(&recorded.request, recorded.over_tls);
        let judging = Judging {
            args,
            scheme,
            secrets: &secrets,
            request: &recorded.request,
            url: url.as_deref(),
            now: self.time_of(&recorded),
        };
        let mut verifier = judging.verifier()?;
        verifier.update(&recorded.request.body);
        let verdict = verifier.finish()?;
        let event = recorded.event.clone();
        Ok(judging.report(self.context, &provider, event, &verdict, true))
    }

    /// The provider that is named, or that of the endpoint.
    fn named(&self) -> Option<&'c str> {
        let own = self.endpoint.and_then(|own| own.provider.as_deref());
        self.args.provider.as_deref().or(own)
    }

    /// A capture is verified as the endpoint that it came to, where nothing else is said.
    fn use_endpoint_of(&mut self, recorded: &Recorded) -> Result<(), Failure> {
        let endpoints = &self.context.settings.endpoints;
        let own = recorded.endpoint.as_ref();
        let own = own.and_then(|name| endpoints.get(name));
        if let (None, None, Some(endpoint)) = (self.endpoint, &self.args.provider, own) {
            self.endpoint = Some(endpoint);
            self.catalog = self
                .context
                .catalog_for(&self.args.scheme, Some(endpoint))?;
        }
        Ok(())
    }

    /// Verifies a body piece by piece, so that its length does not matter.
    fn of_stream(
        &self,
        provider: &Provider,
        scheme: &Scheme,
        source: &str,
    ) -> Result<VerificationReport, Failure> {
        let told = |error: std::io::Error| Failure::machine(format!("{source}: {error}"));
        let secrets = self.secrets(provider, scheme, None)?;
        check_secrets(scheme, &secrets).map_err(Failure::usage)?;
        let head = self.bare(Vec::new());
        let url = self.url(&head, false);
        let judging = Judging {
            args: self.args,
            scheme,
            secrets: &secrets,
            request: &head,
            url: url.as_deref(),
            now: self.args.now.unwrap_or_else(Timestamp::now),
        };
        let mut verifier = judging.verifier()?;
        // A file can be read again; what comes through a pipe must be held.
        let held = match source {
            "-" => verifier.read(std::io::stdin().lock(), EXPLAINED_BYTES),
            file => File::open(file).and_then(|file| verifier.read(file, 0)),
        };
        let held = held.map_err(told)?;
        let verdict = verifier.finish()?;
        // What is valid has an event, too.
        let held = match source {
            "-" => held,
            _ => {
                let length = std::fs::metadata(source).map_err(told)?.len();
                let is_held = usize::try_from(length).is_ok_and(|bytes| bytes <= EXPLAINED_BYTES);
                match is_held {
                    true => Some(std::fs::read(source).map_err(told)?),
                    false => None,
                }
            }
        };
        let has_body = held.is_some();
        let request = Request {
            body: held.unwrap_or_default().into(),
            ..head.clone()
        };
        let document = Document::parse(&request.body).ok();
        let event = provider.event_of(&request.headers, document.as_ref());
        let judging = Judging {
            request: &request,
            ..judging
        };
        Ok(judging.report(self.context, provider, event, &verdict, has_body))
    }

    fn secrets(
        &self,
        provider: &Provider,
        scheme: &Scheme,
        recorded: Option<&Recorded>,
    ) -> Result<Vec<Secret>, Failure> {
        let keys = VerifyingKeys {
            context: self.context,
            args: self.args,
            endpoint: self.endpoint,
            provider,
            scheme,
        };
        let seen = recorded.map(|one| (&one.request, self.time_of(one)));
        let url = recorded.and_then(|one| self.url(&one.request, one.over_tls));
        keys.read(seen, url.as_deref())
    }

    fn url(&self, request: &Request, over_tls: bool) -> Option<String> {
        match &self.args.url {
            Some(url) => Some(url.clone()),
            None => signed_url(self.args.public_url.as_deref(), over_tls, request),
        }
    }

    fn time_of(&self, recorded: &Recorded) -> Timestamp {
        let at = self.args.now.or(recorded.received_at);
        at.unwrap_or_else(Timestamp::now)
    }

    /// A body with the headers of `-H`.
    fn bare(&self, body: Vec<u8>) -> Request {
        let headers = self.args.headers.iter();
        Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: headers
                .map(|header| (header.name.as_str(), header.value.as_str()))
                .collect::<Headers>(),
            body: body.into(),
        }
    }

    /// The request to verify.
    async fn subject(&self) -> Result<Recorded, Failure> {
        let one = |mut all: Vec<Recorded>, what: &str| match all.len() {
            1 => Ok(all.remove(0)),
            count => Err(Failure::usage(format!(
                "{what} contains {count} requests; pass a file with one request"
            ))),
        };
        let (context, args) = (self.context, self.args);
        if let Some(source) = &args.body {
            return Ok(Recorded::bare(self.bare(bytes_of(source).await?)));
        }
        let mut recorded = if let Some(file) = &args.request {
            let path = file.display().to_string();
            one(source::read(context, &path, &args.reading).await?, &path)?
        } else {
            let word = args.capture.as_deref().unwrap_or("last");
            one(source::named(context, word, &args.reading).await?, word)?
        };
        for header in &args.headers {
            let headers = &mut recorded.request.headers;
            headers.push(header.name.as_str(), header.value.as_str());
        }
        Ok(recorded)
    }

    /// The provider of a request that does not say it; none where no one knows.
    fn attribute(&self, recorded: &Recorded) -> Result<Option<Arc<Provider>>, Failure> {
        let (providers, errors) = self.catalog.all();
        for error in errors {
            self.context.ui.note(Note::warning(error.to_string()));
        }
        let settings = &self.context.settings;
        let flags = self.args.secrets.flags();
        let secrets = |provider: &Provider| {
            let secrets = settings.secrets(&flags, Some(provider), self.endpoint);
            secrets.unwrap_or_default()
        };
        let url = self.url(&recorded.request, recorded.over_tls);
        let request = Unattributed {
            request: &recorded.request,
            url: url.as_deref(),
            at: self.time_of(recorded),
        };
        let preferred = settings.default_provider.as_deref();
        let preferred = preferred.map(|name| self.catalog.provider(name));
        match (request.attribute(&providers, &secrets), preferred) {
            (Attribution::Recognised(provider), _) => Ok(Some(provider)),
            (Attribution::Followed(mut providers), _) => {
                self.context.ui.note(Note::hint(format!(
                    "--provider was not given; the signature matches the scheme of {}",
                    names(&providers).join(", ")
                )));
                Ok(Some(providers.remove(0)))
            }
            (_, Some(provider)) => Ok(Some(provider?)),
            (Attribution::Unknown, None) => Ok(None),
            (Attribution::Ambiguous(providers), None) => Err(Failure::usage(format!(
                "the request could be from {}",
                names(&providers).join(" or ")
            ))
            .hint("add --provider NAME")),
        }
    }
}

fn names(providers: &[Arc<Provider>]) -> Vec<&str> {
    let names = providers.iter().map(|provider| provider.name.as_str());
    names.collect()
}

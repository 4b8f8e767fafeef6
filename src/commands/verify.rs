//! `verify`: what a request's signature is worth, and why.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use jiff::Timestamp;

use super::Context;
use super::no_verdict;
use super::source;
use super::source::bytes_of;
use crate::catalog::{Provider, Recogniser};
use crate::cli::VerifyArgs;
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::model::{Headers, MASK, RemoteText, Request, Secret};
use crate::payload::Document;
use crate::report::{Note, Report, VerificationReport};
use crate::settings::Endpoint;
use crate::signature::{
    Envelope, Finding, Part, Scheme, SignatureFault, Subject, Verification, Verifier,
    check_secrets, diagnose, expected_signature, matches_without_required_headers, signed_url,
    verify,
};
use crate::view::finding_reports;
use crate::view::redact;

/// How much of a body is held to find out why it does not verify; a longer one is judged, not explained.
const EXPLAINED_BYTES: usize = 64 << 20;

pub async fn run(context: &Context, args: &VerifyArgs) -> Result<Exit, Failure> {
    let endpoint = context.endpoint(args.to.as_deref(), &args.scheme)?;
    let named = args
        .provider
        .as_deref()
        .or_else(|| endpoint?.provider.as_deref());
    if let (Some(source), Some(name)) = (&args.body, named) {
        let provider = context.provider(name)?;
        if let Some(scheme) = &provider.signature {
            return stream(context, args, endpoint, &provider, scheme, source);
        }
    }
    let mut recorded = subject(context, args).await?;
    let provider = match named.or(recorded.provider.as_deref()) {
        Some(name) => context.provider(name)?,
        None => match find_provider(context, args, endpoint, &recorded)? {
            Some(provider) => provider,
            None => return report(context, &Verified::of_nobody(recorded.event)),
        },
    };
    if recorded.event.is_none() {
        let document = Document::parse(&recorded.request.body).ok();
        recorded.event = provider.event_of(&recorded.request.headers, document.as_ref());
    }
    let Some(scheme) = &provider.signature else {
        return report(context, &Verified::unchecked(&provider, recorded.event));
    };
    let secrets = secrets(context, args, endpoint, &provider)?;
    if redact::is_masked(Some(&provider), &recorded.request) {
        return Err(Failure::usage(format!(
            "the file's token is masked ({MASK}): there is nothing to verify"
        ))
        .hint("export it with --reveal"));
    }
    check_secrets(scheme, &secrets).map_err(Failure::usage)?;
    let now = args
        .now
        .or(recorded.received_at)
        .unwrap_or_else(Timestamp::now);
    let url = url(args, &recorded.request, recorded.over_tls);
    let judging = Judging {
        args,
        scheme,
        secrets: &secrets,
        request: &recorded.request,
        url: url.as_deref(),
        now,
    };
    let mut verifier = judging.verifier()?;
    verifier.update(&recorded.request.body);
    let verdict = verifier.finish().map_err(no_verdict)?;
    let outcome = judging.outcome(context, &provider, recorded.event.clone(), verdict, true);
    report(context, &outcome)
}

/// Verifies a body piece by piece, so that its length does not matter.
fn stream(
    context: &Context,
    args: &VerifyArgs,
    endpoint: Option<&Endpoint>,
    provider: &Arc<Provider>,
    scheme: &Scheme,
    source: &str,
) -> Result<Exit, Failure> {
    let told = |error: std::io::Error| Failure::machine(format!("{source}: {error}"));
    let secrets = secrets(context, args, endpoint, provider)?;
    check_secrets(scheme, &secrets).map_err(Failure::usage)?;
    let head = bare(args, Vec::new());
    let url = url(args, &head, false);
    let judging = Judging {
        args,
        scheme,
        secrets: &secrets,
        request: &head,
        url: url.as_deref(),
        now: args.now.unwrap_or_else(Timestamp::now),
    };
    let mut verifier = judging.verifier()?;
    let mut input: Box<dyn Read> = if source == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(source).map_err(told)?)
    };
    let mut piece = vec![0; 256 << 10];
    let mut held = Vec::new();
    let mut whole = true;
    loop {
        let read = match input.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(told(error)),
        };
        verifier.update(&piece[..read]);
        // A file can be read again; what came through a pipe must be held to be explained.
        if source == "-" && whole {
            whole = held.len() + read <= EXPLAINED_BYTES;
            if whole {
                held.extend_from_slice(&piece[..read]);
            } else {
                held = Vec::new();
            }
        }
    }
    let verdict = verifier.finish().map_err(no_verdict)?;
    let explained = verdict != Verification::Valid;
    if explained && source != "-" {
        let length = std::fs::metadata(source).map_err(told)?.len();
        whole = usize::try_from(length).is_ok_and(|length| length <= EXPLAINED_BYTES);
        if whole {
            held = std::fs::read(source).map_err(told)?;
        }
    }
    let request = Request {
        body: held.into(),
        ..head.clone()
    };
    let document = Document::parse(&request.body).ok();
    let event = provider.event_of(&request.headers, document.as_ref());
    let judging = Judging {
        request: &request,
        ..judging
    };
    let outcome = judging.outcome(context, provider, event, verdict, whole && explained);
    report(context, &outcome)
}

/// A request and all that it is judged by.
struct Judging<'a> {
    args: &'a VerifyArgs,
    scheme: &'a Scheme,
    secrets: &'a [Secret],
    request: &'a Request,
    url: Option<&'a str>,
    now: Timestamp,
}

impl<'a> Judging<'a> {
    fn envelope(&self) -> Envelope<'a> {
        Envelope {
            method: self.args.method.as_deref().unwrap_or(&self.request.method),
            ..Envelope::of(self.request, self.url)
        }
    }

    fn verifier(&self) -> Result<Verifier<'a>, Failure> {
        let verifier = Verifier::new(self.scheme, self.secrets, self.envelope(), self.now)
            .map_err(no_verdict)?;
        Ok(match self.args.tolerance {
            Some(tolerance) => verifier.with_tolerance(tolerance),
            None => verifier,
        })
    }

    /// The verdict with what can be said about it; `explained` where the body is at hand.
    fn outcome(
        &self,
        context: &Context,
        provider: &Provider,
        event: Option<RemoteText>,
        verdict: Verification,
        explained: bool,
    ) -> Verified {
        let others = context.settings.all_secrets();
        let subject = Subject {
            scheme: self.scheme,
            secrets: self.secrets,
            envelope: self.envelope(),
            body: &self.request.body,
            now: self.now,
            others: &others,
            serializer: provider.body.serializer,
        };
        let findings = if explained {
            diagnose(&subject, &verdict)
        } else {
            Vec::new()
        };
        let expected = (self.args.reveal && explained && verdict != Verification::Valid)
            .then(|| expected_signature(&subject))
            .flatten();
        Verified {
            provider: Some(provider.name.clone()),
            event,
            message: missing_headers(&subject, &verdict, explained)
                .or_else(|| sentence(&verdict, self.scheme)),
            hints: hints(&verdict, self.scheme),
            verdict,
            findings,
            expected,
        }
    }
}

fn secrets(
    context: &Context,
    args: &VerifyArgs,
    endpoint: Option<&Endpoint>,
    provider: &Provider,
) -> Result<Vec<Secret>, Failure> {
    let secrets = context
        .settings
        .secrets(&args.secrets.flags(), Some(provider), endpoint)
        .map_err(Failure::usage)?;
    if secrets.is_empty() {
        let name = &provider.name;
        let variable = crate::settings::variable_of(name);
        return Err(Failure::usage(format!(
            "there is no secret to verify the signature of {name} with"
        ))
        .hint(format!(
            "set {variable}, or give --secret-env NAME or --secret-file FILE"
        )));
    }
    Ok(secrets)
}

fn url(args: &VerifyArgs, request: &Request, over_tls: bool) -> Option<String> {
    match &args.url {
        Some(url) => Some(url.clone()),
        None => signed_url(args.public_url.as_deref(), over_tls, request),
    }
}

/// A body with the headers of `-H`.
fn bare(args: &VerifyArgs, body: Vec<u8>) -> Request {
    let mut headers = Headers::new();
    for header in &args.headers {
        headers.push(header.name.as_str(), header.value.as_str());
    }
    Request {
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers,
        body: body.into(),
    }
}

/// The request that is to be judged.
async fn subject(context: &Context, args: &VerifyArgs) -> Result<Recorded, Failure> {
    let one = |mut all: Vec<Recorded>, what: &str| match all.len() {
        1 => Ok(all.remove(0)),
        count => Err(Failure::usage(format!(
            "{what} holds {count} requests; one can be verified at a time"
        ))),
    };
    if let Some(source) = &args.body {
        return Ok(Recorded::bare(bare(args, bytes_of(source).await?)));
    }
    let mut recorded = if let Some(word) = &args.capture {
        one(source::named(context, word, &args.reading).await?, word)?
    } else {
        let file = args.request.as_deref();
        let path = file.map_or_else(|| "-".to_owned(), |file| file.display().to_string());
        one(source::read(context, &path, &args.reading).await?, &path)?
    };
    for header in &args.headers {
        recorded
            .request
            .headers
            .push(header.name.as_str(), header.value.as_str());
    }
    Ok(recorded)
}

/// The provider of a request that does not say it: the recognised one, else the one whose scheme the
/// signature follows under the secret that is set.
fn find_provider(
    context: &Context,
    args: &VerifyArgs,
    endpoint: Option<&Endpoint>,
    recorded: &Recorded,
) -> Result<Option<Arc<Provider>>, Failure> {
    let (providers, errors) = context.catalog()?.all();
    for error in errors {
        context.ui.note(Note::warning(error.to_string()));
    }
    let request = &recorded.request;
    let document = Document::parse(&request.body).ok();
    let recogniser = Recogniser::new(providers.clone());
    let mut found = recogniser.recognise(&request.headers, document.as_ref());
    if found.len() == 1 {
        return Ok(Some(found.remove(0)));
    }
    let now = args
        .now
        .or(recorded.received_at)
        .unwrap_or_else(Timestamp::now);
    let url = url(args, request, recorded.over_tls);
    let follows = |provider: &&Arc<Provider>| {
        let Some(scheme) = &provider.signature else {
            return false;
        };
        let flags = args.secrets.flags();
        let secrets = context
            .settings
            .secrets(&flags, Some(provider), endpoint)
            .unwrap_or_default();
        let envelope = Envelope::of(request, url.as_deref());
        let verdict = verify(scheme, &secrets, envelope, &request.body, now);
        matches!(
            verdict,
            Ok(Verification::Valid
                | Verification::Invalid(
                    SignatureFault::TooOld { .. } | SignatureFault::TooNew { .. }
                ))
        )
    };
    let among = if found.is_empty() { &providers } else { &found };
    let matching: Vec<&Arc<Provider>> = among.iter().filter(follows).collect();
    let names = |providers: &[&Arc<Provider>]| {
        let names: Vec<&str> = providers
            .iter()
            .map(|provider| provider.name.as_str())
            .collect();
        names.join(", ")
    };
    if let Some(first) = matching.first() {
        context.ui.note(Note::hint(format!(
            "nobody said whose request this is; its signature follows the scheme of {}",
            names(&matching)
        )));
        return Ok(Some((*first).clone()));
    }
    if let Some(name) = &context.settings.default_provider {
        return context.provider(name).map(Some);
    }
    if found.is_empty() {
        return Ok(None);
    }
    let found: Vec<&Arc<Provider>> = found.iter().collect();
    Err(Failure::usage(format!(
        "the request may be from {}",
        names(&found).replace(", ", " or ")
    ))
    .hint("say which with --provider"))
}

/// What came of it.
struct Verified {
    provider: Option<String>,
    event: Option<RemoteText>,
    verdict: Verification,
    message: Option<String>,
    findings: Vec<Finding>,
    expected: Option<String>,
    hints: Vec<String>,
}

impl Verified {
    /// Nobody knows whose it is.
    fn of_nobody(event: Option<RemoteText>) -> Self {
        Self {
            provider: None,
            event,
            verdict: Verification::Unchecked,
            message: Some(
                "no provider is recognised in this request, and no known scheme fits it under the secrets that are set: there is nothing to check it by".to_owned(),
            ),
            findings: Vec::new(),
            expected: None,
            hints: vec!["give --provider NAME, or the parts of its scheme (--signature-header, --template, ...) with --provider generic".to_owned()],
        }
    }

    fn unchecked(provider: &Provider, event: Option<RemoteText>) -> Self {
        Self {
            provider: Some(provider.name.clone()),
            event,
            verdict: Verification::Unchecked,
            message: Some(
                "this provider documents no signature: there is nothing to check".to_owned(),
            ),
            findings: Vec::new(),
            expected: None,
            hints: Vec::new(),
        }
    }
}

/// The headers that are missing, though every delivery has them, and what the signature is worth beside it.
fn missing_headers(
    subject: &Subject<'_>,
    verdict: &Verification,
    explained: bool,
) -> Option<String> {
    let requires = &subject.scheme.requires;
    match verdict {
        Verification::Invalid(SignatureFault::Malformed {
            at: Some(Part::Header(name)),
            ..
        }) if requires.contains(name) => {}
        _ => return None,
    }
    let missing: Vec<&str> = requires
        .iter()
        .map(String::as_str)
        .filter(|name| !subject.envelope.headers.contains(name))
        .collect();
    let (noun, verb) = match missing.len() {
        1 => ("a header", "is"),
        _ => ("headers", "are"),
    };
    let signature = if explained && matches_without_required_headers(subject) {
        "the signature itself matches, but "
    } else {
        ""
    };
    Some(format!(
        "malformed: {signature}{noun} {verb} missing that every delivery of this provider has: {}",
        missing.join(", ")
    ))
}

/// The verdict in one sentence.
fn sentence(verdict: &Verification, scheme: &Scheme) -> Option<String> {
    let place = scheme.place();
    Some(match verdict {
        Verification::Valid | Verification::Unchecked => return None,
        Verification::Missing => format!("there is no signature: {place} is missing or empty"),
        Verification::Invalid(SignatureFault::Malformed { why, at }) => {
            let place = at.as_ref().and_then(|part| scheme.place_of(part));
            format!(
                "malformed: {why} ({})",
                place.unwrap_or_else(|| scheme.place())
            )
        }
        Verification::Invalid(SignatureFault::Mismatch) if scheme.sends_secret() => {
            format!("the token in {place} is not the secret")
        }
        Verification::Invalid(SignatureFault::Mismatch) => {
            format!("the signature in {place} does not match")
        }
        Verification::Invalid(SignatureFault::TooOld { by, tolerance }) => format!(
            "the signature matches, but its timestamp is too old: by {} beyond the tolerance of {}",
            crate::model::duration::short(*by),
            crate::model::duration::short(*tolerance)
        ),
        Verification::Invalid(SignatureFault::TooNew { by, tolerance }) => format!(
            "the signature matches, but its timestamp is too new: by {} beyond the tolerance of {}",
            crate::model::duration::short(*by),
            crate::model::duration::short(*tolerance)
        ),
    })
}

fn hints(verdict: &Verification, scheme: &Scheme) -> Vec<String> {
    match verdict {
        Verification::Valid if scheme.sends_secret() => vec![
            "this scheme does not cover the body: who knows the token can send anything".to_owned(),
        ],
        Verification::Valid if !scheme.covers_body() => {
            vec!["this scheme does not cover the body: it may have been changed".to_owned()]
        }
        _ => Vec::new(),
    }
}

fn report(context: &Context, outcome: &Verified) -> Result<Exit, Failure> {
    let verdict = &outcome.verdict;
    let exit = if *verdict == Verification::Valid {
        Exit::Done
    } else {
        Exit::Negative
    };
    context.emit(&Report::Verification(VerificationReport {
        valid: (*verdict != Verification::Unchecked).then_some(*verdict == Verification::Valid),
        verdict: verdict.verdict(),
        provider: outcome.provider.clone(),
        event: outcome.event.clone(),
        reason: verdict.reason(),
        message: outcome.message.clone(),
        findings: finding_reports(&outcome.findings),
        expected: outcome.expected.clone(),
        hints: outcome.hints.clone(),
    }))?;
    Ok(exit)
}

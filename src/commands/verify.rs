//! `verify`: what a request's signature is worth.

use jiff::Timestamp;

use super::source::read_file_or_stdin;
use super::{Context, Named, mask, no_verdict, signed_url, source};
use crate::catalog::Recogniser;
use crate::cli::VerifyArgs;
use crate::exchange::{Recorded, read_raw};
use crate::exit::{Exit, Failure};
use crate::message::{Headers, RemoteText, Request};
use crate::payload::Document;
use crate::report::{Note, Report, VerificationReport};
use crate::secret::MASK;
use crate::signature::{Envelope, Reason, Scheme, Verdict, Verifier};

pub fn run(context: &Context, args: &VerifyArgs) -> Result<Exit, Failure> {
    let mut recorded = subject(context, args)?;
    let (name, named) = provider(context, args, &recorded)?;
    if let (None, Some(provider)) = (&recorded.event, &named.provider) {
        let document = Document::parse(&recorded.request.body).ok();
        recorded.event = provider.event_of(&recorded.request.headers, document.as_ref());
    }
    let Some(scheme) = named.scheme else {
        return report(
            context,
            Verdict::Unchecked,
            Some(name),
            recorded.event,
            None,
            Vec::new(),
        );
    };
    let secrets = context
        .settings
        .secrets(&args.secrets.flags(), Some(&name), None)
        .map_err(Failure::usage)?;
    if secrets.is_empty() {
        let variable = crate::settings::variable_of(&name);
        return Err(Failure::usage(format!(
            "there is no secret to verify the signature of {name} with"
        ))
        .hint(format!(
            "set {variable}, or give --secret-env NAME or --secret-file FILE"
        )));
    }
    if mask::is_masked(named.provider.as_deref(), &recorded.request) {
        return Err(Failure::usage(format!(
            "the file's token is masked ({MASK}): there is nothing to verify"
        ))
        .hint("export it with --reveal"));
    }
    let now = args
        .now
        .or(recorded.received_at)
        .unwrap_or_else(Timestamp::now);
    let method = args.method.as_deref().unwrap_or(&recorded.request.method);
    let url = match &args.url {
        Some(url) => Some(url.clone()),
        None => signed_url(args.public_url.as_deref(), &recorded.request),
    };
    let envelope = Envelope {
        method,
        url: url.as_deref(),
        headers: &recorded.request.headers,
    };
    let mut verifier = Verifier::new(&scheme, &secrets, envelope, now).map_err(no_verdict)?;
    if let Some(tolerance) = args.tolerance {
        verifier = verifier.with_tolerance(tolerance);
    }
    verifier.update(&recorded.request.body);
    let verdict = verifier.finish().map_err(no_verdict)?;
    let hints = hints(&verdict, &scheme);
    report(
        context,
        verdict,
        Some(name),
        recorded.event,
        Some(&scheme),
        hints,
    )
}

/// The request that is to be judged.
fn subject(context: &Context, args: &VerifyArgs) -> Result<Recorded, Failure> {
    let one = |mut all: Vec<Recorded>, what: &str| match all.len() {
        1 => Ok(all.remove(0)),
        count => Err(Failure::usage(format!(
            "{what} holds {count} requests; one can be verified at a time"
        ))),
    };
    let mut recorded = if let Some(word) = &args.capture {
        one(source::named(context, word)?, word)?
    } else if let Some(file) = &args.request {
        let path = file.display().to_string();
        one(
            read_raw(&read_file_or_stdin(&path)?)
                .map_err(|error| Failure::usage(format!("{path}: {error}")))?,
            &path,
        )?
    } else {
        let body = read_file_or_stdin(args.body.as_deref().unwrap_or("-"))?;
        Recorded::bare(Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: Headers::new(),
            body: body.into(),
        })
    };
    for header in &args.headers {
        recorded
            .request
            .headers
            .push(header.name.as_str(), header.value.as_str());
    }
    Ok(recorded)
}

/// The provider: the flag's, the capture's, the recognised one, the default one.
fn provider(
    context: &Context,
    args: &VerifyArgs,
    recorded: &Recorded,
) -> Result<(String, Named), Failure> {
    if let Some(name) = args.provider.clone().or_else(|| recorded.provider.clone()) {
        let named = context.scheme_of(&name)?;
        return Ok((name, named));
    }
    let (providers, errors) = context.catalog()?.all();
    for error in errors {
        context.ui.note(Note::warning(error.to_string()));
    }
    let document = Document::parse(&recorded.request.body).ok();
    let found = Recogniser::new(providers).recognise(&recorded.request.headers, document.as_ref());
    let name = match found.as_slice() {
        [one] => one.name.clone(),
        several => match (&context.settings.default_provider, several) {
            (Some(name), _) => name.clone(),
            (None, []) => {
                return Err(Failure::usage("no provider is recognised in this request, so there is no scheme to judge it by")
                    .hint("give --provider NAME; generic is HMAC-SHA256 of the body, hex, in X-Signature"));
            }
            (None, several) => {
                let names: Vec<&str> = several
                    .iter()
                    .map(|provider| provider.name.as_str())
                    .collect();
                return Err(Failure::usage(format!(
                    "the request may be from {}",
                    names.join(" or ")
                ))
                .hint("say which with --provider"));
            }
        },
    };
    let named = context.scheme_of(&name)?;
    Ok((name, named))
}

/// The verdict in one sentence.
fn sentence(verdict: &Verdict, scheme: Option<&Scheme>) -> Option<String> {
    let place = scheme.map(Scheme::place).unwrap_or_default();
    Some(match verdict {
        Verdict::Valid => return None,
        Verdict::Unchecked => {
            "this provider documents no signature: there is nothing to check".to_owned()
        }
        Verdict::Missing => format!("there is no signature: {place} is missing or empty"),
        Verdict::Invalid(Reason::Malformed(why)) => format!("malformed: {why} ({place})"),
        Verdict::Invalid(Reason::Mismatch) if scheme.is_some_and(Scheme::sends_secret) => {
            format!("the token in {place} is not the secret")
        }
        Verdict::Invalid(Reason::Mismatch) => format!(
            "the signature in {place} does not match: another secret, or another body, was signed"
        ),
        Verdict::Invalid(Reason::TooOld { by, tolerance }) => format!(
            "the signature matches, but its timestamp is too old: by {} beyond the tolerance of {}",
            crate::duration::short(*by),
            crate::duration::short(*tolerance)
        ),
        Verdict::Invalid(Reason::TooNew { by, tolerance }) => format!(
            "the signature matches, but its timestamp is too new: by {} beyond the tolerance of {}",
            crate::duration::short(*by),
            crate::duration::short(*tolerance)
        ),
    })
}

fn hints(verdict: &Verdict, scheme: &Scheme) -> Vec<String> {
    match verdict {
        Verdict::Valid if !scheme.covers_body() => vec![
            "this scheme does not cover the body: who knows the token can send anything".to_owned(),
        ],
        Verdict::Invalid(Reason::TooOld { .. } | Reason::TooNew { .. }) => {
            vec![
                "check the clocks of both sides; --tolerance and --now judge by other figures"
                    .to_owned(),
            ]
        }
        _ => Vec::new(),
    }
}

fn report(
    context: &Context,
    verdict: Verdict,
    provider: Option<String>,
    event: Option<RemoteText>,
    scheme: Option<&Scheme>,
    hints: Vec<String>,
) -> Result<Exit, Failure> {
    let exit = if matches!(verdict, Verdict::Valid | Verdict::Unchecked) {
        Exit::Done
    } else {
        Exit::Negative
    };
    context.emit(&Report::Verification(VerificationReport {
        valid: verdict == Verdict::Valid,
        verdict: verdict.name().to_owned(),
        provider,
        event,
        reason: verdict.reason().map(str::to_owned),
        message: sentence(&verdict, scheme),
        hints,
    }))?;
    Ok(exit)
}

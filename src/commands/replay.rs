//! `replay`: captures sent again, as they were or signed afresh.

use std::sync::Arc;

use jiff::Timestamp;

use super::Context;
use super::send::outgoing::{self, Outgoing, Target};
use super::send::secrets_for_sending;
use super::send::transmit;
use super::source;
use crate::catalog::{Provider, refresh};
use crate::cli::{HeaderFlag, ReplayArgs};
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::http::{Place, Resolved};
use crate::model::{Headers, MASK, RemoteText, Request, Secret, Verdict, normal_url, suggest};
use crate::payload::{Edit, apply, apply_to_form, is_form};
use crate::report::{Discarded, Note, Report};
use crate::settings::SecretFlags;
use crate::store::PendingAt;
use crate::view::redact;
use crate::view::redact::TokenNames;

/// Headers that belong to one connection (RFC 9110, section 7.6.1), and what the new request says itself.
const HOP_BY_HOP: [&str; 11] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
    "content-length",
    "expect",
];

/// How captures are sent again, whoever asks for it.
#[derive(Default)]
pub struct ReplayOptions {
    pub keep_path: bool,
    pub resign: bool,
    pub resign_unverified: bool,
    pub secrets: SecretFlags,
    pub keep_credentials: bool,
    pub edits: Vec<Edit>,
    pub seed: Option<u64>,
    pub now: Option<Timestamp>,
    pub headers: Vec<HeaderFlag>,
    pub method: Option<String>,
    pub allow_http: bool,
}

impl ReplayOptions {
    fn from_args(args: &ReplayArgs) -> Result<Self, Failure> {
        Ok(Self {
            keep_path: args.keep_path,
            resign: args.resign,
            resign_unverified: args.resign_unverified,
            secrets: args.secrets.flags(),
            keep_credentials: args.keep_credentials,
            edits: outgoing::edits(&args.set, &args.set_string, &args.unset)?,
            seed: args.seed,
            now: args.now,
            headers: outgoing::own_headers(&args.delivery.way)?,
            method: args.delivery.method.clone(),
            allow_http: args.delivery.way.allow_http,
        })
    }
}

pub async fn run(context: &Context, args: &ReplayArgs) -> Result<Exit, Failure> {
    if let Some(url) = &args.discard {
        return discard(context, url, args.dry_run);
    }
    let options = ReplayOptions::from_args(args)?;
    let (captures, owed_to) = if args.unforwarded {
        match pending(context, args)? {
            Some((captures, owed_to)) => (captures, Some(owed_to)),
            None => return Ok(Exit::Done),
        }
    } else {
        (subjects(context, args)?, None)
    };
    let is_chosen = args.url.is_some() || args.to.is_some() || owed_to.is_none();
    let url = match &owed_to {
        Some(owed_to) if !is_chosen => Some(owed_to),
        _ => args.url.as_ref(),
    };
    let target = outgoing::target(context, url.map(String::as_str), args.to.as_deref())?;
    let resolved = target.place.resolve().await;
    // A store may be somebody else's.
    if !is_chosen && !resolved.is_loopback() {
        return Err(Failure::usage(format!(
            "what is pending is for {}, which is not this machine",
            target.place
        ))
        .hint("name it with --url, if it is to go there"));
    }
    outgoing::tell_of_foreign_place(context, &target, &resolved);
    let mut replayer = Replayer::new(context, &options, &target, &resolved);
    replayer.owed_to = owed_to;
    let mut requests = Vec::new();
    for recorded in captures {
        requests.push(replayer.compose(recorded)?);
    }
    replayer.tell_what_was_dropped();
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
        &[],
        "replaying",
    )
    .await
}

/// Clears what a destination that no longer exists is owed.
fn discard(context: &Context, url: &str, is_dry: bool) -> Result<Exit, Failure> {
    let url = place_named(context, url)?.to_string();
    let store = context.needed_store()?;
    let pending = store.pending()?;
    let own = pending
        .iter()
        .find(|at| at.url.is_empty() || normal_url(&at.url) == normal_url(&url));
    let captures = match own {
        None if pending.is_empty() => {
            context
                .ui
                .note(Note::hint("nothing is waiting to be forwarded"));
            0
        }
        None => return Err(not_pending_at(&url, &pending, None)),
        Some(at) if is_dry => at.captures,
        Some(_) => store.discard_pending(&url)?,
    };
    context.emit(&Report::Discarded(Discarded {
        url,
        captures,
        removed: captures > 0 && !is_dry,
    }))?;
    Ok(Exit::Done)
}

/// What a flag that names a destination means: an endpoint of the settings, or a URL.
fn place_named(context: &Context, text: &str) -> Result<Place, Failure> {
    Ok(outgoing::target(context, None, Some(text))?.place)
}

/// What is still to be forwarded to one destination, oldest first, and which that is: the one that is named, or
/// the only one. None where nothing is pending, which is said.
fn pending(
    context: &Context,
    args: &ReplayArgs,
) -> Result<Option<(Vec<Recorded>, String)>, Failure> {
    let store = context.needed_store()?;
    let all = store.pending()?;
    if all.is_empty() {
        let nothing = "nothing is waiting to be forwarded";
        context.ui.note(Note::hint(nothing));
        return Ok(None);
    }
    let chosen = match (&args.destination, &args.url, &args.to) {
        (Some(_), None, None) => {
            return Err(Failure::usage("--destination needs --url or --to")
                .hint("say where what is pending there is to go"));
        }
        (Some(old), ..) => Some(place_named(context, old)?),
        (None, None, None) => None,
        (None, url, to) => {
            let target = outgoing::target(context, url.as_deref(), to.as_deref())?;
            Some(target.place)
        }
    };
    let mut filter = source::filter(&args.filter, args.verdict, None, None);
    filter.unforwarded = true;
    let owed_to = match chosen {
        Some(place) => place.to_string(),
        None => match all.as_slice() {
            [one] if !one.url.is_empty() => one.url.clone(),
            _ => {
                return Err(Failure::usage(format!(
                    "several destinations are waiting for requests: {}",
                    listed(&all)
                ))
                .hint("name one of them with --url, or --discard one that no longer exists"));
            }
        },
    };
    let mut captures = Vec::new();
    for id in source::filtered(&*store, &filter)? {
        let capture = source::by_id(&*store, id)?;
        if capture.destinations.is_pending_at(&owed_to) {
            captures.push(source::recorded(capture));
        }
    }
    if captures.is_empty() {
        let is_one = all
            .iter()
            .any(|at| at.url.is_empty() || normal_url(&at.url) == normal_url(&owed_to));
        if is_one {
            return Err(Failure::usage(format!(
                "no request that the filters leave is waiting to be forwarded to {owed_to}"
            )));
        }
        return Err(not_pending_at(&owed_to, &all, args.url.as_deref()));
    }
    Ok(Some((captures, owed_to)))
}

fn not_pending_at(url: &str, all: &[PendingAt], typed: Option<&str>) -> Failure {
    let failure = Failure::usage(format!(
        "nothing is waiting to be forwarded to {url}; there is for {}",
        listed(all)
    ));
    // A destination without a path takes all paths: one of them is no destination.
    let origin = |url: &str| url::Url::parse(&normal_url(url)).map(|url| url.origin());
    let same_place = all
        .iter()
        .find(|at| matches!((origin(&at.url), origin(url)), (Ok(one), Ok(other)) if one == other));
    if let Some(at) = same_place {
        return failure.hint(format!(
            "did you mean {}?",
            suggest(["replay", "--unforwarded", "--url", &at.url])
        ));
    }
    match (all, typed) {
        ([one], Some(typed)) if !one.url.is_empty() => failure.hint(format!(
            "if that one has moved there: {}",
            suggest([
                "replay",
                "--unforwarded",
                "--destination",
                &one.url,
                "--url",
                typed
            ])
        )),
        _ => failure.hint("name one of these; one that has moved with --destination OLD --url NEW, one that no longer exists with --discard"),
    }
}

/// Destinations, and how much is pending at each.
fn listed(all: &[PendingAt]) -> String {
    let each: Vec<String> = all
        .iter()
        .map(|at| {
            let url = match at.url.as_str() {
                "" => "an unknown destination",
                url => url,
            };
            format!("{url} ({})", at.captures)
        })
        .collect();
    each.join(", ")
}

/// What to replay, in the order in which it came.
fn subjects(context: &Context, args: &ReplayArgs) -> Result<Vec<Recorded>, Failure> {
    if !args.captures.is_empty() {
        let mut all = Vec::new();
        for word in &args.captures {
            all.extend(source::named(context, word, &args.reading)?);
        }
        return Ok(all);
    }
    let mut filter = source::filter(&args.filter, args.verdict, None, None);
    if filter == crate::store::Filter::default() {
        return Err(Failure::usage("there is nothing to replay").hint("name captures (last, an id, a file), or filter them: --provider, --event, --since, --verdict, --unforwarded"));
    }
    if args.resign {
        // Signing what did not verify would make a forgery genuine.
        match filter.verdict {
            None => filter.verdict = Some(Verdict::Valid),
            Some(Verdict::Valid) => {}
            Some(other) => {
                return Err(Failure::usage(format!(
                    "--resign over a filter takes valid captures, not {other} ones"
                ))
                .hint("name the captures by id and add --resign-unverified, if you mean it"));
            }
        }
    }
    let store = context.needed_store()?;
    let ids = source::filtered(&*store, &filter)?;
    if ids.is_empty() {
        return Err(Failure::usage("no capture fits the filter")
            .hint("`hookcli captures list` shows what there is"));
    }
    ids.into_iter()
        .map(|id| source::by_id(&*store, id).map(source::recorded))
        .collect()
}

/// Makes requests to one target out of captures.
pub struct Replayer<'c> {
    context: &'c Context,
    options: &'c ReplayOptions,
    target: &'c Target<'c>,
    resolved: &'c Resolved,
    now: Timestamp,
    random: fastrand::Rng,
    told_of_test_secret: bool,
    /// Names of credentials that were left out.
    dropped: Vec<String>,
    /// The destination that is owed what is replayed, where one is.
    owed_to: Option<String>,
}

impl<'c> Replayer<'c> {
    pub fn new(
        context: &'c Context,
        options: &'c ReplayOptions,
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
            dropped: Vec::new(),
            owed_to: None,
        }
    }

    fn tell_what_was_dropped(&self) {
        if !self.dropped.is_empty() {
            self.context.ui.note(Note::warning(format!(
                "{} is not sent to {}, which is not this machine; --keep-credentials sends it",
                self.dropped.join(" and "),
                self.target.place
            )));
        }
    }

    pub fn compose(&mut self, recorded: Recorded) -> Result<Outgoing, Failure> {
        let provider = super::captures::provider_of(self.context, recorded.provider.as_deref());
        let name = recorded
            .id
            .clone()
            .unwrap_or_else(|| "the request".to_owned());
        let mut place = if self.options.keep_path {
            self.target.place.with_path_of(&recorded.request.target)
        } else if self.owed_to.is_some() {
            let target = crate::forward::Target {
                place: self.target.place.clone(),
            };
            target.place_of(&recorded.request.target)
        } else {
            self.target.place.clone()
        };
        if let Some(provider) = &provider {
            outgoing::check_https(provider, &place, self.resolved, self.options.allow_http)?;
        }
        let mut headers: Headers = recorded
            .request
            .headers
            .iter()
            .filter(|(name, _)| !HOP_BY_HOP.iter().any(|hop| hop.eq_ignore_ascii_case(name)))
            .filter(|(name, _)| !connection_names(&recorded.request.headers, name))
            .collect();
        let mut body = recorded.request.body.to_vec();
        if redact::is_masked(provider.as_deref(), &recorded.request) && !self.options.resign {
            return Err(Failure::usage(format!(
                "{name} was exported without its token, and {MASK} stands there"
            ))
            .hint("export it with --reveal, or put a secret in with --resign"));
        }
        let mut secrets: Vec<Secret> =
            redact::carried_secret(provider.as_deref(), &recorded.request)
                .into_iter()
                .collect();
        self.drop_credentials(provider.as_deref(), &mut headers, &mut body)?;
        if !self.options.edits.is_empty() {
            let text = std::str::from_utf8(&body).map_err(|_| {
                Failure::usage(format!(
                    "{name}: the body is not UTF-8 and cannot be edited"
                ))
            })?;
            let edited = match headers.get("content-type") {
                Some(kind) if is_form(kind) => apply_to_form(text, &self.options.edits),
                _ => apply(text, &self.options.edits),
            };
            body = edited.map_err(Failure::usage)?.into_bytes();
        }
        let method = self
            .options
            .method
            .clone()
            .unwrap_or_else(|| recorded.request.method.clone());
        if self.options.resign {
            if recorded.verdict != Some(Verdict::Valid) && !self.options.resign_unverified {
                return Err(Failure::usage(format!(
                    "{name} did not verify when it came ({}): signing it would make it genuine",
                    recorded.verdict.unwrap_or(Verdict::Unchecked)
                ))
                .hint("add --resign-unverified, if you mean it"));
            }
            let Some(provider) = &provider else {
                return Err(Failure::usage(format!(
                    "{name} is of no known provider: there is no scheme to sign it with"
                )));
            };
            secrets.extend(self.resign(
                provider,
                recorded.event.as_ref().map(RemoteText::unescaped),
                &mut place,
                &method,
                &mut headers,
                &mut body,
            )?);
        }
        let mut request = outgoing::complete(&place, &method, headers, &self.options.headers, body);
        if self.owed_to.is_some() && !self.options.resign {
            // As a listener forwards it: the sender's own path and query, byte for byte.
            let target = crate::forward::Target {
                place: self.target.place.clone(),
            };
            request.target = target.aim(&recorded.request.target);
        }
        Ok(Outgoing {
            provider,
            event: recorded.event,
            variant: None,
            place,
            request,
            secrets: secrets.into(),
            replay_of: recorded.id.and_then(|id| id.parse().ok()),
            schema: None,
            endpoint: self.target.endpoint_name.clone(),
            signed: self.options.resign,
            goes_on: None,
            settles_forward_at: self.owed_to.clone(),
        })
    }

    /// Away from this machine, credentials and tokens stay behind.
    fn drop_credentials(
        &mut self,
        provider: Option<&Provider>,
        headers: &mut Headers,
        body: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        if self.resolved.is_loopback() || self.options.keep_credentials {
            return Ok(());
        }
        let held = Request {
            method: String::new(),
            target: String::new(),
            headers: headers.clone(),
            body: body.clone().into(),
        };
        let (_, masked) = redact::request(
            provider,
            &held,
            &[],
            &TokenNames::of(provider.into_iter(), std::iter::empty()),
        );
        for name in masked {
            if name.starts_with('/') {
                let text = String::from_utf8_lossy(body).into_owned();
                let path = name.parse().map_err(Failure::usage)?;
                *body = apply(&text, &[Edit::Unset { path }])
                    .map_err(Failure::usage)?
                    .into_bytes();
            } else {
                headers.remove(&name);
            }
            if !self.dropped.contains(&name) {
                self.dropped.push(name);
            }
        }
        Ok(())
    }

    /// Renews the declared timestamps and ids, the token and the signature's headers; all other bytes stay.
    fn resign(
        &mut self,
        provider: &Arc<Provider>,
        event: Option<&str>,
        place: &mut Place,
        method: &str,
        headers: &mut Headers,
        body: &mut Vec<u8>,
    ) -> Result<Vec<Secret>, Failure> {
        // What is no JSON has no declared places; its signature is renewed all the same.
        if let Ok(text) = std::str::from_utf8(body)
            && let Ok(fresh) = refresh(
                provider,
                event.unwrap_or_default(),
                text,
                self.now,
                &mut self.random,
            )
        {
            *body = fresh.into_bytes();
        }
        let Some(scheme) = &provider.signature else {
            return Ok(Vec::new());
        };
        let secrets = secrets_for_sending(
            self.context,
            &self.options.secrets,
            provider,
            self.target,
            self.resolved,
            &mut self.told_of_test_secret,
        )?;
        let id = format!(
            "msg_{}",
            crate::model::Id::delivery(self.now, &mut self.random).ulid
        );
        let signing = outgoing::Signing {
            scheme,
            secrets: &secrets,
            method,
            id: &id,
            now: self.now,
        };
        signing.renew(place, headers, body)?;
        Ok(secrets)
    }
}

/// Whether `Connection` names that header as its own.
fn connection_names(headers: &Headers, name: &str) -> bool {
    headers.all("connection").any(|value| {
        String::from_utf8_lossy(value)
            .split(',')
            .any(|token| token.trim().eq_ignore_ascii_case(name))
    })
}

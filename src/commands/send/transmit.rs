//! Sending what is ready to go: attempt after attempt, within the limits, each recorded as it is made.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::time::MissedTickBehavior;

use super::live::{DRAWN_EVERY, Live};
use crate::cli::{DeliveryArgs, RetriesFlag, WayArgs};
use crate::commands::Context;
use crate::commands::signals::Signals;
use crate::commands::target::Target;
use crate::compose::{PreparedRequest, Signing, faults};
use crate::delivery::{
    Backoff, Clock, Fault, Gate, Next, Policy, Progress, Rate, Schedule, deliver,
};
use crate::exit::{Exit, Failure};
use crate::http::{Client, ClientOptions, Place, Resolved, Sent, Shape, TlsOptions};
use crate::model::{
    Attempt, AttemptError, AttemptErrorKind, Decoded, Delivery, Id, MAX_DECODED_BYTES, Outcome,
    RemoteText, Request, Response, Secret, decode_body, duration::short, mask_occurrences,
};
use crate::report::{Note, Report};
use crate::settings::Endpoint;
use crate::store::Store;
use crate::view::redact;
use crate::view::redact::TokenNames;
use crate::view::{DeliveryReport, delivery_report};

/// Real time for requests; waits between attempts go by faster.
struct Compressed {
    speed: f64,
}

impl Clock for Compressed {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn wait(&self, time: Duration) {
        tokio::time::sleep(time.div_f64(self.speed)).await;
    }
}

/// How deliveries are made, as flags and providers say.
#[derive(Default)]
pub struct Manner {
    retries: Option<RetriesFlag>,
    backoff: Backoff,
    jitter: f64,
    speed: f64,
    /// Whose policy is followed, instead of that of each event's provider.
    policy: Option<Policy>,
    timeout: Option<Option<Duration>>,
    /// So long after a success there is one more attempt.
    late: Option<Duration>,
    /// Nothing is put down before an attempt: it would be part of what is measured.
    is_measured: bool,
    /// What is masked in the record of a request that is of no known provider.
    tokens: TokenNames,
}

impl Manner {
    /// One attempt, and so many retries; without a `timeout` it is the provider's.
    pub fn plain(timeout: Option<Option<Duration>>, retries: u32) -> Self {
        Self {
            retries: (retries > 0).then_some(RetriesFlag::Count(retries)),
            speed: 1.0,
            timeout,
            ..Self::default()
        }
    }

    pub fn with_tokens(self, tokens: TokenNames) -> Self {
        Self { tokens, ..self }
    }

    /// One attempt, recorded once it is over.
    pub fn measured(timeout: Duration) -> Self {
        Self {
            is_measured: true,
            ..Self::plain(Some(Some(timeout)), 0)
        }
    }

    fn of(context: &Context, args: &DeliveryArgs, faults: &[Fault]) -> Result<Self, Failure> {
        if args.backoff.is_some() && args.retries == Some(RetriesFlag::Policy) {
            return Err(
                Failure::usage("--backoff says other waits than --retries policy")
                    .hint("give a number of retries, such as --retries 5, or leave --backoff out"),
            );
        }
        let policy = match &args.policy {
            Some(name) => Some(context.provider(name)?.delivery.facts.clone()),
            None => None,
        };
        Ok(Self {
            retries: args.retries,
            backoff: args.backoff.clone().unwrap_or_default(),
            jitter: args.jitter.unwrap_or_default(),
            speed: args.speed.unwrap_or(1.0),
            policy,
            timeout: args.timeout.map(|timeout| timeout.0),
            late: faults::late(faults),
            is_measured: false,
            tokens: context.token_names()?,
        })
    }

    fn policy(&self, outgoing: &PreparedRequest) -> Policy {
        let event = outgoing.event.as_ref().map(RemoteText::unescaped);
        let own = || Some(outgoing.provider.as_ref()?.policy_of(event));
        self.policy.clone().or_else(own).unwrap_or_default()
    }

    fn schedule(&self, policy: &Policy) -> Schedule {
        let schedule = match self.retries {
            None => Schedule::once(policy),
            Some(RetriesFlag::Policy) => Schedule::of(policy).with_jitter(self.jitter),
            Some(RetriesFlag::Count(count)) => {
                Schedule::custom(policy, self.backoff.waits(count)).with_jitter(self.jitter)
            }
        };
        schedule.with_late(self.late)
    }

    /// What may be under way at once, and begin within a time: the flags' word, else the provider's where
    /// its policy is followed. Real time: the rate's is divided as waits are.
    fn gate(&self, args: &DeliveryArgs, requests: &[PreparedRequest]) -> Gate {
        let followed = requests
            .first()
            .filter(|_| self.retries == Some(RetriesFlag::Policy))
            .map(|request| self.policy(request));
        let in_flight = args
            .concurrency
            .or_else(|| followed.as_ref()?.max_in_flight)
            .unwrap_or(1);
        let per_minute = || {
            Some(Rate {
                count: followed.as_ref()?.max_per_minute?,
                per: Duration::from_secs(60),
            })
        };
        let rate = args.rate.or_else(per_minute).map(|rate| Rate {
            per: rate.per.div_f64(self.speed),
            ..rate
        });
        Gate::new(in_flight as usize, rate)
    }
}

/// Sends requests, and says of each what became of it. They begin in order; while one waits for its next
/// attempt the others go on, unless the order is to be kept.
pub async fn transmit_all(
    context: &Context,
    target: &Target<'_>,
    resolved: Resolved,
    requests: &[PreparedRequest],
    args: &DeliveryArgs,
    faults: &[Fault],
    verb: &str,
) -> Result<Exit, Failure> {
    let manner = Manner::of(context, args, faults)?;
    // The store is opened before anything is sent: what cannot be recorded does not go out.
    let store = context.store()?;
    if let Some(limit) = args.wait
        && !wait_for(&resolved, limit).await
    {
        context.ui.note(Note::error(format!(
            "nothing listens at {} after {}",
            target.place,
            short(limit)
        )));
        return Ok(Exit::NoAnswer);
    }
    let client = client(resolved, &args.way, target.endpoint, faults::shape(faults))?;
    let gate = manner.gate(args, requests);
    let sender = Sender {
        context: Some(context),
        client: &client,
        store: store.as_deref(),
        gate: &gate,
        manner: &manner,
        live: Live::default(),
        begun: Cell::new(0),
    };
    let mut exits = Vec::new();
    let total = requests.len() as u64;
    let at_once = if args.ordered { 1 } else { requests.len() };
    let mut waiting = requests.iter().enumerate();
    // From before the first request on: whoever interrupts then is told what is left.
    let mut signals = Signals::new()?;
    let mut under_way: FuturesUnordered<_> = waiting
        .by_ref()
        .take(at_once)
        .map(|(place, request)| sender.send(place, request))
        .collect();
    let is_retried = args.retries.is_some() || manner.late.is_some();
    let is_live = is_retried && context.ui.is_live();
    let mut drawn = tokio::time::interval(DRAWN_EVERY);
    drawn.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        if total > 1 && !is_live {
            context.ui.progress(exits.len() as u64, total, verb);
        }
        let settled = tokio::select! {
            biased;
            settled = under_way.next() => settled,
            _ = drawn.tick(), if is_live => {
                context.ui.live(&sender.live.lines(exits.len(), requests.len()));
                continue;
            }
            () = signals.next() => {
                let left = requests.len() - exits.len();
                let begun = sender.begun.get();
                let not_begun = requests.len() - begun;
                let mut told = format!("interrupted; {left} of {total} not settled");
                if not_begun > 0 {
                    told += &format!(", {not_begun} of them not begun");
                }
                context.ui.note(Note::error(told));
                if store.is_some() && begun > exits.len() {
                    context.ui.note(Note::hint(
                        "what was begun is recorded: `hookcli deliveries retry --failed` goes on with it",
                    ));
                }
                return Ok(Exit::Interrupted);
            }
        };
        let Some(settled) = settled else {
            return Ok(Exit::worst(exits));
        };
        let (delivery, report) = match settled {
            Ok(settled) => settled,
            Err(failure) if failure.is_left_alone => {
                context.ui.note(Note::warning(failure.message));
                exits.push(Exit::Done);
                if let Some((place, request)) = waiting.next() {
                    under_way.push(sender.send(place, request));
                }
                continue;
            }
            Err(failure) => return Err(failure),
        };
        // The same hint after each of many would drown what they say.
        let hint = hint_for(&delivery, &target.place).filter(|_| exits.is_empty());
        exits.push(exit_of(&delivery));
        context.emit(&Report::Delivery(Box::new(report)))?;
        if let Some(note) = hint {
            context.ui.note(note);
        }
        if let Some((place, request)) = waiting.next() {
            under_way.push(sender.send(place, request));
        }
    }
}

/// Sends one request in that manner, records it, and says what became of it.
pub async fn transmit(
    client: &Client,
    store: Option<&dyn Store>,
    outgoing: &PreparedRequest,
    manner: &Manner,
) -> Result<(Progress, DeliveryReport), Failure> {
    let gate = Gate::new(1, None);
    let sender = Sender {
        context: None,
        client,
        store,
        gate: &gate,
        manner,
        live: Live::default(),
        begun: Cell::new(0),
    };
    sender.send(0, outgoing).await
}

/// All that a delivery needs besides its request.
struct Sender<'s> {
    /// Where attempts are told of, if anywhere.
    context: Option<&'s Context>,
    client: &'s Client,
    store: Option<&'s dyn Store>,
    gate: &'s Gate,
    manner: &'s Manner,
    live: Live,
    /// How many deliveries have begun.
    begun: Cell<usize>,
}

impl Sender<'_> {
    /// `place` is where it stands among all.
    async fn send(
        &self,
        place: usize,
        outgoing: &PreparedRequest,
    ) -> Result<(Progress, DeliveryReport), Failure> {
        let policy = self.manner.policy(outgoing);
        let schedule = self.manner.schedule(&policy);
        let limit = self.manner.timeout.unwrap_or(Some(policy.timeout));
        let clock = Compressed {
            speed: self.manner.speed,
        };
        let name = || outgoing.event.clone().unwrap_or_else(|| "-".into());
        let total = schedule.waits().len() + 1 + usize::from(schedule.late().is_some());
        let record = RefCell::new(outgoing.resumed_from.clone());
        let before = outgoing
            .resumed_from
            .as_ref()
            .map_or(0, |record| record.attempts.len());
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        // The number under which the attempt that is under way was put down.
        let kept_number = Cell::new(0);
        let delivery = deliver(
            &schedule,
            &clock,
            &mut fastrand::Rng::new(),
            before,
            async |number| {
                let _pass = self.gate.pass().await;
                self.live.under_way(place, name(), number, total);
                let started_at = Timestamp::now();
                let afresh = outgoing.signed && (number > 1 || outgoing.resumed_from.is_some());
                let request = if afresh {
                    sign_again(outgoing, Timestamp::now())?
                } else {
                    outgoing.request.clone()
                };
                {
                    let mut record = record.borrow_mut();
                    if number == before + 1 {
                        self.begun.set(self.begun.get() + 1);
                    }
                    let begun = record.get_or_insert_with(|| {
                        begin(outgoing, &self.manner.tokens, Timestamp::now())
                    });
                    // Before the first byte goes out: whoever is killed from here on may have sent it.
                    if let (Some(store), false) = (self.store, self.manner.is_measured) {
                        let owed_to = outgoing.settles_forward_at.as_deref();
                        kept_number.set(store.begin(begun, started_at, owed_to)?);
                    }
                }
                // The store's time is not the receiver's.
                let started = Instant::now();
                let Sent { result, phases } = self.client.send(&request, limit).await;
                Ok::<_, Failure>(Attempt {
                    number,
                    started_at,
                    duration: started.elapsed(),
                    phases,
                    result,
                })
            },
            |delivery, next| {
                if let Some(record) = record.borrow_mut().as_mut() {
                    let known = record.attempts.len();
                    settle(
                        record,
                        before,
                        outgoing,
                        delivery,
                        &policy,
                        &self.manner.tokens,
                    );
                    if let (Some(attempt), 1..) = (record.attempts.last_mut(), kept_number.get()) {
                        attempt.number = kept_number.get();
                    }
                    if let Some(store) = self.store {
                        let settles_at = outgoing
                            .settles_forward_at
                            .as_deref()
                            .filter(|_| record.outcome == Outcome::Delivered);
                        store.record(record, known, settles_at)?;
                    }
                }
                self.tell(place, outgoing, delivery, next, &schedule);
                Ok(())
            },
        )
        .await?;
        self.live.settled(place);
        let record = record
            .into_inner()
            .unwrap_or_else(|| begin(outgoing, &self.manner.tokens, Timestamp::now()));
        let mut report = delivery_report(&record, outgoing.provider.as_deref());
        report.variant = outgoing.variant.clone();
        Ok((delivery, report))
    }

    /// A line for each attempt that is followed by another.
    fn tell(
        &self,
        place: usize,
        outgoing: &PreparedRequest,
        delivery: &Progress,
        next: Next,
        schedule: &Schedule,
    ) {
        let (after, why) = match next {
            Next::Retry { after, asked: true } => (after, ", as the receiver asks"),
            Next::Retry { after, .. } => (after, ""),
            Next::Late { after } => (after, ", as if the answer had been lost"),
            Next::Delivered | Next::NotRetried | Next::Exhausted => return,
        };
        let Some(context) = self.context else { return };
        let Some(attempt) = delivery.attempts.last() else {
            return;
        };
        let result = match &attempt.result {
            Ok(response) => format!("answered {}", response.status),
            Err(error) => format!("{}: {}", error.kind.name(), error.message.unescaped()),
        };
        let name = outgoing
            .event
            .as_ref()
            .map_or("-", |event| event.unescaped());
        let made = delivery.attempts.len().min(schedule.waits().len());
        let ahead = match next {
            Next::Retry { .. } => &schedule.waits()[made..],
            _ => &[],
        };
        let speed = self.manner.speed;
        let real = if (speed - 1.0).abs() > f64::EPSILON {
            format!(" ({} at {speed}x)", short(after.div_f64(speed)))
        } else {
            String::new()
        };
        self.live
            .waiting(place, result.as_str().into(), after, speed, ahead);
        context.ui.note(Note::Status(
            format!(
                "{name}  attempt {} of {}: {result}; the next in {}{why}{real}",
                attempt.number,
                schedule.waits().len() + 1 + usize::from(schedule.late().is_some()),
                short(after)
            )
            .into(),
        ));
    }
}

/// The same request, signed for now: the event's id and the body stay, unless the scheme's own time is in
/// the body.
fn sign_again(outgoing: &PreparedRequest, now: Timestamp) -> Result<Request, Failure> {
    let scheme = outgoing
        .provider
        .as_ref()
        .and_then(|provider| provider.signature.as_ref());
    let mut request = outgoing.request.clone();
    let Some(scheme) = scheme else {
        return Ok(request);
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let id = scheme
        .id_header
        .iter()
        .find_map(|name| request.headers.get(name));
    let id = id.map(text).unwrap_or_default();
    let mut place = outgoing.place.clone();
    let mut body = request.body.to_vec();
    let signing = Signing {
        scheme,
        secrets: &outgoing.secrets,
        method: &request.method,
        id: &id,
        now,
    };
    signing.renew(&mut place, &mut request.headers, &mut body)?;
    if request.headers.contains("content-length") {
        request
            .headers
            .set("content-length", body.len().to_string());
    }
    request.body = body.into();
    Ok(request)
}

/// The client for a place; options that cannot be used are usage errors.
pub fn client(
    resolved: Resolved,
    way: &WayArgs,
    endpoint: Option<&Endpoint>,
    shape: Shape,
) -> Result<Client, Failure> {
    let insecure = way.insecure || endpoint.is_some_and(|endpoint| endpoint.insecure);
    Client::new(
        resolved,
        &ClientOptions {
            tls: TlsOptions {
                insecure,
                ca_file: way.cacert.clone(),
            },
            shape,
        },
    )
    .map_err(Failure::usage)
}

/// Waits until something accepts connections at the place. False: nothing did in time.
pub async fn wait_for(resolved: &Resolved, limit: Duration) -> bool {
    let until = Instant::now() + limit;
    loop {
        let fresh = resolved.place.resolve().await;
        for address in &fresh.addresses {
            let connecting = tokio::net::TcpStream::connect(address);
            if matches!(
                tokio::time::timeout(Duration::from_secs(1), connecting).await,
                Ok(Ok(_))
            ) {
                return true;
            }
        }
        if Instant::now() >= until {
            return false;
        }
        tokio::time::sleep(
            Duration::from_millis(50).min(until.saturating_duration_since(Instant::now())),
        )
        .await;
    }
}

/// What a delivery's outcome means for the exit code.
fn exit_of(delivery: &Progress) -> Exit {
    match delivery.outcome {
        Outcome::Delivered => Exit::Done,
        _ if delivery.was_answered() => Exit::Negative,
        _ => Exit::NoAnswer,
    }
}

/// What to try when nothing answered.
fn hint_for(delivery: &Progress, place: &Place) -> Option<Note> {
    let error = delivery.attempts.last()?.result.as_ref().err()?;
    let text = match error.kind {
        AttemptErrorKind::Refused => format!(
            "nothing listens on port {}: is your server running? --wait 30s waits for it",
            place.port()
        ),
        AttemptErrorKind::Tls => {
            "--cacert FILE trusts your own CA, --insecure any certificate".to_owned()
        }
        AttemptErrorKind::Timeout => {
            "--timeout none waits as long as it takes, for example at a breakpoint".to_owned()
        }
        AttemptErrorKind::Dns => format!(
            "`{}` has no address: check the name",
            place.url().host_str().unwrap_or_default()
        ),
        _ => return None,
    };
    Some(Note::hint(text))
}

/// A delivery's record before anything came of it.
fn begin(outgoing: &PreparedRequest, tokens: &TokenNames, now: Timestamp) -> Delivery {
    // A name that another provider has for its token means nothing where it is known whose request this is:
    // what is masked here cannot be sent again.
    let own = TokenNames::of(outgoing.provider.as_deref().into_iter(), std::iter::empty());
    let own = own.with_secrets(tokens.secrets());
    let tokens = if outgoing.provider.is_some() {
        &own
    } else {
        tokens
    };
    let (request, _) = redact::request(
        outgoing.provider.as_deref(),
        &outgoing.request,
        &outgoing.secrets,
        tokens,
    );
    Delivery {
        id: Id::delivery(now, &mut fastrand::Rng::new()),
        started_at: now,
        provider: outgoing
            .provider
            .as_ref()
            .map(|provider| provider.name.clone()),
        event: outgoing.event.clone(),
        replay_of: outgoing.replay_of,
        endpoint: outgoing.endpoint.clone(),
        signed: outgoing.signed,
        url: redact::target(
            &redact::mask_text(&outgoing.place.to_string(), &outgoing.secrets),
            tokens,
        ),
        outcome: Outcome::Pending,
        failure: None,
        request,
        attempts: Vec::new(),
        worker: None,
    }
}

/// Puts down what came of it so far.
fn settle(
    record: &mut Delivery,
    before: u32,
    outgoing: &PreparedRequest,
    delivery: &Progress,
    policy: &Policy,
    tokens: &TokenNames,
) {
    let masked = |text: RemoteText| {
        let text = redact::mask_text(text.unescaped(), &outgoing.secrets);
        redact::remote_text(&text.into(), tokens)
    };
    record.outcome = delivery.outcome;
    record.failure = delivery.failure(policy).map(masked);
    let known = record.attempts.len() - before as usize;
    record.attempts.extend(
        delivery.attempts[known..]
            .iter()
            .map(|attempt| attempt_record(attempt, &outgoing.secrets, tokens)),
    );
}

/// An attempt without the secrets that its response may echo.
fn attempt_record(attempt: &Attempt, secrets: &[Secret], tokens: &TokenNames) -> Attempt {
    let result = match &attempt.result {
        Ok(response) => Ok(response_record(response, secrets, tokens)),
        // Its text may quote what came back.
        Err(error) => Err(AttemptError {
            kind: error.kind,
            message: redact::remote_text(&error.message, tokens),
        }),
    };
    Attempt {
        result,
        ..attempt.clone()
    }
}

fn response_record(response: &Response, secrets: &[Secret], tokens: &TokenNames) -> Response {
    let mut headers = redact::headers(&response.headers, secrets);
    let mut truncated = response.truncated;
    let mut body = mask_occurrences(&response.body, secrets);
    // What was compressed is kept as it came, unless it hides a secret.
    if let Decoded::Plain {
        body: plain,
        truncated: cut,
    } = decode_body(&response.headers, &response.body, MAX_DECODED_BYTES)
    {
        let masked = mask_occurrences(&plain, secrets);
        if masked != plain {
            body = masked;
            truncated |= cut;
            headers.remove("content-encoding");
        }
    }
    // Nor those of others that are set here, which a target may echo.
    let (headers, body) = redact::response(&headers, &body, tokens);
    Response {
        status: response.status,
        headers,
        body: body.into(),
        truncated,
    }
}

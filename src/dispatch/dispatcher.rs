//! Makes attempts within the limits, and records each one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::Timestamp;
use tracing::info;

use super::record::{recorded, settle};
use super::{DeliveryOptions, DispatchError};
use crate::compose::{ComposeError, PreparedRequest, Signing};
use crate::delivery::{Clock, Gate, Next, Progress, deliver};
use crate::http::{Client, Sent};
use crate::model::{Attempt, Delivery, Id, Outcome, Request};
use crate::store::Store;

/// Real time for requests; waits between attempts go by faster.
#[derive(Clone, Copy, Debug)]
pub struct CompressedClock {
    /// So many times.
    pub speed: f64,
}

impl Clock for CompressedClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn after(&self, time: Duration) -> Timestamp {
        let real = time.div_f64(self.speed);
        self.now().saturating_add(real).unwrap_or(Timestamp::MAX)
    }

    async fn wait(&self, time: Duration) {
        tokio::time::sleep(time.div_f64(self.speed)).await;
    }
}

/// What happens while deliveries are made. `index` is a delivery's place among all.
#[derive(Clone, Copy)]
pub enum DispatchEvent<'e> {
    AttemptStarted {
        index: usize,
        prepared: &'e PreparedRequest,
        number: u32,
        /// How many attempts there are at most.
        most: usize,
    },
    AttemptFinished {
        index: usize,
        prepared: &'e PreparedRequest,
        attempt: &'e Attempt,
        most: usize,
        next: Next,
        /// The waits behind the next one, in the policy's time.
        ahead: &'e [Duration],
    },
    Settled {
        index: usize,
    },
}

/// A delivery that is settled.
#[derive(Clone, Debug)]
pub struct Dispatched {
    /// Its place among all.
    pub index: usize,
    /// As it was recorded.
    pub record: Delivery,
    /// The attempts that were made now.
    pub progress: Progress,
}

/// Makes deliveries to one destination.
pub struct Dispatcher<'d, C> {
    pub client: &'d Client,
    /// None: nothing is recorded.
    pub store: Option<&'d dyn Store>,
    pub gate: &'d Gate,
    pub options: &'d DeliveryOptions,
    pub clock: C,
    random: Mutex<fastrand::Rng>,
    events: &'d (dyn Fn(DispatchEvent<'_>) + Sync),
    begun: AtomicUsize,
    /// Those that have begun and are not settled, by their places among the requests.
    unsettled: Mutex<BTreeMap<usize, Id>>,
}

impl<'d, C: Clock> Dispatcher<'d, C> {
    /// `events` hears of each attempt as it begins and ends.
    pub fn new(
        client: &'d Client,
        store: Option<&'d dyn Store>,
        gate: &'d Gate,
        options: &'d DeliveryOptions,
        clock: C,
        random: fastrand::Rng,
        events: &'d (dyn Fn(DispatchEvent<'_>) + Sync),
    ) -> Self {
        Self {
            client,
            store,
            gate,
            options,
            clock,
            random: Mutex::new(random),
            events,
            begun: AtomicUsize::new(0),
            unsettled: Mutex::default(),
        }
    }

    /// How many deliveries have begun.
    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    /// The deliveries that have begun and are not settled, in the order of the requests.
    pub fn unsettled(&self) -> Vec<Id> {
        let unsettled = self.unsettled.lock();
        let unsettled = unsettled.unwrap_or_else(PoisonError::into_inner);
        unsettled.values().copied().collect()
    }

    fn note_unsettled(&self, index: usize, id: Option<Id>) {
        let unsettled = self.unsettled.lock();
        let mut unsettled = unsettled.unwrap_or_else(PoisonError::into_inner);
        match id {
            Some(id) => unsettled.insert(index, id),
            None => unsettled.remove(&index),
        };
    }

    /// Makes all of them, `at_once` at a time, and says of each what became of it as it is settled. They begin in
    /// order; while one waits for its next attempt the others go on, unless one at a time is asked for.
    pub fn dispatch_all<'s>(
        &'s self,
        requests: &'s [PreparedRequest],
        at_once: usize,
    ) -> impl Stream<Item = Result<Dispatched, DispatchError>> + 's {
        stream::iter(requests.iter().enumerate())
            .map(|(index, request)| self.dispatch(index, request))
            .buffer_unordered(at_once.max(1))
    }

    /// Makes one delivery to its end.
    ///
    /// # Errors
    /// It could not be signed again, or not be recorded: then the next attempt is not made.
    pub async fn dispatch(
        &self,
        index: usize,
        prepared: &PreparedRequest,
    ) -> Result<Dispatched, DispatchError> {
        let policy = self.options.policy(prepared);
        let limit = self.options.timeout.unwrap_or(Some(policy.timeout));
        let tokens = &self.options.tokens;
        let resumed = prepared.resumed_from.clone().map(|record| Delivery {
            wanted: prepared.wanted.as_ref().map(ToString::to_string),
            speed: self.options.speed,
            ..record
        });
        let record = Mutex::new(resumed);
        let before = prepared
            .resumed_from
            .as_ref()
            .map_or(0, |record| record.attempts.len());
        let made_before = before;
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        let schedule = self.options.schedule(&policy, before);
        let more = schedule.waits().len() + 1 + usize::from(schedule.late().is_some());
        let most = made_before + more;
        // The number under which the attempt that is under way was put down.
        let kept_number = AtomicU32::new(0);
        let mut random = self.fork_random();
        let begun_record = || {
            let (speed, now) = (self.options.speed, self.clock.now());
            recorded(prepared, tokens, speed, now, &mut self.fork_random())
        };
        let progress = deliver(
            &schedule,
            &self.clock,
            &mut random,
            before,
            async |number| {
                let _pass = self.gate.pass().await;
                (self.events)(DispatchEvent::AttemptStarted {
                    index,
                    prepared,
                    number,
                    most,
                });
                let started_at = self.clock.now();
                let is_again = number > 1 || prepared.resumed_from.is_some();
                let request = if prepared.signed && is_again {
                    sign_again(prepared, started_at)?
                } else {
                    prepared.request.clone()
                };
                if number == before + 1 {
                    self.begun.fetch_add(1, Ordering::Relaxed);
                }
                let begun = lock(&record).take().unwrap_or_else(begun_record);
                self.note_unsettled(index, Some(begun.id));
                // Before the first byte goes out: whoever is killed from here on may have sent it.
                if let (Some(store), false) = (self.store, self.options.is_measured) {
                    let owed_to = prepared.settles_forward_at.as_deref();
                    let number = store.begin(&begun, started_at, owed_to).await?;
                    kept_number.store(number, Ordering::Relaxed);
                }
                *lock(&record) = Some(begun);
                // The store's time is not the receiver's.
                let started = Instant::now();
                let Sent { result, phases } = self.client.send(&request, limit).await;
                Ok::<_, DispatchError>(Attempt {
                    number,
                    started_at,
                    duration: started.elapsed(),
                    phases,
                    result,
                })
            },
            async |progress, next| {
                let begun = lock(&record).take();
                if let Some(mut begun) = begun {
                    let known = begun.attempts.len();
                    settle(&mut begun, before, prepared, progress, &policy, tokens);
                    begun.next_attempt_at = match next {
                        Next::Retry { after, .. } => Some(self.clock.after(after)),
                        _ => None,
                    };
                    let number = kept_number.load(Ordering::Relaxed);
                    if let (Some(attempt), 1..) = (begun.attempts.last_mut(), number) {
                        attempt.number = number;
                    }
                    if let Some(store) = self.store {
                        let settles_at = prepared
                            .settles_forward_at
                            .as_deref()
                            .filter(|_| begun.outcome == Outcome::Delivered);
                        store.record(&begun, known, settles_at).await?;
                    }
                    *lock(&record) = Some(begun);
                }
                if let Some(attempt) = progress.attempts.last() {
                    log_attempt(prepared, attempt, next);
                    let made = progress.attempts.len().min(schedule.waits().len());
                    (self.events)(DispatchEvent::AttemptFinished {
                        index,
                        prepared,
                        attempt,
                        most,
                        next,
                        ahead: match next {
                            Next::Retry { .. } => &schedule.waits()[made..],
                            _ => &[],
                        },
                    });
                }
                Ok(())
            },
        )
        .await?;
        self.note_unsettled(index, None);
        (self.events)(DispatchEvent::Settled { index });
        let record = record.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Dispatched {
            index,
            record: record.unwrap_or_else(begun_record),
            progress,
        })
    }

    fn fork_random(&self) -> fastrand::Rng {
        lock(&self.random).fork()
    }
}

/// A delivery that nothing is said of while it is made.
///
/// # Errors
/// As [`Dispatcher::dispatch`].
pub async fn dispatch_quietly(
    client: &Client,
    store: Option<&dyn Store>,
    prepared: &PreparedRequest,
    options: &DeliveryOptions,
) -> Result<Dispatched, DispatchError> {
    let gate = Gate::new(1, None);
    let clock = CompressedClock {
        speed: options.speed,
    };
    let random = options.random.fork();
    Dispatcher::new(client, store, &gate, options, clock, random, &|_| {})
        .dispatch(0, prepared)
        .await
}

fn log_attempt(prepared: &PreparedRequest, attempt: &Attempt, next: Next) {
    let (status, error) = match &attempt.result {
        Ok(response) => (Some(response.status), None),
        Err(error) => (None, Some(error.kind.name())),
    };
    info!(
        destination = prepared.destination.authority(),
        replay_of = prepared.replay_of.map(|id| id.to_string()),
        attempt = attempt.number,
        status,
        error,
        duration_ms = u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX),
        is_last = !matches!(next, Next::Retry { .. } | Next::Late { .. }),
        "attempt made"
    );
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same request, signed for now: the event's id and the body stay, unless the scheme's own time is in
/// the body.
fn sign_again(prepared: &PreparedRequest, now: Timestamp) -> Result<Request, ComposeError> {
    let scheme = prepared
        .provider
        .as_ref()
        .and_then(|provider| provider.signature.as_ref());
    let mut request = prepared.request.clone();
    let Some(scheme) = scheme else {
        return Ok(request);
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let id = scheme
        .id_header
        .iter()
        .find_map(|name| request.headers.get(name));
    let id = id.map(text).unwrap_or_default();
    let mut place = prepared.destination.clone();
    let mut body = request.body.to_vec();
    let signing = Signing {
        scheme,
        secrets: &prepared.secrets,
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

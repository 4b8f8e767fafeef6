//! hookcli as a library: a server or a test takes requests in, looks at what came, and sends it again, in one process,
//! with its own clock, and without the command line.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use hookcli::catalog::{Catalog, Provider};
use hookcli::compose::{
    ComposeOptions, Composer, FixedKeys, PreparedRequest, Recipient, ReplayOptions, Replayer,
};
use hookcli::delivery::{Clock, Gate};
use hookcli::dispatch::{DeliveryOptions, DispatchEvent, Dispatched, Dispatcher, Retries};
use hookcli::expect::{ExpectationTracker, Expectations};
use hookcli::http::{Client, ClientOptions, Resolved};
use hookcli::ingest::{
    EventSender, Ingest, IngestCounts, IngestEvent, IngestHandler, IngestOptions, SignatureCheck,
};
use hookcli::model::{Headers, Outcome, Request, Secret, TimeSource, Verdict};
use hookcli::receiver::{Limits, serve};
use hookcli::search::{Pattern, Query};
use hookcli::signature::{Envelope, Verification, verify};
use hookcli::store::{PageRequest, SqliteStore, Store, StoreOptions};
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::support::{PATIENCE, Place, Server};

const SECRET: &str = "whsec_of_a_library";
/// 2001-09-09T01:46:40Z: no signature of that time is valid by the system's clock.
const START_S: i64 = 1_000_000_000;

/// A clock that goes on by what is waited for, at once.
#[derive(Clone)]
struct Jumping(Arc<AtomicI64>);

impl Jumping {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_S)))
    }

    fn source(&self) -> TimeSource {
        let clock = self.clone();
        TimeSource::new(move || clock.now())
    }
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }

    async fn wait(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap();
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

#[test]
fn a_request_is_ingested_found_signed_again_and_delivered_by_the_library_alone() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(one_request());
}

async fn one_request() {
    let place = Place::new();
    let clock = Jumping::new();
    let catalog = Catalog::embedded();
    let provider = catalog.provider("stripe").unwrap();
    let keys = FixedKeys {
        secrets: vec![Secret::new(SECRET)],
        verify_token: None,
    };
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(&place.path("library.db"), StoreOptions::default()).unwrap());

    // A receiver that verifies, stores and tells what came.
    let counts = Arc::new(IngestCounts::default());
    let ingest = Ingest::new(
        catalog.all().0,
        Arc::new(SignatureCheck {
            secrets: HashMap::from([(provider.name.clone(), keys.secrets.clone())]),
            ..SignatureCheck::default()
        }),
        counts.clone(),
        IngestOptions {
            store: Some(store.clone()),
            time: clock.source(),
            ..IngestOptions::default()
        },
    );
    let events_sender = Arc::new(EventSender::default());
    let events = events_sender.subscribe(None);
    let handler = Arc::new(IngestHandler::new(Arc::new(ingest), events_sender));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(serve(
        vec![listener],
        Limits::default(),
        None,
        handler,
        async {
            let _ = stopped.await;
        },
    ));

    // An event, signed at the clock's time, is delivered to it.
    let here = recipient(port);
    let options = ComposeOptions {
        now: Some(clock.now()),
        seed: Some(7),
        ..ComposeOptions::default()
    };
    let mut composer = Composer::new(&catalog, &keys, &options, &here);
    let name = "invoice.paid".parse().unwrap();
    let name = catalog.find(&name, Some("stripe")).unwrap();
    let request = composer.compose(&name).unwrap();
    let (sent, _) = deliver(&clock, &here, &request, None, &DeliveryOptions::default()).await;
    assert_eq!(sent.record.outcome, Outcome::Delivered);

    // Its event was published once it was committed.
    let IngestEvent::Ingested(ingested) = events.next_within(PATIENCE).unwrap() else {
        panic!("another event came first");
    };
    assert_eq!(ingested.status, 200);
    assert_eq!(ingested.capture.verdict, Verdict::Valid);
    assert_eq!(counts.stored(), 1);

    // It is found by what it is, byte for byte.
    let query = Query::All(vec![
        Query::Provider(Pattern::new("stripe")),
        Query::Event(Pattern::new("invoice.paid")),
        Query::Verdict(Verdict::Valid),
    ]);
    let page = store.captures(&query, PageRequest::newest(10)).await;
    let found = page.unwrap().rows;
    assert_eq!(found.len(), 1);
    let capture = store.capture(found[0].id).await.unwrap();
    assert_eq!(capture.id, ingested.capture.id);
    assert_eq!(capture.received_at, clock.now());
    assert_eq!(capture.request.body, request.request.body);

    // A day later it is signed again and delivered to a receiver that is down at first.
    clock.wait(Duration::from_secs(24 * 3600)).await;
    let busy =
        b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let done = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let application = Server::answering(&[busy, done]);
    let there = recipient(application.port);
    let options = ReplayOptions {
        resign: true,
        now: Some(clock.now()),
        ..ReplayOptions::default()
    };
    let replayed = Replayer::new(&catalog, &keys, &options, &there)
        .compose(capture.into())
        .unwrap();
    let options = DeliveryOptions {
        retries: Some(Retries::Policy),
        ..DeliveryOptions::default()
    };
    let before = clock.now();
    let (redone, steps) = deliver(&clock, &there, &replayed, Some(&*store), &options).await;
    assert_eq!(redone.record.outcome, Outcome::Delivered);
    assert_eq!(
        steps,
        ["1 begins", "1 ends", "2 begins", "2 ends", "settled"]
    );
    assert!(
        clock.now() > before,
        "the retry waited by the clock that was given"
    );

    // Each attempt was signed for its own time, and says so to nobody else.
    let first = application.request();
    let second = application.request();
    assert_eq!(first.body, second.body);
    assert!(is_valid(&provider, &first, before) && is_valid(&provider, &second, clock.now()));
    assert_ne!(
        first.header("stripe-signature"),
        second.header("stripe-signature")
    );

    // The delivery is on record, with both attempts.
    let delivery = store.delivery(redone.record.id).await.unwrap();
    assert_eq!(delivery.replay_of, Some(found[0].id));
    let statuses: Vec<u16> = delivery
        .attempts
        .iter()
        .map(|attempt| attempt.result.as_ref().unwrap().status)
        .collect();
    assert_eq!(statuses, [503, 200]);

    stop.send(()).unwrap();
    serving.await.unwrap();
    drop(store);
    assert!(
        !place
            .all_bytes()
            .windows(SECRET.len())
            .any(|at| at == SECRET.as_bytes())
    );
}

/// A receiver on this machine.
fn recipient(port: u16) -> Recipient {
    Recipient {
        destination: format!("http://127.0.0.1:{port}/hook").parse().unwrap(),
        endpoint: None,
        chosen_by_user: true,
        has_own_scheme: false,
        is_loopback: true,
    }
}

/// Makes one delivery, and says in which steps.
async fn deliver(
    clock: &Jumping,
    to: &Recipient,
    request: &PreparedRequest,
    store: Option<&dyn Store>,
    options: &DeliveryOptions,
) -> (Dispatched, Vec<String>) {
    let address = ([127, 0, 0, 1], to.destination.port()).into();
    let resolved = Resolved::known(to.destination.clone(), address);
    let client = Client::new(resolved, &ClientOptions::default()).unwrap();
    let steps = Mutex::new(Vec::new());
    let events = |event: DispatchEvent<'_>| {
        steps.lock().unwrap().push(match event {
            DispatchEvent::AttemptStarted { number, .. } => format!("{number} begins"),
            DispatchEvent::AttemptFinished { attempt, .. } => format!("{} ends", attempt.number),
            DispatchEvent::Settled { .. } => "settled".to_owned(),
        });
    };
    let gate = Gate::new(1, None);
    let random = fastrand::Rng::with_seed(7);
    let dispatcher = Dispatcher::new(
        &client,
        store,
        &gate,
        options,
        clock.clone(),
        random,
        &events,
    );
    let dispatched = dispatcher.dispatch(0, request).await.unwrap();
    (dispatched, steps.into_inner().unwrap())
}

/// Whether the signature holds at that time.
fn is_valid(provider: &Provider, sent: &crate::support::Sent, at: Timestamp) -> bool {
    let scheme = provider.signature.as_ref().unwrap();
    let mut headers = Headers::default();
    let signature = sent.header("stripe-signature").unwrap();
    headers.push("stripe-signature", signature);
    let envelope = Envelope {
        method: "POST",
        url: None,
        headers: &headers,
    };
    let secrets = [Secret::new(SECRET)];
    verify(scheme, &secrets, envelope, &sent.body, at).unwrap() == Verification::Valid
}

#[test]
fn what_is_stored_is_counted_told_and_expected_also_where_its_sender_has_gone() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let place = Place::new();
    runtime.block_on(async {
        let store = SqliteStore::open(&place.path("library.db"), StoreOptions::default()).unwrap();
        let expected = Arc::new(ExpectationTracker::new(&Expectations {
            max: Some(1),
            ..Expectations::default()
        }));
        let counts = Arc::new(IngestCounts::default());
        let ingest = Ingest::new(
            Vec::new(),
            Arc::default(),
            counts.clone(),
            IngestOptions {
                store: Some(Arc::new(store)),
                expectations: Some(expected.clone()),
                ..IngestOptions::default()
            },
        );
        let events_sender = Arc::new(EventSender::default());
        let events = events_sender.subscribe(None);
        let handler = IngestHandler::new(Arc::new(ingest), events_sender);
        let request = Request {
            method: "POST".to_owned(),
            target: "/hook".to_owned(),
            headers: Headers::default(),
            body: "{}".into(),
        };

        // The commit has begun, and nobody waits for the response any more.
        assert!(handler.take_in(request, None).now_or_never().is_none());
        let told = tokio::task::spawn_blocking(move || events.next_within(PATIENCE).unwrap());

        let IngestEvent::Ingested(ingested) = told.await.unwrap() else {
            panic!("another event came first");
        };
        assert_eq!(ingested.status, 0, "it was answered nothing");
        assert_eq!((counts.received(), counts.stored()), (1, 1));
        assert!(expected.is_settled());
    });
}

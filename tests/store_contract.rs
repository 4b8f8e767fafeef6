//! What every store does, whatever stands behind it: written against the trait, run through each backend.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use hookcli::model::{
    Attempt, Capture, CaptureSummary, Delivery, Destinations, Emulated, EmulatedRecord, Headers,
    Id, IdKind, KeptSecret, Outcome, Phases, RecordKey, RecordKind, RecordQuery, Reference,
    Request, Response, ResponseEnd, Secret, SentBy, TimeSource, Verdict, VerdictReason,
};
use hookcli::search::{self, Pattern, Query, Scope, Subject};
use hookcli::store::{
    Added, Changes, Cursor, EventPage, Excess, Incoming, Keep, LEASE, Location, Order, PageRequest,
    PostgresStore, SqliteStore, Store, StoreError, StoreEvent, StoreOptions, WantedForwards,
    WantedLane, rows,
};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::{Place, postgres};

/// 2023-11-14T22:13:20Z: by the clock of all that use a store.
const START_S: i64 = 1_700_000_000;

/// A kind of store. What is opened of one are users of the same store, each as if in a process of its own.
trait Backend {
    fn new() -> Self;
    fn open(&self, workspace: &str) -> Arc<dyn Store>;
    fn clock(&self) -> &AtomicI64;

    fn user(&self) -> Arc<dyn Store> {
        self.open("default")
    }

    fn advance(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap();
        self.clock().fetch_add(seconds, Relaxed);
    }
}

struct Sqlite {
    place: Place,
    clock: Arc<AtomicI64>,
}

impl Backend for Sqlite {
    fn new() -> Self {
        Self {
            place: Place::new(),
            clock: Arc::new(AtomicI64::new(START_S)),
        }
    }

    fn open(&self, workspace: &str) -> Arc<dyn Store> {
        let clock = self.clock.clone();
        let options = StoreOptions {
            workspace: workspace.to_owned(),
            time: TimeSource::new(move || Timestamp::from_second(clock.load(Relaxed)).unwrap()),
            ..StoreOptions::default()
        };
        Arc::new(SqliteStore::open(&self.place.path("contract.db"), options).unwrap())
    }

    fn clock(&self) -> &AtomicI64 {
        &self.clock
    }
}

/// A database of a server that the tests start.
struct Postgres {
    location: Location,
    clock: Arc<AtomicI64>,
}

impl Backend for Postgres {
    fn new() -> Self {
        Self {
            location: Location::parse(&postgres::server().database()).unwrap(),
            clock: Arc::new(AtomicI64::new(START_S)),
        }
    }

    fn open(&self, workspace: &str) -> Arc<dyn Store> {
        let clock = self.clock.clone();
        let options = StoreOptions {
            workspace: workspace.to_owned(),
            time: TimeSource::new(move || Timestamp::from_second(clock.load(Relaxed)).unwrap()),
            key: Some(Secret::new("a key of the tests, long enough")),
            ..StoreOptions::default()
        };
        Arc::new(PostgresStore::open(&self.location, options).unwrap())
    }

    fn clock(&self) -> &AtomicI64 {
        &self.clock
    }
}

/// A test for each sentence of the contract, in a module for each backend. That of PostgreSQL needs it installed: see
/// tests/shared/run.
macro_rules! contract {
    ($($sentence:ident),* $(,)?) => {
        mod shared {
            $(#[test]
            #[ignore = "needs PostgreSQL: tests/shared/run"]
            fn $sentence() {
                super::run(super::$sentence::<super::Postgres>);
            })*
        }

        mod sqlite {
            $(#[test]
            fn $sentence() {
                super::run(super::$sentence::<super::Sqlite>);
            })*
        }
    };
}

contract!(
    what_is_acknowledged_is_there_byte_for_byte,
    a_list_goes_on_where_its_page_ended_whatever_comes_meanwhile,
    a_query_finds_what_looking_at_each_would_find,
    what_is_kept_has_several_names,
    what_is_committed_later_is_told_later_whatever_its_own_time,
    who_follows_hears_of_everything_once_while_several_write,
    what_is_removed_hides_nothing_that_comes_after,
    who_follows_hears_of_removals_on_request,
    a_change_is_told_again_and_is_not_new,
    who_looks_back_begins_before_the_first_that_fits,
    a_delivery_is_one_holders_until_its_lease_runs_out,
    what_another_has_forwarded_meanwhile_is_not_delivered_twice,
    who_comes_back_late_overwrites_nothing,
    what_a_holder_left_behind_is_free_and_unknown,
    deliveries_that_are_due_are_shared_out_once,
    what_is_pending_is_shared_out_once_and_settled_with_its_delivery,
    what_is_forwarded_is_its_receivers_until_it_is_given_up,
    what_is_left_to_others_is_claimed_in_order_and_within_its_destinations_limit,
    what_is_put_off_waits_and_holds_nothing_else_up,
    what_is_owed_stands_before_nothing_that_may_go,
    workspaces_do_not_see_one_another,
    what_was_sent_of_a_capture_is_found_by_it,
    a_bound_says_what_it_would_remove_and_removes_that,
    who_stops_waiting_stops_the_reading,
    what_an_emulated_provider_keeps_is_there_until_it_is_removed,
    a_changed_subscription_is_seen_by_others_and_not_overwritten_by_them,
    what_a_provider_has_is_replaced_at_once,
    large_bodies_and_documents_come_one_by_one,
    a_queue_is_shared_out_once_and_within_what_is_wanted,
    what_a_subscription_takes_holds_over_all_who_work_at_it,
    an_attempt_that_was_cut_off_is_taken_up_once,
    what_is_still_to_be_delivered_to_a_removed_subscription_fails,
    time_brings_nearer_what_waits_for_it,
    what_there_is_is_counted_and_its_room_given_back,
);

fn run<B: Backend, F: Future<Output = ()>>(sentence: impl FnOnce(B) -> F) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(sentence(B::new()));
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(START_S + seconds).unwrap()
}

/// A capture that came so many seconds after the start.
fn capture(number: u64, seconds: i64) -> Capture {
    Capture {
        id: Id::capture(at(seconds), &mut fastrand::Rng::with_seed(number)),
        received_at: at(seconds),
        provider: Some("acme".to_owned()),
        candidates: Vec::new(),
        event: Some("made".into()),
        verdict: Verdict::Valid,
        reason: None,
        duplicate_of: None,
        same_id_changed: false,
        request: Request {
            method: "POST".to_owned(),
            target: "/hook".to_owned(),
            headers: Headers::new(),
            body: "{}".into(),
        },
        response_status: 200,
        response_headers: Headers::new(),
        response_body: Vec::new(),
        response_fault: None,
        sent_by: None,
        destinations: Destinations::default(),
        over_tls: false,
        endpoint: None,
        response_end: None,
        peer: None,
    }
}

fn pending(number: u64, seconds: i64, url: &str) -> Capture {
    Capture {
        destinations: Destinations::pending([url.to_owned()]),
        ..capture(number, seconds)
    }
}

fn delivery(number: u64, outcome: Outcome) -> Delivery {
    let started_at = at(i64::try_from(number).unwrap());
    Delivery {
        id: Id::delivery(started_at, &mut fastrand::Rng::with_seed(number)),
        started_at,
        provider: Some("acme".to_owned()),
        event: Some("made".into()),
        replay_of: None,
        faults: Vec::new(),
        wanted: None,
        speed: 1.0,
        endpoint: None,
        signed: true,
        url: "http://app/".to_owned(),
        outcome,
        failure: None,
        request: capture(number, 0).request,
        attempts: Vec::new(),
        next_attempt_at: None,
        emulated: None,
        worker: None,
    }
}

fn attempt(number: u32, status: u16) -> Attempt {
    Attempt {
        number,
        started_at: at(i64::from(number)),
        duration: Duration::from_millis(7),
        phases: Phases::default(),
        result: Ok(Response {
            status,
            headers: Headers::new(),
            body: "answer".into(),
            truncated: false,
        }),
    }
}

/// What becomes of a delivery with its next attempt.
fn after_attempt(before: &Delivery, status: u16, outcome: Outcome) -> Delivery {
    let mut after = before.clone();
    let number = u32::try_from(after.attempts.len()).unwrap() + 1;
    after.attempts.push(attempt(number, status));
    after.outcome = outcome;
    after
}

async fn keep(store: &dyn Store, capture: Capture) {
    let ack = store.keep(Arc::new(capture).into()).unwrap();
    ack.await.unwrap().unwrap();
}

async fn all(store: &dyn Store, query: &Query, order: Order) -> Vec<CaptureSummary> {
    let read = async |page| store.captures(query, page).await;
    rows(order, None, read).try_collect().await.unwrap()
}

async fn ids(store: &dyn Store, query: &Query) -> Vec<Id> {
    let found = all(store, query, Order::OldestFirst).await;
    found.into_iter().map(|row| row.id).collect()
}

/// What happened behind a cursor, in pages of that many.
async fn follow(
    store: &dyn Store,
    from: Option<Cursor>,
    limit: usize,
) -> (Vec<StoreEvent>, Cursor) {
    let mut events = Vec::new();
    let mut cursor = from;
    loop {
        let page = store.events_after(cursor.as_ref(), limit).await.unwrap();
        let EventPage {
            events: some, next, ..
        } = page;
        events.extend(some);
        if cursor.as_ref() == Some(&next) {
            return (events, next);
        }
        cursor = Some(next);
    }
}

/// The ids of captures that are told as new.
fn new_captures(events: &[StoreEvent]) -> Vec<Id> {
    let new = |event: &StoreEvent| match event {
        StoreEvent::Capture {
            capture,
            is_new: true,
        } => Some(capture.id),
        _ => None,
    };
    events.iter().filter_map(new).collect()
}

async fn what_is_acknowledged_is_there_byte_for_byte<B: Backend>(backend: B) {
    let store = backend.user();
    let mut headers = Headers::new();
    for (name, value) in [
        ("x-twice", &b"first"[..]),
        ("content-type", b"text/plain"),
        ("x-twice", b"second: \xff\xfe"),
        ("x-empty", b""),
    ] {
        headers.push(name, value);
    }
    let every_byte: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let kept = Capture {
        candidates: vec!["one".to_owned(), "other".to_owned()],
        verdict: Verdict::Invalid,
        reason: Some(VerdictReason::Imported),
        duplicate_of: Some(capture(7, -9).id),
        same_id_changed: true,
        request: Request {
            method: "PUT".to_owned(),
            target: "/a?b=%20\u{e9}".to_owned(),
            headers,
            body: every_byte.into(),
        },
        response_status: 401,
        response_headers: [("x-said", &b"no"[..])].into_iter().collect(),
        response_body: b"\0no\n".to_vec(),
        response_fault: Some("slow-body=7".parse().unwrap()),
        sent_by: Some(SentBy::WebPage),
        destinations: Destinations::pending(["http://a/".to_owned(), "http://b/c".to_owned()]),
        over_tls: true,
        endpoint: Some("orders".to_owned()),
        response_end: Some(ResponseEnd::ClientLeft),
        peer: Some("[::1]:4711".parse().unwrap()),
        ..capture(1, 5)
    };
    keep(&*store, kept.clone()).await;
    let bare = Capture {
        provider: None,
        event: None,
        ..capture(2, 6)
    };
    store.import(vec![bare.clone()]).await.unwrap();
    for user in [&store, &backend.user()] {
        assert_eq!(user.capture(kept.id).await.unwrap(), kept);
        assert_eq!(user.capture(bare.id).await.unwrap(), bare);
    }
    let sent = Delivery {
        replay_of: Some(kept.id),
        endpoint: Some("staging".to_owned()),
        speed: 60.0,
        failure: Some("answered 500".into()),
        request: kept.request.clone(),
        ..after_attempt(&delivery(1, Outcome::Failed), 500, Outcome::Failed)
    };
    store.record(&sent, 0, None).await.unwrap();
    assert_eq!(backend.user().delivery(sent.id).await.unwrap(), sent);
}

async fn a_list_goes_on_where_its_page_ended_whatever_comes_meanwhile<B: Backend>(backend: B) {
    let store = backend.user();
    // Ten a second: many share their time.
    let kept: Vec<Capture> = (0..100)
        .map(|number| capture(number, number as i64 / 10))
        .collect();
    store.import(kept.clone()).await.unwrap();
    let kept: Vec<Id> = kept.iter().map(|capture| capture.id).collect();
    for query in [Query::default(), Query::Provider(Pattern::new("acme"))] {
        for order in [Order::NewestFirst, Order::OldestFirst] {
            let mut found = Vec::new();
            let mut page = PageRequest {
                order,
                after: None,
                limit: 7,
            };
            loop {
                let part = store.captures(&query, page.clone()).await.unwrap();
                assert!(part.rows.len() <= 7);
                found.extend(part.rows.iter().map(|row| row.id));
                let Some(next) = part.next else { break };
                page.after = Some(next);
                // What comes or goes meanwhile moves nothing.
                let newer = capture(1000 + found.len() as u64, 1000);
                store.import(vec![newer.clone()]).await.unwrap();
                store.remove(&[newer.id]).await.unwrap();
            }
            let mut expected = kept.clone();
            if order == Order::NewestFirst {
                expected.reverse();
            }
            assert_eq!(found, expected, "{order:?}");
        }
    }
    let none = store
        .captures(&Query::default(), PageRequest::newest(0))
        .await;
    assert!(none.unwrap().rows.is_empty());
}

/// Terms that fit some of what [`varied`] makes.
const TERMS: &[&str] = &[
    "provider:acme",
    "provider:other,nobody",
    "provider:a*",
    "event:made",
    "event:*o*",
    "event:acme/gone",
    "verdict:valid",
    "verdict:invalid,missing",
    "status:4xx",
    "status:200..",
    "status:none",
    "status:..404",
    "size:>20",
    "size:..19",
    "method:get",
    "path:/hook*",
    "path:/other?x=[1]",
    "is:duplicate",
    "is:same_id_changed",
    "is:pending",
    "is:tls",
    "is:from_web_page",
    "is:not_received",
    "endpoint:orders",
    "endpoint:o*",
    "has:header:x-kind",
    "header.X-Kind:b",
    "header.x-kind:1..",
    "has:body:data.amount",
    "body.data.amount:>100",
    "body.data.amount:50",
    "body.data.name:ja*",
    "JANE",
    "text:x-kind",
    "/other",
];

/// Queries of any shape over what [`varied`] makes.
fn queries() -> impl Strategy<Value = Query> {
    let leaf = prop_oneof![
        8 => prop::sample::select(TERMS).prop_map(read),
        1 => Just(Query::Outcome(Outcome::Failed)),
        2 => (-1..22_i64).prop_map(|seconds| Query::Since(at(seconds))),
        2 => (-1..22_i64).prop_map(|seconds| Query::Until(at(seconds))),
        1 => (0..40_u64).prop_map(|number| Query::Id(varied(number).id)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Query::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Query::Any),
            inner.prop_map(|one| Query::Not(Box::new(one))),
        ]
    })
}

fn read(text: &str) -> Query {
    search::parse(text, Scope::Captures, at(0)).unwrap()
}

fn varied(number: u64) -> Capture {
    let seconds = number as i64 % 20;
    let one = capture(number, seconds);
    let index = number as usize;
    let mut headers = Headers::new();
    if index % 4 == 1 {
        headers.push("x-kind", ["a", "b", "7"][index / 4 % 3]);
    }
    let body = match index % 7 {
        0 => "not json, Jane".to_owned(),
        1 => r#"{"data":{"name":"jane"}}"#.to_owned(),
        _ => format!(r#"{{"data":{{"amount":{}}}}}"#, index % 11 * 25),
    };
    Capture {
        provider: [Some("acme"), Some("other"), None][index % 3].map(str::to_owned),
        event: Some(["made", "gone"][index / 3 % 2].into()),
        verdict: [Verdict::Valid, Verdict::Invalid][index / 6 % 2],
        destinations: match number % 5 {
            0 => Destinations::pending(["http://a/".to_owned()]),
            _ => Destinations::default(),
        },
        duplicate_of: (index % 6 == 5).then(|| capture(number / 2, seconds).id),
        same_id_changed: index % 12 == 5,
        response_status: [200, 404, 503, 0][index / 2 % 4],
        sent_by: (index % 10 == 3).then_some(SentBy::WebPage),
        over_tls: index % 8 == 2,
        endpoint: (index % 4 == 1).then(|| "orders".to_owned()),
        response_end: (index % 9 == 4).then_some(ResponseEnd::NotRead),
        request: Request {
            method: ["POST", "GET"][index / 5 % 2].to_owned(),
            target: ["/hook", "/hook/2", "/other?x=[1]"][index / 2 % 3].to_owned(),
            headers,
            body: body.into(),
        },
        ..one
    }
}

fn fits(query: &Query, capture: &Capture) -> bool {
    query.fits(&Subject::from(capture))
}

async fn a_query_finds_what_looking_at_each_would_find<B: Backend>(backend: B) {
    let store = backend.user();
    let kept: Vec<Capture> = (0..120).map(varied).collect();
    for some in kept.chunks(30) {
        store.import(some.to_vec()).await.unwrap();
    }
    let removed = [3, 50, 119].map(|index: usize| kept[index].id);
    assert_eq!(store.remove(&removed).await.unwrap(), 3);
    let kept: Vec<Capture> = kept
        .into_iter()
        .filter(|capture| !removed.contains(&capture.id))
        .collect();
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let query = queries().new_tree(&mut runner).unwrap().current();
        let found: BTreeSet<Id> = ids(&*store, &query).await.into_iter().collect();
        let fitting = kept.iter().filter(|capture| fits(&query, capture));
        let expected: BTreeSet<Id> = fitting.map(|capture| capture.id).collect();
        assert_eq!(found, expected, "{query:?}");
    }
    // Each by itself finds some and not all.
    for text in TERMS {
        let found = ids(&*store, &read(text)).await.len();
        assert!((1..kept.len()).contains(&found), "{text}: {found}");
    }
    // Hundreds of conditions are no deeper than a few.
    let many: Vec<Query> = kept.iter().map(|capture| Query::Id(capture.id)).collect();
    let many = Query::Any(many.iter().cycle().take(2000).cloned().collect());
    assert_eq!(ids(&*store, &many).await.len(), kept.len());
}

async fn what_is_kept_has_several_names<B: Backend>(backend: B) {
    let store = backend.user();
    let named = |word: &str| word.parse::<Reference>().unwrap();
    let none = store.find(IdKind::Capture, &named("last")).await;
    assert!(matches!(none, Err(StoreError::Empty("capture"))));
    let kept: Vec<Capture> = (0..5)
        .map(|number| capture(number, number as i64))
        .collect();
    store.import(kept.clone()).await.unwrap();
    let find = async |word: &str| store.find(IdKind::Capture, &named(word)).await;
    assert_eq!(find("last").await.unwrap(), kept[4].id);
    assert_eq!(find("last~4").await.unwrap(), kept[0].id);
    assert!(matches!(
        find("last~5").await,
        Err(StoreError::NotFound { .. })
    ));
    let whole = kept[2].id.to_string();
    assert_eq!(find(&whole).await.unwrap(), kept[2].id);
    assert_eq!(find(&whole[whole.len() - 6..]).await.unwrap(), kept[2].id);
    assert!(matches!(
        find("cap_01").await,
        Err(StoreError::Ambiguous { .. })
    ));
    let other = store.find(IdKind::Delivery, &named("last")).await;
    assert!(matches!(other, Err(StoreError::Empty("delivery"))));
    let gone = store.capture(capture(77, 1).id).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })));
}

async fn what_is_committed_later_is_told_later_whatever_its_own_time<B: Backend>(backend: B) {
    let (one, other) = (backend.user(), backend.user());
    let newest = capture(1, 1000);
    keep(&*one, newest.clone()).await;
    let (events, cursor) = follow(&*one, None, 10).await;
    assert_eq!(new_captures(&events), [newest.id]);
    // An import of what is older, by another process.
    let old: Vec<Capture> = (2..12).map(|number| capture(number, -5000)).collect();
    other.import(old.clone()).await.unwrap();
    let middle = capture(20, 500);
    keep(&*other, middle.clone()).await;
    for limit in [1, 3, 100] {
        let (events, _) = follow(&*one, Some(cursor.clone()), limit).await;
        let expected: Vec<Id> = old.iter().chain([&middle]).map(|row| row.id).collect();
        assert_eq!(new_captures(&events), expected, "in pages of {limit}");
    }
}

async fn who_follows_hears_of_everything_once_while_several_write<B: Backend>(backend: B) {
    const EACH: u64 = 150;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4_u64 {
        let store = backend.user();
        writers.spawn(async move {
            let mut own = Vec::new();
            for number in 0..EACH {
                let number = writer * EACH + number;
                // Each has its own idea of the time.
                let one = capture(number, (number as i64 * 37) % 1000 - 500);
                own.push(one.id);
                match number % 3 {
                    0 => store.import(vec![one]).await.unwrap(),
                    _ => keep(&*store, one).await,
                }
                if number.is_multiple_of(7) {
                    let sent = delivery(number, Outcome::Delivered);
                    store.record(&sent, 0, None).await.unwrap();
                }
            }
            own
        });
    }
    let store = backend.user();
    let mut told = Vec::new();
    let mut written = BTreeSet::new();
    let mut cursor = None;
    loop {
        let are_done = writers.is_empty();
        let (events, next) = follow(&*store, cursor, 13).await;
        told.extend(new_captures(&events));
        cursor = Some(next);
        if are_done {
            break;
        }
        while let Some(own) = writers.try_join_next() {
            written.extend(own.unwrap());
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(written.len(), 4 * EACH as usize);
    assert_eq!(told.len(), written.len(), "each is told once");
    assert_eq!(told.into_iter().collect::<BTreeSet<Id>>(), written);
}

async fn what_is_removed_hides_nothing_that_comes_after<B: Backend>(backend: B) {
    let (store, other) = (backend.user(), backend.user());
    let mut cursor = store.newest_event().await.unwrap();
    for number in 0..6 {
        let removed = capture(number, 1);
        keep(&*store, removed.clone()).await;
        let (events, next) = follow(&*store, Some(cursor), 10).await;
        assert_eq!(new_captures(&events), [removed.id]);
        cursor = next;
        // The newest goes, and with it the last that says how far the numbers are.
        let remover = if number.is_multiple_of(2) {
            &store
        } else {
            &other
        };
        assert_eq!(remover.remove(&[removed.id]).await.unwrap(), 1);
    }
    assert!(follow(&*store, None, 10).await.0.is_empty());
}

async fn who_follows_hears_of_removals_on_request<B: Backend>(backend: B) {
    let (store, other) = (backend.user(), backend.user());
    let many: Vec<Capture> = (0..30).map(|number| capture(number, 1)).collect();
    store.import(many.clone()).await.unwrap();
    let cursor = store.newest_event().await.unwrap();
    let hears = async |cursor: &Cursor| {
        let page = store.events_after(Some(cursor), 10).await.unwrap();
        (page.has_removals, page.next)
    };
    let (heard, cursor) = hears(&cursor).await;
    assert!(!heard);
    assert_eq!(other.remove(&[capture(99, 9).id]).await.unwrap(), 0);
    assert!(!hears(&cursor).await.0, "nothing was there to remove");
    assert_eq!(other.remove(&[many[3].id]).await.unwrap(), 1);
    let (heard, next) = hears(&cursor).await;
    assert!(heard);
    assert!(!hears(&next).await.0, "once");
    other.prune(Keep::Count(20)).await.unwrap();
    assert!(hears(&next).await.0);
    assert!(hears(&cursor).await.0, "who was away hears of it, too");
}

async fn a_change_is_told_again_and_is_not_new<B: Backend>(backend: B) {
    let store = backend.user();
    let forwarded = pending(1, 1, "http://app/");
    keep(&*store, forwarded.clone()).await;
    let (_, cursor) = follow(&*store, None, 10).await;
    store.answered(forwarded.id, 418).await.unwrap();
    let left = ResponseEnd::ClientLeft;
    store.response_ended(forwarded.id, left).await.unwrap();
    let begun = delivery(3, Outcome::Pending);
    store.begin(&begun, at(3), None).await.unwrap();
    let (events, cursor) = follow(&*store, Some(cursor), 10).await;
    let [
        StoreEvent::Capture {
            capture: changed,
            is_new: false,
        },
        StoreEvent::Delivery {
            delivery: new,
            is_new: true,
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((changed.id, changed.status), (forwarded.id, 418));
    assert_eq!((new.id, new.outcome), (begun.id, Outcome::Unknown));
    let ended = after_attempt(&begun, 200, Outcome::Delivered);
    store.record(&ended, 0, None).await.unwrap();
    let (events, _) = follow(&*store, Some(cursor), 10).await;
    let [
        StoreEvent::Delivery {
            delivery: changed,
            is_new: false,
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(
        (changed.outcome, changed.status),
        (Outcome::Delivered, Some(200))
    );
}

async fn who_looks_back_begins_before_the_first_that_fits<B: Backend>(backend: B) {
    let store = backend.user();
    let all: Vec<Capture> = (0..10)
        .map(|number| capture(number, number as i64 * 10))
        .collect();
    for one in &all {
        keep(&*store, one.clone()).await;
    }
    let since = store.cursor_before(&Query::Since(at(65))).await.unwrap();
    let (events, _) = follow(&*store, Some(since), 2).await;
    let expected: Vec<Id> = all[7..].iter().map(|capture| capture.id).collect();
    assert_eq!(new_captures(&events), expected);
    let none = store.cursor_before(&Query::Since(at(1000))).await.unwrap();
    assert!(follow(&*store, Some(none), 2).await.0.is_empty());
}

async fn a_delivery_is_one_holders_until_its_lease_runs_out<B: Backend>(backend: B) {
    let (one, other) = (backend.user(), backend.user());
    let begun = delivery(1, Outcome::Pending);
    assert_eq!(one.begin(&begun, at(1), None).await.unwrap(), 1);
    let taken = other.begin(&begun, at(2), None).await;
    assert!(matches!(taken, Err(StoreError::Taken(_))), "{taken:?}");
    assert!(other.claim(&Query::default(), 10).await.unwrap().is_empty());
    let seen = other.delivery(begun.id).await.unwrap();
    assert_eq!(seen.worker, Some(std::process::id()));
    assert_eq!(seen.outcome, Outcome::Unknown, "the attempt may be made");
    // Its holder goes on: that renews the lease.
    backend.advance(LEASE / 2);
    let waiting = Delivery {
        next_attempt_at: Some(at(100)),
        ..after_attempt(&begun, 503, Outcome::Pending)
    };
    one.record(&waiting, 0, None).await.unwrap();
    backend.advance(LEASE * 2 / 3);
    assert!(other.claim(&Query::default(), 10).await.unwrap().is_empty());
    assert_eq!(one.begin(&waiting, at(9), None).await.unwrap(), 2);
    // Nothing is heard of it for too long.
    backend.advance(LEASE + Duration::from_secs(1));
    assert_eq!(
        other.delivery(begun.id).await.unwrap().outcome,
        Outcome::Unknown
    );
    assert_eq!(
        other.claim(&Query::default(), 10).await.unwrap(),
        [begun.id]
    );
    let now = other.delivery(begun.id).await.unwrap();
    assert_eq!(other.begin(&now, at(200), None).await.unwrap(), 3);
    let taken = one.begin(&waiting, at(201), None).await;
    assert!(matches!(taken, Err(StoreError::Taken(_))), "{taken:?}");
}

async fn what_another_has_forwarded_meanwhile_is_not_delivered_twice<B: Backend>(backend: B) {
    let (late, other) = (backend.user(), backend.user());
    let id = leave(&*late, pending(9, 9, "http://a/")).await;
    let sent = |number| Delivery {
        replay_of: Some(id),
        url: "http://a/".to_owned(),
        ..delivery(number, Outcome::Pending)
    };
    forwards(&late, "http://a/", (1, 1)).await;
    late.begin(&sent(8), at(1), Some("http://a/"))
        .await
        .unwrap();
    backend.advance(LEASE + Duration::from_secs(1));
    assert_eq!(forwards(&other, "http://a/", (1, 1)).await, [id]);
    other
        .begin(&sent(9), at(2), Some("http://a/"))
        .await
        .unwrap();
    let done = |number| after_attempt(&sent(number), 200, Outcome::Delivered);
    other.record(&done(9), 0, Some("http://a/")).await.unwrap();
    let refused = late.record(&done(8), 0, Some("http://a/")).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    let unknown = other.delivery(sent(8).id).await.unwrap();
    assert_eq!(unknown.outcome, Outcome::Unknown);
}

async fn who_comes_back_late_overwrites_nothing<B: Backend>(backend: B) {
    let (late, other) = (backend.user(), backend.user());
    let begun = delivery(1, Outcome::Pending);
    late.begin(&begun, at(1), None).await.unwrap();
    backend.advance(LEASE + Duration::from_secs(1));
    assert_eq!(
        other.claim(&Query::default(), 10).await.unwrap(),
        [begun.id]
    );
    let failed = after_attempt(&begun, 500, Outcome::Failed);
    // While the other is at it, and after it is done.
    let refused = late.record(&failed, 0, None).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    let taken_over = other.delivery(begun.id).await.unwrap();
    other.begin(&taken_over, at(90), None).await.unwrap();
    let mut done = other.delivery(begun.id).await.unwrap();
    done.attempts[1] = attempt(2, 200);
    done.outcome = Outcome::Delivered;
    other.record(&done, 1, None).await.unwrap();
    let refused = late.record(&failed, 0, None).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    let kept = backend.user().delivery(begun.id).await.unwrap();
    assert_eq!(kept.outcome, Outcome::Delivered);
    assert_eq!(
        kept.attempts.len(),
        2,
        "one of which nothing is known, and one"
    );
    // Where nobody took over, what comes late is what is known.
    let alone = delivery(5, Outcome::Pending);
    late.begin(&alone, at(100), None).await.unwrap();
    backend.advance(LEASE + Duration::from_secs(1));
    let ended = after_attempt(&alone, 200, Outcome::Delivered);
    late.record(&ended, 0, None).await.unwrap();
    assert_eq!(
        other.delivery(alone.id).await.unwrap().outcome,
        Outcome::Delivered
    );
}

async fn what_a_holder_left_behind_is_free_and_unknown<B: Backend>(backend: B) {
    let begun = delivery(1, Outcome::Pending);
    let gone = backend.user();
    gone.begin(&begun, at(1), None).await.unwrap();
    drop(gone);
    let store = backend.user();
    let left = store.delivery(begun.id).await.unwrap();
    assert_eq!((left.outcome, left.worker), (Outcome::Unknown, None));
    assert_eq!(left.attempts.len(), 1, "the attempt may have been made");
    let unknown = Query::Outcome(Outcome::Unknown);
    assert_eq!(store.claim(&unknown, 10).await.unwrap(), [begun.id]);
    // Its number is not used again.
    assert_eq!(store.begin(&left, at(2), None).await.unwrap(), 2);
    // What is given back is anybody's.
    let failed = delivery(9, Outcome::Failed);
    store.record(&failed, 0, None).await.unwrap();
    let query = Query::Id(failed.id);
    assert_eq!(store.claim(&query, 1).await.unwrap(), [failed.id]);
    let other = backend.user();
    assert!(other.claim(&query, 1).await.unwrap().is_empty());
    store.release(&[failed.id]).await.unwrap();
    assert_eq!(other.claim(&query, 1).await.unwrap(), [failed.id]);
}

async fn deliveries_that_are_due_are_shared_out_once<B: Backend>(backend: B) {
    let store = backend.user();
    for number in 0..40_u64 {
        let waiting = Delivery {
            next_attempt_at: Some(at(number as i64)),
            ..after_attempt(&delivery(number, Outcome::Pending), 503, Outcome::Pending)
        };
        store.record(&waiting, 0, None).await.unwrap();
        let kept = store.delivery(waiting.id).await.unwrap();
        assert_eq!(kept.next_attempt_at, waiting.next_attempt_at);
    }
    drop(store);
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let worker = backend.user();
        workers.spawn(async move {
            let mut own = Vec::new();
            loop {
                let some = worker.claim(&Query::DueAt(at(29)), 3).await.unwrap();
                if some.is_empty() {
                    return (own, worker);
                }
                assert!(some.len() <= 3);
                for id in some {
                    let record = worker.delivery(id).await.unwrap();
                    worker.begin(&record, at(30), None).await.unwrap();
                    let done = after_attempt(&record, 200, Outcome::Delivered);
                    worker.record(&done, 1, None).await.unwrap();
                    own.push(id);
                }
            }
        });
    }
    let mut claimed = Vec::new();
    while let Some(worker) = workers.join_next().await {
        claimed.extend(worker.unwrap().0);
    }
    assert_eq!(claimed.len(), 30, "those that are due, each once");
    claimed.sort();
    claimed.dedup();
    assert_eq!(claimed.len(), 30);
}

async fn what_is_pending_is_shared_out_once_and_settled_with_its_delivery<B: Backend>(backend: B) {
    let (one, other) = (backend.user(), backend.user());
    let both = ["http://a/".to_owned(), "http://b/".to_owned()];
    let kept: Vec<Capture> = (0..10)
        .map(|number| Capture {
            destinations: Destinations::pending(both.clone()),
            ..capture(number, number as i64)
        })
        .collect();
    one.import(kept.clone()).await.unwrap();
    let everything = Query::default();
    let first = one.claim_pending("http://a", &everything, 4).await.unwrap();
    let rest = other
        .claim_pending("http://a/", &everything, 99)
        .await
        .unwrap();
    let expected: Vec<Id> = kept.iter().map(|capture| capture.id).collect();
    assert_eq!([first.clone(), rest].concat(), expected);
    assert!(
        one.claim_pending("http://c/", &everything, 9)
            .await
            .unwrap()
            .is_empty()
    );

    let sent = Delivery {
        replay_of: Some(first[0]),
        url: "http://a/".to_owned(),
        ..delivery(1, Outcome::Pending)
    };
    // Who does not have the capture does not send it.
    let refused = other.begin(&sent, at(1), Some("http://a/")).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    one.begin(&sent, at(1), Some("http://a/")).await.unwrap();
    let done = after_attempt(&sent, 200, Outcome::Delivered);
    one.record(&done, 0, Some("http://a/")).await.unwrap();
    let settled = one.capture(first[0]).await.unwrap().destinations;
    assert_eq!(settled.pending_urls().collect::<Vec<_>>(), ["http://b/"]);
    let again = Delivery {
        replay_of: Some(first[0]),
        ..delivery(2, Outcome::Pending)
    };
    let refused = one.begin(&again, at(2), Some("http://a/")).await;
    assert!(
        matches!(refused, Err(StoreError::Taken(_))),
        "it has it: {refused:?}"
    );
    let counts: BTreeMap<String, u64> = one
        .pending()
        .await
        .unwrap()
        .into_iter()
        .map(|at| (at.url, at.captures))
        .collect();
    assert_eq!(
        counts,
        BTreeMap::from([(both[0].clone(), 9), (both[1].clone(), 10)])
    );
    assert_eq!(one.discard_pending("http://b").await.unwrap(), 10);
    assert_eq!(ids(&*other, &Query::Pending).await.len(), 9);
}

/// A capture that whoever claims it forwards.
async fn leave(store: &dyn Store, capture: Capture) -> Id {
    let id = capture.id;
    let incoming = Incoming {
        is_left: true,
        ..Arc::new(capture).into()
    };
    store.keep(incoming).unwrap().await.unwrap().unwrap();
    id
}

/// Captures for a destination, so many at most and under way at one time.
async fn forwards(
    store: &Arc<dyn Store>,
    destination: &str,
    (most, at_once): (usize, usize),
) -> Vec<Id> {
    let wanted = WantedForwards {
        most,
        at_once,
        is_ordered: false,
    };
    store.claim_forwards(destination, wanted).await.unwrap()
}

async fn what_is_left_to_others_is_claimed_in_order_and_within_its_destinations_limit<
    B: Backend,
>(
    backend: B,
) {
    let (one, other) = (backend.user(), backend.user());
    let mut all = Vec::new();
    for number in 0..6 {
        let url = if number == 2 {
            "http://b/"
        } else {
            "http://a/"
        };
        all.push(leave(&*one, pending(number, number as i64, url)).await);
    }
    let a = "http://a/";
    assert_eq!(forwards(&one, a, (9, 2)).await, [all[0], all[1]]);
    assert!(forwards(&other, "http://a", (9, 2)).await.is_empty());
    assert_eq!(forwards(&other, a, (9, 3)).await, [all[3]]);
    assert_eq!(forwards(&other, "http://b/", (9, 1)).await, [all[2]]);
    // Not even what it has itself is claimed again; nor does someone else send all that is pending.
    assert!(forwards(&one, a, (9, 3)).await.is_empty());
    let rest = other.claim_pending(a, &Query::default(), 9).await.unwrap();
    assert_eq!(rest, [all[3], all[4], all[5]]);
    other.release(&rest).await.unwrap();
    let sent = Delivery {
        replay_of: Some(all[0]),
        url: a.to_owned(),
        ..delivery(1, Outcome::Pending)
    };
    let refused = other.begin(&sent, at(1), Some(a)).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    one.begin(&sent, at(1), Some(a)).await.unwrap();
    let done = after_attempt(&sent, 200, Outcome::Delivered);
    one.record(&done, 0, Some(a)).await.unwrap();
    assert_eq!(forwards(&other, a, (9, 3)).await, [all[4]]);
    one.give_back(all[1], a, None).await.unwrap();
    assert_eq!(forwards(&other, a, (9, 3)).await, [all[1]]);
    // Who is gone leaves all it had.
    drop(other);
    assert_eq!(forwards(&one, a, (2, 9)).await, [all[1], all[3]]);
    assert_eq!(forwards(&one, a, (9, 9)).await, [all[4], all[5]]);
}

async fn what_is_owed_stands_before_nothing_that_may_go<B: Backend>(backend: B) {
    let store = backend.user();
    store.keep_pending(&["http://a/".to_owned()]).await.unwrap();
    let owed = (0..1100).map(|number| pending(number, number as i64, "http://a/"));
    store.import(owed.collect()).await.unwrap();
    let others = (1100..1105).map(|number| pending(number, number as i64, "http://c/"));
    store.import(others.collect()).await.unwrap();
    let gone = store.prune(Keep::Count(1102)).await.unwrap();
    assert_eq!((gone.captures, gone.pending), (3, 3));
    let left: BTreeMap<String, u64> = store
        .pending()
        .await
        .unwrap()
        .into_iter()
        .map(|at| (at.url, at.captures))
        .collect();
    assert_eq!(left["http://a/"], 1100);
    assert_eq!(left["http://c/"], 2);
}

async fn what_is_put_off_waits_and_holds_nothing_else_up<B: Backend>(backend: B) {
    let (one, other) = (backend.user(), backend.user());
    let (a, b) = ("http://a/", "http://b/");
    let both = |number| Capture {
        destinations: Destinations::pending([a.to_owned(), b.to_owned()]),
        ..capture(number, number as i64)
    };
    let all = [leave(&*one, both(1)).await, leave(&*one, both(2)).await];
    let until = Some(Timestamp::from_second(START_S + 10).unwrap());
    assert_eq!(forwards(&one, a, (1, 9)).await, all[..1]);
    one.give_back(all[0], a, until).await.unwrap();
    // It is still pending, for whoever sends all that is, and each destination has its own turn.
    assert_eq!(ids(&*other, &Query::Pending).await.len(), 2);
    assert_eq!(forwards(&other, b, (9, 9)).await, all);
    assert_eq!(forwards(&other, a, (9, 9)).await, all[1..]);
    // Only where the order counts, nothing goes before it.
    let ordered = WantedForwards {
        most: 9,
        at_once: 9,
        is_ordered: true,
    };
    other.give_back(all[1], a, None).await.unwrap();
    assert!(other.claim_forwards(a, ordered).await.unwrap().is_empty());
    assert_eq!(forwards(&other, a, (9, 9)).await, all[1..]);
    // One of which it has lost sight is given back with all else.
    let under_way = [(all[1], a.to_owned())];
    other.give_back_all_but(&under_way).await.unwrap();
    assert!(forwards(&one, a, (9, 9)).await.is_empty());
    assert_eq!(forwards(&one, b, (9, 9)).await, all);
    other.give_back_all_but(&[]).await.unwrap();
    backend.advance(Duration::from_secs(11));
    assert_eq!(other.claim_forwards(a, ordered).await.unwrap(), all);
}

async fn what_is_forwarded_is_its_receivers_until_it_is_given_up<B: Backend>(backend: B) {
    let (listener, replayer) = (backend.user(), backend.user());
    let live = pending(1, 1, "http://app/");
    keep(&*listener, live.clone()).await;
    let claim = async || {
        let query = Query::default();
        replayer
            .claim_pending("http://app/", &query, 9)
            .await
            .unwrap()
    };
    assert!(
        claim().await.is_empty(),
        "the listener is about to send it on"
    );
    listener.release(&[live.id]).await.unwrap();
    assert_eq!(claim().await, [live.id], "it could not");
    // And where the listener is gone.
    let left = pending(2, 2, "http://app/");
    keep(&*listener, left.clone()).await;
    drop(listener);
    assert_eq!(claim().await, [live.id, left.id]);
}

async fn workspaces_do_not_see_one_another<B: Backend>(backend: B) {
    let (ours, theirs) = (backend.user(), backend.open("theirs"));
    let (own, foreign) = (pending(1, 1, "http://a/"), pending(2, 2, "http://a/"));
    ours.import(vec![own.clone()]).await.unwrap();
    theirs.import(vec![foreign.clone()]).await.unwrap();
    let sent = delivery(3, Outcome::Failed);
    theirs.record(&sent, 0, None).await.unwrap();
    for query in [
        Query::default(),
        Query::Pending,
        Query::Provider(Pattern::new("acme")),
        Query::Not(Box::new(Query::Event(Pattern::new("gone")))),
    ] {
        assert_eq!(ids(&*ours, &query).await, [own.id], "{query:?}");
        assert_eq!(ids(&*theirs, &query).await, [foreign.id], "{query:?}");
    }
    let last = Reference::Last(0);
    assert_eq!(ours.find(IdKind::Capture, &last).await.unwrap(), own.id);
    let whole = Reference::Part(foreign.id.ulid.to_string());
    assert!(ours.find(IdKind::Capture, &whole).await.is_err());
    assert!(ours.capture(foreign.id).await.is_err());
    assert!(ours.delivery(sent.id).await.is_err());
    assert!(ours.claim(&Query::default(), 9).await.unwrap().is_empty());
    assert_eq!(ours.pending().await.unwrap()[0].captures, 1);
    let claimed = ours.claim_pending("http://a/", &Query::default(), 9).await;
    assert_eq!(claimed.unwrap(), [own.id]);
    let (events, _) = follow(&*ours, None, 1).await;
    assert_eq!(new_captures(&events), [own.id]);
    assert_eq!(events.len(), 1);
}

async fn what_was_sent_of_a_capture_is_found_by_it<B: Backend>(backend: B) {
    let (store, theirs) = (backend.user(), backend.open("other"));
    let sent = |number: u64, replay_of: Option<Id>| Delivery {
        replay_of,
        ..delivery(
            number,
            [Outcome::Delivered, Outcome::Failed][number as usize % 2],
        )
    };
    let captures = [capture(1, 1).id, capture(2, 1).id];
    for number in 0..12 {
        let replay_of = captures.get(number as usize % 3).copied();
        store
            .record(&sent(number, replay_of), 0, None)
            .await
            .unwrap();
    }
    let find = async |store: &dyn Store, text: String| {
        let query = search::parse(&text, Scope::Deliveries, at(0)).unwrap();
        let page = store
            .deliveries(&query, PageRequest::newest(3))
            .await
            .unwrap();
        page.rows.iter().map(|row| row.id).collect::<Vec<Id>>()
    };
    let term = format!("replay_of:{}", captures[0]);
    let own = |numbers: &[u64]| {
        let ids = numbers.iter().map(|number| sent(*number, None).id);
        ids.collect::<Vec<Id>>()
    };
    assert_eq!(find(&*store, term.clone()).await, own(&[9, 6, 3]));
    let failed = format!("{term} outcome:failed");
    assert_eq!(find(&*store, failed).await, own(&[9, 3]));
    assert_eq!(find(&*theirs, term).await, []);
}

async fn a_bound_says_what_it_would_remove_and_removes_that<B: Backend>(backend: B) {
    let store = backend.user();
    let all: Vec<Capture> = (0..130)
        .map(|number| capture(number, number as i64 / 3 - 50))
        .collect();
    store.import(all.clone()).await.unwrap();
    let keep = Keep::Count(100);
    let excess = store.excess(keep).await.unwrap();
    assert_eq!((excess.captures, excess.pending), (30, 0));
    assert_eq!(ids(&*store, &Query::default()).await.len(), 130);
    assert_eq!(store.prune(keep).await.unwrap().captures, 30);
    let left: Vec<Id> = all[30..].iter().map(|capture| capture.id).collect();
    assert_eq!(
        ids(&*store, &Query::default()).await,
        left,
        "the first to come went"
    );
    assert_eq!(store.excess(keep).await.unwrap(), Excess::default());
    store.set_bound(keep).await.unwrap();
    assert_eq!(
        backend.user().bound().await.unwrap(),
        keep,
        "it is the store's"
    );
}

async fn who_stops_waiting_stops_the_reading<B: Backend>(backend: B) {
    use futures_util::FutureExt as _;
    let store = backend.user();
    let many: Vec<Capture> = (0..500)
        .map(|number| capture(number, number as i64))
        .collect();
    store.import(many).await.unwrap();
    for _ in 0..50 {
        let query = Query::default();
        let reading = store.captures(&query, PageRequest::newest(500));
        // Begun, and left: done or not, nobody takes what it brings.
        drop(reading.now_or_never());
    }
    // Nobody is held up, and nothing else is stopped with it.
    assert_eq!(ids(&*store, &Query::default()).await.len(), 500);
    keep(&*store, capture(1000, 1)).await;
}

async fn what_there_is_is_counted_and_its_room_given_back<B: Backend>(backend: B) {
    let (store, theirs) = (backend.user(), backend.open("theirs"));
    let empty = store.status().await.unwrap();
    assert!(empty.version > 0);
    store
        .import(vec![capture(1, 1), pending(2, 2, "http://a/")])
        .await
        .unwrap();
    theirs.import(vec![capture(3, 3)]).await.unwrap();
    let waits = Delivery {
        next_attempt_at: Some(at(9)),
        ..delivery(4, Outcome::Pending)
    };
    store.record(&waits, 0, None).await.unwrap();
    store
        .record(&delivery(5, Outcome::Failed), 0, None)
        .await
        .unwrap();
    let status = store.status().await.unwrap();
    let counted = (status.captures, status.deliveries, status.pending);
    assert_eq!(counted, (2, 2, 2));
    assert!(status.bytes > 0);
    let event = record(RecordKind::Event, "a");
    numbers_of(store.add_records(vec![event], None).await.unwrap());
    assert_eq!(store.emulated_providers().await.unwrap(), ["acme"]);
    assert!(theirs.emulated_providers().await.unwrap().is_empty());
    store.vacuum().await.unwrap();
    assert_eq!(store.status().await.unwrap().captures, 2);
}

fn record(kind: RecordKind, id: &str) -> EmulatedRecord {
    EmulatedRecord {
        number: 0,
        key: RecordKey {
            provider: "acme".to_owned(),
            kind,
            scope: "account=1".to_owned(),
            id: id.to_owned(),
        },
        created_at: at(0),
        failing_since: None,
        document: format!("{{\"of\":\"{id}\"}}"),
        secrets: Vec::new(),
        changed: 0,
    }
}

fn listed(kind: RecordKind) -> RecordQuery {
    RecordQuery {
        provider: "acme".to_owned(),
        kind,
        scope: None,
        after: None,
        newest_first: false,
        limit: 100,
        most_bytes: u64::MAX,
    }
}

fn numbers_of(added: Added) -> Vec<i64> {
    match added {
        Added::Numbers(numbers) => numbers,
        refused => panic!("{refused:?}"),
    }
}

async fn what_an_emulated_provider_keeps_is_there_until_it_is_removed<B: Backend>(backend: B) {
    let (store, other) = (backend.user(), backend.open("other"));
    let kept = |text: &str, until| KeptSecret {
        secret: Secret::new(text),
        until,
    };
    let mut first = EmulatedRecord {
        secrets: vec![kept("new", None), kept("old", Some(at(60)))],
        ..record(RecordKind::Subscription, "a")
    };
    let second = record(RecordKind::Subscription, "b");
    let numbers = store
        .add_records(vec![first.clone(), second], None)
        .await
        .unwrap();
    let numbers = numbers_of(numbers);
    assert!(numbers[0] < numbers[1]);
    first.number = numbers[0];
    first.changed = 1;
    assert_eq!(
        store.record_by_key(&first.key).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(
        store.record_by_number(numbers[0]).await.unwrap(),
        Some(first.clone())
    );
    // All or none, where a key is taken; other kinds and scopes have keys of their own.
    let taken = vec![record(RecordKind::Subscription, "c"), first.clone()];
    assert_eq!(store.add_records(taken, None).await.unwrap(), Added::Taken);
    let event = record(RecordKind::Event, "a");
    numbers_of(store.add_records(vec![event], None).await.unwrap());
    let ids = async |query: RecordQuery| -> Vec<String> {
        let records = store.records(&query).await.unwrap();
        records.into_iter().map(|record| record.key.id).collect()
    };
    let all = listed(RecordKind::Subscription);
    assert_eq!(ids(all.clone()).await, ["a", "b"]);
    let newest = RecordQuery {
        newest_first: true,
        limit: 1,
        ..all.clone()
    };
    assert_eq!(ids(newest.clone()).await, ["b"]);
    let next = RecordQuery {
        after: Some(numbers[1]),
        ..newest
    };
    assert_eq!(ids(next).await, ["a"]);
    let elsewhere = RecordQuery {
        scope: Some("account=2".to_owned()),
        ..all.clone()
    };
    assert!(ids(elsewhere).await.is_empty());
    // Another workspace has its own.
    assert!(other.records(&all).await.unwrap().is_empty());
    assert!(other.record_by_key(&first.key).await.unwrap().is_none());
    first.document = "{}".to_owned();
    first.failing_since = Some(at(7));
    first.secrets.truncate(1);
    first.changed = store.change_record(&first).await.unwrap().unwrap();
    assert_eq!(
        store.record_by_key(&first.key).await.unwrap(),
        Some(first.clone())
    );
    store.remove_records(&[numbers[0]]).await.unwrap();
    assert_eq!(ids(all).await, ["b"]);
    assert_eq!(store.change_record(&first).await.unwrap(), None);
    assert!(store.record_by_key(&first.key).await.unwrap().is_none());
    let events = (0..10).map(|number| record(RecordKind::Event, &number.to_string()));
    store.add_records(events.collect(), None).await.unwrap();
    store
        .trim_records("acme", RecordKind::Event, 3, u64::MAX)
        .await
        .unwrap();
    assert_eq!(ids(listed(RecordKind::Event)).await, ["7", "8", "9"]);
    // Each document has ten bytes.
    store
        .trim_records("acme", RecordKind::Event, 9, 25)
        .await
        .unwrap();
    assert_eq!(ids(listed(RecordKind::Event)).await, ["8", "9"]);
    store
        .trim_records("acme", RecordKind::Event, 9, 1)
        .await
        .unwrap();
    assert_eq!(ids(listed(RecordKind::Event)).await, ["9"]);
}

async fn a_changed_subscription_is_seen_by_others_and_not_overwritten_by_them<B: Backend>(
    backend: B,
) {
    let (store, beside, other) = (backend.user(), backend.user(), backend.open("other"));
    let numbers = subscriptions(&*store, 2).await;
    let told = |changes: &Changes| -> Vec<i64> {
        let records = changes.records.iter();
        records.map(|record| record.number).collect()
    };
    let all = beside.changes_after(0, 100).await.unwrap();
    assert_eq!((told(&all), all.is_whole), (numbers.clone(), false));
    let nothing = beside.changes_after(all.number, 100).await.unwrap();
    assert_eq!((told(&nothing), nothing.number), (vec![], all.number));
    assert_eq!(
        other.changes_after(0, 100).await.unwrap(),
        Changes::default()
    );
    // Of two that change the same one, the first does, and the other learns of it.
    let mine = store.record_by_number(numbers[0]).await.unwrap().unwrap();
    let theirs = beside.record_by_number(numbers[0]).await.unwrap().unwrap();
    let change = |record: &EmulatedRecord, document: &str| EmulatedRecord {
        document: document.to_owned(),
        ..record.clone()
    };
    let change_number = store.change_record(&change(&mine, "1")).await.unwrap();
    assert!(change_number.is_some_and(|number| number > all.number));
    let late = beside.change_record(&change(&theirs, "2")).await.unwrap();
    assert_eq!(late, None);
    let changes = beside.changes_after(all.number, 100).await.unwrap();
    assert_eq!(told(&changes), [numbers[0]]);
    assert_eq!(changes.records[0].document, "1");
    // What is added under the condition that nothing was changed is not added where something was.
    let third = || vec![record(RecordKind::Subscription, "third")];
    let refused = beside.add_records(third(), Some(all.number)).await.unwrap();
    assert_eq!(refused, Added::Changed);
    let added = beside.add_records(third(), Some(changes.number)).await;
    numbers_of(added.unwrap());
    // Few at a time are told in their order, each once.
    let one = beside.changes_after(0, 1).await.unwrap();
    let rest = beside.changes_after(one.number, 100).await.unwrap();
    let mut together = [told(&one), told(&rest)].concat();
    together.sort_unstable();
    together.dedup();
    assert_eq!(together.len(), 3);
    // Events are no subscriptions.
    let event = record(RecordKind::Event, "e");
    store.put_record(event).await.unwrap();
    let latest = beside.changes_after(rest.number, 100).await.unwrap();
    assert_eq!(latest.number, rest.number);
    store.remove_records(&numbers[..1]).await.unwrap();
    let removed = beside.changes_after(rest.number, 100).await.unwrap();
    assert!(removed.is_whole && removed.number > rest.number);
    // Time that goes by changes all of them.
    let seen = removed.number;
    store
        .bring_nearer(&acme(), Duration::from_secs(1))
        .await
        .unwrap();
    assert!(beside.changes_after(seen, 100).await.unwrap().is_whole);
}

async fn what_a_provider_has_is_replaced_at_once<B: Backend>(backend: B) {
    let store = backend.user();
    let to = subscriptions(&*store, 2).await;
    store
        .enqueue(&[queued(1, to[0], 0), queued(2, to[1], 0)])
        .await
        .unwrap();
    // What was sent to one that was removed belongs to the provider, too.
    store.remove_records(&to[..1]).await.unwrap();
    let twice = vec![
        record(RecordKind::Event, "a"),
        record(RecordKind::Event, "a"),
    ];
    assert!(!store.replace_records("acme", twice).await.unwrap());
    assert_eq!(store.due(&acme()).await.unwrap().len(), 1);
    let new = vec![
        record(RecordKind::Event, "a"),
        record(RecordKind::Subscription, "0"),
    ];
    assert!(store.replace_records("acme", new).await.unwrap());
    let subscriptions = store
        .records(&listed(RecordKind::Subscription))
        .await
        .unwrap();
    assert_eq!(subscriptions.len(), 1);
    assert!(subscriptions[0].number > to[1], "no number is given twice");
    let page = PageRequest::newest(9);
    let left = store.deliveries(&Query::default(), page).await.unwrap();
    assert!(left.rows.is_empty());
    let none = store.replace_records("others", Vec::new()).await.unwrap();
    assert!(none);
    assert_eq!(
        store
            .records(&listed(RecordKind::Event))
            .await
            .unwrap()
            .len(),
        1
    );
    // One that is put there takes the place of the one that had its key.
    let event = EmulatedRecord {
        document: "{}".to_owned(),
        ..record(RecordKind::Event, "a")
    };
    store.put_record(event).await.unwrap();
    let events = store.records(&listed(RecordKind::Event)).await.unwrap();
    assert_eq!((events.len(), events[0].document.as_str()), (1, "{}"));
}

/// So many deliveries of a subscription without limits.
fn lane(subscription: i64, most: usize) -> WantedLane {
    WantedLane {
        subscription,
        most,
        at_once: usize::MAX,
        rate: None,
    }
}

async fn large_bodies_and_documents_come_one_by_one<B: Backend>(backend: B) {
    let store = backend.user();
    let to = subscriptions(&*store, 1).await[0];
    let all: Vec<Delivery> = (0..3).map(|number| queued(number, to, 0)).collect();
    let length = all[0].request.body.len() as u64;
    store.enqueue(&all).await.unwrap();
    let begun = store
        .begin_due(&[lane(to, 9)], length * 2, at(0))
        .await
        .unwrap();
    assert_eq!((begun.deliveries.len(), begun.next.len()), (2, 1));
    let last = store.begin_due(&[lane(to, 9)], 0, at(0)).await.unwrap();
    assert_eq!((last.deliveries.len(), last.next.len()), (1, 0));
    let events = (0..3).map(|number| record(RecordKind::Event, &number.to_string()));
    let added = store.add_records(events.collect(), None).await;
    numbers_of(added.unwrap());
    // Each document has ten bytes.
    let few = |most_bytes| RecordQuery {
        most_bytes,
        ..listed(RecordKind::Event)
    };
    assert_eq!(store.records(&few(25)).await.unwrap().len(), 2);
    assert_eq!(store.records(&few(0)).await.unwrap().len(), 1);
}

/// A delivery to a subscription that is due then.
fn queued(number: u64, subscription: i64, due_s: i64) -> Delivery {
    Delivery {
        next_attempt_at: Some(at(due_s)),
        emulated: Some(Emulated {
            subscription,
            event: 1,
        }),
        ..delivery(number, Outcome::Pending)
    }
}

/// Subscriptions of an emulated provider, by their numbers.
async fn subscriptions(store: &dyn Store, count: usize) -> Vec<i64> {
    let records = (0..count).map(|number| record(RecordKind::Subscription, &number.to_string()));
    numbers_of(store.add_records(records.collect(), None).await.unwrap())
}

fn acme() -> Vec<String> {
    vec!["acme".to_owned()]
}

async fn a_queue_is_shared_out_once_and_within_what_is_wanted<B: Backend>(backend: B) {
    let (store, beside) = (backend.user(), backend.user());
    let to = subscriptions(&*store, 2).await;
    let all: Vec<Delivery> = (0..6)
        .map(|number| {
            queued(
                number,
                to[usize::from(number >= 4)],
                i64::try_from(number).unwrap(),
            )
        })
        .collect();
    store.enqueue(&all).await.unwrap();
    let due = store.due(&acme()).await.unwrap();
    let due: Vec<(i64, Timestamp)> = due.iter().map(|due| (due.subscription, due.at)).collect();
    assert_eq!(due, [(to[0], at(0)), (to[1], at(4))]);
    assert!(store.due(&["others".to_owned()]).await.unwrap().is_empty());
    // So many of each, the longest due first, and none that is not due.
    let begun = store
        .begin_due(&[lane(to[0], 2), lane(to[1], 9)], u64::MAX, at(4))
        .await
        .unwrap();
    let ids =
        |deliveries: &[Delivery]| -> Vec<Id> { deliveries.iter().map(|one| one.id).collect() };
    assert_eq!(ids(&begun.deliveries), [all[0].id, all[1].id, all[4].id]);
    let next: Vec<(i64, Timestamp)> = begun
        .next
        .iter()
        .map(|due| (due.subscription, due.at))
        .collect();
    assert_eq!(next, [(to[0], at(2)), (to[1], at(5))]);
    // Nobody else gets those that are worked at, whose attempts may have been made.
    let theirs = beside
        .begin_due(&[lane(to[0], 9), lane(to[1], 9)], u64::MAX, at(9))
        .await
        .unwrap();
    assert_eq!(ids(&theirs.deliveries), [all[2].id, all[3].id, all[5].id]);
    let under_way = ids(&theirs.deliveries);
    let lost = beside.take_up(&acme(), &under_way, 9).await.unwrap();
    assert!(lost.is_empty());
    // But its own of which it has lost sight: a commit may have succeeded whose end was not heard of.
    let lost = beside.take_up(&acme(), &under_way[..2], 9).await.unwrap();
    assert_eq!(ids(&lost), under_way[2..]);
    let unknown = store.delivery(all[0].id).await.unwrap();
    assert_eq!(
        (unknown.outcome, unknown.attempts.len()),
        (Outcome::Unknown, 1)
    );
    // One is delivered, one waits for its next attempt.
    let done = Delivery {
        outcome: Outcome::Delivered,
        next_attempt_at: None,
        attempts: vec![attempt(1, 200)],
        ..begun.deliveries[0].clone()
    };
    let waits = Delivery {
        outcome: Outcome::Pending,
        next_attempt_at: Some(at(30)),
        attempts: vec![attempt(1, 500)],
        ..begun.deliveries[1].clone()
    };
    store
        .record_attempts(&[(done, 0), (waits, 0)])
        .await
        .unwrap();
    let shown = store.delivery(all[0].id).await.unwrap();
    assert_eq!(
        (shown.outcome, shown.attempts.len()),
        (Outcome::Delivered, 1)
    );
    assert_eq!(shown.attempts[0].status(), Some(200));
    // Whoever is there first takes the next attempt.
    assert!(
        beside
            .begin_due(&[lane(to[0], 9)], u64::MAX, at(29))
            .await
            .unwrap()
            .deliveries
            .is_empty()
    );
    let again = beside
        .begin_due(&[lane(to[0], 9)], u64::MAX, at(30))
        .await
        .unwrap();
    assert_eq!(ids(&again.deliveries), [all[1].id]);
    assert_eq!(again.deliveries[0].attempts.len(), 1);
}

async fn what_a_subscription_takes_holds_over_all_who_work_at_it<B: Backend>(backend: B) {
    let (store, beside) = (backend.user(), backend.user());
    let to = subscriptions(&*store, 2).await;
    let all: Vec<Delivery> = (0..12)
        .map(|number| queued(number, to[usize::from(number >= 6)], 0))
        .collect();
    store.enqueue(&all).await.unwrap();
    let begin = async |store: &Arc<dyn Store>, lane: WantedLane, now| {
        let begun = store.begin_due(&[lane], u64::MAX, at(now)).await.unwrap();
        (begun.deliveries, begun.next.first().map(|next| next.at))
    };
    // One after the other, over both.
    let one_at_a_time = WantedLane {
        at_once: 1,
        ..lane(to[0], 9)
    };
    let (begun, _) = begin(&store, one_at_a_time, 1).await;
    assert_eq!(begun.len(), 1);
    let (theirs, _) = begin(&beside, one_at_a_time, 1).await;
    assert!(theirs.is_empty());
    let done = after_attempt(&begun[0], 200, Outcome::Delivered);
    store.record_attempts(&[(done, 0)]).await.unwrap();
    let (theirs, _) = begin(&beside, one_at_a_time, 2).await;
    assert_eq!(theirs[0].id, all[1].id);
    // Three in ten seconds, whoever begins them.
    let rated = WantedLane {
        rate: Some((3, Duration::from_secs(10))),
        ..lane(to[1], 2)
    };
    let (begun, next) = begin(&store, rated, 1).await;
    assert_eq!((begun.len(), next), (2, Some(at(0))));
    let (theirs, next) = begin(&beside, rated, 3).await;
    assert_eq!((theirs.len(), next), (1, Some(at(11))));
    assert!(begin(&store, rated, 10).await.0.is_empty());
    assert_eq!(begin(&store, rated, 11).await.0.len(), 2);
    // Time that goes by at once goes by for that, too.
    store
        .bring_nearer(&acme(), Duration::from_secs(9))
        .await
        .unwrap();
    assert_eq!(begin(&beside, rated, 12).await.0.len(), 1);
}

async fn an_attempt_that_was_cut_off_is_taken_up_once<B: Backend>(backend: B) {
    let store = backend.user();
    let to = subscriptions(&*store, 1).await[0];
    store.enqueue(&[queued(1, to, 0)]).await.unwrap();
    let begun = store
        .begin_due(&[lane(to, 1)], u64::MAX, at(0))
        .await
        .unwrap();
    let id = begun.deliveries[0].id;
    drop(store);
    let (heir, another) = (backend.user(), backend.user());
    assert!(heir.due(&acme()).await.unwrap().is_empty());
    let taken = heir.take_up(&acme(), &[], 9).await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].id, taken[0].outcome), (id, Outcome::Unknown));
    assert!(taken[0].attempts[0].result.is_err());
    assert!(another.take_up(&acme(), &[], 9).await.unwrap().is_empty());
    // It goes on where it was: the attempt that may have been made stays among them.
    let goes_on = Delivery {
        outcome: Outcome::Pending,
        next_attempt_at: Some(at(5)),
        ..taken[0].clone()
    };
    heir.record_attempts(&[(goes_on, 1)]).await.unwrap();
    let begun = another
        .begin_due(&[lane(to, 1)], u64::MAX, at(5))
        .await
        .unwrap();
    assert_eq!(begun.deliveries[0].attempts.len(), 1);
    // Who comes back late overwrites nothing.
    let late = Delivery {
        outcome: Outcome::Failed,
        attempts: vec![attempt(1, 500)],
        ..taken[0].clone()
    };
    heir.record_attempts(&[(late, 0)]).await.unwrap();
    let shown = another.delivery(id).await.unwrap();
    assert_eq!((shown.outcome, shown.attempts.len()), (Outcome::Unknown, 2));
}

async fn what_is_still_to_be_delivered_to_a_removed_subscription_fails<B: Backend>(backend: B) {
    let store = backend.user();
    let to = subscriptions(&*store, 2).await;
    let all = [queued(1, to[0], 0), queued(2, to[1], 0)];
    store.enqueue(&all).await.unwrap();
    // One that is under way is recorded as it ends, and not repeated.
    let under_way = queued(3, to[0], -1);
    store
        .enqueue(std::slice::from_ref(&under_way))
        .await
        .unwrap();
    let begun = store.begin_due(&[lane(to[0], 1)], u64::MAX, at(0)).await;
    let begun = begun.unwrap().deliveries.remove(0);
    store.remove_records(&[to[0]]).await.unwrap();
    let unknown = store.delivery(under_way.id).await.unwrap();
    assert_eq!(unknown.outcome, Outcome::Unknown);
    let waits = Delivery {
        next_attempt_at: Some(at(9)),
        ..after_attempt(&begun, 500, Outcome::Pending)
    };
    store.record_attempts(&[(waits, 0)]).await.unwrap();
    let ended = store.delivery(under_way.id).await.unwrap();
    assert_eq!(
        (ended.outcome, ended.attempts[0].status()),
        (Outcome::Failed, Some(500))
    );
    let gone = store.delivery(all[0].id).await.unwrap();
    assert_eq!(gone.outcome, Outcome::Failed);
    assert!(gone.failure.unwrap().unescaped().contains("removed"));
    let due = store.due(&acme()).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].subscription, to[1]);
    let own = Query::OfSubscription(to[1]);
    let page = store
        .deliveries(&own, PageRequest::newest(9))
        .await
        .unwrap();
    assert_eq!(page.rows.len(), 1);
    let of_event = Query::OfEmulatedEvent(1);
    let page = store
        .deliveries(&of_event, PageRequest::newest(9))
        .await
        .unwrap();
    assert_eq!(page.rows.len(), 3);
}

async fn time_brings_nearer_what_waits_for_it<B: Backend>(backend: B) {
    let store = backend.user();
    let mut kept = EmulatedRecord {
        failing_since: Some(at(100)),
        secrets: vec![KeptSecret {
            secret: Secret::new("old"),
            until: Some(at(100)),
        }],
        ..record(RecordKind::Subscription, "x")
    };
    let numbers = store.add_records(vec![kept.clone()], None).await.unwrap();
    kept.number = numbers_of(numbers)[0];
    store.enqueue(&[queued(1, kept.number, 100)]).await.unwrap();
    let minute = Duration::from_secs(60);
    store
        .bring_nearer(&["others".to_owned()], minute)
        .await
        .unwrap();
    assert_eq!(store.due(&acme()).await.unwrap()[0].at, at(100));
    store.bring_nearer(&acme(), minute).await.unwrap();
    assert_eq!(store.due(&acme()).await.unwrap()[0].at, at(40));
    let shown = store.record_by_key(&kept.key).await.unwrap().unwrap();
    assert_eq!(shown.failing_since, Some(at(40)));
    assert_eq!(shown.secrets[0].until, Some(at(40)));
}

use super::super::testing::{TestStore, capture, wait};
use super::super::{Query, Store as _, StoreError, StoreOptions};
use super::*;
use crate::model::{Capture, Verdict};
use std::ops::Deref;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// A store with a bound.
struct Own(TestStore);

impl Deref for Own {
    type Target = TestStore;

    fn deref(&self) -> &TestStore {
        &self.0
    }
}

impl Own {
    fn new(keep: &str) -> Self {
        Self(TestStore::new(StoreOptions {
            keep: keep.parse().unwrap(),
            ..StoreOptions::default()
        }))
    }

    /// Evicts as often as there is something to evict.
    fn evict(&self, now: Timestamp) {
        let mut eviction = Eviction::default();
        while eviction.evict(&mut self.connection(), now).unwrap() > 0 {}
    }

    fn kept(&self) -> usize {
        self.captures(&Query::default()).len()
    }

    fn verdicts(&self, verdict: Verdict) -> usize {
        self.captures(&Query::Verdict(verdict)).len()
    }
}

fn some(count: u64, at: Timestamp) -> Vec<Capture> {
    (0..count).map(|number| capture(number, at)).collect()
}

fn refused(number: u64, at: Timestamp) -> Capture {
    Capture {
        verdict: Verdict::Invalid,
        event: Some(format!("made-up.{number}").as_str().into()),
        response_status: 401,
        ..capture(number, at)
    }
}

#[test]
fn the_first_to_arrive_go_when_there_are_too_many_too_old_or_too_large_ones() {
    let now = Timestamp::now();
    let left = |keep: &str, at: Timestamp| {
        let own = Own::new(keep);
        own.import(&some(300, now));
        own.evict(at);
        own.kept()
    };
    assert_eq!(left("100", now), 100);
    assert_eq!(left("0", now), 0);
    assert_eq!(left("1d", now), 300);
    let bytes = left("200KiB", now);
    assert!((100..200).contains(&bytes), "{bytes}");
}

#[test]
fn age_counts_from_arrival() {
    let own = Own::new("1d");
    let now = Timestamp::now();
    own.import(&some(10, now - 400 * DAY));
    own.evict(now);
    assert_eq!(own.kept(), 10, "they are old, and arrived just now");
    let mut eviction = Eviction::default();
    // A listener that looks every few hours sees them grow old.
    for hours in (0..=30).step_by(6) {
        let at = now + Duration::from_secs(hours * 3600);
        eviction.evict(&mut own.connection(), at).unwrap();
    }
    assert_eq!(own.kept(), 0);
}

#[test]
fn a_clock_that_jumps_ahead_evicts_nothing_by_age() {
    let own = Own::new("7d");
    let now = Timestamp::now();
    own.import(&some(10, now));
    own.evict(now);
    let mut eviction = Eviction::default();
    let wrong = now + 400 * DAY;
    for minutes in 0..100 {
        let at = wrong + Duration::from_secs(minutes * 60);
        eviction.evict(&mut own.connection(), at).unwrap();
    }
    assert_eq!(own.kept(), 10);
    let notices = eviction.take_notices();
    assert!(
        matches!(notices.as_slice(), [StoreNotice::AgeWaits { .. }]),
        "{notices:?}"
    );
    own.evict(now);
    assert_eq!(own.kept(), 10, "and it is right again");
}

#[test]
fn what_a_wrong_clock_or_an_import_dated_ahead_displaces_nothing_new() {
    let own = Own::new("100");
    let now = Timestamp::now();
    own.import(&some(100, now + 30_000 * DAY));
    for number in 0..50 {
        own.import(&[Capture {
            verdict: Verdict::Valid,
            ..capture(1000 + number, now + Duration::from_secs(5))
        }]);
    }
    own.evict(now);
    assert_eq!((own.verdicts(Verdict::Valid), own.kept()), (50, 100));
}

#[test]
fn what_was_refused_uses_free_space_and_goes_first_down_to_a_tenth() {
    for keep in ["100", "200KiB"] {
        let own = Own::new(keep);
        let now = Timestamp::now();
        let most = 100;
        own.import(
            &(0..3 * most)
                .map(|number| refused(number, now))
                .collect::<Vec<_>>(),
        );
        own.evict(now);
        let alone = own.kept();
        assert!(alone >= 100, "{keep}: free space is used: {alone}");
        // As many accepted ones as there is room for.
        let accepted = some(if keep == "100" { most } else { 130 }, now);
        for some in accepted.chunks(10) {
            own.import(some);
            own.evict(now);
        }
        let (left, rest) = (
            own.verdicts(Verdict::Unchecked),
            own.verdicts(Verdict::Invalid),
        );
        assert_eq!(left, accepted.len(), "{keep}: no accepted one went");
        assert!(
            (10..60).contains(&rest),
            "{keep}: {rest} of those refused are left"
        );
        // A flood of refused ones displaces only refused ones.
        for number in 0..20 {
            let flood: Vec<_> = (0..30)
                .map(|one| refused(9000 + number * 30 + one, now))
                .collect();
            own.import(&flood);
            own.evict(now);
        }
        assert_eq!(own.verdicts(Verdict::Unchecked), accepted.len(), "{keep}");
        assert!(own.verdicts(Verdict::Invalid) <= 60, "{keep}");
        // Kinds go with their last row.
        let kinds: i64 = own
            .connection()
            .query_row("SELECT count(*) FROM kind", [], |row| row.get(0))
            .unwrap();
        assert!(kinds <= 62, "{keep}: {kinds}");
    }
}

#[test]
fn what_is_pending_goes_last_with_a_count_and_not_where_it_is_owed() {
    let own = Own::new("100");
    let now = Timestamp::now();
    let due = |number: u64, url: &str| Capture {
        destinations: Destinations::pending([url.to_owned()]),
        ..capture(number, now)
    };
    let pending: Vec<_> = (0..40).map(|number| due(number, "http://a/")).collect();
    own.import(&pending);
    own.import(&some(150, now));
    own.evict(now);
    let unforwarded = || own.captures(&Query::Pending).len();
    assert_eq!((own.kept(), unforwarded()), (100, 40), "the others went");
    assert!(own.store.take_notices().is_empty());
    own.import(
        &(0..90)
            .map(|number| due(500 + number, "http://b/"))
            .collect::<Vec<_>>(),
    );
    // The store itself evicts with what it writes, and says so.
    own.evict(now);
    let told: u64 = own
        .store
        .take_notices()
        .iter()
        .map(|notice| match notice {
            StoreNotice::EvictedPending { captures, .. } => *captures,
            StoreNotice::AgeWaits { .. } => 0,
        })
        .sum();
    // A tenth stays for what is not pending.
    assert_eq!((own.kept(), unforwarded()), (100, 90));
    assert_eq!(told, 40);
}

#[test]
fn what_is_owed_stays_and_fills_the_store_instead() {
    let own = Own::new("100");
    let now = Timestamp::now();
    let due = |number: u64, url: &str| Capture {
        destinations: Destinations::pending([url.to_owned()]),
        ..capture(number, now)
    };
    let owed = vec!["http://a/".to_owned(), "http://localhost:80/".to_owned()];
    wait(own.store.keep_pending(&owed)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let keep = |capture: Capture| {
        runtime.block_on(async {
            own.store
                .keep(std::sync::Arc::new(capture).into())
                .unwrap()
                .await
                .unwrap()
        })
    };
    let mut taken = 0;
    let refused = loop {
        let url = ["http://a/", "http://127.0.0.1/", "http://other/"][taken as usize % 3];
        match keep(due(taken, url)) {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 1000);
    };
    assert!(matches!(refused, StoreError::Full), "{refused}");
    let pending = wait(own.store.pending()).unwrap();
    let owed: u64 = pending
        .iter()
        .filter(|at| at.url != "http://other/")
        .map(|at| at.captures)
        .sum();
    assert!(
        owed >= taken - taken.div_ceil(3),
        "none of these went: {owed} of {taken}"
    );
    assert!(matches!(
        own.store.take_notices().as_slice(),
        [StoreNotice::EvictedPending { captures: 1.., .. }]
    ));
    // Once a destination is no more, there is room again.
    assert!(wait(own.store.discard_pending("http://a")).unwrap() > 40);
    // It is looked at again after a moment.
    while keep(due(5000, "http://b/")).is_err() {
        std::thread::yield_now();
    }
}

#[test]
fn no_more_goes_than_the_excess() {
    let own = Own::new("1MiB");
    let now = Timestamp::now();
    own.import(&some(2000, now));
    own.evict(now);
    let used = used_bytes(&own.connection()).unwrap();
    assert!((900 << 10..=1 << 20).contains(&used), "{used}");
    let before = own.kept();
    own.evict(now);
    assert_eq!(own.kept(), before);
}

#[test]
fn two_processes_that_count_remove_no_more_than_one() {
    let own = Own::new("100");
    let mut connection = own.connection();
    let mut processes = [(); 2].map(|()| Eviction::default());
    let now = Timestamp::now();
    for round in 0..40 {
        for process in &mut processes {
            process.evict(&mut connection, now).unwrap();
        }
        let kept = own.kept() as u64;
        let written = round * 9;
        assert!(kept >= written.min(100), "{kept} of {written}");
        assert!(kept <= 120, "{kept}");
        let captures: Vec<_> = (0..9)
            .map(|number| capture(written + number, now))
            .collect();
        own.import(&captures);
        processes[round as usize % 2].written(CAPTURES, 9);
    }
}

#[test]
fn a_bound_says_what_it_would_remove_and_removes_that_once() {
    let own = Own::new("2GiB");
    let now = Timestamp::now();
    own.import(&some(230, now));
    let keep = Keep::Count(100);
    let excess = wait(own.store.excess(keep)).unwrap();
    assert_eq!((excess.captures, excess.pending), (130, 0));
    assert_eq!(own.kept(), 230);
    assert_eq!(wait(own.store.prune(keep)).unwrap().captures, 130);
    assert_eq!(own.kept(), 100);
    own.import(&some(50, now));
    assert_eq!(own.kept(), 150, "the store's own bound is what it was");
}

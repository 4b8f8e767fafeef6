//! The provider's time, as scenarios wait for it: it goes by in real time and its speed, and at once where it is advanced.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// Whoever has it is about to do what it waited for: the clock stands still until it is dropped.
pub(super) type Turn = oneshot::Sender<()>;

/// The provider's time.
pub(super) struct Clock {
    started: Instant,
    speed: f64,
    state: Mutex<State>,
    /// Tells those that wait of each advance.
    advanced: Notify,
    /// Tells who advances it that no one is busy.
    idle: Notify,
}

/// Someone does something, and the clock is not advanced before it is done.
pub(super) struct Busy<'c>(&'c Clock);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.state().busy -= 1;
        self.0.idle.notify_waiters();
    }
}

#[derive(Default)]
struct State {
    /// How much of it went by at once.
    advanced: Duration,
    waiting: Vec<Waiter>,
    last_id: u64,
    /// How many do something just now, and wait again or are over after it.
    busy: usize,
}

struct Waiter {
    id: u64,
    until: Duration,
    wake: oneshot::Sender<Turn>,
}

/// A wait that has begun.
pub(super) struct Wait<'c> {
    clock: &'c Clock,
    id: u64,
    until: Duration,
    woken: oneshot::Receiver<Turn>,
}

impl Clock {
    pub(super) fn new(speed: f64) -> Self {
        Self {
            started: Instant::now(),
            speed,
            state: Mutex::default(),
            advanced: Notify::new(),
            idle: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self, state: &State) -> Duration {
        self.started.elapsed().mul_f64(self.speed) + state.advanced
    }

    /// What is done until this is dropped comes before the next advance.
    pub(super) fn busy(&self) -> Busy<'_> {
        self.state().busy += 1;
        Busy(self)
    }

    /// Until no one is busy: all that wait for time are known then.
    pub(super) async fn idle(&self) {
        loop {
            let idle = self.idle.notified();
            if self.state().busy == 0 {
                return;
            }
            idle.await;
        }
    }

    /// Begins to wait for so much of the provider's time: who advances it from now on knows of it.
    pub(super) fn wait(&self, time: Duration) -> Wait<'_> {
        let (wake, woken) = oneshot::channel();
        let mut state = self.state();
        state.last_id += 1;
        let id = state.last_id;
        let until = self.now(&state).saturating_add(time);
        state.waiting.push(Waiter { id, until, wake });
        Wait {
            clock: self,
            id,
            until,
            woken,
        }
    }

    /// Removes one that waits; false where it does not any more.
    fn take(&self, id: u64) -> bool {
        let mut state = self.state();
        let before = state.waiting.len();
        state.waiting.retain(|one| one.id != id);
        state.waiting.len() < before
    }

    /// How long until the first of those that wait goes on, where that is within this time.
    pub(super) fn until_next(&self, within: Duration) -> Option<Duration> {
        let state = self.state();
        let now = self.now(&state);
        let waits = state.waiting.iter();
        let first = waits.map(|waiter| waiter.until.saturating_sub(now)).min()?;
        (first <= within).then_some(first)
    }

    /// Lets time go by at once. Those whose wait is over have done what they waited for when this returns, or wait again;
    /// true where there were any.
    pub(super) async fn advance(&self, time: Duration) -> bool {
        let over: Vec<Waiter> = {
            let mut state = self.state();
            state.advanced = state.advanced.saturating_add(time);
            let now = self.now(&state);
            let waiting = std::mem::take(&mut state.waiting);
            let (over, waiting) = waiting.into_iter().partition(|one| one.until <= now);
            state.waiting = waiting;
            over
        };
        self.advanced.notify_waiters();
        let has_woken = !over.is_empty();
        for waiter in over {
            let (turn, done) = oneshot::channel();
            if waiter.wake.send(turn).is_ok() {
                // It is over when the turn is dropped.
                let _ = done.await;
            }
        }
        has_woken
    }
}

impl Wait<'_> {
    /// How much real time is left, where nobody advances the clock.
    pub(super) fn left(&self) -> Duration {
        let now = self.clock.now(&self.clock.state());
        self.until.saturating_sub(now).div_f64(self.clock.speed)
    }

    /// Until the time has gone by. With a turn, someone waits for what is done now.
    pub(super) async fn over(mut self) -> Option<Turn> {
        loop {
            // Before it is looked how much is left, so that no advance is missed.
            let advanced = self.clock.advanced.notified();
            let left = self.left();
            if left.is_zero() {
                if self.clock.take(self.id) {
                    return None;
                }
                // Who advances the clock has it, and gives it its turn.
                return (&mut self.woken).await.ok();
            }
            tokio::select! {
                biased;
                turn = &mut self.woken => return turn.ok(),
                () = advanced => {}
                () = tokio::time::sleep(left) => {}
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.clock.take(self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn who_waits_has_done_it_when_the_clock_was_advanced() {
        let clock = Arc::new(Clock::new(1.0));
        let done = Arc::new(Mutex::new(Vec::new()));
        let (own_clock, own_done) = (clock.clone(), done.clone());
        let first = clock.wait(Duration::from_secs(3600));
        let playing = tokio::spawn(async move {
            let mut turn = None;
            for step in 1..=2 {
                let wait = own_clock.wait(Duration::from_secs(3600));
                drop(turn.take());
                turn = wait.over().await;
                own_done.lock().unwrap().push(step);
            }
        });
        while clock.state().waiting.len() < 2 {
            tokio::task::yield_now().await;
        }
        drop(first);
        assert!(!clock.advance(Duration::from_secs(3000)).await);
        assert!(clock.until_next(Duration::from_secs(60)).is_none());
        assert!(clock.advance(Duration::from_secs(600)).await);
        assert_eq!(*done.lock().unwrap(), [1]);
        let next = clock.until_next(Duration::from_secs(7200)).unwrap();
        assert!(next > Duration::from_secs(3500) && next <= Duration::from_secs(3600));
        assert!(clock.advance(next).await);
        playing.await.unwrap();
        assert_eq!(*done.lock().unwrap(), [1, 2]);
        assert!(!clock.advance(Duration::from_secs(9)).await);
    }
}

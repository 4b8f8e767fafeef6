//! Where randomness comes from.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;

/// Where randomness comes from: the system, or the seed of a test. Nothing secret is made of it.
#[derive(Clone)]
pub struct RandomSource(Arc<dyn Fn() -> Rng + Send + Sync>);

impl RandomSource {
    /// Makes the same in the same order.
    pub fn seeded(seed: u64) -> Self {
        let random = Mutex::new(Rng::with_seed(seed));
        Self(Arc::new(move || {
            random.lock().unwrap_or_else(PoisonError::into_inner).fork()
        }))
    }

    /// A generator of one's own.
    pub fn fork(&self) -> Rng {
        (self.0)()
    }
}

/// The system's.
impl Default for RandomSource {
    fn default() -> Self {
        Self(Arc::new(Rng::new))
    }
}

impl fmt::Debug for RandomSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomSource")
    }
}

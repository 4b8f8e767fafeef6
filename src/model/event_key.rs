//! By what an event is known again when it comes a second time.

use std::hash::{BuildHasher, RandomState};

use siphasher::sip::SipHasher13;

use super::Id;

/// The digests of an event's key and of the body that came with it. They compare with those of the same hasher alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventKey {
    pub key: u64,
    pub content: u64,
}

/// A capture that has the key of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// The latest with other content before it, or the first with the same.
    pub of: Id,
    /// With other content.
    pub is_changed: bool,
}

/// Makes those digests (SipHash-1-3). Its seed is secret, so that no sender can make two that are equal.
#[derive(Clone, Debug)]
pub struct KeyHasher([u8; 16]);

impl KeyHasher {
    pub fn new(seed: [u8; 16]) -> Self {
        Self(seed)
    }

    /// One with a seed of the system's randomness, as hash maps have: ids, which senders see, say nothing of it.
    pub fn random() -> Self {
        let state = RandomState::new();
        let (one, other) = (state.hash_one(1), state.hash_one(2));
        Self((u128::from(one) << 64 | u128::from(other)).to_ne_bytes())
    }
}

impl BuildHasher for KeyHasher {
    type Hasher = SipHasher13;

    fn build_hasher(&self) -> SipHasher13 {
        SipHasher13::new_with_key(&self.0)
    }
}

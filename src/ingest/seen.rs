//! The keys of what came, to find what comes again.

use std::collections::{HashMap, VecDeque};

use ulid::Ulid;

use crate::model::{Id, IdKind};

/// Keys that are remembered. A map of 2^17 places, which is what so many need, empties the places of removed keys in
/// place as long as no more than 57,344 are taken; with more it doubles.
const REMEMBERED_KEYS: usize = 50_000;

/// The keys of what came, oldest first out. There are many: an id is its bytes here, for those need not
/// stand at a multiple of sixteen.
#[derive(Default)]
pub(super) struct Seen {
    first: HashMap<u64, [u8; 16]>,
    order: VecDeque<u64>,
}

impl Seen {
    /// The capture that had this key before; else the key is this one's.
    pub(super) fn check(&mut self, key: u64, id: Id) -> Option<Id> {
        if let Some(first) = self.first.get(&key) {
            return Some(Id {
                kind: IdKind::Capture,
                ulid: Ulid::from_bytes(*first),
            });
        }
        if self.order.len() >= REMEMBERED_KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.first.insert(key, id.ulid.to_bytes());
        self.order.push_back(key);
        None
    }

    pub(super) fn forget(&mut self, id: Id) {
        let bytes = id.ulid.to_bytes();
        let is_its = |key: &u64| self.first.get(key) == Some(&bytes);
        if let Some(at) = self.order.iter().rposition(is_its)
            && let Some(key) = self.order.remove(at)
        {
            self.first.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_key_that_was_seen_names_its_first_capture_until_that_is_forgotten() {
        let id = |number| Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number));
        let key = 7;
        let mut seen = Seen::default();
        assert_eq!(seen.check(key, id(1)), None);
        assert_eq!(seen.check(key, id(2)), Some(id(1)));
        seen.forget(id(1));
        assert_eq!(seen.check(key, id(3)), None);
    }

    #[test]
    fn the_memory_for_duplicates_is_bounded() {
        let mut seen = Seen::default();
        for number in 0..REMEMBERED_KEYS as u64 + 10 {
            seen.check(
                number,
                Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number)),
            );
        }
        assert_eq!(
            (seen.first.len(), seen.order.len()),
            (REMEMBERED_KEYS, REMEMBERED_KEYS)
        );
    }
}

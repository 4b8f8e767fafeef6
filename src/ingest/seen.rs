//! The keys of received requests, to find repeated ones.

use hashlink::LinkedHashMap;
use ulid::Ulid;

use crate::model::{Id, IdKind};

/// Keys that are remembered.
const REMEMBERED_KEYS: usize = 50_000;

/// The keys of received requests, oldest first out. There are many: an id is its bytes here, for those need not
/// stand at a multiple of sixteen.
#[derive(Default)]
pub(super) struct Seen(LinkedHashMap<u64, [u8; 16]>);

impl Seen {
    /// The capture that had this key before; else the key is this one's.
    pub(super) fn check(&mut self, key: u64, id: Id) -> Option<Id> {
        if let Some(first) = self.0.get(&key) {
            return Some(Id {
                kind: IdKind::Capture,
                ulid: Ulid::from_bytes(*first),
            });
        }
        if self.0.len() >= REMEMBERED_KEYS {
            self.0.pop_front();
        }
        self.0.insert(key, id.ulid.to_bytes());
        None
    }

    pub(super) fn forget(&mut self, id: Id) {
        let bytes = id.ulid.to_bytes();
        // It came a moment ago.
        let own = self.0.iter().rev().find(|(_, first)| **first == bytes);
        if let Some(key) = own.map(|(key, _)| *key) {
            self.0.remove(&key);
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
        assert_eq!(seen.0.len(), REMEMBERED_KEYS);
    }
}

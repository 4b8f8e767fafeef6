//! The keys of received requests, to find repeated ones.

use hashlink::LinkedHashMap;
use ulid::Ulid;

use crate::model::{EventKey, Id, IdKind, Repetition};

/// Keys that are remembered.
const REMEMBERED_KEYS: usize = 50_000;

/// The keys of received requests, oldest first out.
#[derive(Default)]
pub(super) struct Seen(LinkedHashMap<u64, Holder>);

/// The latest capture with a key; of those with the same content, the first. There are many: an id is its bytes here,
/// for those need not stand at a multiple of sixteen.
struct Holder {
    id: [u8; 16],
    content: u64,
}

impl Seen {
    /// The capture that had this key before; else the key is this one's.
    pub(super) fn check(
        &mut self,
        EventKey { key, content }: EventKey,
        id: Id,
    ) -> Option<Repetition> {
        let own = Holder {
            id: id.ulid.to_bytes(),
            content,
        };
        if let Some(holder) = self.0.get_mut(&key) {
            let of = Id {
                kind: IdKind::Capture,
                ulid: Ulid::from_bytes(holder.id),
            };
            let is_changed = holder.content != content;
            if is_changed {
                *holder = own;
            }
            return Some(Repetition { of, is_changed });
        }
        if self.0.len() >= REMEMBERED_KEYS {
            self.0.pop_front();
        }
        self.0.insert(key, own);
        None
    }

    pub(super) fn forget(&mut self, id: Id) {
        let bytes = id.ulid.to_bytes();
        // It came a moment ago.
        let own = self.0.iter().rev().find(|(_, holder)| holder.id == bytes);
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
        let mut seen = Seen::default();
        let repetition = |of, is_changed| Some(Repetition { of, is_changed });
        let key = EventKey { key: 7, content: 1 };
        assert_eq!(seen.check(key, id(1)), None);
        assert_eq!(seen.check(key, id(2)), repetition(id(1), false));
        seen.forget(id(1));
        assert_eq!(seen.check(key, id(3)), None);
    }

    /// One message that is reported as received, and then as processed, under one id; and the retry of the second.
    #[test]
    fn other_content_under_a_key_is_told_from_a_repetition() {
        let id = |number| Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number));
        let mut seen = Seen::default();
        let mut check = |content, number| {
            let found = seen.check(EventKey { key: 7, content }, id(number));
            found.map(|found| (found.of, found.is_changed))
        };
        assert_eq!(check(1, 1), None);
        assert_eq!(check(2, 2), Some((id(1), true)));
        assert_eq!(check(2, 3), Some((id(2), false)));
        assert_eq!(check(2, 4), Some((id(2), false)));
    }

    #[test]
    fn the_memory_for_duplicates_is_bounded() {
        let mut seen = Seen::default();
        for number in 0..REMEMBERED_KEYS as u64 + 10 {
            seen.check(
                EventKey {
                    key: number,
                    content: 0,
                },
                Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number)),
            );
        }
        assert_eq!(seen.0.len(), REMEMBERED_KEYS);
    }
}

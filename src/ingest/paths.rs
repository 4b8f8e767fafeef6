//! The paths at which senders are seen: what `listen --init` makes endpoints of.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Senders choose paths: more than these are not remembered, nor longer ones.
const MOST_PATHS: usize = 64;
const LONGEST_PATH: usize = 100;

/// Where whose requests came.
#[derive(Debug, Default)]
pub struct PathsSeen(Mutex<BTreeMap<(String, String), u64>>);

impl PathsSeen {
    /// A request of that provider was accepted at that target. A path that is not plain text is not remembered.
    pub fn see(&self, target: &str, provider: &str) {
        let path = target.split('?').next().unwrap_or_default();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        if !path.starts_with('/') || path.len() > LONGEST_PATH || !path.bytes().all(is_plain) {
            return;
        }
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (path.to_owned(), provider.to_owned());
        if seen.len() < MOST_PATHS || seen.contains_key(&key) {
            *seen.entry(key).or_default() += 1;
        }
    }

    /// Each path with its provider. Where requests of several came to one path, the one with the most has it.
    pub fn all(&self) -> Vec<(String, String)> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut best: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
        for ((path, provider), count) in &*seen {
            let known = best.entry(path).or_insert((provider, *count));
            if *count > known.1 {
                *known = (provider, *count);
            }
        }
        let pairs = best.into_iter();
        pairs
            .map(|(path, (provider, _))| (path.to_owned(), provider.to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_the_provider_that_came_most_often() {
        let seen = PathsSeen::default();
        for (target, provider) in [
            ("/a?x=1", "stripe"),
            ("/a", "github"),
            ("/a", "github"),
            ("/b/c", "stripe"),
            ("/\"]\n[evil]", "stripe"),
            ("*", "stripe"),
        ] {
            seen.see(target, provider);
        }
        let all = seen.all();
        let all: Vec<(&str, &str)> = all.iter().map(|(path, of)| (&**path, &**of)).collect();
        assert_eq!(all, [("/a", "github"), ("/b/c", "stripe")]);
        for number in 0..1000 {
            seen.see(&format!("/{number}"), "stripe");
        }
        assert!(seen.all().len() <= MOST_PATHS, "senders choose them");
    }
}

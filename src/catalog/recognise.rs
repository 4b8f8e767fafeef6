//! Which provider a request is from.

use std::collections::HashSet;
use std::sync::Arc;

use super::provider::Provider;
use crate::message::Headers;
use crate::payload::Document;

/// The recognition rules of several providers, ready to be asked often.
pub struct Recogniser {
    rules: Vec<Rule>,
}

struct Rule {
    provider: Arc<Provider>,
    events: HashSet<String>,
}

/// Who a request may be from, best first; more than one where their scores are equal.
pub type Recognition = Vec<Arc<Provider>>;

impl Recogniser {
    pub fn new(providers: Vec<Arc<Provider>>) -> Self {
        let rule = |provider: Arc<Provider>| Rule {
            events: provider.events.keys().cloned().collect(),
            provider,
        };
        Self {
            rules: providers.into_iter().map(rule).collect(),
        }
    }

    /// The providers whose rules fit best.
    pub fn recognise(&self, headers: &Headers, document: Option<&Document<'_>>) -> Recognition {
        let mut best = 0;
        let mut found = Vec::new();
        for rule in &self.rules {
            let score = rule.score(headers, document);
            if score == 0 || score < best {
                continue;
            }
            if score > best {
                best = score;
                found.clear();
            }
            found.push(rule.provider.clone());
        }
        found
    }
}

impl Rule {
    /// The conditions met; nought where the request is no candidate.
    fn score(&self, headers: &Headers, document: Option<&Document<'_>>) -> usize {
        let recognise = &self.provider.recognise;
        let by_header = recognise
            .headers
            .iter()
            .filter(|name| headers.contains(name))
            .count();
        let mut by_body = 0;
        let mut all_met = !recognise.body.is_empty();
        for condition in &recognise.body {
            let value = document.and_then(|document| document.get(&condition.at));
            let met = value.is_some_and(|value| {
                condition.kind.is_none_or(|kind| kind.fits(value.kind()))
                    && (!condition.known_event
                        || value
                            .as_str()
                            .is_some_and(|text| self.events.contains(text.as_ref())))
            });
            by_body += usize::from(met);
            all_met &= met || condition.optional;
        }
        if by_header > 0 || all_met {
            by_header + by_body
        } else {
            0
        }
    }
}

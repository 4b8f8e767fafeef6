//! Which provider a request is from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::provider::Provider;
use crate::message::Headers;
use crate::payload::Document;

/// The recognition rules of several providers, ready to be asked often: a request's headers are looked up,
/// not each rule's.
pub struct Recogniser {
    rules: Vec<Rule>,
    /// Lower-case header name → the conditions on it.
    by_header: HashMap<String, Vec<HeaderTest>>,
    /// The rules that a body alone can fulfil.
    by_body: Vec<usize>,
}

struct Rule {
    provider: Arc<Provider>,
    events: HashSet<String>,
    /// The conditions on headers that anybody sends: they tell something only beside another.
    common: u32,
}

/// Headers that say nothing of who sends them.
const ANYBODYS: &str = "content-type";

struct HeaderTest {
    rule: usize,
    /// Which of the rule's conditions, as a bit.
    bit: u32,
    value: Option<String>,
}

/// Who a request may be from, best first; more than one where their scores are equal.
pub type Recognition = Vec<Arc<Provider>>;

impl Recogniser {
    pub fn new(providers: Vec<Arc<Provider>>) -> Self {
        let mut by_header: HashMap<String, Vec<HeaderTest>> = HashMap::new();
        let mut by_body = Vec::new();
        for (rule, provider) in providers.iter().enumerate() {
            for (index, condition) in provider.recognise.headers.iter().enumerate().take(32) {
                let tests = by_header
                    .entry(condition.name.to_ascii_lowercase())
                    .or_default();
                tests.push(HeaderTest {
                    rule,
                    bit: 1 << index,
                    value: condition
                        .value
                        .as_ref()
                        .map(|value| value.to_ascii_lowercase()),
                });
            }
            if provider
                .recognise
                .body
                .iter()
                .any(|condition| !condition.optional)
            {
                by_body.push(rule);
            }
        }
        let common = |provider: &Provider| {
            let conditions = provider.recognise.headers.iter().enumerate().take(32);
            conditions
                .filter(|(_, condition)| condition.name.eq_ignore_ascii_case(ANYBODYS))
                .fold(0, |bits, (index, _)| bits | 1 << index)
        };
        let rule = |provider: Arc<Provider>| Rule {
            common: common(&provider),
            events: provider.events.keys().cloned().collect(),
            provider,
        };
        Self {
            rules: providers.into_iter().map(rule).collect(),
            by_header,
            by_body,
        }
    }

    /// The providers whose rules fit best.
    pub fn recognise(&self, headers: &Headers, document: Option<&Document<'_>>) -> Recognition {
        let mut scores: Vec<(usize, (u32, bool))> = Vec::with_capacity(8);
        for (rule, bits) in self.headers_met(headers) {
            let by_body = self.rules[rule].body_conditions(document).0;
            scores.push((rule, self.rules[rule].score(bits.count_ones() + by_body)));
        }
        for &rule in &self.by_body {
            if !scores.iter().any(|(scored, _)| *scored == rule)
                && let (met, true) = self.rules[rule].body_conditions(document)
            {
                scores.push((rule, self.rules[rule].score(met)));
            }
        }
        let best = scores.iter().map(|(_, score)| *score).max();
        let mut found: Vec<usize> = scores
            .into_iter()
            .filter(|(_, score)| Some(*score) == best)
            .map(|(rule, _)| rule)
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|rule| self.rules[rule].provider.clone())
            .collect()
    }

    /// The rules with a condition that the headers meet, and which.
    fn headers_met(&self, headers: &Headers) -> Vec<(usize, u32)> {
        let mut met: Vec<(usize, u32)> = Vec::with_capacity(8);
        for (name, value) in headers.iter() {
            let lower;
            let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                lower = name.to_ascii_lowercase();
                &lower
            } else {
                name
            };
            for test in self.by_header.get(name).into_iter().flatten() {
                let fits = test.value.as_ref().is_none_or(|wanted| {
                    value
                        .get(..wanted.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(wanted.as_bytes()))
                });
                if !fits {
                    continue;
                }
                match met.iter_mut().find(|(rule, _)| *rule == test.rule) {
                    Some((_, bits)) => *bits |= test.bit,
                    None => met.push((test.rule, test.bit)),
                }
            }
        }
        met.retain(|(rule, bits)| bits & !self.rules[*rule].common != 0);
        met
    }
}

impl Rule {
    /// The conditions met; of two with as many, the one that has no other goes first.
    fn score(&self, met: u32) -> (u32, bool) {
        let recognise = &self.provider.recognise;
        let all = recognise.headers.len() + recognise.body.len();
        (met, usize::try_from(met) == Ok(all))
    }

    /// How many of the body's conditions are met, and whether the body alone makes it a candidate.
    fn body_conditions(&self, document: Option<&Document<'_>>) -> (u32, bool) {
        let mut count = 0;
        let mut all_met = true;
        for condition in &self.provider.recognise.body {
            let value = document.and_then(|document| document.get(&condition.at));
            let met = value.is_some_and(|value| {
                condition.kind.is_none_or(|kind| kind.fits(value.kind()))
                    && condition
                        .equals
                        .as_deref()
                        .is_none_or(|wanted| value.as_str().is_some_and(|text| text == wanted))
                    && (!condition.known_event
                        || value
                            .as_str()
                            .is_some_and(|text| self.events.contains(text.as_ref())))
            });
            count += u32::from(met);
            all_met &= met || condition.optional;
        }
        (count, all_met)
    }
}

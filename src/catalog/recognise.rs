//! Which provider a request is from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::provider::Provider;
use crate::model::{Headers, Right};
use crate::payload::{Document, Kind};

/// The recognition rules of several providers, ready to be asked often: a request's headers are looked up,
/// not each rule's.
pub struct Recogniser {
    rules: Vec<Rule>,
    /// Lower-case header name → the conditions on it.
    by_header: HashMap<String, Vec<HeaderTest>>,
    by_body: BodyRules,
}

/// The rules that a body alone can fulfil, and the keys of its object that each needs, as bits.
#[derive(Default)]
struct BodyRules {
    rules: Vec<(usize, u64)>,
    bits: HashMap<String, u64>,
}

struct Rule {
    provider: Arc<Provider>,
    events: HashSet<String>,
    /// The conditions on headers that anybody sends: they tell something only beside another.
    common: u32,
    /// The conditions on headers that many use.
    shared: u32,
}

/// Headers that say nothing of who sends them.
const ANYBODYS: &str = "content-type";

/// Headers whose names many senders use: they tell something beside another condition, or where a rule has no other.
const SHARED: [&str; 4] = [
    "x-signature",
    "x-hub-signature",
    "x-hub-signature-256",
    "x-webhook-signature",
];

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
        }
        let by_body = BodyRules::new(&providers);
        let of_names = |provider: &Provider, names: &[&str]| {
            let conditions = provider.recognise.headers.iter().enumerate().take(32);
            let is_named = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
            conditions
                .filter(|(_, condition)| is_named(&condition.name))
                .fold(0, |bits, (index, _)| bits | 1 << index)
        };
        let rule = |provider: Arc<Provider>| Rule {
            common: of_names(&provider, &[ANYBODYS]),
            shared: match provider.recognise.headers.len() + provider.recognise.body.len() {
                1 => 0,
                _ => of_names(&provider, &SHARED),
            },
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
            if by_body == 0 && bits & !self.rules[rule].shared == 0 {
                continue;
            }
            scores.push((rule, self.rules[rule].score(bits.count_ones() + by_body)));
        }
        for rule in document
            .into_iter()
            .flat_map(|document| self.by_body.possible(document))
        {
            if !scores.iter().any(|(scored, _)| *scored == rule)
                && let (met, true) = self.rules[rule].body_conditions(document)
            {
                scores.push((rule, self.rules[rule].score(met)));
            }
        }
        // Who may not outrank others is not asked where the signature of one of those is there.
        let may_outrank = |(rule, _): &(usize, (u32, bool))| {
            self.rules[*rule].provider.allows(Right::OutrankProvider)
        };
        let is_signed = scores
            .iter()
            .filter(|score| may_outrank(score))
            .any(|(rule, _)| self.rules[*rule].has_signature(headers, document));
        if is_signed {
            scores.retain(may_outrank);
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

impl BodyRules {
    fn new(providers: &[Arc<Provider>]) -> Self {
        let mut all = Self::default();
        for (rule, provider) in providers.iter().enumerate() {
            let body = provider.recognise.body.iter();
            let needed: Vec<_> = body.filter(|condition| !condition.optional).collect();
            if needed.is_empty() {
                continue;
            }
            let keys = needed
                .iter()
                .filter_map(|condition| condition.path.steps().first());
            let bits = keys.fold(0, |bits, key| {
                let next = u32::try_from(all.bits.len()).unwrap_or(u32::MAX);
                // Keys beyond the bits are not asked for here, only by the rule itself.
                let own = 1_u64.checked_shl(next).unwrap_or(0);
                bits | *all.bits.entry(key.clone()).or_insert(own)
            });
            all.rules.push((rule, bits));
        }
        all
    }

    /// The rules whose keys this body has.
    fn possible(&self, document: &Document<'_>) -> impl Iterator<Item = usize> {
        let root = document.root();
        let there = match root.kind() {
            Kind::Object => root
                .children()
                .filter_map(|child| self.bits.get(child.key()?.as_ref()))
                .fold(0, |there, bit| there | bit),
            // A step is an index here.
            _ => u64::MAX,
        };
        let possible = self
            .rules
            .iter()
            .filter(move |(_, bits)| bits & !there == 0);
        possible.map(|(rule, _)| *rule)
    }
}

impl Rule {
    /// The conditions met; of two with as many, the one that has no other goes first.
    fn score(&self, met: u32) -> (u32, bool) {
        let recognise = &self.provider.recognise;
        let all = recognise.headers.len() + recognise.body.len();
        (met, usize::try_from(met) == Ok(all))
    }

    /// Whether the signature of its provider's scheme is there, right or wrong.
    fn has_signature(&self, headers: &Headers, document: Option<&Document<'_>>) -> bool {
        let Some(scheme) = &self.provider.signature else {
            return false;
        };
        headers.iter().any(|(name, _)| scheme.is_carried_by(name))
            || scheme
                .body
                .as_ref()
                .is_some_and(|path| document.is_some_and(|document| document.get(path).is_some()))
    }

    /// How many of the body's conditions are met, and whether the body alone makes it a candidate.
    fn body_conditions(&self, document: Option<&Document<'_>>) -> (u32, bool) {
        let mut count = 0;
        let mut all_met = true;
        for condition in &self.provider.recognise.body {
            let value = document.and_then(|document| document.get(&condition.path));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::model::Trust;

    const LISTS: &str = r#"name = "lists"
[sources]
guide = { title = "Guide", date = "2026-01-01" }
[request]
documented = "guide"
content_type = "application/json"
[recognise]
body = [{ path = "", type = "array" }]
[body]
documented = "guide"
event = { default = "made" }
idempotency_key = ["digest"]
[delivery]
documented = "guide"
timeout = "1s"
success = ["2xx"]
[event.made]
category = "Things"
documented = "guide"
description = "A thing was made."
"#;

    /// The rules that are looked at because of a key are all those that a look at each would find.
    #[test]
    fn no_rule_that_a_body_fulfils_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("lists", LISTS.to_owned()),
            (
                "seconds",
                LISTS.replace("\"lists\"", "\"seconds\"").replace(
                    "path = \"\", type = \"array\"",
                    "path = \"/1/kind\", equals = \"made\"",
                ),
            ),
        ] {
            let folder = dir.path().join(name);
            std::fs::create_dir_all(folder.join("samples")).unwrap();
            std::fs::write(folder.join("provider.toml"), text).unwrap();
            std::fs::write(folder.join("samples/made.json"), "[{},{\"kind\":\"made\"}]").unwrap();
        }
        let mut catalog = Catalog::embedded();
        catalog
            .add_dir(&dir.path().join("lists"), Trust::FoundUpward)
            .unwrap();
        catalog
            .add_dir(&dir.path().join("seconds"), Trust::FoundUpward)
            .unwrap();
        let (providers, errors) = catalog.all();
        assert!(errors.is_empty(), "{errors:?}");
        let recogniser = Recogniser::new(providers.clone());
        let mut fulfilled = HashSet::new();
        for provider in &providers {
            for event in provider.events.keys() {
                let sample = provider.sample(event, None).unwrap().unwrap_or_default();
                let Ok(document) = Document::parse(sample.as_bytes()) else {
                    continue;
                };
                let possible: Vec<usize> = recogniser.by_body.possible(&document).collect();
                for &(rule, _) in &recogniser.by_body.rules {
                    if recogniser.rules[rule].body_conditions(Some(&document)).1 {
                        assert!(possible.contains(&rule), "{event} of {}", provider.name);
                        fulfilled.insert(recogniser.rules[rule].provider.name.clone());
                    }
                }
            }
        }
        assert!(fulfilled.contains("lists") && fulfilled.contains("seconds"));
        assert!(fulfilled.len() >= 10, "{fulfilled:?}");
    }
}

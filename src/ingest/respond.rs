//! Configured responses: rules in their order, then one for all other requests. The first rule that matches a request
//! decides.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError, RwLock};

use serde::Deserialize;

use crate::model::{Headers, RandomSource, RemoteText, ResponseFault};
use crate::payload::{Condition, Document};
use crate::receiver::{Delay, Per, PlannedResponse, Reply, Sequence, status_of_path};
use crate::search::EventPattern;
use crate::store::SharedStore;

/// How many event types and ids are counted apart; when there are more, counting starts again.
const COUNTED: usize = 65_536;

/// What requests of a kind are answered on purpose. Conditions that are left out fit everything.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ResponseRule {
    pub provider: Option<String>,
    pub event: Option<EventPattern>,
    /// `Name`, or `Name: value`.
    pub header: Option<String>,
    pub path: Option<EventPattern>,
    /// A condition on the body.
    #[serde(rename = "where")]
    pub condition: Option<Condition>,
    /// The answers in turn; 200 where it is left out.
    pub respond: Option<Sequence>,
    #[serde(default)]
    pub respond_per: Per,
    pub body: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub delay: Option<Delay>,
}

/// How requests are answered on purpose.
#[derive(Clone, Debug, Default)]
pub struct ResponseOptions {
    /// The first one that fits a request decides.
    pub rules: Vec<ResponseRule>,
    /// What is answered where none does.
    pub fallback: Option<ResponseRule>,
    /// To what does not verify, too.
    pub always: bool,
    /// `/…/503` is answered 503.
    pub status_paths: bool,
    pub random: RandomSource,
}

/// The rules in force, and how often each has answered.
pub struct Responder {
    rules: RwLock<Rules>,
    fallback: Option<ResponseRule>,
    always: bool,
    status_paths: bool,
    random: RandomSource,
    counts: Mutex<HashMap<(usize, String), u64>>,
}

#[derive(Default)]
struct Rules {
    usual: Vec<ResponseRule>,
    /// In the place of the usual ones, as long as they are set.
    instead: Option<Vec<ResponseRule>>,
}

impl Rules {
    fn in_force(&self) -> &[ResponseRule] {
        self.instead.as_ref().unwrap_or(&self.usual)
    }
}

/// What a rule comes to.
enum Chosen {
    Reply(Reply),
    /// One of its answers, by how many requests it has answered before that have the same name: its place, and that.
    InTurn {
        rule: ResponseRule,
        counted: (usize, String),
    },
}

/// What is known of a request when its answer is chosen.
pub struct Asked<'r> {
    pub provider: Option<&'r str>,
    pub event: Option<&'r RemoteText>,
    pub headers: &'r Headers,
    pub target: &'r str,
    pub document: Option<&'r Document<'r>>,
    /// The event's idempotency key.
    pub key: Option<u64>,
    /// Nothing speaks against its signature.
    pub believed: bool,
}

impl Responder {
    pub fn new(options: ResponseOptions) -> Self {
        Self {
            rules: RwLock::new(Rules {
                usual: options.rules,
                instead: None,
            }),
            fallback: options.fallback,
            always: options.always,
            status_paths: options.status_paths,
            random: options.random,
            counts: Mutex::default(),
        }
    }

    /// Other usual rules from now on. They are in force, and their sequences start again, unless others are set in their
    /// place: false then.
    pub fn replace(&self, rules: Vec<ResponseRule>) -> bool {
        let mut all = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        all.usual = rules;
        let are_in_force = all.instead.is_none();
        if are_in_force {
            self.start_again();
        }
        are_in_force
    }

    /// Rules in the place of the usual ones; none: the usual ones again. Their sequences start again.
    pub fn set_instead(&self, rules: Option<Vec<ResponseRule>>) {
        let mut all = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        all.instead = rules;
        self.start_again();
    }

    fn start_again(&self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clear();
    }

    /// The answer, where one is chosen on purpose. What is answered in turn is counted here, or by all nodes that
    /// receive.
    pub async fn reply(
        &self,
        asked: &Asked<'_>,
        shared: Option<&dyn SharedStore>,
    ) -> Option<Reply> {
        let (rule, counted) = match self.choose(asked)? {
            Chosen::Reply(reply) => return Some(reply),
            Chosen::InTurn { rule, counted } => (rule, counted),
        };
        let count = match shared {
            None => self.count(counted),
            // What cannot be counted cannot be stored either, and is answered 503.
            Some(shared) => {
                let name = (&rule, &counted.1);
                shared
                    .count_response(&format!("{name:?}"))
                    .await
                    .unwrap_or(0)
            }
        };
        let answer = rule.respond.as_ref()?.at(count);
        Some(self.written(&rule, answer))
    }

    fn choose(&self, asked: &Asked<'_>) -> Option<Chosen> {
        if !asked.believed && !self.always {
            return None;
        }
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        let rules = rules.in_force();
        let fits = |rule: &ResponseRule| fits(rule, asked);
        let (index, rule) = match rules.iter().position(fits) {
            Some(index) => (index, &rules[index]),
            None => {
                if self.status_paths
                    && let Some(status) = status_of_path(asked.target)
                {
                    let flags = self.fallback.clone().unwrap_or_default();
                    let plain = PlannedResponse {
                        status,
                        fault: None,
                    };
                    return Some(Chosen::Reply(self.written(&flags, plain)));
                }
                (usize::MAX, self.fallback.as_ref()?)
            }
        };
        if rule.respond.is_none() {
            let plain = PlannedResponse {
                status: 200,
                fault: None,
            };
            return Some(Chosen::Reply(self.written(rule, plain)));
        }
        Some(Chosen::InTurn {
            rule: rule.clone(),
            counted: (index, counted_as(rule.respond_per, asked)),
        })
    }

    /// How many requests this rule has answered before, of the same kind.
    fn count(&self, counted: (usize, String)) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= COUNTED {
            counts.clear();
        }
        let count = counts.entry(counted).or_default();
        *count += 1;
        *count - 1
    }

    fn written(&self, rule: &ResponseRule, answer: PlannedResponse) -> Reply {
        let delay = rule
            .delay
            .map(|delay: Delay| delay.pick(&mut self.random.fork()));
        let slowly = match answer.fault {
            // There must be something to be slow with.
            Some(ResponseFault::SlowBody(_) | ResponseFault::CloseEarly) if rule.body.is_none() => {
                "the body\n"
            }
            _ => "",
        };
        Reply {
            headers: rule
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.clone().into_bytes()))
                .collect(),
            body: rule.body.as_deref().unwrap_or(slowly).as_bytes().to_vec(),
            delay: delay.unwrap_or_default(),
            fault: answer.fault,
            ..Reply::empty(answer.status)
        }
    }
}

/// What requests have in common that are answered in turn.
fn counted_as(per: Per, asked: &Asked<'_>) -> String {
    let event = || {
        let event = asked.event.map_or("", |event| event.unescaped());
        format!("{}/{event}", asked.provider.unwrap_or_default())
    };
    match (per, asked.key) {
        (Per::All, _) => String::new(),
        (Per::Id, Some(key)) => key.to_string(),
        (Per::Event, _) | (Per::Id, None) => event(),
    }
}

fn fits(rule: &ResponseRule, asked: &Asked<'_>) -> bool {
    let event = asked.event.map(RemoteText::unescaped);
    let provider = rule.provider.as_deref();
    provider.is_none_or(|provider| asked.provider == Some(provider))
        && rule
            .event
            .as_ref()
            .is_none_or(|pattern| pattern.fits(asked.provider, event))
        && rule.path.as_ref().is_none_or(|pattern| {
            let path = asked.target.split('?').next().unwrap_or_default();
            pattern.fits_text(path)
        })
        && rule.header.as_ref().is_none_or(|wanted| {
            let (name, value) = wanted.split_once(':').unwrap_or((wanted, ""));
            let value = value.trim();
            let mut all = asked.headers.all(name.trim());
            all.any(|found| value.is_empty() || found == value.as_bytes())
        })
        && rule
            .condition
            .as_ref()
            .is_none_or(|condition| condition.holds(asked.document))
}

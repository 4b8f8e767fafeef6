//! What happens by itself: a scenario's events, and traffic at random.

use std::collections::HashMap;
use std::time::Duration;

use super::events::{EmulatorError, Publication, Published, refused};
use super::input::Fault;
use super::state::{Emulated, Emulator};
use crate::catalog::{Content, ErrorKind, EventName, Scenario, ScenarioStep, prepare};
use crate::delivery::Rate;
use crate::model::InvalidText;
use crate::payload::{Document, Edit};

/// How often it is looked whether there is a first subscription.
const LOOKED_EVERY: Duration = Duration::from_millis(100);

impl Emulator {
    /// A scenario of a provider, by its name.
    pub(super) fn scenario<'e>(
        &self,
        emulated: &'e Emulated,
        name: &str,
    ) -> Result<&'e Scenario, EmulatorError> {
        let scenarios = &emulated.provider.scenarios;
        scenarios.get(name).ok_or_else(|| {
            let all: Vec<&str> = scenarios.keys().map(String::as_str).collect();
            let known = match all.as_slice() {
                [] => "it has none".to_owned(),
                all => format!("it has {}", all.join(", ")),
            };
            let title = &emulated.provider.title;
            refused(
                ErrorKind::NotFound,
                format!("{title} has no scenario {name}: {known}"),
            )
        })
    }

    /// Plays a scenario to its end, the same with the same seed. Its waits go by as fast as those of deliveries.
    pub(super) async fn play(
        &self,
        emulated: &Emulated,
        scenario: &Scenario,
        seed: Option<u64>,
    ) -> Result<Vec<Published>, EmulatorError> {
        let mut random = match seed {
            Some(seed) => fastrand::Rng::with_seed(seed),
            None => self.options.random.fork(),
        };
        let mut payloads: HashMap<&str, String> = HashMap::new();
        let mut published = Vec::with_capacity(scenario.steps.len());
        for step in &scenario.steps {
            tokio::time::sleep(step.wait.div_f64(self.options.speed)).await;
            let payload = self.payload_of(emulated, step, &payloads, &mut random)?;
            if let Some(name) = &step.name {
                payloads.insert(name, payload.clone());
            }
            let event = step.event.split(':').next().unwrap_or_default();
            let publication = Publication {
                event: event.to_owned(),
                payload: Some(payload),
                platform: step.platform.clone(),
                ..Publication::default()
            };
            match (self.publish(emulated, publication).await, step.refused) {
                (Ok(one), false) => published.push(one),
                (Err(EmulatorError::Fault(Fault { .. })), true) => {}
                (Ok(_), true) => {
                    return Err(refused(
                        ErrorKind::Refused,
                        format!("{event} was published, though it should be refused"),
                    ));
                }
                (Err(error), _) => return Err(error),
            }
        }
        Ok(published)
    }

    fn payload_of(
        &self,
        emulated: &Emulated,
        step: &ScenarioStep,
        earlier: &HashMap<&str, String>,
        random: &mut fastrand::Rng,
    ) -> Result<String, EmulatorError> {
        let wrong = |why: String| refused(ErrorKind::Invalid, why);
        let name: EventName = format!("{}/{}", emulated.name(), step.event)
            .parse()
            .map_err(|error: InvalidText| wrong(error.to_string()))?;
        let name = self.catalog.find(&name, None);
        let name = name.map_err(|error| refused(ErrorKind::UnknownEvent, error.to_string()))?;
        let mut edits = Vec::new();
        for (path, value) in &step.set {
            edits.push(Edit::Set {
                path: path.clone(),
                value: value.to_string(),
            });
        }
        for (path, link) in &step.link {
            let payload = earlier.get(link.step.as_str());
            let payload = payload.ok_or_else(|| {
                wrong(format!(
                    "no step before {} is named {}",
                    step.event, link.step
                ))
            })?;
            let value = Document::parse(payload.as_bytes())
                .ok()
                .and_then(|document| {
                    let value = document.get(&link.path)?;
                    Some(value.raw().to_owned())
                });
            edits.push(Edit::Set {
                path: path.clone(),
                value: value.ok_or_else(|| wrong(format!("{} has no {}", link.step, link.path)))?,
            });
        }
        let content = Content {
            platform: step.platform.clone().filter(|_| !step.refused),
            edits,
            ..Content::default()
        };
        let provider = &emulated.provider;
        let made = prepare(provider, &name.event, name.variant.as_deref(), &content)
            .and_then(|prepared| prepared.build(self.now(), random));
        let bytes = made.map_err(|error| wrong(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))
    }

    /// Plays a scenario as soon as there is someone to hear of it.
    pub async fn play_once_heard(
        &self,
        provider: &str,
        scenario: &Scenario,
        seed: Option<u64>,
    ) -> Result<usize, String> {
        let emulated = self.emulated_of(provider);
        let emulated = emulated.ok_or_else(|| format!("{provider} is not emulated here"))?;
        while self.subscriptions_of(provider, None).is_empty() {
            tokio::time::sleep(LOOKED_EVERY).await;
        }
        let played = self.play(emulated, scenario, seed).await;
        played.map(|published| published.len()).map_err(in_words)
    }

    /// The scenario of a provider that is emulated: `NAME`, or `PROVIDER/NAME`.
    ///
    /// # Errors
    /// There is none of that name, in a sentence.
    pub fn find_scenario(&self, text: &str) -> Result<(String, Scenario), String> {
        let (provider, name) = match text.split_once('/') {
            Some((provider, name)) => (Some(provider), name),
            None => (None, text),
        };
        let mut known = Vec::new();
        for emulated in self.providers.values() {
            if provider.is_some_and(|provider| provider != emulated.name()) {
                continue;
            }
            if let Some(scenario) = emulated.provider.scenarios.get(name) {
                return Ok((emulated.name().to_owned(), scenario.clone()));
            }
            let own = emulated.provider.scenarios.keys();
            known.extend(own.map(|own| format!("{}/{own}", emulated.name())));
        }
        Err(match known.as_slice() {
            [] => format!("no scenario {text}: these providers have none"),
            known => format!("no scenario {text}: there are {}", known.join(", ")),
        })
    }

    /// Publishes events of all providers at random, so many in a time and the same with the same seed, until it is dropped.
    pub async fn make_traffic(&self, rate: Rate, seed: Option<u64>) {
        let mut random = match seed {
            Some(seed) => fastrand::Rng::with_seed(seed),
            None => self.options.random.fork(),
        };
        let mut ticks = tokio::time::interval(rate.per / rate.count.max(1));
        loop {
            ticks.tick().await;
            let all: Vec<(&Emulated, &String)> = self
                .providers
                .values()
                .flat_map(|one| one.provider.events.keys().map(move |event| (one, event)))
                .filter(|(one, event)| !is_of_tests(one, event))
                .collect();
            let Some((emulated, event)) = random.choice(all) else {
                return;
            };
            let step = ScenarioStep {
                event: event.clone(),
                name: None,
                wait: Duration::ZERO,
                platform: None,
                set: indexmap::IndexMap::new(),
                link: indexmap::IndexMap::new(),
                refused: false,
            };
            let payload = self.payload_of(emulated, &step, &HashMap::new(), &mut random);
            // One that has no sample is left out, and where there is no room the next one comes later.
            let Ok(payload) = payload else { continue };
            let publication = Publication {
                event: event.clone(),
                payload: Some(payload),
                ..Publication::default()
            };
            let _ = self.publish(emulated, publication).await;
        }
    }
}

fn is_of_tests(emulated: &Emulated, event: &str) -> bool {
    let provider = &emulated.provider;
    let sent = [provider.on_demand.as_ref(), provider.on_subscribe.as_ref()];
    let handshakes = provider.handshakes.iter();
    let mut names = sent
        .into_iter()
        .flatten()
        .map(|sent| &sent.event)
        .chain(handshakes.map(|handshake| &handshake.event));
    names.any(|name| name == event)
}

/// Why something cannot be done, in a sentence.
fn in_words(error: EmulatorError) -> String {
    match error {
        EmulatorError::Fault(fault) => fault.message,
        EmulatorError::Store(error) => error.to_string(),
    }
}

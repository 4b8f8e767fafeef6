//! What happens by itself: a scenario's events, and traffic at random.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tracing::warn;

use super::error::{EmulatorError, refused};
use super::events::{Publication, Published};
use super::input::Fault;
use super::running::MOST_PLAYING;
use super::state::{Emulated, Emulator};
use crate::catalog::{Content, ErrorKind, EventName, Scenario, ScenarioStep, prepare};
use crate::compose::sent_by_platform;
use crate::delivery::Rate;
use crate::model::InvalidText;
use crate::payload::{Document, Edit, Path};

/// How often it is looked whether there is a first subscription.
const LOOKED_EVERY: Duration = Duration::from_millis(100);
/// Whoever asks for a scenario waits for no longer.
const MOMENT: Duration = Duration::from_secs(1);

/// How far a scenario is.
enum Progress {
    Published(Box<Published>),
    /// For so much real time, where nobody advances the clock.
    Waits(Duration),
}

impl Emulator {
    fn random_of(&self, seed: Option<u64>) -> fastrand::Rng {
        match seed {
            Some(seed) => fastrand::Rng::with_seed(seed),
            None => self.options.random.fork(),
        }
    }

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

    /// Plays a scenario to its end, the same with the same seed, and tells of each event. Its waits go by in the
    /// provider's time.
    async fn play(
        &self,
        emulated: &Emulated,
        scenario: &Scenario,
        seed: Option<u64>,
        mut tell: impl FnMut(Progress),
    ) -> Result<(), EmulatorError> {
        let mut maker = Maker::new(self, emulated, seed);
        let mut turn = None;
        let mut busy = Some(self.clock.busy());
        for step in &scenario.steps {
            if !step.wait.is_zero() {
                let wait = self.clock.wait(step.wait);
                tell(Progress::Waits(wait.left()));
                drop((turn.take(), busy.take()));
                turn = wait.over().await;
                busy = Some(self.clock.busy());
            }
            let (payload, edited) = maker.make(step)?;
            let event = event_of(step);
            let publication = Publication {
                event: event.to_owned(),
                payload: Some(payload),
                edited: Some(edited.iter().map(ToString::to_string).collect()),
                platform: step.platform.clone(),
                ..Publication::default()
            };
            match (self.publish(emulated, publication).await, step.refused) {
                (Ok(one), false) => tell(Progress::Published(Box::new(one))),
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
        Ok(())
    }

    /// Whether a scenario can be played: all that it names is there.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn check_scenario(&self, provider: &str, scenario: &Scenario) -> Result<(), String> {
        let emulated = self.emulated_of(provider);
        let emulated = emulated.ok_or_else(|| format!("{provider} is not emulated here"))?;
        if scenario.steps.is_empty() {
            return Err("it has no steps".to_owned());
        }
        let mut maker = Maker::new(self, emulated, Some(0));
        for (index, step) in scenario.steps.iter().enumerate() {
            let event = event_of(step);
            let place = format!("step {} ({event})", index + 1);
            let made = maker.make(step);
            made.map_err(|error| format!("{place}: {error}"))?;
            let is_sent = sent_by_platform(&emulated.provider, event, step.platform.as_deref());
            match (is_sent, step.refused) {
                (true, true) => {
                    return Err(format!("{place}: it is sent, though it should be refused"));
                }
                (false, false) => {
                    let platform = step.platform.as_deref().unwrap_or_default();
                    return Err(format!(
                        "{place}: it is not sent on the platform {platform}"
                    ));
                }
                (true, false) | (false, true) => {}
            }
        }
        Ok(())
    }

    /// How many scenarios that were asked for are not over.
    pub fn count_playing(&self) -> usize {
        self.playing.count()
    }

    /// Plays a scenario in the background, and returns once it is over or has to wait for more than a moment: what was
    /// published by then, and whether it is over.
    pub(super) async fn begin_scenario(
        self: &Arc<Self>,
        emulated: &Emulated,
        scenario: &Scenario,
        seed: Option<u64>,
    ) -> Result<(Vec<Published>, bool), EmulatorError> {
        if !self.playing.has_room() {
            let why = format!("{MOST_PLAYING} scenarios are played already");
            return Err(refused(ErrorKind::TooMany, why));
        }
        let (tell, mut told) = mpsc::unbounded_channel();
        let (emulator, emulated, scenario) = (self.clone(), emulated.clone(), scenario.clone());
        let provider = emulated.name().to_owned();
        let task = tokio::spawn(async move {
            let tell_of = |progress| {
                // Whoever asked has its answer by now.
                let _ = tell.send(progress);
            };
            let played = emulator.play(&emulated, &scenario, seed, tell_of).await;
            if let Err(error) = &played {
                warn!(provider = emulated.name(), error = %error, "a scenario was not played to its end");
            }
            played
        });
        self.playing.add(provider, task.abort_handle());
        let mut published = Vec::new();
        while let Some(progress) = told.recv().await {
            match progress {
                Progress::Published(one) => published.push(*one),
                Progress::Waits(time) if time > MOMENT => return Ok((published, false)),
                Progress::Waits(_) => {}
            }
        }
        match task.await {
            Ok(played) => played.map(|()| (published, true)),
            // It was reset.
            Err(_) => Ok((published, true)),
        }
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
        let mut count = 0;
        let tell = |progress| count += usize::from(matches!(progress, Progress::Published(_)));
        let played = self.play(emulated, scenario, seed, tell).await;
        played.map_err(|error| error.to_string())?;
        Ok(count)
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
            [] => format!(
                "no scenario {text}: these providers have none, so it is the path of a file with `title` and `steps`"
            ),
            known => format!(
                "no scenario {text}: use one of {}, or the path of a file with `title` and `steps`",
                known.join(", ")
            ),
        })
    }

    /// Publishes events of all providers at random, so many in a time and the same with the same seed, until it is dropped.
    pub async fn make_traffic(&self, rate: Rate, seed: Option<u64>) {
        let mut random = self.random_of(seed);
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
            let payload = self.sample(emulated, event, None, self.now(), &mut random);
            // One that has no sample is left out, and where there is no room the next one comes later.
            let Ok(payload) = payload else { continue };
            let publication = Publication {
                event: event.clone(),
                payload: Some(payload),
                edited: Some(Vec::new()),
                ..Publication::default()
            };
            let _ = self.publish(emulated, publication).await;
        }
    }
}

/// Makes the payloads of a scenario's steps.
struct Maker<'e> {
    emulator: &'e Emulator,
    emulated: &'e Emulated,
    random: fastrand::Rng,
    /// What steps with names came to: their payloads, and where those are not samples.
    earlier: HashMap<String, (String, Vec<Path>)>,
}

impl<'e> Maker<'e> {
    fn new(emulator: &'e Emulator, emulated: &'e Emulated, seed: Option<u64>) -> Self {
        Self {
            emulator,
            emulated,
            random: emulator.random_of(seed),
            earlier: HashMap::new(),
        }
    }

    /// The payload of a step, and where it is not the event's sample.
    fn make(&mut self, step: &ScenarioStep) -> Result<(String, Vec<Path>), EmulatorError> {
        let wrong = |why: String| refused(ErrorKind::Invalid, why);
        let emulated = self.emulated;
        let name: EventName = format!("{}/{}", emulated.name(), step.event)
            .parse()
            .map_err(|error: InvalidText| wrong(error.to_string()))?;
        let name = self.emulator.catalog().find(&name, None);
        let name = name.map_err(|error| refused(ErrorKind::UnknownEvent, error.to_string()))?;
        let mut edits = Vec::new();
        let mut edited = Vec::new();
        for (path, value) in &step.set {
            edited.push(path.clone());
            edits.push(Edit::Set {
                path: path.clone(),
                value: value.to_string(),
            });
        }
        for (path, link) in &step.link {
            let (payload, own) = self.earlier.get(&link.step).ok_or_else(|| {
                let (event, step) = (&step.event, &link.step);
                wrong(format!("no step before {event} is named {step}"))
            })?;
            let value = Document::parse(payload.as_bytes())
                .ok()
                .and_then(|document| {
                    let value = document.get(&link.path)?;
                    Some(value.raw().to_owned())
                });
            // What comes from a sample stays one.
            if own.contains(&link.path) {
                edited.push(path.clone());
            }
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
            .and_then(|prepared| prepared.build(self.emulator.now(), &mut self.random));
        let bytes = made.map_err(|error| wrong(error.to_string()))?;
        let payload = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
        if let Some(name) = &step.name {
            self.earlier
                .insert(name.clone(), (payload.clone(), edited.clone()));
        }
        Ok((payload, edited))
    }
}

/// The event type of a step, without the variant of its sample.
fn event_of(step: &ScenarioStep) -> &str {
    step.event.split(':').next().unwrap_or_default()
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

//! The values that a shell offers for arguments. They are found by reading alone: the store is not migrated, nothing is
//! asked over the network, and no provider's folder counts that was merely found in the working tree.

use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, Provider};
use crate::cli::{Candidate, CandidateKind, FindCandidates};
use crate::delivery::Fault;
use crate::model::{IdKind, Trust};
use crate::settings::{Environment, Settings, SharedFlags, StorePlace};
use crate::store::newest_names;

/// How many captures or deliveries are offered.
const MOST_STORED: usize = 30;

/// Finds candidates with what the environment and the settings say.
pub fn finder(environment: Environment) -> FindCandidates {
    let lazily: OnceLock<Option<Known>> = OnceLock::new();
    let environment = Arc::new(environment);
    Arc::new(move |kind, typed| {
        let known = lazily.get_or_init(|| Known::read((*environment).clone()));
        known
            .as_ref()
            .map_or_else(Vec::new, |known| known.candidates(kind, typed))
    })
}

struct Known {
    settings: Settings,
    catalog: Catalog,
}

impl Known {
    /// None where the settings cannot be read: the shell shows no messages then.
    fn read(environment: Environment) -> Option<Self> {
        let settings = Settings::resolve(&SharedFlags::default(), environment).ok()?;
        let mut catalog = Catalog::embedded();
        let dirs = settings.provider_dirs.iter();
        for (dir, trust) in dirs.filter(|(_, trust)| *trust != Trust::FoundUpward) {
            // A folder that cannot be read has nothing to offer.
            let _ = catalog.add_dir(dir, *trust);
        }
        Some(Self { settings, catalog })
    }

    fn candidates(&self, kind: CandidateKind, typed: &str) -> Vec<Candidate> {
        match kind {
            CandidateKind::Provider => {
                let names = self.catalog.names();
                let title = |name: &str| {
                    let provider = self.catalog.provider(name);
                    provider.map_or_else(|_| String::new(), |provider| provider.title.clone())
                };
                let fitting = names.filter(|name| name.starts_with(typed));
                fitting.map(|name| candidate(name, title(name))).collect()
            }
            CandidateKind::Event => self.events(typed),
            CandidateKind::Endpoint => {
                let endpoints = self.settings.endpoints.iter();
                endpoints
                    .map(|(name, endpoint)| {
                        let place = endpoint.url.as_ref().or(endpoint.path.as_ref());
                        candidate(name, place.cloned().unwrap_or_default())
                    })
                    .collect()
            }
            CandidateKind::Capture => self.stored(IdKind::Capture),
            CandidateKind::Delivery => self.stored(IdKind::Delivery),
            CandidateKind::Fault => {
                let faults = Fault::all().zip(Fault::descriptions());
                let faults = faults.map(|(fault, (_, sends))| (fault.name(), sends));
                faults
                    .map(|(name, sends)| candidate(name, sends.to_owned()))
                    .collect()
            }
            CandidateKind::Response => RESPONSES
                .iter()
                .map(|(value, help)| candidate(value, (*help).to_owned()))
                .collect(),
        }
    }

    /// `PROVIDER/EVENT` once a provider is typed; before that also what providers there are and the bare names.
    fn events(&self, typed: &str) -> Vec<Candidate> {
        if let Some((provider, _)) = typed.split_once('/') {
            let provider = self.catalog.provider(provider).ok();
            return provider.iter().flat_map(full_names).collect();
        }
        let mut all = Vec::new();
        let preferred = self.settings.default_provider.as_deref();
        let (mut providers, _) = self.catalog.all();
        providers.sort_by_key(|provider| Some(provider.name.as_str()) != preferred);
        for provider in &providers {
            let events = provider.events.iter();
            let bare = events.filter(|(event, _)| !typed.is_empty() && event.starts_with(typed));
            for (event, _) in bare {
                if !all.iter().any(|known: &Candidate| known.value == *event) {
                    all.push(candidate(event, provider.title.clone()));
                }
            }
        }
        for provider in providers.iter().filter(|one| one.name.starts_with(typed)) {
            all.extend(full_names(provider));
        }
        all
    }

    fn stored(&self, kind: IdKind) -> Vec<Candidate> {
        let place = self.settings.store.as_ref();
        let Some(path) = place.and_then(StorePlace::file) else {
            return Vec::new();
        };
        let mut all = vec![candidate("last", "the newest".to_owned())];
        let names = newest_names(path, kind, MOST_STORED).unwrap_or_default();
        all.extend(names.into_iter().map(|name| Candidate {
            help: name.event,
            value: name.id.to_string(),
        }));
        all
    }
}

/// Answers on purpose, and what they are.
const RESPONSES: &[(&str, &str)] = &[
    ("200", "accepted"),
    ("204", "accepted, without a body"),
    ("400", "refused"),
    ("401", "refused"),
    ("404", "not found"),
    ("410", "gone"),
    ("429", "too many requests"),
    ("500", "server error"),
    ("503", "not available"),
    ("503x2", "twice, then what follows"),
    ("hang", "no response, the connection stays open"),
    ("reset", "no response, the connection is reset"),
    ("close-early", "the head and half of the body"),
    ("slow-body", "a body that comes slowly"),
];

fn full_names(provider: &Arc<Provider>) -> Vec<Candidate> {
    let events = provider.events.iter();
    let name = |event: &str| format!("{}/{event}", provider.name);
    events
        .map(|(event, facts)| candidate(&name(event), facts.category.clone()))
        .collect()
}

fn candidate(value: &str, help: String) -> Candidate {
    Candidate {
        value: value.to_owned(),
        help,
    }
}

//! Finding an event by what someone typed.

use crate::model::InvalidText;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::Origin;
use super::entries::{Catalog, Entry};
use super::error::{LookupError, nearest, unknown_provider};
use crate::search::EventPattern;

/// An event as it is typed: `provider/event`, `event`, each with `:variant`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventName {
    pub provider: Option<String>,
    pub event: String,
    pub variant: Option<String>,
}

impl FromStr for EventName {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let (provider, rest) = match text.split_once('/') {
            Some((provider, rest)) => (Some(provider.to_owned()), rest),
            None => (None, text),
        };
        let (event, variant) = match rest.split_once(':') {
            Some((event, variant)) => (event, Some(variant.to_owned())),
            None => (rest, None),
        };
        if event.is_empty() || provider.as_deref() == Some("") || variant.as_deref() == Some("") {
            return Err(format!(
                "invalid event `{text}`: use EVENT, PROVIDER/EVENT or PROVIDER/EVENT:VARIANT"
            )
            .into());
        }
        Ok(Self {
            provider,
            event: event.to_owned(),
            variant,
        })
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = &self.provider {
            write!(f, "{provider}/")?;
        }
        f.write_str(&self.event)?;
        match &self.variant {
            Some(variant) => write!(f, ":{variant}"),
            None => Ok(()),
        }
    }
}

impl Catalog {
    /// The one event that `name` means: complete, with its provider. `preferred` breaks a tie.
    pub fn find(
        &self,
        name: &EventName,
        preferred: Option<&str>,
    ) -> Result<EventName, LookupError> {
        let entry = match &name.provider {
            Some(provider) => self
                .entries
                .iter()
                .find(|entry| entry.folder.name() == provider)
                .ok_or_else(|| unknown_provider(provider, self.names()))?,
            None => {
                let having: Vec<&Arc<Entry>> = self
                    .entries
                    .iter()
                    .filter(|entry| self.has_event(entry, &name.event))
                    .collect();
                let chosen = having
                    .iter()
                    .copied()
                    .find(|entry| Some(entry.folder.name()) == preferred);
                match (chosen, having.as_slice()) {
                    (Some(entry), _) => entry,
                    (None, [one]) => *one,
                    (None, []) => return Err(self.unknown_event(&name.event)),
                    (None, several) => {
                        return Err(LookupError::Ambiguous {
                            name: name.event.clone(),
                            candidates: several
                                .iter()
                                .map(|entry| format!("{}/{}", entry.folder.name(), name.event))
                                .collect(),
                        });
                    }
                }
            }
        };
        if *entry.folder.origin() != Origin::Embedded {
            // What is wrong with a folder is a better answer than what it lacks.
            self.parse(entry).map_err(LookupError::Broken)?;
        }
        let provider = &entry.folder;
        if !self.has_event(entry, &name.event) {
            return Err(self.unknown_event(&format!("{}/{}", provider.name(), name.event)));
        }
        let found = EventName {
            provider: Some(provider.name().to_owned()),
            ..name.clone()
        };
        if let Some(variant) = &name.variant {
            let facts = self.provider(provider.name())?;
            let default = facts
                .events
                .get(&name.event)
                .and_then(|event| event.default_variant.clone());
            let mut variants = facts.variants(&name.event);
            variants.extend(default);
            if !variants.contains(variant) {
                variants.sort();
                let name = format!("{}/{}", provider.name(), name.event);
                return Err(LookupError::UnknownVariant {
                    name,
                    variant: variant.clone(),
                    variants,
                });
            }
        }
        Ok(found)
    }

    /// What is unknown where no documented event fits the pattern: it may be misspelt.
    pub fn unfitting(&self, pattern: &EventPattern) -> Option<LookupError> {
        let fits = |entry: &Arc<Entry>| {
            let provider = entry.folder.name();
            let events = self.events_of(entry);
            let is_its = pattern.as_str().split_once('/').map(|(name, _)| name) == Some(provider);
            // One without a list may send anything.
            events.is_empty() && is_its
                || events
                    .iter()
                    .any(|event| pattern.fits(Some(provider), Some(event)))
        };
        (!self.entries.iter().any(fits)).then(|| self.unknown_event(pattern.as_str()))
    }

    fn unknown_event(&self, name: &str) -> LookupError {
        let known = self.entries.iter().flat_map(|entry| {
            self.events_of(entry)
                .into_iter()
                .map(|event| format!("{}/{event}", entry.folder.name()))
        });
        LookupError::UnknownEvent {
            name: name.to_owned(),
            nearest: nearest(name, known),
        }
    }

    fn has_event(&self, entry: &Entry, event: &str) -> bool {
        match entry.folder.origin() {
            // The embedded listing is enough: nothing is parsed for a lookup.
            Origin::Embedded => entry
                .folder
                .samples()
                .binary_search_by(|sample| sample.as_str().cmp(event))
                .is_ok(),
            Origin::Dir(_) => self.events_of(entry).iter().any(|known| known == event),
        }
    }

    /// The events of a provider; a folder of the user's may have some from another that it extends.
    fn events_of(&self, entry: &Entry) -> Vec<String> {
        if *entry.folder.origin() != Origin::Embedded
            && let Ok(provider) = self.parse(entry)
        {
            return provider.events.keys().cloned().collect();
        }
        let own = entry.folder.samples().iter();
        own.filter(|sample| !sample.contains('@'))
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str, preferred: Option<&str>) -> Result<String, String> {
        let found = Catalog::embedded()
            .find(&name.parse().unwrap(), preferred)
            .map_err(|error| error.to_string())?;
        Ok(found.to_string())
    }

    #[test]
    fn a_name_that_one_provider_has_is_enough() {
        assert_eq!(
            find("lead_captured", None).unwrap(),
            "convocore/lead_captured"
        );
        assert_eq!(
            find("gaife/message:image", None).unwrap(),
            "gaife/message:image"
        );
    }

    #[test]
    fn a_shared_name_lists_its_candidates_unless_a_provider_is_preferred() {
        let error = find("conversation.created", None).unwrap_err();
        assert!(
            error.ends_with("agentclara/conversation.created, convo/conversation.created"),
            "{error}"
        );
        assert_eq!(
            find("conversation.created", Some("convo")).unwrap(),
            "convo/conversation.created"
        );
    }

    #[test]
    fn a_typo_gets_the_nearest_names() {
        assert_eq!(
            find("led_captured", None).unwrap_err(),
            "unknown event `led_captured`; did you mean convocore/lead_captured?"
        );
        assert!(
            find("gaif/message", None)
                .unwrap_err()
                .contains("did you mean gaife")
        );
        assert!(
            find("gaife/message:imag", None)
                .unwrap_err()
                .contains("audio, bot, document")
        );
    }

    #[test]
    fn a_pattern_fits_with_and_without_its_provider() {
        let fits = |pattern: &str, provider, event| {
            pattern
                .parse::<EventPattern>()
                .unwrap()
                .fits(Some(provider), Some(event))
        };
        assert!(fits("agentclara/*", "agentclara", "message.received"));
        assert!(fits("conversation.*", "convo", "conversation.shared"));
        assert!(fits("*.ready", "convo", "transcript.ready"));
        assert!(!fits("conversation.*", "convo", "transcript.ready"));
        assert!(!fits("lead", "convocore", "lead_captured"));
    }
}

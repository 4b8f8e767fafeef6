//! Which events are selected: names, patterns, or all that an endpoint is subscribed to.

use std::sync::Arc;

use super::{ComposeNotice, sent_by_platform};
use crate::catalog::{Catalog, CatalogError, EventName, LookupError, Provider};
use crate::model::InvalidText;
use crate::search::EventPattern;

/// Why no events are meant.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// Neither a name nor a pattern.
    #[error(transparent)]
    Text(#[from] InvalidText),
    #[error("the endpoint belongs to {own}, and `{name}` is not one of its events")]
    OtherProvider { own: String, name: EventName },
    #[error("no event matches `{0}`")]
    NoneFits(String),
    #[error(transparent)]
    Lookup(#[from] LookupError),
}

/// What event names are looked up by.
pub struct EventSelection<'s> {
    pub catalog: &'s Catalog,
    /// The provider that the user names.
    pub provider: Option<&'s str>,
    /// The endpoint's provider.
    pub own: Option<&'s str>,
    /// Breaks a tie where neither is there.
    pub usual: Option<&'s str>,
    /// The payload is the user's own: an event that no one lists is theirs, too.
    pub has_payload: bool,
}

impl EventSelection<'_> {
    /// The provider of names that do not say it, where that is settled.
    pub fn preferred(&self) -> Option<&str> {
        self.provider.or(self.own)
    }

    /// The events that names and patterns mean, in their order, and what is worth saying of them. Patterns leave out
    /// what another than the given platform sends.
    pub fn find(
        &self,
        wanted: &[String],
        platform: Option<&str>,
    ) -> Result<(Vec<EventName>, Vec<ComposeNotice>), SelectionError> {
        let (mut names, mut notices) = (Vec::new(), Vec::new());
        for text in wanted {
            if EventPattern::is_wild(text) {
                let (fitting, errors) = self.fitting(text, platform)?;
                names.extend(fitting);
                notices.extend(errors.into_iter().map(ComposeNotice::ProviderBroken));
            } else {
                let (name, notice) = self.named(text)?;
                names.push(name);
                notices.extend(notice);
            }
        }
        Ok((names, notices))
    }

    /// What all means: an endpoint's subscription; without one, all of the provider, or of everyone.
    pub fn all(&self, subscription: &[String]) -> Vec<String> {
        match (subscription, self.preferred()) {
            ([], Some(provider)) => vec![format!("{provider}/*")],
            ([], None) => vec!["*".to_owned()],
            (subscription, _) => subscription.to_vec(),
        }
    }

    /// Each name, and behind it those of its samples that have a name of their own.
    pub fn with_variants(&self, names: Vec<EventName>) -> Result<Vec<EventName>, LookupError> {
        let mut all = Vec::new();
        for name in names {
            let provider = name.provider.as_deref().unwrap_or_default();
            let variants = self.catalog.provider(provider)?.variants(&name.event);
            all.push(name.clone());
            all.extend(variants.into_iter().map(|variant| EventName {
                variant: Some(variant),
                ..name.clone()
            }));
        }
        Ok(all)
    }

    /// The providers whose events may be meant; one that cannot be read is left out, unless it was asked for.
    pub fn providers(&self) -> Result<(Vec<Arc<Provider>>, Vec<CatalogError>), LookupError> {
        match self.preferred() {
            Some(name) => Ok((vec![self.catalog.provider(name)?], Vec::new())),
            None => Ok(self.catalog.all()),
        }
    }

    fn fitting(
        &self,
        text: &str,
        platform: Option<&str>,
    ) -> Result<(Vec<EventName>, Vec<CatalogError>), SelectionError> {
        let pattern: EventPattern = text.parse()?;
        let (providers, errors) = self.providers()?;
        let mut names = Vec::new();
        for provider in providers {
            let events = provider.events.keys().filter(|event| {
                pattern.fits(Some(&provider.name), Some(event))
                    && sent_by_platform(&provider, event, platform)
            });
            names.extend(events.map(|event| EventName {
                provider: Some(provider.name.clone()),
                event: event.clone(),
                variant: None,
            }));
        }
        match names.is_empty() {
            true => Err(SelectionError::NoneFits(text.to_owned())),
            false => Ok((names, errors)),
        }
    }

    fn named(&self, text: &str) -> Result<(EventName, Option<ComposeNotice>), SelectionError> {
        let mut name: EventName = text.parse()?;
        if let (Some(named), Some(own)) = (&name.provider, self.own)
            && named != own
        {
            let own = own.to_owned();
            return Err(SelectionError::OtherProvider { own, name });
        }
        if name.provider.is_none() {
            name.provider = self.preferred().map(str::to_owned);
        }
        let preferred = self.preferred().or(self.usual);
        let provider = name.provider.as_deref().or(preferred).map(str::to_owned);
        match (self.catalog.find(&name, preferred), provider) {
            (Ok(found), _) => Ok((found, None)),
            (Err(LookupError::UnknownEvent { .. }), Some(provider)) if self.has_payload => {
                self.catalog.provider(&provider)?;
                let notice = ComposeNotice::NotListed {
                    provider: provider.clone(),
                    event: name.event.clone(),
                };
                let name = EventName {
                    provider: Some(provider),
                    ..name
                };
                Ok((name, Some(notice)))
            }
            (Err(error), _) => Err(error.into()),
        }
    }
}

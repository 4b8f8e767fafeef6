//! Endpoints of one listener, told apart by their paths: each has a provider and secrets of its own.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::Provider;
use crate::model::Secret;

/// Where one sender's requests arrive.
#[derive(Debug)]
pub struct InboundEndpoint {
    pub name: String,
    pub provider: Arc<Provider>,
    /// Empty where none is set: signatures are not checked then.
    pub secrets: Vec<Secret>,
    /// The secret is the public one.
    pub is_test: bool,
}

/// All of them, by their paths.
#[derive(Debug, Default)]
pub struct InboundEndpoints {
    /// By their paths without slashes at the end, each with the path as it is written.
    all: HashMap<String, (String, InboundEndpoint)>,
}

impl InboundEndpoints {
    /// Adds one; gives back the name of another that has this path already.
    ///
    /// # Errors
    /// There is one.
    pub fn add(&mut self, path: &str, endpoint: InboundEndpoint) -> Result<(), String> {
        match self.all.get(normal_path(path)) {
            Some((_, other)) => Err(other.name.clone()),
            None => {
                let place = normal_path(path).to_owned();
                self.all.insert(place, (path.to_owned(), endpoint));
                Ok(())
            }
        }
    }

    /// The one that a request's target leads to, whatever its query.
    pub fn of(&self, target: &str) -> Option<&InboundEndpoint> {
        let found = self.all.get(normal_path(target));
        found.map(|(_, endpoint)| endpoint)
    }

    /// Each with its path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &InboundEndpoint)> {
        self.all
            .values()
            .map(|(path, endpoint)| (path.as_str(), endpoint))
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether one of them can verify signatures.
    pub fn have_secrets(&self) -> bool {
        self.iter()
            .any(|(_, endpoint)| !endpoint.secrets.is_empty())
    }
}

/// Without the query, and without slashes at the end.
fn normal_path(target: &str) -> &str {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn a_path_leads_to_one_endpoint_whatever_its_query() {
        let provider = Catalog::embedded().provider("convo").unwrap();
        let endpoint = |name: &str| InboundEndpoint {
            name: name.to_owned(),
            provider: provider.clone(),
            secrets: Vec::new(),
            is_test: false,
        };
        let mut all = InboundEndpoints::default();
        all.add("/hooks/live", endpoint("live")).unwrap();
        all.add("/", endpoint("root")).unwrap();
        let taken = all.add("/hooks/live/", endpoint("other"));
        assert_eq!(taken, Err("live".to_owned()));
        for (target, name) in [
            ("/hooks/live", Some("live")),
            ("/hooks/live/?a=/", Some("live")),
            ("/?x", Some("root")),
            ("/hooks", None),
            ("/hooks/lives", None),
        ] {
            let found = all.of(target).map(|endpoint| endpoint.name.as_str());
            assert_eq!(found, name, "{target}");
        }
    }
}

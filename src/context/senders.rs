//! Whose requests a listener receives, and what they are verified with.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Context;
use crate::catalog::{Catalog, GENERIC, Provider};
use crate::cli::ListenArgs;
use crate::exit::Failure;
use crate::ingest::{InboundEndpoint, InboundEndpoints};
use crate::model::Secret;
use crate::report::{EndpointReport, Note};
use crate::settings::{Endpoint, SecretError};
use crate::signature::{check_secrets, test_keys};

/// All senders, and the secrets of each.
pub struct Senders {
    pub catalog: Arc<Catalog>,
    pub providers: Vec<Arc<Provider>>,
    /// Every request is this one's.
    pub given: Option<Arc<Provider>>,
    pub secrets: HashMap<String, Vec<Secret>>,
    /// Providers whose secret is the public one, by their names.
    pub with_test_secret: HashSet<String>,
    pub endpoints: InboundEndpoints,
    /// What each provider's handshake must bring, by its name.
    pub verify_tokens: HashMap<String, Secret>,
}

impl Senders {
    pub fn find(context: &Context, args: &ListenArgs) -> Result<Self, Failure> {
        let endpoint = context.endpoint(args.to.as_deref())?;
        let catalog = context.catalog_for(&args.scheme, endpoint)?;
        let given = args
            .provider
            .as_deref()
            .or_else(|| provider_name(endpoint?))
            .map(|name| catalog.provider(name))
            .transpose()?;
        let (providers, errors) = catalog.all();
        for error in errors {
            context.ui.note(Note::warning(error.to_string()));
        }
        let tokens = providers.iter().filter_map(|provider| {
            let token = context.settings.verify_token(provider)?;
            Some((provider.name.clone(), token))
        });
        let mut senders = Self {
            verify_tokens: tokens.collect(),
            secrets: secrets(context, args, &providers, given.as_deref(), endpoint)?,
            with_test_secret: HashSet::new(),
            endpoints: InboundEndpoints::default(),
            catalog,
            given,
            providers,
        };
        if args.test_secret {
            senders.use_test_secret()?;
        }
        // Every request is one provider's then, whatever its path.
        if senders.given.is_none() {
            senders.endpoints = endpoints(context, args)?;
        }
        Ok(senders)
    }

    /// Providers without a secret get the public one.
    fn use_test_secret(&mut self) -> Result<(), Failure> {
        for provider in &self.providers {
            let Some(scheme) = &provider.signature else {
                continue;
            };
            if !self.secrets.contains_key(&provider.name) {
                let keys = test_keys(scheme).map_err(Failure::usage)?;
                self.secrets
                    .insert(provider.name.clone(), vec![keys.verifying]);
                self.with_test_secret.insert(provider.name.clone());
            }
        }
        Ok(())
    }
}

/// The provider of an endpoint; one with a scheme alone is generic.
fn provider_name(endpoint: &Endpoint) -> Option<&str> {
    let generic = endpoint.signature.as_ref().map(|_| GENERIC);
    endpoint.provider.as_deref().or(generic)
}

/// Those of every provider that has a scheme and a secret.
fn secrets(
    context: &Context,
    args: &ListenArgs,
    providers: &[Arc<Provider>],
    given: Option<&Provider>,
    endpoint: Option<&Endpoint>,
) -> Result<HashMap<String, Vec<Secret>>, Failure> {
    let flags = args.secrets.flags();
    let mut secrets = HashMap::new();
    for provider in providers {
        let Some(scheme) = &provider.signature else {
            continue;
        };
        let is_given = given.is_some_and(|given| given.name == provider.name);
        let found = match endpoint.filter(|_| is_given) {
            Some(endpoint) => context
                .settings
                .secrets(&flags, Some(provider), Some(endpoint)),
            None => context
                .settings
                .secrets_for_listening(&flags, provider, is_given),
        };
        let found = found.map_err(Failure::usage)?;
        if found.is_empty() {
            continue;
        }
        if is_given {
            // A secret that the scheme cannot use would make every verdict a riddle.
            check_secrets(scheme, &found).map_err(Failure::usage)?;
        }
        secrets.insert(provider.name.clone(), found);
    }
    Ok(secrets)
}

/// The endpoints of the settings that have a path, each with its provider and secret.
fn endpoints(context: &Context, args: &ListenArgs) -> Result<InboundEndpoints, Failure> {
    let mut all = InboundEndpoints::default();
    let flags = args.secrets.flags();
    for (name, endpoint) in &context.settings.endpoints {
        let Some(path) = &endpoint.path else {
            continue;
        };
        let provider = provider_name(endpoint).ok_or_else(|| {
            Failure::usage(format!("the endpoint `{name}` has a path, but no provider"))
                .hint("add provider to it in hookcli.toml")
        })?;
        let provider = context
            .catalog_for(&args.scheme, Some(endpoint))?
            .provider(provider)
            .map_err(|error| Failure::from(error).of(&format!("endpoint `{name}`")))?;
        let secrets = context
            .settings
            .secrets(&flags, Some(&provider), Some(endpoint));
        let mut secrets = match secrets {
            Err(error @ SecretError::NotSet(_)) => {
                context.ui.note(Note::warning(format!(
                    "the signatures of the endpoint {name} are not checked: {error}"
                )));
                Vec::new()
            }
            secrets => secrets.map_err(Failure::usage)?,
        };
        let mut is_test = false;
        if let Some(scheme) = &provider.signature {
            if secrets.is_empty() && args.test_secret {
                is_test = true;
                secrets.push(test_keys(scheme).map_err(Failure::usage)?.verifying);
            }
            check_secrets(scheme, &secrets)
                .map_err(|why| Failure::usage(format!("endpoint `{name}`: {why}")))?;
        }
        let inbound = InboundEndpoint {
            name: name.clone(),
            provider,
            secrets,
            is_test,
        };
        all.add(path, inbound).map_err(|other| {
            Failure::usage(format!(
                "the endpoints `{other}` and `{name}` have the same path, {path}"
            ))
            .hint("give each endpoint of hookcli.toml a path of its own")
        })?;
    }
    Ok(all)
}

/// The endpoints as the listener says them once it is ready; `url` is the listener's own.
pub fn endpoint_reports(endpoints: &InboundEndpoints, url: &str) -> Vec<EndpointReport> {
    let reports = endpoints.iter().map(|(path, endpoint)| EndpointReport {
        name: endpoint.name.clone(),
        url: format!("{url}{path}"),
        provider: endpoint.provider.name.clone(),
        verifies: !endpoint.secrets.is_empty(),
    });
    let mut reports: Vec<EndpointReport> = reports.collect();
    reports.sort_by(|one, other| one.name.cmp(&other.name));
    reports
}

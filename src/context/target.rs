//! Where a verb sends to, with which secrets and headers: what flags and settings come to.

use std::sync::Arc;

use super::Context;
use crate::catalog::{Catalog, Provider};
use crate::cli::{SchemeArgs, TransportArgs};
use crate::compose::{ComposeError, Keyring, PreparedRequest, Recipient};
use crate::exchange::{CurlOptions, curl_command};
use crate::exit::{Exit, Failure};
use crate::http::{Destination, Resolved};
use crate::model::{Right, Secret};
use crate::report::{CurlReport, Note, Report};
use crate::settings::{Endpoint, NamedDestination, SecretFlags, Settings};
use crate::view::{BodyReport, RequestReport};

/// Where a verb sends to: the place, the endpoint it belongs to, and who chose it.
pub struct Target<'s> {
    pub destination: Destination,
    pub endpoint: Option<&'s Endpoint>,
    /// The endpoint's name.
    pub endpoint_name: Option<String>,
    pub chosen_by_user: bool,
    /// The providers, with the scheme of this endpoint.
    pub catalog: Arc<Catalog>,
}

impl Target<'_> {
    /// What the request's making has to know of it.
    pub fn recipient(&self, resolved: &Resolved) -> Recipient {
        Recipient {
            destination: self.destination.clone(),
            endpoint: self.endpoint_name.clone(),
            chosen_by_user: self.chosen_by_user,
            has_own_scheme: self
                .endpoint
                .is_some_and(|endpoint| endpoint.signature.is_some()),
            is_loopback: resolved.is_loopback(),
        }
    }

    /// Its endpoint's settings trust any certificate.
    pub fn trusts_any_certificate(&self) -> bool {
        self.endpoint.is_some_and(|endpoint| endpoint.insecure)
    }

    /// The secrets that the settings have for it; `flags` come first.
    pub fn keyring(&self, context: &Context, flags: SecretFlags) -> SettingsKeyring {
        SettingsKeyring {
            settings: context.settings.clone(),
            flags,
            endpoint: self.endpoint.and(self.endpoint_name.clone()),
        }
    }
}

/// The secrets of flags, the environment and the settings' files.
pub struct SettingsKeyring {
    settings: Arc<Settings>,
    flags: SecretFlags,
    /// The name of the endpoint, where one is meant.
    endpoint: Option<String>,
}

impl Keyring for SettingsKeyring {
    fn secrets(&self, provider: &Provider) -> Result<Vec<Secret>, ComposeError> {
        let endpoint = self.endpoint.as_deref();
        let endpoint = endpoint.and_then(|name| self.settings.endpoints.get(name));
        self.settings
            .signing_secrets(&self.flags, provider, endpoint)
            .map_err(|why| ComposeError::Secrets(why.into()))
    }

    fn verify_token(&self, provider: &Provider) -> Option<Secret> {
        self.settings.verify_token(provider)
    }
}

/// What `--url`, `--to`, the flags of a scheme and the settings come to.
pub fn target<'s>(
    context: &'s Context,
    url: Option<&str>,
    to: Option<&str>,
    scheme: &SchemeArgs,
) -> Result<Target<'s>, Failure> {
    let at = |destination, chosen_by_user, endpoint| {
        Ok(Target {
            destination,
            endpoint,
            endpoint_name: to.filter(|_| endpoint.is_some()).map(str::to_owned),
            chosen_by_user,
            catalog: context.catalog_for(scheme, endpoint)?,
        })
    };
    if let Some(url) = url {
        return at(url.parse().map_err(Failure::usage)?, true, None);
    }
    if let Some(to) = to {
        return match context.settings.destination(to).map_err(Failure::usage)? {
            NamedDestination::Url(destination) => at(destination, true, None),
            NamedDestination::Endpoint(endpoint) => {
                let url = endpoint.url.as_deref().ok_or_else(|| {
                    Failure::usage(format!("the endpoint `{to}` has no url to send to"))
                        .hint("add url to it in hookcli.toml, or use --url")
                })?;
                let destination = url
                    .parse()
                    .map_err(|error| Failure::usage(format!("endpoint `{to}`: {error}")))?;
                let is_trusted = endpoint.trust.allows(Right::SignElsewhere);
                at(destination, is_trusted, Some(endpoint))
            }
        };
    }
    match &context.settings.default_url {
        Some((url, trust)) => {
            let destination = url.parse().map_err(Failure::usage)?;
            at(destination, trust.allows(Right::SignElsewhere), None)
        }
        None => Err(Failure::usage("a URL to send to is required")
            .hint("add --url http://localhost:3000, or --to with an endpoint of hookcli.toml")),
    }
}

/// Tells of a place that a file of the working tree chose and that is not this machine.
pub fn report_foreign_destination(context: &Context, target: &Target<'_>, resolved: &Resolved) {
    if !target.chosen_by_user && !resolved.is_loopback() {
        context.ui.note(Note::warning(format!(
            "the hookcli.toml of the working tree sends this to {}",
            target.destination
        )));
    }
}

/// What may harm a receiver is for this machine, or for one that the user says is theirs.
///
/// # Errors
/// It is neither; `harm` says why that matters.
pub fn check_place(
    destination: &Destination,
    resolved: &Resolved,
    is_theirs: bool,
    harm: &str,
) -> Result<(), Failure> {
    if resolved.is_loopback() || is_theirs {
        return Ok(());
    }
    Err(
        Failure::usage(format!("{destination} is not on this machine, and {harm}"))
            .hint("add --yes if the receiver is yours"),
    )
}

/// What follows from `--dry-run` and `--curl`: the requests are printed, and nothing is sent.
pub fn print_all(
    context: &Context,
    requests: &[PreparedRequest],
    as_curl: bool,
    transport: &TransportArgs,
) -> Result<Exit, Failure> {
    for request in requests {
        context.emit(&printed(request, as_curl, transport))?;
    }
    Ok(Exit::Done)
}

fn printed(outgoing: &PreparedRequest, as_curl: bool, transport: &TransportArgs) -> Report {
    if as_curl {
        let options = CurlOptions {
            insecure: transport.insecure,
            ca_file: transport.cacert.clone(),
        };
        let url = outgoing.destination.url_without_credentials();
        let command = curl_command(&outgoing.request, url.as_str(), &options);
        return Report::Curl(CurlReport { command });
    }
    Report::DryRun(RequestReport {
        provider: outgoing
            .provider
            .as_ref()
            .map(|provider| provider.name.clone()),
        event: outgoing.event.clone(),
        method: outgoing.request.method.clone(),
        url: outgoing.destination.to_string(),
        target: outgoing.request.target.clone(),
        headers: outgoing.request.headers.clone(),
        body: BodyReport::of(&outgoing.request.body),
        schema: outgoing.schema.clone(),
    })
}

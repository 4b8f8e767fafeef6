use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared::SecretArgs;
use crate::catalog::EventName;
use crate::catalog::{EventFacts, Provider};

/// Which provider is shown; without one, all are listed.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ProvidersArgs {
    /// The provider to show
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[command(subcommand)]
    pub command: Option<ProvidersCommand>,
}

#[derive(Debug, Subcommand)]
pub enum ProvidersCommand {
    /// Create a provider folder from a captured request
    New(NewProviderArgs),
}

/// What a provider folder is created from.
#[derive(Debug, Args)]
pub struct NewProviderArgs {
    /// The name of the new provider: letters, digits, dots and dashes
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Captures (ids, last) or files of requests; one alone stands for all at its path
    #[arg(long, value_name = "CAPTURE", required = true)]
    pub from: Vec<String>,
    /// The folder to create it in
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub secrets: SecretArgs,
}

/// Which event types are listed, or the one that is shown.
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// The event to show: EVENT, PROVIDER/EVENT or PROVIDER/EVENT:VARIANT
    #[arg(value_name = "EVENT", conflicts_with_all = ["category", "platform", "search"])]
    pub event: Option<EventName>,
    /// Only events of this provider
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Only events of this category
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Only events that this platform sends
    #[arg(long, value_name = "NAME")]
    pub platform: Option<String>,
    /// Only events whose name or description contains this text
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Print only the JSON Schema
    #[arg(long, requires = "event", conflicts_with = "sample")]
    pub schema: bool,
    /// Print only the sample
    #[arg(long, requires = "event")]
    pub sample: bool,
}

impl EventsArgs {
    /// Whether an event type is to be listed.
    pub fn fits(&self, provider: &Provider, event: &str, facts: &EventFacts) -> bool {
        let same = |wanted: &Option<String>, value: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        let platform = match &self.platform {
            None => true,
            Some(platform) => {
                let known = provider
                    .platforms
                    .as_ref()
                    .is_some_and(|platforms| platforms.platform.contains_key(platform));
                known && (facts.platforms.is_empty() || facts.platforms.contains(platform))
            }
        };
        let found = self.search.as_ref().is_none_or(|text| {
            let text = text.to_lowercase();
            event.to_lowercase().contains(&text) || facts.description.to_lowercase().contains(&text)
        });
        same(&self.category, &facts.category) && platform && found
    }
}

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared::SecretArgs;
use crate::catalog::EventName;
use crate::catalog::{EventFacts, Provider};

/// Lists what is known of, or shows one provider: its signature, its delivery policy, its events, and
/// where each fact is known from.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  hookcli providers\n  hookcli providers gaife\n  hookcli providers --json | jq -r .id\n  hookcli providers new acme --from last"
)]
pub struct ProvidersArgs {
    /// Show this one
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[command(subcommand)]
    pub command: Option<ProvidersCommand>,
}

#[derive(Debug, Subcommand)]
pub enum ProvidersCommand {
    /// Start a folder for a provider of your own from a request that was captured
    New(NewProviderArgs),
}

/// Writes a folder for a provider of your own: how its requests are recognised, where event, time and id
/// stand, its signature where a known scheme fits, and a sample. What is guessed says so; mend it, then use
/// it with --provider-dir.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli providers new acme --from last\n  hookcli providers new acme --from request.http --secret-env ACME_SECRET --dir providers"
)]
pub struct NewProviderArgs {
    /// Its name: letters, digits, dots and dashes
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A capture (id, part of one, last) or a file that `captures export` wrote
    #[arg(long, value_name = "CAPTURE")]
    pub from: String,
    /// Where its folder is made
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub secrets: SecretArgs,
}

/// Lists event types, or shows one: its fields, which of them are optional, their values, a sample, and
/// where it is known from.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli events\n  hookcli events --provider convocore --platform vf\n  hookcli events --search transcript\n  hookcli events gaife/message:image\n  hookcli events lead_captured --schema > lead_captured.schema.json"
)]
pub struct EventsArgs {
    /// Show this one: EVENT, PROVIDER/EVENT or PROVIDER/EVENT:VARIANT
    #[arg(value_name = "EVENT", conflicts_with_all = ["category", "platform", "search"])]
    pub event: Option<EventName>,
    /// Only this provider's
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Only of this category
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Only what this platform sends
    #[arg(long, value_name = "NAME")]
    pub platform: Option<String>,
    /// Only with this text in name or description
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Print the JSON Schema, and nothing else
    #[arg(long, requires = "event", conflicts_with = "sample")]
    pub schema: bool,
    /// Print the sample, and nothing else
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

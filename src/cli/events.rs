use clap::Args;

use crate::catalog::EventName;

/// Lists what is known of, or shows one provider: its signature, its delivery policy, its events, and
/// where each fact is known from.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli providers\n  hookcli providers gaife\n  hookcli providers --json | jq -r .id"
)]
pub struct ProvidersArgs {
    /// Show this one
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
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

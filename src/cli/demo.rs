use clap::Args;

/// Sends every event and variant of every provider to a receiver on loopback, which verifies, keeps and
/// answers; then replays each capture. Uses a store of its own, which is gone afterwards. Exit code 0 only
/// if every one was accepted, verified, kept byte for byte and replayed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli demo\n  hookcli demo --provider gaife\n  hookcli demo --json | jq -r 'select(.type == \"demo\").ok'"
)]
pub struct DemoArgs {
    /// Only this provider's events
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
}

use clap::Args;

/// Whose events are sent.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Use only the events of this provider
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
}

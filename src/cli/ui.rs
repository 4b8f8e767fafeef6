use clap::Args;

use super::shared::SecretArgs;

/// How the inspector is served.
#[derive(Debug, Args)]
pub struct UiArgs {
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
}

/// Where the page is, and who may open it.
#[derive(Debug, Args)]
pub struct PageArgs {
    /// The port of the inspector; 0 for any free one
    #[arg(long, value_name = "PORT", help_heading = "Inspector", default_value_t = 4040, value_parser = super::shared::number::<u16>(0..))]
    pub ui_port: u16,
    /// Another name by which this machine is called, for example in a container; repeatable
    #[arg(long, value_name = "NAME", help_heading = "Inspector")]
    pub ui_host: Vec<String>,
    /// Open the inspector in the browser
    #[arg(long, help_heading = "Inspector")]
    pub open: bool,
    /// Make a new token: pages that are open have to be opened again
    #[arg(long, help_heading = "Inspector")]
    pub new_token: bool,
}

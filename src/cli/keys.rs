use clap::{Args, Subcommand};

/// Secrets and key pairs.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Create a secret or a key pair in a provider's format
    New(NewKeysArgs),
}

/// Whose format a new secret or key pair has.
#[derive(Debug, Args)]
pub struct NewKeysArgs {
    /// The provider whose format to use
    #[arg(long, value_name = "NAME", default_value = "generic")]
    pub provider: String,
}

use clap::{Args, Subcommand};

/// Secrets and key pairs.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a new secret, or key pair, in a provider's own form
    New(NewKeysArgs),
}

/// Makes a secret of a provider's own form, or for asymmetric schemes a private key, to sign with, and its
/// public key, to verify with. They are random, and printed once: hookcli keeps neither.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli keys new --provider stripe\n  hookcli keys new --provider discord --json | jq -r .verifying\n  export HOOKCLI_SECRET=\"$(hookcli keys new --quiet)\""
)]
pub struct NewKeysArgs {
    /// Whose form it has
    #[arg(long, value_name = "NAME", default_value = "generic")]
    pub provider: String,
}

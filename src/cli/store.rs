//! `store`: the place where captures and deliveries are kept.

use clap::{Args, Subcommand};

/// What is done with the store itself.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Show where the store is, and how much there is
    Status,
    /// Create a store's tables, or bring them to the version of this hookcli
    Migrate,
    /// Copy a store into an empty one: captures, deliveries, emulated webhooks
    Copy(CopyArgs),
    /// Give the room of what was removed back
    Vacuum,
}

/// From where to where.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The store that is copied: a file, or postgres://USER@HOST/DATABASE
    #[arg(value_name = "FROM")]
    pub from: String,
    /// The empty store that it is copied to
    #[arg(value_name = "TO")]
    pub to: String,
}

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
    /// The tokens of a workspace, for people who come over HTTP
    #[command(subcommand)]
    Token(TokenCommand),
}

/// What is done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create a token that opens the workspace's page and emulator; it is shown once
    New,
    /// List the tokens of the workspace
    List,
    /// Remove a token
    Rm(TokenArgs),
}

/// Which token.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// Its id, as `hookcli store token list` shows it
    #[arg(value_name = "ID")]
    pub id: String,
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

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

/// Which shell the script is for.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct CompletionsArgs {
    /// The shell to print a script for
    #[arg(value_enum, required = true)]
    pub shell: Option<Shell>,
    #[command(subcommand)]
    pub command: Option<CompletionsCommand>,
}

#[derive(Debug, Subcommand)]
pub enum CompletionsCommand {
    /// Write the script to where the shell looks for it
    Install(InstallArgs),
}

#[derive(Debug, Args)]
pub struct InstallArgs {
    /// The shell: bash, zsh or fish [default: the one of $SHELL]
    #[arg(value_name = "SHELL", value_parser = ["bash", "zsh", "fish"])]
    pub shell: Option<String>,
}

/// Which manual page is printed.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command, for example captures export [default: hookcli itself]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Write the pages of all commands to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Which shell the script is for.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell to print a script for
    #[arg(value_enum)]
    pub shell: Shell,
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

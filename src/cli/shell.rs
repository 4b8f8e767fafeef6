use clap::Args;
use clap_complete::Shell;

/// Prints a completion script.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli completions bash > ~/.local/share/bash-completion/completions/hookcli\n  hookcli completions zsh > ~/.zfunc/_hookcli\n  hookcli completions fish > ~/.config/fish/completions/hookcli.fish"
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

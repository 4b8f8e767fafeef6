//! Scripts that make a shell ask hookcli while a command line is typed, and where shells look for them.

use std::path::PathBuf;

use clap_complete::env::Shells;

use crate::cli::COMPLETE_VARIABLE;
use crate::exit::Failure;
use crate::settings::Environment;

/// Where a shell looks for its script.
pub struct CompletionPlace {
    pub shell: &'static str,
    pub file: PathBuf,
    /// What the user does next.
    pub next: &'static str,
}

impl CompletionPlace {
    /// Of the shell that is named, or the user's own.
    ///
    /// # Errors
    /// It is another one, or there is no home folder.
    pub fn of(named: Option<&str>, environment: &Environment) -> Result<Self, Failure> {
        let own = environment.text("SHELL");
        let own = own.as_deref().and_then(|path| path.rsplit('/').next());
        let home = environment.home().ok_or_else(|| {
            Failure::usage("HOME is not set, so there is no folder to install into")
                .hint("print the script with `hookcli completions bash`")
        })?;
        let folder = |variable: &str, usual: &str| {
            let given = environment.text(variable).filter(|path| !path.is_empty());
            given.map_or_else(|| home.join(usual), PathBuf::from)
        };
        Ok(match named.or(own) {
            Some("bash") => Self {
                shell: "bash",
                file: folder("XDG_DATA_HOME", ".local/share")
                    .join("bash-completion/completions/hookcli"),
                next: "start a new shell; it needs the package bash-completion",
            },
            Some("zsh") => Self {
                shell: "zsh",
                file: folder("ZDOTDIR", "").join(".zfunc/_hookcli"),
                next: "add `fpath=(~/.zfunc $fpath)` to ~/.zshrc before `compinit`, then start a new shell",
            },
            Some("fish") => Self {
                shell: "fish",
                file: folder("XDG_CONFIG_HOME", ".config").join("fish/completions/hookcli.fish"),
                next: "start a new shell",
            },
            other => {
                let other = other.map_or_else(
                    || "SHELL is not set".to_owned(),
                    |name| format!("scripts for {name} cannot be installed"),
                );
                return Err(Failure::usage(other)
                    .hint("name the shell: bash, zsh or fish; `hookcli completions elvish` prints a script for others"));
            }
        })
    }
}

/// The script of a shell that can ask; none of one that cannot, whose script knows commands and options alone.
///
/// # Errors
/// It cannot be written: none in practice.
pub fn completion_script(shell: &str) -> Result<Option<Vec<u8>>, Failure> {
    let shells = Shells::builtins();
    let asking = ["bash", "zsh", "fish"].contains(&shell);
    let Some(completer) = shells.completer(shell).filter(|_| asking) else {
        return Ok(None);
    };
    let mut script = Vec::new();
    completer
        .write_registration(
            COMPLETE_VARIABLE,
            "hookcli",
            "hookcli",
            "hookcli",
            &mut script,
        )
        .map_err(Failure::machine)?;
    if shell == "zsh" {
        // A file that zsh loads by itself is called as the function that it is named after.
        script.extend_from_slice(
            b"if [ \"$funcstack[1]\" = \"_hookcli\" ]; then\n    _clap_dynamic_completer_hookcli \"$@\"\nfi\n",
        );
    }
    Ok(Some(script))
}

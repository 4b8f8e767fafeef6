//! `listen --handshake`: the secret that a provider's handshake brings, and where it is kept.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::Provider;
use crate::cli::ListenArgs;
use crate::context::Context;
use crate::exit::Failure;
use crate::ingest::SecretKeeper;
use crate::model::suggest;
use crate::report::Note;

/// `--handshake app`.
pub const APP: &str = "app";

/// Where the secret of a handshake goes, if one was asked for.
pub fn secret_keeper(
    context: &Context,
    args: &ListenArgs,
    providers: &[Arc<Provider>],
) -> Result<Option<SecretKeeper>, Failure> {
    let Some(name) = args.handshake.as_ref().filter(|name| *name != APP) else {
        return Ok(None);
    };
    let bringing = |provider: &&Arc<Provider>| {
        provider
            .handshakes
            .iter()
            .any(|handshake| handshake.keeps_secret)
    };
    let able: Vec<&str> = providers
        .iter()
        .filter(bringing)
        .map(|provider| provider.name.as_str())
        .collect();
    if !able.contains(&name.as_str()) {
        return Err(Failure::usage(format!(
            "{name} has no handshake that brings a secret; there are {}",
            able.join(", ")
        )));
    }
    let file = secret_file(context, args, name)?;
    context.ui.note(Note::hint(format!(
        "the secret of {name}'s handshake will be kept in {}; later: {}",
        file.display(),
        suggest(["listen", "--secret-file", &file.display().to_string()])
    )));
    Ok(Some(SecretKeeper::new(name.clone(), file)))
}

/// The file of the secret; it is not there yet, and can be made.
fn secret_file(context: &Context, args: &ListenArgs, name: &str) -> Result<PathBuf, Failure> {
    let beside_store = || {
        Some(
            context
                .settings
                .store
                .as_ref()?
                .with_file_name(format!("{name}.secret")),
        )
    };
    let file = args
        .handshake_file
        .clone()
        .or_else(beside_store)
        .ok_or_else(|| {
            Failure::usage("there is no store to keep the secret beside")
                .hint("say where with --handshake-file FILE")
        })?;
    if !file
        .parent()
        .is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
    {
        return Err(Failure::usage(format!(
            "{} cannot be made: its folder is not there",
            file.display()
        )));
    }
    if file.exists() {
        return Err(Failure::usage(format!(
            "{} holds the secret of an earlier handshake",
            file.display()
        ))
        .hint("listen with --secret-file and that file, or remove it for a new handshake"));
    }
    Ok(file)
}

//! `listen --handshake`: the secret that a provider's handshake brings, and where it is kept.

use std::path::PathBuf;
use std::sync::Arc;

use super::Context;
use crate::catalog::Provider;
use crate::cli::ListenArgs;
use crate::exit::Failure;
use crate::ingest::SecretKeeper;
use crate::model::suggest;
use crate::report::Note;
use crate::settings::StorePlace;

/// `--handshake app`.
pub const APP: &str = "app";

/// Where the secret of a handshake goes, if one was asked for.
pub fn secret_keeper(
    context: &Context,
    args: &ListenArgs,
    providers: &[Arc<Provider>],
) -> Result<Option<SecretKeeper>, Failure> {
    if args.handshake.as_deref() == Some(APP) && args.forward.forward_to.is_empty() {
        return Err(Failure::usage(
            "--handshake app leaves handshakes to your application, but nothing is forwarded",
        )
        .hint("add --forward-to URL"));
    }
    let Some(name) = args.handshake.as_ref().filter(|name| *name != APP) else {
        return Ok(None);
    };
    let bringing = |provider: &&Arc<Provider>| {
        provider
            .handshakes
            .iter()
            .any(|handshake| handshake.delivers_secret)
    };
    let able: Vec<&str> = providers
        .iter()
        .filter(bringing)
        .map(|provider| provider.name.as_str())
        .collect();
    if !able.contains(&name.as_str()) {
        return Err(Failure::usage(format!(
            "{name} has no handshake that delivers a secret; these providers have: {}",
            able.join(", ")
        )));
    }
    let file = secret_file(context, args, name)?;
    context.ui.note(Note::hint(format!(
        "the secret from {name}'s handshake will be written to {}. From then on, run: {}",
        file.display(),
        suggest(["listen", "--secret-file", &file.display().to_string()])
    )));
    Ok(Some(SecretKeeper::new(name.clone(), file)))
}

/// The file of the secret; it is not there yet, and can be made.
fn secret_file(context: &Context, args: &ListenArgs, name: &str) -> Result<PathBuf, Failure> {
    let beside_store = || {
        let place = context.settings.store.as_ref();
        let path = place.and_then(StorePlace::file)?;
        Some(path.with_file_name(format!("{name}.secret")))
    };
    let file = args
        .handshake_file
        .clone()
        .or_else(beside_store)
        .ok_or_else(|| {
            Failure::usage("there is no store folder to write the secret to")
                .hint("add --handshake-file FILE")
        })?;
    if !file
        .parent()
        .is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
    {
        return Err(Failure::usage(format!(
            "{} cannot be created: its folder does not exist",
            file.display()
        )));
    }
    if file.exists() {
        return Err(Failure::usage(format!(
            "{} already contains the secret of an earlier handshake",
            file.display()
        ))
        .hint("use that file with --secret-file, or remove it for a new handshake"));
    }
    Ok(file)
}

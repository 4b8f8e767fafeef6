//! `listen --init`: the paths at which requests came, as endpoints of hookcli.toml.

use std::collections::BTreeSet;
use std::io::Write as _;

use super::Context;
use crate::exit::Failure;
use crate::ingest::PathsSeen;
use crate::report::Note;
use crate::settings::repository::NewEndpoint;
use crate::settings::{SecretFlags, variable_of};

/// Adds an endpoint for each path that has none, and says so. What stands in the file stays as it is.
pub fn write(context: &Context, flags: &SecretFlags, seen: &PathsSeen) -> Result<(), Failure> {
    let settings = &context.settings;
    let mut names: BTreeSet<String> = settings.endpoints.keys().cloned().collect();
    let known: BTreeSet<&str> = settings
        .endpoints
        .values()
        .filter_map(|endpoint| endpoint.path.as_deref())
        .collect();
    let variable = |provider: &str| {
        let own = variable_of(provider);
        let is_set = settings.environment.text(&own).is_some();
        let given = flags.variables.first().cloned();
        given.or_else(|| is_set.then_some(own))
    };
    let mut added = Vec::new();
    let mut text = String::new();
    for (path, provider) in seen.all() {
        if known.contains(path.as_str()) {
            continue;
        }
        let secret_env = variable(&provider);
        let endpoint = NewEndpoint::new(&path, &provider, secret_env, |name| names.contains(name));
        text += &endpoint.text();
        names.insert(endpoint.name.clone());
        added.push(endpoint.name);
    }
    let file = settings.project_file();
    if added.is_empty() {
        context.ui.note(Note::hint(format!(
            "no new path with a known provider was seen, so nothing was added to {}",
            file.display()
        )));
        return Ok(());
    }
    let options = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&file);
    options
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))?;
    context.ui.note(Note::Status(
        format!("added to {}: {}", file.display(), added.join(", ")).into(),
    ));
    Ok(())
}

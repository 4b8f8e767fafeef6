//! The rules of hookcli.toml, while a listener runs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::Context;
use crate::ingest::Responder;
use crate::report::Note;

/// How often it is looked whether the rules have changed.
const READ_EVERY: Duration = Duration::from_millis(500);

/// Takes up what changes in the rules; a file that cannot be read leaves them as they are.
pub async fn watch_rules(context: &Context, responder: Arc<Responder>) {
    let settings = &context.settings;
    let written = || -> Vec<Option<(SystemTime, u64)>> {
        let seen = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        settings.files().map(seen).collect()
    };
    let mut known = written();
    if known.is_empty() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(READ_EVERY).await;
        let now = written();
        if now == known {
            continue;
        }
        known = now;
        match settings.reread_rules() {
            Ok((rules, same_routes)) => {
                let count = rules.len();
                let until = match responder.replace(rules) {
                    true => "",
                    false => "; those that were set in the inspector stay in effect",
                };
                context.ui.note(Note::Status(
                    format!("reloaded the rules from hookcli.toml ({count}){until}").into(),
                ));
                if !same_routes {
                    context.ui.note(Note::warning(
                        "changed routes take effect when the listener is restarted",
                    ));
                }
            }
            Err(error) => context.ui.note(Note::error(format!(
                "{error}; the previous rules stay in effect"
            ))),
        }
    }
}

//! `replay --edit`: a capture's body in the user's editor.

use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::Context;
use crate::exchange::Recorded;
use crate::exit::Failure;
use crate::payload::Document;
use crate::report::Note;
use crate::view::schema_report;

/// What became of an edit.
pub enum Edit {
    Changed(Box<Recorded>),
    Unchanged,
    /// The user, or the system, told hookcli to stop.
    Interrupted,
}

/// Lets the user edit the body, byte for byte as it was received, and says where the new one does not match its schema.
///
/// # Errors
/// There is no editor, or it failed: nothing is to be sent then.
pub async fn edit(context: &Context, mut recorded: Recorded) -> Result<Edit, Failure> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| {
        let text = context.settings.environment.text(name)?;
        (!text.trim().is_empty()).then_some(text)
    });
    if editor.is_none() && !std::io::stdin().is_terminal() {
        return Err(
            Failure::usage("no editor is set, and there is no terminal for the usual one")
                .hint("set EDITOR to the command of your editor, or use --set PATH=VALUE"),
        );
    }
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let failed = |error: std::io::Error| Failure::machine(format!("the file to edit: {error}"));
    // Its removal waits for no one: it goes with this function, however that ends.
    let folder = tempfile::Builder::new()
        .prefix("hookcli-edit-")
        .permissions(std::fs::Permissions::from_mode(0o700))
        .tempdir()
        .map_err(failed)?;
    let before = recorded.request.body.clone();
    let is_json = Document::parse(&before).is_ok();
    let name = if is_json { "body.json" } else { "body.txt" };
    // Editors put copies beside it: those go with the folder.
    let file = folder.path().join(name);
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)
        .and_then(|mut file| file.write_all(&before))
        .map_err(failed)?;
    if !run_editor(&editor, &file).await? {
        return Ok(Edit::Interrupted);
    }
    let mut after = std::fs::read(&file).map_err(failed)?;
    // Editors end a file with a line break; one that was there before stays.
    if !before.ends_with(b"\n") && after.ends_with(b"\n") {
        after.pop();
        if after.ends_with(b"\r") && !before.ends_with(b"\r") {
            after.pop();
        }
    }
    if after == before {
        return Ok(Edit::Unchanged);
    }
    recorded.request.body = after.into();
    report_schema(context, &recorded, is_json);
    Ok(Edit::Changed(Box::new(recorded)))
}

/// Runs it as the shell would, for it may have arguments. False where hookcli is told to stop meanwhile.
async fn run_editor(editor: &str, file: &Path) -> Result<bool, Failure> {
    // Ctrl-C is the editor's, as long as it runs.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    // The shell gives way to the editor, so that ending it ends that; variables before a command do not allow it.
    let sets_variables = editor
        .split_whitespace()
        .next()
        .is_some_and(|word| word.contains('='));
    let exec = if sets_variables { "" } else { "exec " };
    let mut child = Command::new("sh")
        .args(["-c", &format!("{exec}{editor} \"$1\""), "hookcli"])
        .arg(file)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Failure::machine(format!("the editor `{editor}`: {error}")))?;
    let ended = loop {
        tokio::select! {
            ended = child.wait() => break ended?,
            _ = interrupt.recv() => {}
            _ = terminate.recv() => return Ok(false),
            _ = hangup.recv() => return Ok(false),
        }
    };
    match ended.success() {
        true => Ok(true),
        false => Err(Failure::machine(format!(
            "the editor `{editor}` failed ({ended}), so nothing was sent"
        ))
        .hint("set EDITOR to the command of your editor, for example EDITOR='code --wait'")),
    }
}

/// Says what the new body is not.
fn report_schema(context: &Context, recorded: &Recorded, was_json: bool) {
    let body = &recorded.request.body;
    if was_json && let Err(error) = Document::parse(body) {
        let text = format!("the edited body is not JSON: {error}");
        context.ui.note(Note::warning(text));
        return;
    }
    let provider = context.provider_of(recorded.provider.as_deref());
    let report = schema_report(provider.as_deref(), recorded.event.as_ref(), body);
    for error in report.iter().flat_map(|report| &report.errors) {
        let place = match error.path.unescaped() {
            "" => "the payload",
            path => path,
        };
        context.ui.note(Note::warning(format!(
            "the edited body does not match the event's schema: {place}: {}",
            error.message.unescaped()
        )));
    }
}

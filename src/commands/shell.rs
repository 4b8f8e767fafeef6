//! `completions` and `man`: what shells and `man` need.

use std::fs;
use std::io;

use clap_mangen::Man;

use crate::cli::{self, CompletionsArgs, CompletionsCommand, InstallArgs, ManArgs, manual_page};
use crate::context::completion_place::{CompletionPlace, completion_script};
use crate::exit::{Exit, Failure};
use crate::report::{Bytes, Note, Report, Ui, Written};
use crate::settings::Environment;

pub fn completions(
    args: &CompletionsArgs,
    environment: &Environment,
    ui: &dyn Ui,
) -> Result<Exit, Failure> {
    if let Some(CompletionsCommand::Install(args)) = &args.command {
        return install(args, environment, ui);
    }
    let Some(shell) = args.shell else {
        return Ok(Exit::Usage);
    };
    let script = match completion_script(&shell.to_string())? {
        Some(script) => script,
        None => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut cli::command(), "hookcli", &mut script);
            script
        }
    };
    print(script, ui)
}

/// Writes the script where the shell looks for it, and says what it needs besides.
fn install(args: &InstallArgs, environment: &Environment, ui: &dyn Ui) -> Result<Exit, Failure> {
    let place = CompletionPlace::of(args.shell.as_deref(), environment)?;
    let script = completion_script(place.shell)?.unwrap_or_default();
    let failed = |error: io::Error| Failure::machine(format!("{}: {error}", place.file.display()));
    if let Some(folder) = place.file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(&place.file, script).map_err(failed)?;
    let files = vec![place.file.display().to_string()];
    ui.emit(&Report::Written(Written { files }))
        .map_err(Failure::machine)?;
    ui.note(Note::hint(place.next));
    Ok(Exit::Done)
}

/// One manual page, or a folder with all of them.
pub fn man(args: &ManArgs, ui: &dyn Ui) -> Result<Exit, Failure> {
    let mut root = cli::command();
    root.build();
    let Some(dir) = &args.dir else {
        let command = args.command.iter().try_fold(&root, |command, word| {
            command.find_subcommand(word).ok_or_else(|| {
                Failure::usage(format!("unknown command `{}`", args.command.join(" ")))
                    .hint("run `hookcli --help` to see the commands")
            })
        })?;
        return print(manual_page(command)?, ui);
    };
    let failed = |error: io::Error| Failure::machine(format!("{}: {error}", dir.display()));
    fs::create_dir_all(dir).map_err(failed)?;
    let mut pages = vec![&root];
    while let Some(command) = pages.pop() {
        let file = dir.join(Man::new(command.clone()).get_filename());
        fs::write(&file, manual_page(command)?)
            .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))?;
        pages.extend(command.get_subcommands());
    }
    Ok(Exit::Done)
}

fn print(bytes: Vec<u8>, ui: &dyn Ui) -> Result<Exit, Failure> {
    ui.emit(&Report::Bytes(Bytes { bytes, safe: true }))
        .map_err(Failure::machine)?;
    Ok(Exit::Done)
}

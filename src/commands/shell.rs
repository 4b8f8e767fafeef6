//! `completions` and `man`: what shells and `man` need.

use clap::CommandFactory as _;

use crate::cli::{Cli, CompletionsArgs};
use crate::exit::{Exit, Failure};
use crate::report::{Bytes, Report, Ui};

pub fn completions(args: &CompletionsArgs, ui: &dyn Ui) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "hookcli", &mut script);
    ui.emit(&Report::Bytes(Bytes {
        bytes: script,
        safe: true,
    }))
    .map_err(Failure::machine)?;
    Ok(Exit::Done)
}

/// The page of hookcli itself, then one for each verb.
pub fn man(ui: &dyn Ui) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for verb in command.get_subcommands() {
        clap_mangen::Man::new(verb.clone()).render(&mut page)?;
    }
    ui.emit(&Report::Bytes(Bytes {
        bytes: page,
        safe: true,
    }))
    .map_err(Failure::machine)?;
    Ok(Exit::Done)
}

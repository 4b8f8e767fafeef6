//! `completions` and `man`: what shells and `man` need.

use std::fs;
use std::io;

use clap_mangen::Man;

use crate::cli::{self, CompletionsArgs, ManArgs, manual_page};
use crate::exit::{Exit, Failure};
use crate::report::{Bytes, Report, Ui};

pub fn completions(args: &CompletionsArgs, ui: &dyn Ui) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "hookcli", &mut script);
    print(script, ui)
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

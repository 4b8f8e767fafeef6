//! Manual pages, one a command.

use std::io::{self, Write as _};

use clap_mangen::Man;

use super::pages::examples;

/// The words of a built command without `hookcli`.
fn words_of(command: &clap::Command) -> Vec<String> {
    let name = command.get_bin_name().unwrap_or_default();
    name.split_whitespace().skip(1).map(str::to_owned).collect()
}

/// The page of a built command, for man(1).
///
/// # Errors
/// None that is known: it is written to memory.
pub fn manual_page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let words = words_of(command);
    let man = Man::new(command.clone()).manual("hookcli manual");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    let usage = command.clone().render_usage().to_string();
    section(&mut page, "SYNOPSIS", usage.trim_start_matches("Usage: "))?;
    man.render_description_section(&mut page)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let examples = examples(&words);
    if !examples.is_empty() {
        section(&mut page, "EXAMPLES", &examples.join("\n"))?;
    }
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(rest) = command.get_after_long_help() {
        let rest = rest.to_string();
        let (title, text) = rest.split_once(":\n").unwrap_or(("NOTES", &rest));
        section(&mut page, &title.to_uppercase(), text)?;
    }
    Ok(page)
}

/// A section whose lines stay as they are.
fn section(page: &mut Vec<u8>, title: &str, lines: &str) -> io::Result<()> {
    writeln!(page, ".SH \"{title}\"\n.nf")?;
    for line in lines.lines() {
        // A dot or an apostrophe at the beginning would be a request (groff_man(7)).
        let text = line.replace('\\', "\\e").replace('-', "\\-");
        writeln!(page, "\\&{text}")?;
    }
    writeln!(page, ".fi")
}

//! What a shell offers while a command line is typed: for each argument the kind of its values.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::pages::command;

/// The variable in which the shell's script names the shell, where it asks for candidates.
pub const COMPLETE_VARIABLE: &str = "HOOKCLI_COMPLETE";

/// What an argument's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind {
    Provider,
    Event,
    Endpoint,
    Capture,
    Delivery,
    Fault,
    Response,
}

/// A value, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub value: String,
    pub help: String,
}

/// Finds the candidates of a kind that begin with what is typed; those to be offered first come first.
pub type FindCandidates = Arc<dyn Fn(CandidateKind, &str) -> Vec<Candidate> + Send + Sync>;

/// The commands, with the candidates of their arguments.
pub fn completing_command(find: &FindCandidates) -> Command {
    with_candidates(command(), find)
}

fn with_candidates(mut command: Command, find: &FindCandidates) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(name, |one| with_candidates(one, find));
    }
    let path = command.get_name().to_owned();
    let arguments: Vec<(clap::Id, CandidateKind)> = command
        .get_arguments()
        .filter_map(|argument| Some((argument.get_id().clone(), kind_of(&path, argument)?)))
        .collect();
    for (id, kind) in arguments {
        let find = find.clone();
        command = command.mut_arg(id, move |argument| {
            let complete = move |typed: &OsStr| offered(&find, kind, typed);
            argument.add(ArgValueCompleter::new(complete))
        });
    }
    command
}

/// The kind of an argument's values, by what its help calls them.
fn kind_of(command: &str, argument: &clap::Arg) -> Option<CandidateKind> {
    let value = argument.get_value_names().and_then(|names| names.first());
    let value = value.map_or("", |name| name.as_str());
    Some(match (argument.get_id().as_str(), value) {
        ("provider" | "policy" | "handshake", _) => CandidateKind::Provider,
        ("name", _) if command == "providers" => CandidateKind::Provider,
        ("expect" | "until" | "show_only", "PATTERN" | "PATTERN|QUERY") | (_, "EVENT") => {
            CandidateKind::Event
        }
        ("forward_to", _) | (_, "ENDPOINT") => CandidateKind::Endpoint,
        (_, "CAPTURE" | "CAPTURE|QUERY") => CandidateKind::Capture,
        ("one" | "other", "A" | "B") => CandidateKind::Capture,
        (_, "DELIVERY" | "DELIVERY|QUERY") => CandidateKind::Delivery,
        (_, "FAULT") => CandidateKind::Fault,
        ("respond", _) => CandidateKind::Response,
        _ => return None,
    })
}

/// What is offered is text that no shell takes for anything else.
fn offered(find: &FindCandidates, kind: CandidateKind, typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else {
        return Vec::new();
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    let found = find(kind, typed).into_iter();
    let plain = found.filter(|one| {
        one.value.starts_with(typed) && !one.value.is_empty() && one.value.bytes().all(is_plain)
    });
    plain
        .enumerate()
        .map(|(order, one)| {
            let help: String = one
                .help
                .chars()
                .filter(|character| character.is_ascii_graphic() || *character == ' ')
                .collect();
            CompletionCandidate::new(one.value)
                .help((!help.is_empty()).then(|| help.into()))
                .display_order(Some(order))
        })
        .collect()
}

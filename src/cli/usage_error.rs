//! Errors of the command line: what is wrong, and what to type instead.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use super::pages::examples;
use crate::model::quote;
use crate::search::{FIELDS, is_term};

/// A command line that is not right.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct UsageError {
    /// What is wrong, and with what.
    pub message: String,
    /// What to type instead.
    pub hint: String,
}

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub enum NoCommand {
    /// Help or the version is to be printed.
    #[error(transparent)]
    Page(clap::Error),
    #[error(transparent)]
    Usage(UsageError),
}

impl NoCommand {
    /// `error` is what `root` made of `typed`, the arguments without the program's name.
    pub(super) fn new(error: clap::Error, root: &Command, typed: &[String]) -> Self {
        match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Self::Page(error),
            _ => Self::Usage(Explained::of(&error, root, typed).into_error()),
        }
    }
}

/// A command and its words, as far as they were typed.
struct Typed<'c> {
    command: &'c Command,
    words: Vec<&'c str>,
}

impl<'c> Typed<'c> {
    fn read(root: &'c Command, typed: &[String]) -> Self {
        let mut found = Self {
            command: root,
            words: Vec::new(),
        };
        for word in typed.iter().filter(|word| !word.starts_with('-')) {
            let Some(inner) = found.command.find_subcommand(word) else {
                break;
            };
            found.command = inner;
            found.words.push(inner.get_name());
        }
        found
    }

    /// As it is typed, with `hookcli` in front.
    fn name(&self) -> String {
        [&["hookcli"], self.words.as_slice()].concat().join(" ")
    }
}

struct Explained<'e> {
    error: &'e clap::Error,
    root: &'e Command,
    typed: Typed<'e>,
    words: &'e [String],
}

/// Values of the query language that are typed like options.
const QUERY_WORDS: &[(&str, &[&str])] = &[
    ("outcome", &["delivered", "failed", "unknown"]),
    ("verdict", &["valid", "invalid", "missing", "unchecked"]),
    (
        "is",
        &[
            "duplicate",
            "same_id_changed",
            "pending",
            "retried",
            "faulted",
            "not_received",
        ],
    ),
];

impl<'e> Explained<'e> {
    fn of(error: &'e clap::Error, root: &'e Command, words: &'e [String]) -> Self {
        Self {
            error,
            root,
            typed: Typed::read(root, words),
            words,
        }
    }

    fn into_error(self) -> UsageError {
        let (message, hint) = match self.error.kind() {
            ErrorKind::InvalidSubcommand => self.unknown_command(),
            ErrorKind::UnknownArgument => self.unknown_argument(),
            ErrorKind::InvalidValue => self.other_value(),
            ErrorKind::ValueValidation => self.invalid_value(),
            ErrorKind::MissingRequiredArgument => self.missing(),
            ErrorKind::ArgumentConflict => self.conflict(),
            _ => (self.first_line(), None),
        };
        let name = self.typed.name();
        UsageError {
            message,
            hint: hint.unwrap_or_else(|| format!("run `{name} --help` to see the options")),
        }
    }

    fn text(&self, kind: ContextKind) -> Option<&str> {
        match self.error.get(kind)? {
            ContextValue::String(text) => Some(text),
            _ => None,
        }
    }

    fn texts(&self, kind: ContextKind) -> Vec<&str> {
        match self.error.get(kind) {
            Some(ContextValue::Strings(texts)) => texts.iter().map(String::as_str).collect(),
            Some(ContextValue::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// clap's own sentence, for what is rare.
    fn first_line(&self) -> String {
        let text = self.error.to_string();
        let line = text.lines().next().unwrap_or_default();
        line.trim_start_matches("error: ").to_owned()
    }

    fn unknown_command(&self) -> (String, Option<String>) {
        let typed = self
            .text(ContextKind::InvalidSubcommand)
            .unwrap_or_default();
        let names = self.typed.command.get_subcommands().map(Command::get_name);
        let hint = match nearest(typed, names) {
            Some(name) => format!("did you mean `{} {name}`?", self.typed.name()),
            None => format!("run `{} -h` to see the commands", self.typed.name()),
        };
        (format!("unknown command `{typed}`"), Some(hint))
    }

    fn unknown_argument(&self) -> (String, Option<String>) {
        let typed = self.text(ContextKind::InvalidArg).unwrap_or_default();
        let command = self.typed.command;
        if !typed.starts_with('-') {
            return (
                format!("unexpected argument `{typed}`"),
                self.flag_for(typed),
            );
        }
        let mut terms = self.words.iter().filter(|word| is_term(word));
        if let Some(term) = terms.find(|word| word.starts_with(typed)) {
            let positive = quote(&format!("not:{}", &term[1..]));
            return (
                format!("`{term}` looks like an option"),
                Some(format!("write it as {positive}")),
            );
        }
        let message = format!("unknown option `{typed}`");
        let bare = typed.trim_start_matches('-');
        let hint = match self.term_of(bare).or_else(|| self.other_meaning(bare)) {
            Some(hint) => Some(hint),
            None => {
                let flag = match bare.len() {
                    1 => flags_of(command).find(|flag| flag.starts_with(bare)),
                    _ => nearest(bare, flags_of(command)),
                };
                flag.map(|flag| format!("did you mean `--{flag}`?"))
            }
        };
        (message, hint)
    }

    /// A field of the query language that is typed like an option: it is a word of the query.
    fn term_of(&self, bare: &str) -> Option<String> {
        let mut positionals = self.typed.command.get_positionals();
        let takes_query = positionals.any(|arg| {
            let names = arg.get_value_names().unwrap_or_default();
            names.iter().any(|name| name.contains("QUERY"))
        });
        // Others have it as an option that means something else.
        if !takes_query || self.typed.command.get_name() == "retry" {
            return None;
        }
        for (field, values) in QUERY_WORDS {
            if values.contains(&bare) {
                return Some(format!("write it as a word of the query: {field}:{bare}"));
            }
        }
        let mut fields = FIELDS.iter();
        let field = fields.find(|field| field.name == bare)?;
        let mut words = self.words.iter().map(String::as_str);
        let typed = words.find_map(|word| word.strip_prefix("--")?.strip_prefix(bare));
        let value = match typed?.strip_prefix('=') {
            Some(value) => Some(value),
            None => words.next().filter(|word| !word.starts_with('-')),
        };
        let value = value.unwrap_or(field.example);
        let term = quote(&format!("{bare}:{value}"));
        Some(format!("write it as a word of the query: {term}"))
    }

    /// An unknown option that means something elsewhere: a command, a value, another command's option.
    fn other_meaning(&self, bare: &str) -> Option<String> {
        let command = self.typed.command;
        if command.find_subcommand(bare).is_some() {
            return Some(format!("did you mean `{} {bare}`?", self.typed.name()));
        }
        let is_default = |arg: &&Arg| arg.get_default_values().iter().any(|value| *value == bare);
        if command.get_positionals().any(|arg| is_default(&arg)) {
            return Some(format!("did you mean `{} {bare}`?", self.typed.name()));
        }
        let longer = format!("-{bare}");
        if let Some(own) = flags_of(command).find(|flag| flag.ends_with(&longer)) {
            return Some(format!("did you mean `--{own}`?"));
        }
        let owners: Vec<String> = self
            .root
            .get_subcommands()
            .filter(|other| flags_of(other).any(|flag| flag == bare))
            .map(|other| format!("`hookcli {}`", other.get_name()))
            .collect();
        let near = nearest(bare, flags_of(command)).filter(|_| owners.is_empty());
        match (owners.as_slice(), near) {
            ([], _) => None,
            (owners, _) => Some(format!(
                "`--{bare}` is an option of {}; run `{} -h` to see the options here",
                owners.join(", "),
                self.typed.name()
            )),
        }
    }

    /// The option that a surplus value was meant for: a port or a URL.
    fn flag_for(&self, value: &str) -> Option<String> {
        let has = |name: &str| flags_of(self.typed.command).any(|flag| flag == name);
        let is_port = value.parse::<u16>().is_ok();
        let is_url = is_port || value.contains("://") || value.starts_with(':');
        let flag = match () {
            () if is_port && has("port") => "port",
            () if is_url && has("url") => "url",
            () => return None,
        };
        Some(format!("did you mean `--{flag} {value}`?"))
    }

    /// A word that is not allowed here, or a missing value.
    fn other_value(&self) -> (String, Option<String>) {
        let flag = self.flag();
        let value = self.text(ContextKind::InvalidValue).unwrap_or_default();
        let allowed = self.texts(ContextKind::ValidValue);
        let hint = match nearest(value, allowed.iter().copied()) {
            Some(word) if !value.is_empty() => Some(format!("did you mean `{word}`?")),
            _ => None,
        };
        let choice = match allowed.as_slice() {
            [] => String::new(),
            allowed => format!(": use {}", alternatives(allowed)),
        };
        if value.is_empty() {
            let example = self.example_with(flag);
            return (format!("{flag} needs a value{choice}"), example);
        }
        (format!("invalid value `{value}` for {flag}{choice}"), hint)
    }

    fn invalid_value(&self) -> (String, Option<String>) {
        let why = std::error::Error::source(self.error).map(ToString::to_string);
        let why = why.unwrap_or_else(|| self.first_line());
        let flag = self.flag();
        (format!("{flag}: {why}"), self.example_with(flag))
    }

    fn missing(&self) -> (String, Option<String>) {
        let missing: Vec<&str> = self.texts(ContextKind::InvalidArg);
        let missing: Vec<&str> = missing.iter().map(|arg| flag_alone(arg)).collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} required", missing.join(" and "));
        // One that shows it, where there is one.
        let first = missing.first().copied().unwrap_or_default();
        let example = self.example_with(first).or_else(|| self.example());
        (message, example)
    }

    fn conflict(&self) -> (String, Option<String>) {
        let flag = self.flag();
        let others = self.texts(ContextKind::PriorArg);
        let others: Vec<&str> = others.iter().map(|arg| flag_alone(arg)).collect();
        if others.is_empty() || others == [flag] {
            return (format!("{flag} is given more than once"), None);
        }
        // What is too much is no option: the words after the first are it.
        if flag.is_empty() {
            let one = others.join(", ");
            let one = one.trim_matches(['[', ']', '<', '>']);
            return (format!("`{}` takes one {one}", self.typed.name()), None);
        }
        let hint = "use only one of them".to_owned();
        (
            format!("{flag} cannot be used with {}", others.join(", ")),
            Some(hint),
        )
    }

    fn flag(&self) -> &str {
        flag_alone(self.text(ContextKind::InvalidArg).unwrap_or_default())
    }

    fn example(&self) -> Option<String> {
        self.example_with("")
    }

    /// An example that has the option.
    fn example_with(&self, flag: &str) -> Option<String> {
        let mut examples = examples(&self.typed.words).iter();
        let example = examples.find(|example| example.contains(flag))?;
        Some(format!("for example: {example}"))
    }
}

/// `--url` of `--url <URL>`; what has no name but its value stays.
fn flag_alone(arg: &str) -> &str {
    match arg.starts_with('-') {
        true => arg.split([' ', '=']).next().unwrap_or(arg),
        false => arg,
    }
}

fn flags_of(command: &Command) -> impl Iterator<Item = &str> {
    command.get_arguments().filter_map(Arg::get_long)
}

/// The word that is most like what was typed, if one is like it.
fn nearest<'w>(typed: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let typed = typed.to_ascii_lowercase();
    words
        .map(|word| (strsim::jaro_winkler(&typed, word), word))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, word)| word)
}

fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

//! The command that sends a case again.

use std::path::PathBuf;

use crate::cli::CheckArgs;
use crate::conformance::Case;
use crate::context::Context;
use crate::context::target::Target;
use crate::http::Resolved;
use crate::model::suggest;
use crate::view::redact::{self, TokenNames};

/// `hookcli send …`, as a shell takes it.
pub fn command_line(case: &Case, more: &[String]) -> String {
    let arguments = case.recipe.arguments();
    let words = arguments.iter().chain(more).map(String::as_str);
    suggest(std::iter::once("send").chain(words))
}

/// What every case's command says of the receiver.
pub struct CaseCommand<'c> {
    pub context: &'c Context,
    pub args: &'c CheckArgs,
    pub target: &'c Target<'c>,
    pub resolved: &'c Resolved,
    /// What is redacted in URLs.
    pub tokens: &'c TokenNames,
}

impl CaseCommand<'_> {
    pub fn of(&self, case: &Case) -> String {
        let mut more = self.destination().to_vec();
        more.extend(self.secrets(case.recipe.old_secret));
        more.extend(self.settings());
        more.extend(self.transport());
        if !self.resolved.is_loopback() && !case.recipe.faults.is_empty() {
            more.push("--yes".to_owned());
        }
        command_line(case, &more)
    }

    fn destination(&self) -> [String; 2] {
        match &self.target.endpoint_name {
            Some(name) => ["--to".to_owned(), name.clone()],
            None => {
                // Logs must not contain a token of the query.
                let url = self.target.place.url_without_credentials();
                [
                    "--url".to_owned(),
                    redact::target(url.as_str(), self.tokens),
                ]
            }
        }
    }

    fn secrets(&self, is_old: bool) -> Vec<String> {
        let (args, secrets) = (self.args, &self.args.secrets);
        if is_old {
            let name = args.old_secret_env.iter();
            let file = args.old_secret_file.iter();
            return secret_flags(name, file);
        }
        let mut words = secret_flags(secrets.secret_env.iter(), secrets.secret_file.iter());
        if !secrets.secret.is_empty() {
            // A secret must not stand on a command line.
            words.extend(flag("--secret-env", "HOOKCLI_SECRET"));
        }
        words
    }

    fn settings(&self) -> Vec<String> {
        let dirs = self.context.provider_dirs.iter();
        let dirs = dirs.flat_map(|dir| flag("--provider-dir", &dir.display().to_string()));
        let file = self.context.config_file.iter();
        let file = file.flat_map(|file| flag("--config", &file.display().to_string()));
        dirs.chain(file).collect()
    }

    fn transport(&self) -> Vec<String> {
        let way = &self.args.way;
        let mut words = Vec::new();
        for header in &way.headers {
            // What proves who one is has no place in a log.
            let is_secret = ["authorization", "cookie", "proxy-authorization"]
                .iter()
                .any(|name| header.name.eq_ignore_ascii_case(name));
            let value = if is_secret { "***" } else { &header.value };
            words.extend(flag("-H", &format!("{}: {value}", header.name)));
        }
        if let Some(file) = &way.cacert {
            words.extend(flag("--cacert", &file.display().to_string()));
        }
        words.extend(self.args.scheme.arguments());
        let switches = [
            ("--insecure", way.insecure),
            ("--allow-http", way.allow_http),
        ];
        let given = switches.iter().filter(|(_, is_given)| *is_given);
        words.extend(given.map(|(name, _)| (*name).to_owned()));
        words
    }
}

fn secret_flags<'s>(
    names: impl Iterator<Item = &'s String>,
    files: impl Iterator<Item = &'s PathBuf>,
) -> Vec<String> {
    let names = names.flat_map(|name| flag("--secret-env", name));
    let files = files.flat_map(|file| flag("--secret-file", &file.display().to_string()));
    names.chain(files).collect()
}

fn flag(name: &str, value: &str) -> [String; 2] {
    [name.to_owned(), value.to_owned()]
}

//! The command that sends a case again.

use crate::cli::{CheckArgs, flag};
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
        more.extend(self.args.transport.arguments());
        more.extend(self.args.scheme.arguments());
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
                let url = self.target.destination.url_without_credentials();
                [
                    "--url".to_owned(),
                    redact::target(url.as_str(), self.tokens),
                ]
            }
        }
    }

    fn secrets(&self, is_old: bool) -> Vec<String> {
        if !is_old {
            return self.args.secrets.arguments();
        }
        let name = self.args.old_secret_env.iter();
        let name = name.flat_map(|name| flag("--secret-env", name));
        let file = self.args.old_secret_file.iter();
        let file = file.flat_map(|file| flag("--secret-file", &file.display().to_string()));
        name.chain(file).collect()
    }

    fn settings(&self) -> Vec<String> {
        let dirs = self.context.provider_dirs.iter();
        let dirs = dirs.flat_map(|dir| flag("--provider-dir", &dir.display().to_string()));
        let file = self.context.config_file.iter();
        let file = file.flat_map(|file| flag("--config", &file.display().to_string()));
        dirs.chain(file).collect()
    }
}

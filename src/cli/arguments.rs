//! Flags as they are typed, for commands that print a command.

use super::send::DeliveryArgs;
use super::shared::{SecretArgs, TransportArgs};
use crate::dispatch::Retries;

/// A flag with its value.
pub fn flag(name: &str, value: &str) -> [String; 2] {
    [name.to_owned(), value.to_owned()]
}

impl SecretArgs {
    pub fn arguments(&self) -> Vec<String> {
        let names = self.secret_env.iter();
        let names = names.flat_map(|name| flag("--secret-env", name));
        let files = self.secret_file.iter();
        let files = files.flat_map(|file| flag("--secret-file", &file.display().to_string()));
        // A secret must not stand on a command line.
        let typed = (!self.secret.is_empty()).then(|| flag("--secret-env", "HOOKCLI_SECRET"));
        let typed = typed.into_iter().flatten();
        names.chain(files).chain(typed).collect()
    }

    /// What to do before a command with these arguments is run, where they name a variable that is not set.
    pub fn to_be_set(&self) -> Option<&'static str> {
        (!self.secret.is_empty()).then_some(
            "printed commands read the secret from HOOKCLI_SECRET: set it to the value of --secret first",
        )
    }
}

impl DeliveryArgs {
    /// What decides how a delivery is tried again.
    pub fn retry_arguments(&self) -> Vec<String> {
        let mut words = Vec::new();
        match self.retries {
            Some(Retries::Policy) => words.extend(flag("--retries", "policy")),
            Some(Retries::Count(count)) => words.extend(flag("--retries", &count.to_string())),
            None => {}
        }
        if let Some(backoff) = &self.backoff {
            words.extend(flag("--backoff", &backoff.to_string()));
        }
        if let Some(name) = &self.policy {
            words.extend(flag("--policy", name));
        }
        if let Some(speed) = self.speed {
            words.extend(flag("--speed", &format!("{speed}x")));
        }
        words.extend(self.transport.arguments());
        words
    }
}

impl TransportArgs {
    /// Without what proves who one is: it has no place in a log.
    pub fn arguments(&self) -> Vec<String> {
        let mut words = Vec::new();
        for header in &self.headers {
            let is_secret = ["authorization", "cookie", "proxy-authorization"]
                .iter()
                .any(|name| header.name.eq_ignore_ascii_case(name));
            let value = if is_secret { "***" } else { &header.value };
            words.extend(flag("-H", &format!("{}: {value}", header.name)));
        }
        if let Some(file) = &self.cacert {
            words.extend(flag("--cacert", &file.display().to_string()));
        }
        let switches = [
            ("--insecure", self.insecure),
            ("--allow-http", self.allow_http),
        ];
        let given = switches.iter().filter(|(_, is_given)| *is_given);
        words.extend(given.map(|(name, _)| (*name).to_owned()));
        words
    }
}

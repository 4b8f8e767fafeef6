//! What `init` writes into a repository: hookcli's settings, and what runs in its CI.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::http::Destination;
use crate::model::quote;

const SETTINGS: &str = "hookcli.toml";
const SMOKE_TEST: &str = "webhook-smoke-test.sh";
const WORKFLOW: &str = ".github/workflows/webhooks.yml";

/// All that is to be known of a repository.
pub struct Repository {
    pub name: String,
    pub provider: String,
    /// None: the provider's requests are not signed.
    pub secret_env: Option<String>,
    pub destination: Destination,
    /// The command that starts the receiver; none: no smoke test.
    pub start: Option<String>,
    pub workflow: bool,
    pub install_from: Option<InstallSource>,
}

/// Where a program is installed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstallSource {
    Git { url: String, revision: String },
    Folder(String),
}

/// A file to write.
pub struct File {
    pub path: PathBuf,
    pub text: String,
    pub is_program: bool,
}

impl File {
    /// Writes it; what was there is replaced.
    pub fn write(&self) -> std::io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // What was there is replaced, not written through: it may be a link.
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::fs::write(&self.path, &self.text)?;
        if self.is_program {
            std::fs::set_permissions(&self.path, std::fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    }
}

pub fn files(repository: &Repository) -> Vec<File> {
    let mut files = vec![File {
        path: SETTINGS.into(),
        text: settings(repository),
        is_program: false,
    }];
    if let Some(start) = &repository.start {
        files.push(File {
            path: SMOKE_TEST.into(),
            text: smoke_test(repository, start),
            is_program: true,
        });
    }
    if repository.workflow {
        files.push(File {
            path: WORKFLOW.into(),
            text: workflow(repository),
            is_program: false,
        });
    }
    files
}

fn settings(repository: &Repository) -> String {
    let text = |text: &str| toml::Value::from(text).to_string();
    let name = &repository.name;
    let mut out = format!(
        "# hookcli's settings for this repository: `hookcli send EVENT --to {name}`, `hookcli check --to {name}`.\n[endpoint.{name}]\nurl = {}\nprovider = {}\n",
        text(&repository.destination.to_string()),
        text(&repository.provider)
    );
    if let Some(variable) = &repository.secret_env {
        let _ = writeln!(out, "secret_env = {}", text(variable));
    }
    out
}

/// An endpoint to write, for requests that came to its path.
pub struct NewEndpoint {
    pub name: String,
    pub path: String,
    pub provider: String,
    /// The variable with its secret, where one verified them.
    pub secret_env: Option<String>,
}

impl NewEndpoint {
    /// Named after the end of its path, or after its provider; unlike the names that are `taken`.
    pub fn new(
        path: &str,
        provider: &str,
        secret_env: Option<String>,
        taken: impl Fn(&str) -> bool,
    ) -> Self {
        let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
        let parts = path.split('/').rev();
        let mut parts = parts.map(|part| part.replace(|character| !is_plain(character), "-"));
        let begins = |part: &String| part.starts_with(|first: char| first.is_ascii_alphanumeric());
        let base = parts
            .find(begins)
            .unwrap_or_else(|| provider.replace('.', "-"));
        let mut names = (1..).map(|number| match number {
            1 => base.clone(),
            number => format!("{base}-{number}"),
        });
        Self {
            name: names.find(|name| !taken(name)).unwrap_or(base),
            path: path.to_owned(),
            provider: provider.to_owned(),
            secret_env,
        }
    }

    /// A section of hookcli.toml.
    pub fn text(&self) -> String {
        let text = |text: &str| toml::Value::from(text).to_string();
        let secret = match &self.secret_env {
            Some(name) => format!("secret_env = {}\n", text(name)),
            None => "# secret_env = \"THE_VARIABLE_WITH_ITS_SECRET\"\n".to_owned(),
        };
        format!(
            "\n[endpoint.{}]\npath = {}\nprovider = {}\n{secret}",
            self.name,
            text(&self.path),
            text(&self.provider)
        )
    }
}

fn smoke_test(repository: &Repository, start: &str) -> String {
    let secret = repository
        .secret_env
        .as_ref()
        .map_or(String::new(), |name| {
            format!(": \"${{{name}:?set it to the secret of your receiver}}\"\n")
        });
    let destination = &repository.destination;
    let port = destination.url().port_or_known_default().unwrap_or(80);
    // The receiver and what it starts are a group of their own, and end together.
    format!(
        r#"#!/usr/bin/env bash
# Starts the receiver and tests it with hookcli check.
set -euo pipefail
cd "$(dirname "$0")"
{secret}is_up() {{ (exec 3<>/dev/tcp/{host}/{port}) 2>/dev/null; }}
if is_up; then
    echo "something already listens at {host}:{port}: stop it first" >&2
    exit 1
fi
set -m
bash -c {start} &
receiver=$!
trap 'kill -- -"$receiver" 2>/dev/null || true' EXIT
tries=150
until is_up; do
    if ! kill -0 "$receiver" 2>/dev/null || ! ((tries--)); then
        echo "the receiver does not listen at {host}:{port}: see its output above" >&2
        exit 1
    fi
    sleep 0.2
done
hookcli check --to {name} --junit webhooks.xml
"#,
        host = destination.host(),
        start = quote(start),
        name = repository.name
    )
}

fn workflow(repository: &Repository) -> String {
    let environment = repository.secret_env.as_ref().map_or(String::new(), |name| {
        format!("        env:\n          # Any value works if your receiver reads the same variable.\n          {name}: a-secret-for-tests\n")
    });
    // By no name of a registry: whoever comes first could own it.
    let install = match &repository.install_from {
        Some(InstallSource::Git { url, revision }) => format!(
            "      - run: cargo install --locked --git {} --rev {} hookcli\n",
            quote(url),
            quote(revision)
        ),
        Some(InstallSource::Folder(folder)) => {
            format!("      - run: cargo install --locked --path {}\n", quote(folder))
        }
        None => "      # Put hookcli on the PATH here, or write this step with `hookcli init --install-from`.\n      - run: hookcli --version\n".to_owned(),
    };
    format!(
        "name: webhooks\non: [push, pull_request]\npermissions:\n  contents: read\njobs:\n  smoke-test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      # Install what your receiver needs here.\n{install}      - run: ./{SMOKE_TEST}\n{environment}"
    )
}

//! `init`: the settings of a repository, and what runs in its CI.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::{InitArgs, InstallSource, variable_name};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::http::Place;
use crate::model::{quote, suggest};
use crate::report::{Note, Report, Written};

const SETTINGS: &str = "hookcli.toml";
const SMOKE_TEST: &str = "webhook-smoke-test.sh";
const WORKFLOW: &str = ".github/workflows/webhooks.yml";

/// All that is to be known.
struct Answers {
    name: String,
    provider: String,
    /// None: the provider's requests are not signed.
    secret_env: Option<String>,
    place: Place,
    /// The command that starts the receiver; none: no smoke test.
    start: Option<String>,
    workflow: bool,
    install_from: Option<InstallSource>,
}

/// A file to write.
struct File {
    path: PathBuf,
    text: String,
    is_program: bool,
}

pub fn run(context: &Context, args: &InitArgs) -> Result<Exit, Failure> {
    let answers = answers(context, args)?;
    let files = files(&answers);
    // All or nothing: whether each may be written is settled before one is.
    for file in &files {
        may_write(context, args, &file.path)?;
    }
    for file in &files {
        write(file)
            .map_err(|error| Failure::machine(format!("{}: {error}", file.path.display())))?;
    }
    let written = files.iter().map(|file| file.path.display().to_string());
    context.emit(&Report::Written(Written {
        files: written.collect(),
    }))?;
    if answers.workflow && answers.install_from.is_none() {
        context.ui.note(Note::hint(
            "the workflow expects hookcli on the PATH: say where it is installed from with --install-from GIT-URL#REVISION",
        ));
    }
    context.ui.note(Note::hint(match &answers.secret_env {
        Some(name) => format!(
            "set {name}, start your receiver, then: {}",
            suggest(["check", "--to", &answers.name])
        ),
        None => format!(
            "start your receiver, then: {}",
            suggest(["check", "--to", &answers.name])
        ),
    }));
    Ok(Exit::Done)
}

/// What was given, and what is asked for.
fn answers(context: &Context, args: &InitArgs) -> Result<Answers, Failure> {
    let ui = &context.ui;
    let needed = |what: &str, flag: &str| {
        Failure::usage(format!(
            "{what} is required, and there is no terminal to ask for it"
        ))
        .hint(format!("give it with {flag}"))
    };
    let provider = match &args.provider {
        Some(name) => name.clone(),
        None => {
            let names: Vec<String> = context.catalog()?.names().map(str::to_owned).collect();
            let chosen = ui.choose("provider", &names);
            let index = chosen.ok_or_else(|| needed("the provider", "--provider NAME"))?;
            names[index].clone()
        }
    };
    let provider = context.provider(&provider)?;
    let place: Place = match &args.url {
        Some(url) => url.parse().map_err(Failure::usage)?,
        None => loop {
            let url = ui
                .ask("URL of your receiver", "http://localhost:3000/webhooks")
                .ok_or_else(|| needed("the URL", "--url URL"))?;
            match url.parse() {
                Ok(place) => break place,
                // Who has answered other questions is asked again.
                Err(error) => ui.note(Note::Error(error.to_string().into())),
            }
        },
    };
    if !place.url().username().is_empty() || place.url().password().is_some() {
        return Err(Failure::usage(
            "the URL holds a user or a password: files are no place for it",
        ));
    }
    // It goes into a script.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
    if !place.host().bytes().all(plain) {
        return Err(Failure::usage(format!(
            "`{}` is no host's name",
            place.host()
        )));
    }
    let secret_env = match (&args.secret_env, &provider.signature) {
        (Some(name), _) => Some(name.clone()),
        (None, None) => None,
        (None, Some(_)) => {
            let usual = crate::settings::variable_of(&provider.name);
            let asked = ui.ask("variable that holds the secret", &usual);
            Some(variable_name(&asked.unwrap_or(usual)).map_err(Failure::usage)?)
        }
    };
    // A flag says yes; without any, and with somebody there, each is a question.
    let is_bare = args.provider.is_none() && !args.smoke_test && !args.workflow;
    let wants =
        |flag: bool, question: &str| flag || (is_bare && ui.confirm(question).unwrap_or(false));
    let workflow = wants(args.workflow, "write a GitHub Actions workflow?");
    let smoke_test = workflow
        || args.start.is_some()
        || wants(args.smoke_test, "write a smoke test for the shell?");
    let start = match (smoke_test, &args.start) {
        (false, _) => None,
        (true, Some(start)) => Some(start.clone()),
        (true, None) => Some(
            ui.ask("command that starts your receiver", "npm start")
                .ok_or_else(|| needed("the command that starts the receiver", "--start COMMAND"))?,
        ),
    };
    Ok(Answers {
        name: args.name.clone(),
        provider: provider.name.clone(),
        secret_env,
        place,
        start,
        workflow,
        install_from: args.install_from.clone(),
    })
}

/// Fails where the file is there, unless the user says that it may go.
fn may_write(context: &Context, args: &InitArgs, path: &Path) -> Result<(), Failure> {
    // A file in the place of a folder would stop the writing in the middle.
    let strange = path.ancestors().skip(1).find(|above| above.is_file());
    if let Some(strange) = strange {
        return Err(Failure::usage(format!(
            "{} is no folder",
            strange.display()
        )));
    }
    // A link is there, too, wherever it leads.
    if args.force || path.symlink_metadata().is_err() {
        return Ok(());
    }
    let question = format!("{} is there already: replace it?", path.display());
    match context.ui.confirm(&question) {
        Some(true) => Ok(()),
        Some(false) => Err(Failure::usage(format!(
            "{} stays as it is; nothing was written",
            path.display()
        ))),
        None => Err(
            Failure::usage(format!("{} is there already", path.display()))
                .hint("--force replaces it; nothing was written"),
        ),
    }
}

fn write(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if let Some(folder) = file.path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // What was there is replaced, not written through: it may be a link.
    match std::fs::remove_file(&file.path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::write(&file.path, &file.text)?;
    if file.is_program {
        std::fs::set_permissions(&file.path, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

fn files(answers: &Answers) -> Vec<File> {
    let mut files = vec![File {
        path: SETTINGS.into(),
        text: settings(answers),
        is_program: false,
    }];
    if let Some(start) = &answers.start {
        files.push(File {
            path: SMOKE_TEST.into(),
            text: smoke_test(answers, start),
            is_program: true,
        });
    }
    if answers.workflow {
        files.push(File {
            path: WORKFLOW.into(),
            text: workflow(answers),
            is_program: false,
        });
    }
    files
}

fn settings(answers: &Answers) -> String {
    let text = |text: &str| toml::Value::from(text).to_string();
    let name = &answers.name;
    let mut out = format!(
        "# hookcli's settings for this repository: `hookcli send EVENT --to {name}`, `hookcli check --to {name}`.\n[endpoint.{name}]\nurl = {}\nprovider = {}\n",
        text(&answers.place.to_string()),
        text(&answers.provider)
    );
    if let Some(variable) = &answers.secret_env {
        let _ = writeln!(out, "secret_env = {}", text(variable));
    }
    out
}

fn smoke_test(answers: &Answers, start: &str) -> String {
    let secret = answers.secret_env.as_ref().map_or(String::new(), |name| {
        format!(": \"${{{name}:?set it to the secret that your receiver verifies with}}\"\n")
    });
    let place = &answers.place;
    let port = place.url().port_or_known_default().unwrap_or(80);
    // The receiver and what it starts are a group of their own, and end together.
    format!(
        r#"#!/usr/bin/env bash
# Starts the receiver, and has hookcli prove it right.
set -euo pipefail
cd "$(dirname "$0")"
{secret}is_up() {{ (exec 3<>/dev/tcp/{host}/{port}) 2>/dev/null; }}
if is_up; then
    echo "something listens at {host}:{port} already: it would be judged instead" >&2
    exit 1
fi
set -m
bash -c {start} &
receiver=$!
trap 'kill -- -"$receiver" 2>/dev/null || true' EXIT
tries=150
until is_up; do
    if ! kill -0 "$receiver" 2>/dev/null || ! ((tries--)); then
        echo "the receiver does not listen at {host}:{port}" >&2
        exit 1
    fi
    sleep 0.2
done
hookcli check --to {name} --junit webhooks.xml
"#,
        host = place.host(),
        start = quote(start),
        name = answers.name
    )
}

fn workflow(answers: &Answers) -> String {
    let environment = answers.secret_env.as_ref().map_or(String::new(), |name| {
        format!("        env:\n          # Any value will do, if your receiver reads it from there, too.\n          {name}: a-secret-for-tests\n")
    });
    // By no name of a registry: whoever comes first could own it.
    let install = match &answers.install_from {
        Some(InstallSource::Git { url, revision }) => format!(
            "      - run: cargo install --locked --git {} --rev {} hookcli\n",
            quote(url),
            quote(revision)
        ),
        Some(InstallSource::Folder(folder)) => {
            format!("      - run: cargo install --locked --path {}\n", quote(folder))
        }
        None => "      # Put hookcli on the PATH here; `hookcli init --install-from` writes how.\n      - run: hookcli --version\n".to_owned(),
    };
    format!(
        "name: webhooks\non: [push, pull_request]\npermissions:\n  contents: read\njobs:\n  smoke-test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      # Install what your receiver needs here.\n{install}      - run: ./{SMOKE_TEST}\n{environment}"
    )
}

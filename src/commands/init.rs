//! `init`: the settings of a repository, and what runs in its CI.

use std::path::Path;
use std::sync::Arc;

use crate::catalog::Provider;
use crate::cli::{InitArgs, variable_name};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::http::Destination;
use crate::model::suggest;
use crate::report::{Note, Report, Written};
use crate::settings::repository::{Repository, files};
use crate::settings::variable_of;

pub fn run(context: &Context, args: &InitArgs) -> Result<Exit, Failure> {
    let answers = answers(context, args)?;
    let files = files(&answers);
    // All or nothing: whether each may be written is settled before one is.
    for file in &files {
        may_write(context, args, &file.path)?;
    }
    for file in &files {
        file.write()
            .map_err(|error| Failure::machine(format!("{}: {error}", file.path.display())))?;
    }
    let written = files.iter().map(|file| file.path.display().to_string());
    context.emit(&Report::Written(Written {
        files: written.collect(),
    }))?;
    if answers.workflow && answers.install_from.is_none() {
        context.ui.note(Note::hint(
            "the workflow expects hookcli on the PATH; to have it installed, add --install-from GIT-URL#REVISION",
        ));
    }
    context.ui.note(Note::hint(match &answers.secret_env {
        Some(name) => format!(
            "set {name} and start your receiver, then run: {}",
            suggest(["check", "--to", &answers.name])
        ),
        None => format!(
            "start your receiver, then run: {}",
            suggest(["check", "--to", &answers.name])
        ),
    }));
    Ok(Exit::Done)
}

/// What was given, and what is asked for.
fn answers(context: &Context, args: &InitArgs) -> Result<Repository, Failure> {
    let ui = &context.ui;
    let provider = provider(context, args)?;
    let destination = destination(context, args)?;
    let secret_env = match (&args.secret_env, &provider.signature) {
        (Some(name), _) => Some(name.clone()),
        (None, None) => None,
        (None, Some(_)) => {
            let usual = variable_of(&provider.name);
            let asked = ui.ask("environment variable with the secret", &usual);
            Some(variable_name(&asked.unwrap_or(usual)).map_err(Failure::usage)?)
        }
    };
    // A flag says yes; without any, and with someone there, each is a question.
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
    Ok(Repository {
        name: args.name.clone(),
        provider: provider.name.clone(),
        secret_env,
        destination,
        start,
        workflow,
        install_from: args.install_from.clone(),
    })
}

fn provider(context: &Context, args: &InitArgs) -> Result<Arc<Provider>, Failure> {
    if let Some(name) = &args.provider {
        return context.provider(name);
    }
    let names: Vec<String> = context.catalog()?.names().map(str::to_owned).collect();
    let chosen = context.ui.choose("provider", &names);
    let index = chosen.ok_or_else(|| needed("the provider", "--provider NAME"))?;
    context.provider(&names[index])
}

fn destination(context: &Context, args: &InitArgs) -> Result<Destination, Failure> {
    let destination: Destination = match &args.url {
        Some(url) => url.parse().map_err(Failure::usage)?,
        None => loop {
            let url = context
                .ui
                .ask("URL of your receiver", "http://localhost:3000/webhooks")
                .ok_or_else(|| needed("the URL", "--url URL"))?;
            match url.parse() {
                Ok(destination) => break destination,
                // Who has answered other questions is asked again.
                Err(error) => context.ui.note(Note::Error(error.to_string().into())),
            }
        },
    };
    if !destination.url().username().is_empty() || destination.url().password().is_some() {
        return Err(Failure::usage(
            "the URL contains a user name or password, which does not belong in a file: leave it out",
        ));
    }
    // It goes into a script.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
    if !destination.host().bytes().all(plain) {
        return Err(Failure::usage(format!(
            "invalid host name `{}`: use a name such as localhost",
            destination.host()
        )));
    }
    Ok(destination)
}

fn needed(what: &str, flag: &str) -> Failure {
    Failure::usage(format!(
        "{what} is required, and there is no terminal to ask for it"
    ))
    .hint(format!("pass it with {flag}"))
}

/// Fails where the file is there, unless the user says that it may go.
fn may_write(context: &Context, args: &InitArgs, path: &Path) -> Result<(), Failure> {
    // A file in the place of a folder would stop the writing in the middle.
    let strange = path.ancestors().skip(1).find(|above| above.is_file());
    if let Some(strange) = strange {
        return Err(Failure::usage(format!(
            "{} is not a folder",
            strange.display()
        )));
    }
    // A link is there, too, wherever it leads.
    if args.force || path.symlink_metadata().is_err() {
        return Ok(());
    }
    let question = format!("{} already exists. Replace it?", path.display());
    match context.ui.confirm(&question) {
        Some(true) => Ok(()),
        Some(false) => Err(Failure::usage(format!(
            "{} was kept; nothing was written",
            path.display()
        ))),
        None => Err(Failure::usage(format!("{} already exists", path.display()))
            .hint("nothing was written; add --force to replace it")),
    }
}

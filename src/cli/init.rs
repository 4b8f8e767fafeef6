use crate::model::InvalidText;
use crate::settings::repository::InstallSource;
use clap::Args;

/// Writes hookcli.toml with the endpoint of your receiver, and on request a smoke test and a workflow that
/// runs it. What is not given is asked, where somebody can be asked.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli init\n  hookcli init --provider convo --url http://localhost:3000/webhooks --secret-env CONVO_SECRET\n  hookcli init --provider agentclara --url 3000/hook --secret-env CLARA_SECRET --start 'npm start' --smoke-test --workflow --install-from https://git.example/hookcli.git#4f2a91c"
)]
pub struct InitArgs {
    /// Whose events the receiver takes
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Where the receiver listens: a URL, or a port of this machine
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The environment variable that holds the secret
    #[arg(long, value_name = "NAME", value_parser = variable_name)]
    pub secret_env: Option<String>,
    /// What to call the endpoint
    #[arg(long, value_name = "NAME", default_value = "app", value_parser = endpoint)]
    pub name: String,
    /// Write webhook-smoke-test.sh: starts the receiver, and has `hookcli check` judge it
    #[arg(long)]
    pub smoke_test: bool,
    /// Write .github/workflows/webhooks.yml, which runs the smoke test
    #[arg(long)]
    pub workflow: bool,
    /// Where the workflow installs hookcli from: GIT-URL#REVISION, or a folder of the repository. Without it,
    /// the workflow expects hookcli on the PATH
    #[arg(long, value_name = "SOURCE", value_parser = install_source, requires = "workflow")]
    pub install_from: Option<InstallSource>,
    /// The command that starts the receiver, for the smoke test
    #[arg(long, value_name = "COMMAND", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub start: Option<String>,
    /// Replace what is there already
    #[arg(long)]
    pub force: bool,
}

fn install_source(text: &str) -> Result<InstallSource, InvalidText> {
    let refused = || {
        format!(
            "`{text}`: write a git URL and a revision, such as https://git.example/hookcli.git#4f2a91c, or a folder of the repository, such as tools/hookcli"
        )
    };
    let plain = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@~+".contains(&byte);
        !text.is_empty() && !text.starts_with('-') && text.bytes().all(allowed)
    };
    if text.contains("://") {
        let (url, revision) = text.split_once('#').ok_or_else(refused)?;
        let is_git = ["https://", "ssh://", "file://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        if !is_git || !plain(url) || !plain(revision) {
            return Err(refused().into());
        }
        return Ok(InstallSource::Git {
            url: url.to_owned(),
            revision: revision.to_owned(),
        });
    }
    let leaves = text.starts_with('/') || text.split('/').any(|part| part == "..");
    if leaves || !plain(text) {
        return Err(refused().into());
    }
    Ok(InstallSource::Folder(text.to_owned()))
}

/// A variable's name, as POSIX shells take it.
pub fn variable_name(text: &str) -> Result<String, InvalidText> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if begins && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{text}` is no variable's name: letters, digits and _; it is not the secret itself"
        )
        .into())
    }
}

/// A key of a TOML table that needs no quotes.
fn endpoint(text: &str) -> Result<String, InvalidText> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let begins = text.starts_with(|first: char| first.is_ascii_alphanumeric());
    if begins && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}`: letters, digits, - and _ name an endpoint").into())
    }
}

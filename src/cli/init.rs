use crate::model::InvalidText;
use crate::settings::repository::InstallSource;
use clap::Args;

/// Which files are written, and what they say. What is not given is asked for in a terminal.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The provider whose events your receiver accepts
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Your receiver's URL, or a local port
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The environment variable with the secret
    #[arg(long, value_name = "NAME", value_parser = variable_name)]
    pub secret_env: Option<String>,
    /// The name of the endpoint in hookcli.toml
    #[arg(long, value_name = "NAME", default_value = "app", value_parser = endpoint)]
    pub name: String,
    /// Also write a smoke test
    #[arg(
        long,
        long_help = "Also write webhook-smoke-test.sh, which starts your receiver and runs `hookcli check`"
    )]
    pub smoke_test: bool,
    /// Also write a GitHub Actions workflow
    #[arg(
        long,
        long_help = "Also write .github/workflows/webhooks.yml, which runs the smoke test"
    )]
    pub workflow: bool,
    /// Where the workflow installs hookcli from
    #[arg(long, value_name = "SOURCE", long_help = "Where the workflow installs hookcli from: GIT-URL#REVISION, or a folder of the repository [default: it must be on the PATH]", value_parser = install_source, requires = "workflow")]
    pub install_from: Option<InstallSource>,
    /// The command that starts your receiver, for the smoke test
    #[arg(long, value_name = "COMMAND", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub start: Option<String>,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

fn install_source(text: &str) -> Result<InstallSource, InvalidText> {
    let refused = || {
        format!(
            "invalid source `{text}`: use a git URL with a revision, for example https://git.example/hookcli.git#4f2a91c, or a folder of the repository, for example tools/hookcli"
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
            "invalid variable name `{text}`: use letters, digits and _, for example CONVO_SECRET (the name, not the secret itself)"
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
        Err(format!(
            "invalid endpoint name `{text}`: use letters, digits, - and _, for example orders"
        )
        .into())
    }
}

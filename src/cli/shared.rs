//! Flags that several commands share.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum};

use crate::model::{InvalidText, Secret, When, size};
use crate::settings::{SecretFlags, SharedFlags};

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Shared {
    /// Print JSON, one document per line
    #[arg(long, global = true)]
    pub json: bool,
    /// The file with captures and deliveries, or postgres://USER@HOST/DATABASE
    /// [env: HOOKCLI_STORE]
    #[arg(long, global = true, value_name = "STORE")]
    pub store: Option<String>,
    /// See and keep those of this workspace only [env: HOOKCLI_WORKSPACE]
    #[arg(long, global = true, value_name = "NAME")]
    pub workspace: Option<String>,
    /// Store nothing
    #[arg(long, global = true, conflicts_with = "store")]
    pub no_store: bool,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub color: ColorFlag,
    /// Print no hints and no warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more, such as headers; repeat for bodies
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
    /// Write a log to standard error, without headers, bodies, queries or secrets
    #[arg(long, global = true, value_enum, value_name = "LEVEL")]
    pub log: Option<LogLevel>,
    /// The format of the log
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        requires = "log"
    )]
    pub log_format: LogFormatFlag,
    /// Use this settings file instead of the hookcli.toml of the working tree
    /// [env: HOOKCLI_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    pub provider_dir: Vec<PathBuf>,
}

impl Shared {
    pub fn flags(&self) -> SharedFlags {
        SharedFlags {
            store: self.store.clone(),
            workspace: self.workspace.clone(),
            no_store: self.no_store,
            config: self.config.clone(),
            provider_dirs: self.provider_dir.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl From<LogLevel> for tracing::Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormatFlag {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ColorFlag {
    Auto,
    Always,
    Never,
}

/// Where secrets come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secrets")]
pub struct SecretArgs {
    /// The secret itself. Other users can see it in the process list, so prefer
    /// --secret-env
    #[arg(long, value_name = "SECRET", value_parser = secret)]
    pub secret: Vec<Secret>,
    /// A file with the secret
    #[arg(long, value_name = "FILE")]
    pub secret_file: Vec<PathBuf>,
    /// The environment variable with the secret
    #[arg(long, value_name = "NAME", help_heading = None, long_help = "The environment variable with the secret; repeatable [default: HOOKCLI_SECRET_<PROVIDER>, then HOOKCLI_SECRET]")]
    pub secret_env: Vec<String>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "clap's value parsers return results"
)]
fn secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret::new(text))
}

impl SecretArgs {
    pub fn flags(&self) -> SecretFlags {
        SecretFlags {
            literal: self.secret.clone(),
            files: self.secret_file.clone(),
            variables: self.secret_env.clone(),
        }
    }
}

/// What a request in a file may read from this machine.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Reading files")]
pub struct ReadArgs {
    /// Read the files that a request refers to (`-d @file`, `< file`), relative to its
    /// own file
    #[arg(long)]
    pub allow_files: bool,
    /// Set `{{name}}` in a .http file or a Postman collection; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub var: Vec<(String, String)>,
}

impl ReadArgs {
    /// # Errors
    /// A name that is given twice.
    pub fn variables(&self) -> Result<BTreeMap<String, String>, InvalidText> {
        let mut all = BTreeMap::new();
        for (name, value) in &self.var {
            if all.insert(name.clone(), value.clone()).is_some() {
                return Err(format!("--var {name} is given more than once").into());
            }
        }
        Ok(all)
    }
}

fn variable(text: &str) -> Result<(String, String), InvalidText> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or_else(|| "use NAME=VALUE, for example HOST=localhost".to_owned())?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// A URL with a scheme and a host, as senders write it.
pub fn public_url(text: &str) -> Result<String, InvalidText> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            Ok(text.to_owned())
        }
        _ => Err(
            format!("invalid URL `{text}`: use a full one, for example https://app.example").into(),
        ),
    }
}

/// How the requests travel.
#[derive(Debug, Args)]
#[command(next_help_heading = "Delivery")]
pub struct TransportArgs {
    /// Add or replace a header
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderFlag>,
    /// Accept any TLS certificate
    #[arg(long)]
    pub insecure: bool,
    /// Also trust the certificates in this PEM file
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Send over http even if the provider uses only https
    #[arg(long)]
    pub allow_http: bool,
}

/// `Name: value`, split at the first colon.
#[derive(Clone, Debug)]
pub struct HeaderFlag {
    pub name: String,
    pub value: String,
}

impl FromStr for HeaderFlag {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let (name, value) = text.split_once(':').ok_or_else(|| {
            format!("invalid header `{text}`: use 'Name: value', for example 'X-Test: 1'")
        })?;
        let name = name.trim();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!(
                "invalid header name `{name}`: use letters, digits and dashes, for example X-Test"
            )
            .into());
        }
        let value = value.trim();
        if value
            .bytes()
            .any(|byte| byte == 0x7f || (byte < 0x20 && byte != b'\t'))
        {
            return Err(format!(
                "the value of the header `{name}` contains control characters: remove them"
            )
            .into());
        }
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// A duration, or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout(pub Option<Duration>);

impl FromStr for Timeout {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text == "none" {
            return Ok(Self(None));
        }
        let limit = crate::model::duration::parse(text)
            .map_err(|error| format!("{error}, or none for no timeout"))?;
        if limit.is_zero() {
            Err("a timeout of 0 cannot be met: use none for no timeout".into())
        } else {
            Ok(Self(Some(limit)))
        }
    }
}

/// `--now`: Unix seconds, RFC 3339, or an age with a sign (`-5m`).
pub(super) fn parse_now(text: &str) -> Result<jiff::Timestamp, InvalidText> {
    match text.parse() {
        Ok(When::At(at)) => Ok(at),
        Ok(ago @ When::Ago(_)) if text.starts_with('-') => Ok(ago.resolve(jiff::Timestamp::now())),
        _ => Err(format!(
            "invalid time `{text}`: use Unix seconds, RFC 3339 or an age with a sign, for example 2026-11-21T08:00:00Z or -5m"
        )
        .into()),
    }
}

/// Reads a whole number within a range; the error says which range.
pub(super) fn number<T>(
    range: impl RangeBounds<T> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<T, InvalidText> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + fmt::Display,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let bounds = match (range.start_bound(), range.end_bound()) {
                (Bound::Included(least), Bound::Included(most)) => {
                    format!(" from {least} to {most}")
                }
                (Bound::Included(least), _) => format!(", {least} or more"),
                _ => String::new(),
            };
            format!("invalid number `{text}`: use a whole number{bounds}").into()
        })
    }
}

/// Reads a size within a range of bytes; the error says which range.
pub(super) fn size_within(
    range: std::ops::RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<u64, InvalidText> + Clone + Send + Sync + 'static {
    move |text| {
        let bytes = size::parse(text)?;
        match range.contains(&bytes) {
            true => Ok(bytes),
            false => Err(format!(
                "the size `{text}` is out of range: use {} to {}",
                size::text(*range.start()),
                size::text(*range.end())
            )
            .into()),
        }
    }
}

/// Reads one of an enum's words; the help lists them.
pub fn one_of<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr + strum::VariantNames + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|word| word.parse::<T>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_split_at_its_first_colon_and_nowhere_else() {
        let header: HeaderFlag = "X-Url: http://a:1/x,y;z=\"1\"".parse().unwrap();
        assert_eq!(
            (header.name.as_str(), header.value.as_str()),
            ("X-Url", "http://a:1/x,y;z=\"1\"")
        );
        for text in ["no colon", ": x", "a b: c", "X: a\nb"] {
            assert!(text.parse::<HeaderFlag>().is_err(), "{text}");
        }
    }
}

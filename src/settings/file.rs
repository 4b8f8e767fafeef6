//! hookcli.toml and the user's config file. One that was merely found in the working tree is someone
//! else's until proven otherwise: it may describe endpoints, and little more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Environment;
use crate::ingest::ResponseRule;
use crate::model::{Right, Trust, is_harmless_header};
use crate::search::EventPattern;
use crate::signature::Scheme;

pub(super) struct Layer {
    pub settings: FileSettings,
    pub path: PathBuf,
    pub trust: Trust,
    /// Relative paths of the file start here.
    pub dir: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSettings {
    #[serde(default)]
    pub defaults: Defaults,
    #[serde(default)]
    pub endpoint: BTreeMap<String, Endpoint>,
    #[serde(default)]
    pub listen: Listen,
    #[serde(default)]
    pub provider_dir: Vec<PathBuf>,
    pub store: Option<String>,
    pub keep: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    pub provider: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listen {
    pub port: Option<u16>,
    pub bind: Option<String>,
    #[serde(default)]
    pub rule: Vec<ResponseRule>,
    #[serde(default)]
    pub route: Vec<ListenRoute>,
}

/// Where events of a kind are forwarded to.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ListenRoute {
    pub event: EventPattern,
    /// A URL, or an endpoint's name.
    pub to: String,
}

/// A place to send to or to receive at, by name.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Where to send to; none: nothing is sent there.
    pub url: Option<String>,
    /// The path at which `listen` receives its requests.
    #[serde(default, deserialize_with = "path")]
    pub path: Option<String>,
    pub provider: Option<String>,
    /// The environment variable that holds the secret.
    pub secret_env: Option<String>,
    pub secret_file: Option<PathBuf>,
    /// The scheme, where the endpoint's provider is generic.
    pub signature: Option<Scheme>,
    /// The subscription: what `send --all` sends there.
    #[serde(default)]
    pub events: Vec<String>,
    /// Takes any certificate.
    #[serde(default)]
    pub insecure: bool,
    #[serde(skip)]
    pub trust: Trust,
}

/// The longest path of an endpoint, in bytes.
const LONGEST_PATH: usize = 200;

fn path<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let path = String::deserialize(deserializer)?;
    let is_path = path.starts_with('/')
        && path.len() <= LONGEST_PATH
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"?#".contains(&byte));
    match is_path {
        true => Ok(Some(path)),
        false => Err(serde::de::Error::custom(format!(
            "invalid path `{path}`: it begins with / and has no query, for example /hooks/orders"
        ))),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{file}: {why}")]
    Read { file: String, why: String },
    #[error("{file}:{line}: {message}")]
    Content {
        file: String,
        line: usize,
        message: String,
    },
    #[error(
        "{file}:{line}: the hookcli.toml of the working tree may not set `{key}`; set it in your own config file, or trust this file with --config {file}"
    )]
    NotAllowed {
        file: String,
        line: usize,
        key: &'static str,
    },
}

impl FileSettings {
    pub(super) fn read(path: &Path, trust: Trust) -> Result<Layer, FileError> {
        let file = path.display().to_string();
        let text = read_bounded(path).map_err(|error| FileError::Read {
            file: file.clone(),
            why: error.to_string(),
        })?;
        let line_of = |offset: usize| {
            text.as_bytes()[..offset.min(text.len())]
                .iter()
                .filter(|&&byte| byte == b'\n')
                .count()
                + 1
        };
        let settings: Self = toml::from_str(&text).map_err(|error| FileError::Content {
            file: file.clone(),
            line: error.span().map_or(1, |span| line_of(span.start)),
            message: error.message().to_owned(),
        })?;
        if let Some(key) = settings.forbidden_key(trust) {
            let leaf = key.rsplit('.').next().unwrap_or(key);
            return Err(FileError::NotAllowed {
                line: text.find(leaf).map_or(1, line_of),
                file,
                key,
            });
        }
        let dir = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Layer {
            settings,
            path: path.to_owned(),
            trust,
            dir,
        })
    }

    /// What the file decides, and may not.
    fn forbidden_key(&self, trust: Trust) -> Option<&'static str> {
        let endpoints = || self.endpoint.values();
        let mut rule_headers = self.listen.rule.iter().flat_map(|rule| &rule.headers);
        [
            (Right::Store, self.store.is_some(), "store"),
            (Right::Retention, self.keep.is_some(), "keep"),
            (
                Right::BindAddress,
                self.listen.bind.is_some(),
                "listen.bind",
            ),
            (
                Right::SecretFiles,
                endpoints().any(|endpoint| endpoint.secret_file.is_some()),
                "secret_file",
            ),
            (
                Right::SkipTlsVerification,
                endpoints().any(|endpoint| endpoint.insecure),
                "insecure",
            ),
            (
                Right::PageHeaders,
                rule_headers.any(|(name, value)| !is_harmless_header(name, value)),
                "listen.rule.headers",
            ),
        ]
        .into_iter()
        .find(|(right, is_set, _)| *is_set && !trust.allows(*right))
        .map(|(_, _, key)| key)
    }
}

/// The longest settings file, in bytes.
const LONGEST_FILE: u64 = 1 << 20;

fn read_bounded(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(LONGEST_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST_FILE {
        return Err(std::io::Error::other("it is longer than 1 MiB"));
    }
    Ok(text)
}

/// The hookcli.toml of the working tree: looked for from the working directory up to the repository's root
/// or the home folder, whichever comes first.
pub(super) fn find_upward(
    environment: &Environment,
    notes: &mut Vec<String>,
) -> Result<Option<Layer>, FileError> {
    let home = environment.home();
    for dir in environment.working_dir.ancestors() {
        let path = dir.join("hookcli.toml");
        if path.is_file() {
            if !is_trustworthy(&path) {
                notes.push(format!(
                    "{} was ignored because other users can write it",
                    path.display()
                ));
                return Ok(None);
            }
            return FileSettings::read(&path, Trust::FoundUpward).map(Some);
        }
        if dir.join(".git").exists() || Some(dir) == home.as_deref() {
            break;
        }
    }
    Ok(None)
}

/// Whether `path` may be read as the user's: theirs or root's, and writable by no one else.
pub(super) fn is_trustworthy(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(metadata) = std::fs::metadata(path) else {
        return false;
    };
    let owner_is_fine =
        metadata.uid() == rustix::process::geteuid().as_raw() || metadata.uid() == 0;
    owner_is_fine && metadata.mode() & 0o022 == 0
}

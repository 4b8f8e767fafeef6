//! Where a shared store is: `postgres://USER@HOST:PORT/DATABASE?sslmode=…`, as libpq reads it.

use std::fmt;
use std::path::{Path, PathBuf};

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::error::in_words;
use crate::http::{Names, TlsOptions, client_config};
use crate::model::{InvalidText, Secret};
use crate::store::StoreError;

/// A database, and how it is reached.
#[derive(Clone)]
pub struct Location {
    pub(super) config: Config,
    /// None where nothing is encrypted.
    pub(super) tls: Option<MakeRustlsConnect>,
    shown: String,
    has_password: bool,
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Without its password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// What of libpq's `sslmode` decides how a certificate is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl Location {
    /// Whether a text is meant as one.
    pub fn is_one(text: &str) -> bool {
        let (scheme, _) = text.trim().split_once("://").unwrap_or_default();
        ["postgres", "postgresql"]
            .iter()
            .any(|one| one.eq_ignore_ascii_case(scheme))
    }

    /// # Errors
    /// The text is no such URL, or a root certificate cannot be read.
    pub fn parse(text: &str) -> Result<Self, InvalidText> {
        let refused = |why: &str| -> InvalidText {
            format!("invalid store: {why}: use for example postgres://user@host/database").into()
        };
        let mut url = Url::parse(text.trim()).map_err(|error| refused(&error.to_string()))?;
        let mut mode = Mode::Prefer;
        let mut root_file = None;
        let (mut others, mut password) = (Vec::new(), None);
        for (name, value) in url.query_pairs() {
            match &*name {
                "sslmode" => {
                    mode = match &*value {
                        "disable" => Mode::Disable,
                        "allow" | "prefer" => Mode::Prefer,
                        "require" => Mode::Require,
                        "verify-ca" => Mode::VerifyCa,
                        "verify-full" => Mode::VerifyFull,
                        other => return Err(refused(&format!("unknown sslmode {other}"))),
                    }
                }
                // As good as one before the host, and as bad.
                "password" => password = Some(value.into_owned()),
                "sslrootcert" => root_file = Some(PathBuf::from(&*value)),
                _ => others.push((name.into_owned(), value.into_owned())),
            }
        }
        url.set_query(None);
        if !others.is_empty() {
            url.query_pairs_mut().extend_pairs(&others);
        }
        if let Some(password) = password {
            let set = url.set_password(Some(&password));
            set.map_err(|()| refused("it names no host"))?;
        }
        let has_password = url.password().is_some();
        let mut shown = url.clone();
        // It has a host, so that cannot fail.
        let _ = shown.set_password(None);
        let mut config: Config = url
            .as_str()
            .parse()
            .map_err(|error: tokio_postgres::Error| refused(&in_words(&error)))?;
        if config.get_user().is_none_or(str::is_empty) {
            return Err(refused("it names no user"));
        }
        if config.get_hosts().is_empty() {
            return Err(refused("it names no host"));
        }
        config.ssl_mode(match mode {
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require | Mode::VerifyCa | Mode::VerifyFull => SslMode::Require,
        });
        Ok(Self {
            tls: tls(mode, root_file, &config)?,
            config,
            shown: shown.to_string(),
            has_password,
        })
    }

    /// Whether the password stands in the URL.
    pub fn has_password(&self) -> bool {
        self.has_password
    }

    /// With this password, where the URL has none.
    pub fn with_password(mut self, password: &Secret) -> Self {
        if !self.has_password {
            self.config.password(password.expose());
        }
        self
    }

    /// The password that a file in the format of `.pgpass` has for it.
    pub fn password_in(&self, lines: &str) -> Option<Secret> {
        let host = match self.config.get_hosts().first()? {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(_) => "localhost".to_owned(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let user = self.config.get_user()?;
        let database = self.config.get_dbname().unwrap_or(user);
        let wanted = [&*host, &port.to_string(), database, user];
        let mut lines = lines.lines().filter(|line| !line.starts_with('#'));
        lines.find_map(|line| {
            let fields = pass_fields(line);
            let (password, place) = fields.split_last().filter(|(_, place)| place.len() == 4)?;
            let mut pairs = place.iter().zip(wanted);
            let fits = pairs.all(|(own, wanted)| own == "*" || own == wanted);
            fits.then(|| Secret::new(password.clone()))
        })
    }
}

/// The fields of a line of `.pgpass`: colons separate them, and a backslash takes a meaning away.
fn pass_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields
                .last_mut()
                .into_iter()
                .for_each(|field| field.extend(characters.clone().next())),
            other => fields
                .last_mut()
                .into_iter()
                .for_each(|field| field.push(other)),
        }
        if character == '\\' {
            characters.next();
        }
    }
    fields
}

fn tls(
    mode: Mode,
    root_file: Option<PathBuf>,
    config: &Config,
) -> Result<Option<MakeRustlsConnect>, InvalidText> {
    let is_local = config.get_hosts().iter().all(is_socket);
    // As libpq has it: with a root certificate, `require` looks at who signed.
    let (insecure, names) = match (mode, &root_file) {
        (Mode::Disable, _) => return Ok(None),
        _ if is_local => return Ok(None),
        (Mode::Prefer, _) | (Mode::Require, None) => (true, Names::Any),
        (Mode::Require, Some(_)) | (Mode::VerifyCa, _) => (false, Names::Any),
        (Mode::VerifyFull, _) => (false, Names::Checked),
    };
    let options = TlsOptions {
        insecure,
        ca_file: root_file,
        names,
    };
    let config = client_config(&options).map_err(|error| InvalidText::from(error.to_string()))?;
    Ok(Some(MakeRustlsConnect::new(config)))
}

fn is_socket(host: &Host) -> bool {
    match host {
        #[cfg(unix)]
        Host::Unix(_) => true,
        Host::Tcp(_) => false,
    }
}

/// The store that a location names could not be opened.
pub(super) fn not_opened(
    location: &Location,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    advice: &'static str,
) -> StoreError {
    StoreError::Open {
        path: location.to_string(),
        cause: cause.into().into(),
        advice,
    }
}

/// Where libpq looks for passwords by itself, under a home folder.
pub fn pass_file(home: &Path) -> PathBuf {
    home.join(".pgpass")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_what_libpq_takes_it_for() {
        let location = Location::parse("postgres://me@db.test:5433/hooks?sslmode=disable").unwrap();
        assert_eq!(location.to_string(), "postgres://me@db.test:5433/hooks");
        assert!(location.tls.is_none() && !location.has_password());
        let location = Location::parse("postgresql://me:secret@h/d?sslmode=require").unwrap();
        assert!(location.tls.is_some() && location.has_password());
        assert!(!location.to_string().contains("secret"));
        assert!(!format!("{location:?}").contains("secret"));
        for (text, why) in [
            ("postgres://h/d", "user"),
            ("postgres://me@h/d?sslmode=maybe", "sslmode maybe"),
            ("postgres://me@h/d?nonsense=1", "nonsense"),
            ("postgres://", "host"),
        ] {
            let error = Location::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn a_password_comes_from_the_first_line_that_fits() {
        let location = Location::parse("postgres://me@db.test/hooks").unwrap();
        let lines =
            "# a comment\nother:5432:hooks:me:no\ndb.test:*:hooks:me:pass\\:word\\\\\n*:*:*:*:last";
        let found = location.password_in(lines).unwrap();
        assert_eq!(found.expose(), b"pass:word\\");
        let other = Location::parse("postgres://you@db.test/hooks").unwrap();
        assert_eq!(other.password_in(lines).unwrap().expose(), b"last");
        assert!(other.password_in("db.test:5432:hooks").is_none());
    }
}

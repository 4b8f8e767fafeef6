//! The draft of a provider's folder, from requests that were captured: what can be derived from it, marked as assumed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, civil::Date};

use super::guess::{EventPlace, Guess, own_headers, values_of};
use super::{Catalog, Provider};
use crate::model::{Request, Trust};
use crate::payload::Document;
use crate::signature::PlainScheme;

/// A scheme that requests follow.
pub enum DraftScheme<'r> {
    /// That of a provider.
    Of(&'r Provider),
    Plain(PlainScheme),
}

/// A folder that is not written yet.
pub struct Draft<'r> {
    name: &'r str,
    seen: &'r [(&'r Request, Option<Timestamp>)],
    scheme: Option<DraftScheme<'r>>,
    /// The day on which it is made.
    today: Date,
    guess: Guess,
    /// Each event with the first of its requests, and how the sender writes its name.
    events: Vec<DraftEvent>,
}

/// An event type of a draft.
pub struct DraftEvent {
    /// As its files are called.
    pub name: String,
    /// How the sender writes it, where it does.
    written: Option<String>,
    /// The first request of it, by its place.
    pub request: usize,
}

/// Why a draft cannot be made or written.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("invalid provider name `{0}`: use letters, digits, dots and dashes, for example acme")]
    Name(String),
    #[error(
        "the request's body is not JSON, so it cannot become a sample: name another capture with --from ID"
    )]
    NoJson,
    #[error("{} already exists: remove it, or use another name or --dir", .0.display())]
    IsThere(PathBuf),
    #[error("{}: {source}", .folder.display())]
    NotWritten {
        folder: PathBuf,
        source: std::io::Error,
    },
    #[error("the new folder was written but cannot be loaded: {0}")]
    NotRead(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl<'r> Draft<'r> {
    /// A provider that is called so, from requests of its own, each with when it came; there is one at least.
    pub fn new(
        name: &'r str,
        seen: &'r [(&'r Request, Option<Timestamp>)],
        scheme: Option<DraftScheme<'r>>,
        today: Date,
    ) -> Result<Self, DraftError> {
        check_name(name)?;
        let documents = seen
            .iter()
            .map(|(request, _)| Document::parse(&request.body));
        let documents: Result<Vec<_>, _> = documents.collect();
        let documents = documents.map_err(|_| DraftError::NoJson)?;
        let guess = Guess::of(seen, &documents);
        let mut events: Vec<DraftEvent> = Vec::new();
        for (request, written) in guess.events.iter().enumerate() {
            let event = plain_name(written.as_deref().unwrap_or("event"));
            if !events.iter().any(|known| known.name == event) {
                events.push(DraftEvent {
                    name: event,
                    written: written.clone(),
                    request,
                });
            }
        }
        Ok(Self {
            name,
            seen,
            scheme,
            today,
            guess,
            events,
        })
    }

    /// The event types, in the order in which they came.
    pub fn events(&self) -> &[DraftEvent] {
        &self.events
    }

    /// Writes the folder into `dir`, with a sample for each event, and reads it once: what it says must hold for
    /// the very next command. Returns where it is.
    pub fn write(&self, dir: &Path, samples: &[Vec<u8>]) -> Result<PathBuf, DraftError> {
        let folder = dir.join(self.name);
        if folder.exists() {
            return Err(DraftError::IsThere(folder));
        }
        let written = std::fs::create_dir_all(folder.join("samples"))
            .and_then(|()| std::fs::write(folder.join("provider.toml"), self.description()))
            .and_then(|()| {
                self.events
                    .iter()
                    .zip(samples)
                    .try_for_each(|(event, sample)| {
                        let file = format!("samples/{}.json", event.name);
                        std::fs::write(folder.join(file), sample)
                    })
            });
        if let Err(source) = written {
            return Err(DraftError::NotWritten { folder, source });
        }
        let mut made = Catalog::embedded();
        made.add_dir(&folder, Trust::Own)
            .map_err(|error| DraftError::NotRead(error.into()))?;
        made.provider(self.name)
            .map_err(|error| DraftError::NotRead(error.into()))?;
        Ok(folder)
    }

    /// `provider.toml`.
    fn description(&self) -> String {
        let mut out = format!("name = {0}\ntitle = {0}\n", quoted(self.name));
        out += "summary = \"Created from a captured request.\"\n\n";
        if self.scheme.is_some() {
            // What verifies under the sender's secret is no guess: what is unsigned has to be refused.
            let _ = writeln!(
                out,
                "[sources.captured]\ntitle = \"captured requests that verify with the secret\"\ndate = {}\n",
                quoted(&self.today.to_string())
            );
        }
        self.write_request(&mut out);
        self.write_body(&mut out);
        self.write_signature(&mut out);
        out +=
            "[delivery]\nassumed = \"common values\"\ntimeout = \"10s\"\nsuccess = [\"2xx\"]\n\n";
        for event in &self.events {
            let _ = writeln!(
                out,
                "[event.{}]\ncategory = \"Events\"\nassumed = \"seen in a captured request\"\ndescription = \"Describe this event here.\"",
                quoted(&event.name)
            );
            if let Some(written) = event.written.as_ref().filter(|one| **one != event.name) {
                let _ = writeln!(out, "wire_name = {}", quoted(written));
            }
            out.push('\n');
        }
        out
    }

    fn write_request(&self, out: &mut String) {
        let Some((first, _)) = self.seen.first() else {
            return;
        };
        let content_type = first
            .headers
            .get("content-type")
            .map(String::from_utf8_lossy);
        *out += "[request]\nassumed = \"taken from a captured request\"\n";
        let _ = writeln!(out, "method = {}", quoted(&first.method));
        let _ = writeln!(
            out,
            "content_type = {}",
            quoted(content_type.as_deref().unwrap_or("application/json"))
        );
        let own = own_headers(self.seen);
        let names_event = |name: &&String| {
            let values = values_of(self.seen, name).unwrap_or_default();
            let events = self.guess.events.iter().map(Option::as_deref);
            !values.is_empty() && values.into_iter().map(Some).eq(events)
        };
        let naming: Vec<String> = own
            .iter()
            .filter(names_event)
            .map(|name| format!("{} = \"{{event}}\"", quoted(name)))
            .collect();
        if !naming.is_empty() {
            let _ = writeln!(out, "headers = {{ {} }}", naming.join(", "));
        }
        let names: Vec<String> = own.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(out, "\n[recognise]\nheaders = [{}]\n", names.join(", "));
    }

    fn write_body(&self, out: &mut String) {
        let guess = &self.guess;
        let from = match self.seen.len() {
            1 => "guessed from the names of the fields".to_owned(),
            count => format!("guessed from the fields of {count} requests"),
        };
        let _ = writeln!(out, "[body]\nassumed = \"{from}\"");
        let _ = match &guess.event {
            Some(EventPlace::Body(at)) => writeln!(out, "event = {{ path = {} }}", quoted(at)),
            Some(EventPlace::Header(name)) => {
                writeln!(out, "event = {{ header = {} }}", quoted(name))
            }
            None => writeln!(out, "event = {{ default = \"event\" }}"),
        };
        if !guess.timestamps.is_empty() {
            let places: Vec<String> = guess
                .timestamps
                .iter()
                .map(|(at, format)| format!("{{ path = {}, format = \"{format}\" }}", quoted(at)))
                .collect();
            let _ = writeln!(out, "timestamps = [{}]", places.join(", "));
        }
        if let (Some(at), Some(format)) = (&guess.id, &guess.id_format) {
            let (at, format) = (quoted(at), quoted(format));
            let _ = writeln!(out, "ids = [{{ path = {at}, format = {format} }}]");
        }
        let key = match (&guess.id, &guess.id_header) {
            (Some(at), _) => format!("body:{at}"),
            (None, Some(name)) => format!("header:{name}"),
            (None, None) => "digest".to_owned(),
        };
        let _ = writeln!(out, "idempotency_key = [{}]\n", quoted(&key));
    }

    fn write_signature(&self, out: &mut String) {
        let found = match &self.scheme {
            Some(DraftScheme::Of(model)) => model.signature_text().map(|text| {
                let of = format!("# The scheme of {}.\n", model.name);
                of + &text
            }),
            Some(DraftScheme::Plain(plain)) => Some(plain.text()),
            None => None,
        };
        match found {
            Some(text) => {
                let _ = writeln!(out, "[signature]\ndocumented = \"captured\"\n{text}");
            }
            None => {
                *out += "# No known scheme verifies this request with the given secrets. docs/providers.md describes the keys:\n# [signature]\n# assumed = \"...\"\n# mechanism = \"hmac\"\n# header = \"X-Signature\"\n\n";
            }
        }
    }
}

/// A provider's name is its folder's.
pub fn check_name(name: &str) -> Result<(), DraftError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    match name.is_empty() || !name.bytes().all(is_plain) || name.starts_with('.') {
        true => Err(DraftError::Name(name.to_owned())),
        false => Ok(()),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// An event's name as a file can have it.
fn plain_name(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|character| {
            let plain = character.is_ascii_alphanumeric() || "._-".contains(character);
            if plain { character } else { '.' }
        })
        .take(80)
        .collect();
    let name = name.trim_matches('.').to_owned();
    if name.is_empty() {
        "event".to_owned()
    } else {
        name
    }
}

//! The draft of a provider's folder, from a request that was captured: what can be derived from it, marked as assumed.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Catalog, Provider};
use crate::model::{Request, Trust};
use crate::payload::{Document, Kind, TimestampFormat, Value, read_timestamp};

/// Headers that do not identify a sender: those of HTTP itself, and those that proxies add.
const EVERYBODYS: [&str; 14] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "content-length",
    "content-type",
    "content-encoding",
    "date",
    "transfer-encoding",
    "traceparent",
    "authorization",
    "cookie",
];

/// A folder that is not written yet.
pub struct Draft<'r> {
    name: &'r str,
    request: &'r Request,
    /// The provider whose scheme the request follows.
    model: Option<&'r Provider>,
    found: Found,
    event: String,
}

/// Why a draft cannot be made or written.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("invalid provider name `{0}`: use letters, digits, dots and dashes, for example acme")]
    Name(String),
    #[error("the request's body is not JSON, so it cannot become a sample")]
    NoJson,
    #[error("{} already exists", .0.display())]
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
    pub fn new(
        name: &'r str,
        request: &'r Request,
        model: Option<&'r Provider>,
    ) -> Result<Self, DraftError> {
        check_name(name)?;
        let document = Document::parse(&request.body).map_err(|_| DraftError::NoJson)?;
        let found = Found::in_document(&document);
        let event = plain_name(found.event.as_ref().map_or("event", |(_, name)| name));
        Ok(Self {
            name,
            request,
            model,
            found,
            event,
        })
    }

    /// The event type as its files are called.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// Writes the folder into `dir`, with `sample` as the event's sample, and reads it once: what it says must hold for
    /// the very next command. Returns where it is.
    pub fn write(&self, dir: &Path, sample: &[u8]) -> Result<PathBuf, DraftError> {
        let folder = dir.join(self.name);
        if folder.exists() {
            return Err(DraftError::IsThere(folder));
        }
        let written = std::fs::create_dir_all(folder.join("samples"))
            .and_then(|()| std::fs::write(folder.join("provider.toml"), self.description()))
            .and_then(|()| {
                std::fs::write(folder.join(format!("samples/{}.json", self.event)), sample)
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
        self.write_request(&mut out);
        self.write_body(&mut out);
        self.write_signature(&mut out);
        out +=
            "[delivery]\nassumed = \"common values\"\ntimeout = \"10s\"\nsuccess = [\"2xx\"]\n\n";
        let _ = writeln!(
            out,
            "[event.{}]\ncategory = \"Events\"\nassumed = \"seen in a captured request\"\ndescription = \"Describe this event here.\"",
            quoted(&self.event)
        );
        if let Some((_, written)) = &self.found.event
            && *written != self.event
        {
            let _ = writeln!(out, "wire_name = {}", quoted(written));
        }
        out
    }

    fn write_request(&self, out: &mut String) {
        let headers = &self.request.headers;
        // Each name once, as a request may repeat it.
        let mut seen = HashSet::new();
        let own: Vec<(String, &[u8])> = headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .filter(|(name, _)| {
                !EVERYBODYS.contains(&name.as_str())
                    && !name.starts_with("x-forwarded")
                    && seen.insert(name.clone())
            })
            .collect();
        let content_type = headers.get("content-type").map(String::from_utf8_lossy);
        *out += "[request]\nassumed = \"taken from a captured request\"\n";
        let _ = writeln!(out, "method = {}", quoted(&self.request.method));
        let _ = writeln!(
            out,
            "content_type = {}",
            quoted(content_type.as_deref().unwrap_or("application/json"))
        );
        let names_event = |value: &[u8]| {
            let event = self.found.event.as_ref();
            event.is_some_and(|(_, name)| value == name.as_bytes())
        };
        let naming: Vec<String> = own
            .iter()
            .filter(|(_, value)| names_event(value))
            .map(|(name, _)| format!("{} = \"{{event}}\"", quoted(name)))
            .collect();
        if !naming.is_empty() {
            let _ = writeln!(out, "headers = {{ {} }}", naming.join(", "));
        }
        let names: Vec<String> = own.iter().map(|(name, _)| quoted(name)).collect();
        let _ = writeln!(out, "\n[recognise]\nheaders = [{}]\n", names.join(", "));
    }

    fn write_body(&self, out: &mut String) {
        let found = &self.found;
        *out += "[body]\nassumed = \"guessed from the names of the fields\"\n";
        let _ = match &found.event {
            Some((at, _)) => writeln!(out, "event = {{ path = {} }}", quoted(at)),
            None => writeln!(out, "event = {{ default = {} }}", quoted(&self.event)),
        };
        if !found.timestamps.is_empty() {
            let places: Vec<String> = found
                .timestamps
                .iter()
                .map(|(at, format)| format!("{{ path = {}, format = \"{format}\" }}", quoted(at)))
                .collect();
            let _ = writeln!(out, "timestamps = [{}]", places.join(", "));
        }
        if let (Some(at), Some(format)) = (&found.id, &found.id_format) {
            let (at, format) = (quoted(at), quoted(format));
            let _ = writeln!(out, "ids = [{{ path = {at}, format = {format} }}]");
        }
        let key = found.id.as_ref();
        let key = key.map_or_else(|| "digest".to_owned(), |at| format!("body:{at}"));
        let _ = writeln!(out, "idempotency_key = [{}]\n", quoted(&key));
    }

    fn write_signature(&self, out: &mut String) {
        let model = self
            .model
            .and_then(|model| Some((model, model.signature_text()?)));
        match model {
            Some((model, text)) => {
                let _ = writeln!(
                    out,
                    "[signature]\nassumed = \"the captured request verifies with the scheme of {} and the given secret\"\n{text}",
                    model.name
                );
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

/// What a body says by the names of its fields: guesses.
#[derive(Default)]
struct Found {
    event: Option<(String, String)>,
    timestamps: Vec<(String, &'static str)>,
    id: Option<String>,
    /// How a new one is written.
    id_format: Option<String>,
}

impl Found {
    fn in_document(document: &Document<'_>) -> Self {
        let mut found = Self::default();
        found.look(document.root(), String::new(), 0);
        found
    }

    fn look(&mut self, value: Value<'_>, path: String, depth: usize) {
        if value.kind() != Kind::Object || depth > 2 {
            return;
        }
        for child in value.children() {
            let Some(key) = child.key() else { continue };
            let at = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
            let text = child.as_str();
            let name = key.to_ascii_lowercase();
            let is_event = [
                "type",
                "event",
                "event_type",
                "eventtype",
                "topic",
                "action",
            ]
            .contains(&name.as_str());
            if let (true, None, Some(text)) = (is_event, &self.event, &text) {
                self.event = Some((at.clone(), text.clone().into_owned()));
            }
            if self.id.is_none()
                && depth == 0
                && ["id", "event_id", "eventid"].contains(&name.as_str())
                && text.is_some()
            {
                self.id = Some(at.clone());
                self.id_format = text.as_deref().and_then(id_format);
            }
            let is_time = ["time", "date", "created", "_at", "timestamp"]
                .iter()
                .any(|word| name.contains(word));
            if let (true, Some(format)) = (is_time, time_format(&child)) {
                self.timestamps.push((at.clone(), format));
            }
            self.look(child, at, depth + 1);
        }
    }
}

/// The form of an id, so that each event that is sent has a new one: a UUID, or the text before its random part and
/// how long that is.
fn id_format(id: &str) -> Option<String> {
    let is_hex = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    };
    let groups: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    if lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| is_hex(group)) {
        return Some("uuid".to_owned());
    }
    let start = id
        .rfind(|character: char| !character.is_ascii_alphanumeric())
        .map_or(0, |at| at + 1);
    // What stands before is written as it is; a brace or a character of several bytes is not worth the guess.
    let (prefix, random) = id.split_at_checked(start)?;
    let kind = match random {
        random if random.bytes().all(|byte| byte.is_ascii_digit()) => "digit",
        random if is_hex(random) => "hex",
        _ => "alnum",
    };
    let is_plain = prefix.is_ascii() && !prefix.contains(['{', '}']);
    (is_plain && (4..=64).contains(&random.len()))
        .then(|| format!("{prefix}{{{kind}:{}}}", random.len()))
}

fn time_format(value: &Value<'_>) -> Option<&'static str> {
    match value.kind() {
        Kind::Number => match value.raw().parse::<i64>().ok()? {
            1_000_000_000..=9_999_999_999 => Some("unix_s"),
            1_000_000_000_000..=9_999_999_999_999 => Some("unix_ms"),
            _ => None,
        },
        Kind::String => {
            let text = value.as_str()?;
            let read = read_timestamp(TimestampFormat::Iso8601, &text);
            read.map(|_| "iso8601")
        }
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::id_format;

    #[test]
    fn the_form_of_an_id_is_read_off_one() {
        for (id, format) in [
            ("evt_1Nv0FGQ9RKHgCVdK", Some("evt_{alnum:16}")),
            ("0f1e2d3c-4b5a-6978-8899-aabbccddeeff", Some("uuid")),
            ("1234567890", Some("{digit:10}")),
            ("in-2024-00ff00ff", Some("in-2024-{hex:8}")),
            ("a{b}_12345", None),
            ("x", None),
        ] {
            assert_eq!(id_format(id).as_deref(), format, "{id}");
        }
    }
}

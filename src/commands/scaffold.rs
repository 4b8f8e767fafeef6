//! `providers new`: a folder for a provider of one's own, started from a request that was captured.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path as FilePath;

use jiff::Timestamp;

use crate::catalog::Provider;
use crate::cli::{NewProviderArgs, ReadArgs};
use crate::context::Context;
use crate::context::source;
use crate::exit::{Exit, Failure};
use crate::model::{Request, Trust, suggest};
use crate::payload::{Document, Kind, Value};
use crate::report::{Note, Report, Scaffold};
use crate::signature::{Envelope, Verification, signed_url, verify};
use crate::view::redact;

/// Headers that say nothing of who sends: HTTP's own, and those of what stands between.
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

pub async fn run(context: &Context, args: &NewProviderArgs) -> Result<Exit, Failure> {
    let name = &args.name;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if name.is_empty() || !name.bytes().all(plain) || name.starts_with('.') {
        return Err(Failure::usage(format!(
            "`{name}` cannot be a provider's name: letters, digits, dots, dashes"
        )));
    }
    if context.catalog()?.names().any(|known| known == name) {
        return Err(Failure::usage(format!(
            "there is a provider {name} already"
        )));
    }
    let mut recorded = source::named(context, &args.from, &ReadArgs::default()).await?;
    if recorded.len() != 1 {
        return Err(Failure::usage(format!(
            "{} holds {} requests; one is what a folder is started from",
            args.from,
            recorded.len()
        )));
    }
    let recorded = recorded.remove(0);
    let request = &recorded.request;
    let Ok(document) = Document::parse(&request.body) else {
        return Err(Failure::usage(
            "the request's body is not JSON: there is no sample to start from",
        ));
    };
    let at = recorded.received_at.unwrap_or_else(Timestamp::now);
    let model = model(context, args, request, recorded.over_tls, at)?;
    let found = Found::in_document(&document);
    let event = plain_name(found.event.as_ref().map_or("event", |(_, name)| name));
    let folder = args.dir.join(name);
    if folder.exists() {
        return Err(Failure::usage(format!(
            "{} is there already",
            folder.display()
        )));
    }
    let text = description(name, request, &found, &event, model.as_deref());
    let (sample, masked) = redact::request(model.as_deref(), request, &[], &context.token_names()?);
    let told = |error: std::io::Error| Failure::machine(format!("{}: {error}", folder.display()));
    write(&folder, &text, &event, &sample.body).map_err(told)?;
    // What it says must hold for the very next command.
    let mut made = crate::catalog::Catalog::embedded();
    let read = made
        .add_dir(&folder, Trust::Own)
        .map_err(|error| error.to_string())
        .and_then(|()| made.provider(name).map_err(|error| error.to_string()));
    if let Err(error) = read {
        return Err(Failure::machine(format!(
            "the folder was written and cannot be read: {error}"
        )));
    }
    if !masked.is_empty() {
        context.ui.note(Note::warning(format!(
            "the sample is without {}",
            masked.join(" and ")
        )));
    }
    context.emit(&Report::Scaffold(Scaffold {
        provider: name.clone(),
        folder: folder.display().to_string(),
        event: event.clone(),
        signature: model.as_ref().map(|provider| provider.name.clone()),
    }))?;
    context.ui.note(Note::hint(format!(
        "review the assumed values, then run: {}",
        suggest([
            "send",
            &format!("{name}/{event}"),
            "--url",
            "3000",
            "--provider-dir",
            &args.dir.display().to_string()
        ])
    )));
    Ok(Exit::Done)
}

/// The provider whose scheme the request follows under the secrets that are set; none where none does.
fn model(
    context: &Context,
    args: &NewProviderArgs,
    request: &Request,
    over_tls: bool,
    at: Timestamp,
) -> Result<Option<std::sync::Arc<Provider>>, Failure> {
    let (providers, _) = context.catalog()?.all();
    let url = signed_url(None, over_tls, request);
    for provider in providers {
        let Some(scheme) = &provider.signature else {
            continue;
        };
        let flags = args.secrets.flags();
        let secrets = context
            .settings
            .secrets(&flags, Some(&provider), None)
            .map_err(Failure::usage)?;
        let envelope = Envelope::of(request, url.as_deref());
        if verify(scheme, &secrets, envelope, &request.body, at) == Ok(Verification::Valid) {
            return Ok(Some(provider));
        }
    }
    Ok(None)
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

/// The form of an id, so that each event that is sent has a new one: a UUID, or what stands before its random part and
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
            let read =
                crate::payload::read_timestamp(crate::payload::TimestampFormat::Iso8601, &text);
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

fn description(
    name: &str,
    request: &Request,
    found: &Found,
    event: &str,
    model: Option<&Provider>,
) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    // Each name once, as a request may repeat it.
    let mut seen = HashSet::new();
    let own: Vec<(String, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| {
            !EVERYBODYS.contains(&name.as_str())
                && !name.starts_with("x-forwarded")
                && seen.insert(name.clone())
        })
        .collect();
    let content_type = request
        .headers
        .get("content-type")
        .map(|value| String::from_utf8_lossy(value).into_owned());
    let mut out = format!("name = {}\ntitle = {}\n", quoted(name), quoted(name));
    out += "summary = \"Started from a request that was captured.\"\n\n";
    out += "[request]\nassumed = \"as the captured request has it\"\n";
    let _ = writeln!(out, "method = {}", quoted(&request.method));
    let _ = writeln!(
        out,
        "content_type = {}",
        quoted(content_type.as_deref().unwrap_or("application/json"))
    );
    let named: Vec<String> = own
        .iter()
        .filter(|(_, value)| {
            found
                .event
                .as_ref()
                .is_some_and(|(_, name)| *value == name.as_bytes())
        })
        .map(|(name, _)| format!("{} = \"{{event}}\"", quoted(name)))
        .collect();
    if !named.is_empty() {
        let _ = writeln!(out, "headers = {{ {} }}", named.join(", "));
    }
    out.push('\n');
    let _ = writeln!(
        out,
        "[recognise]\nheaders = [{}]\n",
        own.iter()
            .map(|(name, _)| quoted(name))
            .collect::<Vec<_>>()
            .join(", ")
    );
    out += "[body]\nassumed = \"guessed by the names of the fields\"\n";
    match &found.event {
        Some((at, _)) => {
            let _ = writeln!(out, "event = {{ at = {} }}", quoted(at));
        }
        None => {
            let _ = writeln!(out, "event = {{ always = {} }}", quoted(event));
        }
    }
    if !found.timestamps.is_empty() {
        let places: Vec<String> = found
            .timestamps
            .iter()
            .map(|(at, format)| format!("{{ at = {}, format = \"{format}\" }}", quoted(at)))
            .collect();
        let _ = writeln!(out, "timestamps = [{}]", places.join(", "));
    }
    let key = found
        .id
        .as_ref()
        .map_or_else(|| "digest".to_owned(), |at| format!("body:{at}"));
    if let (Some(at), Some(format)) = (&found.id, &found.id_format) {
        let _ = writeln!(
            out,
            "ids = [{{ at = {}, format = {} }}]",
            quoted(at),
            quoted(format)
        );
    }
    let _ = writeln!(out, "duplicate_key = [{}]\n", quoted(&key));
    match model.and_then(Provider::signature_text) {
        Some(text) => {
            let like = model
                .map(|provider| provider.name.as_str())
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "[signature]\nassumed = \"the captured request follows the scheme of {like} under the secret that was set\"\n{text}"
            );
        }
        None => {
            out += "# No known scheme fits under a secret that is set. See the README, or that of a provider like this one:\n# [signature]\n# assumed = \"...\"\n# mechanism = \"hmac\"\n# header = \"X-Signature\"\n\n";
        }
    }
    out += "[delivery]\nassumed = \"what most do\"\ntimeout = \"10s\"\nsuccess = [\"2xx\"]\n\n";
    let _ = writeln!(
        out,
        "[event.{}]\ncategory = \"Events\"\nassumed = \"it was captured\"\ndescription = \"Describe it here.\"",
        quoted(event)
    );
    if let Some((_, written)) = &found.event
        && written != event
    {
        let _ = writeln!(out, "wire = {}", quoted(written));
    }
    out
}

fn write(folder: &FilePath, text: &str, event: &str, sample: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join("samples"))?;
    std::fs::write(folder.join("provider.toml"), text)?;
    std::fs::write(folder.join(format!("samples/{event}.json")), sample)
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

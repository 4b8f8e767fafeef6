//! Building a payload: the sample or the user's own text, made fresh, then edited, always as text.

use std::ops::Range;

use jiff::Timestamp;

use super::error::CatalogError;
use super::provider::Provider;
use crate::model::Headers;
use crate::payload::{
    Document, Edit, EditError, IdFormat, Kind, NotJson, Path, TimestampFormat, apply,
    apply_to_form, fresh_id, fresh_timestamp, in_form_field, is_form,
};

/// What to build an event's payload from.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The user's own bytes instead of the sample; they stay as they are but for `edits`.
    pub data: Option<Vec<u8>>,
    /// Timestamps and ids stay as they are in the sample.
    pub verbatim: bool,
    /// A platform's name, written where the event names its platform.
    pub platform: Option<String>,
    pub edits: Vec<Edit>,
    /// JSON goes into the form's field that the provider can be set to.
    pub as_form: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("`{0}` has no sample")]
    NoSample(String),
    #[error("{provider} has no platform `{platform}`; its platforms are {known}")]
    UnknownPlatform {
        provider: String,
        platform: String,
        known: String,
    },
    #[error("the payload cannot be edited: it is not UTF-8")]
    NotText,
    #[error("the payload cannot be edited: it is {0}")]
    NotJson(#[from] NotJson),
    #[error("--form is not possible for {0}: its provider.toml has no `form_field`")]
    NoForm(String),
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// An event's payload before it is made fresh: what is looked up and parsed once, however many are built.
#[derive(Clone, Debug)]
pub struct Prepared {
    content: PayloadSource,
    edits: Vec<Edit>,
    /// It is a form already.
    is_form: bool,
    /// The field of the form that it becomes.
    field: Option<String>,
}

#[derive(Clone, Debug)]
enum PayloadSource {
    /// Stays as it is.
    Bytes(Vec<u8>),
    Sample(Template),
}

/// A text and the places in it that are fresh each time, in order.
#[derive(Clone, Debug)]
struct Template {
    text: String,
    places: Vec<(Range<usize>, Fresh)>,
}

#[derive(Clone, Debug)]
enum Fresh {
    /// A timestamp in this format; in quotes or not.
    Timestamp(TimestampFormat, bool),
    Id(IdFormat),
}

/// Prepares an event's payload.
pub fn prepare(
    provider: &Provider,
    event: &str,
    variant: Option<&str>,
    content: &Content,
) -> Result<Prepared, BuildError> {
    let mut edits = platform_edit(provider, event, content)?;
    edits.extend(content.edits.iter().cloned());
    let is_form = is_form(provider.content_type(event).as_bytes());
    let field = match (content.as_form && !is_form, &provider.request.form_field) {
        (false, _) => None,
        (true, Some(field)) => Some(field.clone()),
        (true, None) => return Err(BuildError::NoForm(provider.title.clone())),
    };
    if let Some(data) = &content.data {
        return Ok(Prepared {
            content: PayloadSource::Bytes(data.clone()),
            edits,
            is_form,
            field,
        });
    }
    let sample = provider
        .sample(event, variant)?
        .ok_or_else(|| BuildError::NoSample(event.to_owned()))?;
    let content = if content.verbatim {
        PayloadSource::Bytes(sample.into_bytes())
    } else {
        match places(provider, event, &sample) {
            Ok(places) => PayloadSource::Sample(Template {
                text: sample,
                places,
            }),
            // A form has no declared places: it stays as it is.
            Err(_) => PayloadSource::Bytes(sample.into_bytes()),
        }
    };
    Ok(Prepared {
        content,
        edits,
        is_form,
        field,
    })
}

impl Prepared {
    /// The payload. `now` and `random` decide what is fresh, so that the same two give the same bytes.
    pub fn build(&self, now: Timestamp, random: &mut fastrand::Rng) -> Result<Vec<u8>, BuildError> {
        let body = match &self.content {
            PayloadSource::Bytes(bytes) => bytes.clone(),
            PayloadSource::Sample(template) => template.write(now, random).into_bytes(),
        };
        if self.edits.is_empty() && self.field.is_none() {
            return Ok(body);
        }
        let text = String::from_utf8(body).map_err(|_| BuildError::NotText)?;
        let text = match (self.edits.is_empty(), self.is_form) {
            (true, _) => text,
            (false, true) => apply_to_form(&text, &self.edits)?,
            (false, false) => apply(&text, &self.edits)?,
        };
        Ok(match &self.field {
            Some(field) => in_form_field(field, &text).into_bytes(),
            None => text.into_bytes(),
        })
    }
}

impl Template {
    fn write(&self, now: Timestamp, random: &mut fastrand::Rng) -> String {
        let mut out = String::with_capacity(self.text.len() + 64);
        let mut at = 0;
        for (range, fresh) in &self.places {
            out.push_str(&self.text[at..range.start]);
            at = range.end;
            let old = &self.text[range.clone()];
            match fresh {
                Fresh::Timestamp(format, false) => {
                    out.push_str(&fresh_timestamp(*format, old, now));
                }
                Fresh::Timestamp(format, true) => {
                    out.push('"');
                    out.push_str(&fresh_timestamp(*format, old.trim_matches('"'), now));
                    out.push('"');
                }
                Fresh::Id(format) => {
                    out.push('"');
                    out.push_str(&fresh_id(format, random));
                    out.push('"');
                }
            }
        }
        out.push_str(&self.text[at..]);
        out
    }
}

/// The text that a header or query parameter of a delivery gets: `{event}` (as requests write it),
/// `{unix_s}`, `{unix_ms}`, `{iso8601}`, `{uuid}`, and random characters such as `{hex:32}`; `more` knows other places.
pub fn fill(
    template: &str,
    event: &str,
    more: &dyn Fn(&str) -> Option<String>,
    now: Timestamp,
    random: &mut fastrand::Rng,
) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((literal, tail)) = rest.split_once('{') {
        out.push_str(literal);
        let Some((place, after)) = tail.split_once('}') else {
            out.push('{');
            rest = tail;
            continue;
        };
        match place {
            "event" => out.push_str(event),
            "unix_s" => out.push_str(&now.as_second().to_string()),
            "unix_ms" => out.push_str(&now.as_millisecond().to_string()),
            "iso8601" => out.push_str(&now.to_string()),
            "uuid" => out.push_str(&fresh_id(&IdFormat::Uuid, random)),
            _ => match more(place) {
                Some(value) => out.push_str(&value),
                None => match format!("{{{place}}}").parse::<IdFormat>() {
                    Ok(format) => out.push_str(&fresh_id(&format, random)),
                    Err(_) => out.push_str(&format!("{{{place}}}")),
                },
            },
        }
        rest = after;
    }
    out + rest
}

/// The declared headers that name one delivery, by a time or something random, get the value that a new one has.
/// All others stay, and those that are not there.
pub fn refresh_headers(
    provider: &Provider,
    event: &str,
    headers: &mut Headers,
    now: Timestamp,
    random: &mut fastrand::Rng,
) {
    let own = provider.events.get(event).map(|facts| &facts.headers);
    for (name, template) in provider
        .request
        .headers
        .iter()
        .chain(own.into_iter().flatten())
    {
        let value = fill(template, "{event}", &|_| None, now, random);
        // What is still open does not name one delivery: the event, a token.
        let is_renewed = template.contains('{') && !value.contains('{');
        if is_renewed && headers.contains(name) {
            headers.set(name, value);
        }
    }
}

/// The declared timestamps become now and the declared ids new, each in the form in which it is there.
/// All other bytes stay.
pub fn refresh(
    provider: &Provider,
    event: &str,
    text: &str,
    now: Timestamp,
    random: &mut fastrand::Rng,
) -> Result<String, NotJson> {
    let places = places(provider, event, text)?;
    let text = text.to_owned();
    Ok(Template { text, places }.write(now, random))
}

/// The places of the declared timestamps and ids that are there.
fn places(
    provider: &Provider,
    event: &str,
    text: &str,
) -> Result<Vec<(Range<usize>, Fresh)>, NotJson> {
    let document = Document::parse(text.as_bytes())?;
    let mut places = Vec::new();
    for timestamp in &provider.body.timestamps {
        let Some(value) = document.get(&timestamp.path) else {
            continue;
        };
        let quoted = match value.kind() {
            Kind::Number => false,
            Kind::String => true,
            _ => continue,
        };
        places.push((value.range(), Fresh::Timestamp(timestamp.format, quoted)));
    }
    let own = provider
        .events
        .get(event)
        .map(|facts| facts.ids.as_slice())
        .unwrap_or_default();
    for id in provider.body.ids.iter().chain(own) {
        if let Some(value) = document
            .get(&id.path)
            .filter(|value| value.kind() == Kind::String)
        {
            places.push((value.range(), Fresh::Id(id.format.clone())));
        }
    }
    places.sort_by_key(|(range, _)| range.start);
    // Two facts may name one place.
    places.dedup_by_key(|(range, _)| range.start);
    Ok(places)
}

fn platform_edit(
    provider: &Provider,
    event: &str,
    content: &Content,
) -> Result<Vec<Edit>, BuildError> {
    let Some(name) = &content.platform else {
        return Ok(Vec::new());
    };
    let platforms = provider.platforms.as_ref();
    let known = platforms
        .map(|platforms| platforms.platform.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    let Some((platforms, platform)) = platforms.and_then(|platforms| {
        platforms
            .platform
            .get(name)
            .map(|platform| (platforms, platform))
    }) else {
        return Err(BuildError::UnknownPlatform {
            provider: provider.name.clone(),
            platform: name.clone(),
            known: if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            },
        });
    };
    let Some(path) = platforms.field.clone() else {
        return Ok(Vec::new());
    };
    let path: Path = path;
    let wanted = path.to_string();
    if !provider
        .fields(event)?
        .iter()
        .any(|field| field.path == wanted)
    {
        return Ok(Vec::new());
    }
    let value = serde_json::Value::from(platform.value.as_str()).to_string();
    Ok(vec![Edit::Set { path, value }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn built(provider: &str, event: &str, content: &Content) -> String {
        let provider = Catalog::embedded().provider(provider).unwrap();
        let now = "2026-11-21T08:09:10.123Z".parse().unwrap();
        let prepared = prepare(&provider, event, None, content).unwrap();
        let body = prepared.build(now, &mut fastrand::Rng::with_seed(1));
        String::from_utf8(body.unwrap()).unwrap()
    }

    #[test]
    fn a_sample_is_made_fresh_and_nothing_else_of_it_changes() {
        let body = built("gaife", "message", &Content::default());
        assert!(
            body.contains(r#""timestamp":"2026-11-21T08:09:10.123Z""#),
            "{body}"
        );
        assert!(
            body.contains(r#""created_at":"2026-11-21T08:09:10Z""#),
            "{body}"
        );
        assert!(
            !body.contains("7c9e6679"),
            "the message's id is new: {body}"
        );
        let verbatim = built(
            "gaife",
            "message",
            &Content {
                verbatim: true,
                ..Content::default()
            },
        );
        assert_eq!(
            verbatim,
            Catalog::embedded()
                .provider("gaife")
                .unwrap()
                .sample("message", None)
                .unwrap()
                .unwrap()
        );
    }

    #[test]
    fn a_platform_is_written_as_the_provider_writes_it() {
        let content = Content {
            platform: Some("convocore".to_owned()),
            ..Content::default()
        };
        assert!(built("convocore", "agent_created", &content).contains(r#""agentPlatform":"vg""#));
        assert!(!built("convocore", "lead_captured", &content).contains("agentPlatform"));
    }
}

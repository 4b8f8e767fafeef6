//! What several requests of one sender say of its events: guesses, from names of fields and from what differs between
//! requests.

use jiff::Timestamp;

use crate::model::Request;
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

/// Fields that name the event, the likelier ones first.
const EVENT_NAMES: [&str; 9] = [
    "type",
    "event",
    "event_type",
    "eventtype",
    "topic",
    "action",
    "event_name",
    "eventname",
    "kind",
];
const ID_NAMES: [&str; 6] = [
    "id",
    "event_id",
    "eventid",
    "message_id",
    "delivery_id",
    "uuid",
];

/// How deep fields are looked at, and how many.
const DEEPEST: usize = 2;
const MOST_FIELDS: usize = 500;
/// A time this near to when its request came is the event's, whatever its field is called.
const NEAR_S: i64 = 86_400;

/// Requests of one sender, each with when it came.
pub(super) type Seen<'r> = [(&'r Request, Option<Timestamp>)];

/// Where the event's name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventPlace {
    Body(String),
    Header(String),
}

/// What is guessed.
#[derive(Default)]
pub(super) struct Guess {
    pub event: Option<EventPlace>,
    /// The event of each request, where it names one.
    pub events: Vec<Option<String>>,
    pub timestamps: Vec<(String, &'static str)>,
    /// The path of the event's id.
    pub id: Option<String>,
    /// How a new one is written.
    pub id_format: Option<String>,
    /// The header with an id of each request, where no field has one.
    pub id_header: Option<String>,
}

/// A scalar value at one path, in each of the requests.
struct Field {
    path: String,
    /// In lower case.
    name: String,
    depth: usize,
    values: Vec<Option<Scalar>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Scalar {
    text: String,
    is_text: bool,
}

impl Field {
    /// The values, where every request has one.
    fn all(&self) -> Option<Vec<&Scalar>> {
        self.values.iter().map(Option::as_ref).collect()
    }

    /// The texts, where every request has one.
    fn texts(&self) -> Option<Vec<&str>> {
        let all = self.all()?;
        all.iter()
            .map(|value| value.is_text.then_some(value.text.as_str()))
            .collect()
    }
}

impl Guess {
    pub fn of(seen: &Seen<'_>, documents: &[Document<'_>]) -> Self {
        let fields = fields_of(documents);
        let event = event_field(&fields);
        let (event, events) = match event {
            Some(field) => {
                let texts = field.values.iter();
                let texts = texts.map(|value| Some(value.as_ref()?.text.clone()));
                (Some(EventPlace::Body(field.path.clone())), texts.collect())
            }
            None => event_header(seen),
        };
        let id = id_field(&fields);
        let id_format = id.and_then(|field| {
            let first = field.values.first()?.as_ref()?;
            let ids = field.values.iter().flatten().map(|id| id.text.as_str());
            first.is_text.then(|| id_format(&ids.collect::<Vec<_>>()))?
        });
        Self {
            event,
            events,
            timestamps: timestamps(&fields, seen),
            id_format,
            id_header: match id {
                Some(_) => None,
                None => id_header(seen),
            },
            id: id.map(|field| field.path.clone()),
        }
    }
}

/// Headers that tell something of a sender: those that all of its requests have.
pub(super) fn own_headers(seen: &Seen<'_>) -> Vec<String> {
    let Some(((first, _), rest)) = seen.split_first() else {
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for (name, _) in first.headers.iter() {
        let name = name.to_ascii_lowercase();
        let is_own = !EVERYBODYS.contains(&name.as_str()) && !name.starts_with("x-forwarded");
        let everywhere = || {
            rest.iter()
                .all(|(request, _)| request.headers.contains(&name))
        };
        if is_own && !names.contains(&name) && everywhere() {
            names.push(name);
        }
    }
    names
}

/// The values of a header, where every request has it as text.
pub(super) fn values_of<'r>(seen: &Seen<'r>, name: &str) -> Option<Vec<&'r str>> {
    let values = seen.iter();
    values
        .map(|(request, _)| std::str::from_utf8(request.headers.get(name)?).ok())
        .collect()
}

fn fields_of(documents: &[Document<'_>]) -> Vec<Field> {
    let mut fields = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        look(
            document.root(),
            "",
            0,
            (index, documents.len()),
            &mut fields,
        );
    }
    fields
}

fn look(
    value: Value<'_>,
    path: &str,
    depth: usize,
    (index, count): (usize, usize),
    fields: &mut Vec<Field>,
) {
    if value.kind() != Kind::Object || depth > DEEPEST {
        return;
    }
    for child in value.children() {
        let Some(key) = child.key() else { continue };
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        let text = child.as_str();
        let scalar = match (child.kind(), text) {
            (Kind::String, Some(text)) => Some(Scalar {
                text: text.into_owned(),
                is_text: true,
            }),
            (Kind::Number, _) => Some(Scalar {
                text: child.raw().to_owned(),
                is_text: false,
            }),
            _ => None,
        };
        if let Some(scalar) = scalar {
            let known = fields.iter().position(|field: &Field| field.path == path);
            let place = match known {
                Some(place) => place,
                None if fields.len() >= MOST_FIELDS => continue,
                None => {
                    fields.push(Field {
                        path: path.clone(),
                        name: key.to_ascii_lowercase(),
                        depth,
                        values: vec![None; count],
                    });
                    fields.len() - 1
                }
            };
            fields[place].values[index] = Some(scalar);
        }
        look(child, &path, depth + 1, (index, count), fields);
    }
}

/// By its name, or by values that look like names of events. Of several, one that differs between requests.
fn event_field(fields: &[Field]) -> Option<&Field> {
    let varies = |field: &&&Field| distinct(&field.texts().unwrap_or_default()) > 1;
    let best = |all: Vec<&'_ Field>| -> Option<usize> {
        let found = all.iter().find(varies).or(all.first())?;
        fields.iter().position(|field| field.path == found.path)
    };
    let mut named: Vec<&Field> = fields
        .iter()
        .filter(|field| EVENT_NAMES.contains(&field.name.as_str()) && field.texts().is_some())
        .collect();
    // A kind is one only where nothing else is: the thing that the event is about has one, too.
    if named.iter().any(|field| field.name != "kind") {
        named.retain(|field| field.name != "kind");
    }
    let several = fields.iter().any(|field| field.values.len() > 1);
    let by_value = || {
        let looks = |field: &&Field| {
            let texts = field.texts().unwrap_or_default();
            let is_dotted = |text: &&str| text.contains(['.', ':', '/']) && is_event_like(text);
            field.depth < DEEPEST && !texts.is_empty() && texts.iter().all(is_dotted)
        };
        fields.iter().filter(looks).collect()
    };
    let place = best(named).or_else(|| several.then(|| best(by_value())).flatten())?;
    fields.get(place)
}

/// A header that is called after the event, and holds one in every request.
fn event_header(seen: &Seen<'_>) -> (Option<EventPlace>, Vec<Option<String>>) {
    for name in own_headers(seen) {
        let is_named = ["event", "topic"].iter().any(|word| name.contains(word));
        let is_id = name.ends_with("id") || name.contains("time");
        if let (true, false, Some(values)) = (is_named, is_id, values_of(seen, &name))
            && values.iter().all(|value| is_event_like(value))
        {
            let events = values.iter().map(|value| Some((*value).to_owned()));
            return (Some(EventPlace::Header(name)), events.collect());
        }
    }
    (None, vec![None; seen.len()])
}

/// `order.paid`, `ORDER_PAID`, `order:paid`: a name, and no sentence, URL or id.
fn is_event_like(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    begins && text.len() <= 80 && text.bytes().all(plain) && digits <= 4 && !text.contains("://")
}

/// By its name; of several requests each has another.
fn id_field(fields: &[Field]) -> Option<&Field> {
    let is_unique = |field: &&Field| {
        let Some(all) = field.all() else { return false };
        let texts: Vec<&str> = all.iter().map(|value| value.text.as_str()).collect();
        let is_text = all.iter().all(|value| value.is_text);
        distinct(&texts) == texts.len() && (is_text || texts.len() > 1)
    };
    let several = fields.iter().any(|field| field.values.len() > 1);
    let rank = |field: &Field| {
        let place = ID_NAMES.iter().position(|name| *name == field.name);
        match place {
            Some(place) if field.depth == 0 => Some((0, place)),
            // What is below, or called after something, is an id of the event only where no two requests share it.
            Some(place) if several => Some((field.depth, place)),
            None if several && field.depth == 0 && field.name.ends_with("id") => {
                Some((field.depth, ID_NAMES.len()))
            }
            _ => None,
        }
    };
    let ranked = fields.iter().filter(is_unique);
    let ranked = ranked.filter_map(|field| Some((rank(field)?, field)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, field)| field)
}

fn id_header(seen: &Seen<'_>) -> Option<String> {
    let names = own_headers(seen).into_iter();
    let mut unique = names.filter(|name| {
        let is_named = name.ends_with("id") || name.contains("delivery");
        let values = values_of(seen, name).unwrap_or_default();
        is_named && values.len() > 1 && distinct(&values) == values.len()
    });
    unique.next()
}

/// By their names, or because they are near to when the requests came.
fn timestamps(fields: &[Field], seen: &Seen<'_>) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for field in fields {
        let formats: Option<Vec<_>> = field.values.iter().flatten().map(time_of).collect();
        let Some(times) = formats.filter(|times| !times.is_empty()) else {
            continue;
        };
        let is_named = ["time", "date", "created", "_at", "timestamp"]
            .iter()
            .any(|word| field.name.contains(word));
        let is_near = || {
            let pairs = field.values.iter().zip(seen);
            let mut pairs = pairs.filter_map(|(value, (_, came))| {
                let (_, at) = time_of(value.as_ref()?)?;
                Some(at.duration_since((*came)?).as_secs().abs() <= NEAR_S)
            });
            seen.len() > 1
                && field.all().is_some()
                && pairs.all(|near| near)
                && seen.iter().all(|(_, came)| came.is_some())
        };
        let format = times[0].0;
        if times.iter().all(|(other, _)| *other == format) && (is_named || is_near()) {
            found.push((field.path.clone(), format));
        }
    }
    found
}

fn time_of(value: &Scalar) -> Option<(&'static str, Timestamp)> {
    if value.is_text {
        let at = read_timestamp(TimestampFormat::Iso8601, &value.text)?;
        return Some(("iso8601", at));
    }
    match value.text.parse::<i64>().ok()? {
        seconds @ 1_000_000_000..=9_999_999_999 => {
            Some(("unix_s", Timestamp::from_second(seconds).ok()?))
        }
        ms @ 1_000_000_000_000..=9_999_999_999_999 => {
            Some(("unix_ms", Timestamp::from_millisecond(ms).ok()?))
        }
        _ => None,
    }
}

fn distinct(texts: &[&str]) -> usize {
    let set: std::collections::HashSet<&&str> = texts.iter().collect();
    set.len()
}

/// The form of ids, so that each event that is sent has a new one: a UUID, or the text before its random part and
/// how long that is. The first tells the form, and all of them which characters the random part has.
fn id_format(ids: &[&str]) -> Option<String> {
    let id = *ids.first()?;
    let is_hex = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    };
    let groups: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_uuid = lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| is_hex(group));
    if is_uuid {
        return Some("uuid".to_owned());
    }
    let start = id
        .rfind(|character: char| !character.is_ascii_alphanumeric())
        .map_or(0, |at| at + 1);
    // What stands before is written as it is; a brace or a character of several bytes is not worth the guess.
    let (prefix, random) = id.split_at_checked(start)?;
    let random_parts = || ids.iter().filter_map(|id| id.get(start..));
    let kind = if random_parts().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        "digit"
    } else if random_parts().all(is_hex) {
        "hex"
    } else {
        "alnum"
    };
    let is_plain = prefix.is_ascii() && !prefix.contains(['{', '}']);
    (is_plain && (4..=64).contains(&random.len()))
        .then(|| format!("{prefix}{{{kind}:{}}}", random.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(id_format(&[id]).as_deref(), format, "{id}");
        }
    }
    #[test]
    fn all_ids_tell_which_characters_there_are() {
        let ids = ["ord_a1b2c3d4", "ord_00000000", "ord_9z8y7x6w"];
        assert_eq!(id_format(&ids[1..2]).as_deref(), Some("ord_{digit:8}"));
        assert_eq!(id_format(&ids[..2]).as_deref(), Some("ord_{hex:8}"));
        assert_eq!(id_format(&ids).as_deref(), Some("ord_{alnum:8}"));
    }

    fn guess(bodies: &[&str], header: &[(&str, &str)]) -> Guess {
        let came = Timestamp::from_second(1_767_225_600).unwrap();
        let requests: Vec<Request> = bodies
            .iter()
            .enumerate()
            .map(|(index, body)| Request {
                method: "POST".to_owned(),
                target: "/".to_owned(),
                headers: header
                    .iter()
                    .map(|(name, value)| (*name, value.replace('#', &index.to_string())))
                    .collect(),
                body: (*body).to_owned().into(),
            })
            .collect();
        let seen: Vec<_> = requests
            .iter()
            .map(|request| (request, Some(came)))
            .collect();
        let documents = requests
            .iter()
            .map(|request| Document::parse(&request.body));
        let documents: Vec<Document<'_>> = documents.collect::<Result<_, _>>().unwrap();
        Guess::of(&seen, &documents)
    }

    #[test]
    fn what_differs_between_requests_tells_events_ids_and_times() {
        let found = guess(
            &[
                r#"{"id":"acct_1","ref":{"id":"e-1"},"object":"event","name":"order.paid","ts":1767225601}"#,
                r#"{"id":"acct_1","ref":{"id":"e-2"},"object":"event","name":"order.paid","ts":1767225660}"#,
                r#"{"id":"acct_1","ref":{"id":"e-3"},"object":"event","name":"order.lost","ts":1767225700}"#,
            ],
            &[],
        );
        assert_eq!(found.event, Some(EventPlace::Body("/name".to_owned())));
        assert_eq!(found.events[2].as_deref(), Some("order.lost"));
        assert_eq!(found.id.as_deref(), Some("/ref/id"));
        assert_eq!(found.timestamps, [("/ts".to_owned(), "unix_s")]);
        // One request alone says less: its id may be anything's, and a number any number.
        let found = guess(
            &[r#"{"id":"acct_1","name":"order.paid","ts":1767225601,"created":1767225601}"#],
            &[],
        );
        assert_eq!((found.event, found.id.as_deref()), (None, Some("/id")));
        assert_eq!(found.timestamps, [("/created".to_owned(), "unix_s")]);
    }

    #[test]
    fn of_two_fields_for_the_event_the_one_that_differs_names_it() {
        let found = guess(
            &[
                r#"{"type":"event","action":"made"}"#,
                r#"{"type":"event","action":"gone"}"#,
            ],
            &[("X-Acme-Delivery", "d#"), ("X-Acme-Event", "x")],
        );
        assert_eq!(found.event, Some(EventPlace::Body("/action".to_owned())));
        assert_eq!(found.id_header.as_deref(), Some("x-acme-delivery"));
        let found = guess(&[r#"{"a":1}"#, r#"{"a":2}"#], &[("X-Acme-Event", "made")]);
        let header = EventPlace::Header("x-acme-event".to_owned());
        assert_eq!(found.event, Some(header));
    }
}

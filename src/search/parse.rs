//! Reads a query: terms of the form `field:value`, and texts. An error points at the characters that it is about.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::Timestamp;

use super::{NumberRange, Pattern, Query, RequestTerm};
use crate::model::{Id, IdKind, Outcome, Verdict, When, size};

/// What is searched: some fields are of captures alone, some of deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Captures,
    Deliveries,
}

impl Scope {
    /// The names of its fields.
    pub fn fields(self) -> String {
        let fields = FIELDS.iter();
        let own = fields.filter(|field| field.scope.is_none_or(|of| of == self));
        own.map(|field| field.name).collect::<Vec<_>>().join(", ")
    }

    fn name(self) -> &'static str {
        match self {
            Self::Captures => "captures",
            Self::Deliveries => "deliveries",
        }
    }
}

/// A field of the query language.
#[derive(Clone, Copy, Debug)]
pub struct FieldHelp {
    pub name: &'static str,
    /// What it can be asked of; `None`: both.
    pub scope: Option<Scope>,
    /// A value.
    pub example: &'static str,
    pub meaning: &'static str,
}

const fn field(
    name: &'static str,
    scope: Option<Scope>,
    example: &'static str,
    meaning: &'static str,
) -> FieldHelp {
    FieldHelp {
        name,
        scope,
        example,
        meaning,
    }
}

/// All fields, as the documentation lists them.
pub const FIELDS: &[FieldHelp] = &[
    field("provider", None, "stripe", "the provider"),
    field(
        "event",
        None,
        "invoice.*",
        "the event type, or PROVIDER/EVENT",
    ),
    field(
        "verdict",
        Some(Scope::Captures),
        "invalid",
        "valid, invalid, missing or unchecked",
    ),
    field(
        "outcome",
        Some(Scope::Deliveries),
        "failed",
        "delivered, failed, pending or unknown",
    ),
    field(
        "status",
        None,
        "400..",
        "the status of the response: 404, 4xx, 400..499, >=400, or none",
    ),
    field("size", None, "10kB..", "the size of the body"),
    field("method", None, "GET", "the HTTP method"),
    field("path", None, "/hooks/*", "the path with its query"),
    field(
        "after",
        None,
        "1h",
        "at or after a time: an age (1h), a date, or RFC 3339",
    ),
    field("before", None, "2026-11-21", "before a time"),
    field("id", None, "cap_01ARZ3NDEKTSV4RRFFQ69G5FAV", "the id"),
    field(
        "is",
        None,
        "duplicate",
        "of captures: duplicate, same_id_changed (a duplicate with another body), pending, tls, from_web_page or not_received; of deliveries: pending, retried or faulted",
    ),
    field(
        "has",
        None,
        "header:x-request-id",
        "the request has this header, or body:PATH a value there",
    ),
    field("header.NAME", None, "b", "a header has this value"),
    field(
        "body.PATH",
        None,
        "100..",
        "a value of the JSON body: a text, or a range of numbers",
    ),
    field(
        "text",
        None,
        "jane",
        "a text in the path, the headers or the body, in any case",
    ),
    field(
        "url",
        Some(Scope::Deliveries),
        "*/hooks",
        "the URL of the delivery",
    ),
    field(
        "replay_of",
        Some(Scope::Deliveries),
        "cap_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "the capture that was forwarded or sent again",
    ),
    field("endpoint", None, "orders", "the endpoint of hookcli.toml"),
    field(
        "attempts",
        Some(Scope::Deliveries),
        "2..",
        "the number of attempts",
    ),
];

/// Why a query cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub query: String,
    /// The bytes that it is about.
    pub at: Range<usize>,
    pub message: String,
    /// It helps to see which fields there are.
    pub is_about_fields: bool,
}

/// The message, and the query with a mark under what it is about.
impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.query[..self.at.start].chars().count();
        let marked = self.query[self.at.clone()].chars().count().max(1);
        write!(
            f,
            "{}\n  {}\n  {}{}",
            self.message,
            self.query,
            " ".repeat(before),
            "^".repeat(marked)
        )
    }
}

impl std::error::Error for QueryError {}

/// Whether a word of a command line is a term with a field, such as `event:ping` or `not:is:duplicate`: neither a name
/// of a capture nor a file nor a URL.
pub fn is_term(word: &str) -> bool {
    let word = word
        .strip_prefix("not:")
        .or_else(|| word.strip_prefix('-'))
        .unwrap_or(word);
    let Some((name, rest)) = word.split_once(':') else {
        return false;
    };
    !rest.starts_with("//") && known(name).is_some()
}

/// Reads a query. Terms are all required; a value with commas is one of several.
///
/// # Errors
/// An unknown field, an empty or unknown value.
pub fn parse(text: &str, scope: Scope, now: Timestamp) -> Result<Query, QueryError> {
    let mut reader = Reader {
        text,
        at: 0,
        scope,
        now,
    };
    let mut all = Vec::new();
    while let Some(term) = reader.term()? {
        all.push(term);
    }
    Ok(Query::All(all))
}

/// Reads what selects events: a pattern such as `PROVIDER/EVENT` or `invoice.*`, or a query.
///
/// # Errors
/// An empty text, and those of [`parse`].
pub fn parse_events(text: &str, now: Timestamp) -> Result<Query, QueryError> {
    match text.trim() {
        word if is_event_pattern(word) => Ok(event_query(word)),
        "" => Err(QueryError {
            query: text.to_owned(),
            at: 0..0,
            message:
                "invalid event: use EVENT, PROVIDER/EVENT, a pattern such as 'convo/*', or a query"
                    .to_owned(),
            is_about_fields: false,
        }),
        _ => parse(text, Scope::Captures, now),
    }
}

/// Whether what selects events is a pattern, and not a query.
pub(super) fn is_event_pattern(text: &str) -> bool {
    !text.is_empty() && !text.contains([' ', '\t', '\n', '"', ':'])
}

/// `EVENT` or `PROVIDER/EVENT`, with `*` for any text.
pub fn event_query(pattern: &str) -> Query {
    match pattern.split_once('/') {
        Some((provider, event)) => Query::All(vec![
            Query::Provider(Pattern::new(provider)),
            Query::Event(Pattern::new(event)),
        ]),
        None => Query::Event(Pattern::new(pattern)),
    }
}

/// The field of that name; of `header.NAME` and `body.PATH` the kind of it.
fn known(name: &str) -> Option<&'static FieldHelp> {
    let mut fields = FIELDS.iter();
    fields.find(|field| match field.name.split_once('.') {
        Some((prefix, _)) => name
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('.') && rest.len() > 1),
        None => field.name == name,
    })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    scope: Scope,
    now: Timestamp,
}

/// A value as it is written, and where.
struct Value {
    text: String,
    is_quoted: bool,
    at: Range<usize>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn error(&self, at: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError {
            query: self.text.to_owned(),
            at,
            message: message.into(),
            is_about_fields: false,
        }
    }

    fn skip(&mut self, prefix: &str) -> bool {
        let skips = self.rest().starts_with(prefix);
        if skips {
            self.at += prefix.len();
        }
        skips
    }

    /// The next term; `None` at the end.
    fn term(&mut self) -> Result<Option<Query>, QueryError> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        if self.rest().is_empty() {
            return Ok(None);
        }
        let begin = self.at;
        let is_negated = self.skip("not:") || self.skip("-");
        if self.rest().is_empty() || self.rest().starts_with(char::is_whitespace) {
            return Err(self.error(begin..self.at, "nothing follows the negation: add a term"));
        }
        let query = self.positive()?;
        Ok(Some(match is_negated {
            true => Query::Not(Box::new(query)),
            false => query,
        }))
    }

    fn positive(&mut self) -> Result<Query, QueryError> {
        if self.rest().starts_with('"') {
            let value = self.value(false)?;
            return self.text_query(value);
        }
        let word_length = self
            .rest()
            .find(|character: char| character.is_whitespace() || character == '"')
            .unwrap_or(self.rest().len());
        let word = &self.rest()[..word_length];
        let Some(colon) = word.find(':') else {
            let at = self.at..self.at + word_length;
            if let Some(meant) = meant_operator(word) {
                return Err(self.error(at, meant));
            }
            let value = self.value(false)?;
            return self.text_query(value);
        };
        let name = &word[..colon];
        let at = self.at..self.at + colon;
        let Some(field) = known(name) else {
            let error = self.error(at, unknown_field(name, self.scope));
            return Err(QueryError {
                is_about_fields: true,
                ..error
            });
        };
        if let Some(scope) = field.scope.filter(|scope| *scope != self.scope) {
            let message = format!(
                "`{name}` is a field of {}, not of {}: remove it",
                scope.name(),
                self.scope.name()
            );
            return Err(self.error(at, message));
        }
        self.at += colon + 1;
        if self.rest().is_empty() || self.rest().starts_with(char::is_whitespace) {
            let message = format!(
                "no value after `{name}:`: add one, for example {name}:{}",
                field.example
            );
            return Err(self.error(at.start..self.at, message));
        }
        if field.name == "text" {
            let value = self.value(false)?;
            return self.text_query(value);
        }
        let mut any = Vec::new();
        loop {
            let value = self.value(true)?;
            let may_be_empty = value.is_quoted && field.name.contains('.');
            if value.text.is_empty() && !may_be_empty {
                let message = format!(
                    "an empty value for `{name}`: use one such as {name}:{}",
                    field.example
                );
                return Err(self.error(at.start..value.at.end.max(at.end + 1), message));
            }
            any.push(self.of_field(field, name, &value)?);
            if !self.skip(",") {
                break;
            }
        }
        Ok(match any.len() {
            1 => any.remove(0),
            _ => Query::Any(any),
        })
    }

    fn text_query(&self, value: Value) -> Result<Query, QueryError> {
        if value.text.trim().is_empty() {
            return Err(self.error(value.at, "an empty text: add the text to search for"));
        }
        Ok(Query::Request(RequestTerm::Text(value.text)))
    }

    /// A value: in quotes, where `\"` and `\\` stand for a quote and a backslash, or up to a space; and up to a comma
    /// in lists.
    fn value(&mut self, is_list: bool) -> Result<Value, QueryError> {
        let begin = self.at;
        if !self.rest().starts_with('"') {
            let length = self
                .rest()
                .find(|character: char| character.is_whitespace() || (is_list && character == ','))
                .unwrap_or(self.rest().len());
            let text = self.rest()[..length].to_owned();
            self.at += length;
            return Ok(Value {
                text,
                is_quoted: false,
                at: begin..self.at,
            });
        }
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    self.at = begin + offset + 1;
                    if !(self.rest().is_empty()
                        || self.rest().starts_with(char::is_whitespace)
                        || (is_list && self.rest().starts_with(',')))
                    {
                        let at = self.at..self.at + 1;
                        let at = at.start..self.text.len().min(at.end);
                        let at = match self.text.is_char_boundary(at.end) {
                            true => at,
                            false => at.start..self.text.len(),
                        };
                        return Err(self.error(at, "a space is missing after the closing quote"));
                    }
                    return Ok(Value {
                        text,
                        is_quoted: true,
                        at: begin..self.at,
                    });
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => {
                        text.push('\\');
                        text.push(other);
                    }
                    None => {}
                },
                other => text.push(other),
            }
        }
        Err(self.error(begin..self.text.len(), "the closing quote is missing"))
    }

    fn of_field(&self, field: &FieldHelp, name: &str, value: &Value) -> Result<Query, QueryError> {
        let text = value.text.as_str();
        let pattern = || Pattern::new(text);
        let time = || {
            let when: When = text
                .parse()
                .map_err(|why| self.error(value.at.clone(), format!("{why}")))?;
            Ok(when.resolve(self.now))
        };
        Ok(match field.name {
            "provider" => Query::Provider(pattern()),
            "event" => event_query(text),
            "verdict" => Query::Verdict(self.word::<Verdict>(name, value)?),
            "outcome" => Query::Outcome(self.word::<Outcome>(name, value)?),
            "status" => Query::Status(self.status(value)?),
            "size" => {
                #[expect(clippy::cast_precision_loss, reason = "a size below 2⁵² bytes")]
                let bytes = |text: &str| size::parse(text).ok().map(|bytes| bytes as f64);
                Query::Size(self.range(value, bytes, "10kB.. or <1MiB")?)
            }
            "attempts" => {
                let number = |text: &str| text.parse::<u32>().ok().map(f64::from);
                Query::Attempts(self.range(value, number, "2.. or 1")?)
            }
            "method" => Query::Method(Pattern::new(text.to_ascii_uppercase())),
            "path" => Query::Path(pattern()),
            "url" => Query::Url(pattern()),
            "endpoint" => Query::Endpoint(pattern()),
            "after" => Query::Since(time()?),
            "before" => Query::Until(time()?),
            "id" => Query::Id(self.id(value, self.kind())?),
            "replay_of" => Query::ReplayOf(self.id(value, IdKind::Capture)?),
            "is" => self.state(value)?,
            "has" => self.presence(value)?,
            "header.NAME" => Query::Request(RequestTerm::header(
                name.strip_prefix("header.").unwrap_or_default(),
                text,
            )),
            _ => {
                let path = name.strip_prefix("body.").unwrap_or_default();
                let path = path
                    .parse()
                    .map_err(|why| self.error(value.at.clone(), format!("{why}")))?;
                Query::Request(RequestTerm::body(path, text))
            }
        })
    }

    /// A word of an enum.
    fn word<T>(&self, name: &str, value: &Value) -> Result<T, QueryError>
    where
        T: FromStr + strum::VariantNames,
    {
        value.text.parse().map_err(|_| {
            let message = format!(
                "unknown {name} `{}`: use {}",
                value.text,
                listed(T::VARIANTS)
            );
            self.error(value.at.clone(), message)
        })
    }

    fn range(
        &self,
        value: &Value,
        number: impl Fn(&str) -> Option<f64>,
        example: &str,
    ) -> Result<NumberRange, QueryError> {
        NumberRange::read(&value.text, number).ok_or_else(|| {
            let message = format!(
                "invalid range `{}`: use a form such as {example}",
                value.text
            );
            self.error(value.at.clone(), message)
        })
    }

    fn status(&self, value: &Value) -> Result<NumberRange, QueryError> {
        if value.text == "none" {
            return Ok(NumberRange::exactly(0.0));
        }
        if let Some(class) = value.text.strip_suffix("xx")
            && let Ok(class @ 1..=5) = class.parse::<u16>()
        {
            let range = format!("{class}00..{class}99");
            let number = |text: &str| text.parse().ok();
            return NumberRange::read(&range, number)
                .ok_or_else(|| self.error(value.at.clone(), "invalid status"));
        }
        let number = |text: &str| {
            let status = text.parse::<u16>().ok();
            status
                .filter(|status| (100..=999).contains(status))
                .map(f64::from)
        };
        let range = self.range(value, number, "404, 4xx, 400..499 or >=400, or use none")?;
        // A request without a response has the status 0 in the store: no range means that one.
        Ok(match range.least {
            std::ops::Bound::Unbounded => NumberRange {
                least: std::ops::Bound::Included(1.0),
                ..range
            },
            _ => range,
        })
    }

    /// What is searched.
    fn kind(&self) -> IdKind {
        match self.scope {
            Scope::Captures => IdKind::Capture,
            Scope::Deliveries => IdKind::Delivery,
        }
    }

    fn id(&self, value: &Value, wanted: IdKind) -> Result<Id, QueryError> {
        value
            .text
            .parse::<Id>()
            .ok()
            .filter(|id| id.kind == wanted)
            .ok_or_else(|| {
                let message = format!(
                    "invalid id `{}`: use a whole one, which starts with {}",
                    value.text,
                    wanted.prefix()
                );
                self.error(value.at.clone(), message)
            })
    }

    fn state(&self, value: &Value) -> Result<Query, QueryError> {
        const OF_CAPTURES: &[(&str, Query)] = &[
            ("duplicate", Query::Duplicate),
            ("same_id_changed", Query::SameIdChanged),
            ("pending", Query::Pending),
            ("tls", Query::OverTls),
            ("from_web_page", Query::FromWebPage),
            ("not_received", Query::NotReceived),
        ];
        const OF_DELIVERIES: &[(&str, Query)] = &[
            ("pending", Query::Pending),
            ("retried", Query::Retried),
            ("faulted", Query::Faulted),
        ];
        let states = match self.scope {
            Scope::Captures => OF_CAPTURES,
            Scope::Deliveries => OF_DELIVERIES,
        };
        let found = states.iter().find(|(name, _)| *name == value.text);
        found.map(|(_, query)| query.clone()).ok_or_else(|| {
            let names: Vec<&str> = states.iter().map(|(name, _)| *name).collect();
            let message = format!(
                "unknown state `{}` of {}: use {}",
                value.text,
                self.scope.name(),
                listed(&names)
            );
            self.error(value.at.clone(), message)
        })
    }

    fn presence(&self, value: &Value) -> Result<Query, QueryError> {
        let term = match value.text.split_once(':') {
            Some(("header", name)) if !name.is_empty() => Some(RequestTerm::has_header(name)),
            Some(("body", path)) if !path.is_empty() => {
                let path = path
                    .parse()
                    .map_err(|why| self.error(value.at.clone(), format!("{why}")))?;
                Some(RequestTerm::has_body(path))
            }
            _ => None,
        };
        term.map(Query::Request).ok_or_else(|| {
            let message = format!(
                "invalid value `{}` of `has`: use header:NAME or body:PATH",
                value.text
            );
            self.error(value.at.clone(), message)
        })
    }
}

/// What to write instead of a word that other query languages have as an operator; to search for it as a text it is put
/// in quotes.
fn meant_operator(word: &str) -> Option<String> {
    let meant = match word.to_ascii_lowercase().as_str() {
        "or" | "||" => "for one of several values use commas: event:ping,push".to_owned(),
        "and" | "&&" => "all terms must match, so leave it out".to_owned(),
        "not" | "!" => "to exclude a term write not: in front of it: not:event:ping".to_owned(),
        _ => {
            let end = word.find(['=', '<', '>', '!'])?;
            let (name, rest) = word.split_at(end);
            known(name)?;
            let value = rest.trim_start_matches(['=', '!']);
            let negation = if rest.starts_with('!') { "not:" } else { "" };
            format!("write it as {negation}{name}:{value}")
        }
    };
    Some(format!("`{word}` is not an operator: {meant}"))
}

/// What people call a field that has another name here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("signature", "verdict"),
    ("result", "outcome"),
    ("state", "outcome"),
    ("code", "status"),
    ("type", "event"),
    ("since", "after"),
    ("until", "before"),
    ("to", "url"),
    ("bytes", "size"),
];

fn unknown_field(name: &str, scope: Scope) -> String {
    let fields = FIELDS
        .iter()
        .filter(|field| field.scope.is_none_or(|of| of == scope));
    let likeness = |field: &str| match OTHER_NAMES.contains(&(name, field)) {
        true => 1.0,
        false => strsim::jaro_winkler(name, field),
    };
    let nearest = fields
        .map(|field| (likeness(field.name), field.name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest {
        Some((_, field)) => format!("unknown field `{name}`; did you mean `{field}`?"),
        None => format!("unknown field `{name}`: to search for the text itself, put it in quotes"),
    }
}

/// `a, b or c`.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures(text: &str) -> Result<Query, QueryError> {
        parse(text, Scope::Captures, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn terms_are_all_required_and_a_list_is_a_choice() {
        assert_eq!(
            captures("verdict:valid not:event:ping,pong"),
            Ok(Query::All(vec![
                Query::Verdict(Verdict::Valid),
                Query::Not(Box::new(Query::Any(vec![
                    Query::Event(Pattern::new("ping")),
                    Query::Event(Pattern::new("pong")),
                ]))),
            ]))
        );
        let same = [
            ("-is:duplicate", "not:is:duplicate"),
            ("status:>=400", "status:400.."),
            ("status:4xx", "status:400..499"),
            ("size:>=10kB", "size:10000.."),
            ("event:stripe/ping", "  event:stripe/ping  "),
            ("path:\"/a,b\"", "path:\"/a,b\""),
            ("method:get", "method:GET"),
        ];
        for (one, other) in same {
            assert_eq!(captures(one), captures(other), "{one}");
            assert!(captures(one).is_ok(), "{one}");
        }
        assert_eq!(captures(""), Ok(Query::All(vec![])));
    }

    #[test]
    fn an_error_says_what_is_wrong_and_points_at_it() {
        let errors = [
            "provider:stripe stauts:400..",
            "evt:1",
            "provider:",
            "provider: x",
            "provider:\"\"",
            "event:a,,b",
            "event:a,",
            "status:nine",
            "status:..",
            "size:10kb..",
            "verdict:good",
            "outcome:failed",
            "after:yesterday",
            "is:new",
            "has:x",
            "has:header:",
            "\"no end",
            "\"a\"b",
            "\" \"",
            "not:",
            "- x",
            "id:cap_1",
            "body.:1",
            "grüße:ü status:x",
        ];
        let shown: String = errors
            .iter()
            .map(|text| match captures(text) {
                Ok(query) => format!("{text}: {query:?}\n\n"),
                Err(error) => format!("{error}\n\n"),
            })
            .collect();
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn a_summary_does_not_tell_all_that_can_be_expected() {
        for (text, needs) in [
            ("lead_captured", false),
            ("status:4xx not:event:ping is:duplicate", false),
            ("not:is:pending", true),
            ("is:tls", true),
            ("body.a:1,2", true),
            ("jane event:ping", true),
        ] {
            let query = parse_events(text, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(query.needs_whole_capture(), needs, "{text}");
        }
    }

    #[test]
    fn a_word_with_a_field_is_a_term_and_nothing_else_is() {
        for word in [
            "event:ping",
            "not:is:duplicate",
            "body.a.b:1",
            "header.x-a:b",
        ] {
            assert!(is_term(word), "{word}");
        }
        for word in [
            "last",
            "cap_1",
            "http://a/",
            "text",
            "a:b",
            "C:\\x",
            "path://x",
            "a.har",
        ] {
            assert!(!is_term(word), "{word}");
        }
    }

    /// `UPDATE_DOCS=1 cargo test --lib search` writes the table.
    #[test]
    fn the_documentation_lists_the_fields() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/search.md");
        let text = std::fs::read_to_string(page).unwrap();
        let head = "| field | of | example | meaning |\n|---|---|---|---|\n";
        let (before, _) = text.split_once(head).unwrap();
        let rows: String = FIELDS
            .iter()
            .map(|field| {
                let scope = field.scope.map_or("both", Scope::name);
                let FieldHelp {
                    name,
                    example,
                    meaning,
                    ..
                } = field;
                format!("| `{name}` | {scope} | `{name}:{example}` | {meaning} |\n")
                    .replace("NAME:b", "x-kind:b")
                    .replace("PATH:100..", "data.amount:100..")
            })
            .collect();
        let wanted = format!("{before}{head}{rows}");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(page, &wanted).unwrap();
        }
        let is_same = text == wanted;
        assert!(is_same || std::env::var_os("UPDATE_DOCS").is_some());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Err(error) = captures(&text) {
                proptest::prop_assert!(text.is_char_boundary(error.at.start));
                let _ = error.to_string();
            }
        }

        #[test]
        fn terms_of_any_shape_are_read_or_refused(
            text in "(-|not:)?(provider|event|status|size|body\\.a|header\\.x|is|has|text|after)?:?[a-z0-9.,\":<>= \\\\é*-]{0,12}"
        ) {
            if let Err(error) = captures(&text) {
                let _ = error.to_string();
            }
        }
    }
}

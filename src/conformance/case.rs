//! A case: what is sent, what a correct receiver does with it, and how to send it again by hand.

use crate::model::InvalidText;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;

use crate::catalog::EventName;
use crate::delivery::Fault;
use crate::payload::{IdFormat, fresh_id};

/// A member of the body that no provider has.
pub(super) const EXTRA: &str = "/hookcli_check";

/// A text that no one else writes, to be found again where it has no place.
pub const CANARY: &str = "hookcli canary 8d21f0";

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Area {
    Reachable,
    Events,
    Authenticity,
    RawBytes,
    Robustness,
    Idempotency,
    Hygiene,
    Failures,
}

impl Area {
    pub const ALL: [Self; 8] = [
        Self::Reachable,
        Self::Events,
        Self::Authenticity,
        Self::RawBytes,
        Self::Robustness,
        Self::Idempotency,
        Self::Hygiene,
        Self::Failures,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Events => "events",
            Self::Authenticity => "authenticity",
            Self::RawBytes => "raw_bytes",
            Self::Robustness => "robustness",
            Self::Idempotency => "idempotency",
            Self::Hygiene => "hygiene",
            Self::Failures => "failures",
        }
    }
}

/// How much a case weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Severity {
    /// For information; it never fails a run.
    Info,
    /// What a good receiver does, and what rests on an assumed fact.
    Should,
    Must,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

/// What a correct receiver does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Something answers, and it is neither 404 nor a redirect.
    Reached,
    /// By the provider's success rule, and once where effects are counted.
    Accepted,
    /// A 4xx, and no effect where effects are counted.
    Refused,
    /// The first is refused, and the second accepted: the same event, genuine.
    RefusedThenAccepted,
    /// Two events of one object are handled in either order.
    SameInAnyOrder,
    /// Whatever it is, it is an answer and no 5xx.
    NoServerError,
    /// Whatever becomes of it, the next ordinary delivery is accepted.
    AliveAfter,
    /// Each of the event deliveries is answered within that time.
    Within(Duration),
    /// No answer of the run looks like a stack trace.
    NoTrace,
    /// No answer of the run holds a secret.
    NoSecret,
    /// No refusal holds the signature that would have been right.
    NoSignature,
    /// The receiver is killed then and started again, and the event sent again: it is done once.
    OnceAfterKill(KillAt),
    /// Nothing of that kind is in the receiver's log.
    NotLogged(Logged),
    /// The response is not a page that contains that text unescaped.
    NoReflection(&'static str),
}

/// When a receiver is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillAt {
    /// So long after it has acknowledged.
    AfterAnswer(Duration),
    /// At so many hundredths of the time that an answer takes.
    InAnswer(u32),
}

/// What has no place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    /// The secret, or a signature: either lets others send events.
    Secrets,
    /// The payload: what people wrote.
    Payload,
}

/// What is sent, in the words of `send`: the same flags send it again.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    pub events: Vec<EventName>,
    pub faults: Vec<Fault>,
    /// `PATH=JSON`
    pub set: Vec<String>,
    /// `PATH=TEXT`
    pub set_string: Vec<String>,
    pub unset: Vec<String>,
    /// JSON, a form, or the path of an empty file.
    pub data: Option<String>,
    /// `Name: value`
    pub headers: Vec<&'static str>,
    pub method: Option<&'static str>,
    pub unsigned: bool,
    /// Signed with a secret that was rotated out.
    pub old_secret: bool,
    /// All at once.
    pub together: bool,
    /// What all the events are about: these get ids that are new to the receiver whenever they are sent.
    pub objects: Vec<ObjectId>,
}

/// Where events say which object they are about, and how such ids look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectId {
    pub path: String,
    /// The JSON of one: a string or a number.
    pub example: String,
}

impl ObjectId {
    /// Whether the ids at this path differ from event to event and have the same form: a UUID, a number, a text with the same prefix
    /// or of the same kinds of characters.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        let text = |id: &Self| id.example.trim_matches('"').to_owned();
        let (one, another) = (text(self), text(other));
        let is_text = |id: &Self| id.example.starts_with('"');
        let kinds = |text: &str| -> Vec<char> {
            let kind = |character: char| match character {
                '0'..='9' => '0',
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                other => other,
            };
            text.chars().map(kind).collect()
        };
        let prefix = |text: &str| text.rfind('_').map(|at| text[..at].to_owned());
        self.path == other.path
            && is_text(self) == is_text(other)
            && (!is_text(self)
                || (is_uuid(&one) && is_uuid(&another))
                || (prefix(&one).is_some() && prefix(&one) == prefix(&another))
                || kinds(&one) == kinds(&another))
    }

    /// Another id that looks like the example: behind its prefix, letters stay letters of their case, and digits
    /// digits.
    fn fresh(&self, random: &mut fastrand::Rng) -> String {
        let text = self.example.trim_matches('"');
        if is_uuid(text) {
            return fresh_id(&IdFormat::Uuid, random);
        }
        let prefix = text.trim_end_matches('_').rfind('_');
        let start = prefix.map_or(0, |at| at + 1);
        let mut fresh = text[..start].to_owned();
        for (place, character) in text[start..].char_indices() {
            fresh.push(match character {
                '0'..='9' if place == 0 => random.char('1'..='9'),
                '0'..='9' => random.char('0'..='9'),
                'a'..='f' => random.char('a'..='f'),
                'A'..='F' => random.char('A'..='F'),
                'g'..='z' => random.char('g'..='z'),
                'G'..='Z' => random.char('G'..='Z'),
                other => other,
            });
        }
        fresh
    }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12]
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

impl Recipe {
    /// The same about objects that are new.
    pub fn about_new_objects(&self, random: &mut fastrand::Rng) -> Self {
        let mut recipe = self.clone();
        for object in &self.objects {
            let edit = format!("{}={}", object.path, object.fresh(random));
            if object.example.starts_with('"') {
                recipe.set_string.push(edit);
            } else {
                recipe.set.push(edit);
            }
        }
        recipe
    }

    /// The arguments of `send`, without the place and the secret.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = self.events.iter().map(ToString::to_string).collect();
        let mut flag = |name: &str, value: &str| {
            arguments.push(name.to_owned());
            arguments.push(value.to_owned());
        };
        for fault in &self.faults {
            flag("--fault", &fault.flag());
        }
        if self
            .faults
            .iter()
            .any(|fault| matches!(fault, Fault::Late(_)))
        {
            flag("--speed", "1000000x");
        }
        for (name, values) in [
            ("--set", &self.set),
            ("--set-string", &self.set_string),
            ("--unset", &self.unset),
        ] {
            for value in values {
                flag(name, value);
            }
        }
        if let Some(data) = &self.data {
            let is_named = data.starts_with(['{', '/']);
            flag(if is_named { "--data" } else { "--data-raw" }, data);
        }
        for header in &self.headers {
            flag("-H", header);
        }
        if let Some(method) = self.method {
            flag("--method", method);
        }
        if self.together {
            flag("--concurrency", &self.deliveries().to_string());
        }
        if self.unsigned {
            arguments.push("--unsigned".to_owned());
        }
        arguments
    }

    /// How many requests it comes to.
    pub fn deliveries(&self) -> usize {
        let twice = |fault: &Fault| {
            matches!(
                fault,
                Fault::Duplicate | Fault::Late(_) | Fault::ForgedFirst
            )
        };
        self.events.len() * if self.faults.iter().any(twice) { 2 } else { 1 }
    }
}

/// One thing to prove.
#[derive(Clone, Debug)]
pub struct Case {
    /// Stable: a baseline names it. Unique in its area.
    pub name: String,
    pub area: Area,
    pub severity: Severity,
    /// Why a receiver should, in one sentence.
    pub reason: String,
    /// The document that says so.
    pub source: Option<String>,
    pub recipe: Recipe,
    pub want: Want,
    /// Each event is to have one effect, however often it comes.
    pub one_effect: bool,
    /// It says nothing while no ordinary delivery is accepted.
    pub rests_on_acceptance: bool,
    /// It says nothing while this event type is not accepted as it is.
    pub rests_on: Option<String>,
}

impl Case {
    /// `authenticity.wrong_secret`
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.area.name(), self.name)
    }
}

/// Cases by name: an area, a case's full name, or the beginning of one with `*` behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(String);

impl Selection {
    pub fn fits(&self, case: &Case) -> bool {
        let name = case.full_name();
        match self.0.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == self.0 || case.area.name() == self.0,
        }
    }
}

impl FromStr for Selection {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let area = text.split(['.', '*']).next().unwrap_or_default();
        let known = |name: &str| Area::ALL.iter().any(|area| area.name() == name);
        let begins = |start: &str| Area::ALL.iter().any(|area| area.name().starts_with(start));
        if known(area) || (text.ends_with('*') && !text.contains('.') && begins(area)) {
            return Ok(Self(text.to_owned()));
        }
        let names: Vec<&str> = Area::ALL.iter().map(|area| area.name()).collect();
        Err(format!(
            "invalid case `{text}`: a case starts with its area, one of {}",
            names.join(", ")
        )
        .into())
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_is_the_arguments_that_send_it_again() {
        let recipe = Recipe {
            events: vec!["acme/order.paid".parse().unwrap()],
            faults: vec![Fault::Late(Duration::from_secs(3600))],
            set: vec!["/a=1e400".to_owned()],
            headers: vec!["content-type: text/plain"],
            unsigned: true,
            ..Recipe::default()
        };
        assert_eq!(
            recipe.arguments().join(" "),
            "acme/order.paid --fault late=1h --speed 1000000x --set /a=1e400 -H content-type: text/plain --unsigned"
        );
        assert_eq!(recipe.deliveries(), 2);
    }

    #[test]
    fn a_new_object_has_an_id_that_looks_like_the_example() {
        let mut random = fastrand::Rng::with_seed(1);
        for example in [
            "\"sess_a1b2c3\"",
            "\"550e8400-e29b-41d4-a716-446655440000\"",
            "104",
            "\"A-7\"",
            "\"7é\"",
        ] {
            let recipe = Recipe {
                objects: vec![ObjectId {
                    path: "/id".to_owned(),
                    example: example.to_owned(),
                }],
                ..Recipe::default()
            };
            let made = recipe.about_new_objects(&mut random);
            let edits = [made.set, made.set_string].concat();
            let [edit] = edits.as_slice() else {
                panic!("{example}")
            };
            let id = edit.strip_prefix("/id=").unwrap();
            let bare = example.trim_matches('"');
            assert_ne!(id, bare);
            assert_eq!(id.len(), bare.len());
            assert_eq!(id.parse::<u32>().is_ok(), bare.parse::<u32>().is_ok());
            assert!(
                !example.contains("sess_") || id.starts_with("sess_"),
                "{id}"
            );
        }
    }

    #[test]
    fn a_selection_is_an_area_a_name_or_the_beginning_of_one() {
        for text in [
            "events",
            "events.order*",
            "events.order.paid",
            "raw_bytes.*",
        ] {
            assert!(text.parse::<Selection>().is_ok(), "{text}");
        }
        for text in ["", "order.paid", "event", "x*"] {
            assert!(text.parse::<Selection>().is_err(), "{text}");
        }
    }
}

//! Faults of real senders, and unexpected but correct behaviour; and what a correct receiver does. Pure:
//! each changes a request before or after it is signed, or how it goes out.

use super::WantedStatus;
use crate::model::InvalidText;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The same delivery twice.
    Duplicate,
    /// The events in the opposite order.
    Reorder,
    /// One letter or digit of it is changed.
    TamperedBody(At),
    /// One character of it is changed.
    TamperedSignature(TamperPosition),
    MissingSignature,
    EmptySignature,
    /// Text that is not a signature, in its place.
    MalformedSignature,
    /// Its first half, or so many of its digits.
    TruncatedSignature(Option<usize>),
    /// The right one, with more behind it.
    ExtendedSignature,
    /// The right one, in headers in which other providers send theirs.
    SignatureElsewhere,
    /// The signature of another body, correctly made.
    OtherBodySignature,
    /// The right signature, its hex digits in upper case.
    SignatureCase,
    /// The right signature, in base64 where the scheme writes hex, and the other way round.
    SignatureEncoding,
    WrongSecret,
    /// Signed with hookcli's test secret, which everyone knows.
    PublicSecret,
    /// The same delivery before it, with a signature that is not right.
    ForgedFirst,
    /// Signed with another secret too, as senders do during a rotation; that signature comes first.
    SecondSecret,
    /// Signed so long ago.
    StaleTimestamp(Duration),
    /// Signed so far in the future.
    FutureTimestamp(Duration),
    UnknownEvent,
    /// A field that the schema requires is not there; correctly signed.
    MissingField,
    WrongContentType(ContentKind),
    /// Text that is not JSON, correctly signed.
    NotJson,
    /// The body ends in the middle.
    TruncatedBody,
    /// So many bytes; correctly signed.
    HugeBody(usize),
    /// A field of so many bytes more, behind the others; correctly signed.
    PaddedBody(usize),
    /// Arrays in arrays, so deep; correctly signed.
    DeepNesting(usize),
    /// gzip, and the compressed bytes are signed.
    CompressedBody,
    /// The same JSON with spaces, correctly signed.
    Spacing,
    /// The same JSON with every character beyond ASCII escaped, correctly signed.
    Escapes,
    /// The same JSON with its keys sorted, correctly signed.
    KeyOrder,
    /// Signed as the same JSON in that form, and sent as it is.
    ReformattedBody(Form),
    /// A retry so long after the success, as if the answer had been lost.
    Late(Duration),
    /// The body at so many bytes a second.
    SlowBody(u32),
    /// The head at so many bytes a second.
    SlowHead(u32),
    /// The connection is reset in the middle of the body.
    Reset,
    /// The connection is closed once the request is sent, before there is an answer.
    Close,
    /// The body in chunks of odd sizes, without a length.
    OddChunks,
    /// Header names in alternating case.
    HeaderCase,
}

/// Where in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Middle,
    /// From that byte on.
    Offset(usize),
    Last,
}

impl FromStr for At {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        match text {
            "middle" => Ok(Self::Middle),
            "last" => Ok(Self::Last),
            _ => text.parse().map(Self::Offset).map_err(|_| {
                format!(
                    "invalid position `{text}`: use middle, last or a byte offset, for example 10"
                )
                .into()
            }),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Middle => f.write_str("middle"),
            Self::Offset(at) => write!(f, "{at}"),
            Self::Last => f.write_str("last"),
        }
    }
}

/// What a body calls itself that is JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    Text,
    Form,
    /// Nothing.
    None,
}

impl ContentKind {
    const ALL: [(&'static str, Self); 3] = [
        ("text", Self::Text),
        ("form", Self::Form),
        ("none", Self::None),
    ];

    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The value of Content-Type; `None` removes the header.
    pub fn content_type(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("text/plain"),
            Self::Form => Some("application/x-www-form-urlencoded"),
            Self::None => None,
        }
    }
}

/// How a serialiser writes JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Without blanks, as JavaScript does.
    Compact,
    /// Without blanks, its keys sorted.
    Sorted,
    /// With a blank behind `,` and `:`, and all beyond ASCII escaped.
    Python,
    /// Each value on its own line, indented by two.
    Pretty,
}

impl Form {
    pub const ALL: [(&'static str, Self); 4] = [
        ("compact", Self::Compact),
        ("sorted", Self::Sorted),
        ("python", Self::Python),
        ("pretty", Self::Pretty),
    ];

    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }
}

fn name_in<T: PartialEq>(all: &[(&'static str, T)], one: T) -> &'static str {
    let mut all = all.iter();
    all.find(|(_, known)| *known == one)
        .map_or("", |(name, _)| name)
}

fn named_in<T: Copy>(all: &[(&'static str, T)], text: &str) -> Result<T, InvalidText> {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let mut all = all.iter();
    all.find(|(name, _)| *name == text)
        .map(|(_, one)| *one)
        .ok_or_else(|| format!("`{text}`: {} expected", names.join(", ")).into())
}

/// Where in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TamperPosition {
    First,
    Middle,
    Last,
}

impl TamperPosition {
    pub const ALL: [Self; 3] = [Self::First, Self::Middle, Self::Last];

    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
        }
    }
}

impl FromStr for TamperPosition {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let mut all = Self::ALL.into_iter();
        all.find(|spot| spot.name() == text)
            .ok_or_else(|| format!("invalid position `{text}`: use first, middle or last").into())
    }
}

/// What the signature of a provider protects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignatureRules {
    pub is_signed: bool,
    /// A timestamp that is older than that is refused, where there is a limit.
    pub tolerance: Option<Duration>,
    /// One that is in the future is never refused.
    pub past_only: bool,
    pub covers_body: bool,
}

/// What a correct receiver does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Takes it.
    Accept,
    /// Takes it, and acts on it once.
    AcceptOnce,
    /// Refuses it (4xx), for its signature proves nothing.
    Refuse,
    /// Refuses the first, and takes the second.
    RefuseThenAccept,
    /// Answers in time, one way or the other, and keeps running.
    Survive,
    /// Acts on nothing that is not complete, and keeps running.
    Forget,
    /// Keeps running; what it acted on before no one heard it, it does not act on again.
    Remember,
}

impl Expected {
    /// Of several faults, the one with the highest decides.
    pub fn strictness(self) -> u8 {
        match self {
            Self::Accept | Self::AcceptOnce | Self::RefuseThenAccept => 0,
            Self::Survive => 1,
            Self::Refuse => 2,
            // There is no response to judge by.
            Self::Forget | Self::Remember => 3,
        }
    }

    /// Which response shows it; `None` where delivery is what is wanted, or no response tells.
    pub fn wanted(self) -> Option<WantedStatus> {
        match self {
            Self::Refuse => Some(WantedStatus::refusal()),
            Self::Survive => Some(WantedStatus::handled()),
            Self::Accept
            | Self::AcceptOnce
            | Self::RefuseThenAccept
            | Self::Forget
            | Self::Remember => None,
        }
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Self::Accept => "a correct receiver accepts it",
            Self::AcceptOnce => "a correct receiver accepts both and processes one",
            Self::Refuse => "a correct receiver refuses it with a 4xx status",
            Self::RefuseThenAccept => {
                "a correct receiver refuses the first with a 4xx status and accepts the second"
            }
            Self::Survive => "a correct receiver responds without a server error and keeps running",
            Self::Forget => "a correct receiver ignores it and keeps running",
            Self::Remember => {
                "a correct receiver keeps running, and processes the event once although it is sent again"
            }
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);
/// A fault as `--fault` takes it and help lists it.
struct Known {
    name: &'static str,
    /// What may follow the name.
    argument: &'static str,
    /// The fault that the name without a value means.
    fault: Fault,
    /// What is sent, in words.
    sends: &'static str,
}

const ALL: [Known; 39] = [
    Known {
        name: "duplicate",
        argument: "",
        fault: Fault::Duplicate,
        sends: "the same event twice",
    },
    Known {
        name: "reorder",
        argument: "",
        fault: Fault::Reorder,
        sends: "the events in reverse order",
    },
    Known {
        name: "tampered_body",
        argument: "=OFFSET|last",
        fault: Fault::TamperedBody(At::Middle),
        sends: "one byte of the body changed after signing",
    },
    Known {
        name: "tampered_signature",
        argument: "=first|last",
        fault: Fault::TamperedSignature(TamperPosition::Middle),
        sends: "one character of the signature changed",
    },
    Known {
        name: "missing_signature",
        argument: "",
        fault: Fault::MissingSignature,
        sends: "no signature",
    },
    Known {
        name: "empty_signature",
        argument: "",
        fault: Fault::EmptySignature,
        sends: "an empty signature",
    },
    Known {
        name: "malformed_signature",
        argument: "",
        fault: Fault::MalformedSignature,
        sends: "a signature that cannot be decoded",
    },
    Known {
        name: "truncated_signature",
        argument: "=DIGITS",
        fault: Fault::TruncatedSignature(None),
        sends: "only the first characters of the signature",
    },
    Known {
        name: "extended_signature",
        argument: "",
        fault: Fault::ExtendedSignature,
        sends: "extra characters after the signature",
    },
    Known {
        name: "signature_elsewhere",
        argument: "",
        fault: Fault::SignatureElsewhere,
        sends: "the signature in headers of other providers",
    },
    Known {
        name: "other_body_signature",
        argument: "",
        fault: Fault::OtherBodySignature,
        sends: "the signature of a different body",
    },
    Known {
        name: "signature_case",
        argument: "",
        fault: Fault::SignatureCase,
        sends: "the hex signature in upper case",
    },
    Known {
        name: "signature_encoding",
        argument: "",
        fault: Fault::SignatureEncoding,
        sends: "the signature in another encoding",
    },
    Known {
        name: "wrong_secret",
        argument: "",
        fault: Fault::WrongSecret,
        sends: "signed with a different secret",
    },
    Known {
        name: "public_secret",
        argument: "",
        fault: Fault::PublicSecret,
        sends: "signed with the public test secret",
    },
    Known {
        name: "forged_first",
        argument: "",
        fault: Fault::ForgedFirst,
        sends: "a forged copy first, then the real event",
    },
    Known {
        name: "second_secret",
        argument: "",
        fault: Fault::SecondSecret,
        sends: "signed with two secrets, as in a rotation",
    },
    Known {
        name: "stale_timestamp",
        argument: "=1h",
        fault: Fault::StaleTimestamp(HOUR),
        sends: "signed this long ago",
    },
    Known {
        name: "future_timestamp",
        argument: "=1h",
        fault: Fault::FutureTimestamp(HOUR),
        sends: "signed this far in the future",
    },
    Known {
        name: "unknown_event",
        argument: "",
        fault: Fault::UnknownEvent,
        sends: "an event type that does not exist",
    },
    Known {
        name: "missing_field",
        argument: "",
        fault: Fault::MissingField,
        sends: "a payload without one of its fields",
    },
    Known {
        name: "wrong_content_type",
        argument: "=form|none",
        fault: Fault::WrongContentType(ContentKind::Text),
        sends: "a content type that does not fit the body",
    },
    Known {
        name: "not_json",
        argument: "",
        fault: Fault::NotJson,
        sends: "a body that is not JSON",
    },
    Known {
        name: "truncated_body",
        argument: "",
        fault: Fault::TruncatedBody,
        sends: "only the first half of the body",
    },
    Known {
        name: "huge_body",
        argument: "=BYTES",
        fault: Fault::HugeBody(16 << 20),
        sends: "a very large body",
    },
    Known {
        name: "padded_body",
        argument: "=BYTES",
        fault: Fault::PaddedBody(80_000),
        sends: "a body made longer by an extra field",
    },
    Known {
        name: "deep_nesting",
        argument: "=DEPTH",
        fault: Fault::DeepNesting(100_000),
        sends: "deeply nested JSON",
    },
    Known {
        name: "compressed_body",
        argument: "",
        fault: Fault::CompressedBody,
        sends: "a body compressed with gzip",
    },
    Known {
        name: "spacing",
        argument: "",
        fault: Fault::Spacing,
        sends: "the same JSON, other spacing, signed as sent",
    },
    Known {
        name: "escapes",
        argument: "",
        fault: Fault::Escapes,
        sends: "the same JSON, with escapes, signed as sent",
    },
    Known {
        name: "key_order",
        argument: "",
        fault: Fault::KeyOrder,
        sends: "the same JSON, other order, signed as sent",
    },
    Known {
        name: "reformatted_body",
        argument: "=pretty",
        fault: Fault::ReformattedBody(Form::Compact),
        sends: "signed in one JSON form, sent in another",
    },
    Known {
        name: "late",
        argument: "=5s",
        fault: Fault::Late(Duration::from_secs(5)),
        sends: "again after this time, as without a response",
    },
    Known {
        name: "slow_body",
        argument: "=BYTES/S",
        fault: Fault::SlowBody(200),
        sends: "the body sent slowly",
    },
    Known {
        name: "slow_head",
        argument: "=BYTES/S",
        fault: Fault::SlowHead(200),
        sends: "the head sent slowly",
    },
    Known {
        name: "reset",
        argument: "",
        fault: Fault::Reset,
        sends: "the connection reset within the body",
    },
    Known {
        name: "close",
        argument: "",
        fault: Fault::Close,
        sends: "the connection closed before the response",
    },
    Known {
        name: "odd_chunks",
        argument: "",
        fault: Fault::OddChunks,
        sends: "the body in uneven chunks",
    },
    Known {
        name: "header_case",
        argument: "",
        fault: Fault::HeaderCase,
        sends: "header names in unusual case",
    },
];

impl Fault {
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|known| known.fault)
    }

    fn known(self) -> Option<&'static Known> {
        let same =
            |known: &&Known| std::mem::discriminant(&known.fault) == std::mem::discriminant(&self);
        ALL.iter().find(same)
    }

    /// Each fault as it is typed, with its argument, and what it sends.
    pub fn descriptions() -> impl Iterator<Item = (String, &'static str)> {
        ALL.iter().map(|known| {
            let argument = match known.argument {
                "" => String::new(),
                argument => format!("[{argument}]"),
            };
            (format!("{}{argument}", known.name), known.sends)
        })
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        self.known().map_or("", |known| known.name)
    }

    /// What a correct receiver does with it.
    pub fn expected(self, rules: SignatureRules) -> Expected {
        let SignatureRules {
            is_signed: signed,
            tolerance,
            past_only,
            covers_body,
        } = rules;
        let is_beyond = |time: Duration| tolerance.is_some_and(|tolerance| time > tolerance);
        match self {
            Self::Duplicate | Self::Late(_) => Expected::AcceptOnce,
            Self::Reorder
            | Self::Spacing
            | Self::Escapes
            | Self::KeyOrder
            | Self::OddChunks
            | Self::HeaderCase
            | Self::PaddedBody(_)
            | Self::SecondSecret => Expected::Accept,
            Self::ForgedFirst if signed => Expected::RefuseThenAccept,
            Self::Reset => Expected::Forget,
            Self::Close => Expected::Remember,
            Self::TamperedSignature(_)
            | Self::MissingSignature
            | Self::EmptySignature
            | Self::MalformedSignature
            | Self::TruncatedSignature(_)
            | Self::ExtendedSignature
            | Self::SignatureElsewhere
            | Self::SignatureEncoding
            | Self::PublicSecret
            | Self::WrongSecret
                if signed =>
            {
                Expected::Refuse
            }
            Self::TamperedBody(_)
            | Self::TruncatedBody
            | Self::ReformattedBody(_)
            | Self::OtherBodySignature
                if signed && covers_body =>
            {
                Expected::Refuse
            }
            Self::StaleTimestamp(time) if is_beyond(time) => Expected::Refuse,
            Self::FutureTimestamp(time) if is_beyond(time) && !past_only => Expected::Refuse,
            Self::StaleTimestamp(_) | Self::FutureTimestamp(_) if tolerance.is_some() => {
                Expected::Accept
            }
            _ => Expected::Survive,
        }
    }
}

impl Fault {
    /// As `--fault` takes it, with its argument where that is not the usual one.
    pub fn flag(self) -> String {
        let usual = ALL.iter().any(|known| known.fault == self);
        let argument = match self {
            Self::TamperedSignature(spot) => spot.name().to_owned(),
            Self::TamperedBody(at) => at.to_string(),
            Self::TruncatedSignature(Some(digits)) => digits.to_string(),
            Self::WrongContentType(kind) => kind.name().to_owned(),
            Self::ReformattedBody(form) => form.name().to_owned(),
            Self::StaleTimestamp(time) | Self::FutureTimestamp(time) | Self::Late(time) => {
                crate::model::duration::short(time)
            }
            Self::SlowBody(rate) | Self::SlowHead(rate) => rate.to_string(),
            Self::HugeBody(size) | Self::PaddedBody(size) | Self::DeepNesting(size) => {
                size.to_string()
            }
            _ => return self.name().to_owned(),
        };
        if usual {
            self.name().to_owned()
        } else {
            format!("{}={argument}", self.name())
        }
    }
}

/// What people call a fault that has another name here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("reserialise", "reformatted_body"),
    ("reserialised", "reformatted_body"),
    ("reserialize", "reformatted_body"),
    ("reserialized", "reformatted_body"),
    ("unsigned", "missing_signature"),
    ("no_signature", "missing_signature"),
    ("invalid_signature", "wrong_secret"),
    ("bad_signature", "wrong_secret"),
    ("expired", "stale_timestamp"),
    ("old_timestamp", "stale_timestamp"),
    ("replay", "duplicate"),
    ("out_of_order", "reorder"),
];

impl FromStr for Fault {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let (name, argument) = match text.split_once('=') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let name = name.replace('-', "_");
        let fault = ALL
            .iter()
            .find(|known| known.name == name)
            .map(|known| known.fault);
        let Some(fault) = fault else {
            let like = |known: &&Known| match OTHER_NAMES.contains(&(name.as_str(), known.name)) {
                true => u32::MAX,
                false => (strsim::jaro_winkler(known.name, &name) * 1000.0) as u32,
            };
            let nearest = ALL.iter().max_by_key(like).map_or("", |known| known.name);
            return Err(format!(
                "unknown fault `{text}`; did you mean `{nearest}`? `hookcli send --help` lists all faults"
            )
            .into());
        };
        let Some(argument) = argument else {
            return Ok(fault);
        };
        let count = |most: usize| {
            let count = argument
                .parse()
                .ok()
                .filter(|count| (1..=most).contains(count));
            count.ok_or_else(|| {
                format!("invalid argument of the fault `{text}`: use a number up to {most}")
            })
        };
        let rate = || count(1 << 30).map(|rate| u32::try_from(rate).unwrap_or(u32::MAX));
        Ok(match fault {
            Self::TamperedSignature(_) => Self::TamperedSignature(argument.parse()?),
            Self::TamperedBody(_) => Self::TamperedBody(argument.parse()?),
            Self::TruncatedSignature(_) => Self::TruncatedSignature(Some(count(1024)?)),
            Self::WrongContentType(_) => {
                Self::WrongContentType(named_in(&ContentKind::ALL, argument)?)
            }
            Self::ReformattedBody(_) => Self::ReformattedBody(named_in(&Form::ALL, argument)?),
            Self::PaddedBody(_) => Self::PaddedBody(count(1 << 30)?),
            Self::StaleTimestamp(_) => {
                Self::StaleTimestamp(crate::model::duration::parse(argument)?)
            }
            Self::FutureTimestamp(_) => {
                Self::FutureTimestamp(crate::model::duration::parse(argument)?)
            }
            Self::Late(_) => Self::Late(crate::model::duration::parse(argument)?),
            Self::SlowBody(_) => Self::SlowBody(rate()?),
            Self::SlowHead(_) => Self::SlowHead(rate()?),
            Self::HugeBody(_) => Self::HugeBody(count(1 << 30)?),
            Self::DeepNesting(_) => Self::DeepNesting(count(10_000_000)?),
            _ => return Err(format!("invalid fault `{text}`: {name} takes no argument").into()),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A body with one letter or digit of it another, at that place or the next one behind it; one byte more where there
/// is none.
pub fn tampered(body: &[u8], at: At) -> Vec<u8> {
    let mut body = body.to_vec();
    let from = match at {
        At::Middle => body.len() / 2,
        At::Offset(at) => at.min(body.len()),
        At::Last => body
            .iter()
            .rposition(u8::is_ascii_alphanumeric)
            .unwrap_or(body.len()),
    };
    match body.iter().skip(from).position(u8::is_ascii_alphanumeric) {
        Some(at) => {
            let byte = &mut body[from + at];
            *byte = match *byte {
                b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => *byte + 1,
                b'9' => b'0',
                other => other - 1,
            };
        }
        None => body.push(b' '),
    }
    body
}

/// A signature with one digit of it another: of the longest run of what hex and base64 are written in, for
/// what is beside it is a prefix or a timestamp.
pub fn tampered_signature(value: &[u8], spot: TamperPosition) -> Vec<u8> {
    let longest = digits(value);
    let mut tampered = value.to_vec();
    if longest.is_empty() {
        tampered.push(b'0');
        return tampered;
    }
    let is_hex = value[longest.clone()].iter().all(u8::is_ascii_hexdigit);
    let at = match spot {
        TamperPosition::First => longest.start,
        TamperPosition::Middle => longest.start + longest.len() / 2,
        TamperPosition::Last if is_hex => longest.end - 1,
        // The last of base64 may hold bits that no byte gets.
        TamperPosition::Last => longest.start.max(longest.end.saturating_sub(3)),
    };
    let byte = &mut tampered[at];
    *byte = match *byte {
        b'0'..=b'8' | b'a'..=b'e' | b'A'..=b'E' | b'g'..=b'y' | b'G'..=b'Y' => *byte + 1,
        b'f' => b'a',
        b'F' => b'A',
        _ => b'0',
    };
    tampered
}

/// Where the digits of a signature stand: the longest run of what hex and base64 are written in.
fn digits(value: &[u8]) -> Range<usize> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let mut longest = 0..0;
    let mut start = 0;
    for run in value.split(|byte| !is_digit(byte)) {
        if run.len() > longest.len() {
            longest = start..start + run.len();
        }
        start += run.len() + 1;
    }
    longest
}

/// A signature with the first of its digits alone; half of the whole where no number is given.
pub fn truncated_signature(value: &[u8], keep: Option<usize>) -> Vec<u8> {
    let Some(keep) = keep else {
        return value[..value.len() / 2].to_vec();
    };
    let digits = digits(value);
    // One at least is gone.
    let end = digits.start + keep.min(digits.len().saturating_sub(1));
    [&value[..end], &value[digits.end..]].concat()
}

/// A signature with two digits more behind its own.
pub fn extended_signature(value: &[u8]) -> Vec<u8> {
    let end = digits(value).end;
    [&value[..end], b"00", &value[end..]].concat()
}

/// JSON with an added last field of this many bytes; `None` if the body is not a JSON object with fields.
pub fn padded(body: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let end = body.iter().rposition(|byte| *byte == b'}')?;
    let before = body[..end].trim_ascii_end();
    let comma = if before.ends_with(b"{") { "" } else { "," };
    let mut out = before.to_vec();
    out.extend_from_slice(
        format!("{comma}\"hookcli_padding\":\"{}\"", "x".repeat(bytes)).as_bytes(),
    );
    out.extend_from_slice(&body[end..]);
    Some(out)
}

/// Text with the digits of every long run of hex in upper case; a short one may be a name.
pub fn upper_case_hex(text: &str) -> String {
    let is_hex = |character: char| character.is_ascii_hexdigit();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_hex) {
        let run = rest[start..].find(|other| !is_hex(other));
        let end = run.map_or(rest.len(), |length| start + length);
        out.push_str(&rest[..start]);
        let run = &rest[start..end];
        if run.len() >= 32 {
            out.push_str(&run.to_ascii_uppercase());
        } else {
            out.push_str(run);
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Arrays in arrays.
pub fn nested(depth: usize) -> Vec<u8> {
    [vec![b'['; depth], vec![b']'; depth]].concat()
}

/// A JSON object of about that many bytes.
pub fn huge(bytes: usize) -> Vec<u8> {
    let mut body = b"{\"padding\":\"".to_vec();
    body.resize(bytes.max(body.len() + 2) - 2, b'x');
    body.extend_from_slice(b"\"}");
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fault_has_a_name_and_some_an_argument() {
        for Known { name, fault, .. } in ALL {
            assert_eq!((name.parse(), fault.name()), (Ok(fault), name));
            assert_eq!(fault.flag().parse(), Ok(fault));
        }
        assert_eq!(
            "stale-timestamp=5m".parse(),
            Ok(Fault::StaleTimestamp(Duration::from_secs(300)))
        );
        assert_eq!("huge_body=100".parse(), Ok(Fault::HugeBody(100)));
        assert_eq!("slow_body=50".parse(), Ok(Fault::SlowBody(50)));
        assert_eq!(Fault::HugeBody(100).flag(), "huge_body=100");
        for text in [
            "",
            "sabotage",
            "duplicate=2",
            "huge_body=0",
            "stale_timestamp=5",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
        let tampered = |spot| tampered_signature(b"t=12,v1=0123456789abcdef", spot);
        assert_eq!(tampered(TamperPosition::First), b"t=12,v1=1123456789abcdef");
        assert_eq!(
            tampered(TamperPosition::Middle),
            b"t=12,v1=0123456799abcdef"
        );
        assert_eq!(tampered(TamperPosition::Last), b"t=12,v1=0123456789abcdea");
        assert_eq!(
            "tampered_signature=last".parse(),
            Ok(Fault::TamperedSignature(TamperPosition::Last))
        );
        assert_eq!(
            truncated_signature(b"v1=0123456789abcdef,t=1", Some(4)),
            b"v1=0123,t=1"
        );
        assert_eq!(
            extended_signature(b"v1=0123456789abcdef"),
            b"v1=0123456789abcdef00"
        );
        assert_eq!(
            padded(b"{ \"a\": 1 }", 2).unwrap(),
            b"{ \"a\": 1,\"hookcli_padding\":\"xx\"}"
        );
        for text in [
            "tampered_body=2048",
            "tampered_body=last",
            "truncated_signature=8",
            "wrong_content_type=none",
            "reformatted_body=pretty",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().flag(), text);
        }
        let digest = "0a".repeat(32);
        assert_eq!(
            upper_case_hex(&format!("t=12,v1={digest},beef")),
            format!("t=12,v1={},beef", digest.to_uppercase())
        );
        assert_eq!(huge(100).len(), 100);
        assert_eq!(nested(2), b"[[]]");
    }

    proptest! {
        #[test]
        fn a_tampered_body_is_another(body in prop::collection::vec(any::<u8>(), 0..50)) {
            for at in [At::Middle, At::Last, At::Offset(7)] {
                prop_assert_ne!(&tampered(&body, at), &body);
            }
        }
    }
}

//! What real senders get wrong, or do though nobody expects it; and what a right receiver makes of it. Pure:
//! each changes a request before or after it is signed, or how it goes out.

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
    /// A letter or digit of it is another.
    TamperedBody(At),
    /// One character of it is another.
    TamperedSignature(TamperPosition),
    MissingSignature,
    EmptySignature,
    /// Text that is no signature in its place.
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
    /// Signed with hookcli's test secret, which everybody knows.
    PublicSecret,
    /// The same delivery before it, with a signature that is not right.
    ForgedFirst,
    /// Signed with another secret too, as a sender does that rotates secrets; its signature stands first.
    SecondSecret,
    /// Signed so long ago.
    StaleTimestamp(Duration),
    /// Signed so far in the future.
    FutureTimestamp(Duration),
    UnknownEvent,
    /// A field that the schema requires is not there; correctly signed.
    MissingField,
    WrongContentType(ContentKind),
    /// Text that is no JSON; correctly signed.
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
    /// The connection is reset in mid-body.
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
            _ => text
                .parse()
                .map(Self::Offset)
                .map_err(|_| format!("`{text}`: middle, last or a byte's offset expected").into()),
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

    /// The value of Content-Type; none where there is no such header.
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
    /// On lines of its own, indented by two.
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
            .ok_or_else(|| format!("`{text}`: first, middle or last expected").into())
    }
}

/// What a right receiver does.
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
    /// Answers in time, one way or the other, and goes on living.
    Survive,
    /// Acts on nothing that is not complete, and goes on living.
    Forget,
    /// Goes on living; what it acted on before nobody heard it, it does not act on again.
    Remember,
}

impl Expected {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Accept => "a right receiver accepts it",
            Self::AcceptOnce => "a right receiver accepts both and acts on one",
            Self::Refuse => "a right receiver refuses it with a 4xx",
            Self::RefuseThenAccept => {
                "a right receiver refuses the first with a 4xx, and accepts the second"
            }
            Self::Survive => "a right receiver answers it without failing, and goes on",
            Self::Forget => "a right receiver acts on nothing of it, and goes on",
            Self::Remember => {
                "a right receiver goes on, and acts once though the event will come again"
            }
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);
/// The faults by name; those with an argument with what it is when it is left out.
const ALL: [(&str, Fault); 39] = [
    ("duplicate", Fault::Duplicate),
    ("reorder", Fault::Reorder),
    ("tampered_body", Fault::TamperedBody(At::Middle)),
    (
        "tampered_signature",
        Fault::TamperedSignature(TamperPosition::Middle),
    ),
    ("missing_signature", Fault::MissingSignature),
    ("empty_signature", Fault::EmptySignature),
    ("malformed_signature", Fault::MalformedSignature),
    ("truncated_signature", Fault::TruncatedSignature(None)),
    ("extended_signature", Fault::ExtendedSignature),
    ("signature_elsewhere", Fault::SignatureElsewhere),
    ("other_body_signature", Fault::OtherBodySignature),
    ("signature_case", Fault::SignatureCase),
    ("signature_encoding", Fault::SignatureEncoding),
    ("wrong_secret", Fault::WrongSecret),
    ("public_secret", Fault::PublicSecret),
    ("forged_first", Fault::ForgedFirst),
    ("second_secret", Fault::SecondSecret),
    ("stale_timestamp", Fault::StaleTimestamp(HOUR)),
    ("future_timestamp", Fault::FutureTimestamp(HOUR)),
    ("unknown_event", Fault::UnknownEvent),
    ("missing_field", Fault::MissingField),
    (
        "wrong_content_type",
        Fault::WrongContentType(ContentKind::Text),
    ),
    ("not_json", Fault::NotJson),
    ("truncated_body", Fault::TruncatedBody),
    ("huge_body", Fault::HugeBody(16 << 20)),
    ("padded_body", Fault::PaddedBody(80_000)),
    ("deep_nesting", Fault::DeepNesting(100_000)),
    ("compressed_body", Fault::CompressedBody),
    ("spacing", Fault::Spacing),
    ("escapes", Fault::Escapes),
    ("key_order", Fault::KeyOrder),
    ("reformatted_body", Fault::ReformattedBody(Form::Compact)),
    ("late", Fault::Late(Duration::from_secs(5))),
    ("slow_body", Fault::SlowBody(200)),
    ("slow_head", Fault::SlowHead(200)),
    ("reset", Fault::Reset),
    ("close", Fault::Close),
    ("odd_chunks", Fault::OddChunks),
    ("header_case", Fault::HeaderCase),
];

impl Fault {
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.into_iter().map(|(_, fault)| fault)
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        let same = |known: &Self| std::mem::discriminant(known) == std::mem::discriminant(&self);
        ALL.iter()
            .find(|(_, known)| same(known))
            .map_or("", |(name, _)| name)
    }

    /// What a right receiver does with it; `signed` where the provider has a signature, `timed` where that
    /// has a tolerance.
    pub fn expected(self, signed: bool, timed: bool, covers_body: bool) -> Expected {
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
            Self::StaleTimestamp(_) | Self::FutureTimestamp(_) if timed => Expected::Refuse,
            _ => Expected::Survive,
        }
    }
}

impl Fault {
    /// As `--fault` takes it, with its argument where that is not the usual one.
    pub fn flag(self) -> String {
        let usual = ALL.iter().any(|(_, known)| *known == self);
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
            .find(|(known, _)| *known == name)
            .map(|(_, fault)| *fault);
        let Some(fault) = fault else {
            let names: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
            return Err(format!("`{text}` is no fault: there are {}", names.join(", ")).into());
        };
        let Some(argument) = argument else {
            return Ok(fault);
        };
        let count = |most: usize| {
            let count = argument
                .parse()
                .ok()
                .filter(|count| (1..=most).contains(count));
            count.ok_or_else(|| format!("`{text}`: a number up to {most} expected"))
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
            _ => return Err(format!("`{text}`: {name} takes no argument").into()),
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
/// what stands beside it is a prefix or a timestamp.
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

/// JSON with a field of so many bytes more behind its last one; none where it is no object with one.
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
        for (name, fault) in ALL {
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

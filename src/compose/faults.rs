//! `send --fault`: how a request is changed before and after it is signed.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{ComposeError, PreparedRequest};
use crate::catalog::Provider;
use crate::delivery::{
    At, Expected, Fault, Form, SignatureRules, TamperPosition, WantedStatus, extended_signature,
    huge, nested, padded, tampered, tampered_signature, truncated_signature, upper_case_hex,
};
use crate::http::{Ending, Shape};
use crate::model::{Headers, Secret};
use crate::payload::{Document, Edit, Escapes, Layout, Order, Restyler, Style, apply};
use crate::signature::{Encoding, Scheme, new_keys, test_keys};

/// An event type that no provider has.
const UNKNOWN_EVENT: &str = "hookcli.unknown_event";

/// The body as it is signed.
pub fn before_signing(
    faults: &[Fault],
    provider: &Provider,
    event: &str,
    body: Vec<u8>,
    headers: &mut Headers,
) -> Result<Vec<u8>, ComposeError> {
    let mut body = body;
    for fault in faults {
        body = match fault {
            Fault::UnknownEvent => unknown_event(provider, event, body, headers)?,
            Fault::MissingField => without_required(provider, event, body)?,
            Fault::NotJson => b"this is not JSON: {".to_vec(),
            Fault::HugeBody(bytes) => huge(*bytes),
            Fault::PaddedBody(bytes) => padded(&body, *bytes).ok_or(ComposeError::NotAnObject)?,
            Fault::DeepNesting(depth) => nested(*depth),
            Fault::Spacing => restyled(body, Layout::SPACED, Escapes::LEAST, Order::AsIs)?,
            Fault::Escapes => restyled(body, Layout::COMPACT, Escapes::PHP, Order::AsIs)?,
            Fault::KeyOrder => restyled(body, Layout::COMPACT, Escapes::LEAST, Order::Sorted)?,
            Fault::CompressedBody => {
                headers.set("content-encoding", "gzip");
                compressed(&body).map_err(ComposeError::Compression)?
            }
            _ => body,
        };
    }
    Ok(body)
}

/// The time that is signed.
pub fn signing_time(faults: &[Fault], now: Timestamp) -> Timestamp {
    faults.iter().fold(now, |now, fault| match fault {
        Fault::StaleTimestamp(age) => now.checked_sub(*age).unwrap_or(now),
        Fault::FutureTimestamp(lead) => now.checked_add(*lead).unwrap_or(now),
        _ => now,
    })
}

/// How the bytes go out.
pub fn shape(faults: &[Fault]) -> Shape {
    let mut shape = Shape::default();
    for fault in faults {
        match fault {
            Fault::SlowBody(rate) => shape.body_rate = Some(*rate),
            Fault::SlowHead(rate) => shape.head_rate = Some(*rate),
            Fault::Reset => shape.ending = Ending::ResetInBody,
            Fault::Close => shape.ending = Ending::CloseAfterRequest,
            Fault::OddChunks => shape.odd_chunks = true,
            Fault::HeaderCase => shape.odd_case = true,
            _ => {}
        }
    }
    shape
}

/// How long after its success a delivery is made once more.
pub fn late(faults: &[Fault]) -> Option<Duration> {
    faults.iter().find_map(|fault| match fault {
        Fault::Late(after) => Some(*after),
        _ => None,
    })
}

/// What goes out in place of what was signed.
pub fn after_signing(
    faults: &[Fault],
    scheme: Option<&Scheme>,
    body: Vec<u8>,
    headers: &mut Headers,
) -> Vec<u8> {
    let mut body = body;
    for fault in faults {
        match fault {
            Fault::TamperedBody(at) => body = tampered(&body, *at),
            Fault::ReformattedBody(form) => body = unlike(body, *form),
            Fault::TruncatedBody => body.truncate(body.len() / 2),
            Fault::WrongContentType(kind) => match kind.content_type() {
                Some(value) => headers.set("content-type", value),
                None => headers.remove("content-type"),
            },
            Fault::SignatureElsewhere => {
                if let Some(scheme) = scheme {
                    move_elsewhere(scheme, headers);
                }
            }
            Fault::TamperedSignature(_)
            | Fault::MissingSignature
            | Fault::EmptySignature
            | Fault::MalformedSignature
            | Fault::TruncatedSignature(_)
            | Fault::ExtendedSignature
            | Fault::SignatureCase => {
                if let Some(scheme) = scheme {
                    body = spoilt(*fault, scheme, body, headers);
                }
            }
            _ => {}
        }
    }
    body
}

/// What is signed where that is not what is sent.
pub fn signed_instead(
    faults: &[Fault],
    scheme: &Scheme,
    body: &[u8],
) -> Result<Option<Vec<u8>>, ComposeError> {
    let reformatted = faults.iter().find_map(|fault| match fault {
        Fault::ReformattedBody(form) => Some(*form),
        _ => None,
    });
    if reformatted.is_none() && !faults.contains(&Fault::OtherBodySignature) {
        return Ok(None);
    }
    if scheme.writes_body() {
        return Err(ComposeError::SigningWritesBody);
    }
    match reformatted {
        Some(form) => in_form(body.to_vec(), form).map(Some),
        None => Ok(Some(tampered(body, At::Middle))),
    }
}

/// JSON as that serialiser writes it.
fn in_form(body: Vec<u8>, form: Form) -> Result<Vec<u8>, ComposeError> {
    let (layout, escapes, order) = match form {
        Form::Compact => (Layout::COMPACT, Escapes::LEAST, Order::AsIs),
        Form::Sorted => (Layout::COMPACT, Escapes::LEAST, Order::Sorted),
        Form::Python => (Layout::SPACED, Escapes::ASCII, Order::AsIs),
        Form::Pretty => (Layout::PRETTY, Escapes::LEAST, Order::AsIs),
    };
    restyled(body, layout, escapes, order)
}

/// The body as it is, or in another form where that is the one that was signed.
fn unlike(body: Vec<u8>, form: Form) -> Vec<u8> {
    match in_form(body.clone(), form) {
        Ok(signed) if signed == body => {
            let other = match form {
                Form::Pretty => Form::Compact,
                _ => Form::Pretty,
            };
            in_form(body.clone(), other).unwrap_or(body)
        }
        _ => body,
    }
}

/// Puts the signature where other providers have theirs.
fn move_elsewhere(scheme: &Scheme, headers: &mut Headers) {
    const OTHERS: [&str; 4] = [
        "X-Signature",
        "X-Webhook-Signature",
        "X-Hub-Signature-256",
        "Signature",
    ];
    let carried: Vec<(String, Vec<u8>)> = headers
        .iter()
        .filter(|(name, _)| scheme.is_carried_by(name))
        .map(|(name, value)| (name.to_owned(), value.to_vec()))
        .collect();
    for (name, value) in carried {
        headers.remove(&name);
        for other in OTHERS {
            if !other.eq_ignore_ascii_case(&name) {
                headers.set(other, &value);
            }
        }
    }
}

/// The scheme that signs where it is not the provider's own.
pub fn scheme_instead(faults: &[Fault], scheme: &Scheme) -> Option<Scheme> {
    if !faults.contains(&Fault::SignatureEncoding) {
        return None;
    }
    let other = match scheme.encoding() {
        Encoding::Hex | Encoding::HexLower => Encoding::Base64,
        Encoding::Base64 => Encoding::Hex,
        Encoding::Plain => return None,
    };
    Some(scheme.clone().with_encoding(other))
}

/// The secrets that sign.
pub fn secrets(
    faults: &[Fault],
    scheme: Option<&Scheme>,
    secrets: Arc<[Secret]>,
) -> Result<Arc<[Secret]>, ComposeError> {
    let Some(scheme) = scheme else {
        return Ok(secrets);
    };
    let another = || new_keys(scheme);
    if faults.contains(&Fault::PublicSecret) {
        return Ok([test_keys(scheme)?.signing].into());
    }
    if faults.contains(&Fault::WrongSecret) {
        return Ok([another()?.signing].into());
    }
    if faults.contains(&Fault::SecondSecret) {
        if !scheme.carries_several() {
            return Err(ComposeError::OneSignatureOnly);
        }
        let another = another()?.signing;
        return Ok(std::iter::once(another)
            .chain(secrets.iter().cloned())
            .collect());
    }
    Ok(secrets)
}

/// Changes, cuts, removes or empties the signature or token, wherever it is in the request.
fn spoilt(fault: Fault, scheme: &Scheme, body: Vec<u8>, headers: &mut Headers) -> Vec<u8> {
    if let Some(path) = &scheme.body {
        let text = String::from_utf8_lossy(&body).into_owned();
        let path = path.clone();
        let document = Document::parse(&body).ok();
        let kept = document.and_then(|document| Some(document.get(&path)?.as_str()?.into_owned()));
        let spoilt = kept.and_then(|kept| spoilt_value(fault, kept.as_bytes()));
        let edit = match spoilt {
            None => Edit::Unset { path },
            Some(value) => Edit::Set {
                path,
                value: serde_json::Value::from(String::from_utf8_lossy(&value)).to_string(),
            },
        };
        return apply(&text, &[edit]).map_or(body, String::into_bytes);
    }
    let carrying: Vec<(String, Vec<u8>)> = headers
        .iter()
        .filter(|(name, _)| scheme.is_carried_by(name))
        .map(|(name, value)| (name.to_owned(), value.to_vec()))
        .collect();
    for (name, value) in carrying {
        match spoilt_value(fault, &value) {
            None => headers.remove(&name),
            Some(value) => headers.set(&name, value),
        }
    }
    body
}

/// What is in the place of a signature; none: nothing does.
fn spoilt_value(fault: Fault, value: &[u8]) -> Option<Vec<u8>> {
    Some(match fault {
        Fault::MissingSignature => return None,
        Fault::EmptySignature => Vec::new(),
        Fault::MalformedSignature => b"not-a-signature".to_vec(),
        Fault::TruncatedSignature(keep) => truncated_signature(value, keep),
        Fault::ExtendedSignature => extended_signature(value),
        Fault::SignatureCase => upper_case_hex(&String::from_utf8_lossy(value)).into_bytes(),
        Fault::TamperedSignature(spot) => tampered_signature(value, spot),
        _ => value.to_vec(),
    })
}

fn unknown_event(
    provider: &Provider,
    event: &str,
    body: Vec<u8>,
    headers: &mut Headers,
) -> Result<Vec<u8>, ComposeError> {
    let wire = provider
        .events
        .get(event)
        .and_then(|facts| facts.wire_name.as_deref())
        .unwrap_or(event);
    let naming: Vec<String> = headers
        .iter()
        .filter(|(_, value)| *value == wire.as_bytes())
        .map(|(name, _)| name.to_owned())
        .collect();
    for name in naming {
        headers.set(&name, UNKNOWN_EVENT);
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    let place = Document::parse(&body).ok().and_then(|document| {
        let mut places = provider.body.event.path.0.iter();
        places.find(|path| document.get(path).is_some()).cloned()
    });
    let Some(path) = place else { return Ok(body) };
    let value = format!("\"{UNKNOWN_EVENT}\"");
    Ok(apply(&text, &[Edit::Set { path, value }])?.into_bytes())
}

/// Without the first member that the schema requires and whose lack it notices; else without the first.
fn without_required(
    provider: &Provider,
    event: &str,
    body: Vec<u8>,
) -> Result<Vec<u8>, ComposeError> {
    let Ok(document) = Document::parse(&body) else {
        return Ok(body);
    };
    let text = String::from_utf8_lossy(&body).into_owned();
    let mut first = None;
    for child in document.root().children() {
        let Some(key) = child.key() else { continue };
        let path = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
        let Ok(path) = path.parse() else { continue };
        let without = apply(&text, &[Edit::Unset { path }])?;
        if !provider.validate(event, without.as_bytes())?.is_empty() {
            return Ok(without.into_bytes());
        }
        first.get_or_insert(without);
    }
    Ok(first.map_or(body, String::into_bytes))
}

fn restyled(
    body: Vec<u8>,
    layout: Layout,
    escapes: Escapes,
    order: Order,
) -> Result<Vec<u8>, ComposeError> {
    let document = Document::parse(&body)?;
    let style = Style {
        layout,
        escapes,
        order,
        ..Style::PLAIN
    };
    Ok(Restyler::new(&document).write(style).into_bytes())
}

fn compressed(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

/// What the signature of a request's provider protects.
pub fn signature_rules(request: &PreparedRequest) -> SignatureRules {
    let provider = request.provider.as_deref();
    let scheme = provider.and_then(|provider| provider.signature.as_ref());
    let Some(scheme) = scheme else {
        return SignatureRules::default();
    };
    let rule = scheme.timestamp.as_ref();
    SignatureRules {
        is_signed: true,
        tolerance: rule.and_then(|rule| rule.tolerance),
        past_only: rule.is_some_and(|rule| rule.past_only),
        covers_body: scheme.covers_body(),
    }
}

/// Notes in each request which faults it has, and which response is wanted for them. With several faults, the
/// strictest decides. A receiver that has to acknowledge everything cannot refuse.
pub fn expect(faults: &[Fault], requests: &mut [PreparedRequest]) {
    for request in requests {
        let rules = signature_rules(request);
        let expected = faults.iter().map(|fault| fault.expected(rules));
        let may_refuse = request
            .provider
            .as_ref()
            .is_none_or(|provider| !provider.always_acknowledges());
        let wanted = expected.max_by_key(|expected| expected.strictness());
        request.wanted = wanted.and_then(Expected::wanted).filter(|_| may_refuse);
        request.faults = faults.to_vec();
    }
}

/// The requests in the order, and as often, as the faults want them.
pub fn order(faults: &[Fault], requests: &mut Vec<PreparedRequest>) {
    if faults.contains(&Fault::Reorder) {
        requests.reverse();
    }
    if faults.contains(&Fault::ForgedFirst) {
        let genuine = std::mem::take(requests);
        requests.extend(
            genuine
                .into_iter()
                .flat_map(|request| [forged(&request), request]),
        );
    }
    if faults.contains(&Fault::Duplicate) {
        let once = std::mem::take(requests);
        requests.extend(
            once.into_iter()
                .flat_map(|request| [request.clone(), request]),
        );
    }
}

/// The same delivery with another signature.
fn forged(request: &PreparedRequest) -> PreparedRequest {
    let mut forged = request.clone();
    let scheme = request
        .provider
        .as_ref()
        .and_then(|provider| provider.signature.as_ref());
    if let Some(scheme) = scheme {
        let fault = Fault::TamperedSignature(TamperPosition::Middle);
        let body = forged.request.body.to_vec();
        forged.request.body = spoilt(fault, scheme, body, &mut forged.request.headers).into();
        // It is not to be signed again when it is tried again.
        forged.signed = false;
        forged.wanted = Some(WantedStatus::refusal());
    }
    forged
}

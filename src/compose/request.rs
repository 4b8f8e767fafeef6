//! A request that is ready to go, and how it is completed and signed again.

use percent_encoding::percent_decode_str;
use std::sync::Arc;

use jiff::Timestamp;

use super::ComposeError;
use crate::catalog::Provider;
use crate::delivery::{Fault, WantedStatus};
use crate::http::Destination;
use crate::model::{Delivery, Headers, Id, RemoteText, Request, Secret, base64_text};
use crate::signature::{Envelope, Scheme, sign};
use crate::view::SchemaReport;

/// Where requests go to, and what is known of it.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub destination: Destination,
    /// The name of the endpoint of the settings, where one is meant.
    pub endpoint: Option<String>,
    /// The user chose it, or trusts the file that did.
    pub chosen_by_user: bool,
    /// The settings give it its own scheme.
    pub has_own_scheme: bool,
    /// It is this machine.
    pub is_loopback: bool,
}

/// A request that is ready to go, and what is known of it.
#[derive(Clone)]
pub struct PreparedRequest {
    pub provider: Option<Arc<Provider>>,
    pub event: Option<RemoteText>,
    /// Which of the event's samples it was made from.
    pub variant: Option<String>,
    pub destination: Destination,
    pub request: Request,
    /// Redacted wherever they would be shown or stored.
    pub secrets: Arc<[Secret]>,
    pub replay_of: Option<Id>,
    pub schema: Option<SchemaReport>,
    /// The name of the endpoint that it goes to, where it was named.
    pub endpoint: Option<String>,
    /// Each attempt is signed again; else its bytes are those of the first.
    pub signed: bool,
    /// The recorded delivery that this continues, if it continues one.
    pub resumed_from: Option<Delivery>,
    /// Once it is delivered, the capture that it is a replay of has been forwarded to that target.
    pub settles_forward_at: Option<String>,
    /// Which response is wanted, where it is not that of a delivery.
    pub wanted: Option<WantedStatus>,
    /// The faults that it is sent with, as they are typed.
    pub faults: Vec<Fault>,
}

/// What a request is signed again with.
pub struct Signing<'s> {
    pub scheme: &'s Scheme,
    pub secrets: &'s [Secret],
    pub method: &'s str,
    /// The message's id, for schemes that sign one.
    pub id: &'s str,
    pub now: Timestamp,
}

impl Signing<'_> {
    /// Puts a new signature in the place of an old one: only what signing sets changes.
    pub fn renew(
        &self,
        destination: &mut Destination,
        headers: &mut Headers,
        body: &mut Vec<u8>,
    ) -> Result<(), ComposeError> {
        let stale: Vec<String> = headers
            .iter()
            .map(|(name, _)| name.to_owned())
            .filter(|name| self.scheme.is_set_by_signing(name))
            .collect();
        for name in stale {
            headers.remove(&name);
        }
        let url = destination.url_without_credentials();
        let envelope = Envelope {
            method: self.method,
            url: Some(url.as_str()),
            headers,
        };
        let signed = sign(self.scheme, self.secrets, envelope, body, self.now, self.id)?;
        for (name, value) in signed.headers {
            headers.set(&name, value);
        }
        if let Some(signed) = signed.body {
            *body = signed;
        }
        if let Some(url) = signed.url {
            *destination = destination.with_query_of(&url);
        }
        Ok(())
    }
}

/// The headers of a request in the order in which they are sent, completed with what HTTP needs.
/// `wanted` replace or add.
pub fn complete(
    destination: &Destination,
    method: &str,
    headers: Headers,
    wanted: &Headers,
    body: Vec<u8>,
) -> Request {
    let mut all = Headers::new();
    all.push("host", destination.authority());
    for (name, value) in headers.iter() {
        if !name.eq_ignore_ascii_case("host") && !name.eq_ignore_ascii_case("content-length") {
            all.push(name, value);
        }
    }
    for own in [
        ("user-agent", concat!("hookcli/", env!("CARGO_PKG_VERSION"))),
        ("accept", "*/*"),
    ] {
        if !all.contains(own.0) {
            all.push(own.0, own.1);
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in wanted.iter() {
        // The first of a name replaces what is there; more of the same name add to it.
        if seen.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            all.push(name, value);
        } else {
            all.set(name, value);
            seen.push(name);
        }
    }
    // RFC 9110, section 8.6: a length is said for content, and where the method means to have some.
    if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
        all.push("content-length", body.len().to_string());
    }
    if let Some((user, password)) = credentials(destination)
        && !all.contains("authorization")
    {
        all.push(
            "authorization",
            format!(
                "Basic {}",
                base64_text(format!("{user}:{password}").as_bytes())
            ),
        );
    }
    Request {
        method: method.to_owned(),
        target: destination.target(),
        headers: all,
        body: body.into(),
    }
}

/// User and password of a URL (RFC 3986 allows them), percent-decoded by the URL's own rules.
fn credentials(destination: &Destination) -> Option<(String, String)> {
    let url = destination.url();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (!url.username().is_empty()).then(|| {
        let password = url.password().unwrap_or_default();
        (decoded(url.username()), decoded(password))
    })
}

/// What a provider sends over https alone does not go over plain http, but on this machine.
pub fn check_https(
    provider: &Provider,
    destination: &Destination,
    is_loopback: bool,
    allow_http: bool,
) -> Result<(), ComposeError> {
    let fine = !provider.request.https_only || destination.is_https() || is_loopback;
    if fine || allow_http {
        return Ok(());
    }
    Err(ComposeError::HttpsOnly {
        provider: provider.title.clone(),
        destination: destination.to_string(),
    })
}

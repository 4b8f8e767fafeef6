//! What `send`, `replay` and `demo` share before and after a delivery: completing a request, and reporting
//! what became of it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::Provider;
use crate::cli::{DeliveryArgs, HeaderFlag, WayArgs};
use crate::commands::Context;
use crate::exchange::{CurlOptions, curl_command};
use crate::exit::Failure;
use crate::http::{Place, Resolved};
use crate::model::{Delivery, Headers, Id, RemoteText, Request, Right, Secret};
use crate::payload::{Edit, Path};
use crate::report::{CurlReport, Note, Report};
use crate::settings::{Destination, Endpoint};
use crate::signature::{Envelope, Scheme, sign};
use crate::view::{BodyReport, RequestReport, SchemaReport};

/// A request that is ready to go, and what is known of it.
#[derive(Clone)]
pub struct Outgoing {
    pub provider: Option<Arc<Provider>>,
    pub event: Option<RemoteText>,
    /// Which of the event's samples it was made from.
    pub variant: Option<String>,
    pub place: Place,
    pub request: Request,
    /// Masked wherever they would be shown or stored.
    pub secrets: Arc<[Secret]>,
    pub replay_of: Option<Id>,
    pub schema: Option<SchemaReport>,
    /// The name of the endpoint that it goes to, where it was named.
    pub endpoint: Option<String>,
    /// Each attempt is signed afresh; else its bytes are those of the first.
    pub signed: bool,
    /// What was recorded of it before, where this goes on with it.
    pub goes_on: Option<Delivery>,
    /// Once it is delivered, the capture that it is a replay of has been forwarded to that target.
    pub settles_forward_at: Option<String>,
}

/// What a request is signed afresh with.
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
        place: &mut Place,
        headers: &mut Headers,
        body: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let stale: Vec<String> = headers
            .iter()
            .map(|(name, _)| name.to_owned())
            .filter(|name| self.scheme.is_set_by_signing(name))
            .collect();
        for name in stale {
            headers.remove(&name);
        }
        let url = place.url_without_credentials();
        let envelope = Envelope {
            method: self.method,
            url: Some(url.as_str()),
            headers,
        };
        let signed = sign(self.scheme, self.secrets, envelope, body, self.now, self.id)
            .map_err(Failure::usage)?;
        for (name, value) in signed.headers {
            headers.set(&name, value);
        }
        if let Some(signed) = signed.body {
            *body = signed;
        }
        if let Some(url) = signed.url {
            *place = place.with_query_of(&url);
        }
        Ok(())
    }
}

/// Where a verb sends to: the place, the endpoint it belongs to, and who chose it.
pub struct Target<'s> {
    pub place: Place,
    pub endpoint: Option<&'s Endpoint>,
    /// The endpoint's name.
    pub endpoint_name: Option<String>,
    pub chosen_by_user: bool,
}

/// What `--url`, `--to` and the settings come to.
pub fn target<'s>(
    context: &'s Context,
    url: Option<&str>,
    to: Option<&str>,
) -> Result<Target<'s>, Failure> {
    let by_user = |place| Target {
        place,
        endpoint: None,
        endpoint_name: None,
        chosen_by_user: true,
    };
    if let Some(url) = url {
        return url.parse().map(by_user).map_err(Failure::usage);
    }
    if let Some(to) = to {
        return match context.settings.destination(to).map_err(Failure::usage)? {
            Destination::Place(place) => Ok(by_user(place)),
            Destination::Endpoint(endpoint) => Ok(Target {
                place: endpoint
                    .url
                    .parse()
                    .map_err(|error| Failure::usage(format!("endpoint `{to}`: {error}")))?,
                endpoint: Some(endpoint),
                endpoint_name: Some(to.to_owned()),
                chosen_by_user: endpoint.trust.allows(Right::SignElsewhere),
            }),
        };
    }
    match &context.settings.default_url {
        Some((url, trust)) => {
            let place = url.parse().map_err(Failure::usage)?;
            Ok(Target { place, endpoint: None, endpoint_name: None, chosen_by_user: trust.allows(Right::SignElsewhere) })
        }
        None => Err(Failure::usage("there is no URL to send to").hint("give one with --url http://localhost:3000, or name an endpoint of hookcli.toml with --to")),
    }
}

/// Tells of a place that a file of the working tree chose and that is not this machine.
pub fn tell_of_foreign_place(context: &Context, target: &Target<'_>, resolved: &Resolved) {
    if !target.chosen_by_user && !resolved.is_loopback() {
        context.ui.note(Note::warning(format!(
            "the hookcli.toml of the working tree sends this to {}",
            target.place
        )));
    }
}

/// The headers of a request in the order in which they are sent, completed with what HTTP needs.
/// `wanted` replace or add.
pub fn complete(
    place: &Place,
    method: &str,
    headers: Headers,
    wanted: &[HeaderFlag],
    body: Vec<u8>,
) -> Request {
    let mut all = Headers::new();
    all.push("host", place.authority());
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
    for header in wanted {
        let name = header.name.as_str();
        // The first of a name replaces what is there; more of the same name add to it.
        if seen.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            all.push(name, header.value.as_str());
        } else {
            all.set(name, header.value.as_str());
            seen.push(name);
        }
    }
    // RFC 9110, section 8.6: a length is said for content, and where the method means to have some.
    if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
        all.push("content-length", body.len().to_string());
    }
    if let Some((user, password)) = credentials(place)
        && !all.contains("authorization")
    {
        all.push(
            "authorization",
            format!(
                "Basic {}",
                crate::model::base64_text(format!("{user}:{password}").as_bytes())
            ),
        );
    }
    Request {
        method: method.to_owned(),
        target: place.target(),
        headers: all,
        body: body.into(),
    }
}

/// User and password of a URL (RFC 3986 allows them), percent-decoded by the URL's own rules.
fn credentials(place: &Place) -> Option<(String, String)> {
    let url = place.url();
    let decode = |text: &str| {
        url::form_urlencoded::parse(format!("v={}", text.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    (!url.username().is_empty()).then(|| {
        Some((
            decode(url.username())?,
            decode(url.password().unwrap_or_default())?,
        ))
    })?
}

/// `PATH=VALUE` flags as edits, in their fixed order; the same path twice is an error.
pub fn edits(
    set: &[String],
    set_string: &[String],
    unset: &[String],
) -> Result<Vec<Edit>, Failure> {
    let mut edits = Vec::new();
    let mut paths: Vec<Path> = Vec::new();
    let mut claim = |text: &str| -> Result<Path, Failure> {
        let path: Path = text.parse().map_err(Failure::usage)?;
        if paths.contains(&path) {
            return Err(Failure::usage(format!("`{path}` is changed twice")));
        }
        paths.push(path.clone());
        Ok(path)
    };
    for text in unset {
        edits.push(Edit::Unset { path: claim(text)? });
    }
    let split = |flag: &str, text: &str| {
        text.split_once('=')
            .map(|(path, value)| (path.to_owned(), value.to_owned()))
            .ok_or_else(|| {
                Failure::usage(format!(
                    "{flag} {text}: PATH=VALUE expected, such as data.status=\"open\""
                ))
            })
    };
    for text in set {
        let (path, value) = split("--set", text)?;
        let is_json = crate::payload::Document::parse(value.as_bytes()).is_ok();
        let value = if is_json {
            value.trim().to_owned()
        } else {
            serde_json::Value::from(value).to_string()
        };
        edits.push(Edit::Set {
            path: claim(&path)?,
            value,
        });
    }
    for text in set_string {
        let (path, value) = split("--set-string", text)?;
        edits.push(Edit::Set {
            path: claim(&path)?,
            value: serde_json::Value::from(value).to_string(),
        });
    }
    Ok(edits)
}

/// What a provider sends over https alone does not go over plain http, but on this machine.
pub fn check_https(
    provider: &Provider,
    place: &Place,
    resolved: &Resolved,
    allow_http: bool,
) -> Result<(), Failure> {
    let fine = !provider.request.https_only || place.is_https() || resolved.is_loopback();
    if fine || allow_http {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} delivers to https URLs alone, and {place} is not one",
        provider.title
    ))
    .hint("give the https URL, or send all the same with --allow-http"))
}

/// The headers that the user adds; those that frame the message are not theirs to say.
pub fn own_headers(way: &WayArgs) -> Result<Vec<HeaderFlag>, Failure> {
    for header in &way.headers {
        if ["content-length", "transfer-encoding"]
            .iter()
            .any(|framing| header.name.eq_ignore_ascii_case(framing))
        {
            return Err(Failure::usage(format!(
                "-H {}: hookcli says itself how long the body is",
                header.name
            )));
        }
    }
    Ok(way.headers.clone())
}

/// What follows from `--dry-run` and `--curl`: the request is printed, and nothing is sent.
pub fn print(
    context: &Context,
    outgoing: &Outgoing,
    as_curl: bool,
    args: &DeliveryArgs,
) -> Result<(), Failure> {
    if as_curl {
        let options = CurlOptions {
            insecure: args.way.insecure,
            ca_file: args.way.cacert.clone(),
        };
        let command = curl_command(
            &outgoing.request,
            outgoing.place.url_without_credentials().as_str(),
            &options,
        );
        return context.emit(&Report::Curl(CurlReport { command }));
    }
    context.emit(&Report::DryRun(RequestReport {
        provider: outgoing
            .provider
            .as_ref()
            .map(|provider| provider.name.clone()),
        event: outgoing.event.clone(),
        method: outgoing.request.method.clone(),
        url: outgoing.place.to_string(),
        target: outgoing.request.target.clone(),
        headers: outgoing.request.headers.clone(),
        body: BodyReport::of(&outgoing.request.body),
        schema: outgoing.schema.clone(),
    }))
}

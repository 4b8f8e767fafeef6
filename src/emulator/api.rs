//! A provider's API: who asks, what for, and the answer in the provider's own words.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::access::ApiAccess;
use super::actions::{Call, Done};
use super::deliver::limits_of;
use super::error::EmulatorError;
use super::input::{Fault, read_body};
use super::load::RateState;
use super::state::{Emulated, Emulator};
use super::subscription::scope_value;
use super::template::{Facts, fill, render};
use crate::catalog::{
    Action, Answer, Credentials, ErrorKind, MEANT, Management, Segment, Template,
};
use crate::model::{Headers, base64_bytes};

/// A request to a provider's API.
pub(super) struct ApiRequest {
    pub method: String,
    /// With its query.
    pub target: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// What is answered: JSON, or nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ApiAnswer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// No request is longer, but one that creates an event.
const LONGEST_BODY: usize = 256 << 10;

/// A route that was found.
struct Found {
    action: Action,
    named: BTreeMap<String, String>,
    scope: String,
    /// The path up to the thing that it names.
    base: String,
}

impl Emulator {
    /// Answers as the provider would.
    pub(super) async fn answer(&self, emulated: &Emulated, request: ApiRequest) -> ApiAnswer {
        let management = &*emulated.management;
        let answered = async {
            let (path, query) = request
                .target
                .split_once('?')
                .unwrap_or((&request.target, ""));
            check_credentials(management, &request.headers, self.options.access.as_ref()).await?;
            let found = route(management, &request.method, path)?;
            if found.action != Action::CreateEvent && request.body.len() > LONGEST_BODY {
                return Err(
                    Fault::new(ErrorKind::Malformed, "the body is longer than 256 KiB").into(),
                );
            }
            let is_form = management.accepts_forms
                && text_of(&request.headers, "content-type").contains("x-www-form-urlencoded");
            let body = match request.method.as_str() {
                "GET" | "HEAD" | "DELETE" => Value::default(),
                _ => read_body(is_form, &request.body)?,
            };
            let query = url::form_urlencoded::parse(query.as_bytes());
            let host = text_of(&request.headers, "host");
            let call = Call {
                action: found.action,
                named: found.named,
                scope: found.scope,
                query: query.into_owned().collect(),
                body,
                url: format!("http://{host}{path}"),
                base: format!("http://{host}{}", found.base),
            };
            let action = call.action;
            let done = self.act(emulated, &call).await?;
            Ok::<_, EmulatorError>((action, done))
        };
        match answered.await {
            Ok((action, mut done)) => {
                done.headers.extend(self.rate_headers(emulated, &done));
                succeeded(emulated, action, done)
            }
            Err(EmulatorError::Fault(fault)) => refused(management, &fault),
            Err(EmulatorError::Store(error)) => ApiAnswer {
                status: 503,
                headers: Vec::new(),
                body: Some(
                    serde_json::json!({ "error": { "message": error.to_string() } }).to_string(),
                ),
            },
        }
    }
}

impl Emulator {
    /// How much of the rate of the subscription that is answered about is left, under the provider's names.
    fn rate_headers(&self, emulated: &Emulated, done: &Done) -> Vec<(String, String)> {
        let policy = &emulated.provider.delivery;
        let limits = limits_of(emulated, self.options.speed);
        let of = done
            .about
            .and_then(|number| self.waiting.rate(number, &limits));
        let Some(RateState {
            limit,
            remaining,
            reset,
        }) = of
        else {
            return Vec::new();
        };
        let values = [
            u64::from(limit),
            u64::from(remaining),
            reset.as_secs_f64().ceil() as u64,
        ];
        let names = policy.rate_limit_headers.iter();
        names
            .zip(values)
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    }
}

fn text_of(headers: &Headers, name: &str) -> String {
    let value = headers.get(name).unwrap_or_default();
    String::from_utf8_lossy(value).into_owned()
}

fn succeeded(emulated: &Emulated, action: Action, done: Done) -> ApiAnswer {
    let management = &emulated.management;
    let answer = management.answers.get(&action);
    let Done {
        mut facts,
        shape,
        headers,
        status,
        ..
    } = done;
    for shape in ["subscription", "event", "delivery", "container"] {
        let is_wanted = answer
            .and_then(|answer| answer.body.as_ref())
            .is_some_and(|body| body.0.to_string().contains(&format!("${shape}")));
        if is_wanted {
            let json = emulated.shaped(shape, &facts);
            facts.set_text(shape, json);
        }
    }
    let usual = answer.and_then(|answer| answer.status);
    let status = status.or(usual).unwrap_or(200);
    let body = match (answer.and_then(|answer| answer.body.as_ref()), shape) {
        (Some(template), _) => Some(render(template, &facts)),
        (None, _) if status == 204 => None,
        (None, Some(shape)) => Some(emulated.shaped(shape, &facts)),
        (None, None) if matches!(action, Action::ShowObject) => {
            Some(render(&Template("$object".into()), &facts))
        }
        (None, None) => Some(render(&Template("$items:{}".into()), &facts)),
    };
    ApiAnswer {
        status,
        headers: with_own(headers, answer, &facts),
        body,
    }
}

fn with_own(
    mut headers: Vec<(String, String)>,
    answer: Option<&Answer>,
    facts: &Facts,
) -> Vec<(String, String)> {
    let own = answer.into_iter().flat_map(|answer| &answer.headers);
    headers.extend(own.map(|(name, value)| (name.clone(), fill(value, facts))));
    headers
}

/// The provider's words for what is wrong.
fn refused(management: &Management, fault: &Fault) -> ApiAnswer {
    let mut facts = Facts::default();
    facts.set("message", fault.message.clone());
    facts.set("field", fault.field.clone());
    facts.set("kind", fault.kind.to_string());
    facts.set("value", fault.value.clone());
    let mut place = vec!["body"];
    place.extend(fault.field.split('.').filter(|step| !step.is_empty()));
    facts.set(
        "place",
        place
            .iter()
            .map(|step| Value::from(*step))
            .collect::<Vec<_>>(),
    );
    let mut kind = Some(fault.kind);
    let answer = std::iter::from_fn(|| {
        let this = kind?;
        kind = this.instead();
        Some(this)
    })
    .find_map(|kind| management.errors.get(&kind));
    let status = answer
        .and_then(|answer| answer.status)
        .unwrap_or(match fault.kind {
            ErrorKind::Unauthorized => 401,
            ErrorKind::NotFound | ErrorKind::NoRoute => 404,
            ErrorKind::MethodNotAllowed => 405,
            ErrorKind::Conflict => 409,
            _ => 400,
        });
    let body = answer.and_then(|answer| answer.body.as_ref());
    let usual = Template(serde_json::json!({"error": {"code": "$kind", "message": "$message"}}));
    ApiAnswer {
        status,
        headers: with_own(Vec::new(), answer, &facts),
        body: Some(render(body.unwrap_or(&usual), &facts)),
    }
}

/// The route that a request is for; those that come first in the data count first.
fn route(management: &Management, method: &str, path: &str) -> Result<Found, Fault> {
    // What answers GET answers HEAD (RFC 9110, section 9.3.2); the server leaves the body out.
    let method = if method == "HEAD" { "GET" } else { method };
    let pieces: Vec<&str> = path
        .trim_start_matches('/')
        .trim_end_matches('/')
        .split('/')
        .collect();
    let mut has_path = false;
    for (pattern, action) in &management.routes {
        let Some(parameters) = matched(&pattern.segments, &pieces) else {
            continue;
        };
        has_path = true;
        if pattern.method != method {
            continue;
        }
        let mut named = BTreeMap::new();
        let mut scope = Vec::new();
        for (name, value) in parameters {
            if MEANT.contains(&name.as_str()) {
                named.insert(name, value);
            } else if !name.starts_with('_') {
                scope.push(format!("{name}={}", scope_value(&value)));
            }
        }
        // However a route names them, they are in one order.
        scope.sort_unstable();
        return Ok(Found {
            action: *action,
            named,
            scope: scope.join(","),
            base: pattern
                .segments
                .iter()
                .zip(&pieces)
                .map_while(|(segment, piece)| {
                    let is_own = matches!(segment, Segment::Parameter(name) if name == "id");
                    (!is_own).then(|| format!("/{piece}"))
                })
                .collect(),
        });
    }
    let mut fault = match has_path {
        true => Fault::new(
            ErrorKind::MethodNotAllowed,
            format!("{method} is not allowed for {path}"),
        ),
        false => Fault::new(ErrorKind::NoRoute, format!("there is no {method} {path}")),
    };
    fault.value = Some(format!("{method}: {path}"));
    Err(fault)
}

fn matched(segments: &[Segment], pieces: &[&str]) -> Option<Vec<(String, String)>> {
    if segments.len() != pieces.len() {
        return None;
    }
    let mut parameters = Vec::new();
    for (segment, piece) in segments.iter().zip(pieces) {
        let decoded = percent_decode_str(piece).decode_utf8().ok()?;
        match segment {
            Segment::Literal(text) if *text == decoded => {}
            Segment::Literal(_) => return None,
            Segment::Parameter(_) if decoded.is_empty() => return None,
            Segment::Parameter(name) => parameters.push((name.clone(), decoded.into_owned())),
        }
    }
    Some(parameters)
}

/// Any key of the right form opens it: none is real. One that opens a real account is refused.
async fn check_credentials(
    management: &Management,
    headers: &Headers,
    access: Option<&ApiAccess>,
) -> Result<(), Fault> {
    let rules = &management.authentication;
    let keys = rules
        .accepts
        .iter()
        .filter_map(|accepted| key_of(accepted, headers));
    let keys: Vec<String> = keys.collect();
    let unauthorized = |why: &str| Fault::new(ErrorKind::Unauthorized, why);
    if keys
        .iter()
        .any(|key| rules.live_prefixes.iter().any(|live| key.starts_with(live)))
    {
        return Err(unauthorized(
            "this is the key of a live account, and hookcli is not that provider: use a test key",
        ));
    }
    let has_form = |key: &&String| {
        let mut prefixes = rules.prefixes.iter();
        rules.prefixes.is_empty() || prefixes.any(|prefix| key.starts_with(prefix))
    };
    let mut fits = false;
    for key in keys.iter().filter(has_form) {
        fits |= match access {
            Some(access) => access.opens(key).await,
            None => true,
        };
    }
    match (fits, keys.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => Err(unauthorized("no API key was given")),
        (false, false) => {
            let begins = match rules.prefixes.first() {
                Some(prefix) => format!(": it begins with {prefix}"),
                None => String::new(),
            };
            let ends = match access {
                Some(_) if rules.prefixes.is_empty() => ": it ends with the emulator's token",
                Some(_) => ", and ends with the emulator's token",
                None => "",
            };
            Err(unauthorized(&format!(
                "the API key is not valid{begins}{ends}"
            )))
        }
    }
}

fn key_of(accepted: &Credentials, headers: &Headers) -> Option<String> {
    let name = match accepted {
        Credentials::Header(name) => name,
        Credentials::Bearer | Credentials::Basic => "authorization",
    };
    let value = std::str::from_utf8(headers.get(name)?).ok()?.trim();
    let of_scheme = |wanted: &[&str]| {
        let (scheme, key) = value.split_once(' ')?;
        let mut wanted = wanted.iter();
        let fits = wanted.any(|one| scheme.eq_ignore_ascii_case(one));
        fits.then(|| key.trim().to_owned())
    };
    let key = match accepted {
        Credentials::Header(_) => Some(value.to_owned()),
        Credentials::Bearer => of_scheme(&["bearer", "token"]),
        Credentials::Basic => {
            let decoded = base64_bytes(&of_scheme(&["basic"])?)?;
            let text = String::from_utf8(decoded).ok()?;
            let (user, password) = text.split_once(':').unwrap_or((&text, ""));
            Some(if user.is_empty() { password } else { user }.to_owned())
        }
    };
    key.filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_is_matched_piece_by_piece() {
        let pattern: crate::catalog::RoutePattern =
            "GET /repos/{owner}/{repo}/hooks/{id}".parse().unwrap();
        let matched = |path: &str| {
            let pieces: Vec<&str> = path.trim_start_matches('/').split('/').collect();
            super::matched(&pattern.segments, &pieces)
        };
        let found = matched("/repos/octo/a%20b/hooks/7").unwrap();
        let values: Vec<&str> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["octo", "a b", "7"]);
        for path in [
            "/repos/octo/hooks/7",
            "/repos/o/r/hooks/",
            "/repos/o/r/hook/7",
            "/",
        ] {
            assert!(matched(path).is_none(), "{path}");
        }
    }
}

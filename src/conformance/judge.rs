//! What an answer comes to.

use std::time::Duration;

use serde::Serialize;

use super::case::{Area, Case, Severity, Want};
use crate::delivery::Policy;
use crate::model::{RemoteText, Response, Secret, counted, redact_occurrences};

/// A secret of fewer bytes may stand in an answer by chance.
const LEAST_SECRET: usize = 8;
/// How much of a receiver's response text is reported.
const TOLD_BYTES: usize = 200;

/// The verdict on one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Status {
    Pass,
    /// A must is not met.
    Fail,
    /// A should is not met, or something for information.
    Warn,
    /// The answer was lost, and nothing says what was done: it proves nothing.
    Ambiguous,
    /// It was not asked, or says nothing.
    Skip,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Ambiguous => "ambiguous",
            Self::Skip => "skip",
        }
    }
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct ReceiverResponse {
    pub result: Result<Response, NoResponse>,
    pub duration: Duration,
}

/// Why there is none.
#[derive(Clone, Debug)]
pub struct NoResponse {
    /// `timeout`, `connection_refused` and so on.
    pub code: &'static str,
    pub message: RemoteText,
}

impl NoResponse {
    pub const TIMEOUT: &'static str = "timeout";
    /// The connection broke after the request had begun: the receiver may have done what it was asked.
    pub const BROKEN: &'static str = "connection_broken";
}

impl ReceiverResponse {
    pub fn status(&self) -> Option<u16> {
        self.result.as_ref().ok().map(|response| response.status)
    }

    /// The receiver had the request, or a part of it, and the answer did not come.
    pub fn is_lost(&self) -> bool {
        matches!(&self.result, Err(error) if error.code == NoResponse::BROKEN)
    }

    /// As a sentence names it: `200`, or why there is none.
    pub fn in_words(&self) -> String {
        match &self.result {
            Ok(response) => response.status.to_string(),
            Err(error) => format!("no response: {}", error.message.unescaped()),
        }
    }
}

/// What was seen of a case.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    pub answers: Vec<ReceiverResponse>,
    /// How many effects were counted, and how many there are to be.
    pub effects: Option<(i64, i64)>,
    /// The ordinary delivery that was made afterwards.
    pub afterwards: Option<ReceiverResponse>,
    /// What was found in the receiver's log, in words.
    pub logged: Vec<&'static str>,
}

/// What the verdict on a case depends on.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    pub policy: &'r Policy,
    /// How long the provider waits is assumed: who is late fails nothing.
    pub timeout_is_assumed: bool,
    pub secrets: &'r [Secret],
    /// The signatures that would have been right where others were sent.
    pub signatures: &'r [Secret],
}

/// A verdict and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub status: Status,
    /// For people; holds what the receiver said.
    pub why: String,
}

impl Judged {
    pub fn skip(why: impl Into<String>) -> Self {
        Self {
            status: Status::Skip,
            why: why.into(),
        }
    }
}

/// A case, what became of it, and what was seen.
pub struct Seen {
    pub case: Case,
    pub judged: Judged,
    pub observation: Observation,
}

/// Decides from what was seen of a case.
pub fn judge(case: &Case, observation: &Observation, rules: Rules<'_>) -> Judged {
    let short = |secret: &Secret| secret.expose().len() < LEAST_SECRET;
    if case.want == Want::NoSecret && rules.secrets.iter().any(short) {
        return Judged::skip(format!(
            "a secret shorter than {LEAST_SECRET} bytes cannot be distinguished from other text"
        ));
    }
    if let Some(judged) = ambiguous(case, observation) {
        return judged;
    }
    let met = met(case, observation, rules);
    let is_late = observation
        .answers
        .iter()
        .any(|answer| matches!(&answer.result, Err(error) if error.code == NoResponse::TIMEOUT));
    // How long an event's answer may take is assumed; that there is one at all is not.
    let is_excused = is_late && rules.timeout_is_assumed && case.area == Area::Events;
    match met {
        Ok(why) => Judged {
            status: Status::Pass,
            why,
        },
        Err(why) => Judged {
            // What was done twice was done twice, whatever the provider is assumed to do.
            status: if is_done_twice(case, observation)
                || (case.severity == Severity::Must && !is_excused)
            {
                Status::Fail
            } else {
                Status::Warn
            },
            why: why.to_string(),
        },
    }
}

/// A lost answer proves nothing by itself: the effects do, where they are counted.
fn ambiguous(case: &Case, observation: &Observation) -> Option<Judged> {
    let asks_what_is_done = matches!(
        case.want,
        Want::Accepted | Want::Refused | Want::RefusedThenAccepted
    );
    let lost = observation.answers.iter().find(|answer| answer.is_lost())?;
    if !asks_what_is_done {
        return None;
    }
    let told = lost.in_words();
    let (status, why) = match observation.effects {
        Some((counted, wanted)) if counted == wanted => (
            Status::Pass,
            format!("{told}; {} counted, as expected", effect(counted)),
        ),
        Some((counted, wanted)) => (
            Status::Fail,
            format!("{told}; {} counted, expected {wanted}", effect(counted)),
        ),
        None => (
            Status::Ambiguous,
            format!(
                "{told}; it is unknown whether the event was handled. Count effects by event to find out (--probe-url '…{{id}}')"
            ),
        ),
    };
    Some(Judged { status, why })
}

/// Why a case is not met.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unmet(String);

impl From<String> for Unmet {
    fn from(why: String) -> Self {
        Self(why)
    }
}

impl From<&str> for Unmet {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// What was seen, as `Ok` where it is what was wanted.
fn met(case: &Case, observation: &Observation, rules: Rules<'_>) -> Result<String, Unmet> {
    match &case.want {
        Want::Reached => reached(observation),
        Want::Accepted => {
            let seen = each(observation, |answer| accepted(answer, rules.policy))?;
            effects(observation, seen)
        }
        Want::Refused => {
            let seen = each(observation, refused)?;
            effects(observation, seen)
        }
        Want::RefusedThenAccepted => {
            let seen = match observation.answers.as_slice() {
                [first, second, ..] => {
                    let first = refused(first)?;
                    let second = accepted(second, rules.policy).map_err(|why| {
                        format!("after a forged copy, the real event was {why}")
                    })?;
                    format!("{first}, then {second}")
                }
                _ => return Err("nothing was delivered".into()),
            };
            effects(observation, seen)
        }
        Want::OnceAfterKill(_) => match observation.effects {
            _ if observation.answers.last().and_then(ReceiverResponse::status).is_none() => {
                Err("not accepted after the receiver was restarted".into())
            }
            Some((1, _)) => Ok("killed, restarted, and processed once".to_owned()),
            Some((0, _)) => Err(
                "acknowledged, but no effect was counted after the receiver was restarted".into(),
            ),
            Some((counted, _)) => Err(format!(
                "processed {counted} times after the receiver was restarted and the event sent again"
            ).into()),
            None => Err("effects could not be counted".into()),
        },
        Want::NotLogged(_) => match observation.logged.as_slice() {
            [] => Ok("not in the log".to_owned()),
            found => Err(format!("the log contains {}", found.join(" and ")).into()),
        },
        Want::SameInAnyOrder => in_any_order(observation, rules.policy),
        Want::NoServerError => each(observation, |answer| match answer.status() {
            Some(status) if status < 500 => Ok(format!("answered {status}")),
            Some(status) => Err(format!("failed with {status}").into()),
            None => Err(answer.in_words().into()),
        }),
        Want::AliveAfter => alive(case, observation, rules.policy),
        Want::Within(limit) => within(observation, *limit),
        Want::NoTrace => no_answer_shows(observation, trace, "a stack trace"),
        Want::NoSecret => no_answer_shows(
            observation,
            |response| holds_secret(response, rules.secrets).then_some("it is the configured one"),
            "the secret",
        ),
        Want::NoSignature => no_answer_shows(
            observation,
            |response| holds(response, rules.signatures).then_some("it can be copied"),
            "the right signature",
        ),
        Want::NoReflection(text) => each(observation, |answer| match &answer.result {
            Ok(response) if reflects(response, text) => {
                Err("the response is an HTML page that contains markup from the payload".into())
            }
            Ok(_) => Ok("the payload's markup is not in the response".to_owned()),
            Err(_) => Err(answer.in_words().into()),
        }),
    }
}

/// The last good word of all answers, or the first bad one.
fn each(
    observation: &Observation,
    judge: impl Fn(&ReceiverResponse) -> Result<String, Unmet>,
) -> Result<String, Unmet> {
    let mut told: Vec<String> = Vec::new();
    for answer in &observation.answers {
        let word = judge(answer)?;
        if !told.contains(&word) {
            told.push(word);
        }
    }
    Ok(told.join(", "))
}

fn reached(observation: &Observation) -> Result<String, Unmet> {
    each(observation, |answer| {
        let response = match &answer.result {
            Ok(response) => response,
            Err(error) => {
                return Err(match certificate_fault(error.message.unescaped()) {
                    Some(fault) => format!("{fault} ({})", error.message.unescaped()).into(),
                    None => answer.in_words().into(),
                });
            }
        };
        match response.status {
            status @ 300..=399 => {
                let to = response.headers.get("location").unwrap_or_default();
                let to = &to[..to.len().min(TOLD_BYTES)];
                Err(format!(
                    "redirected with {status} to `{}`: deliveries do not follow redirects, so use that URL",
                    String::from_utf8_lossy(to)
                ).into())
            }
            status @ (404 | 410) => {
                Err(format!("{status}: the server has no route at this path").into())
            }
            405 => Err("405: the route does not accept POST".into()),
            _ => Ok("reached".to_owned()),
        }
    })
}

/// What is wrong with a certificate, as rustls words it.
fn certificate_fault(message: &str) -> Option<&'static str> {
    const FAULTS: [(&str, &str); 4] = [
        ("UnknownIssuer", "the certificate's issuer is not trusted"),
        (
            "not valid for name",
            "the certificate is for another host name",
        ),
        ("certificate expired", "the certificate has expired"),
        (
            "certificate not valid yet",
            "the certificate is not valid yet",
        ),
    ];
    let mut faults = FAULTS.into_iter();
    faults
        .find(|(words, _)| message.contains(words))
        .map(|(_, fault)| fault)
}

fn accepted(answer: &ReceiverResponse, policy: &Policy) -> Result<String, Unmet> {
    match answer.status() {
        Some(status) if policy.is_success(status) => Ok(format!("accepted with {status}")),
        Some(status @ 200..=299) => {
            let wanted: Vec<String> = policy.success.iter().map(ToString::to_string).collect();
            Err(format!(
                "answered {status}, but the provider counts only {} as delivered",
                wanted.join(" or ")
            )
            .into())
        }
        Some(status) => Err(format!("refused with {status}").into()),
        None => Err(answer.in_words().into()),
    }
}

fn refused(answer: &ReceiverResponse) -> Result<String, Unmet> {
    match answer.status() {
        Some(status @ (401 | 403)) => Ok(format!("refused with {status}")),
        Some(409) => Err(
            "answered 409, as if it were a repeated event: unverified events are compared with verified ones"
                .into(),
        ),
        Some(429) => Err("answered 429: a rate limit was reached, so the case was not tested".into()),
        Some(status @ 400..=499) => Ok(format!(
            "refused with {status} (401 or 403 would be clearer)"
        )),
        Some(501) => Ok("not implemented (501)".to_owned()),
        Some(status @ 200..=299) => Err(format!("accepted with {status}").into()),
        Some(status @ 500..) => Err(format!("failed with {status} instead of refusing it").into()),
        Some(status) => Err(format!("answered {status} instead of refusing it").into()),
        None => Err(answer.in_words().into()),
    }
}

fn alive(case: &Case, observation: &Observation, policy: &Policy) -> Result<String, Unmet> {
    // Of a request that was broken off, no answer is expected.
    let unanswered = observation
        .answers
        .iter()
        .find(|answer| answer.result.is_err());
    if let (true, Some(answer)) = (case.recipe.together, unanswered) {
        return Err(answer.in_words().into());
    }
    let crashed = observation
        .answers
        .iter()
        .filter_map(ReceiverResponse::status)
        .find(|status| *status >= 500 && *status != 503);
    if let Some(status) = crashed {
        return Err(format!("failed with {status}").into());
    }
    match &observation.afterwards {
        Some(after) => match accepted(after, policy) {
            Ok(_) => Ok("the next delivery was accepted".to_owned()),
            Err(why) => Err(format!("the next delivery was not accepted: {why}").into()),
        },
        None => Err("no delivery was made afterwards".into()),
    }
}

/// Two events of one object in the order that is not handled, if one is not: of the other all are accepted. The effects
/// are those of the first one, and what it has where it comes second.
fn in_any_order(observation: &Observation, policy: &Policy) -> Result<String, Unmet> {
    let seen = each(observation, |answer| accepted(answer, policy))
        .map_err(|why| format!("{why} in this order; in the other order both are accepted"))?;
    match observation.effects {
        Some((0, second)) if second > 0 => Err(format!(
            "{seen}, but the first has no effect; when it comes second, {} counted",
            effect(second)
        )
        .into()),
        _ => Ok(format!("{seen} in either order")),
    }
}

fn within(observation: &Observation, limit: Duration) -> Result<String, Unmet> {
    let slowest = observation
        .answers
        .iter()
        .map(|answer| answer.duration)
        .max()
        .unwrap_or_default();
    let (slowest_ms, limit_text) = (slowest.as_millis(), crate::model::duration::short(limit));
    if slowest > limit {
        Err(format!(
            "the slowest response took {slowest_ms} ms; the limit is {limit_text}, a tenth of the provider's timeout"
        ).into())
    } else {
        Ok(format!(
            "every response within {limit_text}; the slowest took {slowest_ms} ms"
        ))
    }
}

fn effects(observation: &Observation, seen: String) -> Result<String, Unmet> {
    match observation.effects {
        None => Ok(seen),
        Some((counted, wanted)) if counted == wanted => {
            Ok(format!("{seen}; {} counted", effect(counted)))
        }
        Some((counted, wanted)) => {
            Err(format!("{seen}; {} counted, expected {wanted}", effect(counted)).into())
        }
    }
}

/// An effect was seen more often than once for one event.
fn is_done_twice(case: &Case, observation: &Observation) -> bool {
    case.one_effect
        && observation
            .effects
            .is_some_and(|(counted, wanted)| counted > wanted && wanted > 0)
}

fn effect(count: i64) -> String {
    counted(count.unsigned_abs(), "effect")
}

fn no_answer_shows(
    observation: &Observation,
    shown: impl Fn(&Response) -> Option<&'static str>,
    what: &str,
) -> Result<String, Unmet> {
    let answered = || {
        observation
            .answers
            .iter()
            .filter_map(|answer| answer.result.as_ref().ok())
    };
    match answered().find_map(|response| Some((response.status, shown(response)?))) {
        Some((status, sign)) => {
            Err(format!("a response ({status}) contains {what}: {sign}").into())
        }
        None => Ok(format!(
            "none of {} responses contains {what}",
            answered().count()
        )),
    }
}

/// What tells a stack trace, in the languages that receivers are written in.
fn trace(response: &Response) -> Option<&'static str> {
    const SIGNS: [(&str, &str); 8] = [
        ("Traceback (most recent call last)", "Python's"),
        ("&nbsp;at ", "a JavaScript error page"),
        ("goroutine ", "Go's"),
        ("panicked at ", "Rust's"),
        ("Stack trace:", "PHP's"),
        ("Exception Location:", "Django's debug page"),
        ("Werkzeug Debugger", "Werkzeug's debug page"),
        (".rb:", "Ruby's"),
    ];
    let text = String::from_utf8_lossy(&response.body);
    SIGNS
        .into_iter()
        .find(|(sign, _)| text.contains(sign))
        .map(|(_, whose)| whose)
        .or_else(|| text.replace("\\n", "\n").lines().find_map(frame))
}

/// A line of a stack trace: blanks, `at`, and a place in a file or a function.
fn frame(line: &str) -> Option<&'static str> {
    let behind = line.trim_start();
    let blanks = &line[..line.len() - behind.len()];
    let place = behind.strip_prefix("at ")?;
    let is_numbered = |text: &str| {
        let mut pieces = text.trim_end_matches(')').rsplit(':');
        pieces.next().is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let is_call = place.contains('(') && place.ends_with(')');
    match blanks {
        "\t" if is_call => Some("Java's"),
        "   " if is_call || place.contains(" in ") => Some(".NET's"),
        blanks if blanks.len() >= 4 && is_numbered(place) => Some("JavaScript's"),
        _ => None,
    }
}

/// The secret in any form that it may be written in.
fn holds_secret(response: &Response, secrets: &[Secret]) -> bool {
    let holds = |bytes: &[u8]| redact_occurrences(bytes, secrets) != bytes;
    holds(&response.body) || response.headers.iter().any(|(_, value)| holds(value))
}

fn holds(response: &Response, secrets: &[Secret]) -> bool {
    let within = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).any(|at| at == needle);
    secrets.iter().map(Secret::expose).any(|secret| {
        within(&response.body, secret)
            || response
                .headers
                .iter()
                .any(|(_, value)| within(value, secret))
    })
}

/// A browser shows it as a page (also where nothing says what it is), and the text is markup there.
fn reflects(response: &Response, text: &str) -> bool {
    let content_type = response.headers.get("content-type").unwrap_or(b"text/html");
    let content_type = String::from_utf8_lossy(content_type).to_ascii_lowercase();
    let is_page = [
        "text/html",
        "application/xhtml",
        "image/svg",
        "text/xml",
        "application/xml",
    ]
    .iter()
    .any(|page| content_type.starts_with(page));
    is_page && String::from_utf8_lossy(&response.body).contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::Recipe;
    use crate::model::Headers;

    fn answer(status: u16, body: &str) -> ReceiverResponse {
        ReceiverResponse {
            result: Ok(Response {
                status,
                headers: Headers::new(),
                body: body.as_bytes().to_vec().into(),
                truncated: false,
            }),
            duration: Duration::from_millis(2),
        }
    }

    fn late() -> ReceiverResponse {
        ReceiverResponse {
            result: Err(NoResponse {
                code: NoResponse::TIMEOUT,
                message: "too late".into(),
            }),
            duration: Duration::from_secs(5),
        }
    }

    fn judged(want: Want, severity: Severity, observation: &Observation) -> Judged {
        let case = Case {
            name: "x".to_owned(),
            area: Area::Events,
            severity,
            reason: String::new(),
            source: None,
            recipe: Recipe::default(),
            want,
            one_effect: false,
            rests_on_acceptance: false,
            rests_on: None,
        };
        let rules = Rules {
            policy: &Policy::default(),
            timeout_is_assumed: true,
            secrets: &[Secret::new("s3cret-s3cret")],
            signatures: &[Secret::new("5257a869")],
        };
        judge(&case, observation, rules)
    }

    #[test]
    fn a_lost_answer_is_settled_by_effects_alone() {
        let lost = || ReceiverResponse {
            result: Err(NoResponse {
                code: NoResponse::BROKEN,
                message: "the connection broke".into(),
            }),
            duration: Duration::ZERO,
        };
        let status = |want: Want, effects| {
            let observation = Observation {
                answers: vec![answer(200, ""), lost()],
                effects,
                ..Observation::default()
            };
            judged(want, Severity::Must, &observation).status
        };
        assert_eq!(status(Want::Accepted, None), Status::Ambiguous);
        assert_eq!(status(Want::Accepted, Some((1, 1))), Status::Pass);
        assert_eq!(status(Want::Accepted, Some((0, 1))), Status::Fail);
        assert_eq!(status(Want::Refused, None), Status::Ambiguous);
        assert_eq!(status(Want::Refused, Some((0, 0))), Status::Pass);
        assert_eq!(status(Want::Refused, Some((1, 0))), Status::Fail);
        // A crash at what cannot be read is a crash, whatever was done.
        assert_eq!(status(Want::NoServerError, None), Status::Fail);
    }

    fn status(want: Want, answers: Vec<ReceiverResponse>) -> Status {
        let observation = Observation {
            answers,
            ..Observation::default()
        };
        judged(want, Severity::Must, &observation).status
    }

    #[test]
    fn an_answer_is_judged_by_what_is_wanted() {
        use Status::{Fail, Pass, Warn};
        assert_eq!(status(Want::Accepted, vec![answer(204, "")]), Pass);
        assert_eq!(status(Want::Accepted, vec![answer(401, "")]), Fail);
        assert_eq!(status(Want::Accepted, vec![late()]), Warn);
        assert_eq!(status(Want::Refused, vec![answer(400, "")]), Pass);
        assert_eq!(status(Want::Refused, vec![answer(200, "")]), Fail);
        assert_eq!(status(Want::Refused, vec![answer(500, "")]), Fail);
        assert_eq!(status(Want::NoServerError, vec![answer(415, "")]), Pass);
        assert_eq!(status(Want::Reached, vec![answer(404, "")]), Fail);
        assert_eq!(
            status(
                Want::NoTrace,
                vec![answer(400, "Error\n    at parse (/srv/app.js:12:7)")]
            ),
            Fail
        );
        for text in ["meet us\n    at noon", "a table    at 8:00", "\tat home"] {
            assert_eq!(
                status(Want::NoTrace, vec![answer(400, text)]),
                Pass,
                "{text}"
            );
        }
        assert_eq!(
            status(Want::NoSecret, vec![answer(400, "want s3cret-s3cret")]),
            Fail
        );
        assert_eq!(
            status(Want::NoSignature, vec![answer(401, "want 5257a869")]),
            Fail
        );
        assert_eq!(
            status(Want::NoReflection("<b>"), vec![answer(200, "<p><b>")]),
            Fail
        );
        let limit = Duration::from_millis(1);
        assert_eq!(status(Want::Within(limit), vec![answer(200, "")]), Fail);
    }

    #[test]
    fn effects_count_where_they_are_counted() {
        let observation = |effects| Observation {
            answers: vec![answer(200, ""), answer(200, "")],
            effects,
            afterwards: None,
            logged: Vec::new(),
        };
        let status = |effects| judged(Want::Accepted, Severity::Must, &observation(effects)).status;
        assert_eq!(status(None), Status::Pass);
        assert_eq!(status(Some((1, 1))), Status::Pass);
        assert_eq!(status(Some((2, 1))), Status::Fail);
    }

    #[test]
    fn only_a_must_fails() {
        let observation = Observation {
            answers: vec![answer(500, "")],
            ..Observation::default()
        };
        for severity in [Severity::Should, Severity::Info] {
            let judged = judged(Want::Accepted, severity, &observation);
            assert_eq!(
                (judged.status, judged.why.as_str()),
                (Status::Warn, "refused with 500")
            );
        }
    }
}

//! One fault of a receiver shows in many cases. A finding names the fault, and the cases that it explains.

use serde::Serialize;

use super::case::{Area, Case, EXTRA, Severity, Want};
use super::framework::raw_body_advice;
use super::judge::{Judged, Observation, ReceiverResponse, Status};
use crate::catalog::Provider;
use crate::delivery::Fault;
use crate::model::Headers;

/// A fault of the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable; the full name of a case where nothing explains more than that one.
    pub name: String,
    pub message: String,
    /// What to do.
    pub fix: Option<String>,
    /// The cases that it explains, by their full names.
    pub cases: Vec<String>,
}

/// A case and what became of it.
type Seen<'s> = &'s [(&'s Case, &'s Judged, &'s Observation)];

/// The faults that explain what is not met, each case explained once; the gravest first.
/// `gone_since` is the case after which there was no response.
pub fn findings(seen: Seen<'_>, provider: &Provider, gone_since: Option<&str>) -> Vec<Finding> {
    let token_at = provider
        .signature
        .as_ref()
        .filter(|scheme| scheme.sends_secret())
        .map(|scheme| scheme.place());
    let success = provider.delivery.success.iter().map(ToString::to_string);
    let mut looking = FindingsBuilder {
        seen,
        found: Vec::new(),
        token_at,
        success: success.collect::<Vec<_>>().join(" or "),
    };
    looking.reachable();
    looking.authenticity();
    looking.raw_bytes();
    looking.refusal();
    looking.robustness();
    looking.death(gone_since);
    looking.lost_answers();
    looking.one_by_one();
    looking.found
}

fn names(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// Refused as what is not signed, or cannot be read, is; an event that is known (409), too long or of another type is
/// another matter.
fn is_refusal(answer: &ReceiverResponse) -> bool {
    matches!(answer.status(), Some(400..=499))
        && !matches!(answer.status(), Some(409 | 413 | 415 | 429))
}

struct FindingsBuilder<'s> {
    seen: Seen<'s>,
    found: Vec<Finding>,
    /// Where the secret itself travels, if it does.
    token_at: Option<String>,
    /// The statuses that the provider takes for success.
    success: String,
}

impl FindingsBuilder<'_> {
    fn is(&self, name: &str, status: impl Fn(Status) -> bool) -> bool {
        let mut seen = self.seen.iter();
        seen.any(|(case, judged, _)| case.full_name() == name && status(judged.status))
    }

    fn passed(&self, name: &str) -> bool {
        self.is(name, |status| status == Status::Pass)
    }

    /// It was asked and not met.
    fn unmet(&self, name: &str) -> bool {
        self.is(name, |status| matches!(status, Status::Fail | Status::Warn))
    }

    /// The answer to a case was a 2xx.
    fn was_accepted(&self, name: &str) -> bool {
        let mut seen = self.seen.iter();
        seen.any(|(case, judged, observation)| {
            let statuses = || observation.answers.iter().map(ReceiverResponse::status);
            case.full_name() == name
                && judged.status != Status::Skip
                && !observation.answers.is_empty()
                && statuses().all(|status| matches!(status, Some(200..=299)))
        })
    }

    /// Notes a finding that explains what is unmet of these cases: full names, or areas with a point behind.
    fn find(&mut self, name: &str, sentence: &str, advice: Option<&str>, explains: &[&str]) {
        let explained: Vec<String> = self
            .seen
            .iter()
            .map(|(case, ..)| case.full_name())
            .filter(|full| {
                let mut explains = explains.iter();
                explains.any(|name| name == full || name.ends_with('.') && full.starts_with(name))
            })
            .filter(|full| {
                let is_ambiguous = self.is(full, |status| status == Status::Ambiguous);
                (self.unmet(full) || is_ambiguous) && !self.is_explained(full)
            })
            .collect();
        self.found.push(Finding {
            name: name.to_owned(),
            message: sentence.to_owned(),
            fix: advice.map(str::to_owned),
            cases: explained,
        });
    }

    fn is_explained(&self, name: &str) -> bool {
        let mut found = self.found.iter();
        found.any(|finding| finding.cases.iter().any(|case| case == name))
    }

    fn reachable(&mut self) {
        let endpoint = self
            .seen
            .iter()
            .find(|(case, ..)| case.area == Area::Reachable);
        let Some((_, judged, observation)) = endpoint else {
            return;
        };
        if !self.unmet("reachable.endpoint") {
            return;
        }
        let code = observation
            .answers
            .first()
            .map(|answer| match &answer.result {
                Ok(_) => "answered",
                Err(error) => error.code,
            });
        let advice = match code {
            Some("dns") => "check the host name; a new DNS record can take some time to appear",
            Some("connection_refused") => {
                "start the receiver, or give the port it listens on; --wait 30s waits until it is up"
            }
            Some("tls") => {
                "providers trust public CAs only. Serve the full certificate chain for this host name, and check that it has not expired; if you use your own CA, pass --cacert FILE"
            }
            Some("timeout") => {
                "acknowledge the request first and do the work afterwards; check that the receiver is not paused in a debugger"
            }
            Some("answered") => "give the URL of the route that receives the events",
            _ => "look for an error in the receiver's log",
        };
        let sentence = judged.why.clone();
        self.find("not_reached", &sentence, Some(advice), &["reachable."]);
    }

    fn authenticity(&mut self) {
        let forged = self.unmet("authenticity.wrong_secret")
            && self.was_accepted("authenticity.wrong_secret");
        let unsigned = self.was_accepted("authenticity.missing_signature");
        let garbage =
            self.was_accepted("robustness.not_json") && self.was_accepted("robustness.empty");
        // What is to be compared, and with what.
        let compare = match &self.token_at {
            Some(place) => format!(
                "compare {place} with your secret in constant time, and respond 401 if they differ"
            ),
            None => "compute the signature of the raw body, compare it in constant time, and respond 401 if it differs".to_owned(),
        };
        let what = if self.token_at.is_some() {
            "secret"
        } else {
            "signature"
        };
        let all = &["authenticity."];
        if forged && unsigned && garbage {
            let sentence = "every request is accepted, even an empty one: nothing is verified";
            self.find("always_accepts", sentence, Some(&compare), all);
        } else if forged && unsigned {
            let sentence = format!("the {what} is not checked, so anyone can send events");
            self.find("signature_not_checked", &sentence, Some(&compare), all);
        } else if forged {
            let sentence = format!("a {what} must be present, but any value is accepted");
            self.find("presence_is_enough", &sentence, Some(&compare), all);
        }
        let in_part = self.accepted_of(&[
            "authenticity.truncated_signature",
            "authenticity.extended_signature",
            "authenticity.tampered_signature:",
        ]);
        if !forged && !in_part.is_empty() {
            self.find(
                "compares_a_part",
                &format!("only part of the {what} is compared"),
                Some(
                    "compare the whole value, including its length, with a constant-time function",
                ),
                &names(&in_part),
            );
        }
        let otherwise = self.accepted_of(&["authenticity.forged:"]);
        if !forged && !otherwise.is_empty() {
            let ways: Vec<&str> = otherwise
                .iter()
                .filter_map(|name| name.rsplit(':').next())
                .collect();
            self.find(
                "verification_skipped",
                &format!(
                    "some kinds of request are not verified, and forged ones are accepted ({})",
                    ways.join(", ")
                ),
                Some("verify the raw body before looking at the method, content type or length"),
                &names(&otherwise),
            );
        }
        let of_body = self.accepted_of(&["authenticity.tampered_body:"]);
        if !forged && !of_body.is_empty() && !self.was_accepted("authenticity.tampered_body") {
            self.find(
                "verifies_a_part_of_the_body",
                "only the first part of a long body is verified, so the rest can be changed in transit",
                Some("compute the signature over the whole body, to the last byte"),
                &names(&of_body),
            );
        }
        if !forged && self.was_accepted("authenticity.public_secret") {
            self.find(
                "accepts_public_secret",
                "requests signed with the publicly known test secret are accepted",
                Some("remove the test secret from the deployed configuration"),
                &["authenticity.public_secret"],
            );
        }
        if !forged && self.was_accepted("authenticity.old_secret") {
            self.find(
                "accepts_old_secret",
                "requests signed with the old secret are still accepted",
                Some("stop accepting the old secret"),
                &["authenticity.old_secret"],
            );
        }
        if !forged && self.was_accepted("authenticity.signature_elsewhere") {
            self.find(
                "reads_other_headers",
                "the signature is also read from headers that belong to other providers",
                Some("read only the header that the provider documents"),
                &["authenticity.signature_elsewhere"],
            );
        }
        if self.remembers_forgeries() {
            self.find(
                "remembers_before_verifying",
                "the id of a forged event is remembered, so the real event is then ignored",
                Some("verify first, and store an event's id in the same transaction as its effect"),
                &["authenticity.forged_first"],
            );
        }
        let others = self.seen.iter().map(|(case, ..)| case.full_name());
        let unverified: Vec<String> = others
            .filter(|name| name.starts_with("authenticity.wrong_secret:"))
            .filter(|name| self.was_accepted(name))
            .collect();
        if !forged && !unverified.is_empty() {
            let names: Vec<&str> = unverified.iter().map(String::as_str).collect();
            self.find(
                "some_events_not_verified",
                "some event types are accepted without a valid signature",
                Some("verify before looking at the event type"),
                &names,
            );
        }
        if self.fails_at_forgeries() {
            self.find(
                "fails_at_forgeries",
                &format!("a wrong {what} makes the receiver fail with a server error instead of refusing the request"),
                Some("catch the errors of the verification (in Node, timingSafeEqual throws when lengths differ) and respond 401"),
                all,
            );
        }
        if self.acts_on_forgeries() {
            self.find(
                "acts_before_verifying",
                "a refused event still has its effect",
                Some("verify first, before any work is done"),
                all,
            );
        }
        let ordinary_refused = self.refuses_base();
        let other_accepted = self.unmet("authenticity.signature_encoding")
            && self.was_accepted("authenticity.signature_encoding");
        if ordinary_refused && other_accepted && !forged {
            self.find(
                "wrong_encoding",
                "the signature is compared in a different encoding from the provider's",
                Some("encode the computed signature as the provider does (hex or base64) before comparing"),
                &["authenticity.signature_encoding", "events.", "raw_bytes.", "reachable."],
            );
        }
        self.stale_timestamps(forged);
    }

    /// Old requests are accepted: up to which age is said, where a bound was found.
    fn stale_timestamps(&mut self, forged: bool) {
        let stale = self.accepted_of(&["authenticity.stale_timestamp"]);
        let future = self.accepted_of(&["authenticity.future_timestamp"]);
        if forged || (stale.is_empty() && future.is_empty()) {
            return;
        }
        let age = |name: &str| {
            let mut seen = self.seen.iter();
            let (case, ..) = seen.find(|(case, ..)| case.full_name() == name)?;
            case.recipe.faults.iter().find_map(|fault| match fault {
                Fault::StaleTimestamp(age) => Some(*age),
                _ => None,
            })
        };
        let oldest = stale.iter().filter_map(|name| age(name)).max();
        let refused = self.seen.iter().filter(|(case, judged, _)| {
            case.name.starts_with("stale_timestamp") && judged.status == Status::Pass
        });
        let youngest_refused = refused
            .filter_map(|(case, ..)| age(&case.full_name()))
            .min();
        let short = crate::model::duration::short;
        let sentence = match (oldest, youngest_refused) {
            (Some(oldest), Some(refused)) => format!(
                "a request signed {} ago is accepted and one signed {} ago is refused: the tolerance is too large",
                short(oldest),
                short(refused)
            ),
            (Some(_), None) => {
                "the timestamp is not checked, so a recorded request can be sent again at any time"
                    .to_owned()
            }
            (None, _) => {
                "a timestamp in the future is accepted, so the request can be sent again until then"
                    .to_owned()
            }
        };
        let explained = self.named(&[
            "authenticity.stale_timestamp",
            "authenticity.future_timestamp",
        ]);
        self.find(
            "timestamp_not_checked",
            &sentence,
            Some(
                "refuse requests whose timestamp is further from now than the provider's tolerance",
            ),
            &names(&explained),
        );
    }

    /// The cases whose names begin so.
    fn named(&self, starts: &[&str]) -> Vec<String> {
        let names = self.seen.iter().map(|(case, ..)| case.full_name());
        names
            .filter(|name| starts.iter().any(|start| name.starts_with(start)))
            .collect()
    }

    /// Those of them whose requests were accepted, although they were not to be.
    fn accepted_of(&self, starts: &[&str]) -> Vec<String> {
        let mut names = self.named(starts);
        names.retain(|name| self.unmet(name) && self.was_accepted(name));
        names
    }

    /// The genuine event is refused behind its forgery, or has no effect, or is answered as what is known.
    fn remembers_forgeries(&self) -> bool {
        let Some((_, _, observation)) = self
            .seen
            .iter()
            .find(|(case, ..)| case.full_name() == "authenticity.forged_first")
        else {
            return false;
        };
        let [forged, genuine, ..] = observation.answers.as_slice() else {
            return false;
        };
        let is_refused = matches!(forged.status(), Some(400..=499));
        let told = |answer: &ReceiverResponse| {
            let response = answer.result.as_ref().ok()?;
            Some((response.status, response.body.clone()))
        };
        // How the same event is answered when it comes again tells what is taken for known.
        let twice = self
            .seen
            .iter()
            .find(|(case, ..)| case.full_name() == "idempotency.twice")
            .map(|(_, _, observation)| observation.answers.as_slice());
        let is_taken_for_known = match twice {
            Some([first, again, ..]) => {
                told(first) != told(again)
                    && told(genuine) == told(again)
                    && told(genuine).is_some()
            }
            _ => false,
        };
        let has_no_effect =
            observation.effects.is_some_and(|(counted, _)| counted == 0) && self.counts_effects();
        is_refused && (is_taken_for_known || has_no_effect || matches!(genuine.status(), Some(409)))
    }

    /// The probe counts what ordinary events do.
    fn counts_effects(&self) -> bool {
        self.seen.iter().any(|(case, _, observation)| {
            case.area == Area::Idempotency
                && observation.effects.is_some_and(|(counted, _)| counted > 0)
        })
    }

    /// Two forged deliveries at least are answered with a 5xx, or not at all.
    fn fails_at_forgeries(&self) -> bool {
        let failing = self.seen.iter().filter(|(case, judged, observation)| {
            let mut statuses = observation.answers.iter().map(ReceiverResponse::status);
            case.area == Area::Authenticity
                && judged.status != Status::Skip
                && statuses.any(|status| status.is_none_or(|status| status >= 500))
        });
        failing.count() > 1
    }

    /// A forged delivery is refused, and effects are counted.
    fn acts_on_forgeries(&self) -> bool {
        self.seen.iter().any(|(case, _, observation)| {
            let mut statuses = observation.answers.iter().map(ReceiverResponse::status);
            case.want == Want::Refused
                && matches!(observation.effects, Some((counted, 0)) if counted > 0)
                && statuses.all(|status| matches!(status, Some(400..=499)))
        })
    }

    /// The ordinary event, correctly signed, is refused as if its signature were wrong.
    fn refuses_base(&self) -> bool {
        let base = self
            .seen
            .iter()
            .find(|(case, ..)| case.area == Area::Reachable);
        base.is_some_and(|(_, _, observation)| observation.answers.iter().any(is_refusal))
    }

    /// Correctly signed ordinary events are refused with a 4xx.
    fn refuses_ordinary(&self) -> bool {
        let mut events = self
            .seen
            .iter()
            .filter(|(case, judged, _)| case.area == Area::Events && judged.status != Status::Skip);
        events.any(|(case, judged, observation)| {
            self.unmet(&case.full_name())
                && judged.status != Status::Pass
                && observation.answers.iter().any(is_refusal)
        })
    }

    /// It was asked, and refused as if its signature were wrong.
    fn was_refused(&self, name: &str) -> bool {
        let mut seen = self.seen.iter();
        seen.any(|(case, judged, observation)| {
            case.full_name() == name
                && judged.status != Status::Skip
                && observation.answers.iter().any(is_refusal)
        })
    }

    fn raw_bytes(&mut self) {
        const STYLES: [&str; 4] = [
            "raw_bytes.spacing",
            "raw_bytes.escapes",
            "raw_bytes.key_order",
            "raw_bytes.number_forms",
        ];
        let ordinary_refused = self.refuses_base();
        let anew = self.named(&["raw_bytes.spacing"]);
        // Who reads a form and writes it again takes what it writes, and refuses what others do.
        let forms = self.named(&["raw_bytes.form_"]);
        let is_form_anew = forms.iter().any(|name| self.was_refused(name))
            && forms
                .iter()
                .filter(|name| name.contains(".form_unknown_field:"))
                .any(|name| self.was_accepted(name));
        // Who writes the body again accepts one style alone: the ordinary one, or another.
        let writes_anew = if ordinary_refused {
            STYLES.iter().any(|name| self.was_accepted(name))
        } else {
            anew.iter().any(|name| self.was_refused(name)) || is_form_anew
        };
        let same_for_all = self.accepted_of(&["authenticity.reformatted_body:"]);
        if !writes_anew
            && !same_for_all.is_empty()
            && !self.was_accepted("authenticity.wrong_secret")
        {
            self.find(
                "signs_another_form",
                "the signature is computed over JSON that was serialised again, not over the bytes that were received",
                Some("keep the body's bytes exactly as received, and verify those"),
                &names(&same_for_all),
            );
        }
        if writes_anew {
            let advice = self.headers().find_map(raw_body_advice).unwrap_or(
                "keep the body's bytes exactly as received, and compute the signature over them before parsing",
            );
            let mut explains = vec![
                "raw_bytes.",
                "robustness.charset",
                "robustness.chunked",
                "authenticity.reformatted_body:compact",
                "authenticity.reformatted_body:sorted",
                "authenticity.reformatted_body:python",
                "authenticity.reformatted_body:pretty",
            ];
            if ordinary_refused {
                explains.extend(["events.", "reachable."]);
            }
            self.find(
                "reserialises",
                match is_form_anew {
                    true => "the form is parsed and serialised again before it is verified, so the same fields with other escapes are refused",
                    false => "the body is parsed and serialised again before it is verified, so the same JSON in another form is refused",
                },
                Some(advice),
                &explains,
            );
        }
    }

    /// Nothing that is correctly signed is accepted, and nothing above says why.
    fn refusal(&mut self) {
        let another = self.seen.iter().any(|(case, judged, observation)| {
            let mut statuses = observation.answers.iter().map(ReceiverResponse::status);
            case.area == Area::Events
                && case.want == Want::Accepted
                && matches!(judged.status, Status::Fail | Status::Warn)
                && statuses.any(|status| matches!(status, Some(200..=299)))
        });
        if another {
            let success = &self.success;
            let advice = format!("answer {success}");
            let sentence = format!(
                "the receiver responds with a different 2xx status, but the provider counts only {success} as delivered and sends the event again"
            );
            self.find(
                "wrong_success_status",
                &sentence,
                Some(&advice),
                &["events.", "robustness.", "idempotency.", "raw_bytes."],
            );
        }
        let explained = |name: &str| self.found.iter().any(|finding| finding.name == name);
        if self.refuses_ordinary()
            && !self.accepts_any_event()
            && !explained("wrong_encoding")
            && !explained("reserialises")
        {
            self.find(
                "refuses_everything",
                "no correctly signed event is accepted",
                Some("compare the secret on both sides; `hookcli listen --forward-to` shows what arrives, and `hookcli verify` explains why a signature fails"),
                &["events.", "raw_bytes.", "reachable."],
            );
        }
    }

    fn was_answered(&self, name: &str, status: u16) -> bool {
        let mut seen = self.seen.iter();
        seen.any(|(case, judged, observation)| {
            let mut statuses = observation
                .answers
                .iter()
                .filter_map(ReceiverResponse::status);
            case.full_name() == name
                && judged.status != Status::Skip
                && statuses.any(|known| known == status)
        })
    }

    fn accepts_any_event(&self) -> bool {
        let mut events = self.seen.iter();
        events.any(|(case, judged, _)| {
            case.area == Area::Events
                && judged.status == Status::Pass
                && matches!(case.want, Want::Accepted)
        })
    }

    fn headers(&self) -> impl Iterator<Item = &Headers> {
        let answers = self
            .seen
            .iter()
            .flat_map(|(_, _, observation)| &observation.answers);
        answers
            .filter_map(|answer| answer.result.as_ref().ok())
            .map(|response| &response.headers)
    }

    fn robustness(&mut self) {
        if self.unmet("robustness.not_json") {
            self.find(
                "crashes_on_bad_json",
                "a body that is not JSON makes the receiver fail with a server error instead of refusing the request",
                Some("catch the parser's error and respond 400"),
                &[
                    "robustness.not_json",
                    "robustness.empty",
                    "robustness.compressed",
                    "robustness.get",
                    "robustness.head",
                    "raw_bytes.empty_object",
                ],
            );
        }
        if self.unmet("raw_bytes.unknown_fields") {
            let extra: Vec<String> = self
                .seen
                .iter()
                .filter(|(case, ..)| case.recipe.set.iter().any(|set| set.starts_with(EXTRA)))
                .map(|(case, ..)| case.full_name())
                .collect();
            let names: Vec<&str> = extra.iter().map(String::as_str).collect();
            self.find(
                "refuses_unknown_fields",
                "an unknown field makes the receiver refuse the event",
                Some("ignore unknown fields: providers add new ones without notice"),
                &names,
            );
        }
        let at_once = ["robustness.burst", "idempotency.at_once"];
        let is_stuck = self.seen.iter().any(|(case, _, observation)| {
            let name = case.full_name();
            at_once.contains(&name.as_str())
                && observation
                    .answers
                    .iter()
                    .any(|answer| answer.result.is_err())
        });
        if is_stuck {
            self.find(
                "not_concurrent",
                "some requests sent at the same time get no response",
                Some("check for a lock that is held while waiting for another request, and for a server with a single worker"),
                &at_once,
            );
        }
        if self.unmet("robustness.unknown_event") {
            self.find(
                "refuses_unknown_events",
                "an unknown event type is not acknowledged, so the provider keeps sending it again",
                Some("respond 2xx to every event with a valid signature, and ignore the types you do not handle"),
                // An object without a type is of an unknown one, too.
                &["robustness.unknown_event", "raw_bytes.empty_object"],
            );
        }
        if self.unmet("events.answered_quickly") && self.passed("reachable.endpoint") {
            self.find(
                "slow",
                "responses are slow: the work is done before the acknowledgement",
                Some("store the event, respond, and do the work afterwards"),
                &["events.answered_quickly"],
            );
        }
        let not_once = [
            "idempotency.twice",
            "idempotency.at_once",
            "idempotency.an_hour_later",
        ];
        let counted = || {
            let seen = self.seen.iter();
            seen.filter(|(case, ..)| case.one_effect)
                .filter_map(|(_, _, observation)| observation.effects)
        };
        if counted().count() > 0 && counted().all(|(counted, _)| counted == 0) {
            self.find(
                "no_effect_counted",
                "the probe counts no effect, not even for an event that is sent for the first time",
                Some("check that the probe counts what this receiver does with this event type"),
                &not_once,
            );
        } else if not_once.iter().any(|name| self.was_answered(name, 409)) {
            self.find(
                "refuses_duplicates",
                "a repeated event gets 409, which the provider counts as a failure, so it sends the event again",
                Some("respond 2xx to a repeated event, without processing it again"),
                &not_once,
            );
        } else if not_once
            .iter()
            .any(|name| self.unmet(name) && !self.is_explained(name))
        {
            self.find(
                "not_idempotent",
                "a repeated event is processed again",
                Some("store the event's id in the same transaction as its effect, and acknowledge a repeated event without processing it again"),
                &not_once,
            );
        }
        let in_order = self
            .seen
            .iter()
            .any(|(case, ..)| case.want == Want::SameInAnyOrder);
        if in_order && self.unmet("idempotency.out_of_order") {
            self.find(
                "assumes_order",
                "an event is handled only if another event of the same object arrived first",
                Some("when an event names an unknown object, create it from the event or fetch its state from the provider's API"),
                &["idempotency.out_of_order"],
            );
        }
        let killed = |wrong: fn(i64) -> bool| -> Vec<String> {
            let seen = self.seen.iter().filter(|(case, judged, observation)| {
                matches!(case.want, Want::OnceAfterKill(_))
                    && judged.status != Status::Skip
                    && observation
                        .effects
                        .is_some_and(|(counted, _)| wrong(counted))
            });
            seen.map(|(case, ..)| case.full_name()).collect()
        };
        let lost = killed(|counted| counted == 0);
        let repeated = killed(|counted| counted > 1);
        if !lost.is_empty() {
            self.find(
                "loses_acknowledged",
                "an acknowledged event is lost when the receiver is killed, and the provider does not send it again",
                Some("commit the event before responding"),
                &names(&lost),
            );
        }
        if !repeated.is_empty() {
            self.find(
                "repeats_after_crash",
                "an event that is sent again after the receiver was killed is processed twice",
                Some("commit the event's id and its effect in one transaction"),
                &names(&repeated),
            );
        }
        if self.unmet("hygiene.log_secrets") {
            self.find(
                "logs_secrets",
                "the log contains the secret or signatures, so anyone who reads it can send events",
                Some("log an event's id and type, but no headers"),
                &["hygiene.log_secrets", "hygiene.log_payload"],
            );
        }
        if self.unmet("hygiene.signature") {
            self.find(
                "signature_echoed",
                "an error response contains the correct signature, so anyone can have requests signed",
                Some("respond with a status only, without the computed signature"),
                &["hygiene.signature"],
            );
        }
        if self.unmet("hygiene.secret") {
            self.find(
                "secret_echoed",
                "a response contains the secret",
                Some("respond with a status only, without configuration values"),
                &["hygiene.secret"],
            );
        }
    }

    /// It stopped answering at a case that nothing above explains.
    fn death(&mut self, gone_since: Option<&str>) {
        let Some(case) = gone_since.filter(|case| !self.is_explained(case)) else {
            return;
        };
        self.find(
            "died",
            &format!("the receiver stopped responding at {case}: it exited or hangs"),
            Some("look at its log, and catch the handler's errors"),
            &[case],
        );
    }

    /// Answers that got lost, and that nothing else explains: one fault of the receiver's, or of the way to it.
    fn lost_answers(&mut self) {
        let lost = self.seen.iter().filter(|(case, judged, _)| {
            judged.status == Status::Ambiguous && !self.is_explained(&case.full_name())
        });
        let lost: Vec<String> = lost.map(|(case, ..)| case.full_name()).collect();
        if !lost.is_empty() {
            self.find(
                "loses_answers",
                "connections close before a response arrives, so it is unknown whether the event was handled",
                Some("look for a crash in its log; to find out what was done, count effects by event (--probe-url '…{id}')"),
                &names(&lost),
            );
        }
    }

    /// A case that no finding explains is listed by itself; one that is only information is not a fault.
    fn one_by_one(&mut self) {
        for (case, judged, _) in self.seen {
            let name = case.full_name();
            if case.severity == Severity::Info || self.is_explained(&name) || !self.unmet(&name) {
                continue;
            }
            let message = format!("{}: {}", case.reason, judged.why);
            self.found.push(Finding {
                name: name.clone(),
                message,
                fix: None,
                cases: vec![name],
            });
        }
    }
}

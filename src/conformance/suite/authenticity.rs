//! Forged, old and odd signatures.

use std::time::Duration;

use super::{SuiteBuilder, event_name, must_if_documented};
use crate::catalog::Provenance;
use crate::conformance::case::{Area, Recipe, Severity, Want};
use crate::delivery::{At, ContentKind, Fault, Form, TamperPosition};
use crate::signature::{Encoding, Scheme};

impl SuiteBuilder<'_> {
    pub(super) fn authenticity(&mut self) {
        let Some(facts) = &self.provider.signature else {
            return;
        };
        let scheme = &facts.facts;
        let provenance = &facts.provenance;
        let mechanism = must_if_documented(provenance, &["mechanism", "header", "body"]);
        let anywhere = !scheme.header.is_empty() || scheme.body.is_some();
        let what = if scheme.sends_secret() {
            "secret"
        } else {
            "signature"
        };
        if anywhere {
            for (fault, reason) in [
                (
                    Fault::MissingSignature,
                    format!("a request without a {what} could come from anyone"),
                ),
                (
                    Fault::EmptySignature,
                    format!("an empty {what} does not prove who sent the request"),
                ),
                (
                    Fault::MalformedSignature,
                    format!("a malformed {what} must be refused without crashing the receiver"),
                ),
                (
                    Fault::TruncatedSignature(None),
                    format!("half of the {what} is not enough: the whole value must match"),
                ),
                (
                    Fault::ExtendedSignature,
                    format!(
                        "extra characters after a correct {what} make it wrong: the whole value must match"
                    ),
                ),
            ] {
                self.refused(fault, mechanism, &reason);
            }
        }
        if anywhere {
            // A comparison of the first so many, and of all that is there.
            for keep in [1, 8, 16, 24, 31, 40, 43, 63] {
                self.refused_as(
                    &format!("truncated_signature:{keep}"),
                    Fault::TruncatedSignature(Some(keep)),
                    mechanism,
                    &format!("the first characters of the {what} are not enough: the whole value must match"),
                );
            }
            for spot in TamperPosition::ALL {
                let recipe = self.with_fault(Fault::TamperedSignature(spot));
                let name = spot.name();
                self.add(
                    Area::Authenticity,
                    &format!("tampered_signature:{name}"),
                    mechanism,
                    Want::Refused,
                    &format!("one character of the {what} was changed ({name})"),
                    recipe,
                );
            }
        }
        self.refused(
            Fault::WrongSecret,
            mechanism,
            "the request was signed with a different secret",
        );
        self.refused(
            Fault::PublicSecret,
            mechanism,
            "the publicly known test secret must not be accepted",
        );
        let recipe = Recipe {
            old_secret: true,
            ..self.ordinary()
        };
        self.add(
            Area::Authenticity,
            "old_secret",
            mechanism,
            Want::Refused,
            "the old secret must not be accepted after a rotation: others may know it",
            recipe,
        );
        self.forged_otherwise(mechanism);
        if anywhere {
            let recipe = self.with_fault(Fault::ForgedFirst);
            let case = self.add(
                Area::Authenticity,
                Fault::ForgedFirst.name(),
                mechanism,
                Want::RefusedThenAccepted,
                "a forged event must not be remembered, or the real event would be ignored",
                recipe,
            );
            case.one_effect = true;
            case.rests_on_acceptance = true;
        }
        if anywhere && !scheme.header.is_empty() && !scheme.sends_secret() {
            self.refused(
                Fault::SignatureElsewhere,
                mechanism.min(Severity::Should),
                "the signature is in headers of other providers; only the documented header counts",
            );
        }
        if scheme.covers_body() {
            let writes_body = scheme.writes_body();
            for (fault, reason) in [
                (
                    Fault::TamperedBody(At::Middle),
                    "the body was changed after it was signed",
                ),
                (
                    Fault::OtherBodySignature,
                    "the signature belongs to a different body",
                ),
            ] {
                if fault == Fault::OtherBodySignature && writes_body {
                    continue;
                }
                self.refused(fault, mechanism, reason);
            }
            self.parts_of_the_body(mechanism);
            if !writes_body && self.base_is_json() {
                for (name, form) in Form::ALL {
                    self.refused_as(
                        &format!("reformatted_body:{name}"),
                        Fault::ReformattedBody(form),
                        mechanism,
                        "the signature belongs to the same JSON in another form, so the bytes differ",
                    );
                }
            }
        }
        if !scheme.sends_secret() && !scheme.header.is_empty() {
            self.encodings(scheme, provenance);
        }
        let tolerance = scheme.timestamp.as_ref().and_then(|rule| {
            let tolerance = rule.tolerance?;
            Some((rule, tolerance))
        });
        if let Some((rule, tolerance)) = tolerance {
            let severity = must_if_documented(provenance, &["timestamp", "timestamp.tolerance"]);
            let far = tolerance.max(Duration::from_secs(60)) * 2;
            self.refused(
                Fault::StaleTimestamp(far),
                severity,
                "a recorded request that is too old could be a replay",
            );
            // Where the bound is that a receiver has, if it has one.
            for (name, age) in [
                ("1h", Duration::from_secs(3600)),
                ("1d", Duration::from_secs(86_400)),
                ("30d", Duration::from_secs(30 * 86_400)),
            ] {
                if age > far {
                    self.refused_as(
                        &format!("stale_timestamp:{name}"),
                        Fault::StaleTimestamp(age),
                        severity,
                        "a recorded request that is too old could be a replay",
                    );
                }
            }
            if !rule.past_only {
                self.refused(
                    Fault::FutureTimestamp(far),
                    severity,
                    "a request with a timestamp in the future could be replayed until then",
                );
            }
        }
        self.forged_events(mechanism);
        if scheme.carries_several() {
            let recipe = self.with_fault(Fault::SecondSecret);
            let case = self.add(
                Area::Authenticity,
                Fault::SecondSecret.name(),
                mechanism.min(Severity::Should),
                Want::Accepted,
                "during a secret rotation there are two signatures, and one of them matches",
                recipe,
            );
            case.rests_on_acceptance = true;
        }
    }

    /// An ordinary event with a fault that a receiver has to refuse.
    fn refused(&mut self, fault: Fault, severity: Severity, reason: &str) {
        self.refused_as(fault.name(), fault, severity, reason);
    }

    /// What someone sends who does not know the secret, in other ways than the provider's: a branch of the code may
    /// forget to verify.
    fn forged_otherwise(&mut self, severity: Severity) {
        let faults = |faults: &[Fault]| Recipe {
            faults: [&[Fault::WrongSecret], faults].concat(),
            ..self.ordinary()
        };
        let kind = |kind| faults(&[Fault::WrongContentType(kind)]);
        let mut ways = vec![
            (
                "text",
                "has the content type text/plain",
                kind(ContentKind::Text),
            ),
            (
                "form",
                "has the content type of a form",
                kind(ContentKind::Form),
            ),
            (
                "no_content_type",
                "has no content type",
                kind(ContentKind::None),
            ),
            (
                "charset",
                "has a charset in its content type",
                Recipe {
                    headers: vec!["content-type: application/json;charset=utf-8"],
                    ..faults(&[])
                },
            ),
            (
                "put",
                "uses another method",
                Recipe {
                    method: Some("PUT"),
                    ..faults(&[])
                },
            ),
            ("chunked", "has a chunked body", faults(&[Fault::OddChunks])),
        ];
        if !self.signing_writes_body() {
            ways.push((
                "compressed",
                "has a compressed body",
                faults(&[Fault::CompressedBody]),
            ));
            ways.push((
                "empty",
                "has no body",
                Recipe {
                    data: Some("/dev/null".to_owned()),
                    ..faults(&[])
                },
            ));
            ways.push((
                "empty_unsigned",
                "has neither a body nor a signature",
                Recipe {
                    data: Some("/dev/null".to_owned()),
                    faults: vec![Fault::MissingSignature],
                    ..self.ordinary()
                },
            ));
        }
        for (name, how, recipe) in ways {
            let reason = format!("a forged request must be refused even if it {how}");
            self.add(
                Area::Authenticity,
                &format!("forged:{name}"),
                severity,
                Want::Refused,
                &reason,
                recipe,
            );
        }
    }

    /// A body that is changed far behind its beginning.
    fn parts_of_the_body(&mut self, severity: Severity) {
        /// More than the places that are changed, and less than what servers take by default.
        const PADDING: usize = 80_000;
        if self.signing_writes_body() || !self.base_is_json() {
            return;
        }
        for (name, at) in [
            ("2kb", At::Offset(2048)),
            ("64kb", At::Offset(65_536)),
            ("last", At::Last),
        ] {
            let recipe = Recipe {
                faults: vec![Fault::PaddedBody(PADDING), Fault::TamperedBody(at)],
                ..self.ordinary()
            };
            self.add(
                Area::Authenticity,
                &format!("tampered_body:{name}"),
                severity,
                Want::Refused,
                "a long body was changed after it was signed, far from its start",
                recipe,
            );
        }
    }

    fn refused_as(&mut self, name: &str, fault: Fault, severity: Severity, reason: &str) {
        let recipe = self.with_fault(fault);
        self.add(
            Area::Authenticity,
            name,
            severity,
            Want::Refused,
            reason,
            recipe,
        );
    }

    /// Each of the other event types with a wrong secret: its route may not verify.
    fn forged_events(&mut self, severity: Severity) {
        for (event, facts) in &self.provider.events {
            if facts.unsigned || *event == self.base.event {
                continue;
            }
            let recipe = Recipe {
                events: vec![event_name(self.provider, event, None)],
                faults: vec![Fault::WrongSecret],
                ..Recipe::default()
            };
            self.add(
                Area::Authenticity,
                &format!("wrong_secret:{event}"),
                severity,
                Want::Refused,
                "every event type must be verified",
                recipe,
            );
        }
    }

    fn encodings(&mut self, scheme: &Scheme, provenance: &Provenance) {
        let documented = must_if_documented(provenance, &["encoding"]);
        self.refused(
            Fault::SignatureEncoding,
            documented,
            "the provider never uses this encoding, so accepting it is unnecessary",
        );
        let (severity, want, reason) = match scheme.encoding() {
            Encoding::HexLower => (
                documented,
                Want::Refused,
                "the provider documents lower-case hex only",
            ),
            Encoding::Hex => (
                Severity::Info,
                Want::NoServerError,
                "shows whether upper-case hex is accepted; both answers are safe",
            ),
            Encoding::Base64 | Encoding::Plain => return,
        };
        let recipe = self.with_fault(Fault::SignatureCase);
        self.add(
            Area::Authenticity,
            Fault::SignatureCase.name(),
            severity,
            want,
            reason,
            recipe,
        );
    }
}

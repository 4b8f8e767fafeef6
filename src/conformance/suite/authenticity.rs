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
                    format!("without a {what} anybody may have sent it"),
                ),
                (
                    Fault::EmptySignature,
                    format!("an empty {what} proves nothing"),
                ),
                (
                    Fault::MalformedSignature,
                    format!("what is no {what} proves nothing, and must not crash the receiver"),
                ),
                (
                    Fault::TruncatedSignature(None),
                    format!("half of a {what} is no {what}: the whole is to be compared"),
                ),
                (
                    Fault::ExtendedSignature,
                    format!(
                        "more behind a right {what} is another one: the whole is to be compared"
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
                    &format!("the first characters of a {what} prove as much as they are"),
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
                    &format!("one character of the {what}, in its {name} place, is another"),
                    recipe,
                );
            }
        }
        self.refused(
            Fault::WrongSecret,
            mechanism,
            "somebody who does not know the secret has sent it",
        );
        self.refused(
            Fault::PublicSecret,
            mechanism,
            "a secret for tests that everybody knows was left in place",
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
            "a secret that was rotated out may be known to others",
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
                "what is not verified must not be remembered: a forgery would keep the real event away",
                recipe,
            );
            case.one_effect = true;
            case.rests_on_acceptance = true;
        }
        if anywhere && !scheme.header.is_empty() && !scheme.sends_secret() {
            self.refused(
                Fault::SignatureElsewhere,
                mechanism.min(Severity::Should),
                "the provider has one place for its signature: who reads others takes those of others",
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
                    "the signature is a right one, of another body",
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
                        "the signature is of other bytes, although they mean the same",
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
                "an old request that somebody has recorded is sent again",
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
                        "an old request that somebody has recorded is sent again",
                    );
                }
            }
            if !rule.past_only {
                self.refused(
                    Fault::FutureTimestamp(far),
                    severity,
                    "a request from the future could be sent again until then",
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
                "while the sender rotates its secrets there are two signatures, and one is right",
                recipe,
            );
            case.rests_on_acceptance = true;
        }
    }

    /// An ordinary event with a fault that a receiver has to refuse.
    fn refused(&mut self, fault: Fault, severity: Severity, reason: &str) {
        self.refused_as(fault.name(), fault, severity, reason);
    }

    /// What somebody sends who does not know the secret, in other ways than the provider's: a branch of the code may
    /// forget to verify.
    fn forged_otherwise(&mut self, severity: Severity) {
        let faults = |faults: &[Fault]| Recipe {
            faults: [&[Fault::WrongSecret], faults].concat(),
            ..self.ordinary()
        };
        let kind = |kind| faults(&[Fault::WrongContentType(kind)]);
        let mut ways = vec![
            ("text", "calls itself text", kind(ContentKind::Text)),
            ("form", "calls itself a form", kind(ContentKind::Form)),
            (
                "no_content_type",
                "does not say what it is",
                kind(ContentKind::None),
            ),
            (
                "charset",
                "names a character set",
                Recipe {
                    headers: vec!["content-type: application/json;charset=utf-8"],
                    ..faults(&[])
                },
            ),
            (
                "put",
                "comes by another method",
                Recipe {
                    method: Some("PUT"),
                    ..faults(&[])
                },
            ),
            (
                "chunked",
                "comes in chunks, without a length",
                faults(&[Fault::OddChunks]),
            ),
        ];
        if !self.signing_writes_body() {
            ways.push((
                "compressed",
                "comes compressed",
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
            let reason = format!("a forged request is one, also where it {how}");
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
                "a long body was changed after it was signed, far behind its beginning",
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

    /// Each of the other event types with a wrong secret: a route of its own may forget to verify.
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
                "every event type is to be verified, not only the first",
                recipe,
            );
        }
    }

    fn encodings(&mut self, scheme: &Scheme, provenance: &Provenance) {
        let documented = must_if_documented(provenance, &["encoding"]);
        self.refused(
            Fault::SignatureEncoding,
            documented,
            "the provider never writes it so: two readings of one header are one too many",
        );
        let (severity, want, reason) = match scheme.encoding() {
            Encoding::HexLower => (
                documented,
                Want::Refused,
                "the provider writes lower case, and says that nothing else is right",
            ),
            Encoding::Hex => (
                Severity::Info,
                Want::NoServerError,
                "who decodes hex reads both cases, and who compares text reads one: both prove as much",
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

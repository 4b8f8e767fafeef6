//! Forged, old and odd signatures.

use std::time::Duration;

use super::{Making, event_name, must_if_documented};
use crate::catalog::Provenance;
use crate::check::case::{Area, Recipe, Severity, Want};
use crate::delivery::{Fault, Spot};
use crate::signature::{Encoding, Scheme};

impl Making<'_> {
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
                    Fault::TruncatedSignature,
                    format!("half of a {what} is no {what}: the whole is to be compared"),
                ),
            ] {
                self.refused(fault, mechanism, &reason);
            }
        }
        if anywhere {
            for spot in Spot::ALL {
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
        if scheme.covers_body() {
            let writes_body = scheme.writes_body();
            for (fault, reason) in [
                (
                    Fault::TamperedBody,
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
        let recipe = self.with_fault(fault);
        let name = fault.name();
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

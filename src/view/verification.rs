//! The verdict on a signature, as a document.

use serde::Serialize;

use super::capture::{FindingReport, finding_reports};
use crate::model::{RemoteText, Verdict, VerdictReason, duration::short};
use crate::signature::{
    Finding, Part, Scheme, SignatureFault, Subject, Verification, diagnose, expected_signature,
    matches_without_required_headers,
};

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerificationReport {
    /// Whether the signature is valid; null if it cannot be checked.
    pub valid: Option<bool>,
    /// The verdict.
    pub verdict: Verdict,
    /// The provider.
    pub provider: Option<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// What the provider signs, and where the signature is; null if it has no scheme or is unknown.
    pub scheme: Option<String>,
    /// It was verified with the public test secret, which proves nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test_secret: bool,
    /// Why it is not valid.
    pub reason: Option<VerdictReason>,
    /// The reason in one sentence.
    pub message: Option<String>,
    /// The causes.
    pub findings: Vec<FindingReport>,
    /// The correct signature, with `--reveal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What to do next.
    pub hints: Vec<String>,
}

/// How much is found out of a signature that is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The body is at hand: why it does not verify can be found out.
    pub has_body: bool,
    /// What the signature should have been is said, too; it is as good as a key for this request.
    pub reveals: bool,
}

impl VerificationReport {
    /// The verdict on a request of `provider`, with what can be said about it.
    pub fn new(
        provider: String,
        event: Option<RemoteText>,
        subject: &Subject<'_>,
        verdict: &Verification,
        explanation: Explanation,
    ) -> Self {
        let is_explained = explanation.has_body;
        let findings = match is_explained {
            true => diagnose(subject, verdict),
            false => Vec::new(),
        };
        let is_revealed = explanation.reveals && is_explained && *verdict != Verification::Valid;
        Self {
            valid: Some(*verdict == Verification::Valid),
            verdict: verdict.verdict(),
            provider: Some(provider),
            event,
            scheme: Some(subject.scheme.describe()),
            test_secret: false,
            reason: verdict.reason(),
            message: missing_headers(subject, verdict, is_explained)
                .or_else(|| sentence(verdict, subject.scheme)),
            findings: finding_reports(&findings),
            expected: is_revealed.then(|| expected_signature(subject)).flatten(),
            hints: hints(verdict, subject.scheme),
        }
    }

    /// What it is where the secret is the public one.
    #[must_use]
    pub fn by_test_secret(self) -> Self {
        let is_valid = self.valid == Some(true);
        let said = is_valid.then(|| "with the public test secret, which anyone can use".to_owned());
        Self {
            test_secret: true,
            reason: self
                .reason
                .or(is_valid.then_some(VerdictReason::TestSecret)),
            message: self.message.or(said),
            ..self
        }
    }

    /// No one knows whose request it is, but how it is signed may be found.
    pub fn of_nobody(event: Option<RemoteText>, found: Option<Finding>) -> Self {
        if let Some(found) = found {
            return Self {
                message: Some(
                    "the signature is not checked: no provider was recognised in this request"
                        .to_owned(),
                ),
                findings: finding_reports(&[found]),
                ..Self::unchecked(None, event)
            };
        }
        Self {
            message: Some(
                "the signature cannot be checked: no provider was recognised in this request, and no known scheme verifies it with the given secrets".to_owned(),
            ),
            hints: vec!["add --provider NAME, or describe its scheme with --provider generic and flags such as --signature-header and --template".to_owned()],
            ..Self::unchecked(None, event)
        }
    }

    /// The provider has no signature scheme.
    pub fn without_scheme(provider: String, event: Option<RemoteText>) -> Self {
        Self {
            message: Some(
                "this provider documents no signature, so there is nothing to check".to_owned(),
            ),
            ..Self::unchecked(Some(provider), event)
        }
    }

    /// No secret of the provider is set.
    pub fn without_secret(provider: String, scheme: &Scheme, event: Option<RemoteText>) -> Self {
        Self {
            scheme: Some(scheme.describe()),
            message: Some(format!(
                "the signature is not checked: no secret for {provider} is set"
            )),
            ..Self::unchecked(Some(provider), event)
        }
    }

    fn unchecked(provider: Option<String>, event: Option<RemoteText>) -> Self {
        Self {
            valid: None,
            verdict: Verdict::Unchecked,
            provider,
            event,
            scheme: None,
            test_secret: false,
            reason: Verification::Unchecked.reason(),
            message: None,
            findings: Vec::new(),
            expected: None,
            hints: Vec::new(),
        }
    }
}

/// The headers that are missing, though every delivery has them, and what the signature is worth beside it.
fn missing_headers(
    subject: &Subject<'_>,
    verdict: &Verification,
    explained: bool,
) -> Option<String> {
    let requires = &subject.scheme.required_headers;
    match verdict {
        Verification::Invalid(SignatureFault::Malformed {
            at: Some(Part::Header(name)),
            ..
        }) if requires.contains(name) => {}
        _ => return None,
    }
    let missing: Vec<&str> = requires
        .iter()
        .map(String::as_str)
        .filter(|name| !subject.envelope.headers.contains(name))
        .collect();
    let (noun, verb) = match missing.len() {
        1 => ("a header", "is"),
        _ => ("headers", "are"),
    };
    let signature = if explained && matches_without_required_headers(subject) {
        "the signature itself matches, but "
    } else {
        ""
    };
    Some(format!(
        "malformed: {signature}{noun} that every delivery of this provider has {verb} missing: {}",
        missing.join(", ")
    ))
}

/// The verdict in one sentence.
fn sentence(verdict: &Verification, scheme: &Scheme) -> Option<String> {
    let place = scheme.place();
    Some(match verdict {
        Verification::Valid | Verification::Unchecked => return None,
        Verification::Missing => format!("the signature is missing: {place} is missing or empty"),
        Verification::Invalid(SignatureFault::Malformed { why, at }) => {
            let place = at.as_ref().and_then(|part| scheme.place_of(part));
            format!(
                "malformed: {why} ({})",
                place.unwrap_or_else(|| scheme.place())
            )
        }
        Verification::Invalid(SignatureFault::Mismatch) if scheme.sends_secret() => {
            format!("the token in {place} is not the secret")
        }
        Verification::Invalid(SignatureFault::Mismatch) => {
            format!("the signature in {place} does not match")
        }
        Verification::Invalid(SignatureFault::TooOld { by, tolerance }) => format!(
            "the signature matches, but its timestamp is {} older than the tolerance of {} allows",
            short(*by),
            short(*tolerance)
        ),
        Verification::Invalid(SignatureFault::TooNew { by, tolerance }) => format!(
            "the signature matches, but its timestamp is {} further in the future than the tolerance of {} allows",
            short(*by),
            short(*tolerance)
        ),
    })
}

fn hints(verdict: &Verification, scheme: &Scheme) -> Vec<String> {
    match verdict {
        Verification::Valid if scheme.sends_secret() => vec![
            "this scheme does not cover the body: anyone who knows the token can send any body"
                .to_owned(),
        ],
        Verification::Valid if !scheme.covers_body() => {
            vec![
                "this scheme does not cover the body, so the body may have been changed".to_owned(),
            ]
        }
        _ => Vec::new(),
    }
}

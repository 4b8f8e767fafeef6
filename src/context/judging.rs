//! `verify`: a request, and what can be said of its signature.

use jiff::Timestamp;

use super::Context;
use crate::catalog::Provider;
use crate::cli::VerifyArgs;
use crate::exit::Failure;
use crate::model::{RemoteText, Request, Secret};
use crate::signature::{Envelope, Scheme, Subject, Verification, Verifier};
use crate::view::{Explanation, VerificationReport};

/// A request and all that is needed to verify it.
pub struct Judging<'a> {
    pub args: &'a VerifyArgs,
    pub scheme: &'a Scheme,
    pub secrets: &'a [Secret],
    pub request: &'a Request,
    pub url: Option<&'a str>,
    pub now: Timestamp,
}

impl<'a> Judging<'a> {
    pub fn envelope(&self) -> Envelope<'a> {
        Envelope {
            method: self.args.method.as_deref().unwrap_or(&self.request.method),
            ..Envelope::of(self.request, self.url)
        }
    }

    /// # Errors
    /// A secret cannot be used with the scheme.
    pub fn verifier(&self) -> Result<Verifier<'a>, Failure> {
        let verifier = Verifier::new(self.scheme, self.secrets, self.envelope(), self.now)?;
        Ok(match self.args.tolerance {
            Some(tolerance) => verifier.with_tolerance(tolerance),
            None => verifier,
        })
    }

    /// The verdict with what can be said about it.
    pub fn report(
        &self,
        context: &Context,
        provider: &Provider,
        event: Option<RemoteText>,
        verdict: &Verification,
        has_body: bool,
    ) -> VerificationReport {
        let others = context.settings.all_secrets();
        let subject = Subject {
            scheme: self.scheme,
            secrets: self.secrets,
            envelope: self.envelope(),
            body: &self.request.body,
            now: self.now,
            others: &others,
            serializer: provider.body.serializer,
        };
        let explanation = Explanation {
            has_body,
            reveals: self.args.reveal,
        };
        let name = provider.name.clone();
        let report = VerificationReport::new(name, event, &subject, verdict, explanation);
        match self.args.test_secret {
            true => report.by_test_secret(),
            false => report,
        }
    }
}

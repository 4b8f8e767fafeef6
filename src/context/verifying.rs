//! What `verify` verifies with.

use jiff::Timestamp;

use super::Context;
use crate::catalog::Provider;
use crate::cli::VerifyArgs;
use crate::exit::Failure;
use crate::model::{Request, Secret};
use crate::settings::{Endpoint, variable_of};
use crate::signature::{Envelope, Scheme, Verification, test_keys, verify};

/// Where the secrets for a provider's requests are from.
pub struct VerifyingKeys<'c> {
    pub context: &'c Context,
    pub args: &'c VerifyArgs,
    pub endpoint: Option<&'c Endpoint>,
    pub provider: &'c Provider,
    pub scheme: &'c Scheme,
}

impl VerifyingKeys<'_> {
    /// The secrets; `seen` is the request, and when it came, and `url` what it was called by.
    ///
    /// # Errors
    /// None is set, or one cannot be read.
    pub fn read(
        &self,
        seen: Option<(&Request, Timestamp)>,
        url: Option<&str>,
    ) -> Result<Vec<Secret>, Failure> {
        let public = test_keys(self.scheme).map(|keys| keys.verifying);
        if self.args.test_secret {
            return Ok(vec![public.map_err(Failure::usage)?]);
        }
        let flags = self.args.secrets.flags();
        let settings = &self.context.settings;
        let secrets = settings.secrets(&flags, Some(self.provider), self.endpoint);
        let secrets = secrets.map_err(Failure::usage)?;
        if !secrets.is_empty() {
            return Ok(secrets);
        }
        let is_test = seen
            .zip(public.ok())
            .is_some_and(|((request, at), public)| {
                let envelope = Envelope::of(request, url);
                let verdict = verify(self.scheme, &[public], envelope, &request.body, at);
                matches!(verdict, Ok(Verification::Valid))
            });
        let name = &self.provider.name;
        let failure = Failure::usage(format!(
            "no secret to verify the signature of {name} is set"
        ));
        Err(match is_test {
            true => failure.hint(
                "it is signed with the public test secret of `hookcli send`: add --test-secret to verify it",
            ),
            false => failure.hint(format!(
                "set {}, or add --secret-env NAME or --secret-file FILE",
                variable_of(name)
            )),
        })
    }
}

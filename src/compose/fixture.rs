//! A recorded request as a test's fixture: signed with the public test secret in the place of its own.

use jiff::Timestamp;

use super::ComposeError;
use super::request::Signing;
use crate::catalog::Provider;
use crate::exchange::Recorded;
use crate::http::Destination;
use crate::model::{REDACTED, Verdict, VerdictReason};
use crate::signature::test_keys;

/// The same request, signed with the public test secret of its provider's scheme for the time at which it was
/// received; without a scheme, as it is. The same input makes the same fixture.
///
/// # Errors
/// It cannot be signed.
pub fn fixture(
    mut recorded: Recorded,
    provider: Option<&Provider>,
) -> Result<Recorded, ComposeError> {
    let scheme = provider.and_then(|provider| provider.signature.as_ref());
    let (Some(scheme), Ok(mut destination)) = (scheme, recorded.url().parse::<Destination>())
    else {
        return Ok(recorded);
    };
    let before = destination.target();
    let id = recorded.id.as_deref().and_then(|id| id.split('_').nth(1));
    let id = format!("msg_{}", id.unwrap_or("fixture"));
    let secrets = [test_keys(scheme)?.signing];
    let signing = Signing {
        scheme,
        secrets: &secrets,
        method: &recorded.request.method,
        id: &id,
        now: recorded.received_at.unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let mut body = recorded.request.body.to_vec();
    signing.renew(&mut destination, &mut recorded.request.headers, &mut body)?;
    recorded.request.body = body.into();
    if destination.target() != before {
        recorded.request.target = destination.target();
    }
    let headers = &recorded.request.headers;
    // A token that was redacted is the test secret now.
    recorded.redacted.retain(|name| match headers.get(name) {
        Some(value) => String::from_utf8_lossy(value).contains(REDACTED),
        None => true,
    });
    recorded.verdict = Some(Verdict::Valid);
    recorded.reason = Some(VerdictReason::TestSecret);
    Ok(recorded)
}

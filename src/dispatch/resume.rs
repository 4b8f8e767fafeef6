//! Sends a recorded delivery again.

use crate::catalog::{Catalog, LookupError};
use crate::compose::{
    ComposeError, ComposeNotice, Keyring, PreparedRequest, Recipient, signing_secrets,
};
use crate::http::Destination;
use crate::model::{Delivery, Id, Outcome, REDACTED, normal_url};
use crate::signature::Scheme;
use crate::store::Store;

/// Why a recorded delivery cannot go out again.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    #[error("{0} was already delivered, so there is nothing to retry")]
    WasDelivered(Id),
    #[error(
        "{0} contains the secret itself and its URL is on another machine; its endpoint is no longer trusted with it"
    )]
    SecretElsewhere(Id),
    /// It was redacted in the record, and signing does not put it back.
    #[error("{delivery} was recorded without {what}, so it cannot be sent as it was")]
    Lacking { delivery: Id, what: String },
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Compose(#[from] ComposeError),
}

/// What recorded deliveries to one endpoint are sent again with.
pub struct Resumption<'r> {
    pub catalog: &'r Catalog,
    pub keyring: &'r dyn Keyring,
    pub recipient: &'r Recipient,
}

impl Resumption<'_> {
    /// A recorded delivery as it goes out again. Its record is without its secrets: signing puts them back.
    /// `owed_to` is the destination that is settled with it.
    pub fn prepare(
        &self,
        record: &Delivery,
        owed_to: Option<String>,
    ) -> Result<(PreparedRequest, Option<ComposeNotice>), ResumeError> {
        if record.outcome == Outcome::Delivered {
            return Err(ResumeError::WasDelivered(record.id));
        }
        let name = record.provider.as_deref();
        let provider = name.map(|name| self.catalog.provider(name)).transpose()?;
        let scheme = provider
            .as_ref()
            .filter(|_| record.signed)
            .and_then(|provider| provider.signature.as_ref());
        let (mut secrets, mut notice) = (Vec::new(), None);
        if let (Some(provider), Some(_)) = (&provider, scheme) {
            if provider.exposes_secret() && !self.recipient.is_loopback {
                return Err(ResumeError::SecretElsewhere(record.id));
            }
            (secrets, notice) = signing_secrets(self.keyring, provider, self.recipient)?;
        }
        if let Some(what) = lacking(record, scheme.map(|facts| &facts.facts)) {
            let delivery = record.id;
            return Err(ResumeError::Lacking { delivery, what });
        }
        let request = PreparedRequest {
            event: record.event.clone(),
            variant: None,
            destination: self.recipient.destination.clone(),
            request: record.request.clone(),
            secrets: secrets.into(),
            replay_of: record.replay_of,
            schema: None,
            endpoint: record.endpoint.clone(),
            signed: scheme.is_some(),
            resumed_from: Some(record.clone()),
            settles_forward_at: owed_to,
            wanted: record.wanted.as_ref().and_then(|text| text.parse().ok()),
            faults: Vec::new(),
            provider,
        };
        Ok((request, notice))
    }
}

/// The destination that a forward was for, where it is still pending there: it is settled with the delivery.
pub async fn owed_to(store: &dyn Store, record: &Delivery) -> Option<String> {
    let capture = store.capture(record.replay_of?).await.ok()?;
    let mut pending = capture.destinations.pending_urls();
    let owed = pending.find(|url| {
        let Ok(destination) = url.parse::<Destination>() else {
            return false;
        };
        let destination = destination.for_request(&capture.request.target);
        normal_url(&destination.to_string()) == normal_url(&record.url)
    });
    owed.map(str::to_owned)
}

/// What was redacted in the record and signing does not put back.
fn lacking(record: &Delivery, scheme: Option<&Scheme>) -> Option<String> {
    let redacts = |bytes: &[u8]| {
        bytes
            .windows(REDACTED.len())
            .filter(|part| *part == REDACTED.as_bytes())
            .count()
    };
    let request = &record.request;
    for (name, value) in request.headers.iter() {
        let set_again = scheme.is_some_and(|scheme| scheme.is_set_by_signing(name));
        if redacts(value) > 0 && !set_again {
            return Some(format!("its header {name}"));
        }
    }
    if redacts(record.url.as_bytes()) > 0 || redacts(request.target.as_bytes()) > 0 {
        return Some("part of its URL".to_owned());
    }
    // The token's own place is the one that signing fills.
    let filled = scheme.is_some_and(|scheme| scheme.sends_secret() && scheme.body.is_some());
    (redacts(&request.body) > usize::from(filled)).then(|| "part of its body".to_owned())
}

//! A capture → the same request again, as it was or signed again.

use std::sync::Arc;

use jiff::Timestamp;

use super::keys::{Keyring, signing_secrets};
use super::request::{PreparedRequest, Recipient, Signing, check_https, complete};
use super::{ComposeError, ComposeNotice};
use crate::catalog::{Catalog, Provider, refresh, refresh_headers};
use crate::exchange::Recorded;
use crate::http::Destination;
use crate::model::{Headers, Id, RemoteText, Request, Secret, Verdict};
use crate::payload::{Edit, apply, apply_to_form, is_form};
use crate::view::redact::{self, TokenNames};

/// Headers that belong to one connection (RFC 9110, section 7.6.1), and what the new request says itself.
const HOP_BY_HOP: [&str; 11] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
    "content-length",
    "expect",
];

/// How captures are sent again, for any caller.
#[derive(Default)]
pub struct ReplayOptions {
    pub keep_path: bool,
    pub resign: bool,
    pub resign_unverified: bool,
    pub keep_credentials: bool,
    pub edits: Vec<Edit>,
    pub seed: Option<u64>,
    pub now: Option<Timestamp>,
    /// Replace those of the same name, or come on top.
    pub headers: Headers,
    pub method: Option<String>,
    pub allow_http: bool,
    /// The destination that is owed what is replayed, where one is: it has the sender's own path.
    pub owed_to: Option<String>,
}

/// Makes requests to one target out of captures.
pub struct Replayer<'c> {
    catalog: &'c Catalog,
    keyring: &'c dyn Keyring,
    options: &'c ReplayOptions,
    recipient: &'c Recipient,
    now: Timestamp,
    random: fastrand::Rng,
    test_secret: Option<ComposeNotice>,
    /// Names of credentials that were left out.
    dropped: Vec<String>,
    /// A body was changed and not signed again.
    keeps_signature: bool,
}

impl<'c> Replayer<'c> {
    pub fn new(
        catalog: &'c Catalog,
        keyring: &'c dyn Keyring,
        options: &'c ReplayOptions,
        recipient: &'c Recipient,
    ) -> Self {
        Self {
            catalog,
            keyring,
            options,
            recipient,
            now: options.now.unwrap_or_else(Timestamp::now),
            random: options
                .seed
                .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            test_secret: None,
            dropped: Vec::new(),
            keeps_signature: false,
        }
    }

    /// What is worth saying of what was made.
    pub fn notices(&self) -> Vec<ComposeNotice> {
        let dropped = (!self.dropped.is_empty()).then(|| ComposeNotice::CredentialsDropped {
            names: self.dropped.clone(),
            destination: self.recipient.destination.to_string(),
        });
        let kept = self.keeps_signature.then_some(ComposeNotice::SignatureKept);
        let test_secret = self.test_secret.iter().cloned();
        test_secret.chain(dropped).chain(kept).collect()
    }

    pub fn compose(&mut self, recorded: Recorded) -> Result<PreparedRequest, ComposeError> {
        // A provider that is there no more has nothing to say.
        let provider = recorded.provider.as_deref();
        let provider = provider.and_then(|name| self.catalog.provider(name).ok());
        let name = recorded
            .id
            .clone()
            .unwrap_or_else(|| "the request".to_owned());
        let mut destination = if self.options.keep_path {
            self.recipient
                .destination
                .with_path_of(&recorded.request.target)
        } else if self.options.owed_to.is_some() {
            self.recipient
                .destination
                .for_request(&recorded.request.target)
        } else {
            self.recipient.destination.clone()
        };
        if let Some(provider) = &provider {
            check_https(
                provider,
                &destination,
                self.recipient.is_loopback,
                self.options.allow_http,
            )?;
        }
        let mut headers: Headers = recorded
            .request
            .headers
            .iter()
            .filter(|(name, _)| !HOP_BY_HOP.iter().any(|hop| hop.eq_ignore_ascii_case(name)))
            .filter(|(name, _)| !connection_names(&recorded.request.headers, name))
            .collect();
        let mut body = recorded.request.body.to_vec();
        if redact::is_redacted(provider.as_deref(), &recorded.request) && !self.options.resign {
            return Err(ComposeError::Redacted { request: name });
        }
        let mut secrets: Vec<Secret> =
            redact::carried_secret(provider.as_deref(), &recorded.request)
                .into_iter()
                .collect();
        self.drop_credentials(provider.as_deref(), &mut headers, &mut body)?;
        if !self.options.edits.is_empty() {
            let text = std::str::from_utf8(&body).map_err(|_| ComposeError::NotText {
                request: name.clone(),
            })?;
            let edited = match headers.get("content-type") {
                Some(kind) if is_form(kind) => apply_to_form(text, &self.options.edits),
                _ => apply(text, &self.options.edits),
            };
            body = edited?.into_bytes();
            let scheme = provider
                .as_ref()
                .and_then(|provider| provider.signature.as_ref());
            let is_signed = scheme.is_some_and(|scheme| scheme.covers_body());
            self.keeps_signature |= is_signed && !self.options.resign;
        }
        let method = self
            .options
            .method
            .clone()
            .unwrap_or_else(|| recorded.request.method.clone());
        if self.options.resign {
            if recorded.verdict != Some(Verdict::Valid) && !self.options.resign_unverified {
                return Err(ComposeError::Unverified {
                    request: name,
                    verdict: recorded.verdict.unwrap_or(Verdict::Unchecked),
                });
            }
            let Some(provider) = &provider else {
                return Err(ComposeError::NoScheme { request: name });
            };
            secrets.extend(self.resign(
                provider,
                recorded.event.as_ref().map(RemoteText::unescaped),
                &mut destination,
                &method,
                &mut headers,
                &mut body,
            )?);
        }
        let mut request = complete(&destination, &method, headers, &self.options.headers, body);
        if self.options.owed_to.is_some() && !self.options.resign {
            // As a listener forwards it: the sender's own path and query, byte for byte.
            let asked = &recorded.request.target;
            request.target = self.recipient.destination.target_for_request(asked);
        }
        Ok(PreparedRequest {
            provider,
            event: recorded.event,
            variant: None,
            destination,
            request,
            secrets: secrets.into(),
            replay_of: recorded.id.and_then(|id| id.parse().ok()),
            schema: None,
            endpoint: self.recipient.endpoint.clone(),
            signed: self.options.resign,
            resumed_from: None,
            settles_forward_at: self.options.owed_to.clone(),
            wanted: None,
            faults: Vec::new(),
        })
    }

    /// Away from this machine, credentials and tokens stay behind.
    fn drop_credentials(
        &mut self,
        provider: Option<&Provider>,
        headers: &mut Headers,
        body: &mut Vec<u8>,
    ) -> Result<(), ComposeError> {
        if self.recipient.is_loopback || self.options.keep_credentials {
            return Ok(());
        }
        let held = Request {
            method: String::new(),
            target: String::new(),
            headers: headers.clone(),
            body: body.clone().into(),
        };
        let (_, redacted) = redact::request(
            provider,
            &held,
            &[],
            &TokenNames::of(provider.into_iter(), std::iter::empty()),
        );
        for name in redacted {
            if name.starts_with('/') {
                let text = String::from_utf8_lossy(body).into_owned();
                // A pointer that the redaction made.
                if let Ok(path) = name.parse() {
                    *body = apply(&text, &[Edit::Unset { path }])?.into_bytes();
                }
            } else {
                headers.remove(&name);
            }
            if !self.dropped.contains(&name) {
                self.dropped.push(name);
            }
        }
        Ok(())
    }

    /// Renews the declared timestamps and ids in body and headers, the token and the signature's headers; all other bytes stay.
    fn resign(
        &mut self,
        provider: &Arc<Provider>,
        event: Option<&str>,
        destination: &mut Destination,
        method: &str,
        headers: &mut Headers,
        body: &mut Vec<u8>,
    ) -> Result<Vec<Secret>, ComposeError> {
        let named = event.unwrap_or_default();
        // What is no JSON has no declared places; its signature is renewed anyway.
        if let Ok(text) = std::str::from_utf8(body)
            && let Ok(fresh) = refresh(provider, named, text, self.now, &mut self.random)
        {
            *body = fresh.into_bytes();
        }
        refresh_headers(provider, named, headers, self.now, &mut self.random);
        let Some(scheme) = &provider.signature else {
            return Ok(Vec::new());
        };
        let (secrets, notice) = signing_secrets(self.keyring, provider, self.recipient)?;
        self.test_secret = self.test_secret.take().or(notice);
        let id = format!("msg_{}", Id::delivery(self.now, &mut self.random).ulid);
        let signing = Signing {
            scheme,
            secrets: &secrets,
            method,
            id: &id,
            now: self.now,
        };
        signing.renew(destination, headers, body)?;
        Ok(secrets)
    }
}

/// Whether `Connection` names that header as its own.
fn connection_names(headers: &Headers, name: &str) -> bool {
    headers.all("connection").any(|value| {
        String::from_utf8_lossy(value)
            .split(',')
            .any(|token| token.trim().eq_ignore_ascii_case(name))
    })
}

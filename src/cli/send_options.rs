//! The flags for sending, as the options of the rooms that use them.

use super::replay::ReplayArgs;
use super::send::{DeliveryArgs, SendArgs};
use super::shared::TransportArgs;
use crate::compose::{ComposeOptions, ReplayOptions, SchemaRule, faults};
use crate::delivery::{Fault, Policy};
use crate::dispatch::DeliveryOptions;
use crate::http::TlsOptions;
use crate::model::{Headers, RandomSource};
use crate::payload::{EditTextError, read_edits};
use crate::view::redact::TokenNames;

/// Flags that say what cannot be.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    #[error(transparent)]
    Edit(#[from] EditTextError),
    /// A port or a URL where an event should be.
    #[error("`{0}` is not an event; did you mean `--url {0}`?")]
    Url(String),
    #[error("-H {0}: Content-Length is set automatically and cannot be overridden")]
    Framing(String),
}

impl TransportArgs {
    /// The headers that the user adds; those that frame the message are not theirs to say.
    pub fn own_headers(&self) -> Result<Headers, FlagError> {
        let mut headers = Headers::new();
        for header in &self.headers {
            if ["content-length", "transfer-encoding"]
                .iter()
                .any(|framing| header.name.eq_ignore_ascii_case(framing))
            {
                return Err(FlagError::Framing(header.name.clone()));
            }
            headers.push(&header.name, &header.value);
        }
        Ok(headers)
    }

    /// How TLS certificates are checked; an endpoint may trust any.
    pub fn tls(&self, trusts_any: bool) -> TlsOptions {
        TlsOptions {
            insecure: self.insecure || trusts_any,
            ca_file: self.cacert.clone(),
            ..TlsOptions::default()
        }
    }
}

impl SendArgs {
    /// `data` is the payload, where one is given.
    pub fn compose_options(&self, data: Option<Vec<u8>>) -> Result<ComposeOptions, FlagError> {
        let content = &self.content;
        let is_url = |word: &&String| {
            let port = word.strip_prefix(':').unwrap_or(word).split('/').next();
            word.contains("://") || port.is_some_and(|port| port.parse::<u16>().is_ok())
        };
        if let Some(word) = self.events.iter().find(is_url) {
            return Err(FlagError::Url(word.clone()));
        }
        Ok(ComposeOptions {
            message_id: None,
            data,
            edits: read_edits(&content.set, &content.set_string, &content.unset)?,
            platform: content.platform.clone(),
            any_platform: content.any_platform,
            verbatim: content.verbatim,
            form: content.form,
            seed: content.seed,
            now: content.now,
            schema: match (content.strict, self.fault.is_empty()) {
                (true, _) => SchemaRule::Refuse,
                (false, true) => SchemaRule::Warn,
                // A fault is no surprise.
                (false, false) => SchemaRule::Report,
            },
            unsigned: self.unsigned,
            headers: self.delivery.transport.own_headers()?,
            method: self.delivery.method.clone(),
            allow_http: self.delivery.transport.allow_http,
            faults: self.fault.clone(),
        })
    }
}

impl ReplayArgs {
    /// `owed_to` is the destination that the replayed captures are pending for, if there is one.
    pub fn replay_options(&self, owed_to: Option<String>) -> Result<ReplayOptions, FlagError> {
        Ok(ReplayOptions {
            keep_path: self.keep_path,
            resign: self.resign,
            resign_unverified: self.resign_unverified,
            keep_credentials: self.keep_credentials,
            edits: read_edits(&self.set, &self.set_string, &self.unset)?,
            seed: self.seed,
            now: self.now,
            headers: self.delivery.transport.own_headers()?,
            method: self.delivery.method.clone(),
            allow_http: self.delivery.transport.allow_http,
            owed_to,
        })
    }
}

impl DeliveryArgs {
    pub fn delivery_options(
        &self,
        policy: Option<Policy>,
        faults: &[Fault],
        tokens: TokenNames,
    ) -> DeliveryOptions {
        DeliveryOptions {
            retries: self.retries,
            backoff: self.backoff.clone().unwrap_or_default(),
            jitter: self.jitter.unwrap_or_default(),
            speed: self.speed.unwrap_or(1.0),
            policy,
            timeout: self.timeout.map(|timeout| timeout.0),
            late: faults::late(faults),
            is_measured: false,
            tokens,
            random: RandomSource::default(),
        }
    }
}

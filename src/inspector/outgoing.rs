//! What the page sends: the place it goes to is checked, and each request is recorded like one of the command line.

use axum::http::StatusCode;

use super::answers::ApiError;
use super::state::{Inspector, SendTarget};
use crate::compose::{ComposeError, PreparedRequest, Recipient, faults};
use crate::delivery::Fault;
use crate::dispatch::{DeliveryOptions, dispatch_quietly};
use crate::http::{Client, ClientOptions, Resolved, TlsOptions};
use crate::view::{DeliveryReport, delivery_report};

/// A place that may be sent to.
pub(super) struct Outgoing {
    pub(super) target: SendTarget,
    resolved: Resolved,
}

impl Outgoing {
    /// Finds out where a text leads. Another machine than those of the user's settings is asked for first, and any
    /// other than this one where what is sent may harm it.
    pub(super) async fn to(
        inspector: &Inspector,
        to: &str,
        is_confirmed: bool,
        may_harm: bool,
    ) -> Result<Self, ApiError> {
        let target = inspector.options.workbench.target(to);
        let target = target.map_err(ApiError::bad_request)?;
        Self::checked(target, is_confirmed, may_harm).await
    }

    /// Where a recorded delivery went: to its URL, with what the settings have for its endpoint now.
    pub(super) async fn of_record(
        inspector: &Inspector,
        url: &str,
        endpoint: Option<&str>,
        is_confirmed: bool,
    ) -> Result<Self, ApiError> {
        let workbench = &inspector.options.workbench;
        let own = endpoint.and_then(|name| workbench.target(name).ok());
        let by_url = workbench.target(url).map_err(ApiError::bad_request)?;
        let target = match own {
            Some(own) => SendTarget {
                destination: by_url.destination,
                ..own
            },
            None => by_url,
        };
        Self::checked(target, is_confirmed, false).await
    }

    async fn checked(
        target: SendTarget,
        is_confirmed: bool,
        may_harm: bool,
    ) -> Result<Self, ApiError> {
        let resolved = target.destination.resolve().await;
        let is_fine = resolved.is_loopback() || (target.is_known && !may_harm) || is_confirmed;
        if !is_fine {
            let why = match target.is_known {
                true => "a fault may harm it",
                false => "it is not in your settings",
            };
            let message = format!("{} is not this machine, and {why}", target.destination);
            return Err(ApiError::new(StatusCode::CONFLICT, "elsewhere", message));
        }
        Ok(Self { target, resolved })
    }

    pub(super) fn recipient(&self) -> Recipient {
        Recipient {
            destination: self.target.destination.clone(),
            endpoint: self.target.endpoint.clone(),
            chosen_by_user: self.target.chosen_by_user,
            has_own_scheme: self.target.has_own_scheme,
            is_loopback: self.resolved.is_loopback(),
        }
    }

    /// Sends one after the other, and says what became of each.
    pub(super) async fn send(
        self,
        inspector: &Inspector,
        requests: Vec<PreparedRequest>,
        sent_with: Vec<Fault>,
    ) -> Result<Vec<DeliveryReport>, ApiError> {
        let client = Client::new(
            self.resolved,
            &ClientOptions {
                tls: TlsOptions {
                    insecure: self.target.accepts_any_certificate,
                    ca_file: None,
                    ..TlsOptions::default()
                },
                shape: faults::shape(&sent_with),
            },
        );
        let client = client.map_err(|error| ApiError::bad_request(error.to_string()))?;
        let delivery = DeliveryOptions {
            tokens: inspector.options.tokens.clone(),
            late: faults::late(&sent_with),
            ..DeliveryOptions::default()
        };
        let store = inspector.options.store.clone();
        // What waits for a response is not moved between threads.
        let runtime = tokio::runtime::Handle::current();
        let sending = tokio::task::spawn_blocking(move || {
            let mut reports = Vec::with_capacity(requests.len());
            for prepared in &requests {
                let sending = dispatch_quietly(&client, Some(&*store), prepared, &delivery);
                let sent = runtime
                    .block_on(sending)
                    .map_err(|error| error.to_string())?;
                reports.push(delivery_report(&sent.record, prepared.provider.as_deref()));
            }
            Ok(reports)
        });
        let sent = sending.await.map_err(|error| error.to_string()).flatten();
        sent.map_err(|why: String| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_sent", why))
    }
}

/// Nothing was sent.
impl From<ComposeError> for ApiError {
    fn from(error: ComposeError) -> Self {
        let code = match &error {
            ComposeError::Unverified { .. } => "unverified",
            ComposeError::NoSecret { .. } => "no_secret",
            _ => "not_composed",
        };
        Self::new(StatusCode::CONFLICT, code, error.to_string())
    }
}

//! The server: which path leads where.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::state::{Inspector, InspectorOptions};
use super::{
    assets, captures, changes, compose, deliveries, exports, hardening, known, live, removal,
    replay, retry, stats, subscriptions, verify,
};
use crate::receiver::{BodyReader, Limits, serve_application};

/// A browser has a few connections; a body is a payload that was edited, or a request that was pasted.
fn limits() -> Limits {
    Limits {
        body_bytes: 32 << 20,
        connections: 256,
        buffered_bytes: 64 << 20,
        ..Limits::default()
    }
}

/// Serves the page and its API until `stop` resolves; then what is under way is answered, and streams end.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    options: InspectorOptions,
    stop: impl Future<Output = ()>,
) {
    let (tell, stopping) = watch::channel(false);
    let app = router(Arc::new(Inspector {
        options,
        verifications: Arc::new(Semaphore::new(verify::MOST_AT_ONCE)),
        streams: Arc::new(Semaphore::new(changes::MOST_STREAMS)),
        bodies: BodyReader::new(&limits()),
        stopping,
    }));
    let stop = async move {
        stop.await;
        tell.send_replace(true);
    };
    serve_application(listener, tls, limits(), app, stop).await;
}

fn router(inspector: Arc<Inspector>) -> Router {
    Router::new()
        .route("/api/status", get(known::status))
        .route("/api/fields", get(known::fields))
        .route("/api/captures", get(captures::list))
        .route("/api/captures/export", get(exports::export_all))
        .route("/api/captures/remove", post(removal::remove))
        .route("/api/captures/{id}", get(captures::show))
        .route("/api/captures/{id}/body", get(captures::body))
        .route(
            "/api/captures/{id}/verification",
            get(verify::of_capture).post(verify::of_capture_with),
        )
        .route("/api/captures/{id}/export", get(exports::export))
        .route("/api/captures/{id}/diff", get(exports::diff))
        .route("/api/captures/{id}/replay", post(replay::replay))
        .route("/api/event-types", get(compose::event_types))
        .route("/api/event-type", get(compose::event_type))
        .route("/api/faults", get(compose::fault_choices))
        .route("/api/validate", post(compose::validate))
        .route("/api/send", post(compose::send))
        .route("/api/verify", post(verify::of_pasted))
        .route("/api/rules", get(live::rules).put(live::set_rules))
        .route("/metrics", get(live::metrics))
        .route("/api/destinations", get(replay::destinations))
        .route("/api/deliveries", get(deliveries::list))
        .route("/api/deliveries/stats", get(stats::stats))
        .route("/api/deliveries/{id}/retry", post(retry::retry))
        .route("/api/deliveries/{id}", get(deliveries::show))
        .route("/api/subscriptions", get(subscriptions::list))
        .route(
            "/api/subscriptions/{number}/state",
            post(subscriptions::set_state),
        )
        .route(
            "/api/subscriptions/{number}/rotate",
            post(subscriptions::rotate),
        )
        .route(
            "/api/subscriptions/{number}/resend",
            post(subscriptions::resend),
        )
        .route("/api/events", get(changes::stream))
        .route("/api/openapi.json", get(assets::openapi))
        .route("/livez", get(known::is_alive))
        .route("/readyz", get(known::is_ready))
        .fallback(assets::serve)
        // They come whole, within their limits, from what is around this.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(
            inspector.clone(),
            hardening::check,
        ))
        .with_state(inspector)
}

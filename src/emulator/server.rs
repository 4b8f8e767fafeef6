//! The servers: one for each provider, on a port of its own, because most clients take no prefix of a path.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::api::{ApiAnswer, ApiRequest};
use super::control;
use super::deliver::Source;
use super::port::{Port, refused};
use super::snapshot::LONGEST_SNAPSHOT;
use super::state::{Emulated, Emulator, EmulatorOptions};
use crate::catalog::{Catalog, LookupError};
use crate::dispatch::{QueueOptions, QueueWorker};
use crate::model::Headers;
use crate::receiver::{BodyReader, Limits, SiteRefusal, SiteRules, only, serve_application};
use crate::store::{Store, StoreError};

/// Why providers cannot be emulated.
#[derive(Debug, thiserror::Error)]
pub enum EmulationError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("{title} cannot be emulated: its provider.toml has no [management] section")]
    NoManagement { title: String },
    #[error("{title} is named twice")]
    Twice { title: String },
}

/// Emulated providers, ready to be served.
pub struct Emulation {
    emulator: Arc<Emulator>,
    /// None where others make the deliveries.
    worker: Option<QueueWorker>,
}

/// The providers of these names.
///
/// # Errors
/// One is not known, cannot be emulated, or is named twice.
pub fn emulated(catalog: &Catalog, names: &[String]) -> Result<Vec<Emulated>, EmulationError> {
    let mut all: Vec<Emulated> = Vec::with_capacity(names.len());
    for name in names {
        let provider = catalog.provider(name)?;
        let title = provider.title.clone();
        if all.iter().any(|one| one.name() == provider.name) {
            return Err(EmulationError::Twice { title });
        }
        let one = Emulated::of(provider);
        all.push(one.ok_or(EmulationError::NoManagement { title })?);
    }
    Ok(all)
}

/// Prepares providers over what the store has of them.
///
/// # Errors
/// The store cannot be read.
pub async fn start(
    store: Arc<dyn Store>,
    catalog: Arc<Catalog>,
    providers: Vec<Emulated>,
    options: EmulatorOptions,
) -> Result<Emulation, StoreError> {
    let names = providers.iter().map(|one| one.name().to_owned());
    let source = Arc::new(Source::default());
    let queue_options = QueueOptions {
        most_under_way: options.most_under_way,
        providers: names.collect(),
        speed: options.speed,
        tokens: options.tokens.clone(),
        random: options.random.clone(),
    };
    let (worker, queue) = QueueWorker::new(store.clone(), source.clone(), queue_options);
    let emulator = Arc::new(Emulator::new(store, catalog, providers, options, queue));
    emulator.refresh().await?;
    emulator.count_waiting().await?;
    source.serve(&emulator);
    Ok(Emulation {
        emulator,
        worker: Some(worker),
    })
}

/// A provider's server: where it listens, and by which names it may be called.
pub struct Served {
    pub provider: String,
    pub listener: TcpListener,
}

impl Emulation {
    pub fn emulator(&self) -> &Arc<Emulator> {
        &self.emulator
    }

    /// Serves until `stop` resolves; attempts under way are waited for a moment, and what waits stays in the store.
    pub async fn serve(
        self,
        servers: Vec<Served>,
        sites: SiteRules,
        stop: impl Future<Output = ()>,
    ) {
        let (tell, stopping) = watch::channel(());
        let stopped = |mut stopping: watch::Receiver<()>| async move {
            let _ = stopping.changed().await;
        };
        let worker = self
            .worker
            .map(|worker| tokio::spawn(worker.run(stopped(stopping.clone()))));
        let mut serving = tokio::task::JoinSet::new();
        for Served { provider, listener } in servers {
            let app = router(Port {
                emulator: self.emulator.clone(),
                provider,
                sites: sites.clone(),
                bodies: BodyReader::new(&limits()),
            });
            let stop = stopped(stopping.clone());
            serving.spawn(serve_application(listener, None, limits(), app, stop));
        }
        stop.await;
        drop(tell);
        while serving.join_next().await.is_some() {}
        if let Some(worker) = worker {
            let _ = worker.await;
        }
    }

    /// Leaves the deliveries to others that work with the same store.
    pub fn without_worker(self) -> Self {
        Self {
            worker: None,
            ..self
        }
    }
}

fn limits() -> Limits {
    Limits {
        body_bytes: LONGEST_SNAPSHOT,
        connections: 512,
        buffered_bytes: 2 * LONGEST_SNAPSHOT,
        ..Limits::default()
    }
}

fn router(port: Port) -> Router {
    let port = Arc::new(port);
    Router::new()
        .nest("/_hookcli", control::router())
        .fallback(provider)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(port.clone(), check))
        .with_state(port)
}

/// Web pages get nothing, and bodies come whole.
async fn check(State(port): State<Arc<Port>>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let checked = port
        .sites
        .check(&head.method, &head.uri, &head.headers, true);
    if let Err(refusal) = checked {
        let why = match refusal {
            SiteRefusal::Host => {
                "the Host header is not localhost, a loopback address, or a name given with --api-host"
            }
            SiteRefusal::Origin => "the request is from a page of another origin",
            SiteRefusal::CrossSite => "the request is from another site",
        };
        return refused(StatusCode::FORBIDDEN, why);
    }
    let is_own = head.uri.path().starts_with("/_hookcli");
    if let Some(access) = port.emulator.options.access.as_ref().filter(|_| is_own) {
        let given = only(&head.headers, &header::AUTHORIZATION).unwrap_or_default();
        if !access.opens(given).await {
            return refused(
                StatusCode::UNAUTHORIZED,
                "the token is missing or wrong: send it as Authorization: Bearer",
            );
        }
    }
    match port.bodies.read(body).await {
        Ok((body, share)) => {
            let response = next.run(Request::from_parts(head, Body::from(body))).await;
            drop(share);
            response
        }
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status);
            let status = status.unwrap_or(StatusCode::BAD_REQUEST);
            let mut response = refused(status, refusal.why);
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
            response
        }
    }
}

/// All that is not hookcli's own is the provider's.
async fn provider(State(port): State<Arc<Port>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(emulated) = port.emulator.emulated_of(&port.provider) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let target = head.uri.path_and_query();
    let request = ApiRequest {
        method: head.method.as_str().to_owned(),
        target: target.map_or("/", |target| target.as_str()).to_owned(),
        headers: Headers::from(&head.headers),
        body: body.to_vec(),
    };
    respond(port.emulator.answer(emulated, request).await)
}

fn respond(answer: ApiAnswer) -> Response {
    let ApiAnswer {
        status,
        headers,
        body,
    } = answer;
    let has_body = body.is_some();
    let mut response = Response::new(Body::from(body.unwrap_or_default()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if has_body {
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    for (name, value) in headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

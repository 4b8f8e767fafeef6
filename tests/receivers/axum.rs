//! Rust's axum: the body as bytes, verified before it is parsed.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

type Done = Arc<Mutex<HashSet<String>>>;

async fn hook(State(done): State<Done>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let secret = std::env::var("SECRET").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(&body);
    let given = headers
        .get("x-agentclara-signature")
        .and_then(|value| hex::decode(value).ok());
    if given.is_none_or(|given| mac.verify_slice(&given).is_err()) {
        return StatusCode::UNAUTHORIZED;
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_err() {
        return StatusCode::BAD_REQUEST;
    }
    // A number that no float holds, or half an emoji, is JSON all the same.
    let event: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = event["data"]["message_id"].as_str().map(str::to_owned);
    let id = id.unwrap_or_else(|| hex::encode(Sha256::digest(&body)));
    done.lock().unwrap().insert(id);
    StatusCode::OK
}

async fn effects(State(done): State<Done>, Query(query): Query<HashMap<String, String>>) -> String {
    let done = done.lock().unwrap();
    match query.get("id") {
        Some(id) => u8::from(done.contains(id)).to_string(),
        None => done.len().to_string(),
    }
}

#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/hook", post(hook))
        .route("/effects", get(effects))
        .layer(DefaultBodyLimit::max(10 << 20))
        .with_state(Done::default());
    let port = std::env::var("PORT").unwrap_or_else(|_| "0".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    println!("http://{}/hook", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

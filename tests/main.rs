//! The manual, as tests: the real binary, real sockets, no sleeps, no network, no clock.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bytes;
mod captures;
mod catalog;
mod check;
mod contract;
mod curl;
mod demo;
mod durability;
mod events;
mod expect;
mod faults;
mod forwarding;
mod handshakes;
mod house;
mod imports;
mod init;
mod lab;
mod library;
mod limits;
mod listen;
mod load;
mod log;
mod readme;
mod replay;
mod replies;
mod retention;
mod retries;
mod schemes;
mod secrets;
mod seeing;
mod send;
mod settings;
mod shell;
mod sign_verify;
mod store_contract;
mod strength;
mod support;
mod terminal;
mod tls;
mod trust;
mod tunnel;
mod vectors;
mod voice;
mod wire;

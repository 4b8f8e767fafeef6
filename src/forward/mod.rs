//! Forwarding: where a received request goes on to, and what of it travels. Pure, but for a target's health.

mod browser;
mod passing;

pub use browser::{OwnHosts, is_from_web_page};
pub use passing::{Health, answer_headers, onward};

//! `listen`'s flags, as the options of the rooms that use them.

use std::sync::Arc;

use super::listen::{Detail, DisplayArgs, ExpectArgs, ForwardArgs, ListenArgs, ResponseArgs};
use crate::dispatch::{DeliveryOptions, Retries};
use crate::expect::Expectations;
use crate::forward::RouterOptions;
use crate::ingest::{Responder, ResponseOptions, ResponseRule};
use crate::model::RandomSource;
use crate::receiver::Limits;
use crate::view::redact::TokenNames;
use crate::view::{ReceivedDetail, ReceivedFilter};

impl ListenArgs {
    pub fn limits(&self) -> Limits {
        let bytes = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Limits {
            body_bytes: bytes(self.max_body),
            head_bytes: bytes(self.max_head),
            head_time: self.head_timeout,
            body_time: self.body_timeout,
            write_time: self.write_timeout,
            connections: self.max_connections as usize,
            buffered_bytes: bytes(self.max_buffered),
            ..Limits::default()
        }
    }

    /// How much is shown of each request.
    pub fn detail(&self, verbose: u8) -> ReceivedDetail {
        let shows = |detail: Detail| self.display.show.contains(&detail);
        ReceivedDetail {
            headers: verbose > 0 || shows(Detail::Headers),
            body: verbose > 1 || shows(Detail::Body),
            diff: shows(Detail::Diff),
            bytes: self.body,
            reveal: self.reveal,
        }
    }
}

impl DisplayArgs {
    pub fn filter(&self) -> ReceivedFilter {
        ReceivedFilter {
            events: self.show_only.clone(),
            verdict: self.show_verdict,
            condition: self.show_where.clone(),
        }
    }
}

impl ResponseArgs {
    /// What is answered on purpose; none where nothing but the ordinary is. Rules of files that are watched may come
    /// later.
    pub fn responder(&self, rules: Vec<ResponseRule>, is_watched: bool) -> Option<Arc<Responder>> {
        let fallback = self.rule();
        let wanted = is_watched || !rules.is_empty() || fallback.is_some() || self.status_paths;
        wanted.then(|| {
            Arc::new(Responder::new(ResponseOptions {
                rules,
                fallback,
                always: self.respond_always,
                status_paths: self.status_paths,
                random: RandomSource::default(),
            }))
        })
    }

    /// A rule that fits everything; none where no flag says one.
    fn rule(&self) -> Option<ResponseRule> {
        let is_given = self.respond.is_some()
            || self.respond_body.is_some()
            || !self.respond_header.is_empty()
            || self.delay.is_some();
        let headers = self.respond_header.iter();
        is_given.then(|| ResponseRule {
            respond: self.respond.clone(),
            respond_per: self.respond_per,
            body: self.respond_body.clone(),
            headers: headers
                .map(|header| (header.name.clone(), header.value.clone()))
                .collect(),
            delay: self.delay,
            ..ResponseRule::default()
        })
    }
}

impl ForwardArgs {
    pub fn router_options(&self, tokens: TokenNames) -> RouterOptions {
        let retries = self.forward_retries;
        RouterOptions {
            delivery: DeliveryOptions {
                retries: (retries > 0).then_some(Retries::Count(retries)),
                timeout: self.forward_timeout.map(|timeout| timeout.0),
                tokens,
                ..DeliveryOptions::default()
            },
            ordered: self.ordered,
            answers_first: self.forward_async,
            leaves_to_workers: self.no_worker,
            allow_browser: self.allow_browser,
        }
    }
}

impl ExpectArgs {
    pub fn expectations(&self) -> Expectations {
        Expectations {
            events: self.expect.clone(),
            valid: self.expect_valid,
            max: self.max,
            until: self.until.clone(),
        }
    }
}

//! What a signature may cover besides the body.

use crate::model::{Headers, Request};

/// What a signature may cover besides the body.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    pub method: &'a str,
    /// The URL as the sender knows it, where it is known.
    pub url: Option<&'a str>,
    pub headers: &'a Headers,
}

impl<'a> Envelope<'a> {
    /// A request's own; `url` is what the sender called it by.
    pub fn of(request: &'a Request, url: Option<&'a str>) -> Self {
        Self {
            method: &request.method,
            url,
            headers: &request.headers,
        }
    }
}

/// The URL that the sender called, for schemes that sign it: what `public` says, else what the request
/// says of itself. A `public` URL without a path is the URL of the server, else that of the request.
pub fn signed_url(public: Option<&str>, is_https: bool, request: &Request) -> Option<String> {
    let Some(public) = public else {
        return request.url(is_https);
    };
    let behind_scheme = public.split_once("://").map_or(public, |(_, rest)| rest);
    Some(match behind_scheme.trim_end_matches('/').contains('/') {
        false => format!("{}{}", public.trim_end_matches('/'), request.target),
        true if public.contains('?') => public.to_owned(),
        true => match request.target.split_once('?') {
            Some((_, query)) => format!("{public}?{query}"),
            None => public.to_owned(),
        },
    })
}

//! The URL that was signed was another than the one that was verified: a proxy stood in between, or something wrote it
//! in another way. What proxies say of it are candidates here, and never part of a verdict: anybody can send them.

use super::super::Envelope;
use super::super::content::other_port_form;
use super::{Finding, Subject, finding, replaced};
use percent_encoding::percent_decode_str;

/// The headers in which proxies hand on the host that was called.
const HOSTS: [&str; 5] = [
    "x-forwarded-host",
    "x-original-host",
    "x-forwarded-server",
    "x-host",
    "host",
];
/// The headers in which proxies hand on the path and query, or the URL, that was called.
const PATHS: [&str; 6] = [
    "x-original-url",
    "x-original-uri",
    "x-forwarded-uri",
    "x-forwarded-path",
    "x-rewrite-url",
    "x-envoy-original-path",
];
/// More candidates than these are not tried.
const MOST_URLS: usize = 2_000;

impl Subject<'_> {
    /// A URL is signed, and another one was.
    pub(super) fn other_url(&self) -> Option<Finding> {
        let url = self.envelope.url.filter(|_| self.scheme.signs_url())?;
        let (scheme, rest) = url.split_once("://")?;
        let other = if scheme == "http" { "https" } else { "http" };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let mut bases = Vec::new();
        for path in self.paths(path) {
            for host in self.hosts(authority) {
                for scheme in [scheme, other] {
                    bases.push(format!("{scheme}://{host}{path}"));
                }
            }
        }
        let mut candidates = bases;
        let trimmed: Vec<String> = candidates.iter().flat_map(|url| other_end(url)).collect();
        candidates.extend(trimmed);
        let ported: Vec<String> = candidates
            .iter()
            .filter_map(|url| other_port_form(url))
            .collect();
        candidates.extend(ported);
        let spelled: Vec<String> = candidates
            .iter()
            .flat_map(|url| other_spelling(url))
            .collect();
        candidates.extend(spelled);
        let found = candidates.into_iter().take(MOST_URLS).find(|candidate| {
            let envelope = Envelope {
                url: Some(candidate),
                ..self.envelope
            };
            candidate != url && Subject { envelope, ..*self }.matches()
        })?;
        finding(
            "url_differs",
            format!(
                "the signed URL is {found}, but {url} was verified: behind a proxy, pass the URL that the sender calls with --public-url"
            ),
        )
    }

    /// The first value of a header of a proxy: the one nearest to the sender.
    fn first_value(&self, name: &str) -> Option<String> {
        let value = String::from_utf8_lossy(self.envelope.headers.get(name)?).into_owned();
        let first = value.split(',').next()?.trim().trim_matches('"');
        (!first.is_empty()).then(|| first.to_owned())
    }

    /// The host that `Forwarded` names first (RFC 7239).
    fn forwarded_host(&self) -> Option<String> {
        let first = self.first_value("forwarded")?;
        first.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            name.eq_ignore_ascii_case("host")
                .then(|| value.trim_matches('"').to_owned())
        })
    }

    /// The hosts that may have been called, with their ports.
    fn hosts(&self, authority: &str) -> Vec<String> {
        let mut hosts = vec![authority.to_owned()];
        hosts.extend(self.forwarded_host());
        hosts.extend(HOSTS.iter().filter_map(|name| self.first_value(name)));
        if let Some(port) = self.first_value("x-forwarded-port") {
            let with_port: Vec<String> = hosts
                .iter()
                .map(|host| format!("{}:{port}", without_port(host)))
                .collect();
            hosts.extend(with_port);
        }
        let bare: Vec<String> = hosts
            .iter()
            .map(|host| without_port(host).to_owned())
            .collect();
        hosts.extend(bare);
        distinct(hosts)
    }

    /// The paths, with their queries, that may have been called.
    fn paths(&self, path: &str) -> Vec<String> {
        let mut paths = vec![path.to_owned()];
        for given in PATHS.iter().filter_map(|name| self.first_value(name)) {
            let given = match given.split_once("://") {
                Some((_, rest)) => rest[rest.find('/').unwrap_or(rest.len())..].to_owned(),
                None => given,
            };
            if given.starts_with('/') {
                if let (false, Some((_, query))) = (given.contains('?'), path.split_once('?')) {
                    paths.push(format!("{given}?{query}"));
                }
                paths.push(given);
            }
        }
        if let Some(prefix) = self.first_value("x-forwarded-prefix") {
            paths.push(format!("{}{path}", prefix.trim_end_matches('/')));
        }
        distinct(paths)
    }
}

/// Each of them once, the first ones first.
fn distinct(all: Vec<String>) -> Vec<String> {
    let all: indexmap::IndexSet<String> = all.into_iter().collect();
    all.into_iter().collect()
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => bare,
        _ => host,
    }
}

/// The URL with a slash more or less behind its path, and without its query.
fn other_end(url: &str) -> Vec<String> {
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (url, None),
    };
    let other = match path.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{path}/"),
    };
    match query {
        Some(query) => vec![format!("{other}?{query}"), path.to_owned(), other],
        None => vec![other],
    }
}

/// The URL written in another way: without its fragment, its query in another order or with other escapes, and its path
/// with others.
fn other_spelling(url: &str) -> Vec<String> {
    let mut all = Vec::new();
    let without_fragment = url.split('#').next().unwrap_or(url);
    if without_fragment != url {
        all.push(without_fragment.to_owned());
    }
    let start = without_fragment
        .find("://")
        .and_then(|at| Some(at + 3 + without_fragment[at + 3..].find('/')?))
        .unwrap_or(without_fragment.len());
    let (origin, rest) = without_fragment.split_at(start);
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let tail = query.map_or_else(String::new, |query| format!("?{query}"));
    let mut paths = other_escapes(path);
    paths.push(escaped_path(path));
    all.extend(
        paths
            .into_iter()
            .filter(|other| other != path)
            .map(|path| format!("{origin}{path}{tail}")),
    );
    let Some(query) = query else {
        return all;
    };
    let path = format!("{origin}{path}");
    let mut pairs: Vec<&str> = query.split('&').collect();
    if (2..=MOST_ORDERED).contains(&pairs.len()) {
        let mut orders = Vec::new();
        permutations(&mut pairs.clone(), 0, &mut orders);
        all.extend(
            orders
                .iter()
                .map(|pairs| format!("{path}?{}", pairs.join("&"))),
        );
    } else {
        pairs.sort_unstable();
        all.push(format!("{path}?{}", pairs.join("&")));
    }
    all.extend(
        other_escapes(query)
            .into_iter()
            .map(|query| format!("{path}?{query}")),
    );
    all
}

/// Pairs of ways in which one character is written.
const ESCAPES: [(&str, &str); 13] = [
    ("+", "%20"),
    (" ", "%20"),
    ("%2B", "+"),
    ("%2C", ","),
    ("%3A", ":"),
    ("%2F", "/"),
    ("%40", "@"),
    ("%5B", "["),
    ("%5D", "]"),
    ("%7E", "~"),
    ("%7C", "|"),
    ("%27", "'"),
    ("%2A", "*"),
];

/// A path or query with one kind of escape written in the other way, all in the other case, or all undone.
fn other_escapes(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (one, other) in ESCAPES {
        let lower = one.to_ascii_lowercase();
        for (from, to) in [(one, other), (lower.as_str(), other), (other, one)] {
            // A slash parts a path: it is escaped nowhere.
            if text.contains(from) && from != "/" {
                let changed = replaced(text.as_bytes(), from.as_bytes(), to.as_bytes());
                all.push(String::from_utf8_lossy(&changed).into_owned());
            }
        }
    }
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    if decoded != text {
        all.push(decoded.into_owned());
    }
    let mut upper = text.to_owned();
    let mut lower = text.to_owned();
    for (at, _) in text.match_indices('%') {
        if let Some(escape) = text.get(at..at + 3) {
            upper.replace_range(at..at + 3, &escape.to_ascii_uppercase());
            lower.replace_range(at..at + 3, &escape.to_ascii_lowercase());
        }
    }
    all.extend([upper, lower].into_iter().filter(|other| other != text));
    all
}

/// A path with what must be escaped in it escaped, as the URL standard says.
fn escaped_path(path: &str) -> String {
    let base = url::Url::parse("http://host");
    base.and_then(|base| base.join(path))
        .map_or_else(|_| path.to_owned(), |url| url.path().to_owned())
}

/// A query of more parameters is tried sorted alone.
const MOST_ORDERED: usize = 5;

fn permutations<'q>(pairs: &mut Vec<&'q str>, fixed: usize, out: &mut Vec<Vec<&'q str>>) {
    if fixed + 1 >= pairs.len() {
        out.push(pairs.clone());
        return;
    }
    for other in fixed..pairs.len() {
        pairs.swap(fixed, other);
        permutations(pairs, fixed + 1, out);
        pairs.swap(fixed, other);
    }
}

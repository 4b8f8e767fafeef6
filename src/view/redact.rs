//! The one place that hides what a request or an answer carries and no one should see: credentials, and the
//! secret where a scheme puts it into the request itself. Wherever it may stand: a header, a cookie, a body's path
//! or key, a form, the query, a URL's user. It takes time in proportion to what it reads.

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use crate::catalog::Provider;
use crate::model::{
    Decoded, Headers, MAX_DECODED_BYTES, REDACTED, RemoteText, Request, Secret, decode_body,
    redact_occurrences,
};
use crate::payload::{Document, Path, Value, splice};
use crate::signature::{Envelope, Scheme, carried};

/// Headers that hold credentials from any sender.
const CREDENTIALS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "api-key",
    "x-auth-token",
    "x-access-token",
];

/// Parameters of a query that hold credentials from any sender.
const PARAMETERS: [&str; 8] = [
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "client_secret",
    "password",
    "secret",
    "token",
];

/// How often a body is unpacked to look at what it holds.
const MOST_LAYERS: usize = 3;
/// A secret that is shorter is redacted where it is meant as one, and not in every text that happens to hold it.
const SHORTEST_KNOWN: usize = 8;

fn is_credential(name: &str) -> bool {
    let mut credentials = CREDENTIALS.iter();
    credentials.any(|credential| name.eq_ignore_ascii_case(credential))
}

/// Where providers' secrets stand in requests, from any provider: keys of a body, a form or a query, and
/// headers.
#[derive(Clone, Debug, Default)]
pub struct TokenNames {
    keys: Vec<String>,
    headers: Vec<String>,
    /// Finds the keys; none where there are none.
    finder: Option<AhoCorasick>,
    /// Secrets that are known here: redacted wherever they occur.
    secrets: Vec<Secret>,
}

impl TokenNames {
    /// Those of the providers, and of schemes that no provider has.
    pub fn of<'p>(
        providers: impl Iterator<Item = &'p Provider>,
        others: impl Iterator<Item = &'p Scheme>,
    ) -> Self {
        let mut names = Self::default();
        for provider in providers {
            if let Some(scheme) = &provider.signature {
                names.add(scheme);
            }
            for handshake in &provider.handshakes {
                let brought = handshake.secret_header();
                names.headers.extend(brought.map(str::to_owned));
                let (header, key) = handshake.token_place();
                names.headers.extend(header);
                names.keys.extend(key);
            }
        }
        others.for_each(|scheme| names.add(scheme));
        names.keys.sort();
        names.keys.dedup();
        names.finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&names.keys)
            .ok()
            .filter(|_| !names.keys.is_empty());
        names
    }

    /// And these secrets, wherever they occur.
    pub fn with_secrets(mut self, secrets: impl Iterator<Item = Secret>) -> Self {
        self.secrets = secrets
            .filter(|secret| secret.expose().len() >= SHORTEST_KNOWN)
            .collect();
        self
    }

    /// Those of [`Self::with_secrets`].
    pub fn secrets(&self) -> impl Iterator<Item = Secret> {
        self.secrets.iter().cloned()
    }

    fn known(&self, more: &[Secret]) -> Vec<Secret> {
        self.secrets.iter().chain(more).cloned().collect()
    }

    fn add(&mut self, scheme: &Scheme) {
        if !scheme.sends_secret() {
            return;
        }
        self.headers.extend(scheme.header.iter().map(str::to_owned));
        let path = scheme.body.as_ref();
        self.keys
            .extend(path.and_then(|path| path.steps().last().cloned()));
        self.keys.extend(scheme.form.clone());
        self.keys.extend(scheme.query.clone());
    }

    fn has_header(&self, name: &str) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|header| header.eq_ignore_ascii_case(name))
    }

    fn has_key(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.eq_ignore_ascii_case(name))
    }
}

/// A copy of the request without its secrets, and the names of what was redacted: of a parameter of the query
/// with `?` in front. `known` are secrets that are redacted wherever they occur, and so is what the request itself
/// carries as its credentials.
pub fn request(
    provider: Option<&Provider>,
    request: &Request,
    known: &[Secret],
    tokens: &TokenNames,
) -> (Request, Vec<String>) {
    let mut known = tokens.known(known);
    known.extend(credentials_in(provider, request, tokens));
    let known = &known;
    let mut redacted = Vec::new();
    let scheme = provider
        .and_then(|provider| provider.signature.as_ref())
        .filter(|scheme| scheme.sends_secret());
    let mut headers = Headers::new();
    for (name, value) in request.headers.iter() {
        let is_token = scheme.is_some_and(|scheme| scheme.is_carried_by(name));
        if is_token || tokens.has_header(name) || is_credential(name) {
            redacted.push(name.to_ascii_lowercase());
            headers.push(name, REDACTED);
        } else {
            headers.push(
                name,
                header_value(&redact_occurrences(value, known), tokens),
            );
        }
    }
    let path = scheme.and_then(|scheme| scheme.body.as_ref());
    let mut body = request.body.clone();
    // Packed, a token would be hidden from the redaction, and not from the reader.
    if let Some(plain) = unpacked(&request.headers, &body)
        && (path.is_some_and(|path| without_token(&plain, path).is_some())
            || redact_body(&plain, tokens).is_some()
            || redact_occurrences(&plain, known) != plain)
    {
        headers.remove("content-encoding");
        body = plain.into();
    }
    if let Some(path) = path
        && let Some(without) = without_token(&body, path)
    {
        redacted.push(path.to_string());
        body = without.into();
    }
    // Whoever it is from, and whether it is JSON or not: a token's name is enough.
    if let Some((without, key)) = redact_body(&body, tokens) {
        if redacted.is_empty() || path.is_none() {
            redacted.push(key);
        }
        body = without.into();
    }
    if !known.is_empty() {
        let without = redact_occurrences(&body, known);
        if without != body {
            body = without.into();
        }
    }
    let own = scheme.and_then(|scheme| scheme.query.as_deref());
    let (target, parameters) = redact_query(&redact_text(&request.target, known), own, tokens);
    redacted.extend(parameters.into_iter().map(|name| format!("?{name}")));
    (
        Request {
            method: request.method.clone(),
            target,
            headers,
            body,
        },
        redacted,
    )
}

/// The values that a request carries where credentials stand: they may stand elsewhere in it, too.
fn credentials_in(
    provider: Option<&Provider>,
    request: &Request,
    tokens: &TokenNames,
) -> Vec<Secret> {
    let mut found: Vec<Secret> = carried_secret(provider, request).into_iter().collect();
    for (name, value) in request.headers.iter() {
        if tokens.has_header(name) || is_credential(name) {
            // `Bearer token`, `Basic credentials` (RFC 9110, section 11.4).
            let scheme = value.iter().position(|byte| *byte == b' ');
            let bare = scheme.map(|at| &value[at + 1..]);
            found.extend(bare.map(Secret::new));
            found.push(Secret::new(value));
        }
    }
    found.retain(|secret| {
        let secret = secret.expose();
        secret.len() >= SHORTEST_KNOWN && secret != REDACTED.as_bytes()
    });
    found
}

/// What a body says once it is unpacked: its content coding, layers of gzip that no header names, UTF-16. None
/// where it is plain.
fn unpacked(headers: &Headers, body: &[u8]) -> Option<Vec<u8>> {
    let mut plain = match decode_body(headers, body, MAX_DECODED_BYTES) {
        Decoded::Plain { body, .. } => Some(body),
        Decoded::Identity | Decoded::Unreadable => None,
    };
    let mut gzip = Headers::new();
    gzip.push("content-encoding", "gzip");
    for _ in 0..MOST_LAYERS {
        let packed = plain.as_deref().unwrap_or(body);
        if !packed.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        match decode_body(&gzip, packed, MAX_DECODED_BYTES) {
            Decoded::Plain { body, .. } => plain = Some(body),
            Decoded::Identity | Decoded::Unreadable => break,
        }
    }
    let bytes = plain.as_deref().unwrap_or(body);
    utf16_text(bytes).map(String::into_bytes).or(plain)
}

/// UTF-16 with a byte order mark, or ASCII in it without one.
fn utf16_text(bytes: &[u8]) -> Option<String> {
    let (is_little, rest) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        [first, 0, _, 0, ..] if *first != 0 => (true, bytes),
        [0, second, 0, _, ..] if *second != 0 => (false, bytes),
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| match (is_little, pair) {
        (true, [low, high]) => u16::from_le_bytes([*low, *high]),
        (_, [high, low]) => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    Some(
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or('\u{fffd}'))
            .collect(),
    )
}

/// A header's value without a URL's user, and without the credentials in a query or behind a name.
fn header_value(value: &[u8], tokens: &TokenNames) -> Vec<u8> {
    if !value.contains(&b'=') && memmem::find(value, b"://").is_none() {
        return value.to_vec();
    }
    let Ok(text) = std::str::from_utf8(value) else {
        return without_user(value);
    };
    redact_query(text, None, tokens).0.into_bytes()
}

/// The target of a request, or a URL, without the credentials in its query and of its user.
pub fn target(target: &str, tokens: &TokenNames) -> String {
    redact_query(&redact_text(target, &tokens.secrets), None, tokens).0
}

/// An answer's headers and body without secrets.
pub fn response(headers: &Headers, body: &[u8], tokens: &TokenNames) -> (Headers, Vec<u8>) {
    let known = &tokens.secrets;
    let redacted = headers.iter().map(|(name, value)| {
        if tokens.has_header(name) || is_credential(name) {
            (name, REDACTED.into())
        } else {
            (
                name,
                header_value(&redact_occurrences(value, known), tokens),
            )
        }
    });
    let mut shown: Headers = redacted.collect();
    let without = |body: &[u8]| {
        let redacted =
            redact_body(body, tokens).map_or_else(|| body.to_vec(), |(redacted, _)| redacted);
        redact_occurrences(&redacted, known)
    };
    if let Some(plain) = unpacked(headers, body) {
        let redacted = without(&plain);
        if redacted != plain {
            shown.remove("content-encoding");
            return (shown, redacted);
        }
    }
    (shown, without(body))
}

/// Text in which credentials may stand as a URL's user or in its query, as in an error.
pub fn remote_text(text: &RemoteText, tokens: &TokenNames) -> RemoteText {
    let redacted = without_user(text.unescaped().as_bytes());
    let redacted = redact_occurrences(&redacted, &tokens.secrets);
    let redacted = redact_keys(&redacted, tokens).map_or(redacted, |(redacted, _)| redacted);
    String::from_utf8_lossy(&redacted).into_owned().into()
}

/// Redacts the values of parameters that hold secrets, and a URL's user; also says which parameters.
fn redact_query(target: &str, own: Option<&str>, tokens: &TokenNames) -> (String, Vec<String>) {
    let target = String::from_utf8_lossy(&without_user(target.as_bytes())).into_owned();
    let Some((path, query)) = target.split_once('?') else {
        return (target, Vec::new());
    };
    let (query, redacted) = redact_pairs(query, tokens, |name| {
        own == Some(name)
            || PARAMETERS
                .iter()
                .any(|parameter| name.eq_ignore_ascii_case(parameter))
    });
    (format!("{path}?{query}"), redacted)
}

/// Redacts the values of a form or a query whose names hold secrets, however they are written: `a[token]`, `a.token`,
/// percent-encoded; or whose values are texts that do. `more` are names besides.
fn redact_pairs(
    pairs: &str,
    tokens: &TokenNames,
    more: impl Fn(&str) -> bool,
) -> (String, Vec<String>) {
    let mut redacted = Vec::new();
    let mut out = String::with_capacity(pairs.len());
    for piece in pairs.split_inclusive(['&', ';', '#']) {
        let (pair, end) = match piece.strip_suffix(['&', ';', '#']) {
            Some(pair) => (pair, &piece[pair.len()..]),
            None => (piece, ""),
        };
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| -> String {
            let pair = format!("v={text}");
            let mut decoded = url::form_urlencoded::parse(pair.as_bytes());
            decoded
                .next()
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let decoded = decode(name);
        let last = decoded
            .split(['[', ']', '.'])
            .rfind(|part| !part.is_empty())
            .unwrap_or_default();
        let is_name = |name: &str| tokens.has_key(name) || more(name);
        let is_secret = !value.is_empty()
            && (is_name(&decoded)
                || is_name(last)
                || value.contains('%') && redact_body(decode(value).as_bytes(), tokens).is_some());
        if is_secret && value != REDACTED {
            out += &format!("{name}={REDACTED}{end}");
            redacted.push(decoded);
        } else {
            out += piece;
        }
    }
    (out, redacted)
}

/// Text with `***` for the user of each URL in it (`https://user:password@host`).
fn without_user(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memmem::find(rest, b"://") {
        let (before, after) = rest.split_at(at + 3);
        out.extend_from_slice(before);
        let end = after
            .iter()
            .position(|byte| b"/?#\\\"'<> \t\r\n".contains(byte))
            .unwrap_or(after.len());
        let authority = &after[..end];
        match authority.iter().rposition(|byte| *byte == b'@') {
            Some(user) => {
                out.extend_from_slice(b"***");
                out.extend_from_slice(&authority[user..]);
            }
            None => out.extend_from_slice(authority),
        }
        rest = &after[end..];
    }
    out.extend_from_slice(rest);
    out
}

/// A JSON body with its token redacted, however its key is written; none where it has no token.
fn without_token(body: &[u8], path: &Path) -> Option<Vec<u8>> {
    let document = Document::parse(body).ok()?;
    let found = document.get_all(path);
    replaced(body, found.iter().map(Value::range))
}

/// Redacts the values of any of the names in a body: as a key of JSON, however it is written, else in any
/// text. Also says which name it was; none where there is nothing left to redact.
fn redact_body(body: &[u8], tokens: &TokenNames) -> Option<(Vec<u8>, String)> {
    let finder = tokens.finder.as_ref()?;
    // Most bodies have none of the names, and no escape that one could be written with.
    let is_escaped = memmem::find(body, b"\\u").is_some() || body.contains(&b'%');
    if !finder.is_match(body) && !is_escaped {
        return None;
    }
    if let Some(pairs) = form_text(body) {
        let (redacted, mut names) = redact_pairs(pairs, tokens, |_| false);
        if let Some(name) = names.pop() {
            return Some((redacted.into_bytes(), name));
        }
    }
    let mut hit = None;
    let mut out = None;
    if let Ok(document) = Document::parse(body) {
        let mut ranges = Vec::new();
        let mut open: Vec<Value<'_>> = vec![document.root()];
        while let Some(value) = open.pop() {
            for child in value.children() {
                match child.key().filter(|key| tokens.has_key(key)) {
                    Some(_) if child.raw() == format!("\"{REDACTED}\"") => {}
                    Some(key) => {
                        hit = Some(key.into_owned());
                        ranges.push(child.range());
                    }
                    None => open.push(child),
                }
            }
        }
        ranges.sort_by_key(|range| range.start);
        out = replaced(body, ranges.into_iter());
    }
    let text = redact_keys(out.as_deref().unwrap_or(body), tokens);
    match (out, text) {
        (_, Some((text, key))) => Some((text, hit.unwrap_or(key))),
        (Some(out), None) => Some((out, hit?)),
        (None, None) => None,
    }
}

/// A body that is a form, by its looks (WHATWG URL, `application/x-www-form-urlencoded`).
fn form_text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let is_form = text.contains('=')
        && !text.starts_with(['{', '[', '<', '-', '"'])
        && !text.contains(['\n', ' ', '"', '<', '{']);
    is_form.then_some(text)
}

/// JSON with these of its values redacted; none where there are none.
fn replaced(body: &[u8], ranges: impl Iterator<Item = std::ops::Range<usize>>) -> Option<Vec<u8>> {
    let replacement = format!("\"{REDACTED}\"");
    let replacements: Vec<_> = ranges.map(|range| (range, replacement.clone())).collect();
    if replacements.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(body);
    Some(splice(&text, replacements).into_bytes())
}

/// Redacts the value after any of the keys in any text: JSON that is incomplete, nested or quoted, a form, XML.
/// Also says which key it was; none where there is nothing left to redact.
fn redact_keys(text: &[u8], tokens: &TokenNames) -> Option<(Vec<u8>, String)> {
    let finder = tokens.finder.as_ref()?;
    let mut hit = None;
    let mut out = Vec::new();
    let mut copied = 0;
    let mut ahead = Ahead::default();
    for found in finder.find_iter(text) {
        // What stands within a value that was redacted already is gone.
        if found.start() < copied || !is_whole_word(text, found.range()) {
            continue;
        }
        let Some((range, bare_json)) = value_behind(text, found.range(), &mut ahead) else {
            continue;
        };
        if &text[range.clone()] == REDACTED.as_bytes() {
            continue;
        }
        out.extend_from_slice(&text[copied..range.start]);
        // A number behind a JSON key becomes a text: what is shown stays JSON.
        let quote: &[u8] = if bare_json { b"\"" } else { b"" };
        out.extend([quote, REDACTED.as_bytes(), quote].concat());
        copied = range.end;
        hit = tokens.keys.get(found.pattern().as_usize()).cloned();
    }
    out.extend_from_slice(&text[copied..]);
    hit.map(|key| (out, key))
}

/// Where needles come next: each is looked for once on the way through a text, however often it is asked for.
#[derive(Default)]
struct Ahead(Vec<(&'static [u8], usize, Option<usize>)>);

impl Ahead {
    fn next(&mut self, bytes: &[u8], at: usize, needle: &'static [u8]) -> Option<usize> {
        let index = match self.0.iter().position(|(known, ..)| *known == needle) {
            Some(index) => index,
            None => {
                self.0.push((needle, usize::MAX, None));
                self.0.len() - 1
            }
        };
        let (_, from, found) = self.0[index];
        if from <= at && found.is_none_or(|found| found >= at) {
            return found;
        }
        let found = memmem::find(&bytes[at..], needle).map(|found| at + found);
        self.0[index] = (needle, at, found);
        found
    }
}

/// Whether a key is not part of a longer name.
fn is_whole_word(text: &[u8], range: std::ops::Range<usize>) -> bool {
    let is_name =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let before = range.start.checked_sub(1).and_then(|at| text.get(at));
    // `\nkey` and the like in a nested text: the letter belongs to the escape.
    let is_escape = range.start >= 2 && text[range.start - 2] == b'\\';
    (!is_name(before) || is_escape) && !is_name(text.get(range.end))
}

/// The bytes of the value behind a key: `": "…"`, `\\": \\"…\\"`, `=…&`, `>…<`, or a multipart part's; and whether
/// it stands bare behind a key in quotes.
fn value_behind(
    bytes: &[u8],
    key: std::ops::Range<usize>,
    ahead: &mut Ahead,
) -> Option<(std::ops::Range<usize>, bool)> {
    let at = key.end;
    let skip = |mut at: usize, set: &[u8]| {
        while bytes.get(at).is_some_and(|byte| set.contains(byte)) {
            at += 1;
        }
        at
    };
    let before = &bytes[..key.start];
    let is_element = before.ends_with(b"<") || before.ends_with(b":");
    if is_element && matches!(bytes.get(at), Some(b'>' | b' ' | b'\t' | b'\r' | b'\n')) {
        let closed = ahead.next(bytes, at, b">");
        let opened = ahead.next(bytes, at, b"<").unwrap_or(usize::MAX);
        if let Some(closed) = closed.filter(|closed| *closed < opened) {
            return content_behind(bytes, closed + 1, ahead).map(|range| (range, false));
        }
    }
    if before.ends_with(b"name=\"") || before.ends_with(b"name=") {
        return part_behind(bytes, at, ahead).map(|range| (range, false));
    }
    let mut sign = skip(at, b"\\\"' \t\r\n");
    if bytes[sign..].starts_with(b"/*") {
        sign = skip(ahead.next(bytes, sign, b"*/")? + 2, b" \t\r\n");
    }
    if !matches!(bytes.get(sign), Some(b':' | b'=')) {
        return None;
    }
    let start = skip(sign + 1, b" \t\r\n");
    let slashes = skip(start, b"\\") - start;
    let quote = bytes
        .get(start + slashes)
        .copied()
        .filter(|byte| matches!(byte, b'"' | b'\''));
    let Some(quote) = quote else {
        if matches!(bytes.get(start), Some(b'{' | b'[')) {
            return Some((start..closing(bytes, start), bytes[sign] == b':'));
        }
        // A bare word.
        let rest = &bytes[start..];
        let length = rest.iter().position(|byte| b"&,}]< \t\r\n;".contains(byte));
        let end = start + length.unwrap_or(rest.len());
        let bare_json = bytes[sign] == b':' && bytes.get(at) == Some(&b'"');
        return (end > start).then_some((start..end, bare_json));
    };
    // Up to the same closing quote as the opening one: with as many backslashes, or, where it has none, with
    // an even number of them.
    let inner = start + slashes + 1;
    let mut run = 0;
    for (offset, byte) in bytes[inner..].iter().enumerate() {
        let closes = *byte == quote
            && if slashes == 0 {
                run % 2 == 0
            } else {
                run == slashes
            };
        if closes {
            let end = inner + offset - if slashes == 0 { 0 } else { slashes };
            return (end > inner).then_some((inner..end, false));
        }
        run = if *byte == b'\\' { run + 1 } else { 0 };
    }
    (bytes.len() > inner).then_some((inner..bytes.len(), false))
}

/// What is in an element that begins at `start`: its text, or its CDATA.
fn content_behind(bytes: &[u8], start: usize, ahead: &mut Ahead) -> Option<std::ops::Range<usize>> {
    const CDATA: &[u8] = b"<![CDATA[";
    let rest = &bytes[start..];
    let (start, end) = if rest.starts_with(CDATA) {
        let start = start + CDATA.len();
        (start, ahead.next(bytes, start, b"]]>"))
    } else {
        (start, ahead.next(bytes, start, b"<"))
    };
    let end = end.unwrap_or(bytes.len());
    (end > start).then_some(start..end)
}

/// Behind the bracket that closes the one at `start`; the end where none does.
fn closing(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for (offset, byte) in bytes[start..].iter().enumerate() {
        match (byte, in_text) {
            _ if is_escaped => is_escaped = false,
            (b'\\', true) => is_escaped = true,
            (b'"', _) => in_text = !in_text,
            (b'{' | b'[', false) => depth += 1,
            (b'}' | b']', false) => {
                depth -= 1;
                if depth == 0 {
                    return start + offset + 1;
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

/// The content of the multipart part whose name ends at `at` (RFC 7578).
fn part_behind(bytes: &[u8], at: usize, ahead: &mut Ahead) -> Option<std::ops::Range<usize>> {
    let mut blank = |needle: &'static [u8]| {
        let found = ahead.next(bytes, at, needle);
        found.map(|found| found + needle.len())
    };
    let start = match (blank(b"\r\n\r\n"), blank(b"\n\n")) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    let rest = &bytes[start..];
    let length = rest.windows(3).position(|window| window == b"\n--");
    let end = start + length.unwrap_or(rest.len());
    let end = if bytes[..end].ends_with(b"\r") {
        end - 1
    } else {
        end
    };
    (end > start).then_some(start..end)
}

/// Credentials of a response's headers, and echoes of `known` in them.
pub fn headers(headers: &Headers, known: &[Secret]) -> Headers {
    headers
        .iter()
        .map(|(name, value)| {
            let redacted = if is_credential(name) {
                REDACTED.into()
            } else {
                redact_occurrences(value, known)
            };
            (name, redacted)
        })
        .collect()
}

pub fn redact_text(text: &str, known: &[Secret]) -> String {
    if known.is_empty() {
        text.to_owned()
    } else {
        String::from_utf8_lossy(&redact_occurrences(text.as_bytes(), known)).into_owned()
    }
}

/// Whether the token of a request is the redact of an export.
pub fn is_redacted(provider: Option<&Provider>, request: &Request) -> bool {
    carried_secret(provider, request).is_some_and(|token| token.expose() == REDACTED.as_bytes())
}

/// The secret that is in a request itself, where the provider's scheme puts it there.
pub fn carried_secret(provider: Option<&Provider>, request: &Request) -> Option<Secret> {
    let scheme = provider?
        .signature
        .as_ref()
        .filter(|scheme| scheme.sends_secret())?;
    carried(scheme, Envelope::of(request, None), &request.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_redacted_however_its_key_is_written() {
        let path = "/payload/secret".parse().unwrap();
        let redacted =
            |body: &str| String::from_utf8(without_token(body.as_bytes(), &path).unwrap()).unwrap();
        assert_eq!(
            redacted(r#"{"payload":{"secret":["s3cret"]}}"#),
            r#"{"payload":{"secret":"[redacted]"}}"#
        );
        assert_eq!(
            redacted(r#"{"payload":{"\u0073ecret":"s3cret"},"payload":{"secret":1}}"#),
            r#"{"payload":{"\u0073ecret":"[redacted]"},"payload":{"secret":"[redacted]"}}"#
        );
    }

    fn names(keys: &[&str]) -> TokenNames {
        let scheme = |key: &&str| {
            let mut scheme = Scheme::hmac_sha256_hex("X-Own-Token");
            scheme.mechanism = crate::signature::Mechanism::Token;
            scheme.query = Some((*key).to_owned());
            scheme
        };
        let schemes: Vec<Scheme> = keys.iter().map(scheme).collect();
        TokenNames::of(std::iter::empty(), schemes.iter())
    }

    #[test]
    fn a_token_is_redacted_in_whatever_is_no_clean_json() {
        let names = names(&["secret"]);
        for body in [
            &br#"{"payload":{"secret":"s3c\"tail","a":"#[..],
            br#"{"payload":{"secret" : "s3c\"tail"#,
            b"\xef\xbb\xbf{\"secret\":\"s3c tail\"} trailing",
            b"{\"secret\":\"s3c\xff tail\"}",
            br#"[{"deep":{"secret":"s3cret"}}]"#,
            br#"[{"deep":{"\u0073ecret":"s3cret"}}]"#,
            br#"{"text":"{\"secret\":\"s3c tail\"}"}"#,
            br#"{"text":"{\"x\":\"{\\\"secret\\\":\\\"s3c tail\\\"}\"}"}"#,
            b"a=1&secret=s3ctail&b=2",
            b"{'Secret':'s3c tail'}",
            b"secret: s3cret\n",
            br#"{"secret":12345}"#,
            b"<a><secret>s3c tail</secret></a>",
            b"<a secret=\"s3c tail\"/>",
            b"<a><n:secret type=\"x\">s3c tail</n:secret></a>",
            b"<secret><![CDATA[s3c<tail]]></secret>",
            b"{\"secret\":[\"s3c tail\"]}\n{\"a\":1}",
            b"{\"secret\" /* x */ : \"s3c tail\", // y\n}",
            b"payload=%7B%22secret%22%3A%22s3ctail%22%7D&x=1",
            b"payload[secret]=s3ctail",
            b"payload%5Bsecret%5D=s3ctail&x=1",
            b"payload.secret=s3ctail",
            b"s%65cret=s3ctail",
            b"--x\r\nContent-Disposition: form-data; name=secret\r\n\r\ns3c tail\r\n--x--\r\n",
            b"--x\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\ns3c\r\ntail\r\n--x--\r\n",
        ] {
            let (redacted, _) = redact_body(body, &names).unwrap();
            let shown = String::from_utf8_lossy(&redacted).into_owned();
            assert!(shown.contains(REDACTED), "{shown}");
            assert!(
                !shown.contains("s3c") && !shown.contains("tail") && !shown.contains("12345"),
                "{shown}"
            );
            assert_eq!(redact_body(&redacted, &names), None, "once is enough: {shown}");
        }
        for body in [&b"the secret of success"[..], b"{\"my_secret\":\"shown\"}"] {
            assert_eq!(redact_body(body, &names), None);
        }
    }

    #[test]
    fn a_query_and_a_users_password_are_redacted() {
        let names = names(&["hub.verify_token"]);
        for (shown, redacted) in [
            (
                "/a?hub.verify_token=s&x=1",
                "/a?hub.verify_token=[redacted]&x=1",
            ),
            (
                "/a?hub%2Everify_token=s",
                "/a?hub%2Everify_token=[redacted]",
            ),
            (
                "/a?x=1&Access_Token=s#f",
                "/a?x=1&Access_Token=[redacted]#f",
            ),
            ("http://me:s@h/a?x=1", "http://***@h/a?x=1"),
            ("https://sk_live@h", "https://***@h"),
            (
                "/a?tokens=1&to=me@example.com",
                "/a?tokens=1&to=me@example.com",
            ),
        ] {
            assert_eq!(target(shown, &names), redacted);
        }
    }

    #[test]
    fn packed_bodies_and_known_secrets_are_redacted() {
        use std::io::Write as _;
        let names = names(&["secret"]).with_secrets([Secret::new("known-secret")].into_iter());
        let pack = |bytes: &[u8]| {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(bytes).unwrap();
            packed.finish().unwrap()
        };
        let plain = br#"{"secret":"s3c tail","x":"known-secret"}"#;
        let text = std::str::from_utf8(plain).unwrap();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [plain.to_vec(), pack(plain), pack(&pack(plain)), utf16] {
            let mut headers = Headers::new();
            headers.push("referer", "http://h/?token=s3ctail");
            headers.push("x-url", "/x?access_token=s3ctail");
            headers.push("x-echo", "known-secret");
            let request = Request {
                method: "POST".to_owned(),
                target: "/".to_owned(),
                headers,
                body: body.into(),
            };
            let (shown, _) = super::request(None, &request, &[], &names);
            let all = format!(
                "{:?}{}",
                shown.headers,
                String::from_utf8_lossy(&shown.body)
            );
            assert!(
                !all.contains("s3c") && !all.contains("known-secret"),
                "{all}"
            );
            assert!(all.contains(REDACTED), "{all}");
        }
    }

    #[test]
    fn a_credential_is_redacted_wherever_else_it_stands() {
        let mut headers = Headers::new();
        headers.push("x-own-token", "s3cret-of-the-sender");
        headers.push("authorization", "Bearer the-bearer-value");
        headers.push("x-copy", "s3cret-of-the-sender");
        headers.push("x-short", "Bearer");
        let request = Request {
            method: "POST".to_owned(),
            target: "/?x=s3cret-of-the-sender&y=the-bearer-value".to_owned(),
            headers,
            body: r#"{"note":"s3cret-of-the-sender","b":["the-bearer-value"]}"#.into(),
        };
        let (shown, _) = super::request(None, &request, &[], &names(&["secret"]));
        assert_eq!(shown.target, "/?x=[redacted]&y=[redacted]");
        assert_eq!(
            &shown.body[..],
            br#"{"note":"[redacted]","b":["[redacted]"]}"#
        );
        assert_eq!(shown.headers.get("x-copy"), Some(REDACTED.as_bytes()));
        assert_eq!(shown.headers.get("x-short"), Some(&b"Bearer"[..]));
    }

    /// What is eight megabytes long takes eight times what one takes, whatever it holds.
    #[test]
    fn masking_is_linear_in_the_body() {
        let names = names(&["secret"]);
        for unit in [
            "\"",
            "\\",
            "secret\"",
            "\"secret\": \"",
            "secret=",
            "secret:\\\\\"",
            "name=\"secret\"",
            "<secret>",
            "://",
        ] {
            let body = unit.repeat((1 << 19) / unit.len());
            let redacted = redact_body(body.as_bytes(), &names);
            assert!(redacted.is_none_or(|(redacted, _)| !redacted.is_empty()));
            without_user(body.as_bytes());
        }
    }
}

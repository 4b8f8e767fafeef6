//! A curl command as a request: as people write it, and as browsers, Postman and proxies copy it.

use super::words;
use crate::exchange::form::{Part, multipart};
use crate::exchange::{ReadError, Reader, Recorded, to_url};
use crate::model::{Headers, InvalidText, base64_text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

const FORM: &str = "curl command";

/// Options with a value that change how curl travels or what it prints, and nothing of the request.
const OTHER_WITH_VALUE: &[&str] = &[
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-w",
    "--write-out",
    "--resolve",
    "--connect-to",
    "--cacert",
    "--capath",
    "-E",
    "--cert",
    "--key",
    "--cert-type",
    "--key-type",
    "--pass",
    "--ciphers",
    "-x",
    "--proxy",
    "--noproxy",
    "-U",
    "--proxy-user",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--limit-rate",
    "--max-redirs",
    "--max-filesize",
    "-D",
    "--dump-header",
    "-c",
    "--cookie-jar",
    "--stderr",
    "--trace",
    "--trace-ascii",
    "--interface",
    "--local-port",
    "--keepalive-time",
    "--unix-socket",
    "--tls-max",
    "--dns-servers",
    "-Y",
    "--speed-limit",
    "-y",
    "--speed-time",
    "--pinnedpubkey",
    "--expect100-timeout",
    "--proto",
    "--proto-default",
];
/// The same without a value.
const OTHER: &[&str] = &[
    "-k",
    "--insecure",
    "-L",
    "--location",
    "--location-trusted",
    "-s",
    "--silent",
    "-S",
    "--show-error",
    "-v",
    "--verbose",
    "-i",
    "--include",
    "--show-headers",
    "-f",
    "--fail",
    "--fail-with-body",
    "-g",
    "--globoff",
    "--path-as-is",
    "--http1.0",
    "-0",
    "--http1.1",
    "--http2",
    "--http2-prior-knowledge",
    "--http3",
    "-4",
    "--ipv4",
    "-6",
    "--ipv6",
    "-N",
    "--no-buffer",
    "-O",
    "--remote-name",
    "-J",
    "--remote-header-name",
    "-#",
    "--progress-bar",
    "--no-progress-meter",
    "-n",
    "--netrc",
    "-q",
    "--disable",
    "--tlsv1",
    "-1",
    "--tlsv1.2",
    "--tlsv1.3",
    "--ssl-reqd",
    "--no-keepalive",
    "--tcp-nodelay",
    "--retry-all-errors",
    "--retry-connrefused",
    "--post301",
    "--post302",
    "--post303",
    "-a",
    "--append",
    "-Z",
    "--parallel",
    "--create-dirs",
    "--styled-output",
    "--no-styled-output",
    "--raw",
    "--tr-encoding",
    "--basic",
    "--anyauth",
];
/// Options of the request that have a value.
const WITH_VALUE: &[&str] = &[
    "-X",
    "--request",
    "-H",
    "--header",
    "-d",
    "--data",
    "--data-ascii",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
    "--form-string",
    "-u",
    "--user",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "-b",
    "--cookie",
    "--url",
    "--url-query",
    "--oauth2-bearer",
    "-r",
    "--range",
    "-T",
    "--upload-file",
];
/// Options of the request without a value.
const ALONE: &[&str] = &["-G", "--get", "-I", "--head", "--compressed"];

/// All but RFC 3986's unreserved characters, as curl_easy_escape has it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The request of a curl command; None where the text is something else. What curl would add by itself (`User-Agent`,
/// `Accept`) is not in the command, and not in the request.
pub fn read(reader: &mut Reader<'_>, text: &[u8]) -> Option<Result<Vec<Recorded>, ReadError>> {
    let text = std::str::from_utf8(text).ok()?;
    let text = text.strip_prefix("$ ").unwrap_or(text);
    let name = text.split_ascii_whitespace().next()?;
    (name == "curl" || name == "curl.exe").then(|| {
        read_command(reader, text)
            .map(|one| vec![one])
            .map_err(|why| ReadError::Form { form: FORM, why })
    })
}

/// What the options come to.
#[derive(Default)]
struct Command {
    method: Option<String>,
    urls: Vec<String>,
    headers: Vec<(String, String)>,
    /// Headers that stand without a value: curl leaves its own out.
    without: Vec<String>,
    data: Option<Vec<u8>>,
    parts: Vec<Part>,
    is_json: bool,
    as_query: bool,
    is_head: bool,
    upload: Option<Vec<u8>>,
    query: Vec<String>,
    is_compressed: bool,
    user_agent: Option<String>,
}

fn read_command(reader: &mut Reader<'_>, text: &str) -> Result<Recorded, InvalidText> {
    let words = words::split(text)?;
    let mut command = Command::default();
    let mut words = words.into_iter().skip(1);
    let mut only_urls = false;
    while let Some(word) = words.next() {
        if only_urls || !word.starts_with('-') || word == "-" {
            command.urls.push(word);
        } else if word == "--" {
            only_urls = true;
        } else if word.starts_with("--") {
            // `--name=value` is not curl's; its value is the next word.
            option(reader, &mut command, &word, &mut words)?;
        } else {
            short_options(reader, &mut command, &word, &mut words)?;
        }
    }
    command.request()
}

/// `-sSLd value` and `-dvalue`: letters until one that takes a value.
fn short_options(
    reader: &mut Reader<'_>,
    command: &mut Command,
    word: &str,
    words: &mut dyn Iterator<Item = String>,
) -> Result<(), InvalidText> {
    for (at, letter) in word.char_indices().skip(1) {
        let name = format!("-{letter}");
        let behind = &word[at + letter.len_utf8()..];
        let has_value = [WITH_VALUE, OTHER_WITH_VALUE]
            .iter()
            .any(|names| names.contains(&name.as_str()));
        if has_value && !behind.is_empty() {
            return option(
                reader,
                command,
                &name,
                &mut std::iter::once(behind.to_owned()),
            );
        }
        option(reader, command, &name, words)?;
    }
    Ok(())
}

fn option(
    reader: &mut Reader<'_>,
    command: &mut Command,
    name: &str,
    words: &mut dyn Iterator<Item = String>,
) -> Result<(), InvalidText> {
    if OTHER.contains(&name) {
        return Ok(());
    }
    if OTHER_WITH_VALUE.contains(&name) {
        return words
            .next()
            .map(drop)
            .ok_or_else(|| no_value(name))
            .map_err(InvalidText::from);
    }
    if ALONE.contains(&name) {
        match name {
            "-G" | "--get" => command.as_query = true,
            "-I" | "--head" => command.is_head = true,
            _ => command.is_compressed = true,
        }
        return Ok(());
    }
    if !WITH_VALUE.contains(&name) {
        return Err(format!(
            "the curl option `{}` is not supported and may change the request: remove it, or write its effect out",
            name.escape_debug()
        ).into());
    }
    let value = words.next().ok_or_else(|| no_value(name))?;
    match name {
        "-X" | "--request" => command.method = Some(value),
        "-H" | "--header" => command.header(reader, value)?,
        "-d" | "--data" | "--data-ascii" => {
            let mut bytes = content(reader, &value)?;
            if value.starts_with('@') {
                bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
            }
            command.add_data(&bytes);
        }
        "--data-raw" => command.add_data(value.as_bytes()),
        "--data-binary" => command.add_data(&content(reader, &value)?),
        "--json" => {
            command.is_json = true;
            let bytes = content(reader, &value)?;
            // Several --json are put together as they are.
            command.data.get_or_insert_default().extend(bytes);
        }
        "--data-urlencode" => command.add_data(&urlencode(reader, &value)?),
        "-F" | "--form" => command.parts.push(part(reader, &value)?),
        "--form-string" => {
            let (name, value) = value.split_once('=').ok_or_else(|| no_field(&value))?;
            command.parts.push(Part {
                name: name.to_owned(),
                file_name: None,
                content_type: None,
                content: value.as_bytes().to_vec(),
            });
        }
        "-u" | "--user" => {
            let login = format!("Basic {}", base64_text(value.as_bytes()));
            command.headers.push(("Authorization".to_owned(), login));
        }
        "--oauth2-bearer" => {
            let login = format!("Bearer {value}");
            command.headers.push(("Authorization".to_owned(), login));
        }
        "-A" | "--user-agent" => command.user_agent = Some(value),
        "-e" | "--referer" => command.headers.push(("Referer".to_owned(), value)),
        "-r" | "--range" => {
            command
                .headers
                .push(("Range".to_owned(), format!("bytes={value}")));
        }
        "-b" | "--cookie" if value.contains('=') => {
            command.headers.push(("Cookie".to_owned(), value));
        }
        "-b" | "--cookie" => {
            return Err(format!(
                "the cookies in the file `{}` are not read",
                value.escape_debug()
            )
            .into());
        }
        "--url" => command.urls.push(value),
        "--url-query" => {
            let value = value.strip_prefix('+').map_or_else(
                || urlencode(reader, &value),
                |plain| Ok(plain.as_bytes().to_vec()),
            )?;
            command
                .query
                .push(String::from_utf8_lossy(&value).into_owned());
        }
        // -T
        _ => command.upload = Some(reader.file(&value)?),
    }
    Ok(())
}

fn no_value(name: &str) -> String {
    format!("the option `{name}` needs a value")
}

fn no_field(text: &str) -> String {
    format!("invalid field `{}`: use NAME=VALUE", text.escape_debug())
}

/// Data, or with `@` that of a file.
fn content(reader: &Reader<'_>, value: &str) -> Result<Vec<u8>, InvalidText> {
    match value.strip_prefix('@') {
        Some(name) => reader.file(name),
        None => Ok(value.as_bytes().to_vec()),
    }
}

/// `--data-urlencode`: `content`, `=content`, `name=content`, `@file`, `name@file` (curl's manual).
fn urlencode(reader: &Reader<'_>, value: &str) -> Result<Vec<u8>, InvalidText> {
    let (name, content) = match value.find(['=', '@']) {
        Some(at) => {
            let (name, behind) = (&value[..at], &value[at + 1..]);
            let content = match &value[at..=at] {
                "@" => reader.file(behind)?,
                _ => behind.as_bytes().to_vec(),
            };
            (name, content)
        }
        None => ("", value.as_bytes().to_vec()),
    };
    let mut out = name.as_bytes().to_vec();
    if !name.is_empty() {
        out.push(b'=');
    }
    out.extend(percent_encode(&content, RESERVED).flat_map(str::bytes));
    Ok(out)
}

/// `-F`: `name=content`, `name=@file`, `name=<file`, with `;type=` and `;filename=` behind it.
fn part(reader: &Reader<'_>, value: &str) -> Result<Part, InvalidText> {
    let (name, value) = value.split_once('=').ok_or_else(|| no_field(value))?;
    let mut part = Part {
        name: name.to_owned(),
        file_name: None,
        content_type: None,
        content: Vec::new(),
    };
    let (kind, value) = match value.chars().next() {
        Some(kind @ ('@' | '<')) => (Some(kind), &value[1..]),
        _ => (None, value),
    };
    let (content, mut rest) = form_word(value);
    while let Some(option) = rest.strip_prefix(';') {
        let (key, behind) = option.split_once('=').ok_or_else(|| no_field(option))?;
        let (value, after) = form_word(behind);
        match key.trim() {
            "type" => part.content_type = Some(value),
            "filename" => part.file_name = Some(value),
            other => {
                return Err(format!("`;{}=` in -F is not supported", other.escape_debug()).into());
            }
        }
        rest = after;
    }
    if let Some(kind) = kind {
        part.content = reader.file(&content)?;
        if kind == '@' {
            let base = content.rsplit('/').next().unwrap_or_default().to_owned();
            part.file_name.get_or_insert(base);
            part.content_type
                .get_or_insert_with(|| "application/octet-stream".to_owned());
        }
    } else {
        part.content = content.into_bytes();
    }
    Ok(part)
}

/// A value of -F: up to its `;`, or quoted.
fn form_word(text: &str) -> (String, &str) {
    if let Some(mut behind) = text.strip_prefix('"') {
        let mut out = String::new();
        while let Some(character) = behind.chars().next() {
            behind = &behind[character.len_utf8()..];
            match character {
                '"' => return (out, behind),
                '\\' if behind.starts_with(['"', '\\']) => {
                    out.push_str(&behind[..1]);
                    behind = &behind[1..];
                }
                other => out.push(other),
            }
        }
    }
    // Behind `;` there is an option, or the `;` is the value's own.
    let at = [";type=", ";filename=", ";headers=", ";encoder="]
        .iter()
        .filter_map(|option| text.find(option))
        .min()
        .unwrap_or(text.len());
    (text[..at].to_owned(), &text[at..])
}

impl Command {
    fn add_data(&mut self, bytes: &[u8]) {
        match &mut self.data {
            None => self.data = Some(bytes.to_vec()),
            Some(data) => {
                data.push(b'&');
                data.extend_from_slice(bytes);
            }
        }
    }

    /// `Name: value`, `Name;` for an empty value, `Name:` to leave out curl's own, `@file` with several.
    fn header(&mut self, reader: &Reader<'_>, line: String) -> Result<(), InvalidText> {
        if let Some(file) = line.strip_prefix('@') {
            let bytes = reader.file(file)?;
            for line in String::from_utf8_lossy(&bytes)
                .lines()
                .filter(|line| !line.is_empty())
            {
                self.header_line(line)?;
            }
            return Ok(());
        }
        self.header_line(&line)
    }

    fn header_line(&mut self, line: &str) -> Result<(), InvalidText> {
        match (line.split_once(':'), line.strip_suffix(';')) {
            (Some((name, value)), _) if value.trim().is_empty() => {
                self.without.push(name.trim().to_ascii_lowercase());
            }
            (Some((name, value)), _) => {
                self.headers
                    .push((name.trim().to_owned(), value.trim().to_owned()));
            }
            (None, Some(name)) => self.headers.push((name.trim().to_owned(), String::new())),
            (None, None) => return Err(format!("`{}` is not a header", line.escape_debug()).into()),
        }
        Ok(())
    }

    fn request(self) -> Result<Recorded, InvalidText> {
        let [url] = self.urls.as_slice() else {
            return Err(match self.urls.len() {
                0 => "it has no URL".into(),
                count => format!("it has {count} URLs; one can be read").into(),
            });
        };
        let mut url = url.clone();
        let kinds = [
            self.data.is_some(),
            !self.parts.is_empty(),
            self.upload.is_some(),
        ];
        if kinds.iter().filter(|is_there| **is_there).count() > 1 {
            return Err("it has more than one of -d, -F and -T; use only one".into());
        }
        let is_form = self.data.is_some() && !self.as_query;
        let mut content_type = None;
        let mut body = Vec::new();
        let mut method = "GET";
        let mut query = self.query;
        if let Some(data) = self.data {
            if self.as_query {
                query.push(String::from_utf8_lossy(&data).into_owned());
            } else {
                method = "POST";
                body = data;
            }
        } else if !self.parts.is_empty() {
            let (kind, bytes) = multipart(&self.parts);
            (method, content_type, body) = ("POST", Some(kind), bytes);
        } else if let Some(bytes) = self.upload {
            (method, body) = ("PUT", bytes);
        }
        if is_form {
            content_type = Some(match self.is_json {
                true => "application/json".to_owned(),
                false => "application/x-www-form-urlencoded".to_owned(),
            });
        }
        if !query.is_empty() {
            let fragment = url.find('#').map(|at| url.split_off(at));
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&query.join("&"));
            url.extend(fragment);
        }
        let mut headers = Headers::new();
        for (name, value) in &self.headers {
            headers.push(name, value);
        }
        let own = [
            ("Content-Type", content_type),
            ("User-Agent", self.user_agent),
            (
                "Accept",
                self.is_json.then(|| "application/json".to_owned()),
            ),
            (
                "Accept-Encoding",
                self.is_compressed.then(|| "deflate, gzip".to_owned()),
            ),
        ];
        for (name, value) in own {
            let is_left_out = self
                .without
                .iter()
                .any(|left| name.eq_ignore_ascii_case(left));
            if let Some(value) = value
                && !is_left_out
                && !headers.contains(name)
            {
                headers.push(name, value);
            }
        }
        let method = match self.method {
            Some(method) => method,
            None if self.is_head => "HEAD".to_owned(),
            None => method.to_owned(),
        };
        to_url(method, &url, headers, body)
    }
}

#[cfg(test)]
mod tests {
    use crate::exchange::{Recorded, read_any};

    fn read(text: &str) -> Recorded {
        read_any(text.as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn what_browsers_and_postman_copy_is_read() {
        let chrome = read(
            "curl 'https://hooks.example.com/h?x=1' \\\n  -H 'accept: */*' \\\n  -H 'content-type: application/json' \\\n  -b 'a=1; b=2' \\\n  --data-raw $'{\"a\":\"it\\'s \\u0021\"}' \\\n  --compressed ;",
        );
        assert_eq!(chrome.url(), "https://hooks.example.com/h?x=1");
        assert_eq!(&chrome.request.body[..], br#"{"a":"it's !"}"#);
        assert_eq!(chrome.request.headers.get("cookie"), Some(&b"a=1; b=2"[..]));
        let postman = read(
            "curl --location --request PUT 'localhost:3000/a' \\\n--header 'X-A: 1' \\\n--form 'a=\"x;y\"' --form 'b=2;type=text/x'",
        );
        assert_eq!(postman.request.method, "PUT");
        let body = String::from_utf8_lossy(&postman.request.body).into_owned();
        assert!(
            body.contains("name=\"a\"\r\n\r\nx;y\r\n")
                && body.contains("Content-Type: text/x\r\n\r\n2\r\n"),
            "{body}"
        );
        let form = read(
            "curl -sSLXPATCH https://x.example -d a=1 --data-urlencode 'b=1 2*é' -HX-B:2 -H 'X-C;'",
        );
        assert_eq!(form.request.method, "PATCH");
        assert_eq!(&form.request.body[..], b"a=1&b=1%202%2A%C3%A9");
        assert_eq!(
            form.request.headers.get("content-type"),
            Some(&b"application/x-www-form-urlencoded"[..])
        );
        assert_eq!(form.request.headers.get("x-c"), Some(&b""[..]));
        let query = read("curl -G 'https://x.example/a?b=1#f' -d c=2");
        assert_eq!(
            (query.request.method.as_str(), query.request.target.as_str()),
            ("GET", "/a?b=1&c=2")
        );
    }

    #[test]
    fn a_command_that_reads_files_or_needs_a_shell_is_refused() {
        for (text, why) in [
            ("curl https://x -d @/etc/passwd", "files are not read"),
            ("curl https://x -F a=@b", "files are not read"),
            ("curl https://x --data-urlencode a@b", "files are not read"),
            ("curl https://x -H @b", "files are not read"),
            ("curl https://x -T b", "files are not read"),
            ("curl https://x -K b", "`-K`"),
            ("curl https://x -d \"$TOKEN\"", "a shell"),
            ("curl", "no URL"),
            ("curl file:///etc/passwd", "not an http"),
        ] {
            let refused = read_any(text.as_bytes()).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}

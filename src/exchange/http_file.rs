//! `.http` files, as the REST clients of VS Code and JetBrains run them: requests between `###` lines, with comments,
//! variables, and bodies from files.

use std::collections::BTreeMap;

use super::{ReadError, Reader, Recorded, is_token, to_url};
use crate::model::{Headers, InvalidText};

const FORM: &str = ".http file";
/// The methods with which a line without a version starts a request.
const METHODS: [&str; 9] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT",
];

/// Whether a text has what only a .http file has: separators or variables.
pub fn is_one(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    text.lines().any(|line| line.starts_with("###"))
        || text
            .split_once("{{")
            .is_some_and(|(_, behind)| behind.contains("}}"))
        || text.lines().any(|line| is_file_line(line).is_some())
}

/// The requests of a .http file, in order. What it defines with `@name = value` is its variables.
pub fn read(reader: &mut Reader<'_>, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::Unknown)?;
    let own = definitions(text);
    let mut all = Vec::new();
    let mut first_line = 0;
    for part in parts(text) {
        let read = read_part(reader, &part, &own).map_err(|(line, why)| match line {
            // Nothing in the text looks like a request at all.
            None if all.is_empty() => ReadError::Unknown,
            None => ReadError::Form {
                form: FORM,
                why: format!("line {}: {why}", first_line + 1).into(),
            },
            Some(line) => ReadError::Form {
                form: FORM,
                why: format!("line {}: {why}", first_line + line + 1).into(),
            },
        })?;
        all.extend(read);
        first_line += part.len() + 1;
    }
    Ok(all)
}

/// The lines between `###` lines.
fn parts(text: &str) -> Vec<Vec<&str>> {
    let mut all = vec![Vec::new()];
    for line in text.split('\n') {
        if line.starts_with("###") {
            all.push(Vec::new());
        } else if let Some(part) = all.last_mut() {
            part.push(line);
        }
    }
    all
}

/// `@name = value` at the beginning of lines, anywhere in the file.
fn definitions(text: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for line in text.lines() {
        if let Some((name, value)) = definition(line) {
            all.insert(name.to_owned(), value.to_owned());
        }
    }
    all
}

fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start().strip_prefix('@')?.split_once('=')?;
    let name = name.trim();
    let is_name =
        !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || "{}:".contains(c));
    is_name.then(|| (name, value.trim()))
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}

/// `< ./file` and `<@ ./file`: the file's name, and whether variables are filled in it.
fn is_file_line(line: &str) -> Option<(&str, bool)> {
    let behind = line.strip_prefix('<')?;
    let (behind, filled) = match behind.strip_prefix('@') {
        // `<@utf8 ./file` names an encoding, too.
        Some(behind) => (
            behind.split_once(' ').map_or(behind, |(_, name)| name),
            true,
        ),
        None => (behind.strip_prefix(' ')?, false),
    };
    let name = behind.trim();
    let is_name = !name.is_empty() && !name.starts_with(['>', '{']) && !name.ends_with('>');
    is_name.then_some((name, filled))
}

/// One request; none where only comments and definitions stand there. An error says its line, none where the first
/// line is not that of a request.
fn read_part(
    reader: &mut Reader<'_>,
    lines: &[&str],
    own: &BTreeMap<String, String>,
) -> Result<Option<Recorded>, (Option<usize>, InvalidText)> {
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        if line.starts_with("< {%") {
            reader.tell("the script before a request is not run");
            at = end_of_script(lines, at);
        } else if !line.is_empty() && !is_comment(line) && definition(line).is_none() {
            break;
        }
        at += 1;
    }
    if at >= lines.len() {
        return Ok(None);
    }
    let line_of_request = at;
    let here = |at: usize| move |why: InvalidText| (Some(at), why);
    let mut line = lines[at].trim().to_owned();
    at += 1;
    // A query may go on over lines that are indented.
    while at < lines.len() && lines[at].starts_with([' ', '\t']) && !lines[at].trim().is_empty() {
        line.push_str(lines[at].trim());
        at += 1;
    }
    let line = reader.fill(&line, own).map_err(here(line_of_request))?;
    let (method, url) = request_line(&line).ok_or_else(|| {
        (
            None,
            format!("`{}` is not a request", line.escape_debug()).into(),
        )
    })?;
    let mut headers = Headers::new();
    while at < lines.len() && !lines[at].trim().is_empty() {
        let line = lines[at].trim_end();
        if !is_comment(line.trim_start()) {
            let filled = reader.fill(line, own).map_err(here(at))?;
            let (name, value) = filled.split_once(':').ok_or_else(|| {
                (
                    Some(at),
                    format!("`{}` is not a header", line.escape_debug()).into(),
                )
            })?;
            headers.push(name.trim(), value.trim());
        }
        at += 1;
    }
    at += 1;
    let is_form = headers.get("content-type").is_some_and(|value| {
        value
            .to_ascii_lowercase()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let behind = lines.get(at..).unwrap_or_default();
    let body = read_body(reader, behind, own, is_form).map_err(here(at))?;
    if let Some(length) = headers.get("content-length") {
        let length = String::from_utf8_lossy(length).into_owned();
        if length.trim().parse() != Ok(body.len()) {
            reader.tell(format!(
                "Content-Length is {} bytes but the body has {}; the body is used as it is in the file",
                length.escape_debug(),
                body.len()
            ));
        }
    }
    let read = if url.starts_with('/') {
        if !headers.contains("host") {
            return Err((
                Some(line_of_request),
                "it names no host, neither in its URL nor in a Host header".into(),
            ));
        }
        Ok(Recorded::bare(crate::model::Request {
            method: method.to_owned(),
            target: url.to_owned(),
            headers,
            body: body.into(),
        }))
    } else {
        to_url(method.to_owned(), url, headers, body)
    };
    read.map(Some).map_err(here(line_of_request))
}

/// Method and URL of `POST https://… HTTP/1.1`, `POST https://…`, or of a URL alone, which is fetched.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let line = match line.rsplit_once(' ') {
        Some((before, version)) if version.starts_with("HTTP/") => before.trim(),
        _ => line,
    };
    let is_url = |text: &str| text.contains("://") || text.starts_with('/') || !text.contains(' ');
    match line.split_once(' ') {
        Some((method, url)) if is_token(method) && is_url(url.trim()) => {
            let known = METHODS.contains(&method.to_ascii_uppercase().as_str());
            (known || url.contains("://")).then(|| (method, url.trim()))
        }
        None if line.starts_with("http://") || line.starts_with("https://") => Some(("GET", line)),
        _ => None,
    }
}

/// The lines of a body without what follows it: scripts, references to answers, and blank lines. A form's fields may
/// stand on lines of their own, each with its `&`.
fn read_body(
    reader: &mut Reader<'_>,
    lines: &[&str],
    own: &BTreeMap<String, String>,
    is_form: bool,
) -> Result<Vec<u8>, InvalidText> {
    let mut body: Vec<Vec<u8>> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let whole = lines[at];
        let line = whole.trim_end_matches('\r');
        if line.starts_with("> {%") || line.starts_with("> ") && line.ends_with(".js") {
            reader.tell("the script after a request is not run");
            at = end_of_script(lines, at);
        } else if line.starts_with("<> ") {
            // The answer of an earlier run, which is not part of the request.
        } else if let Some((name, filled)) = is_file_line(line) {
            let bytes = reader.file(name)?;
            body.push(match (filled, String::from_utf8(bytes)) {
                (true, Ok(text)) => reader.fill(&text, own)?.into_bytes(),
                (_, Ok(text)) => text.into_bytes(),
                (_, Err(bytes)) => bytes.into_bytes(),
            });
        } else if is_form && line.starts_with('&') && !body.is_empty() {
            let field = reader.fill(line.trim_end(), own)?;
            if let Some(fields) = body.last_mut() {
                fields.truncate(fields.trim_ascii_end().len());
                fields.extend_from_slice(field.as_bytes());
            }
        } else {
            body.push(reader.fill(whole, own)?.into_bytes());
        }
        at += 1;
    }
    while body.last().is_some_and(|line| line.trim_ascii().is_empty()) {
        body.pop();
    }
    if let Some(last) = body.last_mut()
        && last.ends_with(b"\r")
    {
        last.pop();
    }
    Ok(body.join(&b'\n'))
}

/// The line with which a script ends.
fn end_of_script(lines: &[&str], from: usize) -> usize {
    if !lines[from].contains("{%") {
        return from;
    }
    let ends = lines[from..].iter().position(|line| line.contains("%}"));
    ends.map_or(lines.len(), |behind| from + behind)
}

/// A request of a .http file, which ends with a separator. None where its body cannot stand in one: not text, or text
/// that the form takes for something else.
pub fn write_http_file(recorded: &Recorded) -> Option<String> {
    let request = &recorded.request;
    let body = std::str::from_utf8(&request.body).ok()?;
    let mut out = super::url_note(recorded).map_or_else(String::new, |note| format!("# {note}\n"));
    out.push_str(&format!("{} {} HTTP/1.1\n", request.method, recorded.url()));
    for (name, value) in super::joined_headers(request) {
        let value = String::from_utf8(value).ok()?;
        out.push_str(&format!("{name}: {value}\n"));
    }
    out.push('\n');
    out.push_str(body);
    let written = out.clone();
    out.push_str("\n\n###\n");
    // What it says is what it is read as.
    let none = BTreeMap::new();
    let mut reader = Reader::new(&none, None);
    let lines: Vec<&str> = written.split('\n').collect();
    let is_whole = parts(&written).len() == 1 && !written.contains("{{") && !written.contains('\r');
    let same = is_whole
        && matches!(read_part(&mut reader, &lines, &none), Ok(Some(read))
            if read.request.body == request.body && reader.notices.is_empty());
    same.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Request;
    use proptest::prelude::*;

    fn read_all(text: &str) -> Result<Vec<Recorded>, ReadError> {
        let variables = BTreeMap::from([("token".to_owned(), "t1".to_owned())]);
        Reader::new(&variables, None).read(text.as_bytes())
    }

    #[test]
    fn requests_stand_between_separators_with_comments_and_variables() {
        let read = read_all(
            "@host = hooks.example.com\n@base=https://{{host}}/v1\n\n# a comment\n// another\nPOST {{base}}/a?b=1\n  &c=2\nContent-Type: application/json\n# in between\nAuthorization: Bearer {{ token }}\n\n{\n  \"a\": 1\n}\n\n### second\n# @name x\nGET {{base}}/b\n\n###\nhttps://{{host}}/c HTTP/2\n",
        );
        let read = read.unwrap();
        assert_eq!(read.len(), 3);
        let first = &read[0].request;
        assert_eq!(read[0].url(), "https://hooks.example.com/v1/a?b=1&c=2");
        assert_eq!(first.headers.get("authorization"), Some(&b"Bearer t1"[..]));
        assert_eq!(&first.body[..], b"{\n  \"a\": 1\n}");
        assert_eq!(read[1].request.method, "GET");
        assert_eq!(read[2].url(), "https://hooks.example.com/c");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same_bytes(body in "[ -~\n<>#{}%]{0,60}") {
            let headers = Headers::from_iter([("Host", "x"), ("X-A", "1")]);
            let recorded = Recorded::bare(Request { method: "POST".into(), target: "/a".into(), headers, body: body.clone().into() });
            if let Some(text) = write_http_file(&recorded) {
                let read = read_all(&text).unwrap();
                prop_assert_eq!(read.len(), 1);
                prop_assert_eq!(&read[0].request.body[..], body.as_bytes());
            }
        }
    }
}

//! A request as a program that sends it again, byte for byte: HTTPie, JavaScript's `fetch`, Python's `requests`, Go.

use std::fmt::Write as _;

use super::{Recorded, joined_headers, own_headers, url_note};
use crate::model::quote;

/// Text as JSON and JavaScript have it, in ASCII alone, so that nothing in it moves a cursor.
fn js_text(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match char::from_u32(unit.into()) {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some(plain @ ' '..='~') => out.push(plain),
            _ => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
    out
}

/// Bytes in quotes with `\xNN`, as Python's `b"…"` and Go's `"…"` both read them.
fn byte_text(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b' '..=b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "\\x{other:02x}");
            }
        }
    }
    out.push('"');
    out
}

/// A value of a header as JavaScript has it: each byte is a character.
fn js_bytes(bytes: &[u8]) -> String {
    js_text(
        &bytes
            .iter()
            .map(|&byte| char::from(byte))
            .collect::<String>(),
    )
}

/// A command for HTTPie (3.x). The body comes through a pipe; the headers that HTTPie adds by itself are left out.
pub fn httpie_command(recorded: &Recorded) -> String {
    let request = &recorded.request;
    let mut command = String::new();
    // Without a body HTTPie must not read standard input either.
    let mut options = " --ignore-stdin";
    if !request.body.is_empty() {
        let _ = write!(
            command,
            "printf {} | ",
            quote(&super::curl::printf_format(&request.body))
        );
        options = "";
    }
    let _ = write!(
        command,
        "http --path-as-is{options} {} {}",
        quote(&request.method),
        quote(&recorded.url())
    );
    for (name, value) in own_headers(request) {
        let name = name.replace('\\', r"\\");
        match std::str::from_utf8(value) {
            Ok("") => {
                let _ = write!(command, " {}", quote(&format!("{name};")));
            }
            Ok(text) if !text.contains(crate::model::is_control) => {
                // `:` ends the name; HTTPie's other separators mean nothing behind it, and `\` is itself there.
                let _ = write!(command, " {}", quote(&format!("{name}:{text}")));
            }
            _ => {
                let mut item = format!("{name}:").into_bytes();
                item.extend_from_slice(value);
                let _ = write!(
                    command,
                    " \"$(printf {})\"",
                    quote(&super::curl::printf_format(&item))
                );
            }
        }
    }
    for own in [
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Content-Type",
        "Connection",
    ] {
        if !request.headers.contains(own) {
            let _ = write!(command, " {own}:");
        }
    }
    command
}

/// A module for Node or a browser's console. What a page may not set (`Host`, `Connection`) is left out; `fetch` joins
/// a repeated header by commas, and sends no body with GET.
pub fn fetch_script(recorded: &Recorded) -> String {
    let request = &recorded.request;
    let mut out = url_note(recorded).map_or_else(String::new, |note| format!("// {note}\n"));
    let is_bodiless = ["GET", "HEAD"].contains(&request.method.as_str());
    if is_bodiless && !request.body.is_empty() {
        out.push_str("// fetch cannot send a body with GET or HEAD, so it is left out.\n");
    }
    let _ = writeln!(
        out,
        "const response = await fetch({}, {{",
        js_text(&recorded.url())
    );
    let _ = writeln!(out, "  method: {},\n  headers: [", js_text(&request.method));
    for (name, value) in own_headers(request) {
        let _ = writeln!(out, "    [{}, {}],", js_text(name), js_bytes(value));
    }
    out.push_str("  ],\n");
    if !is_bodiless && !request.body.is_empty() {
        let body = match std::str::from_utf8(&request.body) {
            // As bytes: of a string fetch would say that it is text/plain.
            Ok(text) => format!("new TextEncoder().encode({})", js_text(text)),
            Err(_) => format!(
                "Uint8Array.from({}, (character) => character.charCodeAt(0))",
                js_bytes(&request.body)
            ),
        };
        let _ = writeln!(out, "  body: {body},");
    }
    out.push_str(
        "  redirect: \"manual\",\n});\nconsole.log(response.status, await response.text());\n",
    );
    out
}

/// A script for Python's `requests`. A repeated header is joined by commas.
pub fn python_script(recorded: &Recorded) -> String {
    let request = &recorded.request;
    let mut out = String::from(
        "import requests\n\nsession = requests.Session()\nsession.headers.clear()\nrequest = requests.Request(\n",
    );
    let _ = writeln!(out, "    {},", js_text(&request.method));
    let _ = writeln!(out, "    {},", js_text(&recorded.url()));
    out.push_str("    headers={\n");
    for (name, value) in joined_headers(request) {
        let _ = writeln!(out, "        {}: b{},", js_text(name), byte_text(&value));
    }
    out.push_str("    },\n");
    if !request.body.is_empty() {
        let _ = writeln!(out, "    data=b{},", byte_text(&request.body));
    }
    let _ = writeln!(
        out,
        ")\nprepared = session.prepare_request(request)\n# Set unchanged, because requests would escape it differently.\nprepared.url = {}\nresponse = session.send(prepared, allow_redirects=False)\nprint(response.status_code, response.text)",
        js_text(&recorded.url())
    );
    out
}

/// A program for Go, with its standard library alone.
pub fn go_program(recorded: &Recorded) -> String {
    let request = &recorded.request;
    let mut out = String::from(
        "package main\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"log\"\n\t\"net/http\"\n\t\"strings\"\n)\n\nfunc main() {\n",
    );
    let _ = writeln!(
        out,
        "\trequest, err := http.NewRequest({}, {}, strings.NewReader({}))",
        byte_text(request.method.as_bytes()),
        byte_text(recorded.url().as_bytes()),
        byte_text(&request.body)
    );
    out.push_str("\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n");
    let mut names: Vec<&str> = Vec::new();
    for (name, value) in own_headers(request) {
        let known = names
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .copied();
        let name = known.unwrap_or(name);
        if known.is_none() {
            names.push(name);
        }
        let field = byte_text(name.as_bytes());
        let _ = writeln!(
            out,
            "\trequest.Header[{field}] = append(request.Header[{field}], {})",
            byte_text(value)
        );
    }
    // An empty one keeps Go from adding its own.
    if !request.headers.contains("user-agent") {
        out.push_str("\trequest.Header[\"User-Agent\"] = nil\n");
    }
    out.push_str("\ttransport := &http.Transport{DisableCompression: true}\n\tresponse, err := transport.RoundTrip(request)\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tdefer response.Body.Close()\n\tbody, _ := io.ReadAll(response.Body)\n\tfmt.Println(response.StatusCode, string(body))\n}\n");
    out
}

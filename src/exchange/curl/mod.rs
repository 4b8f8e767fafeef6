//! A curl command that sends the same request, safe to paste into any POSIX shell; and the request of one.

mod read;
mod words;

pub use read::read;

use std::path::PathBuf;

use super::own_headers;
use crate::model::{Request, quote};

#[derive(Clone, Debug, Default)]
pub struct CurlOptions {
    pub insecure: bool,
    pub ca_file: Option<PathBuf>,
}

/// The command, on one line. `url` is where it goes; `Host` and `Content-Length` are curl's to say.
pub fn curl_command(request: &Request, url: &str, options: &CurlOptions) -> String {
    // -g: brackets in the URL mean themselves. --path-as-is: so do dots.
    let mut command = format!(
        "curl -g --path-as-is -X {} {}",
        quote(&request.method),
        quote(url)
    );
    if options.insecure {
        command.push_str(" -k");
    }
    if let Some(file) = &options.ca_file {
        command.push_str(&format!(" --cacert {}", quote(&file.display().to_string())));
    }
    let mut names = Vec::new();
    for (name, value) in own_headers(request) {
        names.push(name.to_ascii_lowercase());
        command.push_str(" -H ");
        command.push_str(&match std::str::from_utf8(value) {
            // `Name;` is how curl sends a header without a value.
            Ok("") => quote(&format!("{name};")),
            Ok(text) if is_plain(text) => quote(&format!("{name}: {text}")),
            _ => {
                let mut line = format!("{name}: ").into_bytes();
                line.extend_from_slice(value);
                format!("\"$(printf {})\"", quote(&printf_format(&line)))
            }
        });
    }
    // Headers that curl would add by itself.
    for own in ["user-agent", "accept", "content-type", "expect"] {
        if !names.iter().any(|name| name == own)
            && (own != "content-type" || !request.body.is_empty())
        {
            command.push_str(&format!(" -H {}", quote(&format!("{own}:"))));
        }
    }
    if request.body.is_empty() {
        return if request.headers.contains("content-length") {
            format!("{command} --data-raw ''")
        } else {
            command
        };
    }
    match std::str::from_utf8(&request.body) {
        Ok(text) if is_plain(text) => format!("{command} --data-raw {}", quote(text)),
        // Bytes that no argument can hold go through a pipe.
        _ => format!(
            "printf {} | {command} --data-binary @-",
            quote(&printf_format(&request.body))
        ),
    }
}

/// Whether text can stand in a command line that someone looks at and pastes.
fn is_plain(text: &str) -> bool {
    text.len() < 100_000
        && !text.chars().any(|character| {
            (character.is_control() && character != '\n') || !is_visible(character)
        })
}

/// Not one of the characters that change how the text around them is shown.
fn is_visible(character: char) -> bool {
    !matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A format string for POSIX printf that prints exactly these bytes.
pub fn printf_format(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        match byte {
            b'%' => out.push_str("%%"),
            b'\\' => out.push_str(r"\\"),
            0x20..=0x7e => out.push(char::from(byte)),
            other => out.push_str(&format!("\\{other:03o}")),
        }
    }
    out
}

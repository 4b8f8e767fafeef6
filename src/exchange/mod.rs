//! Requests in the formats of other tools: what `captures export` writes and `captures import` reads.

mod code;
mod curl;
mod export;
mod form;
mod gateway;
mod har;
mod http_file;
mod json;
mod postman;
mod raw;
mod read;
mod reader;
mod recorded;
mod request;

pub use curl::{CurlOptions, curl_command};
pub use export::{ExportError, ExportForm, Exporter};
pub use http_file::write_http_file;
pub use json::write_json;
pub use raw::write_raw;
pub use read::read_any;
pub use reader::{Lacking, ReadError, ReadFile, Reader};
pub use recorded::Recorded;
pub use request::check;
use request::{is_token, joined_headers, own_headers, to_url, url_note};

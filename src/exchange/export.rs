//! Writes requests in any format.

use super::code::{fetch_script, go_program, httpie_command, python_script};
use super::{CurlOptions, Recorded, curl_command, har, write_http_file, write_json, write_raw};

/// A form in which requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExportForm {
    /// A JSON document a line.
    Json,
    /// Raw HTTP.
    Http,
    Har,
    Curl,
    Httpie,
    Fetch,
    Python,
    Go,
    HttpFile,
}

/// What keeps requests from being written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error("this format holds one request, and several are selected")]
    OneForProgram,
    #[error(
        "{0}: its body cannot be written to a .http file, which would read it as something else"
    )]
    NotForHttpFile(String),
}

/// Writes requests in one form.
pub struct Exporter {
    form: ExportForm,
    count: u64,
    /// A program, which is written only where it stays the only one.
    held: Option<String>,
}

impl Exporter {
    pub fn new(form: ExportForm) -> Self {
        Self {
            form,
            count: 0,
            held: None,
        }
    }

    /// The text for one more request.
    ///
    /// # Errors
    /// The form has no room for it.
    pub fn add(&mut self, recorded: &Recorded) -> Result<Vec<u8>, ExportError> {
        let is_first = self.count == 0;
        self.count += 1;
        let line = |text: String| format!("{}\n", text.trim_end()).into_bytes();
        Ok(match self.form {
            ExportForm::Json => write_json(recorded),
            ExportForm::Http => write_raw(&recorded.request),
            ExportForm::Har => har::write_entry(recorded, is_first),
            ExportForm::Curl => line(curl_command(
                &recorded.request,
                &recorded.url(),
                &CurlOptions::default(),
            )),
            ExportForm::Httpie => line(httpie_command(recorded)),
            ExportForm::Fetch => line(fetch_script(recorded)),
            ExportForm::Python | ExportForm::Go if !is_first => {
                return Err(ExportError::OneForProgram);
            }
            ExportForm::Python => self.hold(python_script(recorded)),
            ExportForm::Go => self.hold(go_program(recorded)),
            ExportForm::HttpFile => write_http_file(recorded)
                .ok_or_else(|| {
                    let name = recorded.id.as_deref().unwrap_or("a request");
                    ExportError::NotForHttpFile(name.to_owned())
                })?
                .into_bytes(),
        })
    }

    /// The text that ends them all.
    pub fn finish(self) -> Vec<u8> {
        match (self.form, self.held) {
            (ExportForm::Har, _) => har::write_end(self.count == 0),
            (_, Some(program)) => format!("{}\n", program.trim_end()).into_bytes(),
            (_, None) => Vec::new(),
        }
    }

    fn hold(&mut self, program: String) -> Vec<u8> {
        self.held = Some(program);
        Vec::new()
    }
}

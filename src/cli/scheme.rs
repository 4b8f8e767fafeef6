use clap::Args;

use crate::model::InvalidText;
use crate::payload::TimestampFormat;
use crate::signature::{Algorithm, Encoding, Scheme, SecretEncoding, Template};

/// The parts of the generic scheme. What is not given is that of HMAC-SHA256 of the body, hex, in
/// X-Signature.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Custom signature scheme")]
pub struct SchemeArgs {
    /// The header with the signature [default: X-Signature]
    #[arg(long, value_name = "NAME")]
    pub signature_header: Option<String>,
    /// The hash: sha1, sha256 or sha512 [default: sha256]
    #[arg(long, value_name = "NAME", value_parser = word::<Algorithm>)]
    pub algorithm: Option<Algorithm>,
    /// How the signature is encoded: hex or base64 [default: hex]
    #[arg(long, value_name = "FORM", value_parser = word::<Encoding>)]
    pub encoding: Option<Encoding>,
    /// The text before the signature, for example sha256=
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,
    /// The signed content, for example '{timestamp}.{body}' [default: '{body}']
    #[arg(long, value_name = "TEMPLATE")]
    pub template: Option<Template>,
    /// The header with the timestamp
    #[arg(long, value_name = "NAME")]
    pub timestamp_header: Option<String>,
    /// The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]
    #[arg(long, value_name = "FORM", value_parser = word::<TimestampFormat>, requires = "timestamp_header")]
    pub timestamp_format: Option<TimestampFormat>,
    /// The header with the message id
    #[arg(long, value_name = "NAME")]
    pub id_header: Option<String>,
    /// How the secret becomes the key: utf8, base64 or hex [default: utf8]
    #[arg(long, value_name = "FORM", value_parser = word::<SecretEncoding>)]
    pub secret_encoding: Option<SecretEncoding>,
}

/// A word as provider.toml writes it.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, InvalidText> {
    use serde::de::IntoDeserializer as _;
    let word: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        text.into_deserializer();
    T::deserialize(word).map_err(|error| {
        // serde's sentence names the words that are allowed.
        let error = error.to_string();
        let allowed = error.split_once("expected ").map_or("", |(_, words)| words);
        format!("invalid value `{text}`: use {allowed}").into()
    })
}

impl SchemeArgs {
    /// `base` with the parts that were given; none where none was.
    pub fn over(&self, base: Option<&Scheme>) -> Result<Option<Scheme>, InvalidText> {
        let mut scheme = base
            .cloned()
            .unwrap_or_else(|| Scheme::hmac_sha256_hex("X-Signature"));
        let before = scheme.clone();
        if let Some(name) = &self.signature_header {
            scheme.header = name.as_str().into();
        }
        if let Some(algorithm) = self.algorithm {
            scheme.algorithm = algorithm;
        }
        if let Some(encoding) = self.encoding {
            scheme = scheme.with_encoding(encoding);
        }
        if let Some(prefix) = &self.prefix {
            scheme.prefix.clone_from(prefix);
        }
        if let Some(template) = &self.template {
            scheme.content = template.clone();
        }
        if let Some(name) = &self.timestamp_header {
            let format = self.timestamp_format.unwrap_or(TimestampFormat::UnixS);
            scheme = scheme.with_timestamp_header(name, format);
        }
        if let Some(name) = &self.id_header {
            scheme.id_header = name.as_str().into();
        }
        if let Some(form) = self.secret_encoding {
            scheme.secret_encoding = form;
        }
        if scheme == before && base.is_none() {
            return Ok(None);
        }
        scheme.check()?;
        Ok(Some(scheme))
    }

    /// The flags again, as they are typed.
    pub fn arguments(&self) -> Vec<String> {
        fn typed(word: Option<impl serde::Serialize>) -> Option<String> {
            let word = serde_json::to_value(word?).ok()?;
            word.as_str().map(str::to_owned)
        }
        let flags = [
            ("--signature-header", self.signature_header.clone()),
            ("--algorithm", typed(self.algorithm)),
            ("--encoding", typed(self.encoding)),
            ("--prefix", self.prefix.clone()),
            (
                "--template",
                self.template.as_ref().map(ToString::to_string),
            ),
            ("--timestamp-header", self.timestamp_header.clone()),
            ("--timestamp-format", typed(self.timestamp_format)),
            ("--id-header", self.id_header.clone()),
            ("--secret-encoding", typed(self.secret_encoding)),
        ];
        let given = flags
            .into_iter()
            .filter_map(|(name, value)| Some([name.to_owned(), value?]));
        given.flatten().collect()
    }
}

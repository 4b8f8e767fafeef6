//! The JSON forms of types that serialise themselves, for the page that documents them (`docs/json.md`).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{Headers, Phases, RemoteText, ResponseFault};

macro_rules! same_form {
    ($type:ty, $form:ty) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$form>::json_schema(generator)
            }
        }
    };
}

same_form!(RemoteText, String);
same_form!(ResponseFault, String);
// `[[name, value], …]`
same_form!(Headers, Vec<(String, HeaderValueForm)>);

/// A value that is not UTF-8 is in base64.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "its variants stand for the forms of the document")]
enum HeaderValueForm {
    Text(String),
    Bytes { base64: String },
}

/// Milliseconds of each phase, null where there was none.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "its fields stand for the keys of the document")]
struct PhasesForm {
    /// Looking up the host name.
    dns: Option<f64>,
    /// Connecting.
    connect: Option<f64>,
    /// The TLS handshake.
    tls: Option<f64>,
    /// From the request to the first byte of the response.
    first_byte: Option<f64>,
}

same_form!(Phases, PhasesForm);

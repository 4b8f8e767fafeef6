//! Generates `openapi.json`, which the server serves, and `docs/inspector-api.md` from the types of the answers.
//!
//! `UPDATE_DOCS=1 cargo test --lib openapi` writes both.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::answers::ApiError;
use super::captures::{CaptureAnswer, CaptureList, ListQuery, RevealQuery};
use super::changes::{Changes, ChangesQuery};
use super::compose::{
    EventChoice, EventQuery, FaultChoice, SendAnswer, SendRequest, ValidateAnswer, ValidateRequest,
};
use super::deliveries::{DeliveriesQuery, DeliveryList};
use super::exports::{DiffQuery, ExportAllQuery, ExportQuery};
use super::known::{FieldFacts, Status};
use super::live::{RulesAnswer, RulesRequest};
use super::removal::{RemoveAnswer, RemoveRequest};
use super::replay::{ReplayAnswer, ReplayRequest};
use super::retry::RetryRequest;
use super::state::DestinationFacts;
use super::stats::StatsAnswer;
use super::subscriptions::{
    ResendAnswer, ResendRequest, RotateRequest, StateRequest, SubscriptionItem, SubscriptionList,
    SubscriptionsQuery,
};
use super::verify::{PastedRequest, SecretRequest};
use crate::model::schema_table::{Row, rows};
use crate::view::{CaptureDiff, DeliveryReport, EventDetail, VerificationReport};

const DEFINITIONS: &str = "/components/schemas";

const INTRODUCTION: &str = "# The API of the inspector

`hookcli ui` and `listen --ui` serve an API that the page uses, and scripts can use, too. This page is generated from
the source code; the same as an OpenAPI 3.1 document is at `/api/openapi.json`.

```sh
curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:4040/api/captures?q=verdict:invalid
```

- The token is in the URL that hookcli prints, behind `#token=`. `/livez` and `/readyz` need none.
- `ID` is an id, the end of one, or `last`.
- Lists come in parts: `next` is the `cursor` of the next part, and null at the end.
- The keys of captures, deliveries and verdicts are those of [the JSON documents](json.md). Secrets are redacted.
- An error is `{\"error\": {\"code\", \"message\"}}`, with a status of 4xx or 5xx. `code` is stable.
";

/// What is answered.
enum Answer {
    Document(Value),
    Other {
        content_type: &'static str,
        about: &'static str,
    },
}

struct Operation {
    method: &'static str,
    path: &'static str,
    about: &'static str,
    /// The schema of the parameters of its query.
    query: Option<Value>,
    body: Option<Value>,
    answer: Answer,
}

/// Collects operations, and the types that they name.
struct Described {
    asked: SchemaGenerator,
    answered: SchemaGenerator,
    operations: Vec<Operation>,
}

impl Described {
    fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12()
                .with(|settings| settings.definitions_path = DEFINITIONS.into())
        };
        Self {
            asked: settings().for_deserialize().into_generator(),
            answered: settings().for_serialize().into_generator(),
            operations: Vec::new(),
        }
    }

    /// An operation that answers with a document.
    fn add<T: JsonSchema>(
        &mut self,
        method: &'static str,
        path: &'static str,
        about: &'static str,
    ) -> &mut Self {
        let answer = self.answered.subschema_for::<T>().to_value();
        self.push(method, path, about, Answer::Document(answer))
    }

    /// One that answers with something else.
    fn other(
        &mut self,
        path: &'static str,
        about: &'static str,
        content_type: &'static str,
        answers: &'static str,
    ) -> &mut Self {
        let answer = Answer::Other {
            content_type,
            about: answers,
        };
        self.push("get", path, about, answer)
    }

    fn push(
        &mut self,
        method: &'static str,
        path: &'static str,
        about: &'static str,
        answer: Answer,
    ) -> &mut Self {
        self.operations.push(Operation {
            method,
            path,
            about,
            query: None,
            body: None,
            answer,
        });
        self
    }

    /// The last one takes these parameters.
    fn query<T: JsonSchema>(&mut self) -> &mut Self {
        let schema = self.asked.root_schema_for::<T>().to_value();
        self.operations.last_mut().unwrap().query = Some(schema);
        self
    }

    /// The last one takes this body.
    fn body<T: JsonSchema>(&mut self) -> &mut Self {
        let schema = self.asked.subschema_for::<T>().to_value();
        self.operations.last_mut().unwrap().body = Some(schema);
        self
    }

    fn definitions(&mut self) -> Map<String, Value> {
        let mut all = self.answered.take_definitions(true);
        all.extend(self.asked.take_definitions(true));
        all.sort_keys();
        all
    }
}

fn described() -> Described {
    let mut all = Described::new();
    all.add::<CaptureList>("get", "/api/captures", "Captures, the newest first.")
        .query::<ListQuery>();
    all.add::<CaptureAnswer>(
        "get",
        "/api/captures/{id}",
        "A capture with its request and response.",
    )
    .query::<RevealQuery>();
    all.other(
        "/api/captures/{id}/body",
        "The body, or a range of its bytes (`Range: bytes=0-99`).",
        "application/octet-stream",
        "the bytes",
    )
    .query::<RevealQuery>();
    all.add::<VerificationReport>(
        "get",
        "/api/captures/{id}/verification",
        "What its signature is worth with the secrets that are set, and why it fails.",
    );
    all.add::<VerificationReport>(
        "post",
        "/api/captures/{id}/verification",
        "The same with a secret that is tried.",
    )
    .body::<SecretRequest>();
    all.other(
        "/api/captures/{id}/export",
        "The request without its secrets, for another tool.",
        "text/plain",
        "the request",
    )
    .query::<ExportQuery>();
    all.add::<CaptureDiff>(
        "get",
        "/api/captures/{id}/diff",
        "What differs from another request.",
    )
    .query::<DiffQuery>();
    all.add::<ReplayAnswer>(
        "post",
        "/api/captures/{id}/replay",
        "Sends it again. To a host that your settings do not name, the answer is 409 `elsewhere` unless `confirmed` is true.",
    )
    .body::<ReplayRequest>();
    all.other(
        "/api/captures/export",
        "All that a query selects, the oldest first, up to 64 MiB.",
        "text/plain",
        "the requests",
    )
    .query::<ExportAllQuery>();
    all.add::<RemoveAnswer>(
        "post",
        "/api/captures/remove",
        "Removes captures. If `count` is not how many there are, the answer is 409 `confirm` with their number, and nothing is removed.",
    )
    .body::<RemoveRequest>();
    all.add::<VerificationReport>(
        "post",
        "/api/verify",
        "What the signature of a request is worth that is in the question. It is kept nowhere.",
    )
    .body::<PastedRequest>();
    all.add::<DeliveryList>("get", "/api/deliveries", "Deliveries, the newest first.")
        .query::<DeliveriesQuery>();
    all.add::<DeliveryReport>(
        "get",
        "/api/deliveries/{id}",
        "A delivery with its attempts.",
    );
    all.add::<DeliveryReport>(
        "post",
        "/api/deliveries/{id}/retry",
        "Sends it again, as `deliveries retry` does.",
    )
    .body::<RetryRequest>();
    all.add::<SubscriptionList>(
        "get",
        "/api/subscriptions",
        "Subscriptions of the emulated providers; 404 `no_emulator` if none are emulated in this process.",
    )
    .query::<SubscriptionsQuery>();
    all.add::<SubscriptionItem>(
        "post",
        "/api/subscriptions/{number}/state",
        "Whether it gets events.",
    )
    .body::<StateRequest>();
    all.add::<SubscriptionItem>(
        "post",
        "/api/subscriptions/{number}/rotate",
        "Gives it a new secret; the old one signs beside it for the provider's time.",
    )
    .body::<RotateRequest>();
    all.add::<ResendAnswer>(
        "post",
        "/api/subscriptions/{number}/resend",
        "Sends the event of a delivery again.",
    )
    .body::<ResendRequest>();
    all.add::<StatsAnswer>(
        "get",
        "/api/deliveries/stats",
        "Figures of the newest 20,000 deliveries that match.",
    )
    .query::<ListQuery>();
    all.add::<Vec<EventChoice>>("get", "/api/event-types", "The events that can be sent.");
    all.add::<EventDetail>(
        "get",
        "/api/event-type",
        "An event with its sample and its fields.",
    )
    .query::<EventQuery>();
    all.add::<Vec<FaultChoice>>(
        "get",
        "/api/faults",
        "The faults that an event can be sent with.",
    );
    all.add::<ValidateAnswer>(
        "post",
        "/api/validate",
        "Whether a payload is JSON and matches the schema of its event.",
    )
    .body::<ValidateRequest>();
    all.add::<SendAnswer>(
        "post",
        "/api/send",
        "Sends an event. `confirmed` is as for a replay.",
    )
    .body::<SendRequest>();
    all.add::<Vec<DestinationFacts>>(
        "get",
        "/api/destinations",
        "The endpoints of hookcli.toml that have a URL.",
    );
    all.add::<RulesAnswer>(
        "get",
        "/api/rules",
        "How the listener in the same process answers; 404 if there is none.",
    );
    all.add::<RulesAnswer>("put", "/api/rules", "Changes how it answers.")
        .body::<RulesRequest>();
    all.other(
        "/api/events",
        "What changes, as server-sent events named `changes`; their `id` is the `cursor` to go on from.",
        "text/event-stream",
        "the `data` of each event is a `Changes` document",
    )
    .query::<ChangesQuery>();
    all.add::<Vec<FieldFacts>>("get", "/api/fields", "The fields of the query language.");
    all.add::<Status>(
        "get",
        "/api/status",
        "The version, and what waits to be forwarded.",
    );
    all.add::<Map<String, Value>>("get", "/api/openapi.json", "This API as a document.");
    all.other(
        "/metrics",
        "What the listener in the same process counted, for Prometheus.",
        "text/plain",
        "metrics",
    );
    all.other(
        "/livez",
        "Whether the process answers. Needs no token.",
        "text/plain",
        "`ok`",
    );
    all.other(
        "/readyz",
        "Whether the store answers, too; else 503. Needs no token.",
        "text/plain",
        "`ok`",
    );
    all.answered.subschema_for::<ApiError>();
    all.answered.subschema_for::<Changes>();
    all
}

/// The parameters of a path and a query.
fn parameters(operation: &Operation) -> Vec<Value> {
    let mut all = Vec::new();
    if operation.path.contains("{id}") {
        all.push(json!({
            "name": "id",
            "in": "path",
            "required": true,
            "description": "An id, the end of one, or last.",
            "schema": {"type": "string"},
        }));
    }
    let Some(query) = &operation.query else {
        return all;
    };
    let required = query["required"].as_array();
    for (name, schema) in query["properties"].as_object().into_iter().flatten() {
        let mut schema = schema.clone();
        let about = schema.as_object_mut().unwrap().remove("description");
        all.push(json!({
            "name": name,
            "in": "query",
            "required": required.is_some_and(|names| names.contains(&json!(name))),
            "description": about,
            "schema": schema,
        }));
    }
    all
}

fn document() -> Value {
    let mut described = described();
    let mut paths: Map<String, Value> = Map::new();
    let error = json!({"$ref": format!("#{DEFINITIONS}/ApiError")});
    for operation in &described.operations {
        let content = match &operation.answer {
            Answer::Document(schema) => json!({"application/json": {"schema": schema}}),
            Answer::Other { content_type, .. } => {
                json!({*content_type: {"schema": {"type": "string"}}})
            }
        };
        let about = match &operation.answer {
            Answer::Document(_) => "the document",
            Answer::Other { about, .. } => about,
        };
        let mut own = json!({
            "summary": operation.about,
            "parameters": parameters(operation),
            "responses": {
                "200": {"description": about, "content": content},
                "default": {
                    "description": "an error",
                    "content": {"application/json": {"schema": error}},
                },
            },
        });
        if let Some(body) = &operation.body {
            own["requestBody"] = json!({
                "required": true,
                "content": {"application/json": {"schema": body}},
            });
        }
        if !operation.path.starts_with("/api/") && operation.path != "/metrics" {
            own["security"] = json!([]);
        }
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = own;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "hookcli inspector",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the inspector's page uses, and scripts can use, too.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "http://127.0.0.1:4040"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": described.definitions(),
        },
    })
}

fn page() -> String {
    let mut described = described();
    let operations = std::mem::take(&mut described.operations);
    let definitions = described.definitions();
    let mut page = INTRODUCTION.to_owned();
    let mut answers: BTreeSet<String> = ["ApiError", "Changes"].map(str::to_owned).into();
    for operation in &operations {
        let (method, path) = (operation.method.to_uppercase(), operation.path);
        let path = path.replace("{id}", "ID");
        let _ = write!(page, "\n## {method} {path}\n\n{}\n", operation.about);
        table(
            &mut page,
            "parameter",
            &definitions,
            operation.query.as_ref(),
        );
        table(
            &mut page,
            "key of the body",
            &definitions,
            operation.body.as_ref(),
        );
        match &operation.answer {
            Answer::Other {
                content_type,
                about,
            } => {
                let _ = write!(page, "\nAnswer: `{content_type}`, {about}.\n");
            }
            Answer::Document(schema) => {
                let list = schema.get("items");
                if let Some(name) = list.or(Some(schema)).and_then(name_of) {
                    let what = list.map_or("", |_| "a list of ");
                    let anchor = name.to_lowercase();
                    let _ = write!(page, "\nAnswer: {what}[`{name}`](#{anchor}).\n");
                    answers.insert(name.to_owned());
                }
            }
        }
    }
    page += "\n# Answers\n\nWhat their parts contain is in the OpenAPI document.\n";
    for name in answers {
        let schema = &definitions[&name];
        let _ = write!(page, "\n## {name}\n");
        if let Some(about) = schema["description"].as_str() {
            let _ = write!(page, "\n{}\n", about.replace('\n', " "));
        }
        table(&mut page, "key", &definitions, Some(schema));
    }
    page
}

/// The name of a type that is described elsewhere.
fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The keys of an object; those of its parts are in the OpenAPI document, and on the page of the JSON documents.
fn table(page: &mut String, what: &str, definitions: &Map<String, Value>, schema: Option<&Value>) {
    let mut all: Vec<Row> = Vec::new();
    if let Some(schema) = schema {
        rows(definitions, schema, "", &mut all);
    }
    let own = all.iter().filter(|row| !row.path.contains('.'));
    let mut own = own.peekable();
    if own.peek().is_none() {
        return;
    }
    let _ = write!(page, "\n| {what} | type | meaning |\n|---|---|---|\n");
    for row in own {
        let _ = writeln!(page, "| `{}` | {} | {} |", row.path, row.kind, row.meaning);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Writes a file, or holds it against what it is to be.
    fn hold(file: &str, wanted: &str) {
        let file = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(file, wanted).unwrap();
            return;
        }
        let is_same = fs::read_to_string(&file).unwrap_or_default() == wanted;
        assert!(
            is_same,
            "{file} is out of date: run UPDATE_DOCS=1 cargo test --lib openapi"
        );
    }

    #[test]
    fn the_openapi_document_and_its_page_are_what_the_types_say() {
        let document = serde_json::to_string_pretty(&document()).unwrap() + "\n";
        hold("src/inspector/openapi.json", &document);
        hold("docs/inspector-api.md", &page());
    }

    #[test]
    fn every_route_is_described() {
        let server = include_str!("server.rs");
        let routes = server.split(".route(").skip(1);
        let routes = routes.map(|rest| rest.split('"').nth(1).unwrap());
        let mut routes: Vec<&str> = routes.collect();
        routes.sort_unstable();
        let mut described: Vec<&str> = described()
            .operations
            .iter()
            .map(|operation| operation.path)
            .collect();
        described.sort_unstable();
        described.dedup();
        assert_eq!(routes, described);
    }
}

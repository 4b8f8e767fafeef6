//! What is known of the providers, checked against itself and against what they document.

use std::collections::BTreeMap;

use hookcli::catalog::Catalog;

use crate::support::Place;

/// The providers whose guides are documented here field by field; of others the schemes are.
const SEEDS: [&str; 5] = ["agentclara", "convo", "convocore", "convosphere", "gaife"];

/// How many events there are, variants not counted.
pub fn events_in_all() -> usize {
    let (providers, _) = Catalog::embedded().all();
    providers.iter().map(|provider| provider.events.len()).sum()
}

#[test]
fn every_folder_is_read_and_there_are_forty_providers_and_more() {
    let (providers, errors) = Catalog::embedded().all();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(providers.len() >= 40, "{}", providers.len());
    for provider in providers {
        assert!(!provider.events.is_empty(), "{}", provider.name);
    }
}

#[test]
fn all_documented_events_and_the_two_assumed_tests_are_there() {
    let counts: BTreeMap<String, usize> = Catalog::embedded()
        .all()
        .0
        .iter()
        .filter(|provider| SEEDS.contains(&provider.name.as_str()))
        .map(|provider| (provider.name.clone(), provider.events.len()))
        .collect();
    let expected = [
        ("agentclara", 6),
        ("convo", 11),
        ("convocore", 15),
        ("convosphere", 7),
        ("gaife", 1),
    ];
    assert_eq!(
        counts,
        expected
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count))
            .collect()
    );
    let assumed: Vec<String> = Catalog::embedded()
        .all()
        .0
        .iter()
        .filter(|provider| SEEDS.contains(&provider.name.as_str()))
        .flat_map(|provider| {
            let assumed = provider
                .events
                .iter()
                .filter(|(_, event)| event.assumed.is_some());
            assumed
                .map(|(event, _)| format!("{}/{event}", provider.name))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        assumed,
        ["agentclara/webhook.test", "convosphere/webhook.test"]
    );
}

/// serde_json keeps key order here, and writes strings and integers as ECMA-262's JSON.stringify does. It
/// differs for integer-like keys (moved to the front) and for some floats: samples have neither.
#[test]
fn every_sample_is_a_fixed_point_of_json_stringify() {
    fn no_integer_keys_and_no_floats(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Object(members) => members.iter().all(|(key, value)| {
                key.parse::<u32>().is_err() && no_integer_keys_and_no_floats(value)
            }),
            serde_json::Value::Array(items) => items.iter().all(no_integer_keys_and_no_floats),
            serde_json::Value::Number(number) => {
                number.as_i64().is_some_and(|number| number.abs() < 1 << 53)
            }
            _ => true,
        }
    }
    let mut count = 0;
    for provider in Catalog::embedded().all().0 {
        for event in provider.events.keys() {
            for variant in
                std::iter::once(None).chain(provider.variants(event).into_iter().map(Some))
            {
                let sample = provider.sample(event, variant.as_deref()).unwrap().unwrap();
                // A form has no such rule.
                let Ok(value) = serde_json::from_str::<serde_json::Value>(&sample) else {
                    assert!(
                        sample.is_empty() || sample.contains('='),
                        "{}/{event}",
                        provider.name
                    );
                    continue;
                };
                assert_eq!(
                    serde_json::to_string(&value).unwrap(),
                    sample,
                    "{}/{event}",
                    provider.name
                );
                assert!(no_integer_keys_and_no_floats(&value));
                count += 1;
            }
        }
    }
    assert!(count >= 58 + 90, "{count}");
}

#[test]
fn every_sample_follows_its_schema_but_the_one_that_is_meant_not_to() {
    for provider in SEEDS.map(|name| Catalog::embedded().provider(name).unwrap()) {
        for event in provider.events.keys() {
            assert!(
                !provider.fields(event).unwrap().is_empty(),
                "{}/{event} has no schema",
                provider.name
            );
            for variant in
                std::iter::once(None).chain(provider.variants(event).into_iter().map(Some))
            {
                let sample = provider.sample(event, variant.as_deref()).unwrap().unwrap();
                let violations = provider.validate(event, sample.as_bytes()).unwrap();
                if variant.as_deref() == Some("guide") {
                    let told = format!("{violations:?}");
                    assert!(
                        told.contains("created_by")
                            && told.contains("updated_by")
                            && told.contains("/timestamp")
                    );
                } else {
                    assert_eq!(violations, [], "{}/{event}:{variant:?}", provider.name);
                }
            }
        }
    }
}

#[test]
fn every_field_is_described_and_every_event_has_a_variant_for_each_documented_value() {
    for provider in Catalog::embedded().all().0 {
        for (event, facts) in &provider.events {
            for field in provider.fields(event).unwrap() {
                assert!(
                    !field.description.is_empty(),
                    "{}/{event}{}",
                    provider.name,
                    field.path
                );
            }
            for variant in facts.variant.keys() {
                assert!(
                    provider.variants(event).contains(variant),
                    "{event}:{variant} has no sample"
                );
            }
            for variant in provider.variants(event) {
                assert!(
                    facts.variant.contains_key(&variant),
                    "{event}:{variant} is not described"
                );
            }
        }
    }
    let convocore = Catalog::embedded().provider("convocore").unwrap();
    assert_eq!(
        convocore.variants("message_received"),
        ["facebook", "instagram", "telegram", "webchat"]
    );
}

#[test]
fn a_file_name_is_for_media_messages_alone() {
    let gaife = Catalog::embedded().provider("gaife").unwrap();
    let text = gaife.sample("message", None).unwrap().unwrap();
    let with_name = text.replace(
        r#""content_type":"TEXT""#,
        r#""content_type":"TEXT","filename":"a.pdf""#,
    );
    assert_eq!(
        gaife.validate("message", with_name.as_bytes()).unwrap()[0]
            .path
            .unescaped(),
        "/data/filename"
    );
    let image = gaife.sample("message", Some("image")).unwrap().unwrap();
    assert_eq!(gaife.validate("message", image.as_bytes()).unwrap(), []);
    let without_name = image.replace(r#""filename":"photo.jpg","#, "");
    assert_eq!(
        gaife.validate("message", without_name.as_bytes()).unwrap(),
        [],
        "it is optional"
    );
}

const PROVIDER: &str = r#"
name = "acme"
title = "Acme"

[sources]
docs = { title = "Docs", date = "2026-01-01" }

[request]
documented = "docs"
content_type = "application/json"

[recognise]
headers = ["X-Acme-Signature"]

[body]
documented = "docs"
event = { path = "/kind" }
idempotency_key = ["header:X-Acme-Id", "body:/id"]

[signature]
documented = "docs"
mechanism = "hmac"
header = "X-Acme-Signature"
content = "{timestamp}.{body}"
grammar = { item_separator = ",", pair_separator = "=", signature = "v1", timestamp = "t" }
timestamp = { format = "unix_s", tolerance = "5m" }

[delivery]
documented = "docs"
timeout = "3s"
success = ["2xx"]

[event.made]
category = "Things"
documented = "docs"
description = "A thing was made."
"#;

pub fn with_acme() -> Place {
    let place = Place::new();
    place.write("providers/acme/provider.toml", PROVIDER);
    place.write(
        "providers/acme/samples/made.json",
        r#"{"id":"1","kind":"made"}"#,
    );
    place
}

#[test]
fn a_folder_of_ones_own_has_every_feature() {
    let place = with_acme();
    let dir = ["--provider-dir", "providers"];
    let run = |arguments: &[&str]| place.run(&[arguments, &dir].concat());
    assert!(run(&["providers"]).expect(0).stdout.contains("Acme"));
    let mut listener = place.listen(&["--provider-dir", "providers", "--secret", "s3cret"]);
    run(&["send", "made", "--url", &listener.url, "--secret", "s3cret"]).expect(0);
    let request = listener.next();
    assert_eq!(request["provider"], "acme");
    assert_eq!(request["signature"]["verdict"], "valid");
    assert_eq!(
        run(&["verify", "last", "--secret", "s3cret", "--json"])
            .expect(0)
            .document()["valid"],
        true
    );
}

#[test]
fn a_malformed_folder_says_where_and_takes_nobody_down() {
    let cases = [
        (
            "timeout = \"3s\"",
            "timeout = 3",
            "provider.toml:30: ",
            "string",
        ),
        (
            "mechanism = \"hmac\"",
            "mechanism = \"hamc\"",
            "provider.toml:22: ",
            "expected one of `hmac`, `hash`, `ed25519`, `ecdsa_p256`, `token`",
        ),
        (
            "content_type =",
            "contenttype =",
            "provider.toml:",
            "unknown field `contenttype`",
        ),
        (
            "header = \"X-Acme-Signature\"\n",
            "",
            "provider.toml:",
            "one of `header`, `body`, `form` and `query`",
        ),
        (
            "[delivery]\ndocumented = \"docs\"",
            "[delivery]",
            "provider.toml:",
            "`documented` (its source) or `assumed`",
        ),
        (
            "name = \"acme\"",
            "name = \"other\"",
            "provider.toml:2: ",
            "they must be the same",
        ),
        (
            "{timestamp}.{body}",
            "{nobody}",
            "provider.toml:",
            "{timestamp}, {id}",
        ),
        (
            "documented = \"docs\"\ndescription",
            "documented = \"x\"\ndescription",
            "provider.toml:33: ",
            "[sources]",
        ),
        (
            "[event.made]",
            "[event.sold]",
            "provider.toml: ",
            "has no sample: add samples/sold.json (or .form)",
        ),
    ];
    for (from, to, file, expected) in cases {
        let place = with_acme();
        assert!(PROVIDER.contains(from), "{from}");
        place.write("providers/acme/provider.toml", PROVIDER.replace(from, to));
        let listed = place
            .run(&["providers", "--provider-dir", "providers"])
            .expect(2);
        assert!(
            listed.stderr.contains(file) && listed.stderr.contains(expected),
            "{to}: {}",
            listed.stderr
        );
        assert!(
            listed.stdout.contains("convosphere"),
            "the others are still there"
        );
        place
            .run(&["events", "lead_captured", "--provider-dir", "providers"])
            .expect(0);
    }
}

#[test]
fn a_sample_that_is_wrong_or_nobodys_is_told() {
    let place = with_acme();
    place.write("providers/acme/samples/sold.json", "{}");
    let told = place
        .run(&["providers", "acme", "--provider-dir", "providers"])
        .expect(2);
    assert!(
        told.stderr
            .contains("samples/sold.json: is a sample of an unknown event"),
        "{}",
        told.stderr
    );
    std::fs::remove_file(place.path("providers/acme/samples/sold.json")).unwrap();
    place.write("providers/acme/samples/made.json", "{\n bad");
    let told = place
        .run(&["send", "made", "--url", "1", "--provider-dir", "providers"])
        .expect(2);
    assert!(
        told.stderr.contains("samples/made.json:2: not JSON"),
        "{}",
        told.stderr
    );
}

#[test]
fn a_folder_cannot_lead_out_of_itself() {
    let place = with_acme();
    let outside = place.write("outside.json", r#"{"id":"1","kind":"made"}"#);
    let sample = place.path("providers/acme/samples/made.json");
    std::fs::remove_file(&sample).unwrap();
    std::os::unix::fs::symlink(outside, &sample).unwrap();
    let shown = place
        .run(&["events", "made", "--sample", "--provider-dir", "providers"])
        .expect(2);
    assert!(
        shown
            .stderr
            .contains("is a link that leads outside the provider's folder"),
        "{}",
        shown.stderr
    );
    place.write(
        "providers/acme/schemas/made.json",
        r##"{"$ref":"file:///etc/passwd"}"##,
    );
    std::fs::remove_file(&sample).unwrap();
    place.write("providers/acme/samples/made.json", "{}");
    let shown = place
        .run(&["events", "made", "--provider-dir", "providers"])
        .expect(2);
    assert!(
        shown
            .stderr
            .contains("leads outside the file; a reference must start with #"),
        "{}",
        shown.stderr
    );
}

#[test]
fn one_provider_lays_single_events_over_another() {
    let place = Place::new();
    place.write(
        "providers/mine/provider.toml",
        "name = \"mine\"\nextends = \"convo\"\n[event.\"transcript.ready\"]\ncategory = \"Mine\"\ndocumented = \"guide\"\ndescription = \"Ours.\"\n",
    );
    place.write(
        "providers/mine/samples/transcript.ready.json",
        r#"{"event":"transcript.ready","mine":true}"#,
    );
    let events = place
        .run(&[
            "events",
            "--provider",
            "mine",
            "--json",
            "--provider-dir",
            "providers",
        ])
        .expect(0);
    assert_eq!(events.documents().len(), 11);
    let sample = |event: &str| {
        place
            .run(&["events", event, "--sample", "--provider-dir", "providers"])
            .expect(0)
            .stdout
    };
    assert!(sample("mine/transcript.ready").contains("\"mine\":true"));
    assert!(sample("mine/transcript.failed").contains("Audio could not be decoded"));
}

/// Facts that were found wrong or missing against the providers' own documents.
#[test]
fn what_the_providers_documents_say_stands_in_their_folders() {
    let catalog = Catalog::embedded();
    let hours = |name: &str| {
        let provider = catalog.provider(name).unwrap();
        let waits = provider.delivery.retry_waits.iter();
        (
            waits.clone().count(),
            waits.sum::<std::time::Duration>().as_secs() / 3600,
        )
    };
    for (name, count, spanned) in [
        ("stripe", 7, 72),
        ("shopify", 8, 4),
        ("shopify-events", 8, 4),
        ("github", 0, 0),
        ("calendly", 8, 24),
        ("paddle", 60, 71),
        ("openai", 7, 72),
        ("standard-webhooks-v1a", 9, 75),
        ("slack", 3, 0),
        ("square", 11, 24),
        ("linear", 3, 7),
        ("pagerduty", 10, 48),
        ("hubspot-v3", 10, 24),
        ("telegram", 10, 0),
    ] {
        assert_eq!(hours(name), (count, spanned), "{name}");
    }
    let stops = |name: &str, status| {
        let provider = catalog.provider(name).unwrap();
        !provider.delivery.retries(status) && provider.delivery.retries(503)
    };
    assert!(
        stops("calendly", 410) && stops("intercom", 410) && stops("standard-webhooks-v1a", 410)
    );
    assert!(stops("mailgun", 406));
    let mailgun = catalog.provider("mailgun").unwrap();
    assert!(mailgun.policy_of(Some("delivered")).retry_waits.is_empty());
    assert_eq!(mailgun.policy_of(Some("failed")).retry_waits.len(), 6);
}

#[test]
fn a_header_of_its_own_tells_a_revocation_and_discord_has_two_kinds_of_requests() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    for event in [
        "twitch/revocation",
        "twitch/channel.follow",
        "discord/application_authorized",
        "discord-interactions/application_command",
        "shopify-events/product",
        "xero/INVOICE",
        "jira/issue_created",
    ] {
        place
            .run(&["send", event, "--url", &listener.url, "-q"])
            .expect(0);
        let request = listener.next();
        let (provider, name) = event.split_once('/').unwrap();
        assert_eq!(
            (&request["provider"], &request["event"]),
            (&provider.into(), &name.into())
        );
    }
    let shopify = place.run(&[
        "send",
        "shopify/orders.create",
        "--url",
        "3000",
        "--dry-run",
    ]);
    let head = shopify.expect(0).stdout;
    for header in [
        "X-Shopify-Event-Id: ",
        "X-Shopify-Webhook-Id: ",
        "X-Shopify-Triggered-At: 20",
    ] {
        assert!(head.contains(header), "{head}");
    }
}

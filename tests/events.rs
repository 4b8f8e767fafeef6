use crate::support::{Place, settings};

#[test]
fn providers_are_listed_with_their_signatures() {
    let shown = Place::new().run(&["providers"]).expect(0);
    insta::assert_snapshot!(shown.page());
}

#[test]
fn a_provider_says_what_it_does_and_what_of_that_is_assumed() {
    let shown = Place::new().run(&["providers", "agentclara"]).expect(0);
    settings().bind(|| insta::assert_snapshot!(shown.page()));
}

#[test]
fn an_event_shows_fields_options_values_sample_and_provenance() {
    let shown = Place::new()
        .run(&["events", "gaife/message:image"])
        .expect(0);
    insta::assert_snapshot!(shown.page());
    let detail = Place::new()
        .run(&["events", "convocore/form_submitted", "--json"])
        .expect(0)
        .document();
    let field = |path: &str| {
        detail["fields"]
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["path"] == path)
            .unwrap()
            .clone()
    };
    assert_eq!(field("/payload/agentName")["required"], false);
    assert_eq!(
        field("/payload/channel")["values"]
            .as_array()
            .unwrap()
            .len(),
        11
    );
}

#[test]
fn sample_and_schema_are_printed_as_they_are() {
    let place = Place::new();
    let sample = place
        .run(&["events", "convo/transcript.ready", "--sample"])
        .expect(0)
        .stdout;
    assert_eq!(
        sample,
        r#"{"event":"transcript.ready","data":{"conversationId":"sess_a1b2c3","segmentCount":142},"timestamp":"2026-03-19T14:30:00.000Z"}"#
    );
    let schema: serde_json::Value = serde_json::from_str(
        &place
            .run(&["events", "lead_captured", "--schema"])
            .expect(0)
            .stdout,
    )
    .unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}

#[test]
fn filters_leave_what_fits_all_of_them() {
    let place = Place::new();
    let ids = |arguments: &[&str]| -> Vec<String> {
        let all = place
            .run(&[&["events", "--json"], arguments].concat())
            .expect(0)
            .documents();
        all.iter()
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&[]).len(), crate::catalog::events_in_all());
    assert_eq!(
        ids(&["--provider", "convocore", "--platform", "vf"]).len(),
        13
    );
    assert_eq!(
        ids(&["--category", "transcript"]),
        ["convo/transcript.ready", "convo/transcript.failed"]
    );
    assert_eq!(ids(&["--search", "bug_"]), ["convocore/bug_reported"]);
    assert!(ids(&["--search", "nothing like that"]).is_empty());
}

#[test]
fn an_unknown_name_is_a_usage_error_that_helps() {
    let place = Place::new();
    insta::assert_snapshot!(place.run(&["events", "conversation.created"]).page(), @"
    exit 2
    --- stdout
    --- stderr
    error: `conversation.created` is an event of several providers: agentclara/conversation.created, convo/conversation.created
    hint: add the provider (PROVIDER/EVENT), or set `provider` under [defaults] in hookcli.toml
    ");
    insta::assert_snapshot!(place.run(&["providers", "convocor"]).page(), @"
    exit 2
    --- stdout
    --- stderr
    error: unknown provider `convocor`; did you mean one of convocore, convo?
    hint: run `hookcli providers` to see them; one of your own needs --provider-dir DIR or HOOKCLI_PROVIDER_DIR
    ");
}

use crate::support::Place;

#[test]
fn every_event_goes_the_whole_way_and_leaves_nothing_behind() {
    let place = Place::new();
    let shown = place.run(&["demo", "--json"]).expect(0);
    let documents = shown.documents();
    let totals = documents.last().unwrap();
    // The variants are more, and the one handshake that brings a secret is left out.
    let events = crate::catalog::events_in_all() + 18 - 1;
    assert_eq!(
        (
            totals["type"].as_str(),
            totals["events"].as_u64(),
            totals["ok"].as_u64()
        ),
        (Some("demo"), Some(events as u64), Some(events as u64))
    );
    for row in &documents[..events] {
        let event = row["event"].as_str().unwrap();
        // No scheme, or a challenge that nobody signs.
        let unchecked = event.starts_with("gaife/") || event.ends_with("/verification");
        assert_eq!(
            row["verdict"],
            if unchecked { "unchecked" } else { "valid" },
            "{row}"
        );
        assert!(row["stored"] == true && row["replayed"] == true, "{row}");
    }
    assert!(!place.store().exists(), "its store is temporary");
}

#[test]
fn the_table_has_a_line_an_event_and_the_totals() {
    let shown = Place::new().run(&["demo", "--provider", "convo"]).expect(0);
    assert_eq!(
        shown
            .stdout
            .lines()
            .filter(|line| line.ends_with(" ok"))
            .count(),
        11
    );
    assert!(
        shown.stdout.contains("✓ 11 of 11 events of 1 provider:"),
        "{}",
        shown.stdout
    );
}

#[test]
fn an_event_that_does_not_come_back_as_it_went_fails_the_demo() {
    // Recognised as nobody's, so its signature is not checked: not the whole way.
    let place = crate::catalog::with_acme();
    let text = std::fs::read_to_string(place.path("providers/acme/provider.toml")).unwrap();
    place.write(
        "providers/acme/provider.toml",
        text.replace("X-Acme-Signature\"]", "X-Never\"]"),
    );
    let shown = place
        .run(&["demo", "--provider", "acme", "--provider-dir", "providers"])
        .expect(1);
    assert!(
        shown.stdout.contains("unchecked") && shown.stdout.contains("FAILED"),
        "{}",
        shown.stdout
    );
}

use crate::support::{Place, Server, hmac_hex};

fn dry(place: &Place, arguments: &[&str]) -> serde_json::Value {
    place
        .run(&[&["send", "--dry-run", "--json", "-q"], arguments].concat())
        .expect(0)
        .document()
}

#[test]
fn an_endpoint_has_a_url_a_provider_a_secret_and_a_subscription() {
    let place = Place::new().with("ORDERS_SECRET", "s3cret");
    place.write(
        "hookcli.toml",
        "[endpoint.orders]\nurl = \"http://localhost:3000/orders\"\nprovider = \"agentclara\"\nsecret_env = \"ORDERS_SECRET\"\nevents = [\"message.received\", \"conversation.closed\"]\n",
    );
    let one = dry(&place, &["conversation.created", "--to", "orders"]);
    assert_eq!(
        (one["provider"].as_str(), one["url"].as_str()),
        (Some("agentclara"), Some("http://localhost:3000/orders"))
    );
    let signature = hmac_hex(b"s3cret", one["body"].as_str().unwrap().as_bytes());
    assert!(one["headers"].to_string().contains(&signature));
    let all = place
        .run(&["send", "--all", "--to", "orders", "--dry-run", "--json"])
        .expect(0)
        .documents();
    assert_eq!(
        all.iter()
            .map(|one| one["event"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["message.received", "conversation.closed"]
    );
    assert!(
        place
            .run(&["send", "lead_captured", "--to", "order"])
            .expect(2)
            .stderr
            .contains("unknown endpoint `order`: use one of orders")
    );
    assert_eq!(
        dry(&place, &["lead_captured", "--to", "3000"])["url"],
        "http://localhost:3000/",
        "a URL will do"
    );
}

#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_users_config() {
    let place = Place::new();
    let url = |place: &Place, arguments: &[&str]| {
        dry(place, &[&["lead_captured"], arguments].concat())["url"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    place.write_home(
        ".config/hookcli/config.toml",
        "[defaults]\nurl = \"http://localhost:1/\"\nprovider = \"convo\"\n",
    );
    assert_eq!(url(&place, &[]), "http://localhost:1/");
    assert_eq!(
        dry(&place, &["conversation.created"])["provider"],
        "convo",
        "the default provider breaks the tie"
    );
    place.write(
        "hookcli.toml",
        "[defaults]\nurl = \"http://localhost:2/\"\n",
    );
    assert_eq!(url(&place, &[]), "http://localhost:2/");
    let place = place.with("HOOKCLI_URL", "http://localhost:3/");
    assert_eq!(url(&place, &[]), "http://localhost:3/");
    assert_eq!(
        url(&place, &["--url", "http://localhost:4/"]),
        "http://localhost:4/"
    );
}

#[test]
fn the_file_is_found_upward_until_the_repository_ends() {
    let place = Place::new();
    place.write(
        "hookcli.toml",
        "[defaults]\nurl = \"http://localhost:2/\"\n",
    );
    std::fs::create_dir_all(place.path("repo/deep")).unwrap();
    let run_in = |dir: &str| {
        place
            .command(&["send", "lead_captured", "--dry-run"])
            .current_dir(place.path(dir))
            .output()
            .unwrap()
            .status
            .code()
    };
    assert_eq!(run_in("repo/deep"), Some(0));
    std::fs::create_dir(place.path("repo/.git")).unwrap();
    assert_eq!(
        run_in("repo/deep"),
        Some(2),
        "the search stops at the repository's root"
    );
    place.write(
        "repo/hookcli.toml",
        "[defaults]\nurl = \"http://localhost:3/\"\n",
    );
    assert_eq!(run_in("repo/deep"), Some(0));
}

#[test]
fn the_search_stops_at_the_home_folder() {
    let place = Place::new();
    std::fs::write(
        place.home("..").join("hookcli.toml"),
        "[defaults]\nurl = \"http://localhost:2/\"\n",
    )
    .unwrap();
    let code = place
        .command(&["send", "lead_captured", "--dry-run"])
        .current_dir(place.home(""))
        .output()
        .unwrap()
        .status
        .code();
    assert_eq!(code, Some(2), "what lies above the home folder is not read");
}

#[test]
fn a_file_that_others_can_write_is_not_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let file = place.write(
        "hookcli.toml",
        "[defaults]\nurl = \"http://localhost:2/\"\n",
    );
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let shown = place.run(&["send", "lead_captured", "--dry-run"]).expect(2);
    assert!(
        shown
            .stderr
            .contains("was ignored because other users can write it"),
        "{}",
        shown.stderr
    );
}

#[test]
fn what_nobody_vouches_for_may_not_decide_much() {
    let place = Place::new();
    place.write("key", "s3cret");
    for (line, content) in [
        (
            "1: the hookcli.toml of the working tree may not set `store`",
            "store = \"/tmp/x.db\"\n",
        ),
        (
            "2: the hookcli.toml of the working tree may not set `listen.bind`",
            "[listen]\nbind = \"0.0.0.0\"\n",
        ),
        (
            "3: the hookcli.toml of the working tree may not set `secret_file`",
            "[endpoint.a]\nurl = \"http://localhost:1/\"\nsecret_file = \"key\"\n",
        ),
        (
            "3: the hookcli.toml of the working tree may not set `insecure`",
            "[endpoint.a]\nurl = \"http://localhost:1/\"\ninsecure = true\n",
        ),
    ] {
        place.write("hookcli.toml", content);
        let refused = place.run(&["captures", "list"]).expect(2);
        assert!(
            refused.stderr.contains(&format!("hookcli.toml:{line}")),
            "{}",
            refused.stderr
        );
        assert!(!refused.stderr.contains("s3cret"));
    }
    place.write(
        "hookcli.toml",
        "[endpoint.a]\nurl = \"http://localhost:1/\"\nsecret_file = \"key\"\n",
    );
    place
        .run(&[
            "send",
            "lead_captured",
            "--to",
            "a",
            "--dry-run",
            "--config",
            "hookcli.toml",
        ])
        .expect(0);
    place.write("providers/convo/provider.toml", "name = \"convo\"\n");
    place.write("hookcli.toml", "provider_dir = [\"providers\"]\n");
    assert!(
        place
            .run(&["providers"])
            .expect(2)
            .stderr
            .contains("may not replace the built-in provider `convo`")
    );
}

#[test]
fn a_hostile_file_leaks_nothing_by_being_there() {
    let place = Place::new()
        .with("HOOKCLI_SECRET_CONVO", "s3cret")
        .with("CLOUD_KEY", "very-private");
    place.write(
        "hookcli.toml",
        "[defaults]\nurl = \"http://192.0.2.1/steal\"\n[endpoint.evil]\nurl = \"http://192.0.2.1/steal\"\nprovider = \"convocore\"\nsecret_env = \"CLOUD_KEY\"\n",
    );
    for arguments in [
        vec!["providers"],
        vec!["events"],
        vec!["captures", "list"],
        vec!["demo", "--provider", "gaife"],
    ] {
        let shown = place.run(&arguments).expect(0);
        assert!(!shown.page().contains("very-private") && !shown.page().contains("s3cret"));
    }
    let refused = place
        .run(&["send", "lead_captured", "--to", "evil", "--dry-run"])
        .expect(2);
    assert!(
        refused
            .stderr
            .contains("http://192.0.2.1/steal was chosen by the hookcli.toml of the working tree"),
        "{}",
        refused.stderr
    );
    let told = place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--dry-run",
            "--allow-http",
        ])
        .expect(0);
    assert!(
        told.stderr
            .contains("the hookcli.toml of the working tree sends this to http://192.0.2.1/steal"),
        "{}",
        told.stderr
    );
    place
        .run(&[
            "send",
            "lead_captured",
            "--url",
            "http://192.0.2.1/",
            "--secret-env",
            "CLOUD_KEY",
            "--dry-run",
        ])
        .expect(0);
    assert!(crate::support::find(&place.all_bytes(), b"very-private").is_none());
}

#[test]
fn a_mistake_in_a_file_says_where() {
    let place = Place::new();
    place.write(
        "hookcli.toml",
        "[defaults]\nprovider = \"convo\"\nprovidre = \"x\"\n",
    );
    let refused = place.run(&["providers"]).expect(2);
    assert!(
        refused
            .stderr
            .contains("hookcli.toml:3: unknown field `providre`"),
        "{}",
        refused.stderr
    );
    assert!(
        place
            .run(&["providers", "--config", "nope.toml"])
            .expect(2)
            .stderr
            .contains("nope.toml")
    );
}

#[test]
fn a_listener_takes_its_port_from_flag_environment_or_file() {
    let place = Place::new();
    let port = crate::support::free_port().to_string();
    place.write("hookcli.toml", format!("[listen]\nport = {port}\n"));
    let listener = crate::support::Listener::start(place.command(&["listen", "--json"]));
    assert_eq!(listener.url, format!("http://127.0.0.1:{port}"));
    let other = place.listen(&[]);
    assert_ne!(other.url, listener.url);
}

#[test]
fn keep_and_store_are_settings_too() {
    let place = Place::new().with("HOOKCLI_KEEP", "nonsense");
    assert!(
        place
            .run(&["captures", "list"])
            .expect(2)
            .stderr
            .contains("keep: invalid limit `nonsense`")
    );
    let place = Place::new();
    let elsewhere = place.path("deep/er/mine.db");
    let server = Server::ok(1);
    place
        .run(&[
            "send",
            "lead_captured",
            "--url",
            &server.url(),
            "--store",
            elsewhere.to_str().unwrap(),
        ])
        .expect(0);
    assert!(elsewhere.exists() && !place.store().exists());
    let server = Server::ok(1);
    place
        .run(&[
            "send",
            "lead_captured",
            "--url",
            &server.url(),
            "--no-store",
        ])
        .expect(0);
    assert!(!place.store().exists());
    assert!(
        place
            .run(&["captures", "list", "--no-store"])
            .expect(2)
            .stderr
            .contains("this command needs the store: run it without --no-store")
    );
}

#[test]
fn an_endpoint_of_one_provider_is_not_sent_anothers_events() {
    let place = Place::new();
    place.write(
        "hookcli.toml",
        "[endpoint.orders]\nurl = \"http://localhost:3000/\"\nprovider = \"agentclara\"\n",
    );
    let send = |event: &str| {
        place
            .run(&["send", event, "--to", "orders", "--dry-run"])
            .expect(2)
            .stderr
    };
    assert!(send("lead_captured").contains("unknown event `agentclara/lead_captured`"));
    assert!(send("convocore/lead_captured").contains("the endpoint belongs to agentclara"));
}

#[test]
fn a_store_is_copied_from_one_that_is_there_to_another() {
    let place = Place::new();
    for (words, why) in [
        (["nothere/x.db", "y.db"], "there is no store nothere/x.db"),
        (["own.db", "own.db"], "copied to itself"),
    ] {
        if why.contains("itself") {
            place
                .run(&["store", "status", "--store", "own.db"])
                .expect(0);
        }
        let refused = place.run(&[&["store", "copy"], &words[..]].concat());
        assert!(refused.expect(2).stderr.contains(why), "{why}");
    }
    assert!(!place.path("nothere").exists() && !place.path("y.db").exists());
    let copied = place.run(&["store", "copy", "own.db", "y.db", "--json"]);
    assert_eq!(copied.expect(0).document()["captures"], 0);
}

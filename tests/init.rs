//! `init`: what a repository starts with.

use std::process::Command;

use crate::support::{Place, free_port};

fn init(place: &Place, flags: &[&str]) -> Command {
    let mut command = place.command(&[&["init"][..], flags].concat());
    command.current_dir(place.path(""));
    command
}

fn text(place: &Place, file: &str) -> String {
    std::fs::read_to_string(place.path(file)).unwrap()
}

#[test]
fn flags_answer_everything_and_the_endpoint_is_there_for_the_next_command() {
    let place = Place::new();
    let flags = [
        "--provider",
        "convo",
        "--url",
        "3999/hook",
        "--secret-env",
        "CONVO_SECRET",
    ];
    let done = init(&place, &flags).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&done.stdout),
        "wrote hookcli.toml\n"
    );
    insta::assert_snapshot!(text(&place, "hookcli.toml"), @r#"
    # hookcli's settings for this repository: `hookcli send EVENT --to app`, `hookcli check --to app`.
    [endpoint.app]
    url = "http://localhost:3999/hook"
    provider = "convo"
    secret_env = "CONVO_SECRET"
    "#);
    let mut sent = place.command(&["send", "transcript.ready", "--to", "app", "--dry-run"]);
    let sent = sent
        .current_dir(place.path(""))
        .env("CONVO_SECRET", "s3cret-of-convo")
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&sent.stdout);
    assert!(page.contains("host: localhost:3999\n"), "{page}");
    assert!(!place.path("webhook-smoke-test.sh").exists());
}

#[test]
fn nobody_can_be_asked_so_what_is_missing_is_named() {
    let place = Place::new();
    for (flags, missing) in [
        (vec![], "--provider NAME"),
        (vec!["--provider", "convo"], "--url URL"),
        (
            vec!["--provider", "convo", "--url", "3000", "--smoke-test"],
            "--start COMMAND",
        ),
    ] {
        let done = init(&place, &flags).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(said.contains(missing), "{said}");
        assert!(!place.path("hookcli.toml").exists());
    }
}

#[test]
fn what_would_run_in_the_script_is_refused() {
    let place = Place::new();
    for (flag, value) in [
        ("--url", "http://$(id)/hook"),
        ("--url", "http://user:password@localhost/hook"),
        ("--secret-env", "A;id"),
        ("--name", "--help"),
        ("--name", "app]\nx = 1"),
    ] {
        let mut flags = vec!["--provider", "gaife", "--start", "true", "--smoke-test"];
        if flag != "--url" {
            flags.extend(["--url", "3000"]);
        }
        flags.extend([flag, value]);
        let done = init(&place, &flags).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{value}");
        assert!(!place.path("hookcli.toml").exists());
    }
}

#[test]
fn nothing_is_overwritten_and_then_nothing_is_written() {
    let place = Place::new();
    place.write("webhook-smoke-test.sh", "mine");
    let flags = [
        "--provider",
        "gaife",
        "--url",
        "3000",
        "--smoke-test",
        "--start",
        "true",
    ];
    let done = init(&place, &flags).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("--force"), "{said}");
    assert_eq!(text(&place, "webhook-smoke-test.sh"), "mine");
    assert!(!place.path("hookcli.toml").exists());
    let forced = init(&place, &[&flags[..], &["--force"]].concat());
    let status = { forced }.status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(text(&place, "webhook-smoke-test.sh").contains("hookcli check"));
    // Nothing is signed, so there is no secret to name.
    assert!(!text(&place, "hookcli.toml").contains("secret_env"));
}

/// What `init` writes is run as a CI would.
#[test]
fn the_smoke_test_runs_proves_and_leaves_nothing_behind() {
    for (accept, code) in [("", 0), (" --accept-unverified", 1)] {
        let place = Place::new();
        let port = free_port().to_string();
        let start = format!("hookcli listen --port {port} --provider convo{accept} >/dev/null");
        let flags = [
            "--provider",
            "convo",
            "--url",
            &port,
            "--secret-env",
            "HOOKCLI_SECRET",
            "--start",
            &start,
            "--workflow",
        ];
        assert!(init(&place, &flags).output().unwrap().status.success());
        let workflow = text(&place, ".github/workflows/webhooks.yml");
        assert!(
            workflow.contains("- run: ./webhook-smoke-test.sh\n"),
            "{workflow}"
        );
        assert!(workflow.contains("HOOKCLI_SECRET: "), "{workflow}");
        let binary = std::path::Path::new(env!("CARGO_BIN_EXE_hookcli"));
        let path = format!(
            "{}:{}",
            binary.parent().unwrap().display(),
            std::env::var("PATH").unwrap()
        );
        let home = place.command(&[]);
        let mut test = Command::new(place.path("webhook-smoke-test.sh"));
        let vars = home
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        let done = test
            .env_clear()
            .envs(vars)
            .env("PATH", path)
            .env("HOOKCLI_SECRET", "a secret for tests")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert_eq!(
            done.status.code(),
            Some(code),
            "{said}{}",
            String::from_utf8_lossy(&done.stderr)
        );
        assert!(text(&place, "webhooks.xml").contains("authenticity.wrong_secret"));
        // The receiver ends with the script.
        while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_ok() {
            std::thread::yield_now();
        }
    }
}

/// A name that nobody owns yet in a registry could be somebody else's tomorrow.
#[test]
fn the_workflow_installs_hookcli_from_where_it_is_told_and_from_no_registry() {
    let flags = [
        "--provider",
        "gaife",
        "--url",
        "3000",
        "--start",
        "true",
        "--workflow",
    ];
    let workflow = |more: &[&str]| {
        let place = Place::new();
        let done = init(&place, &[&flags[..], more].concat()).output().unwrap();
        assert_eq!(
            done.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        text(&place, ".github/workflows/webhooks.yml")
    };
    let plain = workflow(&[]);
    assert!(
        !plain.contains("cargo install") && plain.contains("hookcli --version"),
        "{plain}"
    );
    let git = workflow(&["--install-from", "https://git.example/hookcli.git#4f2a91c"]);
    assert!(
        git.contains("- run: cargo install --locked --git https://git.example/hookcli.git --rev 4f2a91c hookcli\n"),
        "{git}"
    );
    let folder = workflow(&["--install-from", "tools/hookcli"]);
    assert!(
        folder.contains("- run: cargo install --locked --path tools/hookcli\n"),
        "{folder}"
    );
    for refused in [
        "https://git.example/hookcli.git",
        "https://x/y#a;id",
        "../outside",
        "/etc",
        "-x",
        "http://plain/x#1",
    ] {
        let place = Place::new();
        let done = init(&place, &[&flags[..], &["--install-from", refused]].concat())
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(2), "{refused}");
    }
}

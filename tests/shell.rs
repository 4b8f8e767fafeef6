use std::collections::BTreeSet;

use crate::support::Place;

/// To renew them after a change: `for s in bash elvish fish powershell zsh; do hookcli completions $s > completions/hookcli.$s; done`
#[test]
fn the_committed_completions_are_what_the_command_prints() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let printed = Place::new().run(&["completions", shell]).expect(0).stdout;
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("completions")
            .join(format!("hookcli.{shell}"));
        let committed = std::fs::read_to_string(&file).unwrap();
        assert!(printed == committed, "{} is out of date", file.display());
    }
}

/// To renew them after a change: `hookcli man --dir man`
#[test]
fn the_committed_manual_pages_are_what_the_command_writes() {
    let place = Place::new();
    place.run(&["man", "--dir", "pages"]).expect(0);
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let names = |folder: &std::path::Path| {
        let entries = std::fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<BTreeSet<String>>()
    };
    let written = names(&place.path("pages"));
    assert_eq!(written, names(&committed));
    for name in &written {
        let written = std::fs::read_to_string(place.path(&format!("pages/{name}"))).unwrap();
        let committed = std::fs::read_to_string(committed.join(name)).unwrap();
        assert!(written == committed, "man/{name} is out of date");
    }
    // One page alone is printed.
    let page = place.run(&["man", "captures", "export"]).expect(0).stdout;
    assert!(page.contains(".TH hookcli-captures-export 1"), "{page}");
    assert!(page.contains("hookcli captures export last"), "{page}");
    place.run(&["man", "captures", "exprt"]).expect(2);
}

/// Every command with its words, and its two pages of help in 80 columns.
fn help_pages() -> Vec<(String, String, String)> {
    fn walk(command: &clap::Command, words: &[String], out: &mut Vec<Vec<String>>) {
        out.push(words.to_vec());
        for inner in command.get_subcommands() {
            walk(
                inner,
                &[words, &[inner.get_name().to_owned()]].concat(),
                out,
            );
        }
    }
    let mut all = Vec::new();
    walk(&hookcli::cli::command(), &[], &mut all);
    let place = Place::new().with("COLUMNS", "80");
    let page = |words: &[String], flag: &str| {
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.push(flag);
        place.run(&words).expect(0).stdout
    };
    all.iter()
        .map(|words| (words.join(" "), page(words, "-h"), page(words, "--help")))
        .collect()
}

#[test]
fn the_short_help_fits_one_screen_and_begins_with_examples() {
    for (words, short, long) in help_pages() {
        let lines = short.lines().count();
        assert!(
            lines <= 24,
            "hookcli {words} -h has {lines} lines:\n{short}"
        );
        for page in [&short, &long] {
            let examples = page
                .find("Examples:\n  hookcli")
                .or(page.find("Examples:\n"));
            let usage = page.find("Usage:").unwrap();
            assert!(
                examples.is_some_and(|at| at < usage),
                "hookcli {words}:\n{page}"
            );
            for line in page.lines() {
                let width = line.chars().count();
                assert!(width <= 80, "hookcli {words}: {width} columns: {line}");
            }
        }
    }
}

#[test]
fn a_flag_is_explained_in_at_most_two_lines() {
    for (words, _, long) in help_pages() {
        // Texts are indented by ten; what is allowed and the default stand apart from them.
        let mut run: Vec<&str> = Vec::new();
        for line in long.lines().chain([""]) {
            let is_text = line.starts_with("          ")
                && !line.trim_start().starts_with(['[', '-'])
                && !line.trim().is_empty();
            if is_text {
                run.push(line.trim());
                continue;
            }
            assert!(run.len() <= 2, "hookcli {words} --help: {run:?}");
            run.clear();
        }
    }
}

/// What is typed, with what is wrong and what to type instead.
#[test]
fn a_mistake_on_the_command_line_is_answered_with_what_to_type() {
    let place = Place::new();
    for (typed, message, hint) in [
        (
            "sen",
            "unknown command `sen`",
            "did you mean `hookcli send`?",
        ),
        (
            "captures lst",
            "unknown command `lst`",
            "did you mean `hookcli captures list`?",
        ),
        (
            "send x --ur 1",
            "unknown option `--ur`",
            "did you mean `--url`?",
        ),
        (
            "send x -u 1",
            "unknown option `-u`",
            "did you mean `--url`?",
        ),
        (
            "--listen",
            "unknown option `--listen`",
            "did you mean `hookcli listen`?",
        ),
        (
            "send x --port 3000",
            "unknown option `--port`",
            "`--port` is an option of `hookcli listen`, `hookcli emulate`; run `hookcli send -h` to see the options here",
        ),
        (
            "listen 3000",
            "unexpected argument `3000`",
            "did you mean `--port 3000`?",
        ),
        (
            "check 3000",
            "unexpected argument `3000`",
            "did you mean `--url 3000`?",
        ),
        (
            "ui --port 4000",
            "unknown option `--port`",
            "did you mean `--ui-port`?",
        ),
        (
            "captures list --status 401",
            "unknown option `--status`",
            "write it as a word of the query: status:401",
        ),
        (
            "deliveries list --method=PUT",
            "unknown option `--method`",
            "write it as a word of the query: method:PUT",
        ),
        (
            "captures show --last",
            "unknown option `--last`",
            "did you mean `hookcli captures show last`?",
        ),
        (
            "send x --url",
            "--url needs a value",
            "for example: hookcli send lead_captured --url http://localhost:3000/webhooks",
        ),
        (
            "check --fail-on maybe",
            "invalid value `maybe` for --fail-on: use must or should",
            "run `hookcli check --help` to see the options",
        ),
        (
            "captures export --format curlx",
            "invalid value `curlx` for --format: use json, http, curl, har, httpie, fetch, python, go or http-file",
            "did you mean `curl`?",
        ),
        (
            "listen --port 70000",
            "--port: invalid number `70000`: use a whole number from 0 to 65535",
            "for example: hookcli listen --port 3000",
        ),
        (
            "send x --url 1 --timeout 5minuts",
            "--timeout: invalid duration `5minuts`: use a number and a unit, for example 500ms, 5s, 10m or 1h30m, or none for no timeout",
            "run `hookcli send --help` to see the options",
        ),
        (
            "sign --encoding foo",
            "--encoding: invalid value `foo`: use one of `plain`, `hex`, `hex_lower`, `base64`",
            "run `hookcli sign --help` to see the options",
        ),
        (
            "captures import",
            "<FILE>... is required",
            "for example: hookcli captures import capture.json",
        ),
        (
            "send x --url 1 --to b",
            "--url cannot be used with --to",
            "use only one of them",
        ),
        (
            "send x --url 1 --url 2",
            "--url is given more than once",
            "run `hookcli send --help` to see the options",
        ),
    ] {
        let words: Vec<&str> = typed.split(' ').collect();
        let shown = place.run(&words).expect(2);
        assert_eq!(
            shown.stderr,
            format!("error: {message}\nhint: {hint}\n"),
            "hookcli {typed}"
        );
    }
    // What was typed is shown, and controls nothing.
    let shown = place.run(&["send", "--x\u{1b}[2J"]).expect(2);
    assert!(!shown.stderr.contains('\u{1b}'), "{}", shown.stderr);
}

#[test]
fn exit_codes_stand_in_the_help() {
    let place = Place::new();
    assert!(
        place
            .run(&["--help"])
            .expect(0)
            .stdout
            .contains("Exit codes:")
    );
    assert!(
        place
            .run(&["--version"])
            .expect(0)
            .stdout
            .starts_with("hookcli 0.")
    );
    assert!(place.run(&[]).expect(2).stderr.contains("Usage: hookcli"));
    assert!(place.run(&["sned"]).expect(2).stderr.contains("send"));
    place
        .run(&["trigger", "lead_captured", "--url", "3000", "--dry-run"])
        .expect(0);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let place = Place::new();
    for arguments in [
        "events",
        "providers gaife",
        "demo --json",
        "completions bash",
        "--help",
    ] {
        let line = format!(
            "'{}' {arguments} | head -n 1 >/dev/null; exit ${{PIPESTATUS[0]}}",
            place.command(&[]).get_program().to_str().unwrap()
        );
        let output = std::process::Command::new("bash")
            .args(["-c", &line])
            .env("HOME", place.home(""))
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!String::from_utf8_lossy(&output.stderr).contains("error"));
    }
}

#[test]
fn an_output_that_cannot_be_written_is_exit_4() {
    let place = Place::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let status = place
        .command(&["providers"])
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(4));
}

#[test]
fn what_other_tools_are_asked_is_understood() {
    let place = Place::new();
    let help = place.run(&["help", "captures", "list"]).expect(0);
    assert_eq!(
        help.stdout,
        place.run(&["captures", "list", "--help"]).expect(0).stdout
    );
    assert_eq!(
        place.run(&["help"]).expect(0).stdout,
        place.run(&["--help"]).stdout
    );
    assert_eq!(
        place.run(&["version"]).expect(0).stdout,
        place.run(&["--version"]).stdout
    );
    for (words, said) in [
        (
            &["send", "lead_captured", "3000"][..],
            "did you mean `--url 3000`?",
        ),
        (
            &["send", "lead_captured", "http://localhost:3000/x"],
            "did you mean `--url http://localhost:3000/x`?",
        ),
        (&["listen", "--max-body", "300MiB"], "use 0B to 256MiB"),
        (
            &["listen", "--max-body", "10 apples"],
            "for example 512, 64KiB or 10MB",
        ),
    ] {
        let outcome = place.run(words).expect(2);
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
}

#[test]
fn sizes_and_faults_are_written_in_one_way() {
    let place = Place::new();
    let flags = [
        "--max-body",
        "1.5kB",
        "--max-head",
        "16KiB",
        "--respond",
        "slow_body=100000",
    ];
    let listener = place.listen(&flags);
    assert_eq!(listener.post(&[], &[b'x'; 1500]), 200);
    assert_eq!(listener.post(&[], &[b'x'; 1501]), 413);
    listener.stop();
    // Alone it verifies the newest capture.
    let verified = place.run(&["verify"]).expect(1);
    assert!(
        verified.stdout.starts_with("- unchecked"),
        "{}",
        verified.page()
    );
}

#[test]
fn a_policy_without_retries_is_said_before_anything_is_sent() {
    let place = Place::new();
    let server = crate::support::Server::ok(1);
    let url = server.url();
    let words = [
        "send",
        "lead_captured",
        "--secret",
        "s",
        "--retries",
        "policy",
        "--url",
        &url,
    ];
    let outcome = place.run(&words).expect(0);
    assert!(
        outcome.stderr.contains("no retries of convocore are known"),
        "{}",
        outcome.stderr
    );
    let named = [&words[..], &["--policy", "stripe"]].concat();
    let server = crate::support::Server::ok(1);
    let named: Vec<&str> = named
        .iter()
        .map(|word| {
            if *word == url {
                server.url().leak()
            } else {
                *word
            }
        })
        .collect();
    assert!(!place.run(&named).expect(0).stderr.contains("no retries"));
}

/// What the script of a shell asks, with the words so far; the last one is being typed.
fn offered(place: &Place, words: &[&str]) -> Vec<String> {
    let mut command = place.command(&["--"]);
    command
        .arg("hookcli")
        .args(words)
        .env("HOOKCLI_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_IFS", "\n");
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The real shells are tried in `tests/shells`; this is what they are told.
#[test]
fn completions_know_what_there_is_and_touch_nothing() {
    let place = Place::new();
    assert_eq!(offered(&place, &["send", "lead_"]), ["lead_captured"]);
    assert_eq!(offered(&place, &["captures", "show", ""])[0], "last");
    assert!(!place.store().exists(), "no store is made to look into");
    // What a stranger's folder brings is not offered, nor what a sender called its event.
    let manifest = "name = \"evil\"\ntitle = \"evil\"\n";
    place.write("theirs/evil/provider.toml", manifest);
    place.write(
        "hookcli.toml",
        "provider_dir = [\"theirs\"]\n[endpoint.orders]\nurl = \"1\"\n[endpoint.\"$(touch x)\"]\nurl = \"2\"\n",
    );
    assert_eq!(offered(&place, &["send", "--provider", "evil"]), [""; 0]);
    assert_eq!(offered(&place, &["send", "--to", "o"]), ["orders"]);
    assert_eq!(offered(&place, &["send", "--to", "$"]), [""; 0]);
    let listener = place.listen(&[]);
    let odd = [("X-Convo-Event", "$(touch x)")];
    assert_eq!(listener.post(&odd, b"{}"), 200);
    assert_eq!(listener.post(&[("X-Convo-Event", "made")], b"{}"), 200);
    listener.stop();
    let newest_first: Vec<String> = place
        .run(&["captures", "list", "--json"])
        .documents()
        .iter()
        .map(|capture| capture["id"].as_str().unwrap().to_owned())
        .collect();
    let ids = offered(&place, &["replay", "cap_"]);
    assert_eq!(ids, newest_first);
    // A store of another version is left as it is.
    let connection = rusqlite::Connection::open(place.store()).unwrap();
    connection.pragma_update(None, "user_version", 3).unwrap();
    drop(connection);
    assert_eq!(offered(&place, &["replay", "cap_"]), [""; 0]);
    let connection = rusqlite::Connection::open(place.store()).unwrap();
    let version: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 3);
}

#[test]
fn completions_are_installed_where_the_shell_looks() {
    let place = Place::new();
    for (shell, file) in [
        ("bash", ".local/share/bash-completion/completions/hookcli"),
        ("zsh", ".zfunc/_hookcli"),
        ("fish", ".config/fish/completions/hookcli.fish"),
    ] {
        let installed = place.run(&["completions", "install", shell]).expect(0);
        assert!(installed.stdout.contains(file), "{}", installed.page());
        let script = std::fs::read_to_string(place.home(file)).unwrap();
        assert!(script.contains("HOOKCLI_COMPLETE"), "{script}");
    }
    let own = place.and("SHELL", "/usr/bin/fish");
    assert!(
        own.run(&["completions", "install"])
            .expect(0)
            .stdout
            .contains("fish")
    );
    let other = place.and("SHELL", "/bin/tcsh");
    let refused = other.run(&["completions", "install"]).expect(2);
    assert!(refused.stderr.contains("tcsh"), "{}", refused.stderr);
}

#[test]
fn a_word_too_many_is_said_to_be_one() {
    let refused = Place::new().run(&["providers", "show", "acme"]).expect(2);
    assert!(
        refused
            .stderr
            .contains("`hookcli providers` takes one NAME"),
        "{}",
        refused.stderr
    );
}

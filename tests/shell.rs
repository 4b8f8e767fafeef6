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

#[test]
fn the_manual_page_has_every_verb() {
    let page = Place::new().run(&["man"]).expect(0).stdout;
    for verb in [
        "demo",
        "providers",
        "events",
        "send",
        "sign",
        "verify",
        "listen",
        "captures",
        "deliveries",
        "replay",
    ] {
        assert!(page.contains(&format!(".TH hookcli-{verb}")), "{verb}");
    }
}

#[test]
fn every_verb_has_help_with_examples() {
    let place = Place::new();
    for verb in [
        "demo",
        "providers",
        "events",
        "send",
        "sign",
        "verify",
        "listen",
        "replay",
        "completions",
        "captures list",
        "captures show",
        "captures export",
        "captures import",
        "captures rm",
        "deliveries list",
        "deliveries show",
    ] {
        let arguments: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        let help = place.run(&arguments).expect(0).stdout;
        assert!(
            help.contains("Examples:") && help.contains("hookcli "),
            "{verb}"
        );
    }
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

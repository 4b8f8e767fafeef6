//! The layout of every help page and manual page: examples first, `-h` with what most people need, `--help` with all.

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::Cli;
use crate::delivery::Fault;

/// The whole command line, each command with its examples.
pub fn command() -> Command {
    arranged(Cli::command(), &[])
}

/// What is needed seldom: `hookcli --help` describes it.
const SELDOM_NEEDED: [&str; 6] = ["sign", "keys", "init", "demo", "completions", "man"];

/// The command line as `hookcli -h` shows it: on one screen.
pub fn main_commands() -> Command {
    let more = format!("More: {}; see hookcli --help", SELDOM_NEEDED.join(", "));
    let mut command = command().after_help(more);
    for name in SELDOM_NEEDED {
        command = command.mut_subcommand(name, |inner| inner.hide(true));
    }
    command
}

/// The examples of a command, named by its words without `hookcli`; `-h` shows the first two.
pub fn examples(words: &[&str]) -> &'static [&'static str] {
    let mut all = EXAMPLES.iter();
    all.find(|(of, _)| of.split_whitespace().eq(words.iter().copied()))
        .map_or(&[], |(_, examples)| examples)
}

/// How many examples `-h` shows: it fits a screen of 24 lines.
fn most_examples(words: &[&str]) -> usize {
    if words.is_empty() { 1 } else { 2 }
}

const TEMPLATE: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

fn arranged(command: Command, words: &[&str]) -> Command {
    let mut command = command.help_template(TEMPLATE).arg(help_flag());
    if words.is_empty() {
        command = command.arg(version_flag());
    }
    let examples = examples(words);
    if !examples.is_empty() {
        let few = &examples[..examples.len().min(most_examples(words))];
        command = command
            .before_help(example_section(few))
            .before_long_help(example_section(examples));
    }
    if words == ["ui"] {
        // There these are what it is about.
        command = command.mut_args(|arg| match arg.get_help_heading() {
            Some("Inspector") => arg.help_heading(Resettable::Reset),
            _ => arg,
        });
    }
    if words == ["send"] {
        command = command.after_long_help(fault_section());
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .collect();
    for name in names {
        let words = [words, &[name.as_str()]].concat();
        command = command.mut_subcommand(&name, |inner| arranged(inner, &words));
    }
    // What stands under a heading of its own is for `--help`.
    let is_root = words.is_empty();
    let lists = words.len() == 2 && ["list", "show"].contains(&words[1]);
    command.mut_args(|arg| {
        let is_common = match arg.get_help_heading() {
            None => true,
            Some(heading) => heading == "Filters" && lists,
        };
        arg.hide_short_help(is_root || !is_common)
    })
}

fn help_flag() -> Arg {
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help_heading(None::<&str>)
        .help("Print help (--help prints all options)")
        .long_help("Print help (-h prints the common options)")
}

fn version_flag() -> Arg {
    Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help_heading(None::<&str>)
        .help("Print the version")
}

fn example_section(examples: &[&str]) -> String {
    let lines = examples.iter().map(|example| format!("  {example}\n"));
    format!("Examples:\n{}", lines.collect::<String>())
}

fn fault_section() -> String {
    let lines = Fault::descriptions().map(|(name, sends)| format!("  {name:<32}{sends}\n"));
    format!("Values of --fault:\n{}", lines.collect::<String>())
}

const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "hookcli listen --port 3000",
            "hookcli send lead_captured --url 3000",
            "hookcli verify last --secret-env WEBHOOK_SECRET",
            "hookcli check --url 3000/webhooks --provider convo",
        ],
    ),
    (
        "listen",
        &[
            "hookcli listen --port 3000",
            "hookcli listen --forward-to 3000/webhooks --secret-env CONVO_SECRET",
            "hookcli listen --respond 503x2,200 --respond-per id --delay 1s..3s",
            "hookcli listen --port 0 --expect lead_captured --timeout 30s -- npm test",
            "hookcli listen --forward-to 3000/webhooks --forward-async --no-worker",
            "hookcli listen --json | jq .signature.verdict",
        ],
    ),
    (
        "send",
        &[
            "hookcli send lead_captured --url http://localhost:3000/webhooks",
            "hookcli send stripe/invoice.paid --url 3000 --secret-env STRIPE_SECRET",
            "hookcli send agentclara/message.received --url 3000 --set data.content=Hi",
            "hookcli send 'convo/conversation.*' --url 3000",
            "hookcli send --all --provider gaife --variants --url 3000",
            "hookcli send lead_captured --url 3000 --fault tampered_body",
            "hookcli send message.created --url 3000 --dry-run",
        ],
    ),
    (
        "verify",
        &[
            "hookcli verify last --secret-env CONVO_SECRET",
            "hookcli verify request.http --provider convo --secret-env CONVO_SECRET",
            "hookcli verify capture.har --provider convo --secret-file key",
            "hookcli verify --body event.json -H \"X-Convo-Signature: $SIGNATURE\"",
        ],
    ),
    (
        "sign",
        &[
            "hookcli sign --provider convo --secret-env CONVO_SECRET --body event.json",
            "cat event.json | hookcli sign --provider generic --secret-file key",
            "curl -H \"$(hookcli sign --provider convo --body event.json)\" …",
        ],
    ),
    (
        "captures",
        &["hookcli captures list", "hookcli captures show last"],
    ),
    (
        "captures list",
        &[
            "hookcli captures list provider:convo verdict:invalid after:1h",
            "hookcli captures list status:400.. not:event:ping",
            "hookcli captures list body.data.amount:100.. jane --limit 5",
            "hookcli captures list --provider convo --event 'transcript.*'",
        ],
    ),
    (
        "captures show",
        &[
            "hookcli captures show last",
            "hookcli captures show cap_01KAHZ --raw > body.json",
        ],
    ),
    (
        "captures diff",
        &[
            "hookcli captures diff",
            "hookcli captures diff last~3 F1818W",
        ],
    ),
    (
        "captures export",
        &[
            "hookcli captures export last --format curl",
            "hookcli captures export --since 1h --format har -o last-hour.har",
            "hookcli captures export last --format http > request.http",
        ],
    ),
    (
        "captures import",
        &[
            "hookcli captures import capture.json",
            "pbpaste | hookcli captures import -",
        ],
    ),
    (
        "captures prune",
        &[
            "hookcli captures prune --dry-run",
            "hookcli captures prune --keep 30d",
            "hookcli captures prune --keep 1000 --yes",
        ],
    ),
    (
        "captures rm",
        &[
            "hookcli captures rm last",
            "hookcli captures rm provider:gaife before:7d",
        ],
    ),
    (
        "captures wait",
        &[
            "hookcli captures wait --expect lead_captured --timeout 30s",
            "hookcli captures wait --expect 'gaife/*>=3' --expect-valid --since 1m",
        ],
    ),
    (
        "deliveries",
        &["hookcli deliveries list", "hookcli deliveries show last"],
    ),
    (
        "deliveries list",
        &[
            "hookcli deliveries list outcome:failed",
            "hookcli deliveries list provider:agentclara status:5xx after:1h",
        ],
    ),
    (
        "deliveries show",
        &[
            "hookcli deliveries show last",
            "hookcli deliveries show last --json | jq .attempts",
        ],
    ),
    (
        "deliveries stats",
        &[
            "hookcli deliveries stats --since 1h",
            "hookcli deliveries stats --fail-if 'success_rate<99%' --fail-if 'p95>2s'",
        ],
    ),
    (
        "deliveries export",
        &[
            "hookcli deliveries export last --format report --output report.md",
            "hookcli deliveries export --outcome failed --since 24h > failed.jsonl",
        ],
    ),
    (
        "deliveries retry",
        &[
            "hookcli deliveries retry last",
            "hookcli deliveries retry --failed --since 1h --retries policy",
        ],
    ),
    (
        "replay",
        &[
            "hookcli replay last --url http://localhost:3000/webhooks",
            "hookcli replay last --url 3000 --resign --secret-env CONVO_SECRET",
            "hookcli replay provider:convo after:1h --url 3000",
            "hookcli replay capture.json --url 3000 --keep-path",
            "hookcli replay --unforwarded",
            "hookcli replay --unforwarded --destination 3000/hook --url 4000/hook",
        ],
    ),
    (
        "check",
        &[
            "hookcli check --url 3000/webhooks --provider convo",
            "hookcli check --to orders --wait 30s --junit check.xml",
            "hookcli check --provider convo --list",
            "hookcli check --url 3000 --provider agentclara --only authenticity",
            "hookcli check --url 3000 --provider stripe --probe -- ./count-effects",
            "hookcli check --url 3000 --provider gaife --write-baseline known.txt",
            "hookcli check --url 3000 --provider gaife --baseline known.txt",
        ],
    ),
    (
        "events",
        &[
            "hookcli events --provider convocore",
            "hookcli events gaife/message:image",
            "hookcli events --search transcript",
            "hookcli events lead_captured --schema > lead_captured.schema.json",
        ],
    ),
    (
        "providers",
        &[
            "hookcli providers",
            "hookcli providers gaife",
            "hookcli providers --json | jq -r .id",
        ],
    ),
    (
        "providers new",
        &[
            "hookcli providers new acme --from last",
            "hookcli providers new acme --from request.http --secret-env ACME_SECRET",
        ],
    ),
    (
        "load",
        &[
            "hookcli load agentclara/message.received --url 3000 --duration 10s",
            "hookcli load github/push --url 3000 --rate 500/s --report load.html",
            "hookcli load gaife/message --url 3000 --count 10000 --concurrency 64",
        ],
    ),
    (
        "init",
        &[
            "hookcli init",
            "hookcli init --provider convo --url 3000/hook --secret-env CONVO_SECRET",
            "hookcli init --provider convo --url 3000/hook --start 'npm start' --workflow",
        ],
    ),
    ("keys", &["hookcli keys new --provider stripe"]),
    (
        "keys new",
        &[
            "hookcli keys new --provider stripe",
            "hookcli keys new --provider discord --json | jq -r .verifying",
            "export HOOKCLI_SECRET=\"$(hookcli keys new --quiet)\"",
        ],
    ),
    (
        "ui",
        &["hookcli ui --open", "hookcli ui --ui-port 0 --json"],
    ),
    (
        "worker",
        &[
            "hookcli worker",
            "hookcli worker stripe --allow-host app.staging.example",
        ],
    ),
    (
        "store",
        &[
            "hookcli store status",
            "hookcli store copy store.db postgres://hookcli@db.example/hooks",
        ],
    ),
    (
        "store status",
        &[
            "hookcli store status",
            "hookcli store status --json | jq .bytes",
        ],
    ),
    (
        "store migrate",
        &["hookcli store migrate --store postgres://hookcli@db.example/hooks"],
    ),
    (
        "store copy",
        &[
            "hookcli store copy ~/.local/share/hookcli/store.db postgres://hookcli@db.example/hooks",
            "hookcli store copy postgres://hookcli@db.example/hooks copy.db",
        ],
    ),
    ("store vacuum", &["hookcli store vacuum"]),
    (
        "store token",
        &["hookcli store token new --workspace payments"],
    ),
    (
        "store token new",
        &["hookcli store token new --workspace payments"],
    ),
    ("store token list", &["hookcli store token list --json"]),
    ("store token rm", &["hookcli store token rm 4f1c09ab"]),
    (
        "emulate",
        &[
            "hookcli emulate convo",
            "hookcli emulate stripe github --port 4000",
            "hookcli emulate agentclara --speed 60x",
        ],
    ),
    (
        "demo",
        &[
            "hookcli demo",
            "hookcli demo --provider gaife",
            "hookcli demo --json | jq 'select(.type == \"demo\").ok'",
        ],
    ),
    (
        "completions",
        &[
            "hookcli completions install",
            "hookcli completions zsh > ~/.zfunc/_hookcli",
            "hookcli completions fish > ~/.config/fish/completions/hookcli.fish",
            "hookcli completions bash > ~/.local/share/bash-completion/completions/hookcli",
        ],
    ),
    (
        "completions install",
        &[
            "hookcli completions install",
            "hookcli completions install zsh",
        ],
    ),
    (
        "man",
        &[
            "hookcli man | man -l -",
            "hookcli man captures export",
            "hookcli man --dir ~/.local/share/man/man1",
        ],
    ),
];

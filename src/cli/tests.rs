//! Every flag with unusual values: a value is accepted or refused, and nothing panics.

use clap::{Arg, CommandFactory as _, Parser as _};
use proptest::prelude::*;

use super::Cli;

/// Every flag that takes a value, with the words in front of it.
fn flags() -> Vec<(Vec<String>, String)> {
    fn walk(command: &clap::Command, path: &[String], out: &mut Vec<(Vec<String>, String)>) {
        let takes_value = |arg: &&Arg| arg.get_action().takes_values();
        for arg in command.get_arguments().filter(takes_value) {
            let flag = arg.get_long().map(|long| format!("--{long}"));
            out.push((path.to_vec(), flag.unwrap_or_default()));
        }
        for child in command.get_subcommands() {
            let path = [path, &[child.get_name().to_owned()]].concat();
            walk(child, &path, out);
        }
    }
    let mut command = Cli::command();
    command.build();
    let mut out = Vec::new();
    walk(&command, &["hookcli".to_owned()], &mut out);
    out
}

fn parse(path: &[String], flag: &str, value: &str) {
    let mut words = path.to_vec();
    words.push(if flag.is_empty() {
        value.to_owned()
    } else {
        format!("{flag}={value}")
    });
    let _ = Cli::try_parse_from(words);
}

const NASTY: [&str; 24] = [
    "",
    " ",
    "-",
    "--",
    "0",
    "-1",
    "NaN",
    "NaN%",
    "inf",
    "infx",
    "1e400x",
    "-0%",
    "1e-400%",
    "9223372036854775807s",
    "18446744073709551615h",
    "99999999999d",
    "1h..0s",
    "0s..99999999999h",
    "99999999999999999999x99999999999999999999",
    "a/*>=18446744073709551616",
    "\u{0}",
    "é=é",
    "p0<1",
    "success_rate<NaN%",
];

#[test]
fn no_value_of_any_flag_panics() {
    let flags = flags();
    assert!(flags.len() > 200, "{}", flags.len());
    for (path, flag) in &flags {
        for value in NASTY {
            parse(path, flag, value);
        }
    }
    let refused = |flag: &str, value: &str| {
        let words = [
            "hookcli",
            "send",
            "x",
            "--url",
            "1",
            "--retries",
            "1",
            flag,
            value,
        ];
        assert!(Cli::try_parse_from(words).is_err(), "{flag} {value}");
    };
    refused("--timeout", "9223372036854775807s");
    refused("--wait", "9223372036854775807s");
    refused("--backoff", "1s,9223372036854775807s");
    refused("--jitter", "NaN%");
    refused("--speed", "NaNx");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_text_is_taken_or_refused(which: prop::sample::Index, value in "\\PC{0,24}|[0-9]{1,24}[a-z%]{0,2}|[0-9.]{1,8}(x|%|s|h|d)(\\.\\.[0-9]{1,20}[smhd])?") {
        let flags = flags();
        let (path, flag) = which.get(&flags);
        parse(path, flag, &value);
    }
}

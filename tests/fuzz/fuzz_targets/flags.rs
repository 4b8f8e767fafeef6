//! Every flag's value type: a value is taken or refused. The first two bytes choose the flag.
#![no_main]

use std::sync::OnceLock;

use clap::Parser as _;
use hookcli::cli::Cli;
use libfuzzer_sys::fuzz_target;

fn flags() -> &'static [(Vec<String>, String)] {
    static FLAGS: OnceLock<Vec<(Vec<String>, String)>> = OnceLock::new();
    FLAGS.get_or_init(|| {
        let mut out = Vec::new();
        let mut command = hookcli::cli::command();
        command.build();
        walk(&command, &["hookcli".to_owned()], &mut out);
        out
    })
}

fn walk(command: &clap::Command, path: &[String], out: &mut Vec<(Vec<String>, String)>) {
    for arg in command.get_arguments() {
        if arg.get_action().takes_values() {
            let flag = arg.get_long().map(|long| format!("--{long}="));
            out.push((path.to_vec(), flag.unwrap_or_default()));
        }
    }
    for child in command.get_subcommands() {
        let path = [path, &[child.get_name().to_owned()]].concat();
        walk(child, &path, out);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [first, second, value @ ..] = bytes else { return };
    let Ok(value) = std::str::from_utf8(value) else { return };
    let flags = flags();
    let (path, flag) = &flags[(usize::from(*first) * 256 + usize::from(*second)) % flags.len()];
    let mut words = path.clone();
    words.push(format!("{flag}{value}"));
    let _ = Cli::try_parse_from(words);
});

//! hookcli: parse, run, say the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    hookcli::run(std::env::args_os(), hookcli::Environment::of_process())
}

//! The `Ui`: what reports and notes look like, for people and for machines. The only code that writes to
//! stdout and stderr.

mod check;
mod columns;
mod json;
mod json_colors;
mod junit;
mod live;
mod load_page;
mod log;
mod pager;
mod people;
mod printer;
mod private_file;
mod style;
mod terminal;

pub use junit::{
    JunitCase, JunitOutcome, check_junit_cases, finding_text, write_junit, write_unfinished,
};
pub use live::Live;
pub use load_page::load_page;
pub use log::{LogFormat, start_log};
pub use printer::Printer;
pub use private_file::{PrivateFile, write_atomically, write_private};
pub use terminal::{ColorChoice, Terminal, TerminalOptions, help_page};

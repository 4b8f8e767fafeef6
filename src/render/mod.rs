//! The `Ui`: what reports and notes look like, for people and for machines. The only code that writes to
//! stdout and stderr.

mod check;
mod json;
mod people;
mod style;
mod terminal;

pub use terminal::{ColorChoice, Terminal, TerminalOptions, usage};

//! The `Ui`: what reports and notes look like, for people and for machines. The only code that writes to
//! stdout and stderr.

mod check;
mod json;
mod live;
mod people;
mod style;
mod terminal;

pub use live::Live;
pub use terminal::{ColorChoice, Terminal, TerminalOptions, usage};

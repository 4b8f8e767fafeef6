//! The `Ui`: what reports and notes look like, for people and for machines. The only code that writes to
//! stdout and stderr.

mod check;
mod json;
mod live;
mod people;
mod private_file;
mod style;
mod terminal;

pub use live::Live;
pub use private_file::{PrivateFile, write_private};
pub use terminal::{ColorChoice, Terminal, TerminalOptions, usage};

//! Colours.

use colored::{Color, Colorize as _};

/// Styles text, or leaves it plain where the stream is not to be coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    colored: bool,
    /// How many columns a line may have; none where it is not written to a terminal.
    width: Option<usize>,
}

impl Style {
    pub fn new(colored: bool, width: Option<usize>) -> Self {
        Self { colored, width }
    }

    pub(super) fn width(self) -> Option<usize> {
        self.width
    }

    pub(super) fn is_colored(self) -> bool {
        self.colored
    }

    fn paint(self, text: &str, color: Color) -> String {
        if self.colored {
            text.color(color).to_string()
        } else {
            text.to_owned()
        }
    }

    pub(super) fn good(self, text: &str) -> String {
        self.paint(text, Color::Green)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.paint(text, Color::Red)
    }

    pub(super) fn warn(self, text: &str) -> String {
        self.paint(text, Color::Yellow)
    }

    pub(super) fn key(self, text: &str) -> String {
        self.paint(text, Color::Cyan)
    }

    /// The colour of a status: of a success, a redirect, a refusal.
    pub(super) fn status(self, status: u16, text: &str) -> String {
        match status {
            200..=299 => self.good(text),
            100..=399 => self.warn(text),
            0 => self.faint(text),
            _ => self.bad(text),
        }
    }

    pub(super) fn faint(self, text: &str) -> String {
        if self.colored {
            text.dimmed().to_string()
        } else {
            text.to_owned()
        }
    }

    pub(super) fn strong(self, text: &str) -> String {
        if self.colored {
            text.bold().to_string()
        } else {
            text.to_owned()
        }
    }
}

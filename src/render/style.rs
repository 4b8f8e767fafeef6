//! Colours.

use colored::{Color, Colorize as _};

/// Styles text, or leaves it plain where the stream is not to be coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    colored: bool,
}

impl Style {
    pub fn new(colored: bool) -> Self {
        Self { colored }
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

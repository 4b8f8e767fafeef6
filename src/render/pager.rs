//! The user's pager, for lists in a terminal: `$PAGER`, else `less` where it is installed.

use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};

/// A pager that runs and shows what it is given.
pub(super) struct Pager(Child);

impl Pager {
    /// Starts it; `None` where the user wants none (`PAGER=cat`) or it cannot be started.
    pub fn start(wanted: Option<&str>) -> Option<Self> {
        let words = wanted.unwrap_or("less");
        if words == "cat" {
            return None;
        }
        // As git does it: quit if it fits a screen, keep colours, leave it on the screen.
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("exec {words}")])
            .stdin(Stdio::piped());
        for (name, value) in [("LESS", "FRX"), ("LESSCHARSET", "utf-8")] {
            if std::env::var_os(name).is_none() {
                command.env(name, value);
            }
        }
        if wanted.is_none() && !is_installed("less") {
            return None;
        }
        command.spawn().ok().map(Self)
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.0.stdin {
            Some(stdin) => stdin.write_all(bytes).and_then(|()| stdin.flush()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// It has all; waits until the user has seen it.
impl Drop for Pager {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

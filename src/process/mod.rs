//! A command that runs beside hookcli, as a process group that ends with it: the one behind `--`, or a tunnel.

mod tunnel;

pub use tunnel::{Tunnel, TunnelError, TunnelTool};

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

/// How long a group that was told to end may take.
const END_TIME: Duration = Duration::from_secs(2);

/// What went wrong with a command.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    #[error("no command to start was given")]
    NoCommand,
    #[error("`{name}` could not be started: {source}")]
    NotStarted {
        name: String,
        source: std::io::Error,
    },
    #[error("`{name}` failed: {status}")]
    Failed { name: String, status: ExitStatus },
    #[error("{name}: {source}")]
    Lost {
        name: String,
        source: std::io::Error,
    },
}

/// A command that runs, and all that it started.
pub struct ProcessGroup {
    child: Child,
    name: String,
    group: Option<Pid>,
}

impl ProcessGroup {
    /// Starts it with its arguments as they are; no shell reads them. Its output goes where ours goes, or to
    /// stderr alone where stdout is for documents.
    pub fn start(command: &[String], url: &str, documents: bool) -> Result<Self, ProcessError> {
        let (name, arguments) = command.split_first().ok_or(ProcessError::NoCommand)?;
        let mut starting = Command::new(name);
        starting
            .args(arguments)
            .env("HOOKCLI_URL", url)
            .stdin(Stdio::null());
        if documents {
            let stderr = rustix::stdio::stderr().try_clone_to_owned();
            starting.stdout(stderr.map_err(|source| not_started(name, source))?);
        }
        Self::spawn(&mut starting, name)
    }

    /// Starts a command as the leader of its own process group.
    pub fn spawn(command: &mut Command, name: &str) -> Result<Self, ProcessError> {
        let child = command
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| not_started(name, source))?;
        Ok(Self {
            group: child.id().and_then(|id| Pid::from_raw(id.cast_signed())),
            child,
            name: name.to_owned(),
        })
    }

    /// Its two streams, where they are piped; once.
    pub fn output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// Waits for its end: how it failed, if it did.
    pub async fn end(&mut self) -> Result<(), ProcessError> {
        match self.child.wait().await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(ProcessError::Failed {
                name: self.name.clone(),
                status,
            }),
            Err(source) => Err(ProcessError::Lost {
                name: self.name.clone(),
                source,
            }),
        }
    }

    /// Ends the whole group, politely first.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        if tokio::time::timeout(END_TIME, self.child.wait())
            .await
            .is_err()
        {
            self.signal(Signal::KILL);
            // It cannot refuse.
            let _ = self.child.wait().await;
        }
        // What it left behind in its group goes, too.
        self.signal(Signal::KILL);
    }

    /// Ends the whole group at once, as a machine does that loses its power.
    pub async fn kill(mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait().await;
    }

    /// Ends the whole group at once, without waiting for it.
    pub fn kill_now(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // A group that has gone needs no signal.
            let _ = kill_process_group(group, signal);
        }
    }
}

fn not_started(name: &str, source: std::io::Error) -> ProcessError {
    ProcessError::NotStarted {
        name: name.to_owned(),
        source,
    }
}

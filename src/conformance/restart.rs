//! The receiver as a process of ours (`--restart`), to be killed and started again, and what it logs.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use super::ConformanceError;
use crate::http::Resolved;
use crate::process::ProcessGroup;

/// How long a receiver may take to listen, where `--wait` says nothing.
const UP_WITHIN: Duration = Duration::from_secs(30);
/// How much of a log is looked at.
const LOG_BYTES: u64 = 64 << 20;

/// A receiver that we start.
pub struct Restarted {
    command: String,
    within: Duration,
    running: Option<ProcessGroup>,
    log: tempfile::NamedTempFile,
}

impl Restarted {
    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    /// Where something listens there already, the command cannot be started, or nothing listens after it was.
    pub async fn start(
        command: &str,
        resolved: &Resolved,
        wait: Option<Duration>,
    ) -> Result<Self, ConformanceError> {
        if resolved.wait_until_listening(Duration::ZERO).await {
            return Err(ConformanceError::ListensAlready {
                destination: resolved.destination.to_string(),
            });
        }
        let mut this = Self {
            command: command.to_owned(),
            within: wait.unwrap_or(UP_WITHIN),
            running: None,
            log: tempfile::NamedTempFile::new()?,
        };
        this.up(resolved).await?;
        Ok(this)
    }

    async fn up(&mut self, resolved: &Resolved) -> Result<(), ConformanceError> {
        let mut command = tokio::process::Command::new("sh");
        command
            .args(["-c", &self.command])
            .stdin(Stdio::null())
            .stdout(self.log.reopen_to_append()?)
            .stderr(self.log.reopen_to_append()?);
        self.running = Some(ProcessGroup::spawn(&mut command, &self.command)?);
        if resolved.wait_until_listening(self.within).await {
            return Ok(());
        }
        self.stop().await;
        Err(ConformanceError::DoesNotListen {
            command: self.command.clone(),
            destination: resolved.destination.to_string(),
            within: self.within,
        })
    }

    /// Kills it at once, and all that it started.
    pub async fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill().await;
        }
    }

    pub async fn start_again(&mut self, resolved: &Resolved) -> Result<(), ConformanceError> {
        self.up(resolved).await
    }

    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// What it has written to its standard output and error.
    pub fn log(&self) -> Log {
        Log {
            path: self.log.path().to_owned(),
            from: 0,
        }
    }
}

/// A file that every process that holds it open appends to.
trait Append {
    fn reopen_to_append(&self) -> std::io::Result<std::fs::File>;
}

impl Append for tempfile::NamedTempFile {
    fn reopen_to_append(&self) -> std::io::Result<std::fs::File> {
        std::fs::OpenOptions::new().append(true).open(self.path())
    }
}

/// What a receiver has logged since a check began.
#[derive(Clone, Debug)]
pub struct Log {
    path: PathBuf,
    from: u64,
}

impl Log {
    /// A file of the receiver's, from where it ends now.
    pub fn since_now(path: PathBuf) -> Self {
        let from = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        Self { path, from }
    }

    /// # Errors
    /// A file that cannot be read.
    pub fn read(&self) -> Result<Vec<u8>, ConformanceError> {
        let told = |source| ConformanceError::Log {
            path: self.path.clone(),
            source,
        };
        let mut file = std::fs::File::open(&self.path).map_err(told)?;
        let length = file.metadata().map_err(told)?.len();
        // One that was rotated away is read from its beginning.
        let from = if length < self.from { 0 } else { self.from };
        file.seek(SeekFrom::Start(from)).map_err(told)?;
        let mut bytes = Vec::new();
        file.take(LOG_BYTES).read_to_end(&mut bytes).map_err(told)?;
        Ok(bytes)
    }
}

/// Whatever ends a check early ends the receiver, too.
impl Drop for Restarted {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.kill_now();
        }
    }
}

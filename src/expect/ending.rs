//! When there is nothing more to wait for, and why.

use std::time::Duration;

use super::ExpectationTracker;
use crate::process::{ProcessError, ProcessGroup};

/// How long is waited for what is expected, by default.
pub const EXPECTED_WITHIN: Duration = Duration::from_secs(30);
/// How long a command may take to finish once everything came.
pub const FINISHED_WITHIN: Duration = Duration::from_secs(5);

/// How waiting ends.
pub enum Ending {
    /// Everything came, and the command has finished, where there is one.
    Satisfied,
    /// Everything came, and the command does not finish.
    StillRunning,
    Unmet,
    /// The time is up, and so many requests of as many as were wanted came.
    TooFew {
        seen: u64,
        wanted: u64,
    },
    /// The time is up, and the command has not finished.
    Overdue,
    CommandFailed(ProcessError),
}

impl ExpectationTracker {
    /// Resolves when there is nothing more to wait for: what is expected came or cannot come any more, the time is up,
    /// or the command has ended.
    pub async fn end(&self, limit: Option<Duration>, command: Option<&mut ProcessGroup>) -> Ending {
        let awaits = self.awaits_something();
        let usual = (awaits || self.expects_something()).then_some(EXPECTED_WITHIN);
        let time_is_up = async {
            match limit.or(usual) {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let mut time_is_up = std::pin::pin!(time_is_up);
        let mut settled = std::pin::pin!(self.settled());
        if let Some(command) = command {
            tokio::select! {
                ended = command.end() => match ended {
                    Err(error) => return Ending::CommandFailed(error),
                    // What it sent last may still be under way.
                    Ok(()) if awaits => {}
                    Ok(()) => return self.verdict(),
                },
                () = &mut settled => return match self.verdict() {
                    Ending::Satisfied => finish(command).await,
                    unmet => unmet,
                },
                () = &mut time_is_up => return Ending::Overdue,
            }
        }
        tokio::select! {
            () = settled => self.verdict(),
            () = time_is_up => match self.lacking() {
                Some((seen, wanted)) => Ending::TooFew { seen, wanted },
                None => self.verdict(),
            },
        }
    }

    fn verdict(&self) -> Ending {
        match self.is_satisfied() {
            true => Ending::Satisfied,
            false => Ending::Unmet,
        }
    }
}

/// All is there: the command gets a moment to finish.
async fn finish(command: &mut ProcessGroup) -> Ending {
    match tokio::time::timeout(FINISHED_WITHIN, command.end()).await {
        Ok(Err(error)) => Ending::CommandFailed(error),
        Ok(Ok(())) => Ending::Satisfied,
        Err(_) => Ending::StillRunning,
    }
}

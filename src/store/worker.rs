//! Which process works at a delivery: a mark that others can hold against the processes there are.

use std::sync::OnceLock;

use rustix::process::{Pid, getpid, test_kill_process};

/// This process's mark: its number and, where the system tells, when it started, for numbers are used again.
pub(super) fn own_mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| {
        let own = getpid();
        match started(own) {
            Some(started) => format!("{}:{started}", own.as_raw_nonzero()),
            None => own.as_raw_nonzero().to_string(),
        }
    })
}

/// The number of the process that a mark stands for, where it still runs and is not this one.
pub(super) fn live_other(mark: &str) -> Option<u32> {
    if mark == own_mark() {
        return None;
    }
    let (number, then) = mark.split_once(':').unwrap_or((mark, ""));
    let pid = Pid::from_raw(number.parse().ok()?)?;
    // One that may not be signalled is there, too.
    let is_there = !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH));
    let is_same = started(pid).is_none_or(|now| then.is_empty() || now == then);
    (is_there && is_same).then(|| pid.as_raw_nonzero().get().unsigned_abs())
}

/// When a process started, in the system's own unit (proc(5), `stat`, field 22).
fn started(pid: Pid) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    // The name, in parentheses, may hold blanks and parentheses.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_live_while_its_very_process_runs() {
        assert_eq!(live_other(own_mark()), None, "this one is no other");
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
        let mark = match started(pid) {
            Some(started) => format!("{}:{started}", child.id()),
            None => child.id().to_string(),
        };
        assert_eq!(live_other(&mark), Some(child.id()));
        if mark.contains(':') {
            assert_eq!(
                live_other(&format!("{}:1", child.id())),
                None,
                "the number was used again"
            );
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(live_other(&mark), None);
        assert_eq!(live_other("no mark"), None);
    }
}

//! What asynchronous code runs on.

use crate::exit::{Exit, Failure};

/// A command that does one thing after the other.
pub fn block_on(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(no_runtime)?
        .block_on(command)
}

fn no_runtime(error: std::io::Error) -> Failure {
    Failure::machine(format!("the async runtime could not be started: {error}"))
}

/// For commands that do several things at once.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // Two at least: the store's commits block one.
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(no_runtime)
}

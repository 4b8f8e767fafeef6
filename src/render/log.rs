//! The log on stderr: what hookcli's own code does, for people who run it as a server.

use tracing::Level;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How its lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    /// A JSON object a line.
    Json,
}

/// Writes from now on what is logged at that level and above it. Of libraries nothing is: they log headers.
pub fn start_log(level: Level, format: LogFormat) {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let own = Targets::new().with_target("hookcli", level);
    // A second one in a process would be a test's, which has its own.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(own))
        .try_init();
}

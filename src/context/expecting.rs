//! `--expect` and its relatives: what `listen` and `captures wait` are told to expect, and how CI reads it.

use super::Context;
use crate::cli::ExpectArgs;
use crate::exit::Failure;
use crate::expect::Expectation;
use crate::expect::{ExpectationItem, ExpectationTracker};
use crate::render::{JunitCase, JunitOutcome};
use crate::report::Note;
use crate::search::EventSelector;

/// Warns of patterns that fit no documented event: they may be misspelt.
pub fn tell_unknown<'p>(
    context: &Context,
    args: &'p ExpectArgs,
    others: impl IntoIterator<Item = &'p EventSelector>,
) -> Result<(), Failure> {
    let catalog = context.catalog()?;
    let expected = args.expect.iter().map(Expectation::events);
    let patterns = expected.chain(&args.until).chain(others);
    for pattern in patterns.filter_map(EventSelector::pattern) {
        if let Some(unknown) = catalog.unfitting(&pattern) {
            let told = format!("no documented event matches: {unknown}");
            context.ui.note(Note::warning(told));
        }
    }
    Ok(())
}

/// A case of a JUnit file for each expectation, and for the number of requests where one was asked for.
pub fn junit_cases(tracker: &ExpectationTracker) -> Vec<JunitCase> {
    let mut items = tracker.report().expectations;
    items.extend(tracker.count().map(|(seen, max)| ExpectationItem {
        event: "requests".to_owned(),
        expected: format!("at least {max}"),
        received: seen,
        met: seen >= max,
    }));
    items
        .iter()
        .map(|item| JunitCase {
            class: "hookcli.expect".to_owned(),
            name: format!("{}: {}", item.event, item.expected),
            outcome: if item.met {
                JunitOutcome::Passed
            } else {
                JunitOutcome::Failed(format!("received {}", item.received))
            },
        })
        .collect()
}

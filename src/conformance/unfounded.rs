//! Results that say nothing, because what they rest on does not hold: a receiver that refuses everything refuses every
//! forgery, too.

use std::collections::BTreeMap;

use super::case::{Area, Case, Want};
use super::judge::{Judged, ReceiverResponse, Seen, Status};

/// Which ordinary deliveries are refused.
struct Refusals {
    /// The answer to the first one in words, where it was refused.
    ordinary: Option<String>,
    /// Whether an event type is refused as it is, of those that were asked.
    events: BTreeMap<String, bool>,
}

impl Refusals {
    fn of(seen: &[Seen]) -> Self {
        let mut ordinary = None;
        let mut events = BTreeMap::new();
        for one in seen {
            let mut answers = one.observation.answers.iter();
            match (one.case.area, one.case.recipe.events.as_slice()) {
                (Area::Reachable, _) => {
                    let refused = answers.find(|answer| is_refused(answer));
                    ordinary = refused.map(ReceiverResponse::in_words);
                }
                (Area::Events, [name]) if one.case.want == Want::Accepted => {
                    let event = name.event.clone();
                    events.entry(event).or_insert(answers.any(is_refused));
                }
                _ => {}
            }
        }
        Self { ordinary, events }
    }

    /// Why the result of a case says nothing; none where it says something.
    fn why_not(&self, case: &Case) -> Option<String> {
        let names = &case.recipe.events;
        let is = |event: &str, refused| self.events.get(event) == Some(&refused);
        let all_accepted = !names.is_empty() && names.iter().all(|name| is(&name.event, false));
        let refused = names.iter().find(|name| is(&name.event, true));
        match (&self.ordinary, refused) {
            (Some(answer), _) if !all_accepted => Some(format!(
                "cannot be tested: ordinary deliveries are not accepted ({answer})"
            )),
            (None, Some(name)) => Some(format!("cannot be tested: {} is not accepted", name.event)),
            _ => None,
        }
    }
}

/// It was answered, and not with a 2xx: one that the provider does not count shows an accepted event all the same.
fn is_refused(answer: &ReceiverResponse) -> bool {
    answer
        .status()
        .is_some_and(|status| !(200..=299).contains(&status))
}

/// Turns results that say nothing into skipped cases. What is accepted although it should not be, and what breaks the
/// receiver, says something in any case.
pub(super) fn skip_unfounded(seen: &mut [Seen]) {
    let refusals = Refusals::of(seen);
    // Which form of the body is accepted tells how the receiver verifies: only where none is, all say the same.
    let accepts_a_form = seen.iter().any(|one| {
        one.case.area == Area::RawBytes
            && one.case.want == Want::Accepted
            && one.judged.status == Status::Pass
    });
    for one in seen {
        let says_nothing = match (one.judged.status, one.case.area) {
            (Status::Pass, Area::Reachable | Area::Hygiene | Area::Failures) => false,
            (Status::Pass, _) => one.case.want != Want::Accepted,
            (Status::Fail | Status::Warn, Area::RawBytes) => {
                let mut answers = one.observation.answers.iter();
                one.case.want == Want::Accepted && !accepts_a_form && answers.all(is_refused)
            }
            _ => false,
        };
        if let (true, Some(why)) = (says_nothing, refusals.why_not(&one.case)) {
            one.judged = Judged::skip(why);
        }
    }
}

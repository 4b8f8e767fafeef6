//! What a command works on: captures or deliveries that are named, or that a query and its short forms select.

use std::cell::Cell;
use std::pin::pin;

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;

use super::Context;
use super::source::{is_file, is_url};
use crate::cli::Filter;
use crate::exit::Failure;
use crate::model::{Capture, Id, IdKind, Outcome, Reference, Verdict, counted, quote, suggest};
use crate::report::{Note, Report};
use crate::search::{self, EventPattern, Pattern, Query, QueryError, RequestTerm, Scope};
use crate::store::{Order, Page, PageRequest, Store, StoreError, rows};

/// What the words and the flags of a command select.
pub struct Selected {
    /// Captures or deliveries by name; files and URLs among them, where a command reads those.
    pub names: Vec<String>,
    /// Else all that fit this.
    pub query: Query,
}

impl Selected {
    pub fn by(query: Query) -> Self {
        let names = Vec::new();
        Self { names, query }
    }

    /// The query, with a flag that takes no names.
    ///
    /// # Errors
    /// Something is named.
    pub fn only_query(self, flag: &str) -> Result<Query, Failure> {
        match self.names.first() {
            None => Ok(self.query),
            Some(name) => {
                Err(
                    Failure::usage(format!("{} was named together with {flag}", quote(name))).hint(
                        format!("remove {flag}, or select with a query such as event:invoice.*"),
                    ),
                )
            }
        }
    }
}

/// What words and flags select: names, or terms of a query with the flags, which are short forms of terms. Not both.
pub fn selected<F: Filter>(words: &[String], filter: &F) -> Result<Selected, Failure> {
    // A misspelt field is not the name of something.
    let is_term = |word: &String| {
        search::is_term(word) || (word.contains(':') && !is_url(word) && !is_file(word))
    };
    let (terms, names): (Vec<String>, Vec<String>) = words.iter().cloned().partition(is_term);
    let query = query(&terms, filter)?;
    if !names.is_empty() && !query.fits_all() {
        let what = match F::SCOPE {
            Scope::Captures => "captures",
            Scope::Deliveries => "deliveries",
        };
        return Err(Failure::usage(format!(
            "{} was given together with a filter",
            quote(&names[0])
        ))
        .hint(format!(
            "name {what} or filter them, not both; to search for a text, use text:TEXT"
        )));
    }
    Ok(Selected { names, query })
}

/// The query of words and flags.
pub fn query<F: Filter>(words: &[String], filter: &F) -> Result<Query, Failure> {
    let now = Timestamp::now();
    let written = search::parse(&words.join(" "), F::SCOPE, now).map_err(|why: QueryError| {
        let hint = match why.is_about_fields {
            true => format!("the fields are {}", F::SCOPE.fields()),
            false => "docs/search.md describes the query language".to_owned(),
        };
        Failure::usage(why).hint(hint)
    })?;
    let all = [written].into_iter().chain(filter.conditions(now));
    Ok(Query::All(all.filter(|query| !query.fits_all()).collect()))
}

/// How many rows a list has where it is not said.
const LISTED: usize = 20;

/// Shows what a query selects, newest first: so many at most.
pub async fn list<T>(
    context: &Context,
    query: &Query,
    limit: Option<usize>,
    read: impl AsyncFn(PageRequest) -> Result<Page<T>, StoreError>,
    report: impl Fn(T) -> Report,
) -> Result<(), Failure> {
    let most = limit.unwrap_or(LISTED);
    let progress = SearchProgress::new(context);
    let is_cut = Cell::new(false);
    let found = rows(Order::NewestFirst, Some(most), async |page| {
        let page = progress.seen(read(page).await?);
        is_cut.set(page.next.is_some());
        Ok(page)
    });
    let mut found = pin!(found);
    let (mut is_empty, mut count) = (true, 0);
    let shown = async {
        while let Some(row) = found.try_next().await? {
            if is_empty {
                context.ui.start_pager();
            }
            is_empty = false;
            count += 1;
            context.emit(&report(row))?;
            if context.ui.is_closed() {
                break;
            }
        }
        Ok::<(), Failure>(())
    };
    let shown = shown.await;
    context.ui.end_pager();
    shown?;
    if is_empty {
        context.ui.note(nothing_fits(context, query));
    } else if limit.is_none() && count == most && is_cut.get() {
        context.ui.note(Note::hint(format!(
            "only the newest {most} are listed; --limit N lists more"
        )));
    }
    Ok(())
}

/// Whether what a filter selects is removed: a person is asked, a script has to say so.
///
/// # Errors
/// No one can be asked.
pub fn confirm_removal(context: &Context, captures: usize) -> Result<bool, Failure> {
    let what = counted(captures as u64, "capture");
    let removed = context.ui.confirm(&format!("Remove {what}?"));
    removed.ok_or_else(|| {
        Failure::usage(format!(
            "the filter selects {what}, and no one can be asked"
        ))
        .hint("add --yes to remove what it selects")
    })
}

/// What to say where nothing fits: that a provider or an event does not exist, else only that.
pub fn nothing_fits(context: &Context, query: &Query) -> Note {
    if query.fits_all() {
        return Note::hint(
            "the store is empty; run `hookcli listen` to receive requests, or `hookcli send` to send them",
        );
    }
    let conjuncts = query.conjuncts();
    let of = |wanted: fn(&Query) -> Option<&Pattern>| conjuncts.iter().find_map(|one| wanted(one));
    let provider = of(|one| match one {
        Query::Provider(pattern) => Some(pattern),
        _ => None,
    });
    let event = of(|one| match one {
        Query::Event(pattern) => Some(pattern),
        _ => None,
    });
    let pattern = match (provider, event) {
        (None, None) => None,
        (None, Some(event)) => Some(event.as_str().to_owned()),
        (Some(provider), None) => Some(format!("{}/*", provider.as_str())),
        (Some(provider), Some(event)) => Some(format!("{}/{}", provider.as_str(), event.as_str())),
    };
    let catalog = context.catalog().ok();
    let unknown = catalog.and_then(|catalog| {
        let provider = provider.filter(|provider| provider.is_exact());
        let unknown_provider = provider.and_then(|name| catalog.provider(name.as_str()).err());
        unknown_provider.or_else(|| {
            let pattern: EventPattern = pattern?.parse().ok()?;
            catalog.unfitting(&pattern)
        })
    });
    let texts = conjuncts.iter().filter_map(|one| match one {
        Query::Request(RequestTerm::Text(text)) => Some(text.as_str()),
        _ => None,
    });
    let mut meant = texts.filter_map(|text| Some((text, meant_term(context, text)?)));
    match (unknown, meant.next()) {
        (Some(error), _) => Note::hint(format!("nothing matches: {error}")),
        (None, Some((text, term))) => Note::hint(format!(
            "nothing contains the text `{text}`; did you mean {term}?"
        )),
        (None, None) => {
            Note::hint("nothing matches; run the command without a filter to see what is stored")
        }
    }
}

/// The term that a word without a field was meant for: the name of an event or a provider, a verdict, a status, an id.
fn meant_term(context: &Context, word: &str) -> Option<String> {
    let catalog = context.catalog().ok()?;
    let is_event = || {
        let pattern = word.parse::<EventPattern>();
        pattern.is_ok_and(|pattern| catalog.unfitting(&pattern).is_none())
    };
    let is_status = || matches!(word.parse::<u16>(), Ok(100..=599));
    let field = if word.starts_with("cap_") || word.starts_with("dlv_") {
        let list = if word.starts_with("cap_") {
            "captures"
        } else {
            "deliveries"
        };
        return Some(format!("`{}`", suggest([list, "show", word])));
    } else if word.parse::<Verdict>().is_ok() {
        "verdict"
    } else if word.parse::<Outcome>().is_ok() {
        "outcome"
    } else if catalog.names().any(|name| name == word) {
        "provider"
    } else if is_event() {
        "event"
    } else if is_status() {
        "status"
    } else {
        return None;
    };
    Some(format!("`{field}:{word}`"))
}

/// Shows how far a search has come that reads headers and bodies.
pub struct SearchProgress<'c> {
    context: &'c Context,
    searched: Cell<usize>,
}

impl<'c> SearchProgress<'c> {
    pub fn new(context: &'c Context) -> Self {
        Self {
            context,
            searched: Cell::new(0),
        }
    }

    /// Takes note of a page.
    pub fn seen<T>(&self, page: Page<T>) -> Page<T> {
        if page.searched > 0 {
            self.searched.set(self.searched.get() + page.searched);
            let text = format!("searched {}; stop with Ctrl-C", self.searched.get());
            self.context.ui.live(&[text.into()]);
        }
        page
    }
}

impl Drop for SearchProgress<'_> {
    fn drop(&mut self) {
        if self.searched.get() > 0 {
            self.context.ui.live(&[]);
        }
    }
}

/// The captures that are named, or else those that a query leaves: oldest first, one after the other.
pub fn captures<'s>(
    context: &'s Context,
    store: &'s dyn Store,
    selected: &'s Selected,
) -> impl Stream<Item = Result<Capture, Failure>> + 's {
    each(context, store, IdKind::Capture, selected)
        .and_then(move |id| async move { Ok(store.capture(id).await?) })
}

/// The ids of captures or deliveries that are named, or else of those that a query leaves, oldest first.
pub fn each<'s>(
    context: &'s Context,
    store: &'s dyn Store,
    kind: IdKind,
    selected: &'s Selected,
) -> impl Stream<Item = Result<Id, Failure>> + 's {
    let Selected { names, query } = selected;
    let progress = SearchProgress::new(context);
    let named = stream::iter(names).then(move |name| async move {
        let reference: Reference = name.parse().map_err(Failure::usage)?;
        Ok(store.find(kind, &reference).await?)
    });
    let found = rows(Order::OldestFirst, None, async move |page| match kind {
        IdKind::Capture => {
            let page = progress.seen(store.captures(query, page).await?);
            Ok(page.map(|row| row.id))
        }
        IdKind::Delivery => {
            let page = progress.seen(store.deliveries(query, page).await?);
            Ok(page.map(|row| row.id))
        }
    });
    match names.is_empty() {
        true => found.err_into().left_stream(),
        false => named.right_stream(),
    }
}

//! Long lists, given out as the provider does.

use super::error::{EmulatorError, not_found};
use super::input::Fault;
use super::template::Facts;
use crate::catalog::{ErrorKind, PageStyle, Pages};

/// How many things are in a list that comes at once.
const MOST_LISTED: usize = 1000;

/// Which part of a list a client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paging {
    style: PageStyle,
    limit_name: String,
    limit: usize,
    after: Option<String>,
    before: Option<String>,
    page: usize,
}

/// Where a part of a list begins that is read from the store, and how long it is.
pub(super) struct Window {
    /// The id that is named, and is not in it itself.
    pub beside: Option<String>,
    /// It ends in front of that one.
    pub is_before: bool,
    pub skipped: usize,
    pub limit: usize,
}

impl Paging {
    /// What is asked for.
    ///
    /// # Errors
    /// The limit cannot be used, and the provider says so.
    pub(super) fn read(
        pages: &Pages,
        asked: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Fault> {
        let number = |name: &str| asked(name)?.parse::<usize>().ok();
        let limit = number(&pages.limit).unwrap_or(pages.usual);
        if let Some(given) = asked(&pages.limit).filter(|_| pages.refuses_limits) {
            check_limit(pages, &given)?;
        }
        let (after, before) = match pages.style {
            PageStyle::All | PageStyle::Numbered => (None, None),
            PageStyle::StartingAfter => (asked("starting_after"), asked("ending_before")),
            PageStyle::Iterator => (asked("iterator"), None),
        };
        Ok(Self {
            style: pages.style,
            limit_name: pages.limit.clone(),
            limit: limit.clamp(1, pages.most),
            after: after.filter(|id| !id.is_empty()),
            before: before.filter(|id| !id.is_empty()),
            page: number("page").unwrap_or(1).max(1),
        })
    }

    pub(super) fn window(&self) -> Window {
        let is_before = self.after.is_none() && self.before.is_some();
        Window {
            beside: self.after.clone().or_else(|| self.before.clone()),
            is_before,
            skipped: match self.style {
                PageStyle::Numbered => (self.page - 1).saturating_mul(self.limit),
                _ => 0,
            },
            limit: match self.style {
                PageStyle::All => MOST_LISTED,
                _ => self.limit,
            },
        }
    }
}

fn check_limit(pages: &Pages, given: &str) -> Result<(), Fault> {
    let why = match given.parse::<i64>() {
        Err(_) => format!("Invalid integer: {given}"),
        Ok(number) if number < 1 => "This value must be greater than or equal to 1.".to_owned(),
        Ok(number) if usize::try_from(number).is_ok_and(|number| number > pages.most) => {
            format!("This value must be less than or equal to {}.", pages.most)
        }
        Ok(_) => return Ok(()),
    };
    let mut fault = Fault::new(ErrorKind::Invalid, why);
    fault.field.clone_from(&pages.limit);
    Err(fault)
}

/// A part of a list, and what an answer says of the rest.
pub(super) struct Listed<T> {
    pub items: Vec<T>,
    pub facts: Facts,
    pub headers: Vec<(String, String)>,
}

/// The part that is wanted of a list.
pub(super) fn listed<T>(
    all: Vec<T>,
    paging: &Paging,
    id_of: impl Fn(&T) -> String,
    url: &str,
) -> Result<Listed<T>, EmulatorError> {
    let count = all.len();
    let place = |id: &str| {
        let place = all.iter().position(|one| id_of(one) == id);
        place.ok_or_else(|| not_found("thing with the id", id))
    };
    let (start, end) = match paging.style {
        PageStyle::All => (0, count),
        PageStyle::Numbered => {
            let start = (paging.page - 1).saturating_mul(paging.limit).min(count);
            (start, start.saturating_add(paging.limit).min(count))
        }
        PageStyle::StartingAfter | PageStyle::Iterator => {
            match (paging.after.as_deref(), paging.before.as_deref()) {
                (Some(after), _) => {
                    let start = place(after)? + 1;
                    (start, start.saturating_add(paging.limit).min(count))
                }
                (None, Some(before)) => {
                    let end = place(before)?;
                    (end.saturating_sub(paging.limit), end)
                }
                (None, None) => (0, paging.limit.min(count)),
            }
        }
    };
    let has_more = match paging.before {
        Some(_) => start > 0,
        None => end < count,
    };
    let items: Vec<T> = all.into_iter().skip(start).take(end - start).collect();
    let last = count.div_ceil(paging.limit).max(1);
    Ok(part_of(items, has_more, Some(last), paging, id_of, url))
}

/// A part that was read from the store.
pub(super) fn part_of<T>(
    items: Vec<T>,
    has_more: bool,
    last_page: Option<usize>,
    paging: &Paging,
    id_of: impl Fn(&T) -> String,
    url: &str,
) -> Listed<T> {
    let mut facts = Facts::default();
    facts.set("has_more", has_more);
    facts.set("is_done", !has_more);
    facts.set("count", items.len());
    facts.set("iterator", items.last().map(&id_of));
    facts.set("first_iterator", items.first().map(&id_of));
    let mut headers = Vec::new();
    if paging.style == PageStyle::Numbered {
        headers.extend(links(paging, has_more, last_page, url));
    }
    Listed {
        items,
        facts,
        headers,
    }
}

/// The pages beside this one (RFC 8288).
fn links(
    paging: &Paging,
    has_more: bool,
    last: Option<usize>,
    url: &str,
) -> Option<(String, String)> {
    let link = |page: usize, rel: &str| {
        format!(
            "<{url}?{}={}&page={page}>; rel=\"{rel}\"",
            paging.limit_name, paging.limit
        )
    };
    let mut all = Vec::new();
    if paging.page > 1 {
        all.push(link(paging.page - 1, "prev"));
    }
    if has_more {
        all.push(link(paging.page + 1, "next"));
        all.extend(last.map(|last| link(last, "last")));
    }
    if paging.page > 1 {
        all.push(link(1, "first"));
    }
    (!all.is_empty()).then(|| ("link".to_owned(), all.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(style: PageStyle, asked: &[(&str, &str)]) -> (Vec<u32>, bool, Option<String>) {
        let pages = Pages {
            style,
            usual: 2,
            most: 3,
            ..Pages::default()
        };
        let asked = |name: &str| {
            let mut asked = asked.iter();
            asked
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let all = (1..=5).collect();
        let listed = listed(
            all,
            &Paging::read(&pages, &asked).unwrap(),
            u32::to_string,
            "http://h/x",
        )
        .unwrap();
        let more = crate::emulator::template::render(
            &crate::catalog::Template("$has_more".into()),
            &listed.facts,
        );
        let link = listed.headers.first().map(|(_, link)| link.clone());
        (listed.items, more == "true", link)
    }

    #[test]
    fn a_list_is_given_out_in_parts() {
        use PageStyle::{All, Iterator, Numbered, StartingAfter};
        assert_eq!(page(All, &[]).0, [1, 2, 3, 4, 5]);
        assert_eq!(page(StartingAfter, &[]).0, [1, 2]);
        let part = page(StartingAfter, &[("limit", "9"), ("starting_after", "2")]);
        assert_eq!((part.0, part.1), (vec![3, 4, 5], false));
        let part = page(StartingAfter, &[("ending_before", "4")]);
        assert_eq!((part.0, part.1), (vec![2, 3], true));
        let gone = Paging::read(
            &Pages {
                style: StartingAfter,
                ..Pages::default()
            },
            &|name| (name == "starting_after").then(|| "7".to_owned()),
        );
        let all: Vec<u32> = (1..=5).collect();
        assert!(listed(all, &gone.unwrap(), u32::to_string, "").is_err());
        assert_eq!(page(Iterator, &[("iterator", "4")]).0, [5]);
        let part = page(Numbered, &[("page", "2")]);
        assert_eq!((part.0, part.1), (vec![3, 4], true));
        let link = part.2.unwrap();
        assert!(
            link.contains("<http://h/x?limit=2&page=3>; rel=\"next\""),
            "{link}"
        );
        assert!(page(Numbered, &[("page", "99999999999999")]).0.is_empty());
        assert_eq!(page(Numbered, &[("limit", "0")]).0, [1]);
    }

    #[test]
    fn a_limit_that_cannot_be_used_is_refused_where_the_provider_does() {
        let pages = Pages {
            refuses_limits: true,
            ..Pages::default()
        };
        let read = |limit: &str| Paging::read(&pages, &|_| Some(limit.to_owned()));
        for (limit, why) in [
            ("0", "greater than or equal to 1"),
            ("-1", "greater than or equal to 1"),
            ("101", "less than or equal to 100"),
            ("abc", "Invalid integer: abc"),
        ] {
            let fault = read(limit).unwrap_err();
            assert!(fault.message.contains(why), "{limit}: {}", fault.message);
            assert_eq!(fault.field, "limit");
        }
        assert_eq!(read("100").unwrap().limit, 100);
    }
}

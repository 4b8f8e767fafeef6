//! Long lists, given out as the provider does.

use super::template::Facts;
use crate::catalog::{PageStyle, Pages};

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

impl Paging {
    pub(super) fn read(pages: &Pages, asked: &dyn Fn(&str) -> Option<String>) -> Self {
        let number = |name: &str| asked(name)?.parse::<usize>().ok();
        let limit = number(&pages.limit).unwrap_or(pages.usual);
        let (after, before) = match pages.style {
            PageStyle::All | PageStyle::Numbered => (None, None),
            PageStyle::StartingAfter => (asked("starting_after"), asked("ending_before")),
            PageStyle::Iterator => (asked("iterator"), None),
        };
        Self {
            style: pages.style,
            limit_name: pages.limit.clone(),
            limit: limit.clamp(1, pages.most),
            after: after.filter(|id| !id.is_empty()),
            before: before.filter(|id| !id.is_empty()),
            page: number("page").unwrap_or(1).max(1),
        }
    }
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
) -> Listed<T> {
    let count = all.len();
    let place = |id: &str| all.iter().position(|one| id_of(one) == id);
    let (start, end) = match paging.style {
        PageStyle::All => (0, count),
        PageStyle::Numbered => {
            let start = (paging.page - 1).saturating_mul(paging.limit).min(count);
            (start, start.saturating_add(paging.limit).min(count))
        }
        PageStyle::StartingAfter | PageStyle::Iterator => {
            match (paging.after.as_deref(), paging.before.as_deref()) {
                (Some(after), _) => {
                    let start = place(after).map_or(count, |at| at + 1);
                    (start, start.saturating_add(paging.limit).min(count))
                }
                (None, Some(before)) => {
                    let end = place(before).unwrap_or(0);
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
    let ids = all.get(start..end).unwrap_or_default();
    let mut facts = Facts::default();
    facts.set("has_more", has_more);
    facts.set("is_done", !has_more);
    facts.set("count", end - start);
    facts.set("total", count);
    facts.set("iterator", ids.last().map(&id_of));
    facts.set("first_iterator", ids.first().map(&id_of));
    let mut headers = Vec::new();
    if paging.style == PageStyle::Numbered {
        headers.extend(links(paging, count, url));
    }
    let items = all.into_iter().skip(start).take(end - start).collect();
    Listed {
        items,
        facts,
        headers,
    }
}

/// The pages beside this one (RFC 8288).
fn links(paging: &Paging, count: usize, url: &str) -> Option<(String, String)> {
    let last = count.div_ceil(paging.limit).max(1);
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
    if paging.page < last {
        all.push(link(paging.page + 1, "next"));
        all.push(link(last, "last"));
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
            &Paging::read(&pages, &asked),
            u32::to_string,
            "http://h/x",
        );
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
        assert!(page(StartingAfter, &[("starting_after", "7")]).0.is_empty());
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
}

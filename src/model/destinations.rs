//! Where a capture is forwarded to, and which of its destinations have it.

use super::normal_url;

/// The destinations of a capture, by their URLs. URLs compare in their normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations(Vec<Destination>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Destination {
    url: String,
    is_pending: bool,
}

impl Destination {
    /// Whether that URL is its own. An unknown one, of a capture that was kept before destinations were, is anyone's.
    fn is_at(&self, url: &str) -> bool {
        self.url.is_empty() || normal_url(&self.url) == normal_url(url)
    }
}

impl Destinations {
    /// Destinations of which none has it yet.
    pub fn pending(urls: impl IntoIterator<Item = String>) -> Self {
        let pending = |url| Destination {
            url,
            is_pending: true,
        };
        Self(urls.into_iter().map(pending).collect())
    }

    /// Whether one does not have it yet.
    pub fn are_pending(&self) -> bool {
        self.0.iter().any(|destination| destination.is_pending)
    }

    /// Those that do not have it yet, as far as their URLs are known.
    pub fn pending_urls(&self) -> impl Iterator<Item = &str> {
        let due = self.0.iter().filter(|destination| destination.is_pending);
        due.map(|destination| destination.url.as_str())
            .filter(|url| !url.is_empty())
    }

    /// Whether it is pending at that URL.
    pub fn is_pending_at(&self, url: &str) -> bool {
        self.0
            .iter()
            .any(|destination| destination.is_pending && destination.is_at(url))
    }

    /// Whether the destination at that URL has it.
    pub fn is_delivered_at(&self, url: &str) -> bool {
        let mut delivered = self.0.iter().filter(|destination| !destination.is_pending);
        delivered.any(|destination| destination.is_at(url)) && !self.is_pending_at(url)
    }

    /// That destination has it now. It settles its own debt and no other's.
    pub fn delivered(&mut self, url: &str) {
        for destination in &mut self.0 {
            destination.is_pending &= !destination.is_at(url);
        }
    }

    /// That destination is not to get it any more.
    pub fn discard(&mut self, url: &str) {
        self.0
            .retain(|destination| !(destination.is_pending && destination.is_at(url)));
    }

    /// A line for each; nothing where there are none.
    pub fn to_text(&self) -> Option<String> {
        let line = |destination: &Destination| {
            let state = if destination.is_pending {
                "due"
            } else {
                "done"
            };
            format!("{state} {}", destination.url)
        };
        let lines: Vec<String> = self.0.iter().map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// `is_pending` is what a capture says of itself that was kept before its destinations were.
    pub fn from_text(text: Option<&str>, is_pending: bool) -> Self {
        let Some(text) = text else {
            return Self::pending(is_pending.then(String::new));
        };
        let destination = |line: &str| {
            let (state, url) = line.split_once(' ')?;
            Some(Destination {
                url: url.to_owned(),
                is_pending: state == "due",
            })
        };
        Self(text.lines().filter_map(destination).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_is_due_until_it_has_it_itself() {
        let mut destinations =
            Destinations::pending(["http://a/".to_owned(), "http://b:80".to_owned()]);
        destinations.delivered("http://A");
        assert!(destinations.is_delivered_at("http://a"));
        assert!(!destinations.is_delivered_at("http://b"));
        assert!(
            !destinations.is_pending_at("http://a/") && destinations.is_pending_at("http://b/")
        );
        let again = Destinations::from_text(destinations.to_text().as_deref(), true);
        assert_eq!(again, destinations);
        assert_eq!(again.pending_urls().collect::<Vec<_>>(), ["http://b:80"]);
        destinations.delivered("http://a/");
        destinations.delivered("http://c/");
        assert!(destinations.are_pending(), "neither says anything of b");
        let mut retired = destinations.clone();
        retired.discard("http://b/");
        assert!(!retired.are_pending());
        destinations.delivered("http://b");
        assert!(!destinations.are_pending());
    }

    #[test]
    fn this_machine_has_several_names() {
        let destinations = Destinations::pending(["http://localhost:3000/hook".to_owned()]);
        for url in ["http://127.0.0.1:3000/hook", "http://LOCALHOST:3000/hook#x"] {
            assert!(destinations.is_pending_at(url), "{url}");
        }
        for url in [
            "http://127.0.0.1:3001/hook",
            "http://localhost:3000/hook2",
            "http://127.0.0.2:3000/hook",
            "http://[::1]:3000/hook",
        ] {
            assert!(!destinations.is_pending_at(url), "{url}");
        }
    }

    #[test]
    fn what_was_due_before_targets_were_kept_is_due_anywhere() {
        let mut old = Destinations::from_text(None, true);
        assert!(old.are_pending() && old.pending_urls().next().is_none());
        old.delivered("http://a/");
        assert!(!old.are_pending());
        assert_eq!(
            Destinations::from_text(None, false),
            Destinations::default()
        );
        assert_eq!(Destinations::default().to_text(), None);
    }
}

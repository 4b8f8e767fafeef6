//! Where a capture goes on to, and which of its targets have it. Pure.

/// The targets of a capture, by their URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets(Vec<Target>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    url: String,
    is_due: bool,
}

impl Targets {
    /// Targets of which none has it yet.
    pub fn due(urls: impl IntoIterator<Item = String>) -> Self {
        let due = |url| Target { url, is_due: true };
        Self(urls.into_iter().map(due).collect())
    }

    /// Whether one does not have it yet.
    pub fn are_due(&self) -> bool {
        self.0.iter().any(|target| target.is_due)
    }

    /// Those that do not have it yet, as far as their URLs are known.
    pub fn due_urls(&self) -> impl Iterator<Item = &str> {
        let due = self.0.iter().filter(|target| target.is_due);
        due.map(|target| target.url.as_str())
            .filter(|url| !url.is_empty())
    }

    /// Whether that target has it already.
    pub fn have(&self, url: &str) -> bool {
        self.0
            .iter()
            .any(|target| target.url == url && !target.is_due)
    }

    /// That target has it now. One that was not known stands for all that do not have it: theirs is its new
    /// URL.
    pub fn delivered(&mut self, url: &str) {
        let is_known = self.0.iter().any(|target| target.url == url);
        for target in &mut self.0 {
            target.is_due &= is_known && target.url != url;
        }
    }

    /// A line for each; nothing where there are none.
    pub(super) fn written(&self) -> Option<String> {
        let line = |target: &Target| {
            let state = if target.is_due { "due" } else { "done" };
            format!("{state} {}", target.url)
        };
        let lines: Vec<String> = self.0.iter().map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// `is_due` is what a capture says of itself that was kept before its targets were.
    pub(super) fn read(text: Option<&str>, is_due: bool) -> Self {
        let Some(text) = text else {
            return Self::due(is_due.then(String::new));
        };
        let target = |line: &str| {
            let (state, url) = line.split_once(' ')?;
            Some(Target {
                url: url.to_owned(),
                is_due: state == "due",
            })
        };
        Self(text.lines().filter_map(target).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_is_due_until_it_has_it_and_an_unknown_one_stands_for_the_rest() {
        let mut targets = Targets::due(["http://a/".to_owned(), "http://b/".to_owned()]);
        targets.delivered("http://a/");
        assert!(targets.have("http://a/") && !targets.have("http://b/"));
        let again = Targets::read(targets.written().as_deref(), true);
        assert_eq!(again, targets);
        assert_eq!(again.due_urls().collect::<Vec<_>>(), ["http://b/"]);
        targets.delivered("http://a/");
        assert!(targets.are_due(), "what it has already says nothing of b");
        targets.delivered("http://c/");
        assert!(!targets.are_due());
    }

    #[test]
    fn what_was_due_before_targets_were_kept_is_due_anywhere() {
        let mut old = Targets::read(None, true);
        assert!(old.are_due() && old.due_urls().next().is_none());
        old.delivered("http://a/");
        assert!(!old.are_due());
        assert_eq!(Targets::read(None, false), Targets::default());
        assert_eq!(Targets::default().written(), None);
    }
}

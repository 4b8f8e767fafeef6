//! Where a capture goes on to, and which of its targets have it. Pure.

use crate::model::normal_url;

/// The targets of a capture, by their URLs. URLs compare in their normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets(Vec<Target>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    url: String,
    is_due: bool,
}

impl Target {
    /// Whether that URL is its own. An unknown one, of a capture that was kept before targets were, is anyone's.
    fn is_at(&self, url: &str) -> bool {
        self.url.is_empty() || normal_url(&self.url) == normal_url(url)
    }
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

    /// Whether it is due at that URL.
    pub fn is_due_at(&self, url: &str) -> bool {
        self.0
            .iter()
            .any(|target| target.is_due && target.is_at(url))
    }

    /// That target has it now. It settles its own debt and no other's.
    pub fn delivered(&mut self, url: &str) {
        for target in &mut self.0 {
            target.is_due &= !target.is_at(url);
        }
    }

    /// That target is not to get it any more.
    pub fn discard(&mut self, url: &str) {
        self.0
            .retain(|target| !(target.is_due && target.is_at(url)));
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
    fn each_target_is_due_until_it_has_it_itself() {
        let mut targets = Targets::due(["http://a/".to_owned(), "http://b:80".to_owned()]);
        targets.delivered("http://A");
        assert!(!targets.is_due_at("http://a/") && targets.is_due_at("http://b/"));
        let again = Targets::read(targets.written().as_deref(), true);
        assert_eq!(again, targets);
        assert_eq!(again.due_urls().collect::<Vec<_>>(), ["http://b:80"]);
        targets.delivered("http://a/");
        targets.delivered("http://c/");
        assert!(targets.are_due(), "neither says anything of b");
        let mut retired = targets.clone();
        retired.discard("http://b/");
        assert!(!retired.are_due());
        targets.delivered("http://b");
        assert!(!targets.are_due());
    }

    #[test]
    fn this_machine_has_several_names() {
        let targets = Targets::due(["http://localhost:3000/hook".to_owned()]);
        for url in ["http://127.0.0.1:3000/hook", "http://LOCALHOST:3000/hook#x"] {
            assert!(targets.is_due_at(url), "{url}");
        }
        for url in [
            "http://127.0.0.1:3001/hook",
            "http://localhost:3000/hook2",
            "http://127.0.0.2:3000/hook",
            "http://[::1]:3000/hook",
        ] {
            assert!(!targets.is_due_at(url), "{url}");
        }
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

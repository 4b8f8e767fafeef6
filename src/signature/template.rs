//! What a scheme signs: literal text and places that the request fills.

use crate::model::InvalidText;
use std::fmt;
use std::str::FromStr;

use crate::payload::Path;

/// The signed content: literals and places such as `{body}` and `{timestamp}`.
#[derive(Clone, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Literal(String),
    /// The raw body.
    Body,
    /// The timestamp's text as it is in the request, never a number written again.
    Timestamp,
    Id,
    Method,
    Url,
    Secret,
    Header(String),
    /// A value of a JSON body: a string's content, else its text.
    BodyAt(Path),
    /// The pairs of a form, sorted by name and then value, each once, name and value without anything
    /// between.
    SortedForm,
}

const NAMES: &str = "{body}, {timestamp}, {id}, {method}, {url}, {secret}, {sorted_form}, {header.NAME} and {body.PATH}";

impl Template {
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// `{timestamp}.{body}`
    pub(super) fn timestamp_and_body() -> Self {
        Self(vec![
            Part::Timestamp,
            Part::Literal(".".to_owned()),
            Part::Body,
        ])
    }

    /// Whether the signature covers the body.
    pub fn covers_body(&self) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::Body | Part::SortedForm))
    }

    /// Whether something is picked out of the body.
    pub(super) fn reads_body(&self) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::SortedForm | Part::BodyAt(_)))
    }

    pub(super) fn names(&self, part: &Part) -> bool {
        self.0.contains(part)
    }
}

/// The raw body alone.
impl Default for Template {
    fn default() -> Self {
        Self(vec![Part::Body])
    }
}

impl FromStr for Template {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (name, after) = tail
                .split_once('}')
                .ok_or_else(|| format!("invalid template `{text}`: a `{{` is not closed"))?;
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            let unknown = || format!("unknown placeholder `{{{name}}}`: use {NAMES}");
            parts.push(match (name, name.split_once('.')) {
                ("body", _) => Part::Body,
                ("timestamp", _) => Part::Timestamp,
                ("id", _) => Part::Id,
                ("method", _) => Part::Method,
                ("url", _) => Part::Url,
                ("secret", _) => Part::Secret,
                ("sorted_form", _) => Part::SortedForm,
                (_, Some(("header", header))) if !header.is_empty() => {
                    Part::Header(header.to_owned())
                }
                (_, Some(("body", path))) if !path.is_empty() => {
                    Part::BodyAt(path.parse::<Path>().map_err(|error| error.to_string())?)
                }
                _ => return Err(unknown().into()),
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        if parts.iter().filter(|part| **part == Part::Body).count() > 1 {
            return Err(
                format!("invalid template `{text}`: {{body}} can be used only once").into(),
            );
        }
        Ok(Self(parts))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Body => f.write_str("{body}"),
            Part::Timestamp => f.write_str("{timestamp}"),
            Part::Id => f.write_str("{id}"),
            Part::Method => f.write_str("{method}"),
            Part::Url => f.write_str("{url}"),
            Part::Secret => f.write_str("{secret}"),
            Part::SortedForm => f.write_str("{sorted_form}"),
            Part::Header(name) => write!(f, "{{header.{name}}}"),
            Part::BodyAt(path) => write!(f, "{{body.{path}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_template_names_its_places_and_refuses_others() {
        let template: Template = "v0:{timestamp}:{body}".parse().unwrap();
        assert_eq!(
            template.parts(),
            [
                Part::Literal("v0:".into()),
                Part::Timestamp,
                Part::Literal(":".into()),
                Part::Body
            ]
        );
        for (text, word) in [
            ("{nobody}", "{body}"),
            ("{header.}", "{header.NAME}"),
            ("{body", "not closed"),
            ("{body}{body}", "once"),
        ] {
            let told = text.parse::<Template>().unwrap_err();
            assert!(told.to_string().contains(word), "{told}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same(text in "([a-z.:]|\\{(body|timestamp|id|url|secret|method|sorted_form|header\\.X-A|body\\.a\\.b)\\}){0,6}") {
            if let Ok(template) = text.parse::<Template>() {
                let again: Template = template.to_string().parse().unwrap();
                prop_assert_eq!(again, template);
            }
        }
    }
}

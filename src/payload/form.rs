//! Forms (`application/x-www-form-urlencoded`) as text: what is not named stays, byte for byte.

use super::edit::{Edit, EditError, apply};
use super::path::Path;

/// Whether a content type is a form's.
pub fn is_form(content_type: &[u8]) -> bool {
    let kind = content_type.split(|&byte| byte == b';').next();
    kind.is_some_and(|kind| {
        kind.trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    })
}

/// Applies edits to a form. A path's first step is a field; what follows is a place in the JSON that the field holds.
/// A name that is repeated is set in its first place, and removed everywhere.
pub fn apply_to_form(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut fields: Vec<String> = match text {
        "" => Vec::new(),
        text => text.split('&').map(str::to_owned).collect(),
    };
    for edit in edits {
        let (Edit::Set { path, .. } | Edit::Unset { path }) = edit;
        let Some((name, inside)) = path.steps().split_first() else {
            return Err(EditError::NoPlace {
                path: path.clone(),
                why: "a form consists of fields: name one",
            });
        };
        let at = fields
            .iter()
            .position(|field| decoded(field.split('=').next().unwrap_or_default()) == *name);
        let value = match (edit, inside) {
            (Edit::Unset { .. }, []) if at.is_none() => {
                return Err(EditError::NotThere { path: path.clone() });
            }
            (Edit::Unset { .. }, []) => None,
            (Edit::Set { value, .. }, []) => Some(plain(value)),
            (edit, inside) => {
                let Some(at) = at else {
                    return Err(EditError::NoPlace {
                        path: path.clone(),
                        why: "the form has no such field",
                    });
                };
                let held = fields[at].split_once('=').map_or("", |(_, value)| value);
                let path = Path::from_steps(inside);
                let inner = match edit {
                    Edit::Set { value, .. } => Edit::Set {
                        path,
                        value: value.clone(),
                    },
                    Edit::Unset { .. } => Edit::Unset { path },
                };
                Some(apply(&decoded(held), &[inner])?)
            }
        };
        match (value, at) {
            (None, _) => {
                fields
                    .retain(|field| decoded(field.split('=').next().unwrap_or_default()) != *name);
            }
            (Some(value), Some(at)) => {
                let written = fields[at].split('=').next().unwrap_or_default();
                fields[at] = format!("{written}={}", escaped(&value));
            }
            (Some(value), None) => fields.push(format!("{}={}", escaped(name), escaped(&value))),
        }
    }
    Ok(fields.join("&"))
}

/// A string's content; any other JSON as it is there.
fn plain(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}

/// A name or a value, its escapes undone.
fn decoded(text: &str) -> String {
    let pair = format!("v={text}");
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

/// As most senders write a value: all but letters, digits and `-._` is escaped, a space is `+`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// JSON as the one field of a form.
pub fn in_form_field(field: &str, json: &str) -> String {
    format!("{}={}", escaped(field), escaped(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edits: &[(&str, Option<&str>)]) -> String {
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(path, value)| {
                let path = path.parse().unwrap();
                match value {
                    Some(value) => Edit::Set {
                        path,
                        value: (*value).to_owned(),
                    },
                    None => Edit::Unset { path },
                }
            })
            .collect();
        apply_to_form(text, &edits).unwrap()
    }

    #[test]
    fn what_is_not_named_stays_as_it_was_written() {
        let form = "a=%2a+b&text=x&c=&d&text=y";
        assert_eq!(
            edited(form, &[("text", Some("\"*bold* é~\""))]),
            "a=%2a+b&text=%2Abold%2A+%C3%A9%7E&c=&d&text=y"
        );
        assert_eq!(edited(form, &[("text", None)]), "a=%2a+b&c=&d");
        assert_eq!(edited(form, &[("new", Some("5"))]), format!("{form}&new=5"));
        assert_eq!(edited("", &[("a", Some("\"b\""))]), "a=b");
    }

    #[test]
    fn json_in_a_field_is_edited_in_its_place() {
        let form = "payload=%7B%22a%22%3A%20%7B%22b%22%3A1%7D%7D&x=1";
        assert_eq!(
            edited(form, &[("payload.a.b", Some("2"))]),
            "payload=%7B%22a%22%3A+%7B%22b%22%3A2%7D%7D&x=1"
        );
        for path in ["no.such", "x.y"] {
            let edit = Edit::Set {
                path: path.parse().unwrap(),
                value: "1".to_owned(),
            };
            assert!(apply_to_form(form, &[edit]).is_err(), "{path}");
        }
    }
}

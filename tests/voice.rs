//! What users read is plain English: no phrase of the reviewed list (`tests/voice/phrases.txt`), and an error says what
//! to do next.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use regex::Regex;

/// Each error has a hint, or says itself what to do; `Outcome::expect` asks it of every run of every test.
pub fn an_error_says_what_to_do(stderr: &str) {
    /// What tells somebody what to do.
    const STEPS: [&str; 10] = [
        "use ",
        "add ",
        "run ",
        "remove ",
        "set ",
        "start ",
        "did you mean",
        "export it",
        "give ",
        "write it",
    ];
    /// A place in a file that somebody wrote: what is wrong there is to be changed there.
    const PLACES: &str =
        r"\.(toml|json|har|http|txt|pem)(:\d+)?: |(line|request|entry) \d+: |^file: ";
    /// What a test or a command of the user's came to. There is nothing to do but to look at it.
    const OUTCOMES: [&str; 6] = [
        "failed: ",
        "the probe failed",
        "timed out: ",
        "ordinary deliveries are not accepted",
        "interrupted",
        "it answered ",
    ];
    let place = Regex::new(PLACES).unwrap();
    for error in stderr
        .lines()
        .filter_map(|line| line.strip_prefix("error: "))
    {
        // It may take several lines, as what a probe printed does.
        let has_hint = stderr.lines().any(|line| line.starts_with("hint: "));
        let says_so = STEPS.iter().any(|step| error.contains(step));
        let is_outcome = OUTCOMES.iter().any(|outcome| error.contains(outcome));
        let names_place = place.is_match(error);
        assert!(
            has_hint || says_so || is_outcome || names_place,
            "it does not say what to do: {error}"
        );
    }
}

/// A phrase that is not used, and where it may stand all the same.
struct Banned {
    phrase: Regex,
    better: String,
    allowed: Vec<String>,
}

/// `phrase => better`, each with lines `    allowed: text` for what may contain it.
fn banned() -> Vec<Banned> {
    let text = fs::read_to_string(root().join("tests/voice/phrases.txt")).unwrap();
    let mut all: Vec<Banned> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        if let Some(context) = line.strip_prefix("    allowed: ") {
            all.last_mut().unwrap().allowed.push(context.to_owned());
            continue;
        }
        let (phrase, better) = line.split_once(" => ").expect(line);
        all.push(Banned {
            phrase: Regex::new(&format!(r"(?i)\b(?:{phrase})\b")).expect(line),
            better: better.to_owned(),
            allowed: Vec::new(),
        });
    }
    all
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, out);
        } else if path.extension().is_some_and(|found| found == extension) {
            out.push(path);
        }
    }
}

/// The strings of a file that are no tests'; those of attributes, too: messages of errors, and help.
fn strings(tokens: TokenStream, in_docs: bool, out: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut is_test = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                // `#![doc = …]` is the file's own.
                tokens.next_if(
                    |next| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!'),
                );
                if let Some(TokenTree::Group(group)) = tokens.peek() {
                    let text = group.stream().to_string();
                    is_test |= text == "cfg (test)" || text == "test";
                    if text.starts_with("doc") && !in_docs {
                        tokens.next();
                    }
                }
            }
            TokenTree::Group(group) => {
                let is_body = group.delimiter() == proc_macro2::Delimiter::Brace;
                if is_test && is_body {
                    is_test = false;
                    continue;
                }
                strings(group.stream(), in_docs, out);
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => is_test = false,
            TokenTree::Literal(literal) => {
                if let Ok(literal) = syn_string(&literal.to_string()) {
                    out.push(literal);
                }
            }
            _ => {}
        }
    }
}

/// The content of a string literal.
fn syn_string(literal: &str) -> Result<String, ()> {
    if let Some(raw) = literal.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = &raw[hashes..raw.len() - hashes];
        return Ok(inner.trim_matches('"').to_owned());
    }
    let inner = literal
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .ok_or(())?;
    // A line that goes on in the next.
    let joined = Regex::new(r"\\\n\s*")
        .unwrap()
        .replace_all(inner, "")
        .into_owned();
    Ok(joined.replace("\\\"", "\"").replace("\\n", "\n"))
}

/// Everything that users read, with where it stands.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut sources = Vec::new();
    files(&root().join("src"), "rs", &mut sources);
    // SQL of older versions stays as it was.
    sources.retain(|source| !source.ends_with("sqlite/migrate.rs"));
    for source in sources {
        if source.ends_with("tests.rs") || source.ends_with("testing.rs") {
            continue;
        }
        let name = source.strip_prefix(root()).unwrap().display().to_string();
        let tokens = fs::read_to_string(&source).unwrap().parse().unwrap();
        let mut found = Vec::new();
        // The documentation of flags and of documents' keys is shown; the rest of it is for maintainers.
        strings(tokens, name.starts_with("src/cli/"), &mut found);
        texts.extend(found.into_iter().map(|text| (name.clone(), text)));
    }
    let mut others = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    files(&root().join("docs"), "md", &mut others);
    files(&root().join("src/catalog/providers"), "toml", &mut others);
    for other in others {
        let name = other.strip_prefix(root()).unwrap().display().to_string();
        let text = fs::read_to_string(&other).unwrap();
        texts.extend(text.lines().map(|line| (name.clone(), line.to_owned())));
    }
    texts
}

#[test]
fn no_text_has_a_phrase_that_has_to_be_read_twice() {
    let banned = banned();
    assert!(banned.len() > 60, "{}", banned.len());
    let texts = texts();
    assert!(texts.len() > 4000, "{}", texts.len());
    let mut wrong = Vec::new();
    for (place, text) in &texts {
        for rule in banned.iter().filter(|rule| rule.phrase.is_match(text)) {
            let is_allowed = rule
                .allowed
                .iter()
                .any(|context| text.contains(context) || place == context);
            if !is_allowed {
                wrong.push(format!(
                    "{place}: {text:?} has {}: {}",
                    rule.phrase, rule.better
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! Where a request comes from that is to be verified, replayed or shown: the store, or an exported file.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use super::Context;
use crate::catalog::Recogniser;
use crate::cli::ReadArgs;
use crate::exchange::{Lacking, ReadFile, Reader, Recorded};
use crate::exit::Failure;
use crate::http::{Destination, FetchLimits, fetch};
use crate::model::{IdKind, InvalidText, Reference, escape, quote};
use crate::payload::Document;
use crate::report::Note;
use crate::search::{Pattern, Query};
use crate::store::PageRequest;

/// How much is read of a URL, or of a file that a text names.
const READ_BYTES: usize = 64 << 20;
/// How long a URL may take.
const FETCHED_WITHIN: Duration = Duration::from_secs(30);

/// What a word on the command line means: the capture of that name, or the requests of that file.
pub async fn named(
    context: &Context,
    word: &str,
    reading: &ReadArgs,
) -> Result<Vec<Recorded>, Failure> {
    if word == "-" || is_url(word) || is_file(word) {
        return read(context, word, reading).await;
    }
    let reference: Reference = word.parse().map_err(|error: InvalidText| {
        // What has a dot or a slash was meant for a file.
        match word.contains(['.', '/']) {
            true => Failure::usage(format!("{}: no such file", quote(word))),
            false => Failure::usage(error).hint(format!(
                "to search for the text, use {}; to read a file, give its path",
                quote(&format!("text:{word}"))
            )),
        }
    })?;
    let store = context.needed_store()?;
    let id = store.find(IdKind::Capture, &reference).await?;
    Ok(vec![store.capture(id).await?.into()])
}

/// How many captures are read beside the one that was named.
const OTHERS: usize = 19;

/// The requests that words on the command line name. With one capture come the latest others that no provider claims
/// and that came to the same path: they are probably its sender's, too.
pub async fn of_one_sender(context: &Context, words: &[String]) -> Result<Vec<Recorded>, Failure> {
    let mut all = Vec::new();
    for word in words {
        all.extend(named(context, word, &ReadArgs::default()).await?);
    }
    if let ([one], Ok(Some(store))) = (all.as_slice(), context.store())
        && let Some(id) = one.id.clone()
    {
        let path = Pattern::new(one.request.target.clone());
        let unknown = Query::Provider(Pattern::new(String::new()));
        let page = PageRequest::newest(OTHERS + 1);
        let others = store
            .captures(&Query::Path(path).and(unknown), page)
            .await?;
        for row in others
            .rows
            .into_iter()
            .filter(|row| row.id.to_string() != id)
        {
            let other = Recorded::from(store.capture(row.id).await?);
            if Document::parse(&other.request.body).is_ok() && all.len() <= OTHERS {
                all.push(other);
            }
        }
    }
    Ok(all)
}

/// Looks like a path, and is one; ids have neither slash nor dot.
pub fn is_file(word: &str) -> bool {
    Path::new(word).is_file() && (word.contains(['/', '.']) || word.parse::<Reference>().is_err())
}

/// The requests of a file, of standard input for `-`, or of a URL, in any form that is known. A verdict that a file
/// claims was not found here: it counts as unchecked.
pub async fn read(
    context: &Context,
    source: &str,
    reading: &ReadArgs,
) -> Result<Vec<Recorded>, Failure> {
    let bytes = bytes_of(source).await?;
    let folder = Path::new(source)
        .parent()
        .filter(|_| Path::new(source).is_file())
        .unwrap_or(Path::new(""));
    let open = |name: &str| read_bounded(&folder.join(name));
    let variables = reading.variables().map_err(Failure::usage)?;
    // What a stranger's server says reads no file, whatever was allowed.
    let may_read = reading.allow_files && !is_url(source);
    let mut reader = Reader::new(&variables, may_read.then_some(&open as &ReadFile<'_>));
    let read = reader.read(&bytes);
    let lacking = reader.lacking();
    for notice in reader.notices {
        context.ui.note(Note::warning(format!(
            "{}: {}",
            shown(source),
            escape(&notice)
        )));
    }
    let mut all = read.map_err(|error| {
        let why = escape(&error.to_string());
        let failure = Failure::usage(format!("{}: {why}", shown(source)));
        match lacking {
            Some(Lacking::Files) => {
                failure.hint("add --allow-files to read the files that a request names")
            }
            Some(Lacking::Variable(name)) => {
                failure.hint(format!("add --var {}", quote(&format!("{name}=VALUE"))))
            }
            None => failure,
        }
    })?;
    let recogniser = Recogniser::new(context.catalog()?.all().0);
    for recorded in &mut all {
        recorded.verdict = None;
        recorded.reason = None;
        if recorded.provider.is_none() {
            recognise(&recogniser, recorded);
        }
    }
    Ok(all)
}

/// A form that does not say who a request is from leaves that to the request itself.
fn recognise(recogniser: &Recogniser, recorded: &mut Recorded) {
    let request = &recorded.request;
    let document = Document::parse(&request.body).ok();
    if let [provider] = recogniser
        .recognise(&request.headers, document.as_ref())
        .as_slice()
    {
        recorded.event = provider.event_of(&request.headers, document.as_ref());
        recorded.provider = Some(provider.name.clone());
    }
}

/// A document at an http or https URL.
pub fn is_url(word: &str) -> bool {
    let scheme = word.split("://").next().unwrap_or_default();
    word.contains("://")
        && ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
}

/// A source as messages name it: a URL without what may be a key in it.
fn shown(source: &str) -> String {
    match source.parse::<Destination>() {
        Ok(destination) if is_url(source) => {
            let text = destination.to_string();
            text.split('?').next().unwrap_or_default().to_owned()
        }
        _ => source.to_owned(),
    }
}

fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = READ_BYTES as u64;
    std::fs::File::open(path)?
        .take(most + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(std::io::Error::other(format!(
            "it is longer than {most} bytes"
        )));
    }
    Ok(bytes)
}

/// The bytes of a file, of standard input for `-`, or of the document at a URL.
pub async fn bytes_of(source: &str) -> Result<Vec<u8>, Failure> {
    if is_url(source) {
        let destination: Destination = source.parse().map_err(Failure::usage)?;
        let limits = FetchLimits {
            bytes: READ_BYTES,
            time: FETCHED_WITHIN,
        };
        return fetch(&destination, limits)
            .await
            .map_err(|why| Failure::usage(format!("{}: {why}", shown(source))));
    }
    if source == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::machine(format!("standard input: {error}")))?;
        return Ok(bytes);
    }
    std::fs::read(source).map_err(|error| Failure::machine(format!("{source}: {error}")))
}

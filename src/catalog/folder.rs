//! Where a provider's files come from: the binary itself, or a folder on this machine. Names are plain, so
//! that no path leads out of the folder, and sizes are bounded.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};

use super::error::CatalogError;
use crate::model::Trust;

const MAX_FILE_BYTES: u64 = 1024 * 1024;
const MAX_FILES: usize = 4096;
const MAX_PROVIDERS: usize = 1024;

/// One folder a provider; the names of the folders are the names of the providers.
pub(super) static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/catalog/providers");

/// A provider's folder.
#[derive(Clone, Debug)]
pub struct Folder {
    name: String,
    origin: Origin,
    /// The samples' file names without `.json` or `.form`: `event` or `event@variant`, sorted.
    /// Listed when they are first asked for: a start needs those of one provider.
    samples: OnceLock<Vec<String>>,
    /// The folder whose files stand behind this one's (`extends`).
    base: Option<Box<Folder>>,
    trust: Trust,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Embedded,
    Dir(PathBuf),
}

impl Folder {
    pub(super) fn embedded(dir: &'static Dir<'static>) -> Option<Self> {
        Some(Self {
            // Embedded paths are relative: that of a provider's folder is its name.
            name: dir.path().to_str()?.to_owned(),
            origin: Origin::Embedded,
            samples: OnceLock::new(),
            base: None,
            trust: Trust::Own,
        })
    }

    /// The names of the samples in the folder itself.
    fn list_samples(&self) -> Vec<String> {
        let names: Vec<String> = match &self.origin {
            Origin::Embedded => EMBEDDED
                .get_dir(Path::new(&self.name).join("samples"))
                .into_iter()
                .flat_map(Dir::files)
                .filter_map(|file| file.path().file_stem()?.to_str().map(str::to_owned))
                .collect(),
            Origin::Dir(dir) => std::fs::read_dir(dir.join("samples"))
                .into_iter()
                .flatten()
                .flatten()
                .take(MAX_FILES)
                .filter_map(|entry| {
                    let file = entry.file_name().to_string_lossy().into_owned();
                    let stem = file.strip_suffix(".json").or(file.strip_suffix(".form"));
                    stem.filter(|stem| is_plain(stem)).map(str::to_owned)
                })
                .collect(),
        };
        names
    }

    /// Every folder below `dir` that has a provider.toml, or `dir` itself where it has one.
    pub(super) fn all_in(dir: &Path, trust: Trust) -> Result<Vec<Self>, CatalogError> {
        let refused = |message: String| CatalogError {
            file: dir.display().to_string(),
            line: None,
            message,
            lacks_trust: false,
        };
        let root = dir
            .canonicalize()
            .map_err(|error| refused(format!("the provider folder cannot be opened: {error}")))?;
        if root.join("provider.toml").is_file() {
            return Ok(vec![Self::on_disk(&root, trust)?]);
        }
        let entries = std::fs::read_dir(&root)
            .map_err(|error| refused(format!("cannot be listed: {error}")))?;
        let mut folders = Vec::new();
        for entry in entries.flatten().take(MAX_PROVIDERS) {
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir && entry.path().join("provider.toml").is_file() {
                folders.push(Self::on_disk(&entry.path(), trust)?);
            }
        }
        if folders.is_empty() {
            return Err(refused(
                "contains no provider: expected a folder with a provider.toml".to_owned(),
            ));
        }
        Ok(folders)
    }

    fn on_disk(dir: &Path, trust: Trust) -> Result<Self, CatalogError> {
        let refused = |message: String| CatalogError {
            file: dir.display().to_string(),
            line: None,
            message,
            lacks_trust: false,
        };
        let name = dir
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if !is_plain(&name) {
            return Err(refused(
                "invalid folder name: use letters, digits, `.`, `-` and `_` for a provider's folder".to_owned(),
            ));
        }
        Ok(Self {
            name,
            origin: Origin::Dir(dir.to_owned()),
            samples: OnceLock::new(),
            base: None,
            trust,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far it is trusted.
    pub fn trust(&self) -> Trust {
        self.trust
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn with_base(mut self, base: Folder) -> Self {
        self.samples = OnceLock::new();
        self.base = Some(Box::new(base));
        self
    }

    /// `event` or `event@variant` of every sample, sorted; those of the base with them.
    pub(super) fn samples(&self) -> &[String] {
        self.samples.get_or_init(|| {
            let mut samples = self.list_samples();
            if let Some(base) = &self.base {
                samples.extend_from_slice(base.samples());
            }
            samples.sort();
            samples.dedup();
            samples
        })
    }

    /// An error about the folder's provider.toml as a whole.
    pub(super) fn error(&self, message: String) -> CatalogError {
        CatalogError {
            file: self.path_of("provider.toml"),
            line: None,
            message,
            lacks_trust: false,
        }
    }

    /// Something that only a folder that is trusted may have.
    pub(super) fn lacks_trust(&self, message: String) -> CatalogError {
        CatalogError {
            lacks_trust: true,
            ..self.error(message)
        }
    }

    /// A file's name for messages.
    pub(super) fn path_of(&self, file: &str) -> String {
        match &self.origin {
            Origin::Embedded => format!("{}/{file}", self.name),
            Origin::Dir(dir) => dir.join(file).display().to_string(),
        }
    }

    /// The text of a file of this folder, or of its base's where this one lacks it.
    pub(super) fn read(&self, file: &str) -> Result<Option<Cow<'static, str>>, CatalogError> {
        let refused = |message: String| CatalogError {
            file: self.path_of(file),
            line: None,
            message,
            lacks_trust: false,
        };
        if !file.split('/').all(is_plain) {
            return Err(refused(
                "invalid file name: use letters, digits, `.`, `-`, `_` and `@`".to_owned(),
            ));
        }
        let own = match &self.origin {
            Origin::Embedded => EMBEDDED
                .get_file(Path::new(&self.name).join(file))
                .map(|file| {
                    file.contents_utf8()
                        .map(Cow::Borrowed)
                        .ok_or("UTF-8 expected")
                }),
            Origin::Dir(dir) => read_inside(dir, file)
                .transpose()
                .map(|text| text.map(Cow::Owned)),
        };
        match own {
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(message)) => Err(refused(message.to_owned())),
            None => match &self.base {
                Some(base) if file != "provider.toml" => base.read(file),
                _ => Ok(None),
            },
        }
    }
}

/// Reads a file that must lie inside `dir`, links resolved.
fn read_inside(dir: &Path, file: &str) -> Result<Option<String>, &'static str> {
    let Ok(path) = dir.join(file).canonicalize() else {
        return Ok(None);
    };
    if !path.starts_with(dir) {
        return Err("is a link that leads outside the provider's folder");
    }
    let metadata = std::fs::metadata(&path).map_err(|_| "cannot be read")?;
    if !metadata.is_file() {
        return Err("is not a regular file");
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err("is larger than 1 MiB");
    }
    std::fs::read_to_string(&path)
        .map(Some)
        .map_err(|_| "cannot be read as UTF-8")
}

/// Letters, digits, `.`, `-`, `_`, `@`, and not dots alone.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().any(|byte| byte != b'.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte))
}

//! Exit codes, and how an error becomes one.

use crate::catalog::{BuildError, CatalogError, DraftError, LookupError};
use crate::compose::{ComposeError, SelectionError};
use crate::conformance::{BaselineError, ConformanceError};
use crate::dispatch::{DispatchError, LoadError, ResumeError};
use crate::emulator::EmulationError;
use crate::exchange::ExportError;
use crate::forward::PendingError;
use crate::model::{suggest, without_os_codes};
use crate::process::{ProcessError, TunnelError};
use crate::receiver::{BindError, LocalCaError};
use crate::report::Note;
use crate::roundtrip::RoundTripError;
use crate::signature::VerifyError;
use crate::store::StoreError;

/// What the process says at its end.
///
/// | code | means |
/// |---|---|
/// | 0 | done; verdict positive |
/// | 1 | done; verdict negative |
/// | 2 | usage or configuration error; nothing was sent |
/// | 3 | nothing answered |
/// | 4 | this machine: port, file, store |
/// | 130 | interrupted |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    Negative,
    Usage,
    NoResponse,
    Machine,
    Interrupted,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Negative => 1,
            Self::Usage => 2,
            Self::NoResponse => 3,
            Self::Machine => 4,
            Self::Interrupted => 130,
        }
    }

    /// One code for several outcomes: 4, else 1 if any answer was refused, else 3 if any got none.
    pub fn worst(all: impl IntoIterator<Item = Self>) -> Self {
        let rank = |exit: &Self| match exit {
            Self::Done => 0,
            Self::NoResponse => 1,
            Self::Negative => 2,
            Self::Usage => 3,
            Self::Machine => 4,
            Self::Interrupted => 5,
        };
        all.into_iter().max_by_key(rank).unwrap_or(Self::Done)
    }
}

/// A command that could not do its work.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// What happened, to what.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl Failure {
    pub fn usage(message: impl std::fmt::Display) -> Self {
        Self {
            exit: Exit::Usage,
            message: without_os_codes(&message.to_string()),
            hint: None,
        }
    }

    /// There was no response.
    pub fn no_answer(message: impl std::fmt::Display) -> Self {
        Self {
            exit: Exit::NoResponse,
            ..Self::machine(message)
        }
    }

    pub fn machine(message: impl std::fmt::Display) -> Self {
        Self {
            exit: Exit::Machine,
            message: without_os_codes(&message.to_string()),
            hint: None,
        }
    }

    pub fn hint(mut self, hint: impl std::fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// Of that thing, which is put in front of the message.
    #[must_use]
    pub fn of(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    pub fn notes(&self) -> Vec<Note> {
        let mut notes = vec![Note::error(self.message.as_str())];
        let of_file = if self.message.ends_with("No such file or directory") {
            Some("check the path")
        } else if self.message.ends_with("Permission denied") {
            Some("check who may read and write it")
        } else {
            None
        };
        notes.extend(self.hint.as_deref().or(of_file).map(Note::hint));
        notes
    }
}

impl From<EmulationError> for Failure {
    fn from(error: EmulationError) -> Self {
        match error {
            EmulationError::Lookup(error) => error.into(),
            EmulationError::Twice { .. } => {
                Self::usage(error.to_string()).hint("name each provider once")
            }
            EmulationError::NoManagement { .. } => Self::usage(error.to_string())
                .hint("hookcli providers NAME shows the routes of those that can be emulated"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        let exit = match error {
            StoreError::Empty(_) | StoreError::NotFound { .. } | StoreError::Ambiguous { .. } => {
                Exit::Usage
            }
            StoreError::Open { .. }
            | StoreError::Write(_)
            | StoreError::Read(_)
            | StoreError::Busy
            | StoreError::Full
            | StoreError::Key(_)
            | StoreError::NotEmpty(_)
            | StoreError::Taken(_) => Exit::Machine,
        };
        let hint = match error {
            StoreError::Open { advice, .. } => Some((*advice).to_owned()),
            StoreError::NotEmpty(_) => {
                Some("name an empty database or another file to copy to".to_owned())
            }
            StoreError::Write(_) => Some(
                "use another file with --store FILE, or store nothing with --no-store".to_owned(),
            ),
            StoreError::Empty(what) => Some(
                if *what == "capture" {
                    "run `hookcli listen` to receive requests"
                } else {
                    "run `hookcli send EVENT --url URL` to make one"
                }
                .to_owned(),
            ),
            StoreError::NotFound { what, .. } => Some(
                if *what == "capture" {
                    "run `hookcli captures list` to see what is stored"
                } else {
                    "run `hookcli deliveries list` to see what is stored"
                }
                .to_owned(),
            ),
            StoreError::Ambiguous { .. } => Some("type more characters of the id".to_owned()),
            StoreError::Key(_) => Some(
                "set HOOKCLI_STORE_KEY to the key that all nodes of this store have".to_owned(),
            ),
            StoreError::Busy => Some("try again when less is being written".to_owned()),
            _ => None,
        };
        Self {
            exit,
            message: without_os_codes(&error.to_string()),
            hint,
        }
    }
}

impl From<LookupError> for Failure {
    fn from(error: LookupError) -> Self {
        Self::from(&error)
    }
}

impl From<&LookupError> for Failure {
    fn from(error: &LookupError) -> Self {
        let hint = match error {
            LookupError::UnknownProvider { .. } => Some(
                "run `hookcli providers` to see them; one of your own needs --provider-dir DIR or HOOKCLI_PROVIDER_DIR",
            ),
            LookupError::UnknownEvent { .. } => Some("run `hookcli events` to see them"),
            LookupError::Ambiguous { .. } => Some(
                "add the provider (PROVIDER/EVENT), or set `provider` under [defaults] in hookcli.toml",
            ),
            LookupError::UnknownVariant { .. } => {
                Some("run `hookcli events PROVIDER/EVENT` to see what each variant is")
            }
            LookupError::Broken(_) => None,
        };
        Self {
            exit: Exit::Usage,
            message: error.to_string(),
            hint: hint.map(str::to_owned),
        }
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        let failure = Self::usage(&error);
        match error.lacks_trust {
            true => failure.hint("if you trust the folder, pass it with --provider-dir"),
            false => failure,
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::from(&error)
    }
}

impl From<&BuildError> for Failure {
    fn from(error: &BuildError) -> Self {
        match error {
            BuildError::NoSample(_) => Self::usage(error).hint("pass a payload with --data FILE"),
            BuildError::UnknownPlatform { provider, .. } => Self::usage(error).hint(format!(
                "run `hookcli providers {provider}` to see what each platform is"
            )),
            BuildError::NoForm(_) => {
                Self::usage(error).hint("leave out --form: this provider sends JSON only")
            }
            BuildError::Edit(_) => Self::usage(error).hint(
                "run `hookcli events PROVIDER/EVENT` to see the fields; give each path only once",
            ),
            error => Self::usage(error),
        }
    }
}

impl From<DraftError> for Failure {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotWritten { .. } | DraftError::NotRead(_) => Self::machine(error),
            DraftError::IsThere(_) => {
                Self::usage(error).hint("remove it, or use another folder with --dir")
            }
            DraftError::Name(_) | DraftError::NoJson => Self::usage(error),
        }
    }
}

impl From<ComposeError> for Failure {
    fn from(error: ComposeError) -> Self {
        Self::from(&error)
    }
}

impl From<&ComposeError> for Failure {
    fn from(error: &ComposeError) -> Self {
        const VOUCH: &str = "if you trust the URL, pass it with --url; if you trust the file, pass it with --config";
        let hint = match error {
            ComposeError::HttpsOnly { .. } => {
                "use the https URL, or add --allow-http to send anyway"
            }
            ComposeError::OtherPlatform { .. } => "add --any-platform to send it anyway",
            ComposeError::SecretToFoundPlace { .. } | ComposeError::SchemeAndPlaceFound { .. } => {
                VOUCH
            }
            ComposeError::NoSecret { provider, .. } => {
                let variable = crate::settings::variable_of(provider);
                return Self::usage(error).hint(format!(
                    "set {variable} or add --secret-env NAME; --unsigned sends without a signature"
                ));
            }
            ComposeError::Redacted { .. } => {
                "export it with --reveal, or add --resign to sign it with a secret"
            }
            ComposeError::Unverified { .. } => "add --resign-unverified to sign it anyway",
            ComposeError::AgainstSchema { .. } | ComposeError::UnknownPath(_) => {
                "leave out --strict to send it anyway"
            }
            ComposeError::Compression(_) => return Self::machine(error),
            _ => {
                return match error {
                    ComposeError::Lookup(error) => error.into(),
                    ComposeError::Build(error) => error.into(),
                    error => Self::usage(error),
                };
            }
        };
        Self::usage(error).hint(hint)
    }
}

impl From<SelectionError> for Failure {
    fn from(error: SelectionError) -> Self {
        match error {
            SelectionError::Lookup(error) => error.into(),
            SelectionError::NoneFits(_) => {
                Self::usage(error).hint("run `hookcli events` to see them")
            }
            SelectionError::OtherProvider { .. } => {
                Self::usage(error).hint("send it to another endpoint, or to a URL with --url")
            }
            SelectionError::Text(_) => Self::usage(error),
        }
    }
}

impl From<DispatchError> for Failure {
    fn from(error: DispatchError) -> Self {
        Self::from(&error)
    }
}

/// Whoever else hears of it keeps it.
impl From<&DispatchError> for Failure {
    fn from(error: &DispatchError) -> Self {
        match error {
            DispatchError::Compose(error) => error.into(),
            DispatchError::Store(error) => error.into(),
        }
    }
}

impl From<PendingError> for Failure {
    fn from(error: PendingError) -> Self {
        match error {
            PendingError::Store(error) => error.into(),
            error => Self::usage(error).hint("choose a destination with --url"),
        }
    }
}

impl From<RoundTripError> for Failure {
    fn from(error: RoundTripError) -> Self {
        match error {
            RoundTripError::Store(error) => error.into(),
            RoundTripError::Compose(error) => error.into(),
            RoundTripError::Dispatch(error) => error.into(),
            error => Self::machine(error),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let hint = match error {
            ExportError::OneForProgram => "name one capture by its id, or use last",
            ExportError::NotForHttpFile(_) => {
                "use --format http for the raw request, or --format curl for a command"
            }
        };
        Self::usage(error).hint(hint)
    }
}

/// What keeps a verification from starting is a mistake in what was given.
impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::NoUrl => Self::usage(error)
                .hint("pass the signed URL with --url, or the server's with --public-url"),
            error => Self::usage(error),
        }
    }
}

impl From<ResumeError> for Failure {
    fn from(error: ResumeError) -> Self {
        match error {
            ResumeError::Lookup(error) => error.into(),
            ResumeError::Compose(error) => error.into(),
            error => Self::usage(error).hint("use `hookcli send` to send a new event"),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Compose(error) => error.into(),
            LoadError::Dispatch(error) => error.into(),
            LoadError::Client(error) => Self::usage(error),
            LoadError::Io(_) | LoadError::Tally(_) | LoadError::WorkerStopped => {
                Self::machine(error)
            }
        }
    }
}

impl From<ProcessError> for Failure {
    fn from(error: ProcessError) -> Self {
        match error {
            ProcessError::NotStarted { .. } => {
                Self::usage(error).hint("check that the command is installed and on the PATH")
            }
            error => Self::usage(error),
        }
    }
}

impl From<TunnelError> for Failure {
    fn from(error: TunnelError) -> Self {
        match &error {
            TunnelError::NotStarted { tool, program, .. } => {
                let hint = format!("install {program}, which --tunnel {tool} runs");
                Self::usage(&error).hint(hint)
            }
            TunnelError::Ended { .. } | TunnelError::NoUrl { .. } => Self::no_answer(error),
        }
    }
}

impl From<LocalCaError> for Failure {
    fn from(error: LocalCaError) -> Self {
        match error {
            LocalCaError::KeyIsOpen(_) => {
                Self::usage(error).hint("remove ca.pem and ca.key beside it to create a new CA")
            }
            LocalCaError::Certificate(_) | LocalCaError::File { .. } => Self::machine(error),
        }
    }
}

impl From<BindError> for Failure {
    fn from(error: BindError) -> Self {
        let port = error.address.port();
        match error.source.kind() {
            std::io::ErrorKind::AddrInUse => {
                let other = port.wrapping_add(1).max(1024).to_string();
                let beside = [
                    "listen",
                    "--port",
                    &other,
                    "--forward-to",
                    &port.to_string(),
                ];
                Self::machine(format!("port {port} is already in use, perhaps by your own server")).hint(
                    format!(
                        "run `{}` to listen on another port and forward to it, or use --port 0 for any free port",
                        suggest(beside)
                    ),
                )
            }
            std::io::ErrorKind::PermissionDenied => {
                let source = error.source;
                Self::machine(format!("not allowed to listen on port {port}: {source}"))
                    .hint("use a port from 1024 upward, which needs no privileges")
            }
            _ => Self::machine(error),
        }
    }
}

impl From<ConformanceError> for Failure {
    fn from(error: ConformanceError) -> Self {
        let hint = match &error {
            ConformanceError::DoesNotListen { .. } => {
                "run the command on its own to see its output, or give it more time with --wait"
            }
            ConformanceError::NoProbe => "add a command after --, or use --probe-url URL",
            ConformanceError::ListensAlready { .. } => {
                "stop it first, because --restart starts the receiver itself"
            }
            ConformanceError::NoNumber { .. } => {
                "it must print the number of effects, for example a row count"
            }
            ConformanceError::Io(_) => return Self::machine(error),
            _ => {
                return match error {
                    ConformanceError::Compose(error) => error.into(),
                    error => Self::usage(error),
                };
            }
        };
        Self::usage(&error).hint(hint)
    }
}

impl From<BaselineError> for Failure {
    fn from(error: BaselineError) -> Self {
        match error {
            BaselineError::NotWritten { .. } => Self::machine(error),
            BaselineError::NotRead { .. } | BaselineError::TooLarge(_) => {
                Self::usage(error).hint("run with --write-baseline FILE to write one")
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::machine(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_outcomes_have_one_code() {
        assert_eq!(Exit::worst([]), Exit::Done);
        assert_eq!(
            Exit::worst([Exit::Done, Exit::NoResponse]),
            Exit::NoResponse
        );
        assert_eq!(
            Exit::worst([Exit::NoResponse, Exit::Negative]),
            Exit::Negative
        );
        assert_eq!(Exit::worst([Exit::Machine, Exit::Negative]), Exit::Machine);
    }
}

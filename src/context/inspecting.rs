//! The inspector with what the settings say: the secrets, the token of the store, and the browser.

use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::Context;
use super::certificates::acceptor_of_files;
use super::target::target;
use crate::catalog::Provider;
use crate::cli::{PageArgs, SchemeArgs};
use crate::emulator::Emulator;
use crate::exit::Failure;
use crate::http::Destination;
use crate::inspector::{
    AccessRules, DestinationFacts, InspectorOptions, LiveListener, SendTarget, Workbench, serve,
};
use crate::model::{REDACTED, Right, Secret, TimeSource, escape_markup};
use crate::receiver::{AccessToken, BindTo, Protocol, bind};
use crate::report::Note;
use crate::settings::{SecretFlags, StorePlace, variable_of};
use crate::store::{Store, WorkspaceTokens};

/// What runs in the same process.
#[derive(Default)]
pub struct Beside {
    pub live: Option<LiveListener>,
    pub emulator: Option<Arc<Emulator>>,
}

/// A page that can be served.
pub struct InspectorServer {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    options: InspectorOptions,
    /// Without the token.
    url: String,
}

impl InspectorServer {
    /// Listens for the page over a store.
    ///
    /// # Errors
    /// The port is taken, or there is no token.
    pub async fn bind(
        context: &Context,
        args: &PageArgs,
        flags: SecretFlags,
        public_url: Option<String>,
        beside: Beside,
        store: Arc<dyn Store>,
    ) -> Result<Self, Failure> {
        let place = context.settings.store.as_ref();
        let token = match place.and_then(StorePlace::file) {
            Some(store) => {
                let mut file = store.to_path_buf().into_os_string();
                file.push(".ui-token");
                AccessToken::of_file(&PathBuf::from(file), args.new_token)
            }
            None => AccessToken::new(),
        };
        let token = token.map_err(Failure::machine)?;
        let catalog = context.catalog()?.clone();
        check_place(args)?;
        let tls = match (&args.ui_cert, &args.ui_key) {
            (Some(certificate), Some(key)) => {
                Some(acceptor_of_files(certificate, key, &[Protocol::Http1])?)
            }
            _ => None,
        };
        let bound = bind(BindTo::Address(args.ui_bind), args.ui_port).await;
        let bound = bound.map_err(|error| {
            Failure::from(error)
                .hint("another inspector may be open there: use --ui-port 0 for any free port")
        })?;
        let listener = bound.into_iter().next();
        let listener =
            listener.ok_or_else(|| Failure::machine("there is no address to listen on"))?;
        let url = url_of(args, listener.local_addr()?);
        // An address is no name that someone else could point here.
        let own = (!args.ui_bind.is_unspecified()).then(|| args.ui_bind.to_string());
        let hosts = args.ui_host.iter().map(|name| name.to_ascii_lowercase());
        let is_beyond = !args.ui_bind.to_canonical().is_loopback() || args.behind_proxy;
        let workspace = WorkspaceTokens::of(&store).filter(|_| is_beyond);
        let options = InspectorOptions {
            store,
            tokens: context.token_names_of(&catalog),
            catalog,
            workbench: Box::new(SettingsWorkbench {
                context: context.clone(),
                flags,
                public_url,
            }),
            access: AccessRules {
                token,
                workspace,
                hosts: hosts.chain(own).collect(),
            },
            emulator: beside.emulator,
            live: beside.live,
            time: TimeSource::default(),
        };
        Ok(Self {
            listener,
            tls,
            options,
            url,
        })
    }

    /// The URL of the page with its token; where others read the output, without.
    pub fn shown_url(&self, context: &Context) -> String {
        let environment = &context.settings.environment;
        match environment.text("GITHUB_ACTIONS").as_deref() {
            Some("true") => format!("{}#token={REDACTED}", self.url),
            _ => self.full_url(),
        }
    }

    fn full_url(&self) -> String {
        format!("{}#token={}", self.url, self.options.access.token.expose())
    }

    /// Opens the page in the user's browser. The token is handed over in a file that no one else can read: others can
    /// see the arguments of a process.
    pub fn open(&self, context: &Context) -> Result<RedirectFile, Failure> {
        let failed = |error: std::io::Error| Failure::machine(format!("the browser: {error}"));
        let folder = tempfile::Builder::new()
            .prefix("hookcli-ui-")
            .permissions(std::fs::Permissions::from_mode(0o700))
            .tempdir()
            .map_err(failed)?;
        let file = folder.path().join("inspector.html");
        let url = escape_markup(&self.full_url());
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><title>hookcli</title><meta http-equiv=\"refresh\" content=\"0;url={url}\">\n"
        );
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .and_then(|mut opened| opened.write_all(page.as_bytes()))
            .map_err(failed)?;
        let browser = context.settings.environment.text("BROWSER");
        let usual = if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        let browser = browser.unwrap_or_else(|| usual.to_owned());
        let started = std::process::Command::new(&browser)
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if let Err(error) = started {
            context.ui.note(Note::warning(format!(
                "the browser `{browser}` could not be started ({error}): open the URL yourself, or set BROWSER"
            )));
        }
        Ok(RedirectFile { _folder: folder })
    }

    /// Serves the page beside something else.
    pub fn serve_beside(self) -> ServedPage {
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(self.serve(async {
            // A sender that is dropped means stop, too.
            let _ = stopped.await;
        }));
        ServedPage { _stop: stop }
    }

    /// Serves the page until `stop` resolves.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        serve(self.listener, self.tls, self.options, stop).await;
    }
}

/// Beyond this machine the token goes encrypted, and to a name that is known.
fn check_place(args: &PageArgs) -> Result<(), Failure> {
    let address = args.ui_bind;
    if !address.is_loopback() && args.ui_cert.is_none() && !args.behind_proxy {
        return Err(Failure::usage(format!(
            "on {address} the inspector would send its token and your requests unencrypted"
        ))
        .hint("add --ui-cert FILE and --ui-key FILE, or --behind-proxy if a proxy in front of it speaks TLS"));
    }
    if args.ui_host.is_empty() && (address.is_unspecified() || args.behind_proxy) {
        return Err(
            Failure::usage("the name under which others open the inspector is not known")
                .hint("add --ui-host NAME"),
        );
    }
    Ok(())
}

/// Where the page is opened.
fn url_of(args: &PageArgs, address: SocketAddr) -> String {
    let name = args.ui_host.first();
    match name {
        Some(name) if args.behind_proxy => format!("https://{name}/"),
        _ => {
            let scheme = match args.ui_cert {
                Some(_) => "https",
                None => "http",
            };
            let name = name.filter(|_| address.ip().is_unspecified());
            match name {
                Some(name) => format!("{scheme}://{name}:{}/", address.port()),
                None => format!("{scheme}://{address}/"),
            }
        }
    }
}

/// A page that is served beside something else, as long as this is there.
pub struct ServedPage {
    _stop: oneshot::Sender<()>,
}

/// The file that leads the browser to the page; it is removed with this.
pub struct RedirectFile {
    _folder: tempfile::TempDir,
}

/// The settings, as far as the inspector may use them.
struct SettingsWorkbench {
    context: Context,
    flags: SecretFlags,
    public_url: Option<String>,
}

impl Workbench for SettingsWorkbench {
    fn verifying_secrets(&self, provider: &Provider, endpoint: Option<&str>) -> Vec<Secret> {
        let settings = &self.context.settings;
        let endpoint = endpoint.and_then(|name| settings.endpoints.get(name));
        let secrets = settings.secrets(&self.flags, Some(provider), endpoint);
        // What cannot be read verifies nothing.
        secrets.unwrap_or_default()
    }

    fn secret_variable(&self, provider: &Provider) -> String {
        variable_of(&provider.name)
    }

    fn known_secrets(&self) -> Vec<(String, Secret)> {
        self.context.settings.known_secrets(&self.flags)
    }

    fn destinations(&self) -> Vec<DestinationFacts> {
        let endpoints = self.context.settings.endpoints.iter();
        let with_url = endpoints.filter_map(|(name, endpoint)| {
            Some(DestinationFacts {
                name: name.clone(),
                url: endpoint.url.clone()?,
                provider: endpoint.provider.clone(),
            })
        });
        with_url.collect()
    }

    fn target(&self, to: &str) -> Result<SendTarget, String> {
        let target = target(&self.context, None, Some(to), &SchemeArgs::default());
        let target = target.map_err(|failure| failure.message)?;
        let trusted = self.context.settings.endpoints.values();
        let mut trusted = trusted.filter(|endpoint| endpoint.trust.allows(Right::SignElsewhere));
        let host = target.destination.url().host_str().map(str::to_owned);
        let is_known = trusted.any(|endpoint| {
            let url = endpoint.url.as_deref().unwrap_or_default();
            let known = url.parse::<Destination>().ok();
            known.is_some_and(|known| known.url().host_str().map(str::to_owned) == host)
        });
        Ok(SendTarget {
            has_own_scheme: target
                .endpoint
                .is_some_and(|endpoint| endpoint.signature.is_some()),
            accepts_any_certificate: target.trusts_any_certificate(),
            keyring: Box::new(target.keyring(&self.context, self.flags.clone())),
            destination: target.destination,
            endpoint: target.endpoint_name,
            chosen_by_user: target.chosen_by_user,
            is_known,
            catalog: target.catalog,
        })
    }

    fn public_url(&self) -> Option<String> {
        self.public_url.clone()
    }
}

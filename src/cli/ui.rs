use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

use super::shared::SecretArgs;
use crate::model::{InvalidText, quote};

const DEFAULT_PORT: u16 = 4040;
pub(super) const DEFAULT_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// How the inspector is served.
#[derive(Debug, Args)]
pub struct UiArgs {
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
}

/// Where the page is, and who may open it.
#[derive(Debug, Args)]
pub struct PageArgs {
    /// The port of the inspector; 0 for any free one
    #[arg(long, value_name = "PORT", help_heading = "Inspector", default_value_t = DEFAULT_PORT, value_parser = super::shared::number::<u16>(0..))]
    pub ui_port: u16,
    /// Another name by which this machine is called, for example in a container; repeatable
    #[arg(long, value_name = "NAME", help_heading = "Inspector", value_parser = host_name)]
    pub ui_host: Vec<String>,
    /// The address of the inspector; others than this machine's loopback need --ui-cert
    /// or --behind-proxy
    #[arg(long, value_name = "ADDRESS", help_heading = "Remote inspector", default_value_t = DEFAULT_ADDRESS)]
    pub ui_bind: IpAddr,
    /// Serve the inspector with TLS and this certificate chain (PEM file)
    #[arg(
        long,
        value_name = "FILE",
        requires = "ui_key",
        help_heading = "Remote inspector"
    )]
    pub ui_cert: Option<PathBuf>,
    /// The private key of --ui-cert (PEM file)
    #[arg(
        long,
        value_name = "FILE",
        requires = "ui_cert",
        help_heading = "Remote inspector"
    )]
    pub ui_key: Option<PathBuf>,
    /// A proxy in front of the inspector speaks TLS and passes the Host header on
    #[arg(long, conflicts_with = "ui_cert", help_heading = "Remote inspector")]
    pub behind_proxy: bool,
    /// Open the inspector in the browser
    #[arg(long, help_heading = "Inspector")]
    pub open: bool,
    /// Make a new token: pages that are open have to be opened again
    #[arg(long, help_heading = "Inspector")]
    pub new_token: bool,
}

/// A name as a `Host` header has it, or an IPv4 address; without a port, which may be any.
pub(super) fn host_name(text: &str) -> Result<String, InvalidText> {
    let is_label = |label: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !label.is_empty() && label.bytes().all(is_part)
    };
    match text.len() <= 253 && text.split('.').all(is_label) {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "invalid host name {}: use a name alone, for example hooks.example.com",
            quote(text)
        )
        .into()),
    }
}

impl PageArgs {
    /// One of the flags that were given, if any.
    pub fn flag_given(&self) -> Option<&'static str> {
        let given = [
            (self.open, "--open"),
            (self.new_token, "--new-token"),
            (!self.ui_host.is_empty(), "--ui-host"),
            (self.ui_port != DEFAULT_PORT, "--ui-port"),
            (self.ui_bind != DEFAULT_ADDRESS, "--ui-bind"),
            (self.ui_cert.is_some(), "--ui-cert"),
            (self.behind_proxy, "--behind-proxy"),
        ];
        let found = given.into_iter().find(|(is_given, _)| *is_given);
        found.map(|(_, flag)| flag)
    }
}

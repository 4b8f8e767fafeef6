//! `--tunnel`: which tool makes a listener public.

use std::fmt;
use std::str::FromStr;

/// A tool that the user has installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TunnelFlag {
    Cloudflared,
    Ngrok,
    Ssh {
        /// `user@host`
        destination: String,
        host: String,
        port: Option<u16>,
    },
}

impl FromStr for TunnelFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "cloudflared" => return Ok(Self::Cloudflared),
            "ngrok" => return Ok(Self::Ngrok),
            _ => {}
        }
        let refused = || {
            format!("`{text}`: write cloudflared, ngrok or ssh:USER@HOST (or ssh:USER@HOST:PORT)")
        };
        let place = text.strip_prefix("ssh:").ok_or_else(refused)?;
        let (destination, port) = match place.rsplit_once(':') {
            Some((destination, port)) => (destination, Some(port.parse().map_err(|_| refused())?)),
            None => (place, None),
        };
        let host = destination
            .rsplit_once('@')
            .map_or(destination, |(_, host)| host);
        // What begins with a dash would be an option of ssh.
        let plain = |text: &str| {
            !text.is_empty()
                && !text.starts_with('-')
                && text.chars().all(|character| {
                    character.is_ascii_alphanumeric() || "-._@".contains(character)
                })
        };
        if !plain(host) || !plain(destination) {
            return Err(refused());
        }
        Ok(Self::Ssh {
            destination: destination.to_owned(),
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for TunnelFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cloudflared => f.write_str("cloudflared"),
            Self::Ngrok => f.write_str("ngrok"),
            Self::Ssh { destination, .. } => write!(f, "ssh:{destination}"),
        }
    }
}

//! A tool that the user has installed, which makes a local server reachable from the internet.

use std::fmt;
use std::process::Stdio;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc::{Sender, channel};

use super::{ProcessError, ProcessGroup};
use crate::model::{InvalidText, RemoteText, duration::short, escape};

/// How long a tool may take until it names the public URL.
const URL_TIME: Duration = Duration::from_secs(30);
/// Lines of its output that may wait to be read.
const LINES: usize = 64;

/// A tool that the user has installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TunnelTool {
    Cloudflared,
    Ngrok,
    Ssh {
        /// `user@host`
        destination: String,
        host: String,
        port: Option<u16>,
    },
}

impl FromStr for TunnelTool {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        match text {
            "cloudflared" => return Ok(Self::Cloudflared),
            "ngrok" => return Ok(Self::Ngrok),
            _ => {}
        }
        let refused = || {
            format!(
                "invalid tunnel `{text}`: use cloudflared, ngrok, ssh:USER@HOST or ssh:USER@HOST:PORT"
            )
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
            return Err(refused().into());
        }
        Ok(Self::Ssh {
            destination: destination.to_owned(),
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for TunnelTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cloudflared => f.write_str("cloudflared"),
            Self::Ngrok => f.write_str("ngrok"),
            Self::Ssh { destination, .. } => write!(f, "ssh:{destination}"),
        }
    }
}

/// Why a tunnel could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TunnelError {
    #[error("{source}")]
    NotStarted {
        tool: TunnelTool,
        program: &'static str,
        source: ProcessError,
    },
    #[error("{program} ended: {}", escape(.said.unescaped()))]
    Ended {
        program: &'static str,
        /// The last line of its output.
        said: RemoteText,
    },
    #[error(
        "{program} printed no public URL within {}: {}", short(URL_TIME), escape(.said.unescaped())
    )]
    NoUrl {
        program: &'static str,
        /// The last line of its output.
        said: RemoteText,
    },
}

/// A tunnel that is open.
pub struct Tunnel {
    pub url: String,
    running: ProcessGroup,
}

impl Tunnel {
    /// Starts the tool for a listener at `url` and waits for the public URL. The tool does not get the variables that
    /// are `withheld`: what signs is none of its business.
    pub async fn open<'w>(
        tool: &TunnelTool,
        url: &str,
        withheld: impl Iterator<Item = &'w str>,
    ) -> Result<Self, TunnelError> {
        let (program, arguments) = invocation(tool, url);
        let mut command = Command::new(program);
        command
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in withheld {
            command.env_remove(name);
        }
        let running = ProcessGroup::spawn(&mut command, program);
        let mut running = running.map_err(|source| TunnelError::NotStarted {
            tool: tool.clone(),
            program,
            source,
        })?;
        let (sender, mut lines) = channel(LINES);
        let (out, err) = running.output();
        tokio::spawn(read(out, sender.clone()));
        tokio::spawn(read(err, sender));
        let mut said = RemoteText::from("");
        let naming = async {
            while let Some(line) = lines.recv().await {
                if let Some(url) = public_url(tool, &line) {
                    return Some(url);
                }
                if !line.trim().is_empty() {
                    said = line.into();
                }
            }
            None
        };
        let named = tokio::time::timeout(URL_TIME, naming).await;
        let error = match named {
            Ok(Some(url)) => {
                // It is not to wait for a reader.
                tokio::spawn(async move { while lines.recv().await.is_some() {} });
                return Ok(Self { url, running });
            }
            Ok(None) => TunnelError::Ended { program, said },
            Err(_) => TunnelError::NoUrl { program, said },
        };
        running.stop().await;
        Err(error)
    }

    /// Resolves when the tool ends by itself.
    pub async fn end(&mut self) -> Result<(), ProcessError> {
        self.running.end().await
    }

    pub async fn close(self) {
        self.running.stop().await;
    }
}

/// The program and its arguments; no shell reads them.
fn invocation(tool: &TunnelTool, url: &str) -> (&'static str, Vec<String>) {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    match tool {
        TunnelTool::Cloudflared => (
            "cloudflared",
            words(&["tunnel", "--no-autoupdate", "--url", url]),
        ),
        TunnelTool::Ngrok => (
            "ngrok",
            words(&["http", url, "--log", "stdout", "--log-format", "json"]),
        ),
        TunnelTool::Ssh {
            destination, port, ..
        } => {
            let mut all = words(&[
                "-N",
                "-o",
                "ExitOnForwardFailure=yes",
                "-o",
                "BatchMode=yes",
            ]);
            if let Some(port) = port {
                all.extend(words(&["-p", &port.to_string()]));
            }
            all.extend(words(&["-R", &format!("0:{place}"), "--", destination]));
            ("ssh", all)
        }
    }
}

/// The public URL, where this line of the tool's output names it: cloudflared prints it in a box, ngrok in a
/// JSON line of its log, ssh says which port it was given.
fn public_url(tool: &TunnelTool, line: &str) -> Option<String> {
    match tool {
        TunnelTool::Cloudflared => line
            .split_whitespace()
            .find(|word| word.starts_with("https://") && word.contains(".trycloudflare.com"))
            .map(str::to_owned),
        TunnelTool::Ngrok => {
            let log: serde_json::Value = serde_json::from_str(line).ok()?;
            let url = log.get("url")?.as_str()?;
            url.starts_with("https://").then(|| url.to_owned())
        }
        TunnelTool::Ssh { host, .. } => {
            let port = line.strip_prefix("Allocated port ")?.split(' ').next()?;
            let port: u16 = port.parse().ok()?;
            Some(format!("http://{host}:{port}"))
        }
    }
}

async fn read(output: Option<impl AsyncRead + Unpin>, lines: Sender<String>) {
    let Some(output) = output else { return };
    let mut output = BufReader::new(output).lines();
    while let Ok(Some(line)) = output.next_line().await {
        if lines.send(line).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_names_its_public_url_in_its_own_way() {
        let named = |tool: &str, line: &str| public_url(&tool.parse().unwrap(), line);
        assert_eq!(
            named(
                "cloudflared",
                "2026-11-21T10:00:00Z INF |  https://quiet-moon.trycloudflare.com      |"
            )
            .as_deref(),
            Some("https://quiet-moon.trycloudflare.com")
        );
        assert_eq!(
            named(
                "ngrok",
                r#"{"addr":"http://localhost:1","lvl":"info","msg":"started tunnel","url":"https://a1.ngrok-free.app"}"#
            )
            .as_deref(),
            Some("https://a1.ngrok-free.app")
        );
        assert_eq!(
            named(
                "ssh:me@example.com",
                "Allocated port 43121 for remote forward to 127.0.0.1:1"
            )
            .as_deref(),
            Some("http://example.com:43121")
        );
        assert_eq!(
            named("cloudflared", "see https://developers.cloudflare.com"),
            None
        );
        assert_eq!(named("ngrok", "starting"), None);
    }

    #[test]
    fn a_host_that_would_be_an_option_is_refused() {
        for text in [
            "ssh:-oProxyCommand=x",
            "ssh:me@-x",
            "ssh:",
            "ssh:a b",
            "ssh:a:x",
            "frp",
            "",
        ] {
            assert!(text.parse::<TunnelTool>().is_err(), "{text}");
        }
        let ssh: TunnelTool = "ssh:me@127.0.0.1:2222".parse().unwrap();
        let (program, arguments) = invocation(&ssh, "http://127.0.0.1:3000");
        assert_eq!(program, "ssh");
        assert_eq!(
            arguments[5..],
            ["-p", "2222", "-R", "0:127.0.0.1:3000", "--", "me@127.0.0.1"]
        );
    }
}

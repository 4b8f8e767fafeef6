//! `listen --tunnel`: the user's own tool makes the listener known to the internet, as long as it runs.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc::{Sender, channel};

use crate::cli::TunnelFlag;
use crate::context::Context;
use crate::exit::Failure;
use crate::model::{RemoteText, duration::short};
use crate::process::{ProcessError, ProcessGroup};
use crate::settings::SecretFlags;

/// How long a tool may take until it names the public URL.
const URL_TIME: Duration = Duration::from_secs(30);
/// Lines of its output that may wait to be read.
const LINES: usize = 64;

/// A tunnel that is open.
pub struct Tunnel {
    pub url: String,
    running: ProcessGroup,
}

impl Tunnel {
    /// Starts the tool for a listener at `url` and waits for the public URL.
    pub async fn open(
        context: &Context,
        secrets: &SecretFlags,
        tool: &TunnelFlag,
        url: &str,
    ) -> Result<Self, Failure> {
        let (program, arguments) = invocation(tool, url);
        let mut command = Command::new(program);
        command
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // What signs is none of its business.
        for name in context.settings.secret_variables(secrets) {
            command.env_remove(name);
        }
        let mut running = ProcessGroup::spawn(&mut command, program).map_err(|failure| {
            Failure::from(failure).hint(format!("--tunnel {tool} needs {program} to be installed"))
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
        let failed = match named {
            Ok(Some(url)) => {
                // It is not to wait for a reader.
                tokio::spawn(async move { while lines.recv().await.is_some() {} });
                return Ok(Self { url, running });
            }
            Ok(None) => format!("{program} ended"),
            Err(_) => format!("{program} named no public URL within {}", short(URL_TIME)),
        };
        running.stop().await;
        let last = crate::model::escape(said.unescaped());
        Err(Failure::no_answer(format!("{failed}: {last}")))
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
fn invocation(tool: &TunnelFlag, url: &str) -> (&'static str, Vec<String>) {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    match tool {
        TunnelFlag::Cloudflared => (
            "cloudflared",
            words(&["tunnel", "--no-autoupdate", "--url", url]),
        ),
        TunnelFlag::Ngrok => (
            "ngrok",
            words(&["http", url, "--log", "stdout", "--log-format", "json"]),
        ),
        TunnelFlag::Ssh {
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
fn public_url(tool: &TunnelFlag, line: &str) -> Option<String> {
    match tool {
        TunnelFlag::Cloudflared => line
            .split_whitespace()
            .find(|word| word.starts_with("https://") && word.contains(".trycloudflare.com"))
            .map(str::to_owned),
        TunnelFlag::Ngrok => {
            let log: serde_json::Value = serde_json::from_str(line).ok()?;
            let url = log.get("url")?.as_str()?;
            url.starts_with("https://").then(|| url.to_owned())
        }
        TunnelFlag::Ssh { host, .. } => {
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
            assert!(text.parse::<TunnelFlag>().is_err(), "{text}");
        }
        let ssh: TunnelFlag = "ssh:me@127.0.0.1:2222".parse().unwrap();
        let (program, arguments) = invocation(&ssh, "http://127.0.0.1:3000");
        assert_eq!(program, "ssh");
        assert_eq!(
            arguments[5..],
            ["-p", "2222", "-R", "0:127.0.0.1:3000", "--", "me@127.0.0.1"]
        );
    }
}

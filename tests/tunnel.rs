//! `listen --tunnel`: the tool is started, asked for its URL, and ended with the listener.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Listener, Place, free_port};

/// A program of that name, found first.
fn stand_in(place: &Place, name: &str, script: &str) -> String {
    let folder = place.path("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let file = place.write(&format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

fn listen(place: &Place, path: &str, flags: &[&str]) -> Listener {
    let fixed = ["listen", "--port", "0", "--json"];
    let mut command = place.command(&[&fixed[..], flags].concat());
    command.env("PATH", path);
    Listener::start(command)
}

/// Whether a process lives, a zombie apart.
fn lives(pid: &str) -> bool {
    let known = Command::new("ps")
        .args(["-o", "stat=", "-p", pid.trim()])
        .output();
    known.is_ok_and(|known| {
        let state = String::from_utf8_lossy(&known.stdout).trim().to_owned();
        !state.is_empty() && !state.starts_with('Z')
    })
}

#[test]
fn a_tool_is_started_without_secrets_and_ended_with_the_listener() {
    for (tool, line) in [
        (
            "cloudflared",
            "2026-11-21T10:00:00Z INF |  https://quiet-moon.trycloudflare.com  | >&2",
        ),
        (
            "ngrok",
            r#"{"lvl":"info","msg":"started tunnel","url":"https://a1.ngrok-free.app"}"#,
        ),
    ] {
        let place = Place::new()
            .with("HOOKCLI_SECRET_CONVO", "s3cret")
            .with("HOOKCLI_VERIFY_TOKEN", "s3cret")
            .with("OWN", "s3cret");
        let (kept, pid) = (place.path("environment"), place.path("pid"));
        let path = stand_in(
            &place,
            tool,
            &format!(
                "echo $$ > '{}'; (env; echo \"$@\") > '{}'; echo starting; echo '{}'; exec sleep 600",
                pid.display(),
                kept.display(),
                line.trim_end_matches(" >&2"),
            ),
        );
        let listener = listen(&place, &path, &["--tunnel", tool, "--secret-env", "OWN"]);
        let url = listener.url.clone();
        let seen = std::fs::read_to_string(&kept).unwrap();
        assert!(
            !seen.contains("s3cret") && !seen.contains("HOOKCLI_SECRET"),
            "{tool}"
        );
        assert!(
            seen.contains(&url),
            "{tool} is told the listener's URL: {seen}"
        );
        assert_eq!(listener.post(&[], b"x"), 200);
        let (code, _, _) = listener.stop();
        assert_eq!(code, 0);
        let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
        let pid = std::fs::read_to_string(&pid).unwrap();
        while lives(&pid) {
            assert!(std::time::Instant::now() < until, "{tool} lives on");
        }
    }
}

#[test]
fn a_tool_that_is_missing_or_fails_says_so() {
    let place = Place::new();
    let run = |tool: &str, path: &str| {
        let mut command = place.command(&["listen", "--port", "0", "--tunnel", tool]);
        command.env("PATH", path).output().unwrap()
    };
    let missing = run("ngrok", "/nonexistent");
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&missing.stderr)
            .contains("install ngrok, which --tunnel ngrok runs")
    );
    let path = stand_in(&place, "cloudflared", "echo 'no \x1b[31maccount'; exit 1");
    let failed = run("cloudflared", &path);
    assert_eq!(failed.status.code(), Some(3));
    let told = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(
        told.contains("cloudflared ended") && !told.contains('\x1b'),
        "{told}"
    );
    let refused = place
        .run(&[
            "listen",
            "--port",
            "0",
            "--tunnel",
            "ngrok",
            "--forward-to",
            "3000",
        ])
        .expect(2);
    assert!(
        refused
            .stderr
            .contains("use --forward-to with a URL that has a path"),
        "{}",
        refused.stderr
    );
}

/// With a real sshd; `tests/all` installs one.
#[test]
fn an_ssh_server_makes_it_public() {
    if std::env::var_os("HOOKCLI_LONG_TESTS").is_none() {
        return;
    }
    let place = Place::new();
    let key = |name: &str| {
        let file = place.path(name);
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(&file)
            .status();
        assert!(made.unwrap().success());
        file
    };
    let (host, user) = (key("host"), key("user"));
    let port = free_port();
    let shown = |path: &Path| path.display().to_string();
    let config = place.write(
        "sshd_config",
        format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}.pub\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin prohibit-password\n",
            shown(&host),
            shown(&user)
        ),
    );
    let _ = std::fs::create_dir_all("/run/sshd");
    let mut server = Command::new("/usr/sbin/sshd")
        .args(["-D", "-e", "-f"])
        .arg(&config)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(std::time::Instant::now() < until, "sshd does not listen");
    }
    // The user's own configuration, which a test has none of.
    let client = place.write(
        "ssh_config",
        format!(
            "IdentityFile {}\nIdentitiesOnly yes\nStrictHostKeyChecking accept-new\nUserKnownHostsFile {}\n",
            shown(&user),
            shown(&place.path("known_hosts"))
        ),
    );
    let path = stand_in(
        &place,
        "ssh",
        &format!("exec /usr/bin/ssh -F '{}' \"$@\"", shown(&client)),
    );
    let name = Command::new("id").arg("-un").output().unwrap().stdout;
    let name = String::from_utf8(name).unwrap();
    let tool = format!("ssh:{}@127.0.0.1:{port}", name.trim());
    let mut listener = listen(&place, &path, &["--tunnel", &tool]);
    let public = listener.ready["public_url"].as_str().unwrap().to_owned();
    assert_ne!(public, listener.url);
    place
        .run(&["send", "gaife/message", "--url", &public])
        .expect(0);
    assert_eq!(listener.next()["event"], "message");
    let (code, ..) = listener.stop();
    assert_eq!(code, 0);
    let place = public.replace("http://", "");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while std::net::TcpStream::connect(&place).is_ok() {
        assert!(
            std::time::Instant::now() < until,
            "the tunnel is open still"
        );
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

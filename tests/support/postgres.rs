//! PostgreSQL servers of the tests' own, in a temporary folder and on a free port. They end with the tests.

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use super::{PATIENCE, free_port};

/// A server. It ends when its standard input does, and so with this process however that ends.
pub struct PostgresServer {
    port: u16,
    programs: PathBuf,
    child: Child,
}

/// What runs it: as an ordinary user, for PostgreSQL refuses root.
const SCRIPT: &str = r#"
as_user=
if [ "$(id -u)" = 0 ]; then as_user="setpriv --reuid=nobody --regid=nogroup --clear-groups"; fi
cd "$1"
start() {
    $as_user "$2/postgres" -D data -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$1" \
        -c max_connections=300 >> log 2>&1 < /dev/null &
}
stop() { kill -INT $!; wait $!; }
$as_user "$2/initdb" -D data -A trust -U hookcli --no-sync > log 2>&1
start "$@"
while read -r order; do
    case $order in stop) stop ;; start) start "$@" ;; esac
done
stop
cd /
rm -rf "$1"
"#;

impl PostgresServer {
    pub fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new()
            .prefix("hookcli-postgres")
            .tempdir()
            .unwrap()
            .keep();
        let everybody = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(&folder, everybody).unwrap();
        let port = free_port();
        let child = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(&folder)
            .arg(&programs)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            port,
            programs,
            child,
        }
    }

    /// Stops it, or starts it again.
    pub fn order(&mut self, order: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(format!("{order}\n").as_bytes()).unwrap();
    }

    fn run(&self, program: &str, words: &[&str]) -> Output {
        Command::new(self.programs.join(program))
            .args([
                "-h",
                "127.0.0.1",
                "-U",
                "hookcli",
                "-p",
                &self.port.to_string(),
            ])
            .args(words)
            .output()
            .unwrap()
    }

    /// A new, empty database, as a URL.
    pub fn database(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let until = Instant::now() + PATIENCE;
        loop {
            let made = self.run("createdb", &[&name]);
            if made.status.success() {
                return format!("postgres://hookcli@127.0.0.1:{}/{name}", self.port);
            }
            // It is being started.
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            assert!(Instant::now() < until, "{said}");
            std::thread::yield_now();
        }
    }

    /// What a statement comes to, as text.
    pub fn ask(&self, url: &str, sql: &str) -> String {
        let (_, name) = url.rsplit_once('/').unwrap();
        let asked = self.run("psql", &["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql, name]);
        let said = String::from_utf8_lossy(&asked.stderr).into_owned();
        assert!(asked.status.success(), "{said}");
        String::from_utf8(asked.stdout).unwrap().trim().to_owned()
    }

    /// The folder of its data, which is its user's.
    pub fn data(&self, url: &str) -> PathBuf {
        PathBuf::from(self.ask(url, "SHOW data_directory"))
    }

    /// Writes a file among its data that it alone may read.
    pub fn write(&self, url: &str, name: &str, content: &str) {
        let data = self.data(url);
        let path = data.join(name);
        std::fs::write(&path, content).unwrap();
        let owner = std::fs::metadata(&data).unwrap();
        std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
        let own = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, own).unwrap();
    }

    /// Everything that a database holds, as text.
    pub fn dump(&self, url: &str) -> String {
        let (_, name) = url.rsplit_once('/').unwrap();
        let dumped = self.run("pg_dump", &[name]);
        assert!(dumped.status.success());
        let text = String::from_utf8(dumped.stdout).unwrap();
        // These lines have a random word each time.
        let lines = text.lines().filter(|line| !line.contains("restrict "));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The script ends it.
impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Where PostgreSQL's programs are: Debian keeps each version in a folder of its own.
fn programs() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let folders = folders.flatten().map(|entry| entry.path().join("bin"));
    let newest = folders
        .filter(|folder| folder.join("initdb").is_file())
        .max();
    newest.unwrap_or_else(|| {
        let said = Command::new("pg_config").arg("--bindir").output();
        let said = said.expect("PostgreSQL is not there: apt-get install postgresql");
        PathBuf::from(String::from_utf8(said.stdout).unwrap().trim())
    })
}

/// The server that all tests of a process share.
pub fn server() -> &'static PostgresServer {
    static SERVER: OnceLock<PostgresServer> = OnceLock::new();
    SERVER.get_or_init(PostgresServer::start)
}

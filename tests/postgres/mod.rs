//! A PostgreSQL server of a test's own: Debian's, in a folder that is gone afterwards, reached by a socket
//! in that folder and by nothing else.
//!
//! PostgreSQL refuses to run as root; there it runs as the user that Debian made for it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server.
pub struct Postgres {
    folder: TempDir,
    server: Option<Child>,
}

impl Postgres {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("pendopo-postgres-").tempdir().unwrap();
        if is_root() {
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(folder.path())
                .status()
                .unwrap();
            assert!(owned.success());
        }
        let data = folder.path().join("data");
        // Speed instead of durability: what these tests kill is never the database.
        let made = program("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=pendopo",
                "--encoding=UTF8",
                "--no-locale",
            ])
            .arg("--pgdata")
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { folder, server: None };
        postgres.resume();
        postgres
    }

    /// Starts the server, or starts it again.
    pub fn resume(&mut self) {
        let socket = format!("unix_socket_directories={}", self.folder.path().display());
        let server = program("postgres")
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                &socket,
                "-c",
                "fsync=off",
                "-c",
                "max_connections=60",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.server = Some(server);
        let until = Instant::now() + Duration::from_secs(30);
        let ready = || {
            let ready = program("pg_isready")
                .arg("-q")
                .arg("-h")
                .arg(self.folder.path())
                .status();
            ready.unwrap().success()
        };
        while !ready() {
            assert!(Instant::now() < until, "PostgreSQL should answer by now");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops the server; whoever is connected is cut off.
    pub fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let stopped = program("pg_ctl")
            .args(["stop", "-s", "-w", "-m", "immediate", "-D"])
            .arg(self.folder.path().join("data"))
            .status();
        assert!(stopped.is_ok_and(|status| status.success()));
        server.wait().unwrap();
    }

    /// How to connect to an empty database of this name.
    pub fn database(&self, name: &str) -> String {
        let made = program("createdb")
            .args(["-U", "pendopo", "-h"])
            .arg(self.folder.path())
            .arg(name)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        format!("host={} user=pendopo dbname={name}", self.folder.path().display())
    }

    /// What a query answers, a row a line.
    pub fn ask(&self, database: &str, query: &str) -> String {
        let told = program("psql")
            .args(["-U", "pendopo", "-tA", "-d", database, "-c", query, "-h"])
            .arg(self.folder.path())
            .output()
            .unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        String::from_utf8(told.stdout).unwrap().trim_end().to_owned()
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.stop();
        }
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// One of PostgreSQL's programs, of the newest version that is there.
fn program(name: &str) -> Command {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL should be there: apt-get install postgresql")
        .map(|version| version.unwrap().path().join("bin").join(name))
        .filter(|program| program.exists())
        .collect();
    found.sort();
    let path = found.pop().expect("PostgreSQL's programs should be there");
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"])
        .arg(path);
    // It may not enter the folder that the tests run in.
    command.current_dir("/");
    command
}

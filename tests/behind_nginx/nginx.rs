//! Debian's nginx in a test's own folder, with what `pendopo edge nginx` writes.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running nginx.
pub struct Nginx {
    pub address: SocketAddr,
    process: Child,
}

/// An address that is free a moment before it is used.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Nginx {
    /// Starts one in `folder` with a site's configuration that listens at `address`.
    pub fn start(folder: &Path, address: SocketAddr, site: &str) -> Self {
        let own = folder.join("nginx");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("site.conf"), site).unwrap();
        let at = own.display();
        let id = Command::new("id").arg("-u").output().unwrap();
        // The folder is its owner's alone.
        let user = if id.stdout == b"0\n" { "user root;" } else { "" };
        let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {at}/{name};\n"))
            .collect();
        let main = format!(
            "daemon off;\n{user}\nworker_processes 1;\npid {at}/pid;\nerror_log {at}/error.log;\n\
             load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\n\
             events {{ worker_connections 1024; }}\nhttp {{\n{paths}access_log off;\ninclude {at}/site.conf;\n}}\n"
        );
        let file = own.join("nginx.conf");
        std::fs::write(&file, main).unwrap();
        let mut process = Command::new("/usr/sbin/nginx")
            .arg("-c")
            .arg(&file)
            .arg("-e")
            .arg(own.join("error.log"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx should be there: apt-get install nginx-light libnginx-mod-http-brotli-static");
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(address).is_err() {
            let ended = process.try_wait().unwrap();
            let said = || std::fs::read_to_string(own.join("error.log")).unwrap_or_default();
            assert!(ended.is_none() && Instant::now() < until, "{}", said());
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { address, process }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers go with it when it is asked, and not when it is killed.
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        if asked.is_ok() {
            let _ = self.process.wait();
        }
    }
}

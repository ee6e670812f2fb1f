//! `pendopo edge nginx`: the configuration of an nginx that stands before several `pendopo serve`, written
//! from the `edge.toml` that these have.
//!
//! nginx ends TLS, serves what never needs a decision (builds of the app, the published catalogue),
//! keeps the catalogues of open backends, and passes everything else on. Every decision is made behind it:
//! which paths pass, what is sent, what is told. What it must not do is answer for a system where it
//! knows nothing: if no program is there it says, in the words that phones know, that nobody can tell
//! what became of a request.
//!
//! All requests for one backend go to one program as long as that lives (`hash … consistent`), so
//! that what is counted there is counted once: tries of a login, requests at once, failures in a row. When it
//! dies the next one takes over. A request whose program died meanwhile is given to the next one too, changes
//! included: the ledger that they share knows that it may have been sent, and lets no second one go.
//!
//! What it does not do: install anything, or speak for a proxy of another make.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::backend::{Backends, OpenBackend};
use super::config::Config;
use super::guard;
use crate::adapters::http::{HEADER_BACKEND, HEADER_EDGE, HEADER_SENT, LEDGER_PATH};

/// Seconds beyond what a program may take, so that its own word comes first.
const MARGIN: u64 = 15;

/// Print an nginx configuration for several machines.
#[derive(Clone, Debug, clap::Args)]
pub struct NginxArgs {
    /// The settings that the programs behind it have.
    #[arg(long, value_name = "FILE", default_value = "edge.toml")]
    pub config: PathBuf,
    /// Where a program answers; once for each.
    #[arg(long = "server", value_name = "ADDRESS:PORT", required = true)]
    pub servers: Vec<SocketAddr>,
    /// The site's name.
    #[arg(long, value_name = "NAME", default_value = "_")]
    pub name: String,
    /// Where nginx answers, instead of port 443 with a certificate and port 80 without.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The site's certificate, in PEM, with those that vouch for it.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Folder of what nginx keeps of catalogues.
    #[arg(long, value_name = "DIR", default_value = "/var/cache/nginx/pendopo")]
    pub cache: PathBuf,
}

/// The configuration, to be included in nginx's `http` block.
#[must_use]
pub fn write(args: &NginxArgs, config: &Config, backends: &Backends) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = Site { args, config, backends }.write(&mut text);
    text
}

struct Site<'a> {
    args: &'a NginxArgs,
    config: &'a Config,
    backends: &'a Backends,
}

impl Site<'_> {
    fn write(&self, out: &mut String) -> fmt::Result {
        out.push_str(
            "# Written by `pendopo edge nginx`; write it anew when edge.toml changes. It belongs into nginx's\n\
             # http block (/etc/nginx/conf.d/). The programs behind it need this machine's address among their\n\
             # trusted_proxies, and one ledger in PostgreSQL. Debian: apt-get install nginx-light\n\
             # libnginx-mod-http-brotli-static\n\n",
        );
        self.pool(out)?;
        self.maps(out)?;
        out.push_str("server {\n");
        self.server(out)?;
        self.files(out)?;
        self.catalogues(out)?;
        out.push_str("    location / {\n        proxy_pass http://pendopo;\n    }\n\n");
        self.faults(out)?;
        out.push_str("}\n");
        if self.args.certificate.is_some() && self.args.listen.is_none() {
            let name = &self.args.name;
            write!(
                out,
                "\nserver {{\n    listen 80;\n    listen [::]:80;\n    server_name {name};\n    server_tokens off;\n    \
                 return 301 https://$host$request_uri;\n}}\n"
            )?;
        }
        Ok(())
    }

    fn pool(&self, out: &mut String) -> fmt::Result {
        out.push_str(
            "# All requests for one backend go to one program while it lives: what is counted there is counted once.\n\
             map $uri $pendopo_backend {\n    \"~^/[ri]/(?<backend>[^/]+/[^/]+)\" $backend;\n",
        );
        let header = variable(HEADER_BACKEND);
        writeln!(
            out,
            "    {LEDGER_PATH} {header};\n    default $binary_remote_addr;\n}}\n"
        )?;
        out.push_str("upstream pendopo {\n    hash $pendopo_backend consistent;\n");
        for server in &self.args.servers {
            writeln!(out, "    server {server} max_fails=1 fail_timeout=5s;")?;
        }
        out.push_str("    keepalive 64;\n}\n\n");
        let rates = &self.config.rates;
        let reads = rates.reads_per_minute.max(1);
        let changes = rates.changes_per_minute.max(1);
        write!(
            out,
            "map $request_method $pendopo_reader {{\n    GET $binary_remote_addr;\n    default \"\";\n}}\n\
             map $request_method $pendopo_changer {{\n    POST $binary_remote_addr;\n    PUT $binary_remote_addr;\n    \
             default \"\";\n}}\n\
             limit_conn_zone $binary_remote_addr zone=pendopo_connections:10m;\n\
             limit_req_zone $pendopo_reader zone=pendopo_reads:10m rate={reads}r/m;\n\
             limit_req_zone $pendopo_changer zone=pendopo_changes:10m rate={changes}r/m;\n\n",
        )
    }

    fn maps(&self, out: &mut String) -> fmt::Result {
        let cached = self.cached();
        let stale = cached.iter().filter_map(|backend| backend.keeping);
        let Some(longest) = stale.map(|keeping| keeping.stale + keeping.fresh).max() else {
            return Ok(());
        };
        let cache = quoted(&self.args.cache);
        let bytes = self.config.limits.cache_bytes.max(1 << 20);
        writeln!(
            out,
            "proxy_cache_path {cache} levels=1:2 keys_zone=pendopo:10m max_size={bytes} inactive={}s \
             use_temp_path=off;",
            longest.as_secs()
        )?;
        let forwarded: BTreeSet<&str> = cached
            .iter()
            .flat_map(|backend| &backend.forward)
            .map(axum::http::HeaderName::as_str)
            .filter(|name| *name != "authorization")
            .collect();
        let mut own = variable("authorization");
        for name in forwarded {
            own.push_str(&variable(name));
        }
        write!(
            out,
            "# What carries anything of a citizen's is neither kept nor answered from what is kept; nor is what a\n\
             # browser asks for otherwise than by fetch and for this site: the programs refuse it.\n\
             map \"{own}|$http_sec_fetch_dest|$http_sec_fetch_site\" $pendopo_own {{\n    \
             \"~^\\|(empty)?\\|(same-origin)?$\" \"\";\n    default 1;\n}}\n\
             # What a program itself gives although it is too old is not kept as if it were new.\n\
             map $upstream_http_cache_status $pendopo_stale {{\n    \"~ttl=-\" 1;\n    default \"\";\n}}\n\n"
        )
    }

    /// Open backends whose catalogue and forms are kept.
    fn cached(&self) -> Vec<&OpenBackend> {
        let open = self.backends.open.iter();
        open.filter(|backend| backend.keeping.is_some() && !backend.public.is_empty())
            .collect()
    }

    fn server(&self, out: &mut String) -> fmt::Result {
        let args = self.args;
        match (&args.certificate, &args.key) {
            (Some(certificate), Some(key)) => {
                match args.listen {
                    Some(address) => writeln!(out, "    listen {address} ssl;")?,
                    None => out.push_str("    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n"),
                }
                let (certificate, key) = (quoted(certificate), quoted(key));
                writeln!(
                    out,
                    "    ssl_certificate {certificate};\n    ssl_certificate_key {key};"
                )?;
                out.push_str(
                    "    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_session_cache shared:pendopo:10m;\n    \
                     ssl_session_tickets off;\n",
                );
            }
            _ => match args.listen {
                Some(address) => writeln!(out, "    listen {address};")?,
                None => out.push_str("    listen 80;\n    listen [::]:80;\n"),
            },
        }
        let limits = &self.config.limits;
        let patience = limits.patience().as_secs();
        let open = self.backends.open.iter().map(|backend| backend.max_request);
        let guarded = self.backends.guarded.iter().map(|backend| backend.max_request);
        let most = open.chain(guarded).max().unwrap_or(1 << 20);
        let open = self.backends.open.iter().map(|backend| backend.timeout);
        let guarded = self.backends.guarded.iter().map(|backend| backend.conversation);
        let longest = open.chain(guarded).max().unwrap_or_default().as_secs();
        // Whoever comes with the key of a change that is under way waits for it as long.
        let longest = longest.saturating_mul(2).saturating_add(MARGIN);
        let (name, connections) = (&args.name, limits.connections_per_address);
        let (reads, changes) = (self.config.rates.reads_per_minute, self.config.rates.changes_per_minute);
        write!(
            out,
            "    server_name {name};
    server_tokens off;
    # Paths go on as they came; what is harmless is decided behind.
    merge_slashes off;
    absolute_redirect off;
    client_header_timeout {patience}s;
    client_body_timeout {patience}s;
    send_timeout {patience}s;
    client_max_body_size {most};
    large_client_header_buffers 4 16k;
    limit_conn pendopo_connections {connections};
    limit_conn_status 429;
    limit_req zone=pendopo_reads burst={reads} nodelay;
    limit_req zone=pendopo_changes burst={changes} nodelay;
    limit_req_status 429;
    # Addresses and queries tell who asks for what.
    access_log off;

    proxy_http_version 1.1;
    proxy_set_header Connection \"\";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Forwarded \"\";
    proxy_connect_timeout 3s;
    proxy_send_timeout {patience}s;
    proxy_read_timeout {longest}s;
    # A change that came whole is sent, whether or not the phone is still there.
    proxy_ignore_client_abort on;
    # Changes too: each has a key, and the ledger lets no second one go.
    proxy_next_upstream error timeout non_idempotent;
    proxy_next_upstream_tries 2;

    error_page 404 403 418 = @pool;
    error_page 502 503 504 = @away;
    error_page 413 = @too_large;
    error_page 429 = @too_often;

",
        )
    }

    /// What never needs a decision.
    fn files(&self, out: &mut String) -> fmt::Result {
        let mut headers = String::new();
        for (name, value) in guard::headers_of_files() {
            writeln!(headers, "        add_header {name} \"{value}\";")?;
        }
        if self.args.certificate.is_some() {
            headers.push_str("        add_header Strict-Transport-Security \"max-age=31536000\";\n");
        }
        let (dist, catalogue) = (&self.config.dist, &self.config.catalogue);
        for (address, folder, keep) in [
            ("/b/", dist.join("b"), "public, max-age=31536000, immutable"),
            ("/katalog/", catalogue.clone(), "no-cache"),
        ] {
            let mut folder = absolute(&folder).into_os_string();
            folder.push("/");
            let folder = quoted(Path::new(&folder));
            let only = match address {
                "/katalog/" => "(?<!\\.json)$|",
                _ => "",
            };
            write!(
                out,
                "    location ^~ {address} {{
        alias {folder};
        try_files $uri @pool;
        disable_symlinks on;
        brotli_static on;
        types {{
{}        }}
        default_type application/octet-stream;
        charset off;
{headers}        add_header Cache-Control \"{keep}\";
        add_header Vary accept-encoding;
        # Names that are empty or begin with a dot do not exist, and compressed files are no files of their own.
        location ~ \"{only}//|/\\.|\\.br$\" {{
            return 418;
        }}
    }}

",
                types()
            )?;
        }
        Ok(())
    }

    /// What the programs keep of open backends, nginx keeps too.
    fn catalogues(&self, out: &mut String) -> fmt::Result {
        for backend in self.cached() {
            let Some(keeping) = backend.keeping else { continue };
            for route in &backend.public {
                let path: Vec<String> = route.path.split('*').map(escaped).collect();
                let path = path.join("[^/]+");
                let id = escaped(&backend.id.to_string());
                let fresh = keeping.fresh.as_secs().max(1);
                write!(
                    out,
                    "    location ~ \"^/r/{id}/{path}$\" {{
        proxy_pass http://pendopo;
        proxy_cache pendopo;
        proxy_cache_key \"$request_method|$request_uri|$http_accept|$http_accept_language\";
        proxy_cache_convert_head off;
        proxy_cache_valid 200 {fresh}s;
        proxy_ignore_headers Cache-Control Expires Vary Set-Cookie X-Accel-Expires;
        proxy_cache_use_stale error timeout updating http_429 http_500 http_502 http_503 http_504;
        proxy_cache_lock on;
        proxy_cache_bypass $pendopo_own;
        proxy_no_cache $pendopo_own $pendopo_stale;
    }}

"
                )?;
            }
        }
        Ok(())
    }

    /// What nginx itself says, in the words that phones know.
    fn faults(&self, out: &mut String) -> fmt::Result {
        out.push_str("    location @pool {\n        proxy_pass http://pendopo;\n    }\n");
        for (place, status, fault, sent, after) in [
            ("away", 502, "unreachable", "unknown", 5),
            ("too_large", 413, "too_large", "no", 0),
            ("too_often", 429, "rate_limited", "no", 5),
        ] {
            write!(
                out,
                "    location @{place} {{\n        internal;\n        default_type application/json;\n        \
                 add_header {HEADER_EDGE} {fault} always;\n        add_header {HEADER_SENT} {sent} always;\n        \
                 add_header Cache-Control no-store always;\n        add_header X-Content-Type-Options nosniff always;\n"
            )?;
            if after > 0 {
                writeln!(out, "        add_header Retry-After {after} always;")?;
            }
            writeln!(out, "        return {status} '{{\"fault\":\"{fault}\"}}';\n    }}")?;
        }
        Ok(())
    }
}

/// nginx's types, from ours.
fn types() -> String {
    let mut lines = String::new();
    for extension in ["html", "js", "mjs", "css", "txt"] {
        let _ = writeln!(lines, "            \"{}\" {extension};", super::files::media(extension));
    }
    for extension in [
        "wasm",
        "json",
        "webmanifest",
        "xml",
        "pdf",
        "svg",
        "png",
        "webp",
        "ico",
        "woff2",
    ] {
        let _ = writeln!(lines, "            {} {extension};", super::files::media(extension));
    }
    lines.push_str("            image/jpeg jpg jpeg;\n");
    lines
}

/// A header as nginx names its variable.
fn variable(header: &str) -> String {
    format!("$http_{}", header.to_ascii_lowercase().replace('-', "_"))
}

/// A text that a regular expression takes as it is, within double quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if !letter.is_ascii_alphanumeric() && !matches!(letter, '/' | '-' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A path within double quotes.
fn quoted(path: &Path) -> String {
    let text = absolute(path).display().to_string();
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$")
    )
}

/// nginx counts relative paths from a folder of its own.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_what_it_stands_in() {
        assert_eq!(escaped("a.b*c\"d$e/f-1"), "a\\.b\\*c\\\"d\\$e/f-1");
        assert_eq!(quoted(Path::new("/a \"b\"/$c")), "\"/a \\\"b\\\"/\\$c\"");
        assert_eq!(variable("X-Road-Client"), "$http_x_road_client");
    }
}

//! `pendopo edge systemd`: a unit for `pendopo serve`, which may do little else than serve.

use std::path::PathBuf;

/// Print a systemd unit for `pendopo serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct SystemdArgs {
    /// The program.
    #[arg(long, value_name = "FILE", default_value = "/usr/local/bin/pendopo")]
    pub program: PathBuf,
    /// Its settings.
    #[arg(long, value_name = "FILE", default_value = "/etc/pendopo/edge.toml")]
    pub config: PathBuf,
}

/// The unit. It may write in its own state folder and nowhere else, and stops only after what it
/// began is recorded.
#[must_use]
pub fn unit(args: &SystemdArgs) -> String {
    let (program, config) = (args.program.display(), args.config.display());
    format!(
        "# Written by `pendopo edge systemd`; /etc/systemd/system/pendopo.service
[Unit]
Description=Pendopo, a front door to the services of regions
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
ExecStart={program} serve --config {config}
ExecReload=/bin/kill -HUP $MAINPID
# Secrets and LEDGER_DATABASE, one NAME=value a line, readable by root alone.
EnvironmentFile=-/etc/pendopo/environment
DynamicUser=yes
StateDirectory=pendopo
WorkingDirectory=/var/lib/pendopo
Restart=on-failure
RestartSec=2
# What was begun is sent and recorded before it stops: the longest conversation, and a little.
TimeoutStopSec=180
LimitNOFILE=65536

AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077

[Install]
WantedBy=multi-user.target
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reloads_by_the_signal_that_the_program_hears_and_stops_after_its_longest_conversation() {
        let unit = unit(&SystemdArgs {
            program: "/opt/pendopo".into(),
            config: "/srv/edge.toml".into(),
        });
        for line in [
            "ExecStart=/opt/pendopo serve --config /srv/edge.toml",
            "ExecReload=/bin/kill -HUP $MAINPID",
            "TimeoutStopSec=180",
            "StateDirectory=pendopo",
        ] {
            assert!(unit.lines().any(|found| found == line), "{line}");
        }
    }
}

//! The program as an operator starts it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::phone::Ask;

fn pendopo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pendopo"));
    command.current_dir(folder).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn furnish(folder: &Path, more: &str) {
    std::fs::create_dir(folder.join("dist")).unwrap();
    std::fs::write(folder.join("dist/index.html"), "app").unwrap();
    let least =
        "listen = '127.0.0.1:0'\ndist = 'dist'\nregions = 'regions'\ncatalogue = 'catalogue'\nledger = 'ledger'\n";
    std::fs::write(folder.join("edge.toml"), format!("{least}{more}")).unwrap();
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    line
}

#[tokio::test]
async fn it_prints_its_address_serves_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    // A backend that cannot be opened does not keep the rest from being served.
    furnish(folder.path(), "[upstreams.'32.73/lapor']\nurl = 'http://127.0.0.1:1'\n");
    let mut child = pendopo(folder.path(), &["serve", "--config", "edge.toml"])
        .spawn()
        .unwrap();
    let line = first_line(&mut child);
    let address = line.trim().strip_prefix("http://").unwrap().parse().unwrap();
    assert_eq!(Ask::get("/healthz").of(address).await.text(), "ok");

    // The ledger has an owner.
    let second = pendopo(folder.path(), &["serve"]).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        !second.status.success() && said.contains("ledger: the ledger: it is in use"),
        "{said}"
    );

    let stopped = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stopped.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("32.73/lapor is not open: regions/32.73.json: "), "{said}");
}

#[test]
fn a_mistake_in_its_settings_is_named_by_file_and_key() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "[upstreams.'32.73/lapor']\nurl = 'lapor.go.id'\n");
    for (arguments, expected) in [
        (
            &["serve"][..],
            "pendopo: edge.toml: upstreams.\"32.73/lapor\".url: expected an address",
        ),
        (
            &["serve", "--config", "none.toml"],
            "pendopo: none.toml: cannot be read: ",
        ),
        (&["serve", "--listen", "here"], "invalid value 'here' for '--listen"),
    ] {
        let output = pendopo(folder.path(), arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(expected), "{said}");
    }
}

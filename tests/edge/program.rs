//! The program as an operator starts it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

pub fn pendopo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pendopo"));
    command.current_dir(folder).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn furnish(folder: &Path, more: &str) {
    std::fs::create_dir(folder.join("dist")).unwrap();
    std::fs::write(folder.join("dist/index.html"), "app").unwrap();
    let least =
        "listen = '127.0.0.1:0'\ndist = 'dist'\nregions = 'regions'\ncatalogue = 'catalogue'\nledger = 'ledger'\n";
    std::fs::write(folder.join("edge.toml"), format!("{least}{more}")).unwrap();
}

pub fn first_line(child: &mut Child) -> String {
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

const REGION: &str = r#"{"format":1,"code":"32.73","name":"Kota Bandung","backends":[
    {"id":"lapor","name":"Lapor","office":"Dinas","adapter":"open311","profile":{"format":"json"}}]}"#;

/// What the program says on its standard error, line by line.
fn lines(child: &mut Child) -> std::sync::mpsc::Receiver<String> {
    let (told, lines) = std::sync::mpsc::channel();
    let errors = BufReader::new(child.stderr.take().unwrap());
    std::thread::spawn(move || {
        for line in errors.lines().map_while(Result::ok) {
            let _ = told.send(line);
        }
    });
    lines
}

/// Tells the program to read its settings again, and waits until it has said that.
fn read_again(child: &Child, lines: &std::sync::mpsc::Receiver<String>, expected: &str) {
    let told = Command::new("kill")
        .args(["-HUP", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    loop {
        let line = lines.recv_timeout(std::time::Duration::from_secs(20)).expect(expected);
        if line.contains("the settings") {
            assert!(line.contains(expected), "{line}");
            return;
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn settings_are_read_again_when_it_is_told_to_and_a_mistake_changes_nothing() {
    let (one, two) = (
        Upstream::that(Act::created("one")).await,
        Upstream::that(Act::created("two")).await,
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("regions")).unwrap();
    std::fs::write(folder.path().join("regions/32.73.json"), REGION).unwrap();
    let upstream = |url: &str| format!("[upstreams.'32.73/lapor']\nurl = '{url}'\n");
    furnish(folder.path(), &upstream(&one.url()));
    let put = |more: &str| {
        let file = folder.path().join("edge.toml");
        let least = "dist = 'dist'\nregions = 'regions'\ncatalogue = 'catalogue'\n";
        std::fs::write(file, format!("{least}{more}")).unwrap();
    };
    let usual = "listen = '127.0.0.1:0'\nledger = 'ledger'\n";
    let mut child = pendopo(folder.path(), &["serve"]).spawn().unwrap();
    let (line, lines) = (first_line(&mut child), lines(&mut child));
    let address = line.trim().strip_prefix("http://").unwrap().parse().unwrap();
    let told = async || {
        let told = Ask::get("/r/32.73/lapor/services.json").of(address).await;
        told.text().to_owned()
    };
    assert_eq!(told().await, "one");
    let change = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1");
    assert_eq!(change.of(address).await.text(), "one");

    let region = folder.path().join("regions/32.73.json");
    for (more, region_file, mistake) in [
        ("x =".to_owned(), REGION, "edge.toml: line 4: "),
        (
            format!("{usual}{}timeout = 1", upstream(&two.url())),
            REGION,
            "upstreams.\"32.73/lapor\".timeout: unknown field",
        ),
        (
            format!("{usual}{}", upstream("lapor.go.id")),
            REGION,
            "upstreams.\"32.73/lapor\".url: expected an address",
        ),
        (
            format!("{usual}{}", upstream(&two.url())),
            "{}",
            "edge.toml: 32.73/lapor is not open: regions/32.73.json: ",
        ),
        (
            format!("listen = '127.0.0.1:1'\nledger = 'ledger'\n{}", upstream(&two.url())),
            REGION,
            "edge.toml: listen: expected what it was when the program started",
        ),
        (
            format!("listen = '127.0.0.1:0'\nledger = 'other'\n{}", upstream(&two.url())),
            REGION,
            "edge.toml: ledger: expected what it was",
        ),
    ] {
        put(&more);
        std::fs::write(&region, region_file).unwrap();
        read_again(&child, &lines, mistake);
        assert_eq!(told().await, "one", "{mistake}");
    }

    std::fs::write(&region, REGION).unwrap();
    put(&format!("{usual}{}", upstream(&two.url())));
    read_again(&child, &lines, "were read again");
    assert_eq!(told().await, "two");
    // The ledger goes on: what was answered by the old settings is answered as it was.
    assert_eq!(change.of(address).await.text(), "one");
    put(usual);
    read_again(&child, &lines, "were read again");
    assert_eq!(
        Ask::get("/r/32.73/lapor/services.json").of(address).await.fault(),
        (404, "not_allowed", "no")
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_ledger_in_postgresql_needs_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "");
    let file = folder.path().join("edge.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("ledger = 'ledger'", "ledger = { postgres_env = 'NO_SUCH_VARIABLE' }"),
    )
    .unwrap();
    let output = pendopo(folder.path(), &["serve"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let expected = "edge.toml: ledger.postgres_env: expected the variable NO_SUCH_VARIABLE";
    assert!(!output.status.success() && said.contains(expected), "{said}");
}

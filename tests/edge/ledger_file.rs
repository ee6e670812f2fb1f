//! What lies on the disk reveals nothing, and is known after a crash.

use pendopo::cli::edge::Edge;
use tokio::net::TcpListener;

use crate::house::{House, lapor, settings};
use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

#[tokio::test]
async fn the_ledgers_file_shows_neither_key_nor_request_nor_answer() {
    let headers = "Content-Type: text/x-penanda-a\r\n";
    let upstream = Upstream::that(Act::answer("201 Created", headers, "penanda-b")).await;
    let mut house = House::before(upstream.url()).await;
    let address = house.address;
    let ask = Ask::post("/r/32.73/lapor/requests.json?penanda-c", "penanda-d", "nik=penanda-e");
    assert_eq!(ask.of(address).await.text(), "penanda-b");
    let read = |house: &House| {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(house.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            bytes.push((path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap()));
        }
        bytes
    };
    let while_open = read(&house);
    house.stop();
    // The log is written back into the file when it is closed.
    let folder = house.ended().await;
    let house = House::in_folder(folder, Vec::new(), |_| {}).await;
    let files = [while_open, read(&house)].concat();
    assert!(
        files
            .iter()
            .any(|(_, bytes)| bytes.windows(7).any(|seven| seven == b"pending"))
    );
    for (name, bytes) in files {
        for marker in ["penanda", "lapor", "nik=", "requests.json", "201"] {
            let found = bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
            assert!(!found, "{marker} in {name:?}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_ledgers_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::before("http://127.0.0.1:1").await;
    for entry in std::fs::read_dir(house.folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[test]
fn what_was_under_way_when_the_program_died_is_unknown_afterwards() {
    let ours = tokio::runtime::Runtime::new().unwrap();
    let mut upstream = ours.block_on(Upstream::scripted(|number| match number {
        0 => Act::Hang,
        _ => Act::created("[1]"),
    }));
    let folder = tempfile::tempdir().unwrap();
    let ask = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1");

    let program = tokio::runtime::Runtime::new().unwrap();
    let settings = settings(&folder);
    let backend = lapor(upstream.url());
    let address = program.block_on(async {
        let edge = Edge::new(settings, vec![backend]).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { edge.serve(listener, std::future::pending()).await });
        address
    });
    ours.block_on(async {
        ask.and_hang_up(address).await;
        upstream.next().await;
    });
    // Drops every task where it stands.
    drop(program);

    ours.block_on(async {
        let house = House::in_folder(folder, vec![lapor(upstream.url())], |_| {}).await;
        let known = Ask::ledger("key-1").of(house.address).await;
        assert_eq!((known.status, known.header("pendopo-ledger")), (409, "unknown"));
        assert_eq!(ask.of(house.address).await.fault(), (409, "unknown", "unknown"));
        assert_eq!(upstream.more(), 0);
        let again = ask.header("pendopo-resend", "1").of(house.address).await;
        assert_eq!((again.status, again.text()), (201, "[1]"));
    });
}

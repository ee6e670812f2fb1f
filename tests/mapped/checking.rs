//! `pendopo check`, over a file and over live systems.

use std::path::{Path, PathBuf};

use pendopo::cli::check::report::{Report, Weight};
use pendopo::cli::check::{CheckArgs, run};
use pendopo::cli::edge::transport::Transport;

use crate::office::{Php, shipped};

fn args(target: &str) -> CheckArgs {
    CheckArgs {
        target: Some(target.to_owned()),
        adapter: "mapped".to_owned(),
        ..CheckArgs::default()
    }
}

fn lines(report: &Report, weight: Weight) -> Vec<String> {
    let findings = report.checked.iter().flat_map(|checked| &checked.findings);
    findings
        .filter(|finding| finding.weight == weight)
        .map(|finding| format!("{} {}", finding.about, finding.what))
        .collect()
}

#[tokio::test]
async fn a_profiles_mistake_is_named_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tiket.json");
    let text = shipped("jabar-aduan.json").replace("\"{answers.judul}\"", "\"{answer.judul}\"");
    let line = text.lines().position(|line| line.contains("{answer.judul}")).unwrap() + 1;
    std::fs::write(&file, text).unwrap();
    let report = run(&args(&file.display().to_string()), &Transport::new())
        .await
        .unwrap();
    let wrong = lines(&report, Weight::Wrong);
    let expected =
        format!("profile line {line}: /intents/submit/request/body/title: expected a gap such as {{answers.nik}}");
    assert!(wrong[0].starts_with(&expected), "{wrong:?}");
    assert!(report.json().contains("\"weight\": \"wrong\""), "{}", report.json());

    std::fs::write(&file, shipped("jabar-aduan.json")).unwrap();
    let report = run(&args(&file.display().to_string()), &Transport::new())
        .await
        .unwrap();
    assert_eq!(lines(&report, Weight::Wrong), [""; 0]);
    let notes = lines(&report, Weight::Notice);
    assert!(notes.contains(&"citizen cannot add a file".to_owned()), "{notes:?}");

    std::fs::write(&file, "{\n\"a\": }").unwrap();
    let report = run(&args(&file.display().to_string()), &Transport::new())
        .await
        .unwrap();
    assert!(
        lines(&report, Weight::Wrong)[0].starts_with("profile line 2: expected JSON"),
        "{report}"
    );
    assert!(run(&args("none.json"), &Transport::new()).await.is_err());
}

/// The settings of `tests/foreign` for a server elsewhere.
fn settings(folder: &Path, url: &str) -> PathBuf {
    let foreign = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign");
    let text = std::fs::read_to_string(foreign.join("edge.toml")).unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let text = text
        .replace("http://127.0.0.1:8321", url)
        .replace("../../profiles", &format!("{root}/profiles"))
        .replace("\"regions\"", &format!("\"{}/regions\"", foreign.display()));
    let file = folder.join("edge.toml");
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_system_is_looked_at_and_a_test_application_followed() {
    let php = Php::start("soap.php").await;
    let folder = tempfile::tempdir().unwrap();
    let args = CheckArgs {
        config: settings(folder.path(), &php.url),
        submit: true,
        ..args("34.71/aduan")
    };
    let report = run(&args, &Transport::new()).await.unwrap();
    let good = lines(&report, Weight::Good);
    assert_eq!(lines(&report, Weight::Wrong), [""; 0], "{report}");
    assert!(good.contains(&"catalogue 2 services".to_owned()), "{report}");
    assert!(
        good.iter().any(|line| line.starts_with("submit taken in as ADU/")),
        "{report}"
    );
    assert!(
        good.contains(&"track \"1\" is told as submitted".to_owned()),
        "{report}"
    );
    let held = php.cases().await;
    assert!(
        held["cases"][0]["uraian"]
            .as_str()
            .unwrap()
            .starts_with("Uji coba Pendopo"),
        "{held}"
    );

    drop(php);
    let down = CheckArgs { submit: false, ..args };
    let report = run(&down, &Transport::new()).await.unwrap();
    assert!(
        lines(&report, Weight::Wrong)
            .iter()
            .any(|line| line.starts_with("reach unreachable")),
        "{report}"
    );
}

//! Whole jobs at servers that know nothing of Pendopo.

use pendopo::adapters::{Intent, Listed, Outcome, Reconciled};
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::status::{Outcome as Ended, Phase};
use pendopo::model::text::Lang;
use pendopo::model::time::Timestamp;

use crate::office::*;

fn codes(result: Result<Outcome, Problem>) -> Vec<(String, String)> {
    let Ok(Outcome::Catalogue(listed)) = result else {
        panic!("{result:?}");
    };
    let pair = |listed: &Listed| {
        let service = &listed.service;
        (service.code.to_string(), service.name.get(Lang::Id).to_owned())
    };
    listed.iter().map(pair).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(code, name): &(&str, &str)| ((*code).to_owned(), (*name).to_owned());
    expected.iter().map(own).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn phps_own_soap_server_is_joined_by_a_profile_alone() {
    let php = Php::start("soap.php").await;
    let profile = shipped("soap-rpc.json");
    let catalogue = natively(&php.url, &profile, Intent::Catalogue).await;
    assert!(format!("{catalogue:?}").contains("Café & Résidence"), "{catalogue:?}");
    let expected = pairs(&[("JLN", "Jalan dan jembatan"), ("AIR", "Air bersih")]);
    assert_eq!(codes(catalogue), expected);

    let house = edge(&php.url, &profile).await;
    let answers = |nik: &'static str| {
        submission(
            "JLN",
            &[
                ("nik", nik),
                ("nama", "André “Dede” Wijaya"),
                ("uraian", "Lubang <1 m & dalam"),
                ("tanggal", "2026-11-03"),
            ],
        )
    };
    let (refused, _) = say(house.address, Intent::Submit(answers("123")), &[]).await;
    let problem = refused.expect_err("a NIK of three digits");
    assert_eq!(problem.sent, Sent::Yes);
    let Fault::Rejected { fields, message } = problem.fault else {
        panic!("{problem:?}");
    };
    assert_eq!((fields[0].field.as_str(), fields.len()), ("nik", 1));
    assert_eq!(message, "NIK harus 16 angka");
    assert_eq!(php.cases().await["cases"].as_array().unwrap().len(), 0);

    let (submitted, facts) = say(house.address, Intent::Submit(answers(NIK)), &[]).await;
    let number = reference(&submitted);
    assert!(number.starts_with("ADU/"), "{number}");
    let held = &php.cases().await["cases"][0];
    // Letters that ISO-8859-1 has not are references, which the server reads as the letters.
    assert_eq!(held["nama"], "André “Dede” Wijaya");
    assert_eq!(
        (&held["uraian"], &held["tanggal"]),
        (&"Lubang <1 m & dalam".into(), &"03-11-2026".into())
    );
    let (again, _) = say(house.address, Intent::Submit(answers(NIK)), &[]).await;
    assert_eq!(reference(&again), number, "the ledger answers");
    assert_eq!(php.cases().await["cases"].as_array().unwrap().len(), 1);

    let own = case(say(house.address, track(&number, None), &facts).await.0);
    assert_eq!(
        (own.status.phase, own.status.label.as_str()),
        (Phase::Submitted, "Diterima")
    );
    assert!(own.received.is_some());
    php.move_on(&number, "2", "Regu berangkat").await;
    php.move_on(&number, "3", "").await;
    let own = case(say(house.address, track(&number, None), &facts).await.0);
    assert_eq!((own.status.phase, own.status.outcome), (Phase::Closed, Ended::Resolved));
    let steps: Vec<(Option<Phase>, &str)> = own
        .timeline
        .iter()
        .map(|step| (step.status.as_ref().map(|status| status.phase), step.remark.as_str()))
        .collect();
    let expected = [
        (Some(Phase::Submitted), ""),
        (Some(Phase::InProgress), "Regu berangkat"),
        (Some(Phase::Closed), ""),
    ];
    assert_eq!(steps, expected);

    let stranger = say(house.address, track(&number, Some("3404 0141 0290 0007")), &[])
        .await
        .0;
    assert_eq!(case(stranger).status.phase, Phase::Closed);
    for (number, nik) in [(number.as_str(), OTHER), ("ADU/2026/9999", NIK)] {
        let problem = say(house.address, track(number, Some(nik)), &[]).await.0.unwrap_err();
        assert_eq!(problem, Problem::unsent(Fault::NotFound), "{number} {nik}");
    }

    let reconcile = |id: &str| {
        let mut submission = answers(NIK);
        submission.id = id.parse().unwrap();
        Intent::Reconcile {
            submission,
            since: Timestamp(0),
        }
    };
    let known = say(house.address, reconcile(APPLICATION), &[]).await.0;
    assert!(
        matches!(known, Ok(Outcome::Reconciled(Reconciled::Arrived(_)))),
        "{known:?}"
    );
    let unknown = say(house.address, reconcile("00000000-0000-4000-8000-000000000001"), &[])
        .await
        .0;
    assert_eq!(unknown, Ok(Outcome::Reconciled(Reconciled::Absent)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_has_nothing_but_pages_is_joined_by_a_profile_alone() {
    let php = Php::start("halaman.php").await;
    let profile = shipped("halaman-cek-status.json");
    let expected = pairs(&[
        ("domisili", "Surat keterangan domisili"),
        ("usaha", "Surat keterangan usaha"),
    ]);
    assert_eq!(codes(natively(&php.url, &profile, Intent::Catalogue).await), expected);

    let house = edge(&php.url, &profile).await;
    let answers = |nik: &'static str| {
        submission(
            "usaha",
            &[("nik", nik), ("nama", "Siti <b>"), ("keterangan", "Warung & kopi")],
        )
    };
    let (refused, _) = say(house.address, Intent::Submit(answers("123")), &[]).await;
    let problem = refused.expect_err("a NIK of three digits");
    let Fault::Rejected { fields, message } = &problem.fault else {
        panic!("{problem:?}");
    };
    assert_eq!(
        (fields[0].field.as_str(), message.as_str()),
        ("nik", "NIK harus 16 angka.")
    );

    let (submitted, facts) = say(house.address, Intent::Submit(answers(NIK)), &[]).await;
    let number = reference(&submitted);
    assert_eq!(number, "REG-00001");
    let held = &php.cases().await["cases"][0];
    assert_eq!(
        (&held["nama"], &held["keterangan"]),
        (&"Siti <b>".into(), &"Warung & kopi".into())
    );

    let own = case(say(house.address, track(&number, None), &facts).await.0);
    assert_eq!(own.status.phase, Phase::Submitted);
    assert_eq!(own.service_name, "Surat keterangan usaha");
    assert!(own.received.is_some());
    php.move_on(&number, "Berkas kurang", "Foto KTP <i>kurang</i> jelas")
        .await;
    let own = case(say(house.address, track(&number, None), &facts).await.0);
    assert_eq!(own.status.phase, Phase::NeedsCitizen);
    assert_eq!(own.timeline.last().unwrap().remark, "Foto KTP <i>kurang</i> jelas");
    php.move_on(&number, "Disposisi Lurah", "").await;
    let own = case(say(house.address, track(&number, None), &facts).await.0);
    assert_eq!(
        (own.status.phase, own.status.code.as_str()),
        (Phase::Unknown, "Disposisi Lurah"),
        "nothing is guessed"
    );

    let stranger = say(house.address, track(&number, Some(NIK)), &[]).await.0;
    assert_eq!(case(stranger).status.code, "Disposisi Lurah");
    let problem = say(house.address, track(&number, Some(OTHER)), &[])
        .await
        .0
        .unwrap_err();
    assert_eq!(problem, Problem::unsent(Fault::NotFound));
}

use std::time::Instant;

use super::*;
use crate::catalogue::{FORMAT, IndexEntry};

fn region(code: &str, name: &str) -> RegionLine {
    RegionLine {
        code: code.parse().unwrap(),
        name: name.to_owned(),
        services: 0,
    }
}

fn entry(id: &str, name: &str, group: &str, words: &str) -> IndexEntry {
    IndexEntry {
        id: id.parse().unwrap(),
        name: name.into(),
        group: group.into(),
        words: words.to_owned(),
    }
}

fn small() -> Index {
    Index {
        format: FORMAT,
        services: vec![
            entry("32.73/lapor/001", "Jalan rusak", "Infrastruktur", "lubang aspal"),
            entry("32.73/lapor/002", "Sampah", "Lingkungan", "pinggir jalan"),
            entry("32.73/lapor/003", "Kabel menjuntai", "Jalan dan jembatan", ""),
            entry("32.73/dukcapil/e", "Perekaman e-KTP", "Kependudukan", ""),
            entry("33.72/dukcapil/k", "KK baru", "Kependudukan", ""),
            entry("33.72/lapor/001", "Jalan rusak", "Infrastruktur", ""),
            entry("34.71/akta/1", "Akta kelahiran", "Kependudukan", ""),
        ],
        regions: vec![
            region("13.02", "Kabupaten Solok"),
            region("32", "Jawa Barat"),
            region("32.73", "Kota Bandung"),
            region("33", "Jawa Tengah"),
            region("33.72", "Kota Surakarta"),
            region("34", "DI Yogyakarta"),
            region("34.71", "Kota Yogyakarta"),
        ],
        systems: Vec::new(),
    }
}

/// What is found, as text: a region's name, a service's id.
fn found(query: &str) -> Vec<String> {
    let index = small();
    search(&index, &index.regions, query, Lang::Id, 20)
        .into_iter()
        .map(|hit| match hit {
            Hit::Region(at) => index.regions[at].name.clone(),
            Hit::Service(at) => index.services[at].id.to_string(),
        })
        .collect()
}

#[test]
fn a_name_stands_before_a_group_and_a_group_before_further_words() {
    assert_eq!(
        found("jalan"),
        [
            "32.73/lapor/001",
            "33.72/lapor/001",
            "32.73/lapor/003",
            "32.73/lapor/002"
        ]
    );
}

#[test]
fn words_of_a_region_narrow_what_is_found() {
    assert_eq!(found("jalan rusak di bandung"), ["32.73/lapor/001"]);
    assert_eq!(found("jalan rusak solo"), ["33.72/lapor/001"]);
    assert_eq!(found("jalan rusak jateng"), ["33.72/lapor/001"]);
    assert_eq!(found("akte jogja"), ["34.71/akta/1"]);
}

#[test]
fn a_region_is_found_by_its_own_name_and_stands_first() {
    assert_eq!(found("yogya"), ["DI Yogyakarta", "Kota Yogyakarta", "34.71/akta/1"]);
    assert_eq!(found("surakarta")[0], "Kota Surakarta");
    // "solo" is Surakarta, and the beginning of Solok; Surakarta is not the beginning of anything.
    assert_eq!(found("solo")[..2], ["Kota Surakarta", "Kabupaten Solok"]);
    assert!(!found("surakarta").contains(&"Kabupaten Solok".to_owned()));
}

#[test]
fn every_word_must_be_found() {
    assert!(found("jalan kelahiran").is_empty());
    assert!(found("").is_empty());
    assert!(found("...").is_empty());
}

#[test]
fn what_people_call_the_same_thing_is_the_same() {
    for query in ["ktp", "e-KTP", "kartu tanda penduduk", "E KTP"] {
        assert_eq!(found(query), ["32.73/dukcapil/e"], "{query}");
    }
    assert_eq!(found("kartu keluarga"), ["33.72/dukcapil/k"]);
}

#[test]
fn a_known_name_of_several_words_is_found_by_its_words_apart_too() {
    let mut index = small();
    index.services[1].name = "Lampu padam di pinggir jalan".into();
    let hits = search(&index, &index.regions, "lampu jalan", Lang::Id, 5);
    assert_eq!(hits, [Hit::Service(1)]);
    assert!(search(&index, &index.regions, "lampu keluarga", Lang::Id, 5).is_empty());
}

#[test]
fn one_slip_in_a_long_word_is_forgiven_and_ranks_last() {
    assert_eq!(found("kelahirna"), ["34.71/akta/1"]);
    assert_eq!(found("jalam rusak bandumg"), ["32.73/lapor/001"]);
    assert!(found("sampha rusak").is_empty());
}

#[test]
fn a_name_in_another_language_is_found_too() {
    let mut index = small();
    index.services[0].name = Text::both("Jalan rusak", "Damaged road");
    let hits = search(&index, &index.regions, "road", Lang::Id, 5);
    assert_eq!(hits, [Hit::Service(0)]);
}

#[test]
fn the_limit_holds_and_regions_leave_room_for_services() {
    let index = small();
    let hits = search(&index, &index.regions, "kota", Lang::Id, 3);
    assert_eq!(hits, [Hit::Region(2), Hit::Service(0), Hit::Service(1)]);
    assert!(search(&index, &index.regions, "kota", Lang::Id, 0).is_empty());
}

/// 514 regions with 50 services each, as large as the country gets.
#[cfg(not(target_arch = "wasm32"))]
fn country() -> Index {
    let regions: Vec<RegionLine> = crate::catalogue::regions::all()
        .into_iter()
        .map(|region| RegionLine {
            code: region.code,
            name: region.name,
            services: 50,
        })
        .collect();
    let things = [
        "Surat",
        "Izin",
        "Laporan",
        "Akta",
        "Kartu",
        "Bantuan",
        "Pajak",
        "Retribusi",
        "Pengaduan",
        "Rekomendasi",
    ];
    let of = [
        "usaha mikro",
        "kelahiran",
        "jalan berlubang",
        "keluarga baru",
        "pindah datang",
    ];
    let mut services = Vec::new();
    for region in regions.iter().filter(|region| !region.code.is_province()) {
        for thing in things {
            for what in of {
                let id = format!("{}/pusat/{}", region.code, services.len());
                services.push(entry(
                    &id,
                    &format!("{thing} {what}"),
                    "Layanan warga",
                    "persyaratan loket antrean",
                ));
            }
        }
    }
    Index {
        format: FORMAT,
        services,
        regions,
        systems: Vec::new(),
    }
}

#[test]
fn the_whole_country_is_searched_while_a_key_is_pressed() {
    let index = country();
    assert_eq!(index.services.len(), 25_700);
    let finder = Finder::new(&index, &index.regions, Lang::Id);
    // An unoptimised build is some twenty times slower; this bound catches what grows by the square.
    let bound = if cfg!(debug_assertions) { 1500 } else { 30 };
    for (query, at_least) in [
        ("a", 20),
        ("jalan bandung", 20),
        ("pengaduan jalna berlubang kabupaten sleman", 1),
        ("persyaratan", 20),
        ("tidakadasamasekali", 0),
    ] {
        let begun = Instant::now();
        let hits = finder.find(query, 20);
        let took = begun.elapsed().as_millis();
        assert!(hits.len() >= at_least, "{query}: {hits:?}");
        assert!(took < bound, "{query}: {took} ms");
    }
}

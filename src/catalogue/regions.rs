//! All regions of Indonesia: 38 provinces, and 514 regencies and cities.
//!
//! `wilayah.tsv` beside this file holds code and name, one region a line, sorted by code. The facts
//! come from the npm package idn-area-data 4.0.1 (data under the ODbL, see `NOTICES`), which follows
//! the Ministry of Home Affairs' list. Two names are written as citizens write them: `DKI Jakarta`
//! and `DI Yogyakarta`.
//!
//! Native only: `pendopo publish` writes the list into `/katalog/wilayah.json`, and no phone
//! carries it in its program. Districts and villages are not here.

use crate::model::region::{Region, RegionCode, RegionKind};

const LINES: &str = include_str!("wilayah.tsv");

/// Every region, sorted by code, so that a province stands before its regencies and cities.
#[must_use]
pub fn all() -> Vec<Region> {
    LINES.lines().filter_map(region).collect()
}

/// The region of a code.
#[must_use]
pub fn find(code: &RegionCode) -> Option<Region> {
    LINES
        .lines()
        .find(|line| line.split('\t').next() == Some(code.as_str()))
        .and_then(region)
}

fn region(line: &str) -> Option<Region> {
    let (code, name) = line.split_once('\t')?;
    let code: RegionCode = code.parse().ok()?;
    let kind = if code.is_province() {
        RegionKind::Province
    } else if name.starts_with("Kota ") {
        RegionKind::City
    } else {
        RegionKind::Regency
    };
    Some(Region {
        code,
        name: name.to_owned(),
        kind,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_38_provinces_and_514_regencies_and_cities_and_no_line_is_lost() {
        let all = all();
        let of = |kind| all.iter().filter(|region| region.kind == kind).count();
        assert_eq!(of(RegionKind::Province), 38);
        assert_eq!((of(RegionKind::Regency), of(RegionKind::City)), (416, 98));
        assert_eq!(all.len(), LINES.lines().count());
    }

    #[test]
    fn codes_are_unique_and_sorted_and_every_province_exists() {
        let all = all();
        assert!(all.windows(2).all(|pair| pair[0].code < pair[1].code));
        let provinces: BTreeSet<&str> = all
            .iter()
            .filter(|region| region.kind == RegionKind::Province)
            .map(|region| region.code.as_str())
            .collect();
        for region in &all {
            assert!(provinces.contains(region.code.province()), "{}", region.name);
        }
    }

    #[test]
    fn names_say_their_kind_as_citizens_write_it() {
        for region in all() {
            let name = region.name.as_str();
            assert_eq!(name, name.trim());
            assert!(!name.contains("  ") && name.chars().any(char::is_lowercase), "{name}");
            assert_eq!(region.kind == RegionKind::City, name.starts_with("Kota "), "{name}");
            assert_eq!(
                region.kind == RegionKind::Regency,
                name.starts_with("Kabupaten "),
                "{name}"
            );
        }
    }

    #[test]
    fn known_codes_have_their_known_names() {
        for (code, name) in [
            ("11", "Aceh"),
            ("31", "DKI Jakarta"),
            ("31.74", "Kota Administrasi Jakarta Selatan"),
            ("32", "Jawa Barat"),
            ("32.73", "Kota Bandung"),
            ("33.74", "Kota Semarang"),
            ("34", "DI Yogyakarta"),
            ("34.04", "Kabupaten Sleman"),
            ("73.71", "Kota Makassar"),
            ("96", "Papua Barat Daya"),
            ("96.71", "Kota Sorong"),
        ] {
            let found = find(&code.parse().unwrap()).map(|region| region.name);
            assert_eq!(found.as_deref(), Some(name), "{code}");
        }
        assert_eq!(find(&"99".parse().unwrap()), None);
    }
}

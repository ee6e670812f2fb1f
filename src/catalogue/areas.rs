//! Districts and villages of Indonesia: 7,285 and 83,762 of them.
//!
//! `desa.tsv` beside this file holds a district a line, sorted by code: its code, its name, and its
//! villages with `|` between them, each with the last four digits of its code where they are not one
//! more than those before. `desa.mjs` writes it out of the npm package idn-area-data 4.0.1 (data under
//! the ODbL, see `NOTICES`), which follows the Ministry of Home Affairs' list.
//!
//! Native only: `pendopo publish` writes a file for each regency that a form asks about, and a phone
//! reads the one that it needs.

use super::{Areas, District, FORMAT};

const LINES: &str = include_str!("desa.tsv");

/// What lies in a regency or city, by its code; nothing for a code that there is not.
#[must_use]
pub fn of(regency: &str) -> Areas {
    let districts = LINES.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        let code = parts.next()?.strip_prefix(regency)?.strip_prefix('.')?;
        Some(District {
            code: code.to_owned(),
            name: parts.next()?.to_owned(),
            villages: villages(parts.next()?),
        })
    });
    Areas {
        format: FORMAT,
        districts: districts.collect(),
    }
}

/// The codes of all regencies and cities below a code, or of all where it is empty.
#[must_use]
pub fn regencies(below: &str) -> Vec<&'static str> {
    let mut codes: Vec<&str> = LINES.lines().filter_map(|line| line.get(..5)).collect();
    codes.dedup();
    codes.retain(|code| code.starts_with(below));
    codes
}

fn villages(list: &str) -> Vec<(String, String)> {
    let mut last = 0_u16;
    list.split('|')
        .filter(|village| !village.is_empty())
        .map(|village| {
            let numbered = village
                .split_once(' ')
                .filter(|(code, _)| code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()));
            let (number, name) = match numbered {
                Some((code, name)) => (code.parse().unwrap_or(0), name),
                None => (last.saturating_add(1), village),
            };
            last = number;
            (format!("{number:04}"), name.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::regions;

    #[test]
    fn there_are_7285_districts_and_83762_villages_each_with_a_code_of_its_own() {
        let mut codes = BTreeSet::new();
        let mut districts = 0;
        for regency in regencies("") {
            for district in of(regency).districts {
                districts += 1;
                assert_eq!(district.code.len(), 2);
                for (code, name) in district.villages {
                    assert!(code.len() == 4 && !name.trim().is_empty(), "{regency} {code} {name}");
                    assert!(
                        codes.insert([regency, &district.code, &code].join(".")),
                        "{regency} {code}"
                    );
                }
            }
        }
        assert_eq!((districts, codes.len()), (7285, 83_762));
        for code in ["11.01.01.2001", "11.01.01.2015", "32.73.05.1002", "96.71.10.1004"] {
            assert!(codes.contains(code), "{code}");
        }
    }

    #[test]
    fn every_regency_and_city_has_districts() {
        let named: Vec<String> = regions::all()
            .into_iter()
            .filter(|region| !region.code.is_province())
            .map(|region| region.code.to_string())
            .collect();
        assert_eq!(regencies(""), named);
        assert_eq!(regencies("32.73"), ["32.73"]);
        assert_eq!(of("99.99").districts, []);
    }
}

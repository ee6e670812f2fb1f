//! Answers for which most protocols have no shape of their own, in words that an officer reads.

use crate::model::answers::{Answer, Answers, Area};
use crate::model::form::Field;
use crate::model::text::Lang;

/// A region in words, and its code where a server may look for it.
#[must_use]
pub(super) fn area(area: &Area) -> String {
    match area.name.trim() {
        "" => area.code.trim().to_owned(),
        name => [name, " (", area.code.trim(), ")"].concat(),
    }
}

/// The entries of a repeated group as lines of one text: an officer reads it.
#[must_use]
pub(super) fn rows(entry: &[Field], rows: &[Answers]) -> String {
    let line = |(number, row): (usize, &Answers)| {
        let parts = entry.iter().filter_map(|field| {
            let label = field.label.get(Lang::Id);
            let value = match row.get(&field.id)? {
                Answer::Text(text) => text.trim().to_owned(),
                Answer::Many(values) => values.join(", "),
                Answer::Place(place) => [place.address.trim(), place.lat.trim(), place.long.trim()].join(" "),
                Answer::Files(files) => files
                    .iter()
                    .map(|file| file.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
                Answer::Area(chosen) => area(chosen),
                Answer::Rows(_) => return None,
            };
            Some([if label.is_empty() { &field.id } else { label }, ": ", value.trim()].concat())
        });
        let parts: Vec<String> = parts.collect();
        [&number.saturating_add(1).to_string(), ". ", &parts.join("; ")].concat()
    };
    rows.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_numbered_lines_with_their_questions() {
        let field = |id: &str, label: &str| Field {
            id: id.to_owned(),
            label: label.into(),
            ..Field::default()
        };
        let row = |pairs: &[(&str, &str)]| {
            let answers = pairs
                .iter()
                .map(|(id, text)| ((*id).to_owned(), Answer::Text((*text).to_owned())));
            Answers(answers.collect())
        };
        let entry = [field("nama", "Nama"), field("umur", "")];
        let told = rows(
            &entry,
            &[
                row(&[("umur", "4"), ("nama", "Siti")]),
                row(&[("nama", "Budi"), ("lain", "x")]),
            ],
        );
        assert_eq!(told, "1. Nama: Siti; umur: 4\n2. Nama: Budi");
    }

    #[test]
    fn a_region_has_its_name_and_its_code() {
        let told = |name: &str| {
            area(&Area {
                code: "32.73".to_owned(),
                name: name.to_owned(),
            })
        };
        assert_eq!(
            (told("Kota Bandung").as_str(), told(" ").as_str()),
            ("Kota Bandung (32.73)", "32.73")
        );
    }
}

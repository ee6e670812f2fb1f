//! What a query asks for: its words, without those that say nothing, and each with what people
//! call the same thing.

use super::fold;

/// Ignored in a query, unless it has no other word.
pub(super) const SILENT: &[&str] = &[
    "a", "an", "and", "atau", "buat", "cara", "dan", "dari", "di", "for", "how", "in", "ingin", "ke", "mau", "of",
    "or", "pada", "saya", "the", "to", "untuk", "yang",
];

/// Names of one thing, folded; a line is a set, and no name is in two.
const SAME: &[&[&str]] = &[
    &["kartu tanda penduduk", "e ktp", "ektp", "ktp el", "ktp"],
    &["kartu keluarga", "kk"],
    &["kartu identitas anak", "kia"],
    &["akta", "akte"],
    &["surat pindah", "pindah datang", "pindah domisili", "skpwni", "pindah"],
    &["surat keterangan tidak mampu", "sktm"],
    &["keterangan domisili", "surat domisili", "domisili"],
    &["persetujuan bangunan gedung", "izin mendirikan bangunan", "pbg", "imb"],
    &["pajak bumi dan bangunan", "pbb"],
    &["nomor induk berusaha", "nib"],
    &["penerangan jalan", "lampu jalan", "pju"],
    &["pernikahan", "perkawinan", "nikah", "kawin"],
    &["pengaduan", "aduan", "lapor", "laporan", "keluhan"],
    &["izin", "ijin", "perizinan", "perijinan"],
    &[
        "daerah istimewa yogyakarta",
        "di yogyakarta",
        "yogyakarta",
        "jogjakarta",
        "yogya",
        "jogja",
        "diy",
    ],
    &["dki jakarta", "daerah khusus ibukota jakarta", "dki"],
    &["surakarta", "solo"],
    &["sumatera", "sumatra"],
    &["sumatera utara", "sumut"],
    &["sumatera barat", "sumbar"],
    &["sumatera selatan", "sumsel"],
    &["kepulauan bangka belitung", "babel"],
    &["kepulauan riau", "kepri"],
    &["jawa barat", "jabar"],
    &["jawa tengah", "jateng"],
    &["jawa timur", "jatim"],
    &["nusa tenggara barat", "ntb"],
    &["nusa tenggara timur", "ntt"],
    &["kalimantan barat", "kalbar"],
    &["kalimantan tengah", "kalteng"],
    &["kalimantan selatan", "kalsel"],
    &["kalimantan timur", "kaltim"],
    &["kalimantan utara", "kaltara"],
    &["sulawesi utara", "sulut"],
    &["sulawesi tengah", "sulteng"],
    &["sulawesi selatan", "sulsel"],
    &["sulawesi tenggara", "sultra"],
    &["sulawesi barat", "sulbar"],
    &["kabupaten", "kab"],
];

/// One thing that a query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// What it may be called, each folded, so with a space before each word; the first is what was
    /// typed, perhaps not to its end.
    pub(super) forms: Vec<String>,
}

impl Term {
    /// What was typed, without the space before it, where it is a single word.
    pub(super) fn word(&self) -> Option<&str> {
        let word = self.forms.first()?.get(1..)?;
        (!word.contains(' ')).then_some(word)
    }

    /// The words that were typed, each with the space before it, but those that say nothing.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.forms.first().map_or("", String::as_str);
        let word = move || {
            let next = rest.get(1..).and_then(|after| after.find(' '));
            let (word, after) = match next {
                Some(at) => rest.split_at_checked(at.saturating_add(1))?,
                None => (rest, ""),
            };
            rest = after;
            (!word.is_empty()).then_some(word)
        };
        std::iter::from_fn(word).filter(|word| !SILENT.contains(&word.trim_start()))
    }
}

/// The terms of a query; none where it has neither letter nor digit.
pub(super) fn terms(query: &str) -> Vec<Term> {
    let folded = fold(query);
    let mut terms = read(&folded, SILENT);
    if terms.is_empty() {
        terms = read(&folded, &[]);
    }
    terms
}

fn read(folded: &str, silent: &[&str]) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = folded.trim_start();
    while !rest.is_empty() {
        // The longest name that the rest begins with.
        let known = SAME
            .iter()
            .flat_map(|set| set.iter().map(move |name| (*set, *name)))
            .filter(|(_, name)| {
                rest.strip_prefix(name)
                    .is_some_and(|after| after.is_empty() || after.starts_with(' '))
            })
            .max_by_key(|(_, name)| name.len());
        let typed = known.map_or_else(|| rest.split(' ').next().unwrap_or_default(), |(_, name)| name);
        rest = rest.strip_prefix(typed).unwrap_or_default().trim_start();
        if silent.contains(&typed) {
            continue;
        }
        let others = known.map_or(&[] as &[&str], |(set, _)| set);
        let others = others.iter().filter(|name| **name != typed);
        terms.push(Term {
            forms: std::iter::once(&typed)
                .chain(others)
                .map(|name| format!(" {name}"))
                .collect(),
        });
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(query: &str) -> Vec<String> {
        terms(query)
            .into_iter()
            .map(|term| term.forms[0].trim().to_owned())
            .collect()
    }

    #[test]
    fn silent_words_are_dropped_unless_there_is_no_other() {
        assert_eq!(typed("cara buat KTP di Bandung"), ["ktp", "bandung"]);
        assert_eq!(typed("di"), ["di"]);
        assert_eq!(typed("?! -"), [] as [&str; 0]);
    }

    #[test]
    fn names_of_one_thing_are_one_term() {
        let forms = |query| {
            let mut forms: Vec<String> = terms(query).into_iter().flat_map(|term| term.forms).collect();
            forms.sort();
            forms
        };
        assert_eq!(forms("e-KTP"), forms("kartu tanda penduduk"));
        assert_eq!(forms("akte"), forms("akta"));
        assert_eq!(typed("kartu keluarga baru"), ["kartu keluarga", "baru"]);
        assert_eq!(typed("kartu kel"), ["kartu", "kel"]);
    }

    #[test]
    fn every_name_of_the_table_is_folded_as_a_query_is() {
        for name in SAME.iter().flat_map(|set| set.iter()) {
            assert_eq!(fold(name).trim_start(), *name);
        }
    }
}

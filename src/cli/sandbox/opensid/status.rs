//! Where an application and a complaint stand, and what each release calls and numbers it.
//!
//! The numbers were given anew between two releases, so that 0 once meant that nothing was missing
//! and now means that something is. The register holds words of our own; a release only lends its
//! labels and numbers when something is shown.

use serde::{Deserialize, Serialize};

/// Which release the village runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Release {
    /// 0 is "Sedang diperiksa", 1 "Belum lengkap", 9 "Dibatalkan".
    #[serde(rename = "2021")]
    R2021,
    /// 0 is "Belum Lengkap", 1 "Sedang Diperiksa", 5 "Dibatalkan".
    #[default]
    #[serde(rename = "2024")]
    R2024,
}

/// Where an application for a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    BelumLengkap,
    SedangDiperiksa,
    MenungguTandatangan,
    SiapDiambil,
    SudahDiambil,
    Dibatalkan,
}

impl Status {
    /// All of them, in the order of an application's life.
    pub(super) const ALL: [Self; 6] = [
        Self::SedangDiperiksa,
        Self::BelumLengkap,
        Self::MenungguTandatangan,
        Self::SiapDiambil,
        Self::SudahDiambil,
        Self::Dibatalkan,
    ];

    /// The register's word, and the controls'.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::BelumLengkap => "belum_lengkap",
            Self::SedangDiperiksa => "sedang_diperiksa",
            Self::MenungguTandatangan => "menunggu_tandatangan",
            Self::SiapDiambil => "siap_diambil",
            Self::SudahDiambil => "sudah_diambil",
            Self::Dibatalkan => "dibatalkan",
        }
    }

    /// The status of a word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// What a release calls it.
    pub(super) const fn label(self, release: Release) -> &'static str {
        match (release, self) {
            (Release::R2021, Self::BelumLengkap) => "Belum lengkap",
            (Release::R2021, Self::SedangDiperiksa) => "Sedang diperiksa",
            (Release::R2021, Self::MenungguTandatangan) => "Menunggu tandatangan",
            (Release::R2021, Self::SiapDiambil) => "Siap diambil/diantar",
            (Release::R2021, Self::SudahDiambil) => "Sudah diambil",
            (Release::R2024, Self::BelumLengkap) => "Belum Lengkap",
            (Release::R2024, Self::SedangDiperiksa) => "Sedang Diperiksa",
            (Release::R2024, Self::MenungguTandatangan) => "Menunggu Tandatangan",
            (Release::R2024, Self::SiapDiambil) => "Siap Diambil",
            (Release::R2024, Self::SudahDiambil) => "Sudah Diambil",
            (_, Self::Dibatalkan) => "Dibatalkan",
        }
    }

    /// The number that a release keeps it under.
    pub(super) const fn number(self, release: Release) -> u8 {
        match (release, self) {
            (Release::R2021, Self::SedangDiperiksa) | (Release::R2024, Self::BelumLengkap) => 0,
            (Release::R2021, Self::BelumLengkap) | (Release::R2024, Self::SedangDiperiksa) => 1,
            (_, Self::MenungguTandatangan) => 2,
            (_, Self::SiapDiambil) => 3,
            (_, Self::SudahDiambil) => 4,
            (Release::R2024, Self::Dibatalkan) => 5,
            (Release::R2021, Self::Dibatalkan) => 9,
        }
    }
}

/// The labels of a complaint's three statuses, 1 to 3.
pub(super) const COMPLAINT: [(u8, &str); 3] = [
    (1, "Menunggu Diproses"),
    (2, "Sedang Diproses"),
    (3, "Selesai Diproses"),
];

/// A complaint's label.
pub(super) fn complaint(number: u8) -> &'static str {
    COMPLAINT
        .iter()
        .find(|(each, _)| *each == number)
        .map_or("", |(_, label)| label)
}

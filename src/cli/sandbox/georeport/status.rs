//! The status words of the demonstration city: GeoReport's two, and its own.
//!
//! GeoReport knows `open` and `closed` only. Like real servers, this one puts finer words of its
//! own in the same member. A case may go from any word to any other, also out of the finished
//! ones: cities do reopen.

use serde::Deserialize;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// GeoReport's own: it has arrived.
    Open,
    Diverifikasi,
    Dijadwalkan,
    Dikerjakan,
    MenungguPelapor,
    MenungguAnggaran,
    Dialihkan,
    Selesai,
    Ditolak,
    /// GeoReport's own: finished, without a word on how.
    Closed,
}

impl Status {
    /// All of them, in the order of a case's life.
    pub(super) const ALL: [Self; 10] = [
        Self::Open,
        Self::Diverifikasi,
        Self::Dijadwalkan,
        Self::Dikerjakan,
        Self::MenungguPelapor,
        Self::MenungguAnggaran,
        Self::Dialihkan,
        Self::Selesai,
        Self::Ditolak,
        Self::Closed,
    ];

    /// The word on the wire.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Diverifikasi => "diverifikasi",
            Self::Dijadwalkan => "dijadwalkan",
            Self::Dikerjakan => "dikerjakan",
            Self::MenungguPelapor => "menunggu_pelapor",
            Self::MenungguAnggaran => "menunggu_anggaran",
            Self::Dialihkan => "dialihkan",
            Self::Selesai => "selesai",
            Self::Ditolak => "ditolak",
            Self::Closed => "closed",
        }
    }

    /// The status of a word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// How the officer's page names it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Open => "Diterima",
            Self::Diverifikasi => "Diverifikasi",
            Self::Dijadwalkan => "Dijadwalkan",
            Self::Dikerjakan => "Dikerjakan",
            Self::MenungguPelapor => "Menunggu pelapor",
            Self::MenungguAnggaran => "Menunggu anggaran",
            Self::Dialihkan => "Dialihkan",
            Self::Selesai => "Selesai",
            Self::Ditolak => "Ditolak",
            Self::Closed => "Ditutup",
        }
    }

    /// What `status_notes` says where the officer wrote nothing.
    pub(super) const fn note(self) -> &'static str {
        match self {
            Self::Open => "Laporan diterima dan menunggu diperiksa.",
            Self::Diverifikasi => "Petugas sedang memeriksa laporan ini.",
            Self::Dijadwalkan => "Pekerjaan sudah dijadwalkan.",
            Self::Dikerjakan => "Petugas sedang bekerja di lapangan.",
            Self::MenungguPelapor => "Petugas memerlukan keterangan dari pelapor.",
            Self::MenungguAnggaran => "Pekerjaan menunggu anggaran.",
            Self::Dialihkan => "Laporan diteruskan ke instansi lain.",
            Self::Selesai => "Pekerjaan selesai.",
            Self::Ditolak => "Laporan tidak dapat ditindaklanjuti.",
            Self::Closed => "Laporan ditutup.",
        }
    }

    /// Whether nothing more is planned: what a query for `closed` finds.
    pub(super) const fn is_finished(self) -> bool {
        matches!(self, Self::Selesai | Self::Ditolak | Self::Closed)
    }
}

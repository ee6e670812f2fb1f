//! Every word of the interface, in Indonesian and English, checked when it is compiled.
//!
//! `messages! { name(args): "Indonesian", "English"; }` makes a function `name`. `{0}`, `{1}` stand
//! for the arguments; a message that leaves one out in either language, or names one too many, does
//! not compile. Functions read the language of the page from [`language`]; the whole page is drawn
//! anew when it changes, so messages are plain values and no signals.
//!
//! What this file does not do: choose which message fits a situation; that is `words.rs`.

use std::cell::Cell;

use crate::model::text::Lang;

thread_local! {
    static LANGUAGE: Cell<Lang> = const { Cell::new(Lang::Id) };
}

/// The language of the page.
pub fn language() -> Lang {
    LANGUAGE.get()
}

/// Changes the language; the caller draws the page anew.
pub fn set_language(lang: Lang) {
    LANGUAGE.set(lang);
}

/// Whether `template` uses each of `{0}` … `{arguments - 1}` and no other.
#[expect(
    clippy::indexing_slicing,
    reason = "runs in the compiler only; a slip there stops the build"
)]
const fn complete(template: &str, arguments: usize) -> bool {
    let bytes = template.as_bytes();
    let mut seen = [false; 4];
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'{' {
            let index = (bytes[at + 1] - b'0') as usize;
            if index >= arguments || bytes[at + 2] != b'}' {
                return false;
            }
            seen[index] = true;
        }
        at += 1;
    }
    let mut index = 0;
    while index < arguments {
        if !seen[index] {
            return false;
        }
        index += 1;
    }
    true
}

fn fill(template: &str, arguments: &[&str]) -> String {
    let mut text = String::with_capacity(template.len().saturating_add(32));
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (index, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(
            index
                .parse()
                .ok()
                .and_then(|index: usize| arguments.get(index))
                .copied()
                .unwrap_or_default(),
        );
        rest = after;
    }
    text.push_str(rest);
    text
}

const fn count(names: &[&str]) -> usize {
    names.len()
}

macro_rules! messages {
    ($($name:ident $(($($argument:ident),+))? : $id:literal, $en:literal;)*) => {
        $(messages!(@one $name $(($($argument),+))? $id, $en);)*
    };
    (@one $name:ident $id:literal, $en:literal) => {
        #[doc = $en]
        pub fn $name() -> &'static str {
            match language() { Lang::Id => $id, Lang::En => $en }
        }
    };
    (@one $name:ident ($($argument:ident),+) $id:literal, $en:literal) => {
        #[doc = $en]
        pub fn $name($($argument: &str),+) -> String {
            const ARGUMENTS: usize = count(&[$(stringify!($argument)),+]);
            const { assert!(complete($id, ARGUMENTS), "the Indonesian text must use each argument"); }
            const { assert!(complete($en, ARGUMENTS), "the English text must use each argument"); }
            fill(match language() { Lang::Id => $id, Lang::En => $en }, &[$($argument),+])
        }
    };
}

messages! {
    // The frame of every page.
    skip: "Langsung ke isi", "Skip to content";
    home: "Beranda", "Home";
    to_home: "Ke beranda", "Go to home";
    regions: "Daerah", "Regions";
    my_cases: "Urusan saya", "My cases";
    my_data: "Data saya", "My data";
    settings: "Pengaturan", "Settings";
    privacy: "Privasi", "Privacy";
    back: "Kembali", "Back";
    other_language: "English", "Bahasa Indonesia";
    locked_badge: "Terkunci", "Locked";
    waiting_badge(count): "{0} belum terkirim", "{0} not sent yet";
    demonstration: "Daerah peragaan. Yang Anda kirim di sini tidak sampai ke kantor mana pun.", "A demonstration region. What you send here reaches no office.";
    one_moment: "Sebentar…", "One moment…";
    new_build: "Ada versi baru Pendopo. Jawaban Anda tersimpan; muat ulang bila sudah siap.", "There is a new version of Pendopo. Your answers are kept; reload when you are ready.";
    reload: "Muat ulang", "Reload";
    scarce: "Ruang di ponsel ini hampir habis. Yang sudah tersimpan aman; hapus beberapa foto atau aplikasi sebelum mengisi formulir dengan foto.", "This phone has hardly any room left. What is kept is safe; delete some pictures or apps before filling in a form with pictures.";
    engine_gone: "Bagian yang mengirim tidak berjalan. Jawaban Anda aman di ponsel ini. Muat ulang halaman untuk mencoba lagi.", "The part that sends is not running. Your answers are safe on this phone. Reload the page to try again.";
    store_failed(what): "Ponsel ini menolak menyimpan ({0}). Jangan tutup halaman ini. Kosongkan sedikit ruang, lalu muat ulang.", "This phone refuses to store data ({0}). Do not close this page. Free some space, then reload.";

    // Home and search.
    home_title: "Ada keperluan apa hari ini?", "What do you need today?";
    home_lead: "Satu pintu ke layanan semua daerah.", "One door to the services of every region.";
    search_label: "Cari layanan atau daerah", "Search services or regions";
    search_hint: "Misalnya: jalan berlubang, akta kelahiran, Bandung", "For example: pothole, birth certificate, Bandung";
    search_none(query): "Tidak ada layanan atau daerah yang cocok dengan “{0}”. Coba kata lain, atau pilih daerah Anda dari daftar.", "No service or region matches “{0}”. Try another word, or choose your region from the list.";
    search_count(count): "{0} hasil", "{0} results";
    continue_title: "Lanjutkan", "Continue";
    step_of(number, of): "Langkah {0} dari {1}", "Step {0} of {1}";
    kept_here: "tersimpan di ponsel ini", "kept on this phone";
    all_regions: "Semua daerah", "All regions";
    by_subject: "Menurut bidang", "By subject";
    online_regions: "Daerah yang sudah tersambung", "Regions already joined";
    services_count(count): "{0} layanan", "{0} services";

    // Regions.
    regions_title: "Pilih daerah Anda", "Choose your region";
    regions_lead: "38 provinsi, 514 kabupaten dan kota. Yang bertautan sudah bisa dilayani di sini.", "38 provinces, 514 regencies and cities. Those with a link can already be served here.";
    regions_filter: "Saring menurut nama", "Filter by name";
    not_joined: "belum tersambung", "not joined yet";
    region_services: "Layanan", "Services";
    region_contact: "Hubungi daerah ini", "Contact this region";
    region_not_joined_lead(name): "{0} belum tersambung ke Pendopo, jadi layanannya belum bisa diminta dari sini.", "{0} has not joined Pendopo yet, so its services cannot be asked for here.";
    region_not_joined_next: "Datanglah ke kantor daerah Anda atau kunjungi situsnya. Petugas TI daerah: cukup satu berkas untuk menyambungkan sistem yang sudah berjalan.", "Visit your regional office or its website. Regional IT officers: one file is enough to join the system that already runs.";
    region_down: "Sistem ini tidak menjawab saat katalog terakhir ditulis. Daftar di bawah adalah yang terakhir kami ketahui.", "This system did not answer when the catalogue was last written. The list below is the last we know.";
    no_services: "Belum ada layanan yang diterbitkan.", "No services are published yet.";

    // A service.
    start: "Mulai", "Start";
    resume: "Lanjutkan isian", "Continue";
    needs: "Yang perlu disiapkan", "What you need";
    needs_nothing: "Tidak ada yang perlu disiapkan.", "Nothing needs to be prepared.";
    cost: "Biaya", "Cost";
    duration: "Lama", "Time";
    office: "Kantor yang menangani", "Office in charge";
    after_sending: "Setelah dikirim", "After sending";
    can_track: "Anda mendapat nomor dan bisa melihat perkembangannya di sini.", "You get a number and can follow progress here.";
    cannot_track: "Sistem daerah ini tidak memperlihatkan perkembangan. Simpan bukti kirim Anda dan tanyakan ke kantornya.", "This region's system does not show progress. Keep your receipt and ask the office.";
    cannot_submit: "Layanan ini belum bisa diajukan lewat sini. Hubungi kantornya.", "This service cannot be asked for here yet. Contact the office.";
    source_of(source, time): "Sumber: {0}, {1}.", "Source: {0}, {1}.";
    stale_source(source, time): "Sumber: {0}, terakhir dibaca {1}; sejak itu tidak menjawab.", "Source: {0}, last read {1}; it has not answered since.";

    // Filling in a form.
    next: "Lanjut", "Next";
    send: "Kirim", "Send";
    saved_at(time): "Tersimpan di ponsel ini, {0}", "Kept on this phone, {0}";
    not_saved: "Belum tersimpan. Ponsel ini penuh atau menolak menyimpan; jangan tutup halaman ini.", "Not kept. This phone is full or refuses to store data; do not close this page.";
    newer_elsewhere: "Isian ini diubah di tab lain. Muat ulang untuk melihat yang terbaru.", "This was changed in another tab. Reload to see the latest.";
    outdated: "Pendopo sudah diperbarui di tab lain. Yang baru saja Anda ketik belum tersimpan; salin bila perlu, lalu muat ulang halaman ini.", "Pendopo was updated in another tab. What you typed just now is not kept; copy it if you need it, then reload this page.";
    resumed: "Kami membuka kembali isian Anda yang tersimpan di ponsel ini.", "We reopened the answers kept on this phone.";
    start_over: "Mulai dari awal", "Start over";
    start_over_sure: "Hapus isian ini dan mulai dari awal?", "Delete these answers and start over?";
    form_was_changed: "Kantor mengubah formulir ini. Jawaban Anda tetap ada; periksa lagi setiap langkah sebelum mengirim.", "The office changed this form. Your answers are still here; check each step again before sending.";
    optional: "(boleh dikosongkan)", "(optional)";
    problems_title: "Ada yang perlu diperbaiki", "Something needs correcting";
    review_title: "Periksa jawaban Anda", "Check your answers";
    review_lead(office): "Setelah Anda menekan Kirim, jawaban ini diserahkan kepada {0}.", "When you press Send, these answers go to {0}.";
    change: "Ubah", "Change";
    change_what(what): "Ubah: {0}", "Change: {0}";
    not_answered: "Tidak diisi", "Not answered";
    characters_left(count): "Sisa {0} huruf", "{0} characters left";
    characters_over(count): "Kelebihan {0} huruf", "{0} characters too many";
    choose_one: "Pilih satu", "Choose one";
    date_hint: "Tanggal, bulan, tahun. Contoh: 27/3/1990", "Day, month, year. Example: 27/3/1990";
    understood_as(what): "Terbaca: {0}", "Read as: {0}";
    nik_hint: "16 angka di KTP.", "The 16 digits on the identity card.";
    use_my_location: "Pakai lokasi ponsel ini", "Use this phone's location";
    locating: "Mencari lokasi…", "Finding your location…";
    location_denied: "Ponsel ini tidak memberi lokasi. Tulis alamatnya saja.", "This phone did not give its location. Write the address instead.";
    location_found(accuracy): "Lokasi didapat, ketelitian sekitar {0} meter.", "Location found, accurate to about {0} metres.";
    address_label: "Alamat atau patokan", "Address or landmark";
    coordinates: "Koordinat", "Coordinates";
    latitude: "Lintang", "Latitude";
    longitude: "Bujur", "Longitude";
    add_file: "Pilih berkas atau ambil foto", "Choose a file or take a photo";
    remove: "Hapus", "Remove";
    remove_what(what): "Hapus {0}", "Remove {0}";
    file_kept: "tersimpan di ponsel ini", "kept on this phone";
    file_failed: "Berkas ini tidak bisa disimpan. Ponsel mungkin penuh.", "This file could not be kept. The phone may be full.";
    form_broken: "Formulir ini belum bisa dibuka. Kantor sudah menerbitkannya dengan cara yang tidak kami pahami.", "This form cannot be opened yet. The office published it in a way we do not understand.";

    yes: "Ya", "Yes";
    no: "Tidak", "No";
    why_asked: "Mengapa ini ditanyakan?", "Why is this asked?";
    money_hint: "Dalam rupiah. Contoh: 1.500.000", "In rupiah. Example: 1,500,000";
    organisation_hint: "NPWP (15 atau 16 angka) atau NIB (13 angka).", "A tax number (15 or 16 digits) or a business number (13 digits).";
    assigned_hint: "Diberikan kantor setelah menerima permohonan Anda.", "Given by the office once it has your application.";
    list_missing: "Daftarnya belum bisa dibuka. Periksa jaringan Anda, lalu muat ulang; jawaban Anda tetap tersimpan.", "The list cannot be opened yet. Check your network, then reload; your answers are kept.";
    area_province: "Provinsi", "Province";
    area_regency: "Kabupaten atau kota", "Regency or city";
    area_district: "Kecamatan", "District";
    area_village: "Kelurahan atau desa", "Village";
    add_row(what): "Tambah {0}", "Add {0}";
    rows_full(max): "Paling banyak {0}; hapus satu untuk menambah yang lain.", "At most {0}; remove one to add another.";
    signature_area: "Tempat tanda tangan: gambar dengan jari, atau ketik nama Anda di bawahnya", "Signature: draw with a finger, or type your name below";
    signature_kept: "Tanda tangan tersimpan di ponsel ini.", "The signature is kept on this phone.";
    signature_clear: "Ulangi tanda tangan", "Draw again";
    signature_typed: "Atau ketik nama Anda sebagai tanda tangan", "Or type your name as a signature";
    doubt_birth_date: "NIK ini menyebut tanggal lahir yang lain. Periksa keduanya; bila sudah benar, lanjutkan saja.", "This NIK says another date of birth. Check both; if they are right, just go on.";
    doubt_province: "Dua angka pertama NIK ini bukan kode provinsi. Periksa lagi; bila sesuai KTP, lanjutkan saja.", "The first two digits of this NIK are no province. Check again; if the card says so, just go on.";
    changed_questions: "Kantor mengubah pertanyaan ini sejak Anda mengisinya. Periksa jawabannya; yang lain tidak ditanyakan lagi:", "The office changed these questions since you answered. Check these answers; nothing else is asked again:";
    discard_draft: "Hapus isian", "Delete";
    discard_draft_what(what): "Hapus isian: {0}", "Delete the answers: {0}";
    discard_draft_sure: "Hapus isian ini dari ponsel ini?", "Delete these answers from this phone?";
    discard_failed: "Belum terhapus: ponsel ini menolak. Muat ulang, lalu coba lagi.", "Not deleted: this phone refused. Reload, then try again.";
    drafts_unreadable(count): "{0} isian di ponsel ini tidak bisa dibuka. Mungkin ditulis versi Pendopo yang lebih baru; muat ulang untuk memperbarui. Isiannya tidak dihapus.", "{0} drafts on this phone cannot be opened. Perhaps a newer version of Pendopo wrote them; reload to update. They are not deleted.";
    drafts_refused: "Ponsel ini tidak mau membuka isian yang tersimpan. Isiannya tidak dihapus; muat ulang, lalu coba lagi.", "This phone does not open the drafts that are kept. They are not deleted; reload, then try again.";

    // What is wrong with an answer.
    wrong_yes_no: "Pilih Ya atau Tidak, misalnya Ya.", "Choose Yes or No, such as Yes.";
    wrong_signature: "Gambar tanda tangan Anda, atau ketik nama Anda, misalnya Siti Aminah.", "Draw your signature, or type your name, such as Siti Aminah.";
    wrong_area: "Pilih sampai daftar yang terakhir, misalnya kelurahan.", "Choose down to the last list, such as the village.";
    wrong_url: "Tulis alamat situs lengkap, misalnya https://contoh.id.", "Write a whole web address, such as https://example.id.";
    wrong_organisation: "Tulis NPWP 15 atau 16 angka, atau NIB 13 angka. Contoh: 01.234.567.8-901.000", "Write a tax number of 15 or 16 digits, or a business number of 13. Example: 01.234.567.8-901.000";
    wrong_few_rows(min): "Isi sedikitnya {0}, misalnya {0}, dengan tombol Tambah.", "Fill in at least {0}, such as {0}, by the Add button.";
    wrong_many_rows(max): "Paling banyak {0}; hapus yang tidak perlu, misalnya yang terakhir.", "At most {0}; remove what is not needed, such as the last.";
    wrong_required: "Tulis jawabannya di sini; bila tidak ada, misalnya: tidak ada.", "Write the answer here; if there is none, such as: none.";
    wrong_choose(example): "Pilih dari daftar, misalnya {0}.", "Choose from the list, such as {0}.";
    first_listed: "yang pertama", "the first";
    wrong_file: "Lampirkan berkasnya, misalnya foto dari kamera ponsel.", "Attach a file, such as a photo from the phone's camera.";
    wrong_short(min, has): "Tulis sedikitnya {0} huruf; baru {1}. Tambahkan, misalnya kapan atau di mana.", "Write at least {0} characters; there are {1}. Add more, such as when or where.";
    wrong_long(max, has): "Paling banyak {0} huruf; sekarang {1}. Singkatkan, misalnya tanpa salam.", "At most {0} characters; there are {1}. Shorten it, such as without a greeting.";
    wrong_number: "Tulis dengan angka, misalnya 12 atau 1,5.", "Write a number, such as 12 or 1.5.";
    wrong_whole: "Tulis bilangan bulat tanpa koma, misalnya 3.", "Write a whole number, such as 3.";
    wrong_below(min): "Tulis {0} atau lebih, misalnya {0}.", "Write {0} or more, such as {0}.";
    wrong_above(max): "Tulis {0} atau kurang, misalnya {0}.", "Write {0} or less, such as {0}.";
    wrong_date: "Tulis tanggal, bulan, dan tahun, misalnya 27/3/1990.", "Write day, month and year, such as 27/3/1990.";
    wrong_year: "Tulis tahun lengkap dengan empat angka, misalnya 27/3/1990.", "Write the year with four digits, such as 27/3/1990.";
    wrong_before(date, example): "Tanggal ini terlalu awal. Tulis {0} atau sesudahnya, misalnya {1}.", "This date is too early. Write {0} or later, such as {1}.";
    wrong_after(date, example): "Tanggal ini terlalu akhir. Tulis {0} atau sebelumnya, misalnya {1}.", "This date is too late. Write {0} or earlier, such as {1}.";
    wrong_moment: "Tulis tanggal dan jam, misalnya 27/3/2027 09.30.", "Write the date and the time, such as 27/3/2027 09:30.";
    wrong_time: "Tulis jam dan menit, misalnya 09.30.", "Write hours and minutes, such as 09:30.";
    wrong_email: "Tulis alamat email lengkap, misalnya nama@contoh.id.", "Write a whole email address, such as name@example.id.";
    wrong_phone: "Tulis nomor telepon, misalnya 0812 3456 7890.", "Write a phone number, such as 0812 3456 7890.";
    wrong_nik_length(has): "NIK ada 16 angka; ini {0}. Contoh: 3404 0112 0390 0007", "A NIK has 16 digits; this has {0}. Example: 3404 0112 0390 0007";
    wrong_nik_digits: "NIK hanya berisi angka. Contoh: 3404 0112 0390 0007", "A NIK has digits only. Example: 3404 0112 0390 0007";
    wrong_nik_birth: "Angka ke-7 sampai ke-12 NIK ini bukan tanggal lahir. Tulis seperti di KTP, misalnya 3404 0112 0390 0007", "Digits 7 to 12 of this NIK are no date of birth. Write it as on the card, such as 3404 0112 0390 0007";
    wrong_nik_serial: "Empat angka terakhir NIK tidak mungkin 0000. Tulis seperti di KTP, misalnya 3404 0112 0390 0007", "The last four digits of a NIK cannot be 0000. Write it as on the card, such as 3404 0112 0390 0007";
    wrong_file_empty(name): "{0} kosong. Pilih yang lain, misalnya foto baru.", "{0} is empty. Choose another, such as a new photo.";
    wrong_file_size(name, max): "{0} terlalu besar; paling besar {1}. Pilih yang lebih kecil, misalnya foto halamannya.", "{0} is too large; the largest is {1}. Choose a smaller one, such as a photo of the page.";
    wrong_file_count(max): "Paling banyak {0} berkas. Hapus yang tidak perlu, misalnya yang terakhir.", "At most {0} files. Remove what is not needed, such as the last.";
    wrong_file_kind(name, kinds): "{0} bukan jenis berkas yang diterima. Pilih misalnya {1}.", "{0} is not a kind of file that is accepted. Choose one such as {1}.";
    wrong_place: "Tulis alamat atau patokannya, misalnya depan Pasar Cihaurgeulis, atau pakai lokasi ponsel.", "Write the address or a landmark, such as opposite Cihaurgeulis market, or use the phone's location.";
    wrong_coordinates: "Koordinat ini tidak ada di bumi. Contoh: -6,914744 dan 107,609810", "These coordinates are not on Earth. Example: -6.914744 and 107.609810";
    wrong_office(words): "Kantor menolak: “{0}”", "The office refused: “{0}”";

    // Delivery.
    delivery_draft: "Sedang diisi", "Being filled in";
    delivery_queued: "Tersimpan di ponsel ini, segera dikirim", "Kept on this phone, about to be sent";
    delivery_sending: "Sedang dikirim", "Being sent";
    delivery_sending_percent(percent): "Sedang dikirim, {0} %", "Being sent, {0}%";
    delivery_delivered: "Diterima", "Received";
    delivery_rejected: "Ditolak kantor", "Refused by the office";
    delivery_uncertain: "Belum pasti sampai", "Not certain whether it arrived";
    delivery_waiting: "Menunggu", "Waiting";
    waiting_network(time): "Belum terkirim. Jawaban Anda aman di ponsel ini. Kami coba lagi sendiri, paling lambat {0}, selama halaman ini terbuka.", "Not sent yet. Your answers are safe on this phone. We try again by ourselves, at the latest {0}, while this page is open.";
    waiting_login: "Belum terkirim. Sistem daerah meminta Anda masuk dulu.", "Not sent yet. The region's system asks you to log in first.";
    waiting_form: "Belum terkirim. Kantor mengubah formulirnya sejak Anda mengisinya. Jawaban Anda tetap ada.", "Not sent yet. The office changed its form since you filled it in. Your answers are still here.";
    waiting_unlock: "Belum terkirim. Buka kunci dengan PIN untuk mengirim.", "Not sent yet. Unlock with the PIN to send.";
    check_and_send: "Periksa dan kirim lagi", "Check and send again";
    rejected_lead: "Kantor membaca jawaban Anda dan menolaknya. Jawaban Anda tetap ada; perbaiki lalu kirim lagi.", "The office read your answers and refused them. They are still here; correct them and send again.";
    correct: "Perbaiki jawaban", "Correct the answers";
    uncertain_asking: "Jaringan putus saat mengirim. Kami sedang menanyakan apakah sudah sampai; kami tidak akan mengirim dua kali.", "The network broke while sending. We are asking whether it arrived; we will not send it twice.";
    uncertain_login: "Jaringan putus saat mengirim. Masuk dulu, supaya kami bisa menanyakan apakah sudah sampai; kami tidak akan mengirim dua kali.", "The network broke while sending. Log in, so that we can ask whether it arrived; we will not send it twice.";
    uncertain_decide: "Jaringan putus saat mengirim, dan sistem daerah tidak bisa memastikan apakah sudah sampai. Tanyakan ke kantornya, lalu pilih di bawah ini.", "The network broke while sending, and the region's system cannot tell whether it arrived. Ask the office, then choose below.";
    it_arrived: "Sudah sampai", "It arrived";
    arrived_number: "Nomor dari kantor (bila ada)", "The number from the office (if any)";
    send_again: "Belum sampai, kirim lagi", "It did not arrive, send again";
    try_now: "Coba kirim sekarang", "Try to send now";
    photo_redrawn(was): "foto diperkecil dari {0}, data lokasi dan kamera dibuang", "photo made smaller from {0}, place and camera data removed";
    photo_wrapped: "dijadikan PDF", "made into a PDF";
    photo_unreadable: "Ponsel ini tidak bisa membaca foto itu. Pilih foto JPEG atau PNG.", "This phone cannot read that photo. Choose a JPEG or PNG.";

    // Logins at a region's system.
    login_title(system): "Masuk di {0}", "Log in at {0}";
    login_why: "Sistem ini hanya menerima permohonan dari warga yang dikenalnya. Permohonan Anda sudah tersimpan dan berlanjut sendiri setelah Anda masuk.", "This system takes applications only from people it knows. Yours is kept, and goes on by itself once you have logged in.";
    login_nik: "NIK", "NIK";
    login_email: "Surel", "Email";
    login_nik_or_email: "NIK atau surel", "NIK or email";
    login_name: "Nama pengguna", "User name";
    login_pin: "PIN", "PIN";
    login_password: "Kata sandi", "Password";
    login_keep: "Simpan di ponsel ini", "Keep on this phone";
    login_keep_hint: "Tersandi, hanya untuk sistem ini. Jangan dipilih di ponsel yang dipakai bersama.", "Encrypted, for this system only. Leave it off on a phone that you share.";
    login_button: "Masuk", "Log in";
    login_promise(system): "Yang Anda ketik di sini hanya dikirim ke {0}, bukan ke pihak lain.", "What you type here goes to {0} and to nobody else.";
    login_wrong: "Sistem tidak mengenali nama dan kata sandi itu. Periksa lagi, lalu masuk.", "The system does not know that name and password. Check them and log in again.";
    login_wrong_pin: "Sistem tidak mengenali NIK dan PIN itu. Periksa lagi; PIN biasanya 6 angka dari kantor desa.", "The system does not know that NIK and PIN. Check them; the PIN usually has 6 digits and comes from the village office.";
    login_throttled(minutes): "Sudah terlalu banyak percobaan. Coba lagi dalam {0} menit. Permohonan Anda tetap tersimpan.", "Too many tries. Try again in {0} minutes. Your application is kept.";
    logins_title: "Anda sedang masuk di", "You are logged in at";
    login_kept: "tersimpan di ponsel ini, tersandi", "kept on this phone, encrypted";
    login_in_memory: "sampai halaman ini ditutup", "until this page is closed";
    log_out: "Keluar", "Log out";
    complete_title: "Kantor menunggu kelengkapan dari Anda", "The office waits for something from you";
    complete_lead: "Isi lagi formulirnya dengan yang diminta. Kelengkapan ini masuk ke permohonan yang sama, bukan permohonan baru.", "Fill in the form again with what is asked for. It goes to the same application, not to a new one.";
    complete_button: "Lengkapi", "Complete it";
    documents_title: "Dokumen", "Documents";
    download(label): "Unduh {0}", "Download {0}";
    second_fact_why: "Agar hanya pemiliknya yang bisa melihat, sistem ini menanyakan satu hal lagi. Jawabannya tidak masuk ke alamat halaman dan tidak disimpan.", "So that only its owner can see it, this system asks for one more thing. The answer is not put into the address and not kept.";
    second_fact_button: "Lihat", "Show";
    lookup_not_both(reference): "Tidak ada pengajuan bernomor {0} dengan keterangan itu. Periksa keduanya.", "There is no application {0} with that. Check both.";

    discard: "Batalkan dan hapus", "Cancel and delete";
    discard_sure: "Hapus pengajuan ini dari ponsel? Jawabannya ikut terhapus.", "Delete this from the phone? Its answers are deleted too.";
    outbox_title: "Kotak keluar", "Outbox";
    outbox_lead: "Yang sudah Anda kirim tetapi belum diterima kantor.", "What you have sent that no office has received yet.";
    outbox_empty: "Tidak ada yang menunggu. Semua sudah terkirim.", "Nothing is waiting. Everything has been sent.";

    // Receipt.
    receipt_title: "Sudah diterima", "Received";
    receipt_lead(office): "{0} sudah menerima pengajuan Anda.", "{0} has received your application.";
    receipt_number: "Nomor Anda", "Your number";
    receipt_token: "Nomor sementara", "Temporary number";
    receipt_token_hint: "Kantor masih membuat nomor tetapnya. Nomor itu akan muncul di sini.", "The office is still making the final number. It will appear here.";
    receipt_nothing: "Sistem daerah ini tidak memberi nomor. Halaman ini adalah bukti kirim Anda.", "This region's system gives no number. This page is your proof.";
    receipt_sent(time): "Dikirim {0}", "Sent {0}";
    receipt_delivered(time): "Diterima {0}", "Received {0}";
    notice_from_office: "Pesan dari kantor", "Message from the office";
    copy: "Salin nomor", "Copy the number";
    copied: "Nomor tersalin.", "Number copied.";

    // Cases and look-up.
    cases_title: "Urusan saya", "My cases";
    cases_empty: "Belum ada yang Anda ajukan dari ponsel ini.", "Nothing has been sent from this phone yet.";
    lookup_title: "Cari dengan nomor", "Look up by number";
    lookup_lead: "Untuk pengajuan dari ponsel lain atau dari loket. Yang terlihat hanya tahap dan riwayatnya.", "For applications made elsewhere. Only the stage and the history are shown.";
    lookup_system: "Sistem", "System";
    lookup_number: "Nomor", "Number";
    lookup_number_hint: "Tulis persis seperti di bukti Anda.", "Write it exactly as on your receipt.";
    lookup_button: "Cari", "Look up";
    lookup_missing: "Tulis nomornya dan pilih sistemnya.", "Write the number and choose the system.";
    lookup_not_found(reference): "Tidak ada pengajuan bernomor {0} di sistem ini. Periksa lagi nomornya dan daerahnya.", "There is no application {0} in this system. Check the number and the region.";
    asking(name): "Menanyakan ke {0}…", "Asking {0}…";
    refresh: "Perbarui", "Refresh";
    as_of(time): "per {0}", "as of {0}";
    never_asked: "Belum ditanyakan", "Not asked yet";
    case_source(source, time): "Sumber: {0}, {1}. Kami menampilkan kata-kata mereka apa adanya.", "Source: {0}, {1}. We show their words as they are.";
    case_trouble(trouble): "{0} Di bawah ini yang terakhir kami ketahui.", "{0} Below is the last we know.";
    case_no_timeline: "Sistem daerah ini tidak memberi riwayat langkah demi langkah.", "This region's system gives no step by step history.";
    case_pending: "Kantor sudah menerimanya dan masih membuat nomornya. Belum ada kabar lain.", "The office has received it and is still making its number. There is no other news yet.";
    case_gone: "Urusan ini tidak ada di ponsel ini. Mungkin sudah dihapus, atau dibuka di ponsel lain.", "This case is not on this phone. It may have been deleted, or it was opened on another phone.";
    case_expected(time): "Perkiraan selesai: {0}", "Expected by: {0}";
    held_by(agency): "Ditangani {0}", "Handled by {0}";
    since(time): "sejak {0}", "since {0}";
    quoted(words): "“{0}”", "“{0}”";
    attachment_link: "Lihat lampiran", "See the attachment";
    step_ahead: "Berikutnya", "Still to come";
    history: "Riwayat", "History";

    // Phases, in plain words.
    phase_draft: "Sedang diisi", "Being filled in";
    phase_submitted: "Sudah diterima", "Received";
    phase_in_review: "Sedang diperiksa", "Being reviewed";
    phase_needs_citizen: "Menunggu Anda", "Waiting for you";
    phase_awaiting_payment: "Menunggu pembayaran", "Waiting for payment";
    phase_in_progress: "Sedang dikerjakan", "In progress";
    phase_scheduled: "Sudah dijadwalkan", "Scheduled";
    phase_on_hold: "Ditunda", "On hold";
    phase_referred: "Diteruskan ke kantor lain", "Passed to another office";
    phase_ready: "Siap diambil", "Ready";
    phase_closed: "Ditutup", "Closed";
    phase_unknown: "Menurut kantornya", "In the office's words";
    outcome_granted: "Dikabulkan", "Granted";
    outcome_resolved: "Selesai ditangani", "Resolved";
    outcome_refused: "Ditolak", "Refused";
    outcome_withdrawn: "Dibatalkan", "Withdrawn";
    outcome_duplicate: "Sudah pernah dilaporkan", "Already reported";
    outcome_not_responsible: "Bukan wewenang kantor ini", "Not this office's task";
    outcome_no_action: "Tidak ditindaklanjuti", "No action taken";
    outcome_suspended: "Dihentikan sementara", "Suspended";
    outcome_none: "Ditutup; hasilnya tidak disebutkan", "Closed; the result is not stated";

    // What went wrong.
    fault_offline: "Ponsel ini sedang tanpa jaringan.", "This phone has no network.";
    fault_timeout: "Sistem daerah tidak menjawab tepat waktu.", "The region's system did not answer in time.";
    fault_unreachable: "Sistem daerah sedang tidak bisa dihubungi.", "The region's system cannot be reached.";
    fault_rate_limited: "Sistem daerah meminta kita menunggu sebentar.", "The region's system asks us to wait a little.";
    fault_login: "Sistem daerah meminta Anda masuk dulu.", "The region's system asks you to log in first.";
    fault_rejected(words): "Sistem daerah menolak: “{0}”", "The region's system refused: “{0}”";
    fault_not_found: "Sistem daerah tidak menemukannya.", "The region's system does not find it.";
    fault_too_large: "Kirimannya terlalu besar untuk sistem daerah.", "It is too large for the region's system.";
    fault_protocol: "Jawaban sistem daerah tidak bisa kami baca. Ini masalah di sana, bukan pada Anda.", "We cannot read what the region's system answered. The problem is there, not with you.";
    fault_upstream: "Sistem daerah sedang bermasalah.", "The region's system is having trouble.";
    fault_storage: "Ponsel ini menolak menyimpan.", "This phone refuses to store data.";
    fetch_failed: "Halaman ini belum bisa dibuka. Periksa jaringan Anda, lalu coba lagi.", "This page cannot be opened yet. Check your network, then try again.";
    fetch_malformed: "Berkas katalog ini tidak bisa dibaca. Beri tahu pengelola situs ini.", "This catalogue file cannot be read. Tell whoever runs this site.";
    part_missing: "Sebagian halaman ini belum sampai ke ponsel Anda. Jawaban yang sudah Anda isi tetap tersimpan di ponsel ini. Periksa jaringan, lalu coba lagi.", "A part of this page has not reached your phone. The answers that you gave are still kept on this phone. Check your network, then try again.";
    try_again: "Coba lagi", "Try again";

    // The remaining pages.
    unknown_title: "Halaman ini tidak ada", "There is no such page";
    unknown_lead: "Alamatnya mungkin salah ketik, atau layanannya sudah tidak diterbitkan.", "The address may be mistyped, or the service is no longer published.";
    unknown_service: "Layanan ini tidak ada di katalog", "This service is not in the catalogue";
    data_lead: "Semua yang Anda isi tinggal di ponsel ini, terenkripsi, sampai dikirim atau dihapus.", "Everything you fill in stays on this phone, encrypted, until it is sent or deleted.";
    data_honest: "Kuncinya tersimpan di peramban yang sama. Itu melindungi dari orang yang sekadar melihat atau menyalin berkas, bukan dari orang yang memegang ponsel ini dalam keadaan terbuka.", "The key is kept in the same browser. It protects from casual reading and copied files, not from whoever holds this phone unlocked.";
    data_kept: "Yang tersimpan di ponsel ini", "What is kept on this phone";
    data_expiry: "Urusan yang sudah ditutup kantor dihapus sendiri dari ponsel ini setelah satu tahun.", "Cases that an office has closed are deleted from this phone by themselves after a year.";
    data_drafts(count): "{0} isian belum selesai", "{0} unfinished";
    data_outbox(count): "{0} menunggu dikirim", "{0} waiting to be sent";
    data_cases(count): "{0} urusan", "{0} cases";
    erase: "Hapus semua data saya", "Delete all my data";
    erase_sure: "Hapus semua isian, antrean, dan urusan dari ponsel ini? Yang sudah diterima kantor tidak ikut terhapus di sana.", "Delete all answers, the queue and all cases from this phone? What an office has received is not deleted there.";
    erased: "Semua data Anda di ponsel ini sudah dihapus.", "All your data on this phone is deleted.";
    // The citizen's own data.
    people_title: "Data Anda dan keluarga", "Your data and your family's";
    people_lead: "Tulis sekali, pakai di formulir mana pun. Di setiap pertanyaan Anda ditawari, dan Anda sendiri yang memilih; tidak ada yang dikirim tanpa Anda lihat.", "Write it once, use it in any form. It is offered at each question and you choose; nothing is sent that you have not seen.";
    person_own: "Tambah data saya", "Add my data";
    person_add: "Tambah orang lain", "Add another person";
    person_saved: "Tersimpan di ponsel ini.", "Kept on this phone.";
    person_remove: "Hapus orang ini", "Delete this person";
    person_remove_sure: "Hapus data orang ini dari ponsel?", "Delete this person's data from the phone?";
    save: "Simpan di ponsel ini", "Keep on this phone";
    cancel: "Batal", "Cancel";
    document_kept(name): "Tersimpan: {0}. Pilih berkas lain untuk menggantinya.", "Kept: {0}. Choose another file to replace it.";
    ground: "Anda mengurus untuk siapa, dan atas dasar apa?", "Whom do you act for, and on what ground?";
    ground_hint: "Untuk orang lain, pastikan Anda memang boleh mengurusnya.", "For somebody else, make sure that you may.";
    own_self: "saya", "me";
    ground_own: "Saya sendiri", "Myself";
    ground_child: "Anak saya; saya orang tua atau walinya", "My child; I am parent or guardian";
    ground_family: "Keluarga yang meminta bantuan saya", "Family who asked me to";
    ground_proxy: "Orang lain, dengan surat kuasa", "Somebody else, with a written power";
    acting(name, ground): "Anda mengisi untuk {0} ({1}).", "You are filling this in for {0} ({1}).";
    offer(what, whose): "Pakai: {0} ({1})", "Use: {0} ({1})";
    concept_name: "Nama lengkap", "Full name";
    concept_nik: "NIK", "NIK";
    concept_kk: "Nomor KK", "Family card number";
    concept_birth_place: "Tempat lahir", "Place of birth";
    concept_birth_date: "Tanggal lahir", "Date of birth";
    concept_address: "Alamat", "Address";
    concept_phone: "Nomor HP", "Phone number";
    concept_email: "Email", "Email";
    concept_mother_name: "Nama ibu kandung", "Mother's name";
    concept_npwp: "NPWP", "Taxpayer number";
    concept_ktp: "Foto KTP", "Picture of the identity card";
    concept_kk_document: "Foto KK", "Picture of the family card";

    // The PIN of a shared phone.
    pin: "PIN", "PIN";
    pin_title: "PIN untuk ponsel yang dipakai bersama", "A PIN for a shared phone";
    pin_lead: "Dengan PIN, orang lain yang memegang ponsel ini tidak bisa membaca isian dan urusan Anda di Pendopo. PIN ditanyakan setiap kali Pendopo dibuka.", "With a PIN, others who hold this phone cannot read your answers and cases in Pendopo. It is asked for each time Pendopo is opened.";
    pin_cost_sending: "Tidak ada yang dikirim sebelum PIN dimasukkan, juga yang sudah menunggu di kotak keluar.", "Nothing is sent before the PIN is entered, what waits in the outbox included.";
    pin_cost_forgotten: "PIN yang lupa tidak bisa dipulihkan oleh siapa pun. Satu-satunya jalan adalah menghapus semua data Pendopo di ponsel ini.", "A forgotten PIN cannot be recovered by anybody. The only way then is to delete all of Pendopo's data on this phone.";
    pin_new: "PIN baru", "New PIN";
    pin_hint: "Enam angka atau lebih. Jangan tanggal lahir.", "Six digits or more. Not a date of birth.";
    pin_again: "PIN baru, sekali lagi", "New PIN, once more";
    pin_short: "Tulis enam angka atau lebih.", "Write six digits or more.";
    pin_differs: "Kedua PIN tidak sama.", "The two PINs differ.";
    pin_set_button: "Pasang PIN", "Set the PIN";
    pin_set: "PIN terpasang.", "The PIN is set.";
    pin_is_set: "PIN terpasang. Tanpa PIN tidak ada yang bisa dibaca atau dikirim.", "A PIN is set. Without it nothing can be read or sent.";
    pin_remove: "Lepas PIN", "Remove the PIN";
    pin_wrong: "Bukan PIN itu. Coba lagi.", "That is not the PIN. Try again.";
    lock_now: "Kunci sekarang", "Lock now";
    unlock: "Buka kunci", "Unlock";
    locked_title: "Pendopo terkunci", "Pendopo is locked";
    locked_lead: "Masukkan PIN untuk melihat isian dan urusan Anda. Yang menunggu dikirim baru berangkat setelah itu.", "Enter the PIN to see your answers and cases. What waits to be sent goes after that.";
    pin_forgotten: "Lupa PIN? Tidak ada jalan lain selain menghapus semua data Pendopo di ponsel ini.", "Forgotten the PIN? There is no other way than to delete all of Pendopo's data on this phone.";

    language_title: "Bahasa", "Language";
    install_title: "Pasang di layar utama", "Put it on the home screen";
    install_lead: "Pendopo bisa dibuka dari layar utama, juga tanpa jaringan. Tidak ada yang diunduh dari toko aplikasi.", "Pendopo can be opened from the home screen, also without a network. Nothing is downloaded from an app store.";
    install: "Pasang", "Install";
    install_no: "Tidak perlu", "Not needed";
    install_ios: "Ketuk tombol Bagikan di Safari, lalu pilih Tambah ke Layar Utama. Pendopo di layar utama mulai kosong: urusan yang sudah ada tetap di Safari.", "Tap Share in Safari, then choose Add to Home Screen. Pendopo on the home screen starts empty: cases that you have stay in Safari.";
    install_ios_later: "Selesaikan atau hapus dulu isian Anda: Pendopo di layar utama tidak bisa melihatnya.", "First finish or delete what you are filling in: Pendopo on the home screen cannot see it.";
    install_done: "Pendopo sudah terpasang di ponsel ini.", "Pendopo is installed on this phone.";
    install_browser: "Buka menu peramban ini, lalu pilih Tambahkan ke layar utama.", "Open this browser's menu, then choose Add to home screen.";
    privacy_lead: "Pendopo mengantar jawaban Anda ke kantor yang Anda tuju, dan tidak menyimpannya.", "Pendopo carries your answers to the office you chose, and does not keep them.";
    privacy_who_title: "Siapa yang memegang data Anda", "Who holds your data";
    privacy_who: "Kantor yang Anda tuju adalah pengendali data Anda: kantor itu yang menerima, memakai, dan menyimpannya. Namanya disebut di setiap layanan dan sekali lagi sebelum Anda menekan Kirim. Pengelola situs ini hanya mengantarkannya.", "The office you choose is the controller of your data: it receives, uses and keeps it. It is named on each service and once more before you press Send. Whoever runs this site only carries it.";
    privacy_why_title: "Untuk apa", "What for";
    privacy_why: "Hanya untuk layanan yang Anda minta: mengisi formulirnya, mengirimnya, dan melihat perkembangannya. Tidak untuk iklan, tidak untuk penilaian, tidak dijual.", "Only for the service you ask for: to fill in its form, to send it, and to see how far it is. Not for advertising, not for scoring, not for sale.";
    privacy_where_title: "Di mana, dan berapa lama", "Where, and for how long";
    privacy_law_title: "Hukum yang berlaku, dan hak Anda", "The law, and your rights";
    privacy_law: "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi (UU PDP). Anda berhak melihat data Anda di kantor itu, membetulkannya, meminta dihapus bila tidak lagi diperlukan, menarik persetujuan, dan mengadu. Mintalah kepada kantornya; yang ada di ponsel ini Anda hapus sendiri di Data saya.", "Law 27 of 2022 on Personal Data Protection. You may see your data at the office, have it corrected, ask for its deletion once it is no longer needed, withdraw consent, and complain. Ask the office; what is on this phone you delete yourself in My data.";
    privacy_others: "Bila Anda mengurus untuk orang lain, dialah pemilik datanya. Pakailah hanya dengan izinnya atau karena Anda wali atau kuasanya.", "If you act for somebody else, the data is theirs. Use it only with their leave, or as their guardian or proxy.";
    privacy_phone: "Di ponsel ini: isian, antrean kirim, daftar urusan, dan data yang Anda simpan sendiri, terenkripsi, sampai terkirim atau Anda hapus. Bila kantor bisa meminta kelengkapan, isian yang terkirim tetap ada sampai urusannya ditutup. Urusan yang sudah ditutup kantor hilang sendiri setelah satu tahun.", "On this phone: your answers, the outbox, your list of cases and the data you keep yourself, encrypted, until they are sent or you delete them. Where an office may ask for more, what was sent stays until the case is closed. Cases that an office has closed go by themselves after a year.";
    privacy_edge: "Di perantara: bukti kirim terenkripsi selama 24 jam, supaya tidak ada yang terkirim dua kali. Hanya ponsel Anda yang bisa membacanya.", "At the relay: an encrypted proof of delivery for 24 hours, so that nothing is sent twice. Only your phone can read it.";
    privacy_office: "Di kantor tujuan: apa yang Anda kirim, selama aturan kearsipan kantor itu mewajibkannya.", "At the office: what you send, for as long as that office's rules on records demand.";
    privacy_none: "Tanpa kuki, tanpa pelacak, tanpa permintaan ke situs lain.", "No cookies, no trackers, no requests to other sites.";
    // A widget on a regional site, and the way out of it.
    framed_apart: "Yang Anda isi tersimpan di ponsel ini, khusus untuk situs ini. Situs ini tidak dapat membacanya.", "What you fill in is kept on this phone, for this site alone. The site cannot read it.";
    framed_refused: "Peramban ini tidak menyimpan apa pun di dalam situs lain. Isilah di sini, lalu kirim di tab penuh.", "This browser keeps nothing within another site. Fill it in here, then send it in a full tab.";
    full_tab: "Lanjutkan di tab penuh", "Continue in a full tab";
    open_full: "Buka di tab penuh", "Open in a full tab";
    full_tab_blocked: "Peramban ini tidak membuka tab. Izinkan jendela baru untuk situs ini, lalu coba lagi.", "This browser opens no tab. Allow new windows for this site, then try again.";
    full_tab_failed: "Tab itu tidak dapat menyimpan. Jawaban Anda tetap di sini.", "That tab could not keep it. Your answers stay here.";
    handed_over: "Anda melanjutkan di tab lain. Jawaban Anda sudah dipindahkan ke sana.", "You go on in another tab. Your answers have been moved there.";
    hand_over_title: "Melanjutkan pengisian", "Going on";
    hand_over_nothing: "Tidak ada isian yang bisa dilanjutkan di sini. Kembalilah ke situs tempat Anda mengisi.", "There is nothing to go on with here. Go back to the site where you were filling in.";
    hand_over_refused: "Ponsel ini menolak menyimpan. Jawaban Anda masih ada di situs tempat Anda mengisi.", "This phone refuses to store data. Your answers are still on the site where you filled them in.";

    embed_title: "Pasang di situs daerah", "Put it on a regional site";
    embed_lead: "Pilih yang ingin ditampilkan, lalu salin barisnya ke situs daerah Anda.", "Choose what to show, then copy the lines into your region's site.";
    embed_region: "Daerah", "Region";
    embed_view: "Tampilan", "View";
    embed_view_service: "Formulir satu layanan", "One service's form";
    embed_view_services: "Semua layanan daerah", "All services of the region";
    embed_view_search: "Cari layanan", "Search for services";
    embed_view_status: "Cek status dengan nomor", "Look up a case by its number";
    embed_service: "Layanan", "Service";
    embed_look: "Bahasa dan rupa", "Language and look";
    embed_default: "Seperti Pendopo", "As in Pendopo";
    embed_lang_site: "Mengikuti situs", "As the site";
    embed_accent: "Warna", "Colour";
    embed_accent_hint: "Tanpa pilihan, warna daerah yang dipakai. Warna yang sulit dibaca digelapkan atau dicerahkan secukupnya.", "Without a choice it is the region's. A colour that is hard to read is made darker or lighter, as far as needed.";
    embed_radius: "Lengkung sudut, dalam piksel", "Corner radius, in pixels";
    embed_font: "Huruf", "Font";
    embed_serif: "Berkait (serif)", "Serif";
    embed_rounded: "Bulat", "Rounded";
    embed_scheme: "Terang atau gelap", "Light or dark";
    embed_scheme_site: "Mengikuti situs", "As the site";
    embed_light: "Terang", "Light";
    embed_dark: "Gelap", "Dark";
    embed_preview: "Begini tampilnya", "This is how it looks";
    embed_lines: "Baris untuk disalin", "Lines to copy";
    embed_copy: "Salin baris", "Copy the lines";
    embed_copied: "Baris disalin.", "Lines copied.";
    embed_policy: "Untuk pengelola server situs", "For whoever hosts the site";
    embed_policy_lead: "Bila situs mengirim Content-Security-Policy, tambahkan kedua asal ini ke dalamnya. Tidak perlu izin lain: widget tidak memuat gaya, huruf, atau gambar ke situs Anda.", "If the site sends a Content-Security-Policy, add these two sources to it. Nothing else needs leave: the widget loads no styles, fonts or images into your site.";
    embed_leave: "Untuk pengelola Pendopo", "For whoever runs Pendopo";
    embed_leave_lead: "Hanya situs yang terdaftar yang boleh menampilkan widget. Minta pengelola Pendopo mendaftarkan alamat situs Anda di edge.toml:", "Only listed sites may show a widget. Ask whoever runs Pendopo to list your site's address in edge.toml:";
    embed_name_services(region): "Layanan {0}", "Services of {0}";
    embed_name_search(region): "Cari layanan {0}", "Search the services of {0}";
    embed_name_status(region): "Cek status pengajuan di {0}", "Look up a case in {0}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_leaves_an_argument_out_or_names_one_too_many_is_found() {
        assert!(complete("{0} dari {1}", 2));
        assert!(!complete("{0} dari", 2));
        assert!(!complete("{1}", 1));
        assert_eq!(fill("{1} x {0}", &["a", "b"]), "b x a");
    }
}

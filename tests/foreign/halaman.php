<?php
// An office that has no interface at all: a form on a page and a page to look a number up, written by hand
// in HTML. The form has a token that belongs to a cookie, as frameworks make it. Served by `php -S`; it
// keeps what it holds in the file that DESK_FILE names, and knows nothing of Pendopo.
//
// Beside the pages, for whoever plays the officer: GET /petugas lists the applications as JSON, and
// POST /petugas?nomor=…&status=…&catatan=… moves one along.

declare(strict_types=1);
date_default_timezone_set('Asia/Jakarta');

const SERVICES = ['domisili' => 'Surat keterangan domisili', 'usaha' => 'Surat keterangan usaha'];
const MONTHS = [1 => 'Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus', 'September', 'Oktober', 'November', 'Desember'];

function with_desk(callable $work): mixed
{
    $file = fopen(getenv('DESK_FILE') ?: sys_get_temp_dir() . '/halaman.json', 'c+');
    flock($file, LOCK_EX);
    $held = json_decode(stream_get_contents($file) ?: '{}', true) ?: ['tokens' => [], 'cases' => []];
    try {
        return $work($held);
    } finally {
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, json_encode($held, JSON_UNESCAPED_UNICODE));
        fclose($file);
    }
}

function today(): string
{
    return date('j') . ' ' . MONTHS[(int) date('n')] . ' ' . date('Y H:i');
}

function shown(string $title, string $content): void
{
    header('Content-Type: text/html; charset=utf-8');
    echo "<!doctype html>\n<html lang=id><head><title>$title</title><body><h1>$title</h1>\n$content\n<p class=kaki>&copy; Kantor";
}

function escaped(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES);
}

function ask(): void
{
    $cookie = bin2hex(random_bytes(12));
    $token = bin2hex(random_bytes(12));
    with_desk(function (array &$held) use ($cookie, $token) {
        $held['tokens'][$cookie] = $token;
        return null;
    });
    header("Set-Cookie: kantor_session=$cookie; path=/; HttpOnly");
    $options = '';
    foreach (SERVICES as $code => $name) {
        $options .= "<option value='$code'>$name\n";
    }
    shown('Permohonan surat', "<form method=post><input type=hidden name=_token value='$token'>
<select name=layanan><option disabled>Pilih $options</select>
<input name=nik><input name=nama><textarea name=keterangan></textarea><button>Kirim</button></form>");
}

function take(): void
{
    $refuse = fn(string $field, string $words) => shown('Permohonan surat', "<div class='galat' data-kolom='$field'>$words</div>");
    $cookie = $_COOKIE['kantor_session'] ?? '';
    with_desk(function (array &$held) use ($refuse, $cookie) {
        if (($held['tokens'][$cookie] ?? null) !== ($_POST['_token'] ?? '')) {
            http_response_code(419);
            shown('Halaman kedaluwarsa', '<p>Muat ulang halaman.');
        } elseif (!isset(SERVICES[$_POST['layanan'] ?? ''])) {
            $refuse('layanan', 'Pilih layanan yang ada.');
        } elseif (!preg_match('/^\d{16}$/', $_POST['nik'] ?? '')) {
            $refuse('nik', 'NIK harus 16 angka.');
        } else {
            unset($held['tokens'][$cookie]);
            $number = sprintf('REG-%05d', count($held['cases']) + 1);
            $held['cases'][] = [
                'nomor' => $number, 'nik' => $_POST['nik'], 'nama' => $_POST['nama'], 'layanan' => SERVICES[$_POST['layanan']],
                'keterangan' => $_POST['keterangan'] ?? '', 'masuk' => today(),
                'riwayat' => [[today(), 'Permohonan diterima', '']],
            ];
            shown('Terima kasih', "<div class=berhasil>Permohonan Anda kami terima. Nomor registrasi: <b>$number</b>. Simpan nomor ini.</div>");
        }
        return null;
    });
}

function look(): void
{
    with_desk(function (array &$held) {
        foreach ($held['cases'] as $one) {
            if ($one['nomor'] === trim($_GET['nomor'] ?? '') && $one['nik'] === trim($_GET['nik'] ?? '')) {
                $rows = '';
                foreach ($one['riwayat'] as [$at, $status, $note]) {
                    $rows .= '<tr><td>' . escaped($at) . '<td>' . escaped($status) . '<td>' . escaped($note);
                }
                $status = escaped(end($one['riwayat'])[1]);
                $name = escaped($one['nama']);
                shown('Cek status', "<table class=rincian><tr><th>Nomor registrasi<td>{$one['nomor']}<tr><th>Nama<td>$name
<tr><th>Layanan<td>{$one['layanan']}<tr><th>Tanggal masuk<td>{$one['masuk']}<tr><th>Status :<td><span class=label>$status</span></table>
<table class=riwayat><thead><tr><th>Waktu<th>Status<th>Catatan<tbody>$rows</table>");
                return null;
            }
        }
        shown('Cek status', '<p class=kosong>Data tidak ditemukan.');
        return null;
    });
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$posts = $_SERVER['REQUEST_METHOD'] === 'POST';
if ($path === '/petugas') {
    header('Content-Type: application/json');
    echo with_desk(function (array &$held) use ($posts) {
        foreach ($held['cases'] as &$one) {
            if ($posts && $one['nomor'] === $_GET['nomor']) {
                $one['riwayat'][] = [today(), $_GET['status'], $_GET['catatan'] ?? ''];
            }
        }
        return json_encode(['cases' => $held['cases']], JSON_UNESCAPED_UNICODE);
    });
} elseif ($path === '/permohonan') {
    $posts ? take() : ask();
} elseif ($path === '/cek-status') {
    look();
} else {
    http_response_code(404);
    shown('Tidak ada', '<p>Halaman itu tidak ada.');
}

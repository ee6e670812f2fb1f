<?php
// A complaint desk as many regencies have one: PHP's own SoapServer without a WSDL, rpc/encoded, letters in
// ISO-8859-1, dates as offices write them. It is served by `php -S`, and keeps what it holds in the file that
// DESK_FILE names. It knows nothing of Pendopo.
//
// Beside the service, for whoever plays the officer: GET /petugas lists the complaints as JSON, and
// POST /petugas?nomor=…&status=…&catatan=… moves one along.

declare(strict_types=1);
ini_set('soap.wsdl_cache_enabled', '0');
date_default_timezone_set('Asia/Jakarta');

const STATUSES = ['1' => 'Diterima', '2' => 'Sedang dikerjakan', '3' => 'Selesai', '9' => 'Ditolak'];

/** Everything that the desk holds, read and written under a lock. */
function with_desk(callable $work): mixed
{
    $file = fopen(getenv('DESK_FILE') ?: sys_get_temp_dir() . '/desk.json', 'c+');
    flock($file, LOCK_EX);
    $held = json_decode(stream_get_contents($file) ?: '[]', true) ?: [];
    try {
        return $work($held);
    } finally {
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, json_encode($held, JSON_UNESCAPED_UNICODE));
        fclose($file);
    }
}

class Desk
{
    public function daftarJenis(): array
    {
        $kind = fn(string $code, string $name, string $about) => (object) ['kode' => $code, 'nama' => $name, 'keterangan' => $about];
        return [
            $kind('JLN', 'Jalan dan jembatan', 'Kerusakan jalan, jembatan, trotoar'),
            $kind('AIR', 'Air bersih', 'Gangguan air, juga di kawasan Café & Résidence'),
        ];
    }

    public function buatPengaduan(string $jenis, string $nik, string $nama, string $uraian, string $tanggal, string $kunci): object
    {
        if (!preg_match('/^\d{16}$/', $nik)) {
            throw new SoapFault('Client', 'NIK harus 16 angka');
        }
        if (!preg_match('/^\d\d-\d\d-\d{4}$/', $tanggal)) {
            throw new SoapFault('Client', 'Tanggal kejadian harus dd-mm-yyyy');
        }
        return with_desk(function (array &$held) use ($jenis, $nik, $nama, $uraian, $tanggal, $kunci) {
            $number = sprintf('ADU/%s/%04d', date('Y'), count($held) + 1);
            $held[] = compact('jenis', 'nik', 'nama', 'uraian', 'tanggal', 'kunci') + [
                'nomor' => $number,
                'diterima' => date('d-m-Y H:i'),
                'riwayat' => [['waktu' => date('d-m-Y H:i'), 'status' => '1', 'catatan' => '']],
            ];
            return (object) ['nomor' => $number, 'pesan' => 'Pengaduan diterima. Terima kasih, ' . $nama . '.'];
        });
    }

    public function cekPengaduan(string $nomor, string $nik): object
    {
        return with_desk(function (array &$held) use ($nomor, $nik) {
            foreach ($held as $one) {
                if ($one['nomor'] === $nomor && $one['nik'] === $nik) {
                    $last = end($one['riwayat']);
                    return (object) [
                        'nomor' => $nomor,
                        'nik' => $nik,
                        'status' => $last['status'],
                        'arti' => STATUSES[$last['status']] ?? '',
                        'diterima' => $one['diterima'],
                        'riwayat' => array_map(fn(array $step) => (object) $step, $one['riwayat']),
                    ];
                }
            }
            throw new SoapFault('Client', 'Pengaduan tidak ditemukan');
        });
    }

    public function cariKunci(string $kunci): array
    {
        return with_desk(fn(array &$held) => array_map(
            fn(array $one) => (object) ['kunci' => $one['kunci'], 'nomor' => $one['nomor']],
            array_values(array_filter($held, fn(array $one) => $one['kunci'] === $kunci)),
        ));
    }
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/petugas') {
    header('Content-Type: application/json');
    echo with_desk(function (array &$held) {
        if ($_SERVER['REQUEST_METHOD'] === 'POST') {
            foreach ($held as &$one) {
                if ($one['nomor'] === $_GET['nomor']) {
                    $one['riwayat'][] = ['waktu' => date('d-m-Y H:i'), 'status' => $_GET['status'], 'catatan' => $_GET['catatan'] ?? ''];
                }
            }
        }
        return json_encode(['cases' => $held], JSON_UNESCAPED_UNICODE);
    });
    return;
}
if ($path !== '/layanan') {
    http_response_code(404);
    echo '<h1>Not Found</h1>';
    return;
}
// The service answers in UTF-8; a proxy that came with the old site makes ISO-8859-1 of it.
ob_start(function (string $answer): string {
    header('Content-Type: text/xml; charset=ISO-8859-1');
    header_remove('Content-Length');
    return iconv('UTF-8', 'ISO-8859-1//TRANSLIT', str_replace('encoding="UTF-8"', 'encoding="ISO-8859-1"', $answer));
});
$server = new SoapServer(null, ['uri' => 'urn:pengaduan', 'soap_version' => SOAP_1_1]);
$server->setClass(Desk::class);
$server->handle();

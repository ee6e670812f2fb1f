// A form with every type of field, filled in by touch and again by keyboard alone; what reaches the
// city's desk is held against what was typed, field by field.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { answerAll, begin, findService, heading, kept, newMarker, next, openForm, readyForm, receipt, review, send, tabTo } from "./citizen.mjs";
import { repository } from "./house.mjs";
import { expect, test } from "./pendopo.mjs";

const SERVICE = "bantuan perbaikan rumah";
const PHOTO = { name: "atap.png", mimeType: "image/png", buffer: readFileSync(join(repository, "tests/browser/foto.png")) };

/** What the desk must hold in the end, whoever typed it and however. */
const arrived = (marker) => ({
  nik: ["3273014107900001"],
  nama: ["Siti Rahmawati"],
  lahir: ["1990-07-01"],
  email: ["siti@example.id"],
  badan: ["true"],
  npwp: ["012345678901000"],
  situs: ["https://yayasan.example.id"],
  alamat: ["Jalan Braga 10, RT 3 RW 5"],
  wilayah: ["Arjuna, Cicendo, Kota Bandung (32.73.06.1002)"],
  bagian: ["dinding"],
  kerusakan: ["tembok"],
  bahan: ["bata"],
  bahaya: ["retak", "listrik"],
  luas: ["36.5"],
  penghuni: ["4"],
  biaya: ["12500000"],
  mulai: ["2027-03-01"],
  selesai: ["2027-04-30"],
  kunjungan: [expect.stringMatching(/^2027-02-01T09:30/)],
  jam: ["16:00"],
  uraian: [`Retak memanjang. ${marker}`],
  keluarga: ["1. Nama: Siti Rahmawati; Tanggal lahir: 1990-07-01; Penghasilan sebulan: 1250000\n2. Nama: Budi; Penghasilan sebulan: 750000"],
  penghasilan: ["2000000"],
  sendiri: ["500000"],
});

const label = (page, name) => readyForm(page).getByLabel(name, { exact: false });

async function caseOf(city, marker) {
  const cases = await city.casesWith(marker);
  expect(cases).toHaveLength(1);
  return cases[0];
}

function expectArrived(one, marker, typedName) {
  const expected = arrived(marker);
  if (typedName) expected.tanda = [typedName];
  expect(one.attributes).toEqual(expected);
  expect(one.address).toBe("Depan masjid");
}

test("a form with every type of field, by touch", async ({ page, city }) => {
  const marker = newMarker();
  const lists = [];
  page.on("request", (request) => /wilayah\/|sumber\./.test(request.url()) && lists.push(new URL(request.url()).pathname));
  await findService(page, SERVICE);
  await begin(page).tap();
  await expect(readyForm(page)).toBeVisible();

  // Nothing wrong is said before "Lanjut"; then everything at once, with the way to each.
  await next(page).tap();
  const summary = page.getByRole("alert").filter({ hasText: "Ada yang perlu diperbaiki" });
  await expect(summary).toBeFocused();
  await summary.getByRole("link", { name: /NIK pemohon/ }).tap();
  await expect(label(page, "NIK pemohon")).toBeFocused();
  await expect(summary.getByRole("link", { name: /Email/ }), "an email is needed without a phone number").toBeVisible();

  await readyForm(page).getByText("Mengapa ini ditanyakan?").tap();
  await expect(page.getByText("Hanya petugas perumahan yang melihatnya", { exact: false })).toBeVisible();
  await label(page, "NIK pemohon").fill("3273 0141 0790 0001");
  await label(page, "Nama lengkap").fill("Siti Rahmawati");
  await label(page, "Tanggal lahir").fill("2 Juli 1990");
  await label(page, "NIK pemohon").fill("3273 0141 0790 0001 ");
  await expect(page.getByText("menyebut tanggal lahir yang lain", { exact: false }), "a doubt stops nobody").toBeVisible();
  await label(page, "Tanggal lahir").fill("1 Juli 1990");
  await label(page, "Email").fill("siti@example.id");
  await expect(label(page, "NPWP badan")).toBeHidden();
  await readyForm(page).getByRole("radio", { name: "Ya", exact: true }).tap();
  await label(page, "NPWP badan").fill("01.234.567.8-901.000");
  await label(page, "Situs badan").fill("yayasan.example.id");
  await label(page, "Alamat rumah").fill("Jalan Braga 10, RT 3 RW 5");
  await label(page, "Kecamatan").selectOption({ label: "Cicendo" });
  await label(page, "Kelurahan atau desa").selectOption({ label: "Arjuna" });
  expect(lists, "one regency's villages were asked for").toEqual(["/katalog/wilayah/32.73.json"]);
  await next(page).tap();

  await expect(heading(page)).toHaveText("Bagaimana keadaan rumahnya?");
  await readyForm(page).getByRole("radio", { name: "Atap", exact: true }).tap();
  await label(page, "Kerusakannya").selectOption({ label: "Genting pecah" });
  await label(page, "Bahan yang diminta").selectOption({ label: "Baja ringan" });
  await readyForm(page).getByRole("radio", { name: "Dinding", exact: true }).tap();
  await expect(label(page, "Kerusakannya"), "what was part of the roof is nothing in a wall").toHaveValue("");
  await expect(label(page, "Bahan yang diminta")).toHaveValue("");
  await label(page, "Kerusakannya").selectOption({ label: "Tembok retak" });
  await label(page, "Bahan yang diminta").selectOption({ label: "Bata merah" });
  await readyForm(page).getByRole("checkbox", { name: "Kabel terbuka" }).tap();
  await readyForm(page).getByRole("checkbox", { name: "Retak", exact: true }).tap();
  await label(page, "Luas rumah").fill("36,5");
  await label(page, "Jumlah penghuni").fill("4");
  await label(page, "Perkiraan biaya").fill("12.500.000");
  await expect(page.getByText("Terbaca: Rp12.500.000")).toBeVisible();
  await label(page, "Mulai diperbaiki").fill("1/3/2027");
  await label(page, "Selesai diperbaiki").fill("28/2/2027");
  await label(page, "Kapan petugas boleh datang").fill("2027-02-01T09:30");
  await label(page, "Sejak jam berapa").fill("16:00");
  await label(page, "Ceritakan keadaannya").fill(`Retak memanjang. ${marker}`);
  await label(page, "Alamat atau patokan").fill("Depan masjid");
  await next(page).tap();
  await expect(summary, "a rule over two answers").toContainText("Tanggal selesai tidak boleh sebelum tanggal mulai");
  await summary.getByRole("link", { name: /Selesai/ }).tap();
  await label(page, "Selesai diperbaiki").fill("30 April 2027");
  await next(page).tap();

  await expect(heading(page)).toHaveText("Siapa saja yang tinggal di situ?");
  const entry = (number) => readyForm(page).getByRole("group", { name: `Anggota keluarga ${number}` });
  await entry(1).getByLabel("Nama").fill("Siti Rahmawati");
  await entry(1).getByLabel("Tanggal lahir").fill("1/7/1990");
  await entry(1).getByLabel("Penghasilan").fill("1.250.000");
  const total = page.getByLabel("Penghasilan sekeluarga sebulan");
  await expect(total).toHaveText("Rp1.250.000");
  for (const name of ["Salah", "Budi"]) {
    await page.getByRole("button", { name: "Tambah Anggota keluarga" }).tap();
    await entry(name === "Salah" ? 2 : 3).getByLabel("Nama").fill(name);
  }
  await entry(3).getByLabel("Penghasilan").fill("750.000");
  await expect(total).toHaveText("Rp2.000.000");
  await page.getByRole("button", { name: "Hapus Anggota keluarga 2" }).tap();
  await expect(entry(3)).toHaveCount(0);
  await expect(entry(2).getByLabel("Nama")).toHaveValue("Budi");
  await expect(total).toHaveText("Rp2.000.000");
  await label(page, "Berapa yang Anda tanggung").fill("20.000.000");
  await label(page, "Berapa yang Anda tanggung").blur();
  await readyForm(page).locator('input[type="file"]').first().setInputFiles(PHOTO);
  await expect(page.getByText(/atap\./)).toBeVisible();
  await readyForm(page).locator('input[type="file"]').nth(1).setInputFiles({ ...PHOTO, name: "surat.png" });
  await expect(page.getByText(/surat\./)).toBeVisible();
  const pad = await page.locator("canvas").boundingBox();
  await page.locator("canvas").scrollIntoViewIfNeeded();
  const box = (await page.locator("canvas").boundingBox()) ?? pad;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByText("Tanda tangan tersimpan")).toBeVisible();
  await expect(page.getByText("Diberikan kantor setelah menerima permohonan")).toBeVisible();
  await next(page).tap();
  await expect(summary).toContainText("tidak melebihi perkiraan biaya");
  await label(page, "Berapa yang Anda tanggung").fill("500.000");
  await next(page).tap();

  // From the review to a step and back, without the way between.
  await expect(review(page)).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Rp2.000.000");
  await expect(page.getByRole("main")).toContainText("Arjuna, Cicendo, Kota Bandung");
  await page.getByRole("button", { name: "Ubah: Bagaimana keadaan rumahnya?" }).tap();
  await expect(label(page, "Jumlah penghuni")).toHaveValue("4");
  await expect(label(page, "Bahan yang diminta")).toHaveValue("bata");
  await next(page).tap();
  await expect(review(page)).toBeVisible();

  await send(page).tap();
  await receipt(page);
  const one = await caseOf(city, marker);
  expectArrived(one, marker);
  expect(one.media, "a photo, a document and the signature").toHaveLength(3);
});

test("a form with every type of field, by keyboard alone", async ({ page, city }) => {
  const marker = newMarker();
  await findService(page, SERVICE);
  await tabTo(page, begin(page));
  await page.keyboard.press("Enter");
  await expect(readyForm(page)).toBeVisible();
  const type = async (where, text) => {
    await tabTo(page, where);
    await page.keyboard.type(text);
  };
  const press = async (where, key) => {
    await tabTo(page, where);
    await page.keyboard.press(key);
  };
  const choose = async (where, letters, value) => {
    await tabTo(page, where);
    await page.keyboard.type(letters);
    await expect(where).toHaveValue(value);
  };
  await type(label(page, "NIK pemohon"), "3273014107900001");
  await type(label(page, "Nama lengkap"), "Siti Rahmawati");
  await type(label(page, "Tanggal lahir"), "1-7-1990");
  await type(label(page, "Email"), "siti@example.id");
  await press(readyForm(page).getByRole("radio", { name: "Ya", exact: true }), "Space");
  await type(label(page, "NPWP badan"), "012345678901000");
  await type(label(page, "Situs badan"), "https://yayasan.example.id");
  await type(label(page, "Alamat rumah"), "Jalan Braga 10, RT 3 RW 5");
  await choose(label(page, "Kecamatan"), "Cicend", "32.73.06");
  await choose(label(page, "Kelurahan atau desa"), "Arj", "32.73.06.1002");
  await press(next(page), "Enter");

  await expect(heading(page)).toHaveText("Bagaimana keadaan rumahnya?");
  await press(readyForm(page).getByRole("radio", { name: "Atap", exact: true }), "ArrowDown");
  await expect(readyForm(page).getByRole("radio", { name: "Dinding", exact: true })).toBeChecked();
  await choose(label(page, "Kerusakannya"), "Temb", "tembok");
  await choose(label(page, "Bahan yang diminta"), "Bat", "bata");
  await press(readyForm(page).getByRole("checkbox", { name: "Retak", exact: true }), "Space");
  await press(readyForm(page).getByRole("checkbox", { name: "Kabel terbuka" }), "Space");
  await type(label(page, "Luas rumah"), "36,5");
  await type(label(page, "Jumlah penghuni"), "4");
  await type(label(page, "Perkiraan biaya"), "Rp 12.500.000,-");
  await type(label(page, "Mulai diperbaiki"), "1 Maret 2027");
  await type(label(page, "Selesai diperbaiki"), "30-04-2027");
  // The browser's own inputs, in the order of the page's language.
  await label(page, "Kapan petugas boleh datang").focus();
  await label(page, "Kapan petugas boleh datang").fill("2027-02-01T09:30");
  await label(page, "Sejak jam berapa").focus();
  await label(page, "Sejak jam berapa").fill("16:00");
  await type(label(page, "Ceritakan keadaannya"), `Retak memanjang. ${marker}`);
  await type(label(page, "Alamat atau patokan"), "Depan masjid");
  await press(next(page), "Enter");

  await expect(heading(page)).toHaveText("Siapa saja yang tinggal di situ?");
  const entry = (number) => readyForm(page).getByRole("group", { name: `Anggota keluarga ${number}` });
  await type(entry(1).getByLabel("Nama"), "Siti Rahmawati");
  await type(entry(1).getByLabel("Tanggal lahir"), "1/7/1990");
  await type(entry(1).getByLabel("Penghasilan"), "1250000");
  await press(page.getByRole("button", { name: "Tambah Anggota keluarga" }), "Enter");
  await expect(entry(2).getByLabel("Nama"), "the new entry has the focus").toBeFocused();
  await page.keyboard.type("Budi");
  await type(entry(2).getByLabel("Penghasilan"), "750.000");
  await type(label(page, "Berapa yang Anda tanggung"), "500000");
  await type(readyForm(page).getByRole("textbox", { name: "Atau ketik nama Anda" }), "Siti Rahmawati");
  await press(next(page), "Enter");
  await expect(review(page)).toBeVisible();
  await press(send(page), "Enter");
  await receipt(page);
  expectArrived(await caseOf(city, marker), marker, "Siti Rahmawati");
});

test("a draft of every type comes back as it was", async ({ page }) => {
  await findService(page, SERVICE);
  await begin(page).click();
  await label(page, "Nama lengkap").fill("Siti");
  await readyForm(page).getByRole("radio", { name: "Ya", exact: true }).check();
  await label(page, "NPWP badan").fill("0123");
  await label(page, "Kecamatan").selectOption({ label: "Cicendo" });
  await label(page, "Kelurahan atau desa").selectOption({ label: "Arjuna" });
  await kept(page);
  await expect(page.getByText(/Tersimpan di ponsel ini, /)).toBeVisible();
  // What was entered last is promised within a second of the page's own clock, and half of one to write it.
  const entered = await page.evaluate(() => performance.now());
  await page.waitForFunction((since) => performance.now() - since > 1500, entered);
  await page.reload();
  await expect(readyForm(page)).toBeVisible();
  await expect(label(page, "Nama lengkap")).toHaveValue("Siti");
  await expect(label(page, "NPWP badan")).toHaveValue("0123");
  await expect(label(page, "Kelurahan atau desa")).toHaveValue("32.73.06.1002");

  // It is listed, and can be deleted from there.
  await page.goto("/");
  const drafts = page.getByRole("region").or(page.locator("section")).filter({ hasText: "Lanjutkan" });
  await expect(drafts.getByRole("link", { name: /Bantuan perbaikan rumah/ })).toBeVisible();
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Hapus isian: Bantuan perbaikan rumah" }).click();
  await expect(page.getByRole("link", { name: /Bantuan perbaikan rumah/ })).toHaveCount(0);
});

test("the villages of one regency come in at most 30 KB, and with no form that does not ask for them", async ({ page, request }) => {
  const answer = await request.get("/katalog/wilayah/32.73.json", { headers: { "accept-encoding": "br" } });
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-encoding"]).toBe("br");
  const size = Number(answer.headers()["content-length"]);
  console.log(`the villages of 32.73: ${size} bytes`);
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThan(30 * 1024);
  const asked = [];
  page.on("request", (one) => one.url().includes("/wilayah/") && asked.push(one.url()));
  await openForm(page, "jalan berlubang");
  await answerAll(page, newMarker());
  expect(asked).toEqual([]);
});

// The citizen's own data, a PIN, and erasing: what stays on the phone, for whom, and how it goes.
import { answerAll, answerStep, answersOf, atHome, fileOf, kept, newMarker, next, openForm, outboxEmpties, pathOf, readyForm, review, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";
import { everythingStored, whatIsThere } from "./stored.mjs";

const GONE = /ERR_CONNECTION_REFUSED|ERR_FAILED|Failed to fetch|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|Failed to load resource/;
const MOTHER = { name: "Sri Wahyuni", nik: "3273015203600002", phone: "081298765432" };
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const PIN = "135790";

test.afterEach(async ({ house }) => {
  if (!(await fetch(house.door).then(() => true, () => false))) await house.openDoor();
});

async function addPerson(page, person, ground, button) {
  await page.goto("/data-saya");
  await page.getByRole("button", { name: button }).click();
  await page.getByLabel("atas dasar apa").selectOption({ label: ground });
  await page.getByLabel("Nama lengkap").fill(person.name);
  await page.getByLabel("NIK", { exact: true }).fill(person.nik);
  await page.getByLabel("Nomor HP").fill(person.phone);
  await page.getByLabel("Foto KTP").setInputFiles({ name: "ktp-ibu.png", mimeType: "image/png", buffer: PICTURE });
  await page.getByRole("button", { name: "Simpan di ponsel ini" }).click();
  await expect(page.getByRole("main")).toContainText(person.nik);
}

test("what is known of my mother is offered field by field, and on what ground I act is said before sending", async ({ page }) => {
  await addPerson(page, MOTHER, "Keluarga yang meminta bantuan saya", "Tambah data saya");
  await page.reload();
  await expect(page.getByRole("main"), "it is kept").toContainText(MOTHER.name);
  await expect(page.getByRole("main")).toContainText("ktp-ibu.png");
  const stored = await everythingStored(page);
  for (const secret of [MOTHER.name, MOTHER.nik, MOTHER.phone, "ktp-ibu.png", PICTURE.toString("latin1")]) {
    expect(stored.includes(secret), `${secret} in clear`).toBe(false);
  }

  await openForm(page, "akta kelahiran");
  const nik = readyForm(page).getByLabel(/nik/i).first();
  const offer = readyForm(page).getByRole("button", { name: `Pakai: ${MOTHER.nik} (${MOTHER.name})` }).first();
  await expect(offer).toBeVisible();
  await expect(nik, "nothing is filled in by itself").toHaveValue("");
  await offer.click();
  await expect(nik).toHaveValue(MOTHER.nik);
  await kept(page);
  await page.reload();
  await expect(readyForm(page).getByLabel(/nik/i).first(), "it is an answer like any").toHaveValue(MOTHER.nik);
  await answerAll(page, newMarker());
  await expect(page.getByRole("main")).toContainText(`Anda mengisi untuk ${MOTHER.name} (Keluarga yang meminta bantuan saya).`);
});

test("with a PIN nothing is read or sent until it is entered, and both costs are said beforehand", async ({ page, city, house, guard, request }) => {
  guard.expectTrouble(GONE);
  await page.goto("/pengaturan");
  const main = page.getByRole("main");
  await expect(main).toContainText("Tidak ada yang dikirim sebelum PIN dimasukkan");
  await expect(main).toContainText("PIN yang lupa tidak bisa dipulihkan");
  await page.getByLabel("PIN baru", { exact: true }).fill("123");
  await page.getByRole("button", { name: "Pasang PIN" }).click();
  await expect(main).toContainText("Tulis enam angka atau lebih");
  await page.getByLabel("PIN baru", { exact: true }).fill(PIN);
  await page.getByLabel("PIN baru, sekali lagi").fill(PIN);
  await page.getByRole("button", { name: "Pasang PIN" }).click();
  await expect(main).toContainText("PIN terpasang");

  // Goes on at once, in the page that set it.
  const service = await pathOf(request, "jalan berlubang");
  await page.goto(`${service}/isi`);
  await expect(page.getByRole("heading", { name: "Pendopo terkunci" })).toBeVisible();
  await page.getByLabel("PIN").fill("999999");
  await page.getByRole("button", { name: "Buka kunci" }).click();
  await expect(main).toContainText("Bukan PIN itu");
  await page.getByLabel("PIN").fill(PIN);
  await page.getByRole("button", { name: "Buka kunci" }).click();
  await expect(readyForm(page)).toBeVisible();
  await atHome(page, [fileOf(service)]);
  await house.closeDoor();
  const marker = newMarker();
  await answerAll(page, marker);
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Pendopo terkunci" })).toBeVisible();
  await house.openDoor();
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Terkunci" })).toBeVisible();
  // The engine is up and has nothing to read: a look-up goes as far as the lock.
  await page.goto("/kotak-keluar");
  await expect(page.getByRole("heading", { name: "Pendopo terkunci" })).toBeVisible();
  expect(await city.casesWith(marker), "nothing goes while it is locked").toEqual([]);
  const stored = await everythingStored(page);
  expect(stored.includes(marker)).toBe(false);

  await page.getByLabel("PIN").fill(PIN);
  await page.getByRole("button", { name: "Buka kunci" }).click();
  await expect.poll(async () => (await city.casesWith(marker)).length, { timeout: 45_000 }).toBe(1);

  await page.goto("/pengaturan");
  await page.getByLabel("PIN").fill(PIN);
  await page.getByRole("button", { name: "Buka kunci" }).click();
  await expect(main).toContainText("PIN terpasang");
  await page.getByLabel("PIN").fill(PIN);
  await page.getByRole("button", { name: "Lepas PIN" }).click();
  await expect(page.getByLabel("PIN baru", { exact: true })).toBeVisible();
  await page.goto("/status");
  await expect(page.getByRole("link", { name: /jalan berlubang/i }).first(), "without it everything opens again").toBeVisible();
});

test("unlocking one tab unlocks them all", async ({ page, context }) => {
  await page.goto("/pengaturan");
  await page.getByLabel("PIN baru", { exact: true }).fill(PIN);
  await page.getByLabel("PIN baru, sekali lagi").fill(PIN);
  await page.getByRole("button", { name: "Pasang PIN" }).click();
  await expect(page.getByRole("main")).toContainText("PIN terpasang");
  await page.close();
  const one = await context.newPage();
  await one.goto("/status");
  await expect(one.getByRole("heading", { name: "Pendopo terkunci" })).toBeVisible();
  const other = await context.newPage();
  await other.goto("/status");
  await other.getByLabel("PIN").fill(PIN);
  await other.getByRole("button", { name: "Buka kunci" }).click();
  await expect(other.getByRole("heading", { name: "Urusan saya" })).toBeVisible();
  await expect(one.getByRole("heading", { name: "Urusan saya" })).toBeVisible();
});

test("who has forgotten the PIN erases, and begins anew", async ({ page }) => {
  await openForm(page, "akta kelahiran");
  await readyForm(page).getByLabel(/nama lengkap/i).first().fill("Siti Rahmawati");
  await kept(page);
  await page.goto("/pengaturan");
  await page.getByLabel("PIN baru", { exact: true }).fill(PIN);
  await page.getByLabel("PIN baru, sekali lagi").fill(PIN);
  await page.getByRole("button", { name: "Pasang PIN" }).click();
  await expect(page.getByRole("main")).toContainText("PIN terpasang");
  await page.goto("/data-saya");
  await expect(page.getByRole("heading", { name: "Pendopo terkunci" })).toBeVisible();
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Hapus semua data saya" }).click();
  await expect(page.getByRole("button", { name: "Tambah data saya" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("0 isian belum selesai");
});

test("after erasing nothing is left: databases, caches, workers, storages", async ({ page, city, house, guard, request }) => {
  guard.expectTrouble(GONE);
  await addPerson(page, MOTHER, "Saya sendiri", "Tambah data saya");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Bahasa Indonesia" }).click();
  const service = await pathOf(request, "jalan berlubang");
  const marker = newMarker();
  await openForm(page, "akta kelahiran");
  await answerStep(page, answersOf(marker));
  await kept(page);
  await openForm(page, "jalan berlubang");
  await atHome(page, [fileOf(service)]);
  await answerAll(page, marker);
  await city.fault("down");
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toBeVisible();
  await page.goto("/data-saya");
  await expect(page.getByRole("main")).toContainText("1 menunggu dikirim");
  const before = await whatIsThere(page);
  expect(before.databases.sort()).toEqual(["pendopo", "pendopo-journal"]);
  expect(before.workers).toBe(1);
  expect(before.local).not.toEqual({});
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Hapus semua data saya" }).click();
  await expect(page.getByText("sudah dihapus")).toBeVisible();
  expect(await whatIsThere(page)).toEqual({ databases: [], caches: [], workers: 0, local: {}, session: {} });
  await city.fault("none");
  await page.goto("/kotak-keluar");
  await expect(page.getByRole("main")).toContainText("Tidak ada yang menunggu");
  expect(await city.casesWith(marker), "what was erased is not sent any more").toEqual([]);
});

// What a citizen sees where something stands in a form's way: a form that does not compile, one that
// the office changed, a draft that does not open, and one that does not go.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { fileOf, heading, kept, next, openForm, pathOf, readyForm } from "./citizen.mjs";
import { program, repository } from "./house.mjs";
import { expect, test } from "./pendopo.mjs";

// Published files are given in another state here, which a service worker would hide.
test.use({ serviceWorkers: "block" });

const HOUSE = "bantuan perbaikan rumah";
const label = (page, name) => readyForm(page).getByLabel(name, { exact: false });

test("a form that does not compile shows its office's contact, and the operator what is wrong and where", async ({ page, request, house }) => {
  const folder = mkdtempSync(join(tmpdir(), "pendopo-"));
  try {
    cpSync(join(repository, "tests/demo/regions"), join(folder, "regions"), { recursive: true });
    const path = join(folder, "regions/32.73.json");
    const region = JSON.parse(readFileSync(path, "utf8"));
    const at = region.backends[0].services.findIndex(({ code }) => code === "RTL-01");
    // Every question hangs on one that there is not.
    for (const step of region.backends[0].services[at].form.steps) {
      for (const section of step.sections) for (const field of section.fields) field.visible_when = { field: "tidak_ada", answered: true };
    }
    writeFileSync(path, JSON.stringify(region));
    const settings = readFileSync(house.settings, "utf8")
      .replace(/^regions = .*$/m, `regions = ${JSON.stringify(join(folder, "regions"))}`)
      .replace(/^catalogue = .*$/m, `catalogue = ${JSON.stringify(join(folder, "katalog"))}`);
    writeFileSync(join(folder, "edge.toml"), settings);
    const published = await promisify(execFile)(program, ["publish", "--config", join(folder, "edge.toml")], { cwd: repository }).catch((ended) => ended);
    const told = `${published.stdout}${published.stderr}`;
    expect(told, "the operator reads what is wrong").toContain("tidak_ada");
    expect(told, "and where").toContain(`/backends/0/services/${at}/form/steps/0/sections/0/fields/0/visible_when`);

    const service = await pathOf(request, HOUSE);
    const file = JSON.parse(readFileSync(join(house.folder, "katalog", fileOf(service).replace("/katalog/", "")), "utf8"));
    file.service.form = region.backends[0].services[at].form;
    await page.route(`**${fileOf(service)}`, (route) => route.fulfill({ json: file }));
    await page.goto(`${service}/isi`);
    await expect(heading(page)).toContainText("Bantuan perbaikan rumah");
    const main = page.getByRole("main");
    await expect(main).toContainText("Formulir ini belum bisa dibuka");
    await expect(main.getByRole("link", { name: region.contact.email })).toHaveAttribute("href", `mailto:${region.contact.email}`);
    await expect(main).toContainText(region.contact.office);
    await expect(readyForm(page)).toHaveCount(0);
    expect(await main.innerText(), "what only an operator understands").not.toContain("tidak_ada");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a form that the office changed asks again what means something else now, and nothing more", async ({ page, request, house }) => {
  const service = await pathOf(request, HOUSE);
  await openForm(page, HOUSE);
  await label(page, "NIK pemohon").fill("3273014107900001");
  await label(page, "Nama lengkap").fill("Siti Rahmawati");
  await label(page, "Tanggal lahir").fill("1/7/1990");
  await label(page, "Email").fill("siti@example.id");
  await readyForm(page).getByRole("radio", { name: "Tidak", exact: true }).check();
  await label(page, "Alamat rumah").fill("Jalan Braga 10");
  await label(page, "Kecamatan").selectOption({ label: "Cicendo" });
  await label(page, "Kelurahan atau desa").selectOption({ label: "Arjuna" });
  await next(page).click();
  await expect(heading(page)).toHaveText("Bagaimana keadaan rumahnya?");
  await label(page, "Jumlah penghuni").fill("4");
  await expect(page.getByText(/Tersimpan di ponsel ini, /)).toBeVisible();
  // Moving to another step writes the draft at once; this waits until it was written.
  await page.getByRole("button", { name: "Kembali" }).or(page.getByRole("link", { name: "Kembali" })).first().click();

  const file = JSON.parse(readFileSync(join(house.folder, "katalog", fileOf(service).replace("/katalog/", "")), "utf8"));
  const field = (id) => file.service.form.steps.flatMap(({ sections }) => sections).flatMap(({ fields }) => fields).find((one) => one.id === id);
  // Of one question the words change, of another what an answer to it means.
  field("attribute[nama]").label = { id: "Nama seperti di KTP", en: "Name as on the card" };
  field("attribute[alamat]").max_length = 90;
  file.fingerprint = "0123456789abcdef";
  await page.route(`**${fileOf(service)}`, (route) => route.fulfill({ json: file }));
  await page.goto(`${service}/isi`);
  const told = page.getByRole("status").filter({ hasText: "Kantor mengubah pertanyaan ini" });
  await expect(told.getByRole("button")).toHaveText(["Alamat rumah"]);
  await expect(label(page, "Nama seperti di KTP"), "its words alone changed").toHaveValue("Siti Rahmawati");
  await expect(label(page, "Alamat rumah"), "asked again, and not lost").toHaveValue("Jalan Braga 10");
  await label(page, "Alamat rumah").fill("Jalan Braga 10, RT 3");
  await next(page).click();
  await expect(heading(page)).toHaveText("Bagaimana keadaan rumahnya?");
  await expect(label(page, "Jumlah penghuni")).toHaveValue("4");
  await expect(page.getByText(/Tersimpan di ponsel ini, /)).toBeVisible();
  await page.reload();
  await expect(readyForm(page)).toBeVisible();
  await expect(page.getByText("Kantor mengubah pertanyaan ini"), "what was looked at is not asked a third time").toHaveCount(0);
});

/** Changes the rows of the journal's drafts, from a page without the app. */
const changeDrafts = (page, change) =>
  page.evaluate(async (change) => {
    const done = (request) => new Promise((good, bad) => Object.assign(request, { onsuccess: () => good(request.result), onerror: () => bad(request.error) }));
    const database = await done(indexedDB.open("pendopo-journal"));
    const store = database.transaction("drafts", "readwrite").objectStore("drafts");
    const [keys, rows] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    for (const [at, row] of rows.entries()) await done(store.put({ ...row, ...change }, keys[at]));
    database.close();
    return rows.map(({ version }) => version);
  }, change);

test("a draft that a newer version wrote is told, kept, and opens once this one can read it", async ({ page }) => {
  await openForm(page, "akta kelahiran");
  const form = page.url();
  const name = () => readyForm(page).getByLabel(/nama lengkap/i).first();
  await name().fill("Siti Rahmawati");
  await kept(page);
  await page.goto("/robots.txt");
  const [version] = await changeDrafts(page, { version: 99 });
  await page.goto("/");
  await expect(page.getByText("1 isian di ponsel ini tidak bisa dibuka")).toBeVisible();
  await expect(page.getByText("Isiannya tidak dihapus")).toBeVisible();
  await page.goto(form);
  await expect(readyForm(page)).toBeVisible();
  await expect(name(), "the form itself can be filled in").toHaveValue("");
  await page.goto("/robots.txt");
  expect(await changeDrafts(page, { version })).toContain(99);
  await page.goto(form);
  await expect(name()).toHaveValue("Siti Rahmawati");
});

test("a draft that the phone does not let go is not shown as gone", async ({ page }) => {
  await openForm(page, "akta kelahiran");
  const name = () => readyForm(page).getByLabel(/nama lengkap/i).first();
  await name().fill("Siti Rahmawati");
  await kept(page);
  await page.reload();
  await expect(name()).toHaveValue("Siti Rahmawati");
  const refuse = () =>
    page.evaluate(() => {
      IDBObjectStore.prototype.delete = () => {
        throw new DOMException("no", "UnknownError");
      };
    });
  await refuse();
  page.on("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Mulai dari awal" }).click();
  await expect(page.getByText("Belum terhapus: ponsel ini menolak.")).toBeVisible();
  await expect(name(), "what is still there must not look as if it were gone").toHaveValue("Siti Rahmawati");

  await page.goto("/");
  const discard = page.getByRole("button", { name: /Hapus isian: Akta kelahiran/ });
  await refuse();
  await discard.click();
  await expect(page.getByRole("alert").filter({ hasText: "Belum terhapus" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Akta kelahiran/ })).toBeVisible();
  await page.reload();
  await discard.click();
  await expect(discard, "and goes once it can").toHaveCount(0);
});

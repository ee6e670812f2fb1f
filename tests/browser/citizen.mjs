// What a citizen does, found by what a citizen sees: roles, labels and the published attributes.
import { expect } from "@playwright/test";

/** Answers by what their label says; the first that fits is given. */
export const answersOf = (marker) => [
  [/nik/i, "3273014107900001"],
  [/nama/i, "Siti Rahmawati"],
  [/e-?mail|surel/i, "siti@example.id"],
  [/hp|telepon|ponsel/i, "081234567890"],
  [/tanggal|sejak/i, "1/10/2026"],
  [/berapa|jumlah|tinggi/i, "2"],
  [/alamat|lokasi|tempat|di mana/i, "Jalan Braga 10, Bandung"],
  [/lintang|latitude/i, "-6.9175"],
  [/bujur|longitude/i, "107.6191"],
  [/cerita|jelas|uraian|keterangan|deskripsi|terjadi|laporan|catatan|keperluan|tujuan|judul|apa yang/i, `Dekat halte. ${marker}`],
];

/** Choices that are made wherever they are offered. */
export const choices = ["Sebesar ban mobil", "Kendaraan melambat atau macet", "Perempuan", "Tidak", "Jawa Barat", "KK", "Administrasi kependudukan"];

/** A text that occurs once in the world, to find one's own case by. */
export const newMarker = () => `penanda-${crypto.randomUUID()}`;

export const readyForm = (page) => page.locator("form[data-ready]");
export const review = (page) => page.getByRole("heading", { name: "Periksa jawaban Anda" });
export const heading = (page) => page.getByRole("heading", { level: 1 });
export const next = (page) => page.getByRole("button", { name: "Lanjut", exact: true });
export const send = (page) => page.getByRole("button", { name: "Kirim", exact: true });

/** "Mulai", be it a link or a button. */
export const begin = (page) =>
  page
    .getByRole("button", { name: "Mulai", exact: true })
    .or(page.getByRole("link", { name: "Mulai", exact: true }));

/** From the front page to a service's own page. */
export async function findService(page, words) {
  await page.goto("/");
  await page.getByRole("searchbox").fill(words);
  await page.getByRole("link", { name: new RegExp(words, "i") }).first().click();
  await expect(heading(page)).toContainText(new RegExp(words, "i"));
}

/** From the front page to the first step of a service's form, or to where a draft was left. */
export async function openForm(page, words) {
  await findService(page, words);
  await begin(page).or(page.getByRole("link", { name: "Lanjutkan isian", exact: true })).click();
  await expect(readyForm(page)).toBeVisible();
}

/** The path of a service, as the published index has it. */
export async function pathOf(request, words) {
  const index = await (await request.get("/katalog/indeks.json")).json();
  const entry = index.services.find((service) => JSON.stringify(service.name).toLowerCase().includes(words.toLowerCase()));
  expect(entry, `a published service named ${words}`).toBeTruthy();
  const [region, backend, ...code] = entry.id.split("/");
  return `/layanan/${region}/${backend}/${encodeURIComponent(code.join("/"))}`;
}

const labelOf = (field) =>
  field.evaluate((element) => [...(element.labels ?? [])].map((label) => label.textContent).join(" ").trim() || element.ariaLabel || "");

/** Answers every question of the step that is shown. */
export async function answerStep(page, answers) {
  const form = readyForm(page);
  for (const name of choices) {
    for (const role of ["radio", "checkbox"]) {
      for (const choice of await form.getByRole(role, { name, exact: true }).all()) await choice.check();
    }
  }
  for (const select of await form.getByRole("combobox").all()) {
    if (await select.inputValue()) continue;
    const offered = await select.getByRole("option").allTextContents();
    const wanted = choices.find((choice) => offered.includes(choice));
    if (wanted) await select.selectOption(wanted);
  }
  for (const field of await form.getByRole("textbox").or(form.getByRole("spinbutton")).all()) {
    if (!(await field.isVisible()) || (await field.inputValue())) continue;
    const label = await labelOf(field);
    const type = await field.getAttribute("type");
    const dated = { date: "2026-10-01", time: "09:30", "datetime-local": "2026-10-01T09:30" }[type];
    const answer = dated ?? answers.find(([pattern]) => pattern.test(label))?.[1];
    if (answer) await field.fill(answer);
    else expect(await field.evaluate((element) => element.required || element.ariaRequired === "true"), `the form requires "${label}", and this test has no answer`).toBe(false);
  }
}

/** Where the form is; changes with every step. */
const place = async (page) => `${await page.evaluate(() => JSON.stringify(history.state))} ${await heading(page).innerText()}`;

/** A photo as the page itself looks: real, and larger than a few bytes. */
const photoOf = async (page) => ({ name: "ktp.png", mimeType: "image/png", buffer: await page.screenshot() });

/** Gives a photo wherever a document is asked for, and waits until it is kept. */
async function giveDocuments(page) {
  const inputs = readyForm(page).locator("input[type=file]");
  for (let at = 0; at < (await inputs.count()); at += 1) {
    const kept = readyForm(page).locator("ul.files").nth(at).locator("li");
    if (!(await inputs.nth(at).isVisible()) || (await kept.count())) continue;
    await inputs.nth(at).setInputFiles(await photoOf(page));
    await expect(kept).toHaveCount(1);
  }
}

/** Answers step by step until everything is to be reviewed; photos only where `documents` are wanted. */
export async function answerAll(page, marker, { documents = false, answers = [] } = {}) {
  for (let step = 0; step < 20; step += 1) {
    await expect(readyForm(page).or(review(page)).first()).toBeVisible();
    if (await review(page).isVisible()) return;
    await answerStep(page, [...answers, ...answersOf(marker)]);
    if (documents) await giveDocuments(page);
    const before = await place(page);
    await next(page).click();
    await expect.poll(() => place(page), { message: "Lanjut leads to another step" }).not.toBe(before);
  }
  throw new Error("the form has no end");
}

/** A whole form, sent; gives the marker by which the city's case is found. */
export async function sendForm(page, words, marker = newMarker()) {
  await openForm(page, words);
  await answerAll(page, marker);
  await send(page).click();
  return marker;
}

/** The receipt's number. */
export async function receipt(page) {
  const shown = page.locator("[data-reference]").first();
  await expect(shown).toBeVisible();
  return shown.getAttribute("data-reference");
}

/** The answers are on the phone: the form itself says so. */
export async function kept(page) {
  await expect(page.getByText(/tersimpan/i).first()).toBeVisible();
}

/** Opens the outbox until nothing is left in it: opening a page is what makes waiting things go. */
export async function outboxEmpties(page) {
  await expect(async () => {
    await page.goto("/kotak-keluar");
    await expect(page.getByRole("main")).toContainText("Tidak ada yang menunggu", { timeout: 12_000 });
  }).toPass({ timeout: 45_000 });
}

/**
 * Presses Tab until `wanted` has the focus. Fails when the focus has gone round without meeting it.
 */
export async function tabTo(page, wanted) {
  await expect(wanted).toBeVisible();
  for (let press = 0; press < 120; press += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${wanted}`);
}

/** Waits until everything that a region needs is on the phone: the worker is at rest. */
export async function atHome(page, paths) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await expect
    .poll(() =>
      page.evaluate(async (paths) => {
        const found = await Promise.all(paths.map((path) => caches.match(path, { ignoreVary: true })));
        return paths.filter((_, at) => !found[at]);
      }, paths),
    )
    .toEqual([]);
}

/** The published file of a service, by the address of its page. */
export const fileOf = (service) =>
  `${service.replace("/layanan/", "/katalog/").replace(/[^/]+$/, (code) => code.replace(/[A-Z]/g, (one) => `~${one.toLowerCase()}`))}.json`;

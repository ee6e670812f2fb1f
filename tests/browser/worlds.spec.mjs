// The other systems: a village's letters with a login, a licensing office and a district's complaints
// by the edge alone, and a second city that speaks XML.
import { answerAll, heading, newMarker, openForm, readyForm, receipt, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

/** The controls of another backend of the sandbox. */
const controls = (house, base) => ({
  async cases() {
    const held = await (await fetch(`${house.city}/${base}/sandbox/cases`)).json();
    return held.cases ?? held.letters ?? held.complaints;
  },
  async move(id, body) {
    const response = await fetch(`${house.city}/${base}/sandbox/cases/${encodeURIComponent(id)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.ok, `${response.status} ${await response.text()}`).toBe(true);
  },
});

/** Fills in a whole form with its documents, and sends it. */
async function apply(page, service, answers = []) {
  const marker = newMarker();
  await page.goto(`/layanan/${service}/isi`);
  await answerAll(page, marker, { documents: true, answers });
  await send(page).click();
  return marker;
}

/** Logs in where the page asks for it. */
async function logIn(page, name, proof) {
  const form = page.locator("form[data-login]");
  await form.locator("#masuk-nama").fill(name);
  await form.locator("#masuk-sandi").fill(proof);
  await form.getByRole("button", { name: "Masuk", exact: true }).click();
}

/** Opens the case anew until it shows `phase`. */
async function casePageShows(page, address, phase) {
  await expect(async () => {
    await page.goto(address);
    await expect(page.locator("[data-phase]").first()).toHaveAttribute("data-phase", phase, { timeout: 5_000 });
  }).toPass({ timeout: 30_000 });
}

test("a letter is asked of a village: the login comes when it is needed, and what is missing is supplied", async ({ page, house }) => {
  const village = controls(house, "34.04/kalurahan");
  const before = (await village.cases()).length;
  await openForm(page, "keterangan usaha");
  const marker = newMarker();
  await answerAll(page, marker, { documents: true });
  await send(page).click();
  await expect(page.locator("[data-delivery=waiting]")).toBeVisible();
  expect(await village.cases(), "nothing is sent before").toHaveLength(before);
  await page.screenshot({ path: "screenshots/masuk.png", fullPage: true });
  await logIn(page, "3404070101909001", "999999");
  await expect(page.getByRole("alert").getByText(/tidak mengenali/)).toBeVisible();
  await logIn(page, "3404070101909001", "111111");
  const reference = await receipt(page);
  expect(await village.cases()).toHaveLength(before + 1);
  const address = new URL(page.url()).pathname;
  await casePageShows(page, address, "in_review");

  await village.move(reference, { status: "belum_lengkap", note: "Foto KTP kurang jelas." });
  // The page was opened anew, so the session is gone with it: the login is asked for where it is needed.
  await page.goto(address);
  await logIn(page, "3404070101909001", "111111");
  await expect(page.locator("[data-phase]").first()).toHaveAttribute("data-phase", "needs_citizen");
  await expect(page.getByRole("main"), "the office's own words").toContainText("Belum Lengkap");
  await page.screenshot({ path: "screenshots/lengkapi.png", fullPage: true });
  await page.getByRole("button", { name: "Lengkapi", exact: true }).click();
  await expect(readyForm(page).getByRole("textbox").first(), "nothing that was sent is typed again").not.toHaveValue("");
  const typed = await readyForm(page).getByRole("textbox").evaluateAll((fields) => fields.map(({ value }) => value));
  expect(typed.join(" ")).toContain(marker);
  await answerAll(page, newMarker(), { documents: true });
  await send(page).click();
  await expect(page.locator("[data-reference]").first()).toBeVisible();
  expect(await village.cases(), "the same application, not a new one").toHaveLength(before + 1);
});

test("a permit is asked of a licensing office that only the edge reaches, with the applicant's own account", async ({ page, house }) => {
  const office = controls(house, "32.73/izin");
  const before = (await office.cases()).length;
  await apply(page, "32.73/izin/13");
  await logIn(page, "pemohon.satu", "rahasia-satu");
  const reference = await receipt(page);
  const cases = await office.cases();
  expect(cases).toHaveLength(before + 1);
  expect(JSON.stringify(cases)).toContain(reference);
  await expect(page.locator("[data-phase]").first()).toBeVisible();

  // What is still to come is shown, and is not what is being done.
  const address = new URL(page.url()).pathname;
  await office.move(cases.at(-1).id, { step: "next" });
  await casePageShows(page, address, "in_progress");
  const now = page.locator(".timeline [aria-current=step]");
  await expect(now).toContainText("Verifikasi Berkas");
  const ahead = page.locator(".timeline .ahead");
  await expect(ahead.filter({ hasText: "Penetapan" })).toContainText("Berikutnya");
  await expect(page.locator(".timeline li").last()).toContainText("Penetapan");
});

test("a complaint to a district whose list leaks is followed by who filed it, and by nobody else", async ({ page, house, browser }) => {
  const district = controls(house, "34.04/kapanewon");
  const marker = await apply(page, "34.04/kapanewon/komplain", [
    [/nik/i, "3404070101909001"],
    [/tanggal lahir/i, "1/1/1990"],
  ]);
  const reference = await receipt(page);
  const address = new URL(page.url()).pathname;
  const filed = (await district.cases()).find((one) => JSON.stringify(one).includes(marker));
  await district.move(filed.id ?? reference, { status: "PROSES" });
  await casePageShows(page, address, "in_progress");

  const stranger = await (await browser.newContext({ baseURL: house.door, locale: "id-ID" })).newPage();
  await stranger.goto(`/status/34.04/kapanewon/${encodeURIComponent(reference)}`);
  await expect(heading(stranger)).toBeVisible();
  await stranger.locator("#keterangan").fill("3404074202929002");
  await stranger.getByRole("button", { name: "Lihat", exact: true }).click();
  await expect(stranger.getByRole("alert").first()).toContainText(reference);
  expect(await stranger.getByRole("main").innerText()).not.toContain(marker);
  expect(stranger.url()).not.toContain("3404074202929002");
  await stranger.context().close();
});

test("a second city speaks XML, gives a token first and a number later", async ({ page, house }) => {
  const city = controls(house, "33.74/sapa");
  const marker = await apply(page, "33.74/sapa/202");
  await expect(page.locator("[data-reference]").first()).toBeVisible();
  const filed = (await city.cases()).filter((one) => JSON.stringify(one).includes(marker));
  expect(filed, "delivered once").toHaveLength(1);
});

// Systems that know nothing of Pendopo, joined by a profile alone: a SOAP service run by PHP's own
// SoapServer, and an office that has nothing but pages. A whole job at each: find, fill in, send, follow.
import { answerAll, heading, newMarker, openForm, receipt, send } from "./citizen.mjs";
import { openHouse } from "./house.mjs";
import { expect, test as base } from "./pendopo.mjs";

const test = base.extend({
  house: [
    async ({}, use) => {
      const house = await openHouse({ abroad: true });
      await use(house);
      await house.close();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

const nik = "3404070101909001";

/** What the officer at one of the servers sees and does. */
const office = (house, script) => ({
  async cases() {
    return (await (await fetch(`${house.servers[script]}/petugas`)).json()).cases;
  },
  async move(nomor, status, catatan = "") {
    const query = new URLSearchParams({ nomor, status, catatan });
    expect((await fetch(`${house.servers[script]}/petugas?${query}`, { method: "POST" })).ok).toBe(true);
  },
});

/** Opens the case anew until it shows `phase`. */
async function casePageShows(page, address, phase) {
  await expect(async () => {
    await page.goto(address);
    await expect(page.locator("[data-phase]").first()).toHaveAttribute("data-phase", phase, { timeout: 5_000 });
  }).toPass({ timeout: 30_000 });
}

/** Looks a case up as somebody who has its number and says this NIK. */
async function lookUp(browser, house, path, fact) {
  const context = await browser.newContext({ baseURL: house.door, locale: "id-ID" });
  const page = await context.newPage();
  await page.goto(path);
  await expect(heading(page)).toBeVisible();
  await page.locator("#keterangan").fill(fact);
  await page.getByRole("button", { name: "Lihat", exact: true }).click();
  return { page, close: () => context.close() };
}

for (const { name, script, backend, words, moves } of [
  {
    name: "a complaint goes to a SOAP service and is followed to its end",
    script: "soap.php",
    backend: "34.71/aduan",
    words: "jalan dan jembatan",
    moves: [["2", "Regu berangkat", "in_progress"], ["3", "", "closed"]],
  },
  {
    name: "a letter is asked of an office that has nothing but pages",
    script: "halaman.php",
    backend: "34.71/surat",
    words: "keterangan usaha",
    moves: [["Berkas kurang", "Foto KTP kurang jelas", "needs_citizen"], ["Selesai, dapat diambil", "", "ready"]],
  },
]) {
  test(name, async ({ page, house, browser }) => {
    const desk = office(house, script);
    await openForm(page, words);
    const marker = newMarker();
    await answerAll(page, marker, {
      answers: [[/nik/i, nik], [/usaha anda|ceritakan/i, `Uji coba ${marker}`], [/kapan/i, "1/11/2026"]],
    });
    await send(page).click();
    const reference = await receipt(page);
    const filed = (await desk.cases()).filter((one) => JSON.stringify(one).includes(marker));
    expect(filed, "delivered once").toHaveLength(1);
    expect(filed[0].nomor).toBe(reference);
    expect(filed[0].nik).toBe(nik);

    const address = new URL(page.url()).pathname;
    await casePageShows(page, address, "submitted");
    for (const [status, note, phase] of moves) {
      await desk.move(reference, status, note);
      await casePageShows(page, address, phase);
      if (note) await expect(page.getByRole("main")).toContainText(note);
    }

    const path = `/status/${backend}/${encodeURIComponent(reference)}`;
    const owner = await lookUp(browser, house, path, nik);
    await expect(owner.page.locator("[data-phase]").first()).toHaveAttribute("data-phase", moves.at(-1)[2]);
    await owner.close();
    const stranger = await lookUp(browser, house, path, "3404074202929002");
    await expect(stranger.page.getByRole("alert").first()).toContainText(reference);
    expect(await stranger.page.getByRole("main").innerText()).not.toContain(marker);
    await stranger.close();
  });
}

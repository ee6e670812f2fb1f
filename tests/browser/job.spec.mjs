// The whole job: from a search to an office's answer, and what a stranger may see of it.
import { heading, receipt, sendForm } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

/** Opens the case anew until it shows `phase`: opening it is what asks the office. */
async function casePageShows(page, address, phase) {
  await expect(async () => {
    await page.goto(address);
    await expect(page.locator("[data-phase]").first()).toHaveAttribute("data-phase", phase, { timeout: 5_000 });
  }).toPass({ timeout: 30_000 });
}

test("a pothole is reported, and what the office says of it is told", async ({ page, city }) => {
  const marker = await sendForm(page, "jalan berlubang");
  const reference = await receipt(page);
  await expect(page, "the address becomes the case's own").toHaveURL(/\/status\/saya\/[0-9a-f-]{36}$/);
  const address = new URL(page.url()).pathname;

  const [filed, ...more] = await city.casesWith(marker);
  expect(more, "delivered once").toEqual([]);
  expect(filed.reference).toBe(reference);

  await casePageShows(page, address, "submitted");
  await city.move(reference, { status: "dikerjakan", note: "Regu tambal berangkat pagi ini.", agency: "Bidang Jalan Kota" });
  await casePageShows(page, address, "in_progress");
  const main = page.getByRole("main");
  await expect(main, "the office's own words").toContainText("Regu tambal berangkat pagi ini.");
  await expect(main, "who has it").toContainText("Bidang Jalan Kota");
  await expect(main, "where it comes from").toContainText(/sumber/i);
  await expect(main, "as of when").toContainText(/\bper\b|pukul/i);

  await city.move(reference, { status: "selesai", note: "Lubang sudah ditambal." });
  await casePageShows(page, address, "closed");
  await expect(page.locator("[data-phase]").first()).toHaveAttribute("data-outcome", "resolved");

  await page.goto("/status");
  await expect(page.getByRole("main"), "it is among my cases").toContainText(/jalan berlubang/i);
});

test("a status that nobody has mapped is shown in the office's own words, not guessed", async ({ page, city }) => {
  await sendForm(page, "jalan berlubang");
  const reference = await receipt(page);
  const address = new URL(page.url()).pathname;
  await city.move(reference, { status: "menunggu_anggaran" });
  await casePageShows(page, address, "unknown");
  await expect(page.getByRole("main")).toContainText(/menunggu[_ ]anggaran/i);
});

test("whoever has the number sees how far it is, and nothing of who asked", async ({ page, city, browser, house }) => {
  const marker = await sendForm(page, "jalan berlubang");
  const reference = await receipt(page);
  await city.move(reference, { status: "dijadwalkan", note: "Dijadwalkan minggu ini." });

  const [filed] = await city.casesWith(marker);
  const personal = Object.values(filed.reporter).filter((value) => value.length > 3);
  const stranger = await browser.newContext({ baseURL: house.door, locale: "id-ID" });
  const theirs = await stranger.newPage();
  const index = await (await stranger.request.get("/katalog/indeks.json")).json();
  const service = index.services.find((one) => one.id.endsWith(`/${filed.service_code}`));
  const [region, backend] = service.id.split("/");
  await theirs.goto(`/status/${region}/${backend}/${encodeURIComponent(reference)}`);
  await expect(heading(theirs)).toBeVisible();
  await expect(theirs.locator("[data-phase]").first()).toHaveAttribute("data-phase", "scheduled");
  const shown = await theirs.getByRole("main").innerText();
  for (const value of [marker, ...personal]) expect(shown).not.toContain(value);
  await stranger.close();
});

// When the office's server fails: what is said, what is safe, and that nothing arrives twice.
import { answerAll, heading, newMarker, openForm, outboxEmpties, pathOf, readyForm, receipt, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

// A browser tells its console of every answer that is not a success; these are provoked.
const PROVOKED = /Failed to load resource/;

test("a number that does not exist gives a plain answer", async ({ page, guard, request }) => {
  guard.expectTrouble(PROVOKED);
  const [, , region, backend] = (await pathOf(request, "jalan berlubang")).split("/");
  await page.goto(`/status/${region}/${backend}/TIDAK-ADA-1`);
  await expect(heading(page)).toBeVisible();
  const main = page.getByRole("main");
  await expect(main).toContainText(/tidak (ada|ditemukan|menemukan)|belum ditemukan/i);
  await expect(main, "the number, to be compared with one's paper").toContainText("TIDAK-ADA-1");
  await expect(main).not.toContainText(/\berror\b/i);
  await expect(page.locator("[data-phase]")).toHaveCount(0);
});

for (const [mode, what] of [
  ["down", "does not answer"],
  ["html", "answers with a web page"],
]) {
  test(`what is sent while the office's server ${what} waits, and arrives once`, async ({ page, city, guard }) => {
    test.setTimeout(240_000);
    guard.expectTrouble(PROVOKED);
    const marker = newMarker();
    await openForm(page, "jalan berlubang");
    await answerAll(page, marker);
    await city.fault(mode);
    await send(page).click();
    await expect(page.locator("[data-delivery]").first()).toHaveAttribute("data-delivery", /^(waiting|uncertain)$/);
    await expect(page.getByRole("main")).not.toContainText(/\berror\b/i);
    await expect(page.locator("[data-reference]"), "no receipt before there is one").toHaveCount(0);
    expect(await city.casesWith(marker)).toEqual([]);

    // Where nothing was sent the next try may be under way: a page that is loaded anew would interrupt it,
    // and what became of that is looked into for two minutes (clock.spec.mjs). A page in the backend's
    // place is an answer: the backend is asked at once when the page is loaded.
    const sent = mode !== "down";
    if (sent) await page.goto("/kotak-keluar");
    else await page.getByRole("link", { name: /belum terkirim/ }).click();
    await expect(page.locator("[data-delivery]"), "it is in the outbox").toHaveCount(1);

    await city.fault("none");
    if (sent) {
      await outboxEmpties(page);
    } else {
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      // Where the edge still had the form, it was sent, and nobody knows whether a connection that broke
      // off had brought it: then it takes the two minutes.
      await expect(page.getByRole("main")).toContainText("Tidak ada yang menunggu", { timeout: 150_000 });
    }
    expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
  });
}

test.describe("an answer that is lost on its way", () => {
  // The moment of sending is caught at the network, which a service worker would hide.
  test.use({ serviceWorkers: "block" });

  test("is asked for, and nothing is sent twice", async ({ page, city, guard }) => {
    guard.expectTrouble(PROVOKED);
    const marker = newMarker();
    let lost = false;
    await page.route("**/r/**", async (route) => {
      if (route.request().method() !== "POST" || lost) return route.continue();
      lost = true;
      await city.fault("lost");
      const answer = await route.fetch();
      await city.fault("none");
      await route.fulfill({ response: answer });
    });
    await openForm(page, "jalan berlubang");
    await answerAll(page, marker);
    await send(page).click();
    await expect.poll(async () => (await city.casesWith(marker)).length, { message: "the office has it" }).toBe(1);
    await outboxEmpties(page);
    expect(lost, "the answer was lost").toBe(true);
    const cases = await city.casesWith(marker);
    expect(cases, "delivered once").toHaveLength(1);

    await page.goto("/status");
    await page.getByRole("link", { name: /jalan berlubang/i }).first().click();
    expect(await receipt(page), "the receipt names the case that arrived").toBe(cases[0].reference);
  });
});

test.describe("what the office refuses", () => {
  // Its answer is given at the network, in the shape that many servers have: fields, each with words.
  test.use({ serviceWorkers: "block" });

  test("leads back to the form, with the office's words at the field, also after a reload", async ({ page, city, guard }) => {
    guard.expectTrouble(PROVOKED);
    const marker = newMarker();
    let refused = 0;
    await page.route("**/r/**", async (route) => {
      if (route.request().method() !== "POST" || refused > 0) return route.continue();
      refused += 1;
      const words = "Nomor tiang tidak ada di peta kami.";
      await route.fulfill({ status: 422, contentType: "application/json", body: JSON.stringify({ message: "Periksa lagi", errors: { "attribute[NOMOR_TIANG]": [words] } }) });
    });
    await openForm(page, "lampu penerangan");
    await answerAll(page, marker);
    await send(page).click();
    await expect(page.locator('[data-delivery="rejected"]').first()).toBeVisible();
    await page.getByRole("link", { name: "Perbaiki jawaban" }).click();
    const pole = () => readyForm(page).getByLabel(/nomor pada tiang/i).first();
    const said = async () => {
      await expect(pole(), "the step of the field is open").toBeVisible();
      await expect(pole()).toHaveAttribute("aria-invalid", "true");
      await expect(readyForm(page)).toContainText("Kantor menolak: “Nomor tiang tidak ada di peta kami.”");
    };
    await said();
    await page.reload();
    await said();
    await pole().fill("DGO-0117");
    await answerAll(page, marker);
    await send(page).click();
    await receipt(page);
    expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
  });
});

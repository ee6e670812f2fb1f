// An answer that was typed is never lost: not by a reload, not while the engine is late, not without it.
import { answerAll, kept, newMarker, openForm, outboxEmpties, pathOf, readyForm, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

// The engine's files are held back here, which a service worker would hide.
test.use({ serviceWorkers: "block" });

const ENGINE = /\/engine[^/]*\.(js|wasm)$/;
const name = (page) => readyForm(page).getByLabel(/nama lengkap/i).first();

test("a reload in the middle of a form keeps what was typed", async ({ page }) => {
  await openForm(page, "akta kelahiran");
  await name(page).fill("Siti Rahmawati");
  await kept(page);
  await page.reload();
  await expect(name(page)).toHaveValue("Siti Rahmawati");
});

test("the form answers to typing while the engine is still on its way", async ({ page, request }) => {
  let letCome;
  const held = new Promise((come) => (letCome = come));
  await page.route(ENGINE, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${await pathOf(request, "akta kelahiran")}/isi`);
  await expect(readyForm(page)).toBeVisible();
  await name(page).pressSequentially("Siti Rahmawati");
  await expect(name(page)).toHaveValue("Siti Rahmawati");
  await kept(page);

  const engine = page.waitForResponse((response) => ENGINE.test(response.url()) && response.ok());
  letCome();
  await engine;
  await expect(name(page), "its coming changes no answer").toHaveValue("Siti Rahmawati");
});

test("without an engine answers survive a reload, and what is sent waits and goes once it comes", async ({ page, city, guard }) => {
  guard.expectTrouble(/engine/);
  guard.expectTrouble(/ERR_FAILED/);
  await page.route(ENGINE, (route) => route.abort());
  const marker = newMarker();
  await openForm(page, "jalan berlubang");
  await answerAll(page, marker);
  await page.reload();
  await answerAll(page, marker);
  await expect(page.getByRole("main"), "the answer is there after the reload").toContainText(marker);

  await send(page).click();
  await expect(page.locator('[data-delivery="queued"]').first()).toBeVisible();
  await page.goto("/kotak-keluar");
  await expect(page.locator('[data-delivery="queued"]')).toHaveCount(1);
  expect(await city.casesWith(marker)).toEqual([]);

  await page.unroute(ENGINE);
  await outboxEmpties(page);
  expect(await city.casesWith(marker)).toHaveLength(1);
});

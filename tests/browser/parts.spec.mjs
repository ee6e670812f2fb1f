// The program arrives in parts. What happens when one of them does not: it is said, nothing typed is
// lost, and the next try asks for it again.
import { heading, kept, openForm, pathOf, readyForm } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

// Parts are held back here, which a service worker would hide.
test.use({ serviceWorkers: "block" });

const missing = (page) => page.getByRole("alert").filter({ hasText: "Sebagian halaman ini belum sampai" });
const name = (page) => readyForm(page).getByLabel(/nama lengkap/i).first();

test("a page whose part does not come says so, keeps what was typed, and comes with the next try", async ({ page, request, guard }) => {
  guard.expectTrouble(/pages\.wasm|ERR_FAILED|Failed to fetch/);
  let asked = 0;
  await page.route(/\/pages\.wasm$/, (route) => (asked++, route.abort()));
  await page.goto(`${await pathOf(request, "akta kelahiran")}/isi`);
  await name(page).fill("Siti Rahmawati");
  await kept(page);

  await page.getByRole("link", { name: /beranda|pendopo/i }).first().click();
  await expect(missing(page)).toBeVisible();
  await expect(missing(page)).toContainText("tersimpan di ponsel ini");
  expect(asked, "it was asked for").toBeGreaterThan(0);

  await page.goBack();
  await expect(name(page), "the form is still there, and the answer").toHaveValue("Siti Rahmawati");
  await page.goForward();
  await expect(missing(page)).toBeVisible();
  await page.unroute(/\/pages\.wasm$/);
  await page.getByRole("button", { name: "Muat ulang" }).click();
  await expect(heading(page)).toBeVisible();
  await expect(page.getByRole("searchbox")).toBeVisible();
});

test("a part that failed once is asked for again without a reload", async ({ page, request, guard }) => {
  guard.expectTrouble(/pages\.wasm|ERR_FAILED|Failed to fetch/);
  await page.route(/\/pages\.wasm$/, (route) => route.abort());
  await page.goto(await pathOf(request, "akta kelahiran"));
  await page.getByRole("link", { name: /beranda|pendopo/i }).first().click();
  await expect(missing(page)).toBeVisible();
  await page.unroute(/\/pages\.wasm$/);
  await page.goBack();
  await page.goForward();
  await expect(page.getByRole("searchbox")).toBeVisible();
});

test("an engine whose own part does not come is told as one that does not run", async ({ page, guard }) => {
  guard.expectTrouble(/engine|ERR_FAILED|Failed to fetch/);
  await page.route(/\/engine\.wasm$/, (route) => route.abort());
  await openForm(page, "akta kelahiran");
  await expect(page.getByText("Bagian yang mengirim tidak berjalan")).toBeVisible();
  await name(page).fill("Siti Rahmawati");
  await kept(page);
});

test("the other pages come once a form answers to typing, before anybody asks for one", async ({ page, request }) => {
  const pages = page.waitForResponse((response) => response.url().endsWith("/pages.wasm") && response.ok());
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector("form[data-ready]")) return;
      observer.disconnect();
      window.readyAt = performance.now();
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.goto(`${await pathOf(request, "akta kelahiran")}/isi`);
  await expect(readyForm(page)).toBeVisible();
  await pages;
  const early = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name, startTime }) => startTime < window.readyAt && /\/(pages|engine|soon|rare)\.(wasm|js|bin)$/.test(name))
      .map(({ name }) => name),
  );
  expect(early, "nothing that a form does not need comes before it is ready").toEqual([]);
});

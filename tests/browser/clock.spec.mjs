// A clock a day wrong, ahead and behind, and time that has passed: page and worker are served with such a clock.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answerAll, newMarker, openForm, outboxEmpties, send } from "./citizen.mjs";
import { openHouse, repository } from "./house.mjs";
import { expect, test } from "./pendopo.mjs";

const DAY = 86_400_000;

// The moment of sending is caught at the network, which a service worker would hide.
test.use({
  serviceWorkers: "block",
  house: [
    async ({}, use) => {
      const dist = mkdtempSync(join(tmpdir(), "pendopo-dist-"));
      cpSync(join(repository, "dist"), dist, { recursive: true });
      const [build] = JSON.parse(readFileSync(join(dist, "b/builds.json"), "utf8"));
      // Every script of the build begins with the wrong clock; how wrong is in the address of its server.
      const skew = (days) => `globalThis.Date = class extends Date { constructor(...given) { given.length ? super(...given) : super(Date.now()); } static #real = Date.now; static now() { return this.#real() + ${days * DAY}; } };\n`;
      const set = (days) => {
        const folder = join(dist, "b", build);
        for (const name of readdirSync(folder).filter((name) => /^(app|engine|engine_loader|start)\.js$/.test(name))) {
          const plain = readFileSync(join(repository, "dist/b", build, name), "utf8");
          writeFileSync(join(folder, name), `if (!globalThis.clockIsWrong) { globalThis.clockIsWrong = true; ${skew(days)} }\n${plain}`);
          rmSync(join(folder, `${name}.br`), { force: true });
        }
      };
      set(0);
      const house = await openHouse({ dist });
      await use({ ...house, setClock: set });
      await house.close();
      rmSync(dist, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

for (const days of [1, -1]) {
  test(`${days > 0 ? "ahead" : "behind"}: an answer that is lost is asked for, and it arrives once`, async ({ page, city, house, guard }) => {
    guard.expectTrouble(/Failed to load resource/);
    house.setClock(days);
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
    await expect.poll(() => lost).toBe(true);
    await outboxEmpties(page);
    expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
    const off = async (where) => Math.round(((await where.evaluate(() => Date.now())) - Date.now()) / DAY);
    expect(await off(page), "the page's clock").toBe(days);
    expect(await off(page.workers()[0]), "the engine's clock").toBe(days);
  });
}

test("a server that failed is given two minutes, then asked again: what it has not got is sent once more", async ({ page, city, house, guard }) => {
  guard.expectTrouble(/Failed to load resource/);
  house.setClock(0);
  // A page whose requests are looked at has no cache, so the clock that is set last is the one it loads.
  await page.route("**/b/**", (route) => route.continue());
  const marker = newMarker();
  await openForm(page, "jalan berlubang");
  await answerAll(page, marker);
  await city.fault("error500", "/requests.json");
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toHaveAttribute("data-delivery", "uncertain");
  await expect(page.getByRole("main")).not.toContainText(/\berror\b/i);
  await expect(page.locator("[data-reference]"), "no receipt before there is one").toHaveCount(0);
  await city.fault("none");

  const asked = page.waitForResponse((answer) => answer.url().includes("/requests.json?") && answer.ok());
  await page.goto("/kotak-keluar");
  await asked;
  await expect(page.locator("[data-delivery]")).toHaveAttribute("data-delivery", "uncertain");
  expect(await city.casesWith(marker), "nothing is sent while the first may be at work").toEqual([]);

  house.setClock(1);
  await outboxEmpties(page);
  expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
});

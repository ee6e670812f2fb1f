// After an update: what an old page goes on doing, and how it is told.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answerAll, answerStep, answersOf, atHome, fileOf, kept, newMarker, openForm, pathOf, readyForm, send } from "./citizen.mjs";
import { openHouse, repository } from "./house.mjs";
import { expect, test } from "./pendopo.mjs";

/** Puts the same build under another name into a folder that is served, as the newest. */
function publishAnew(dist, newer) {
  const text = (name) => readFileSync(join(dist, name), "utf8");
  const [, build] = /const BUILD = "(\w+)"/.exec(text("sw.js"));
  cpSync(join(dist, "b", build), join(dist, "b", newer), { recursive: true });
  for (const name of ["index.html", "sw.js"]) {
    writeFileSync(join(dist, name), text(name).replaceAll(build, newer).replace(/const SHELL = "\w+"/, `const SHELL = "${newer}"`));
    rmSync(join(dist, `${name}.br`), { force: true });
  }
}

test.use({
  house: [
    async ({}, use) => {
      const dist = mkdtempSync(join(tmpdir(), "pendopo-dist-"));
      cpSync(join(repository, "dist"), dist, { recursive: true });
      const house = await openHouse({ dist });
      await use({ ...house, dist });
      await house.close();
      rmSync(dist, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

test("the newer build is offered outside of a form and taken by a reload, and an old page goes on meanwhile", async ({ page, context, city, house, request }) => {
  const service = await pathOf(request, "jalan berlubang");
  await openForm(page, "jalan berlubang");
  await atHome(page, [fileOf(service)]);
  const marker = newMarker();
  await answerStep(page, answersOf(marker));
  await kept(page);

  const newer = "0123456789ab";
  publishAnew(house.dist, newer);
  const fresh = await context.newPage();
  await fresh.goto("/");
  await expect(fresh.getByText("Ada versi baru Pendopo"), "the other page is told, and has the old build").toBeVisible();
  const offer = page.getByText("Ada versi baru Pendopo");
  await expect(readyForm(page)).toBeVisible();
  await expect(offer, "nobody is asked to leave a form").toHaveCount(0);

  await fresh.getByRole("button", { name: "Muat ulang" }).click();
  const build = (of) => of.evaluate(() => document.querySelector("script[type=module]").src);
  await expect.poll(() => build(fresh)).toContain(newer);
  await expect(fresh.getByText("Ada versi baru Pendopo")).toHaveCount(0);

  // Two builds are open now, and one outbox is between them.
  await answerAll(page, marker);
  await send(page).click();
  await expect.poll(async () => (await city.casesWith(marker)).length, { timeout: 45_000 }).toBe(1);
  await expect(page.locator("[data-reference]").first()).toBeVisible({ timeout: 30_000 });
  await expect(offer, "the form is done").toBeVisible();
  expect(await build(page), "the old page is the old page").not.toContain(newer);
  await fresh.goto("/status");
  await expect(fresh.getByRole("link", { name: /jalan berlubang/i }).first()).toBeVisible();
  expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
});

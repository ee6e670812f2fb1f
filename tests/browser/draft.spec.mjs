// A draft outlives its tab: killed at any moment it has lost nothing that is older than a second, with
// an engine or without; and two tabs never overwrite each other's answers unsaid.
import { begin, findService, kept, openForm, pathOf, readyForm } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

/** How many tabs are killed: a few in the suite, PENDOPO_KILLS=200 for the whole claim. */
const KILLS = Number(process.env.PENDOPO_KILLS ?? 8);
/** No answer that is older is lost, in milliseconds. */
const SAFE = 1000;

// The engine is held back at the network, which a service worker would hide.
test.use({ serviceWorkers: "block" });

/** SplitMix64 on 32 bits: the same moments in every run. */
function seeded(seed) {
  return () => {
    seed = (seed + 0x9e3779b9) | 0;
    let z = seed;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

const ENGINE = /\/engine[^/]*\.(js|wasm)$/;

/** Types until the tab is killed, and gives what had been typed and when. */
async function typeUntilKilled(page, after) {
  const field = readyForm(page).getByLabel(/cerita/i).first();
  const typed = [];
  let killed = false;
  const typing = (async () => {
    await field.focus();
    for (let letter = 0; !killed; letter += 1) {
      await page.keyboard.type(String.fromCharCode(97 + (letter % 26)));
      typed.push(Date.now());
    }
  })().catch(() => {});
  await new Promise((done) => setTimeout(done, after));
  const moment = Date.now();
  const client = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  client.send("Page.crash").catch(() => {});
  await crashed;
  killed = true;
  await typing;
  return typed.filter((at) => at <= moment - SAFE).length;
}

for (let kill = 0; kill < KILLS; kill += 1) {
  const random = seeded(1000 + kill);
  const after = Math.round(SAFE + random() * 2000);
  const never = kill === 0;
  const without = kill % 2 === 0;
  test(`a tab killed after ${after} ms, ${never ? "with an engine that never comes" : without ? "before the engine is up" : "with its engine"} (${kill})`, async ({ context, request, guard }) => {
    guard.expectTrouble(/engine|ERR_FAILED|Failed to load/);
    const path = `${await pathOf(request, "jalan berlubang")}/isi`;
    const page = await context.newPage();
    if (without) await page.route(ENGINE, (route) => (never ? route.abort() : undefined));
    await page.goto(path);
    await expect(readyForm(page)).toBeVisible();
    const letters = await typeUntilKilled(page, after);
    await page.close();
    const again = await context.newPage();
    if (never) await again.route(ENGINE, (route) => route.abort());
    await again.goto(path);
    await expect(readyForm(again)).toBeVisible();
    const found = await readyForm(again).getByLabel(/cerita/i).first().inputValue();
    expect(found.length, `of ${letters} letters older than a second`).toBeGreaterThanOrEqual(letters);
    expect(found).toBe(Array.from(found, (_, at) => String.fromCharCode(97 + (at % 26))).join(""));
    await again.close();
  });
}

test("two tabs on one draft: the second to write says so and overwrites nothing", async ({ page, context }) => {
  await openForm(page, "jalan berlubang");
  const story = (tab) => readyForm(tab).getByLabel(/cerita/i).first();
  await story(page).fill("dari tab pertama");
  await expect(page.getByText(/Tersimpan di ponsel ini, /)).toBeVisible();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(story(other)).toHaveValue("dari tab pertama");
  await story(other).fill("dari tab kedua");
  await expect(other.getByText(/Tersimpan di ponsel ini, /)).toBeVisible();
  await story(page).fill("dari tab pertama, lagi");
  await expect(page.getByText("diubah di tab lain")).toBeVisible();
  await page.reload();
  await expect(story(page)).toHaveValue("dari tab kedua");
});

test("two tabs that begin the same service make one draft", async ({ page, context }) => {
  await findService(page, "jalan berlubang");
  const other = await context.newPage();
  await other.goto(page.url());
  for (const tab of [page, other]) {
    await begin(tab).click();
    await expect(readyForm(tab)).toBeVisible();
  }
  const story = (tab) => readyForm(tab).getByLabel(/cerita/i).first();
  await story(page).fill("yang pertama");
  await expect(page.getByText(/Tersimpan di ponsel ini, /)).toBeVisible();
  await story(other).fill("yang kedua");
  await expect(other.getByText("diubah di tab lain")).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("link", { name: /Jalan berlubang/ })).toHaveCount(1);
  await other.close();
  await page.getByRole("link", { name: /Jalan berlubang/ }).click();
  await expect(readyForm(page)).toBeVisible();
  await expect(story(page)).toHaveValue("yang pertama");
});

test("Back and Forward walk through the steps, and what was typed is there", async ({ page }) => {
  await openForm(page, "bantuan perbaikan rumah");
  await readyForm(page).getByLabel("Nama lengkap").fill("Siti");
  await kept(page);
  await page.goBack();
  await expect(page).toHaveURL(/RTL-01$|rtl-01$|%/i);
  await page.goForward();
  await expect(readyForm(page).getByLabel("Nama lengkap")).toHaveValue("Siti");
});

// Without a network: the server's process is ended, and the app opens, is filled in, and sends later.
import { answerAll, answerStep, answersOf, atHome, begin, fileOf, newMarker, next, pathOf, readyForm, receipt, review, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

// A browser tells its console of what did not come; that the server is gone is this file's subject.
const GONE = /ERR_CONNECTION_REFUSED|ERR_FAILED|Failed to fetch|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|Failed to load resource/;

test.afterEach(async ({ house }) => {
  if (!(await fetch(house.door).then(() => true, () => false))) await house.openDoor();
});

test("a form of a region seen before is filled in without a server, picture included, and arrives once when there is one", async ({
  page,
  city,
  house,
  guard,
  request,
}) => {
  guard.expectTrouble(GONE);
  const service = await pathOf(request, "jalan berlubang");
  const region = service.split("/")[2];
  // Only the region was looked at, none of its forms.
  await page.goto(`/daerah/${region}`);
  await atHome(page, [`/katalog/${region}/region.json`, fileOf(service)]);
  await house.closeDoor();

  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 }), "the app opens").toBeVisible();
  await page.goto(service);
  await begin(page).click();
  await expect(readyForm(page)).toBeVisible();
  const marker = newMarker();
  await withPicture(page, marker);
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toHaveAttribute("data-delivery", /^(queued|waiting|sending)$/);
  await page.goto("/kotak-keluar");
  await expect(page.locator("[data-delivery]"), "it is in the outbox").toHaveCount(1);
  await expect(page.locator("[data-reference]"), "no receipt before there is one").toHaveCount(0);

  await house.openDoor();
  // Nobody touches the page: it finds out by itself.
  await expect.poll(async () => (await city.casesWith(marker)).length, { timeout: 45_000 }).toBe(1);
  await expect(page.getByRole("main")).toContainText("Tidak ada yang menunggu", { timeout: 30_000 });
  const [filed] = await city.casesWith(marker);
  expect(filed.media, "the picture came along").toHaveLength(1);
});

/** Answers everything, and adds a picture wherever one can be added. */
async function withPicture(page, marker) {
  for (let step = 0; step < 20; step += 1) {
    await expect(readyForm(page).or(review(page)).first()).toBeVisible();
    if (await review(page).isVisible()) return;
    for (const input of await readyForm(page).locator("input[type=file]").all()) {
      await input.setInputFiles({ name: "lubang.png", mimeType: "image/png", buffer: PICTURE });
      await expect(readyForm(page)).toContainText(/lubang\.(png|jpg)/);
    }
    await answerStep(page, answersOf(marker));
    const before = await page.evaluate(() => JSON.stringify(history.state));
    await next(page).click();
    await expect.poll(() => page.evaluate(() => JSON.stringify(history.state))).not.toBe(before);
  }
}

const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("where a login is needed, what was queued without a server asks for it plainly once there is one, and then goes", async ({ page, house, guard }) => {
  guard.expectTrouble(GONE);
  const village = async () => (await (await fetch(`${house.city}/34.04/kalurahan/sandbox/cases`)).json()).letters.map((one) => JSON.stringify(one));
  const service = "/layanan/34.04/kalurahan/surat-keterangan-usaha";
  await page.goto(`${service}/isi`);
  await atHome(page, [fileOf(service), "/katalog/34.04/region.json"]);
  const before = await village();
  await house.closeDoor();
  await page.goto(`${service}/isi`);
  const marker = newMarker();
  await answerAll(page, marker, { documents: true });
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toHaveAttribute("data-delivery", /^(queued|waiting|sending)$/);

  await house.openDoor();
  // Nobody touches the page: it finds out by itself that a login is all that is missing.
  const login = page.locator("form[data-login]");
  await expect(login).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole("main")).toContainText("Sistem daerah meminta Anda masuk dulu");
  expect(await village(), "nothing goes before").toEqual(before);
  await login.locator("#masuk-nama").fill("3404070101909001");
  await login.locator("#masuk-sandi").fill("111111");
  await login.getByRole("button", { name: "Masuk", exact: true }).click();
  await receipt(page);
  const filed = (await village()).filter((one) => !before.includes(one));
  expect(filed, "delivered once").toHaveLength(1);
  expect(filed[0]).toContain(marker);
});

test("what waits is sent at the next opening if the page was closed", async ({ page, context, city, house, guard, request }) => {
  guard.expectTrouble(GONE);
  const service = await pathOf(request, "jalan berlubang");
  await page.goto(`${service}/isi`);
  await atHome(page, [fileOf(service)]);
  await house.closeDoor();
  await page.goto(`${service}/isi`);
  const marker = newMarker();
  await answerAll(page, marker);
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toBeVisible();
  await page.close();
  await house.openDoor();
  expect(await city.casesWith(marker), "nothing goes while nothing is open").toEqual([]);
  const again = await context.newPage();
  await again.goto("/");
  await expect.poll(async () => (await city.casesWith(marker)).length, { timeout: 45_000 }).toBe(1);
  await again.goto("/status");
  await again.getByRole("link", { name: /jalan berlubang/i }).first().click();
  const [filed] = await city.casesWith(marker);
  expect(await receipt(again)).toBe(filed.reference);
});

test("the worker answers no backend, no ledger and no frame", async ({ page, request, guard }) => {
  guard.expectTrouble(GONE);
  const service = await pathOf(request, "jalan berlubang");
  await page.goto(service);
  await atHome(page, [fileOf(service)]);
  await page.reload();
  const [, , region, backend] = service.split("/");
  const worker = (path) => page.waitForResponse((response) => new URL(response.url()).pathname === path).then((response) => response.fromServiceWorker());
  const asked = async (path) => {
    const seen = worker(path);
    await page.evaluate((path) => fetch(path).catch(() => undefined), path);
    return seen;
  };
  expect(await asked(fileOf(service)), "the worker is at work").toBe(true);
  const others = [`/r/${region}/${backend}/requests.json`, `/i/${region}/${backend}`, "/l"];
  for (const path of others) expect(await asked(path), path).toBe(false);
  const frame = `/embed/cari/${region}`;
  expect((await page.goto(frame)).fromServiceWorker(), frame).toBe(false);
  for (const path of [...others, frame]) {
    expect(await page.evaluate((path) => caches.match(path).then(Boolean), path), `${path} is in no cache`).toBe(false);
  }
  expect((await page.goto("/")).fromServiceWorker(), "a page of the app comes from the worker").toBe(true);
});

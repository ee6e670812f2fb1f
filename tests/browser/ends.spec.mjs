// Ways in which a phone makes trouble, and the end that each has. README names them; a clock that is
// wrong and an update have files of their own, since they need other programs to be served.
import { answerAll, atHome, fileOf, kept, newMarker, openForm, pathOf, receipt, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

const PROVOKED = /Failed to load resource|ERR_FAILED|ERR_CONNECTION_REFUSED/;

test("two tabs on one outbox: both show it, and what waits arrives once", async ({ page, context, city, house, guard, request }) => {
  guard.expectTrouble(PROVOKED);
  const service = await pathOf(request, "jalan berlubang");
  await page.goto(`${service}/isi`);
  await atHome(page, [fileOf(service)]);
  await house.closeDoor();
  const marker = newMarker();
  await answerAll(page, marker);
  await send(page).click();
  await expect(page.locator("[data-delivery]").first()).toBeVisible();
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto("/kotak-keluar");
    await expect(tab.locator("[data-delivery]")).toHaveCount(1);
  }
  await house.openDoor();
  for (const tab of [page, other]) {
    const now = tab.getByRole("button", { name: "Coba kirim sekarang" });
    if (await now.isVisible()) await now.click({ timeout: 2_000 }).catch(() => {});
  }
  for (const tab of [page, other]) await expect(tab.getByRole("main")).toContainText("Tidak ada yang menunggu", { timeout: 45_000 });
  expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
  // The tab that sent is closed; the other one goes on alone.
  await page.close();
  await openForm(other, "jalan berlubang");
  const second = newMarker();
  await answerAll(other, second);
  await send(other).click();
  await receipt(other);
  expect(await city.casesWith(second)).toHaveLength(1);
});

test("a full disk: what is typed is said not to be kept, nothing is sent that is not kept, and it goes on once there is room", async ({ page, city, guard }) => {
  guard.expectTrouble(PROVOKED);
  const marker = newMarker();
  await openForm(page, "jalan berlubang");
  await answerAll(page, marker);
  // The browser's own word for it, at the place where it says it.
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    window.makeRoom = () => (IDBObjectStore.prototype.put = put);
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The quota is used up", "QuotaExceededError");
    };
  });
  await send(page).click();
  await expect(page.getByText("Belum tersimpan. Ponsel ini penuh")).toBeVisible();
  await expect(send(page), "the form is still there, with all that was typed").toBeVisible();
  await expect(page.getByRole("main")).toContainText(marker);
  expect(await city.casesWith(marker), "nothing is sent that is not kept").toEqual([]);
  await page.evaluate(() => window.makeRoom());
  await send(page).click();
  await receipt(page);
  expect(await city.casesWith(marker)).toHaveLength(1);
});

test.describe("storage that is cleared in the middle of sending", () => {
  test.use({ serviceWorkers: "block" });

  test("ends in one case at the office and none on the phone; nothing is sent again, and the app goes on", async ({ page, city, house, guard }) => {
    guard.expectTrouble(PROVOKED);
    const marker = newMarker();
    let go;
    const cleared = new Promise((done) => (go = done));
    let posts = 0;
    await page.route("**/r/**", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      posts += 1;
      const answer = await route.fetch();
      await cleared;
      await route.fulfill({ response: answer });
    });
    await openForm(page, "jalan berlubang");
    await answerAll(page, marker);
    await send(page).click();
    await expect.poll(async () => (await city.casesWith(marker)).length).toBe(1);
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", { origin: house.door, storageTypes: "all" });
    go();
    await page.goto("/kotak-keluar");
    await expect(page.getByRole("main")).toContainText("Tidak ada yang menunggu");
    await page.goto("/status");
    await expect(page.getByRole("main")).toContainText("Belum ada yang Anda ajukan");
    expect(await city.casesWith(marker), "delivered once").toHaveLength(1);
    expect(posts).toBe(1);
    const second = newMarker();
    await openForm(page, "jalan berlubang");
    await answerAll(page, second);
    await kept(page);
    await send(page).click();
    await receipt(page);
    expect(await city.casesWith(second)).toHaveLength(1);
  });
});

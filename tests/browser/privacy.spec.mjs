// Personal data stays on the phone, sealed: not in addresses, titles or storage, and there are no cookies.
import { answerAll, kept, openForm, outboxEmpties, readyForm, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";
import { everythingStored } from "./stored.mjs";

const NIK = "3273014107900001";
const NAME = "Siti Rahmawati";

const titles = new WeakMap();

test.beforeEach(async ({ page }) => {
  const seen = [];
  titles.set(page, seen);
  page.on("request", (request) => seen.push(request.url(), request.headers().referer ?? ""));
  page.on("framenavigated", async (frame) => seen.push(frame.url(), await frame.title().catch(() => "")));
});

test("a NIK and a name are in no address, no title, and nowhere in clear in the browser's storage", async ({ page, city, context, guard }) => {
  guard.expectTrouble(/Failed to load resource/);
  const clear = async (when) => {
    const stored = await everythingStored(page);
    const seen = [...titles.get(page), await page.title(), page.url()].join("\n");
    for (const secret of [NIK, NAME, encodeURIComponent(NAME)]) {
      expect(stored.includes(secret), `${secret} in the browser's storage ${when}`).toBe(false);
      expect(seen.includes(secret), `${secret} in an address or a title ${when}`).toBe(false);
    }
    expect(await context.cookies(), `cookies ${when}`).toEqual([]);
    return stored;
  };

  await openForm(page, "akta kelahiran");
  await readyForm(page).getByLabel(/nik/i).first().fill(NIK);
  await readyForm(page).getByLabel(/nama lengkap/i).first().fill(NAME);
  await kept(page);
  const stored = await clear("while the form is filled in");
  expect(stored.length, "the draft is stored all the same").toBeGreaterThan(200);

  await answerAll(page, "penanda");
  await city.fault("down");
  await send(page).click();
  // The city's list cannot be searched for this form's words: the citizen decides.
  const again = page.getByRole("button", { name: "Belum sampai, kirim lagi" });
  await expect(again).toBeVisible();
  await clear("while it waits to be sent");

  await city.fault("none");
  await again.click();
  // Leaving the page at once could be quicker than the engine.
  await expect(again).toBeHidden();
  await outboxEmpties(page);
  await page.goto("/status");
  await expect(page.getByRole("link", { name: /akta kelahiran/i }).first()).toBeVisible();
  await clear("after it was delivered");
});

test("the look through the storage finds what is there in clear", async ({ page }) => {
  await page.goto("/");
  await page.evaluate(
    (secret) =>
      new Promise((good, bad) => {
        const opening = indexedDB.open("canary", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("store");
        opening.onerror = () => bad(opening.error);
        opening.onsuccess = () => {
          const writing = opening.result.transaction("store", "readwrite");
          writing.objectStore("store").put({ bytes: new TextEncoder().encode(`{"nik":"${secret}"}`) }, "key");
          writing.oncomplete = () => {
            opening.result.close();
            good();
          };
        };
      }),
    NIK,
  );
  expect(await everythingStored(page)).toContain(NIK);
});

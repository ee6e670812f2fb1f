// Databases of an older build: they are taken over with everything in them. And of a newer one: left alone.
import { answerAll, kept, newMarker, openForm, readyForm, receipt, send } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

/** Writes the journal as version 1 had it: without the store `people`, its rows as they are. */
const asVersion1 = (page) =>
  page.evaluate(async () => {
    const done = (request) =>
      new Promise((good, bad) => {
        request.onsuccess = () => good(request.result);
        request.onerror = () => bad(request.error);
      });
    const now = await done(indexedDB.open("pendopo-journal"));
    const rows = {};
    for (const store of ["keys", "drafts", "files"]) {
      const objects = now.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
      rows[store] = keys.map((key, at) => [key, values[at]]);
    }
    now.close();
    await done(indexedDB.deleteDatabase("pendopo-journal"));
    const opening = indexedDB.open("pendopo-journal", 1);
    opening.onupgradeneeded = () => {
      for (const store of Object.keys(rows)) {
        const objects = opening.result.createObjectStore(store);
        for (const [key, value] of rows[store]) objects.put(value, key);
      }
    };
    (await done(opening)).close();
    return rows.drafts.length;
  });

test("a journal of version 1 is taken over: its draft opens, its picture is sent, and people can be added", async ({ page, city, guard }) => {
  guard.expectTrouble(/Failed to load resource/);
  await openForm(page, "jalan berlubang");
  const marker = newMarker();
  await answerAll(page, marker);
  await kept(page);
  const form = page.url();
  // A page without the app, so that nothing holds the journal open.
  await page.goto("/robots.txt");
  expect(await asVersion1(page)).toBe(1);
  await page.goto(form);
  await answerAll(page, marker);
  await expect(page.getByRole("main")).toContainText(marker);
  await send(page).click();
  await receipt(page);
  expect(await city.casesWith(marker)).toHaveLength(1);
  await page.goto("/data-saya");
  await page.getByRole("button", { name: "Tambah data saya" }).click();
  await page.getByLabel("Nama lengkap").fill("Siti Rahmawati");
  await page.getByRole("button", { name: "Simpan di ponsel ini" }).click();
  await expect(page.getByRole("main")).toContainText("Siti Rahmawati");
});

test("an old page whose journal a newer build has changed says that it keeps nothing more, and what it kept is there after a reload", async ({ page, context, guard }) => {
  guard.expectTrouble(/./);
  await openForm(page, "akta kelahiran");
  const name = readyForm(page).getByLabel(/nama lengkap/i).first();
  await name.fill("Siti");
  await kept(page);
  const newer = await context.newPage();
  await newer.goto("/robots.txt");
  await newer.evaluate(
    () =>
      new Promise((done, failed) => {
        const opening = indexedDB.open("pendopo-journal", 99);
        opening.onsuccess = () => done(opening.result.close());
        opening.onerror = () => failed(opening.error);
      }),
  );
  await name.fill("Siti Rahmawati");
  await expect(page.getByText("Pendopo sudah diperbarui di tab lain")).toBeVisible();
  await expect(name, "what was typed stays on the page").toHaveValue("Siti Rahmawati");
});

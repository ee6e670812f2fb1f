// Every page, for everyone: by screen reader, by keyboard, on a narrow screen, enlarged, in the dark.
import AxeBuilder from "@axe-core/playwright";

import {
  answerAll, answersOf, begin, heading, newMarker, next, openForm, pathOf, readyForm, receipt, review, send, sendForm, tabTo,
} from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

/** Pages that stand by themselves: a name for the screenshot, and where it is. */
const PAGES = [
  ["beranda", () => "/"],
  ["daerah", () => "/daerah"],
  ["daerah-bandung", () => "/daerah/32.73"],
  ["layanan", (service) => service],
  ["isi", (service) => `${service}/isi`],
  ["kotak-keluar", () => "/kotak-keluar"],
  ["status", () => "/status"],
  ["data-saya", () => "/data-saya"],
  ["pengaturan", () => "/pengaturan"],
  ["privasi", () => "/privasi"],
  ["sematkan", () => "/sematkan"],
  ["tidak-dikenal", () => "/alamat/yang/tidak/ada"],
];

/** An unknown address may come with its status, of which the console tells. */
const UNKNOWN = /status of 404/;

async function open(page, address) {
  await page.goto(address);
  await expect(heading(page)).toBeVisible();
  if (address.endsWith("/isi")) await expect(readyForm(page)).toBeVisible();
}

async function holdsNoBarrier(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
  expect(found, `what axe finds on ${where}`).toEqual([]);
}

for (const colorScheme of ["light", "dark"]) {
  // Of the page as it stays.
  const picture = async (page, name) => {
    await expect(page.getByText("Sebentar…").filter({ visible: true })).toHaveCount(0);
    let before;
    const still = async () => {
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      const same = height === before;
      before = height;
      return same;
    };
    await expect.poll(still, { message: "a page that no longer grows" }).toBe(true);
    await page.screenshot({ path: `screenshots/${name}-${colorScheme}.png`, fullPage: true });
  };

  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" });

    for (const [name, where] of PAGES) {
      test(`the page ${name} has no barrier`, async ({ page, guard, request }) => {
        guard.expectTrouble(UNKNOWN);
        await open(page, where(await pathOf(request, "jalan berlubang")));
        await picture(page, name);
        await holdsNoBarrier(page, name);
      });
    }

    test("a form that is complained about, its review, the receipt and the case have no barrier", async ({ page }) => {
      await openForm(page, "jalan berlubang");
      await next(page).click();
      await expect(page.getByRole("alert"), "what is missing is said, and announced").toBeVisible();
      await picture(page, "keluhan");
      await holdsNoBarrier(page, "the complaint");

      await answerAll(page, newMarker());
      await picture(page, "periksa");
      await holdsNoBarrier(page, "the review");

      await send(page).click();
      await receipt(page);
      await picture(page, "tanda-terima");
      await holdsNoBarrier(page, "the receipt");

      await page.reload();
      await expect(page.locator("[data-phase]").first()).toHaveAttribute("data-phase", "submitted");
      await picture(page, "urusan");
      await holdsNoBarrier(page, "the case");
    });
  });
}

test("an unknown address says so and leads home", async ({ page, guard }) => {
  guard.expectTrouble(UNKNOWN);
  await open(page, "/alamat/yang/tidak/ada");
  await page.getByRole("main").getByRole("link", { name: /beranda|halaman (depan|utama)|awal/i }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole("searchbox")).toBeVisible();
});

for (const [what, viewport] of [
  ["at 320 pixels", { width: 320, height: 640 }],
  // A window of 1280 by 720, enlarged to 200 %, lays out like this.
  ["at 200 %", { width: 640, height: 360 }],
]) {
  test.describe(what, () => {
    test.use({ viewport, isMobile: false });

    for (const [name, where] of PAGES) {
      test(`the page ${name} needs no scrolling sideways`, async ({ page, guard, request }) => {
        guard.expectTrouble(UNKNOWN);
        await open(page, where(await pathOf(request, "jalan berlubang")));
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
        expect(wide).toBeLessThanOrEqual(viewport.width);
      });
    }

    test("a receipt and a case need no scrolling sideways", async ({ page }) => {
      await sendForm(page, "jalan berlubang");
      await receipt(page);
      for (const reload of [false, true]) {
        if (reload) await page.reload();
        await expect(heading(page)).toBeVisible();
        expect(await page.evaluate(() => document.scrollingElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      }
    });
  });
}

test("the whole job is done with the keyboard alone", async ({ page, city }) => {
  const marker = newMarker();
  const answers = answersOf(marker);
  await page.goto("/");
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("jalan berlubang");
  await tabTo(page, page.getByRole("link", { name: /jalan berlubang/i }).first());
  await page.keyboard.press("Enter");
  await tabTo(page, begin(page));
  await page.keyboard.press("Enter");

  for (let step = 0; step < 20; step += 1) {
    await expect(readyForm(page).or(review(page)).first()).toBeVisible();
    if (await review(page).isVisible()) break;
    const before = await heading(page).innerText();
    const form = readyForm(page);
    const groups = new Set();
    for (const radio of await form.getByRole("radio").all()) {
      const group = await radio.getAttribute("name");
      if (groups.has(group)) continue;
      groups.add(group);
      // Tab enters a group of radio buttons at its first one.
      await tabTo(page, radio);
      await page.keyboard.press("Space");
      await expect(radio).toBeChecked();
    }
    for (const field of await form.getByRole("textbox").or(form.getByRole("spinbutton")).all()) {
      if (await field.inputValue()) continue;
      const label = await field.evaluate((element) => [...(element.labels ?? [])].map((one) => one.textContent).join(" "));
      const answer = answers.find(([pattern]) => pattern.test(label))?.[1];
      if (!answer) continue;
      await tabTo(page, field);
      await page.keyboard.type(answer);
    }
    await tabTo(page, next(page));
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await review(page).isVisible()) || (await heading(page).innerText()) !== before).toBe(true);
  }

  await tabTo(page, send(page));
  await page.keyboard.press("Enter");
  const reference = await receipt(page);
  expect((await city.casesWith(marker)).map((one) => one.reference)).toEqual([reference]);
});

// What the tests of widgets stand on: a house whose widgets sites may show, and those sites.
//
// Pendopo is `pendopo.localhost`, a site is `host.localhost`: two sites for the browser, as in life,
// both on the loopback address. `asing.localhost` is a site that no region has listed, and
// `host.pendopo.localhost` one that browsers count to Pendopo's own.
//
// Each test has a browser with a profile of its own, since what a citizen prefers of storage in frames
// on other sites lies there. `storage` is that preference: `blocked` and `allowed` are those for
// third-party cookies, `refused` is site data refused to Pendopo on the host's site.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { openHosts } from "./hosts/server.mjs";
import { openHouse } from "./house.mjs";
import { City, Guard, expect, test as base } from "./pendopo.mjs";

export { expect };

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The browser's settings, as its profile has them. */
const PREFERENCES = {
  allowed: { block_third_party_cookies: false, cookie_controls_mode: 0 },
  blocked: { block_third_party_cookies: true, cookie_controls_mode: 1 },
  refused: {
    content_settings: { exceptions: { cookies: { "[*.]pendopo.localhost,[*.]host.localhost": { setting: 2, last_modified: "0" } } } },
  },
};

/** Opens the sites, and a house that lets two of them show its widgets. */
export async function openTown() {
  let pendopo = "";
  const hosts = await openHosts(() => pendopo);
  const house = await openHouse({ sites: [hosts.site("host"), hosts.site("host.pendopo")] });
  pendopo = house.door.replace("127.0.0.1", "pendopo.localhost");
  return {
    house,
    pendopo,
    /** A page of a listed site. */
    host: (page) => `${hosts.site("host")}/${page}.html`,
    /** A page of a site that nobody has listed. */
    stranger: (page) => `${hosts.site("asing")}/${page}.html`,
    /** A page of a listed site that the browser takes for one site with Pendopo. */
    neighbour: (page) => `${hosts.site("host.pendopo")}/${page}.html`,
    origins: ["host", "asing", "host.pendopo"].map(hosts.site),
    close: async () => {
      await house.close();
      await hosts.close();
    },
  };
}

export const test = base.extend({
  storage: ["blocked", { option: true }],

  town: [
    async ({}, use) => {
      const town = await openTown();
      await use(town);
      await town.close();
    },
    { scope: "worker", timeout: 180_000 },
  ],

  house: [async ({ town }, use) => use(town.house), { scope: "worker" }],

  baseURL: async ({ town }, use) => use(town.pendopo),

  context: async ({ storage, contextOptions, launchOptions, viewport, isMobile, hasTouch, deviceScaleFactor, locale, timezoneId, baseURL }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "pendopo-profile-"));
    mkdirSync(join(folder, "Default"));
    writeFileSync(join(folder, "Default/Preferences"), JSON.stringify({ profile: PREFERENCES[storage] }));
    // The last list of this name counts: Playwright's own switches off that storage is kept apart, and
    // that frames load late.
    const args = [...launchOptions.args, "--disable-features=Translate,MediaRouter"];
    const context = await chromium.launchPersistentContext(folder, {
      ...contextOptions, ...launchOptions, args, viewport, isMobile, hasTouch, deviceScaleFactor, locale, timezoneId, baseURL,
    });
    await use(context);
    await context.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  page: async ({ context }, use) => use(await context.newPage()),

  city: async ({ town }, use) => {
    const city = new City(town.house.city);
    await city.fault("none");
    await use(city);
    await city.fault("none");
  },

  guard: [
    async ({ context, town }, use) => {
      const guard = new Guard(town.pendopo, ...town.origins);
      await guard.watch(context);
      await use(guard);
      expect(guard.found, "the console, the content policy, and requests to other origins").toEqual([]);
    },
    { auto: true },
  ],
});

/** The frame of the widget at that place of the page, once its content is there. */
export async function widget(page, at = 0) {
  const element = page.locator("pendopo-widget").nth(at);
  await element.scrollIntoViewIfNeeded();
  let frame;
  await expect(async () => {
    // Frames come in the order in which they load: each is known by the element that holds it.
    const places = page.frames().filter((one) => new URL(one.url()).pathname.startsWith("/embed/")).map(async (one) => {
      const holder = await one.frameElement();
      return [one, await holder.evaluate((it) => [...document.querySelectorAll("pendopo-widget")].indexOf(it.getRootNode().host))];
    });
    frame = (await Promise.all(places)).find(([, place]) => place === at)?.[0];
    expect(frame).toBeTruthy();
    await expect(frame.locator("#judul")).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  return frame;
}

/** What a page's widgets have told it, as `[type, detail]`. Call before the page is opened. */
export async function hear(page) {
  await page.addInitScript(() => {
    window.told = [];
    for (const type of ["ready", "height", "step", "submitted", "delivered", "error"]) {
      addEventListener(`pendopo:${type}`, ({ detail }) => window.told.push([type, detail]));
    }
  });
  return { told: () => page.evaluate(() => window.told ?? []) };
}

/** What axe finds in a page or in a frame, which is asked by itself. */
export async function barriers(frame) {
  await frame.evaluate(axe);
  const { violations } = await frame.evaluate(() => window.axe.run(document, { iframes: false }));
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
}

/** How the frame lies in its page: its box, and whether anything in it is cut off. */
export async function fit(frame) {
  const inside = await frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { content: document.getElementById("pendopo").getBoundingClientRect().height, window: innerHeight, sideways: scrollWidth - clientWidth };
  });
  const box = await (await frame.frameElement()).boundingBox();
  return { ...inside, box };
}

/** A picture of the whole page. A frame of another site is drawn only as far as it is in the window. */
export async function picture(page, name) {
  const usual = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: usual.width, height: Math.min(height, 8000) });
  await page.screenshot({ path: `screenshots/${name}.png` });
  await page.setViewportSize(usual);
}

// Chaos in the real thing: applications in a real browser, with everything going wrong at random
// moments that a seed gives. `make chaos N=500 SEED=7`.
//
// Citizens file applications on a phone (a browser with a profile of its own). Meanwhile the page or
// the whole browser process is killed, the network is cut, the front door's process ends, and the
// city's system fails in each way that it can. Then all is well again, the phone is opened until
// nothing waits any more, and what the phone says is held against what the city has.
//
// A harness plays the citizen. Where the app cannot know whether something arrived and asks, it
// answers wrongly in half of the cases: what arrives twice by such a wrong word is the citizen's
// doing and counted apart. What must be zero is what was lost, and what was doubled without a word.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openHouse, repository } from "../browser/house.mjs";

const require = createRequire(join(repository, "tests/browser/package.json"));
const { chromium } = require("@playwright/test");
const { answerAll, begin, newMarker, readyForm, send } = await import("../browser/citizen.mjs");

const APPLICATIONS = Number(process.env.N || 500);
const SEED = Number(process.env.SEED || Math.floor(Math.random() * 1e9));
/** A kill for so many applications; 200 for 500. */
const KILLS = Math.ceil(APPLICATIONS * 0.45);
/** Milliseconds after which something that should have happened has not: a limit, not a wait. */
const PATIENCE = 30_000;
const FAULTS = ["down", "lost", "error500", "html"];

/** Random numbers from the seed (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const roll = dice(SEED);
const chance = (share) => roll() < share;
const pick = (list) => list[Math.floor(roll() * list.length)];

/** The phone: a browser whose profile outlives it. */
class Phone {
  kills = { page: 0, browser: 0 };

  constructor(door) {
    this.door = door;
    this.profile = mkdtempSync(join(tmpdir(), "pendopo-chaos-"));
  }

  async open() {
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
      viewport: { width: 360, height: 740 },
      locale: "id-ID",
      baseURL: this.door,
      // Killing is this program's business.
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    this.context.setDefaultTimeout(PATIENCE);
    [this.page] = this.context.pages();
    this.page ??= await this.context.newPage();
  }

  /** The page is gone as if the system had needed its memory: its renderer and its worker with it. */
  async killPage() {
    this.kills.page += 1;
    const session = await this.context.newCDPSession(this.page).catch(() => null);
    // The answer never comes: who would give it is gone.
    session?.send("Page.crash").catch(() => {});
    await this.page.waitForEvent("crash", { timeout: PATIENCE }).catch(() => {});
    const fresh = await this.context.newPage();
    await this.page.close().catch(() => {});
    this.page = fresh;
  }

  /** The battery is empty: the browser's processes end without a word. */
  async killBrowser() {
    this.kills.browser += 1;
    const session = await this.context.browser()?.newBrowserCDPSession().catch(() => null);
    const info = await session?.send("SystemInfo.getProcessInfo").catch(() => null);
    const own = info?.processInfo.find(({ type }) => type === "browser")?.id;
    if (own) process.kill(own, "SIGKILL");
    await this.context.close().catch(() => {});
    await this.open();
  }

  async close() {
    await this.context.close().catch(() => {});
    rmSync(this.profile, { recursive: true, force: true });
  }
}

/** The city, beside its protocol. */
class City {
  constructor(address) {
    this.address = address;
  }

  async fault(mode) {
    await fetch(`${this.address}/sandbox/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ mode }),
    });
  }

  async cases() {
    const { cases } = await (await fetch(`${this.address}/sandbox/cases`)).json();
    return cases.map((one) => JSON.stringify(one));
  }
}

const house = await openHouse();
const city = new City(house.city);
const phone = new Phone(house.door);
await phone.open();

/** Services that can be filled in without a login, with what the backend can say for itself afterwards. */
const index = await (await fetch(`${house.door}/katalog/indeks.json`)).json();
const services = [];
for (const { id } of index.services) {
  const [region, backend, ...code] = id.split("/");
  const name = code.join("/").replace(/[^a-z\d_-]/g, (one) =>
    /[A-Z]/.test(one) ? `~${one.toLowerCase()}` : `~${String(one.charCodeAt(0)).padStart(3, "0")}`,
  );
  const answer = await fetch(`${house.door}/katalog/${region}/${backend}/${name}.json`);
  if (!answer.ok) continue;
  const published = await answer.json();
  const { submit, reconcile, login } = published.capabilities;
  if (!submit || !published.service.form || (login && login !== "none")) continue;
  services.push({ id, backend: `${region}/${backend}`, reconcile: Boolean(reconcile), path: `/layanan/${region}/${backend}/${encodeURIComponent(code.join("/"))}/isi` });
}
if (services.length === 0) throw new Error("no service can be filled in");

/** One application. */
const applications = [];
let doorIsOpen = true;

const closeDoor = async () => {
  if (doorIsOpen) await house.closeDoor();
  doorIsOpen = false;
};
const openDoor = async () => {
  if (!doorIsOpen) await house.openDoor();
  doorIsOpen = true;
};

/** Something goes wrong, or right again. */
async function weather() {
  const what = roll();
  if (what < 0.35) await city.fault(pick(FAULTS));
  else if (what < 0.65) await city.fault("none");
  else if (what < 0.75) await phone.context.setOffline(true);
  else if (what < 0.9) await phone.context.setOffline(false);
  else if (what < 0.95) await closeDoor();
  else await openDoor();
}

async function calm() {
  await openDoor();
  await phone.context.setOffline(false);
  await city.fault("none");
}

let killsLeft = KILLS;

/** Kills at a random moment within so many milliseconds, beside whatever happens. */
function killSoon(within) {
  killsLeft -= 1;
  const browser = chance(0.3);
  return new Promise((done) => setTimeout(done, Math.floor(roll() * within))).then(() => (browser ? phone.killBrowser() : phone.killPage()));
}

/** Whether the application was given to be sent, as far as the citizen could see. */
async function file(application) {
  const { page } = phone;
  await page.goto(application.service.path);
  await readyForm(page).waitFor();
  const dies = killsLeft > 0 && chance(killsLeft / Math.max(1, APPLICATIONS - applications.length + 1));
  // Half of the deaths come while it is filled in, half around the moment of sending.
  const early = dies && chance(0.3);
  const death = early ? killSoon(1500) : null;
  try {
    await answerAll(page, application.marker);
    const late = dies && !early ? killSoon(900) : null;
    try {
      if (chance(0.4)) await weather();
      await send(page).click({ timeout: 5_000 });
      application.pressed = true;
      await page.locator("[data-delivery], [data-reference]").first().waitFor({ timeout: 10_000 });
    } finally {
      await late;
    }
  } finally {
    await death;
  }
}

/** Answers whatever the app cannot know, wrongly in half. */
async function decide() {
  const { page } = phone;
  await page.goto("/kotak-keluar");
  await page.locator("main h1").waitFor();
  for (const card of await page.locator('[data-delivery="uncertain"]').all()) {
    const again = card.getByRole("button", { name: "Belum sampai, kirim lagi" });
    if (!(await again.isVisible().catch(() => false))) continue;
    const title = card.locator("xpath=preceding-sibling::h2[1]//a");
    const id = (await title.getAttribute("href"))?.split("/").at(-1);
    const application = applications.find((one) => one.local === id);
    if (!application) throw new Error(`the outbox holds ${id}, which nobody filed`);
    application.asked += 1;
    const there = (await city.cases()).filter((one) => one.includes(application.marker)).length > application.known;
    const right = chance(0.5);
    if (there === right) {
      application.saidArrived = true;
      await card.getByRole("button", { name: "Sudah sampai" }).click();
    } else {
      application.resent += 1;
      await again.click();
    }
  }
}

/** The phone's own id of the newest application for a marker: read from the address after sending. */
const localId = (page) => /\/status\/saya\/([0-9a-f-]{36})/.exec(page.url())?.[1];

const began = Date.now();
for (let number = 1; number <= APPLICATIONS; number += 1) {
  const application = { marker: newMarker(), service: services[number % services.length], pressed: false, asked: 0, resent: 0, known: 0, saidArrived: false };
  applications.push(application);
  for (let attempt = 0; attempt < 6 && !application.local; attempt += 1) {
    try {
      if (attempt > 0) await calm();
      await file(application);
    } catch (problem) {
      if (process.env.VERBOSE) console.log(`${number}.${attempt}: ${String(problem.message).split("\n")[0]}`);
    }
    application.local = await found(application);
  }
  if (!application.local) throw new Error(`application ${number} (${application.service.id}) was neither sent nor kept as a draft`);
  if (chance(0.5)) await weather().catch(() => {});
  if (number % 20 === 0) {
    console.log(`${number} filed, ${phone.kills.page + phone.kills.browser} kills, ${Math.round((Date.now() - began) / 1000)} s`);
  }
}

/**
 * The phone's id of an application, if it was given to be sent: by the address after sending, or,
 * after a death, by what the outbox and the cases list that was not there before.
 */
async function found(application) {
  const shown = localId(phone.page);
  if (shown && applications.every((one) => one.local !== shown)) return shown;
  // It died around the moment: either it is listed, or its draft is still to be sent.
  for (const path of ["/kotak-keluar", "/status"]) {
    for (let once = 0; once < 2; once += 1) {
      try {
        await phone.page.goto(path);
        await phone.page.locator("main h1").waitFor();
        await phone.page.locator('main a[href^="/status/saya/"]').first().waitFor({ timeout: 2_000 }).catch(() => {});
        const links = await phone.page.locator('main a[href^="/status/saya/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href")));
        const fresh = links.map((href) => href.split("/").at(-1)).find((id) => applications.every((one) => one.local !== id));
        if (fresh) return fresh;
        break;
      } catch {
        await calm();
      }
    }
  }
  return undefined;
}

// All is well again: the phone is opened until nothing waits.
await calm();
const limit = Date.now() + 240_000;
for (;;) {
  await decide();
  const { page } = phone;
  await page.goto("/kotak-keluar");
  const empty = await page
    .getByText("Tidak ada yang menunggu")
    .waitFor({ timeout: 6_000 })
    .then(() => true, () => false);
  if (empty) break;
  for (const button of await page.getByRole("button", { name: "Coba kirim sekarang" }).all()) await button.click().catch(() => {});
  if (Date.now() > limit) break;
}

const cases = await city.cases();
const rows = new Map();
const total = { delivered: 0, lost: 0, doubled: 0, uncertain: 0, byCitizen: 0 };
const waiting = new Set(
  await phone.page.locator('main a[href^="/status/saya/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href").split("/").at(-1))),
);
for (const application of applications) {
  const there = cases.filter((one) => one.includes(application.marker)).length;
  const row = rows.get(application.service.backend) ?? { reconcile: application.service.reconcile, filed: 0, delivered: 0, lost: 0, doubled: 0, uncertain: 0, byCitizen: 0 };
  rows.set(application.service.backend, row);
  const add = (what, by = 1) => {
    row[what] += by;
    total[what] += by;
  };
  row.filed += 1;
  if (application.asked > 0) add("uncertain");
  if (there > 0) add("delivered");
  // Still on the phone is not lost; neither is what the citizen wrongly said had arrived.
  else if (!application.saidArrived && !waiting.has(application.local)) {
    add("lost");
    console.log(`lost: ${application.marker} ${application.service.id} ${application.local}`);
  }
  const twice = Math.max(0, there - 1);
  add("byCitizen", Math.min(twice, application.resent));
  if (twice > application.resent) {
    add("doubled", twice - application.resent);
    console.log(`doubled: ${application.marker} ${application.service.id} ${application.local}: ${there} cases, sent again by the citizen ${application.resent} times`);
  }
}
await phone.close();
await house.close();

const line = (cells) => cells.map((cell, at) => (at === 0 ? String(cell).padEnd(22) : String(cell).padStart(12))).join("");
const kills = phone.kills.page + phone.kills.browser;
console.log(`\nseed ${SEED}, ${APPLICATIONS} applications, ${Math.round((Date.now() - began) / 1000)} s`);
console.log(`killed: the page ${phone.kills.page} times, the browser ${phone.kills.browser} times\n`);
console.log(line(["system", "reconcile", "filed", "delivered", "lost", "doubled", "uncertain", "by citizen"]));
for (const [backend, row] of rows) {
  console.log(line([backend, row.reconcile ? "yes" : "no", row.filed, row.delivered, row.lost, row.doubled, row.uncertain, row.byCitizen]));
}
console.log(`\ndelivered ${total.delivered}, lost ${total.lost}, doubled ${total.doubled}, uncertain ${total.uncertain}`);

const excess = [...rows].filter(([, row]) => row.reconcile && row.uncertain > Math.max(1, row.filed * 0.02));
const enough = kills >= Math.min(KILLS, Math.floor(APPLICATIONS * 0.4));
if (!enough) console.log(`only ${kills} kills`);
for (const [backend, row] of excess) console.log(`${backend} can be asked, and ${row.uncertain} of ${row.filed} were uncertain`);
process.exit(total.lost === 0 && total.doubled === 0 && enough && excess.length === 0 ? 0 : 1);

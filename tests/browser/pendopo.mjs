// What every browser test stands on: a house for each worker, the city behind it, and a guard that
// fails a test for what no page may ever do.
import { expect, test as base } from "@playwright/test";

import { openHouse } from "./house.mjs";

export { expect };

/** The demonstration city's controls, beside the protocol: what an officer does, and what breaks. */
export class City {
  constructor(address) {
    this.address = address;
  }

  async #post(path, body) {
    const response = await fetch(this.address + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  /** What is wrong with its server from now on: none, down, lost, error500, html; `only` for requests whose line holds that. */
  fault(mode, only) {
    return this.#post("/sandbox/faults", { mode, only });
  }

  /** Moves a case along, as the officer does. */
  move(reference, { status, note = "", agency = "" }) {
    return this.#post(`/sandbox/cases/${encodeURIComponent(reference)}`, { status, note, agency });
  }

  /** The cases whose description or answers hold `marker`. */
  async casesWith(marker) {
    const { cases } = await (await fetch(`${this.address}/sandbox/cases`)).json();
    return cases.filter((one) => JSON.stringify(one).includes(marker));
  }
}

/**
 * Watches a browser context: the console, the content policy, and where requests go.
 * `expectTrouble` names console messages that a test provokes itself.
 */
export class Guard {
  found = [];
  #expected = [];

  /** `origins` are those that pages may ask: Pendopo's own, and no other but in a test of widgets. */
  constructor(...origins) {
    this.origins = origins;
  }

  expectTrouble(pattern) {
    this.#expected.push(pattern);
  }

  note(what) {
    if (!this.#expected.some((pattern) => pattern.test(what))) this.found.push(what);
  }

  async watch(context) {
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      const own = this.origins.includes(origin) || protocol === "data:" || protocol === "blob:";
      if (!own) this.note(`a request to another origin: ${request.url()}`);
    });
    context.on("console", (message) => {
      if (message.type() === "error") this.note(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (problem) => this.note(`uncaught: ${problem.error().message}`));
    await context.exposeBinding("reportPolicyViolation", (_, what) => this.note(`content policy: ${what}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        window.reportPolicyViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
  }
}

/** A test with a house, and no browser of Playwright's. */
export const housed = base.extend({
  house: [
    async ({}, use) => {
      const house = await openHouse();
      await use(house);
      await house.close();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

export const test = housed.extend({
  baseURL: async ({ house }, use) => use(house.door),

  city: async ({ house }, use) => {
    const city = new City(house.city);
    await city.fault("none");
    await use(city);
    await city.fault("none");
  },

  guard: [
    async ({ context, house }, use) => {
      const guard = new Guard(house.door);
      await guard.watch(context);
      await use(guard);
      expect(guard.found, "the console, the content policy, and requests to other origins").toEqual([]);
    },
    { auto: true },
  ],
});

// The life of one phone: applications filed one after the other, while it dies and the network breaks.
//
// An application is known by a text of its own that is typed into it. After a death nobody is asked
// what had been saved: the form is opened and filled in again with another text, and what is on the
// last page says which application it is, the one that had been begun, or a new one because that one
// is on its way already.
import { newMarker, readyForm, review } from "../browser/citizen.mjs";
import { drafts, fill, logIn, pressSend } from "./citizen.mjs";
import { accountOf } from "./city.mjs";

/** Milliseconds within which the app promises to keep what is typed; README says so. */
const KEPT_WITHIN = 1_000;

export class Life {
  applications = [];
  /** What was typed, long enough before a death, and was gone after it. */
  forgotten = [];

  constructor({ phone, network, weather, city, dice, services, share, kills, say }) {
    Object.assign(this, { phone, network, weather, city, dice, services, share, killsLeft: kills, say });
  }

  /** Every region's services are looked at once, as the rest has to work without a network. */
  async begins() {
    await this.phone.open();
    const { all } = this.services;
    for (const region of new Set(all.map(({ backend }) => backend.split("/")[0]))) {
      const files = all.filter(({ backend }) => backend.startsWith(`${region}/`)).map(({ file }) => file);
      await this.phone.goto(`/daerah/${region}`);
      await this.phone.page.evaluate(async (files) => {
        await navigator.serviceWorker.ready;
        const missing = async () => {
          for (const file of files) if (!(await caches.match(file, { ignoreVary: true }))) return true;
          return false;
        };
        while (await missing()) await new Promise((again) => setTimeout(again, 50));
      }, files);
    }
  }

  async files() {
    for (let number = 0; number < this.share; number += 1) {
      await this.apply(this.services.pick());
      if (this.dice.chance(0.5)) await this.weather.changes();
      if (this.dice.chance(0.1)) await this.quietly(() => this.decides());
      this.say();
    }
  }

  /** Files one application, however often the phone dies over it. */
  async apply(service) {
    this.one = this.begun(service);
    let trouble;
    for (let attempt = 0; !this.one.queued; attempt += 1) {
      if (attempt === 10) throw new Error(`${service.id}: ${trouble}`);
      try {
        await this.tries();
      } catch (problem) {
        // Whoever died can do no more; anything else is looked at where it repeats itself.
        trouble = problem.stack;
        if (process.env.VERBOSE) console.log(`${service.id}, try ${attempt + 1}: ${String(problem.message).split("\n")[0]}`);
      }
    }
  }

  begun(service, marker = newMarker()) {
    return { marker, spare: newMarker(), service, asked: 0, resent: 0 };
  }

  async tries() {
    const { dice, phone } = this;
    let { one } = this;
    const left = this.share - this.applications.length;
    const dies = this.killsLeft > 0 && dice.chance(this.killsLeft / Math.max(1, left));
    // A third of the deaths come while it is filled in, the others around the moment of sending.
    const early = dies && dice.chance(0.33);
    let death = early ? this.diesWithin(1_500) : null;
    try {
      await phone.goto(one.service.path);
      await readyForm(phone.page).or(review(phone.page)).first().waitFor();
      const typing = one.typed ? one.spare : one.marker;
      await fill(phone.page, { backend: one.service.backend, marker: typing, dice: dice.roll(), pictures: dice.chance(0.25), typed: () => (one.typed ??= Date.now()) });
      one = await this.onReview(typing);
      if (dice.chance(0.5)) await this.weather.changes();
      if (dies && !early) death = this.diesWithin(600);
      one.pressed ??= Date.now();
      await pressSend(phone.page);
      await phone.page.locator("[data-delivery], [data-reference]").first().waitFor({ timeout: 8_000 });
      one.queued = true;
      if (accountOf(one.service.backend) && dice.chance(0.8)) await this.quietly(() => logIn(phone.page, dice.chance(0.5)));
    } finally {
      await death;
    }
  }

  /** Which application lies on the last page: the one that was begun, or another. */
  async onReview(typing) {
    let { one } = this;
    const text = await this.phone.page.locator("main").innerText();
    if (!text.includes(one.marker)) {
      if (!text.includes(typing)) throw new Error(`neither ${one.marker} nor ${typing} is on the page`);
      if (!one.pressed && this.diedAt - one.typed > KEPT_WITHIN) this.forgotten.push(one);
      // Pressed: it went, and is looked for in the end as if it had been seen to go.
      one = this.begun(one.service, typing);
      one.typed = Date.now();
      this.one = one;
    }
    if (!this.applications.includes(one)) {
      one.local = await this.newDraft();
      this.applications.push(one);
    }
    return one;
  }

  /** The phone's own id of the application that is on the page. */
  async newDraft() {
    const limit = Date.now() + 3_000;
    for (;;) {
      const fresh = (await drafts(this.phone.page)).filter((id) => this.applications.every(({ local }) => local !== id));
      if (fresh.length === 1) return fresh[0];
      if (Date.now() > limit) throw new Error(`${fresh.length} drafts are not known yet`);
      await new Promise((again) => setTimeout(again, 50));
    }
  }

  /** Dies at a random moment within so many milliseconds, beside whatever happens. */
  async diesWithin(millis) {
    this.killsLeft -= 1;
    const browser = this.dice.chance(0.3);
    const moment = Math.floor(this.dice.roll() * millis);
    await new Promise((done) => setTimeout(done, moment));
    this.diedAt = Date.now();
    await (browser ? this.phone.killBrowser() : this.phone.killPage());
  }

  /** What a citizen tries and need not succeed with. */
  quietly(deed) {
    return deed().catch((problem) => {
      if (process.env.VERBOSE) console.log(`in passing: ${String(problem.message).split("\n")[0]}`);
    });
  }

  /** Answers whatever the app cannot know, wrongly in half. */
  async decides() {
    const { page } = this.phone;
    await this.opensOutbox();
    for (;;) {
      const card = page.locator('[data-delivery="uncertain"]', { has: page.getByRole("button", { name: "Sudah sampai" }) }).first();
      if ((await card.count()) === 0) return;
      const address = await card.locator("xpath=preceding-sibling::h2[1]//a").getAttribute("href");
      const id = address.split("/").at(-1);
      const one = this.applications.find(({ local }) => local === id);
      if (!one) throw new Error(`the outbox holds ${id}, which nobody filed`);
      one.asked += 1;
      one.askedAt = Date.now();
      const arrived = (await this.city.cases(one.service.backend)).some((text) => text.includes(one.marker));
      const saysArrived = arrived === this.dice.chance(0.5);
      if (saysArrived) one.saidArrived = true;
      else one.resent += 1;
      await card.getByRole("button", { name: saysArrived ? "Sudah sampai" : "Belum sampai, kirim lagi" }).click();
      await page.locator("h2", { has: page.locator(`a[href="${address}"]`) }).locator("xpath=following-sibling::*[1][@data-delivery='uncertain']").waitFor({ state: "detached" });
    }
  }

  async opensOutbox() {
    await this.phone.goto("/kotak-keluar");
    const { page } = this.phone;
    await page.locator("[data-delivery]").or(page.getByText("Tidak ada yang menunggu")).first().waitFor();
  }

  /** All is well again: the phone is looked at until nothing waits, or for so long. */
  async ends(millis) {
    const limit = Date.now() + millis;
    const { page } = this.phone;
    const nothing = page.getByText("Tidak ada yang menunggu");
    await this.quietly(() => this.opensOutbox());
    while (Date.now() < limit) {
      // Opening the outbox ends what is under way on the page: only where there is something to be answered.
      if (await page.getByRole("button", { name: "Sudah sampai" }).count()) await this.quietly(() => this.decides());
      if (await nothing.isVisible()) break;
      for (const button of await page.getByRole("button", { name: "Coba kirim sekarang" }).all()) await button.click({ timeout: 500 }).catch(() => {});
      if (await page.locator("form[data-login]").count()) await this.quietly(() => logIn(page, true));
      await nothing.waitFor({ timeout: 2_000 }).catch(() => {});
    }
    await this.opensOutbox();
    const left = await page.locator("[data-delivery]").evaluateAll((cards) =>
      cards.map((card) => ({ id: card.previousElementSibling?.querySelector("a")?.href.split("/").at(-1), state: card.dataset.delivery, words: card.innerText })),
    );
    this.waiting = new Map(left.map(({ id, ...rest }) => [id, rest]));
    if (left.length > 0 && process.env.VERBOSE) {
      console.log(`left on ${page.url()}, with ${page.workers().length} workers: ${await page.locator("body").innerText()}`);
      await page.reload();
      await nothing.waitFor({ timeout: 15_000 }).then(() => console.log("gone after a reload"), () => console.log("there after a reload too"));
    }
  }
}

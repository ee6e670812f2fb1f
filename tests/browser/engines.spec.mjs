// The whole job, from the search to the office's next word, in the two engines that are not Chromium:
// each kind of backend once. What is looked at closely in Chromium is not looked at again here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answersOf, choices, newMarker } from "./citizen.mjs";
import { firefox } from "./engines/firefox.mjs";
import { apply, Hand } from "./engines/hand.mjs";
import { webkit } from "./engines/webkit.mjs";
import { expect, housed as test } from "./pendopo.mjs";

test.describe.configure({ timeout: 120_000 });

/** What an officer does at a backend of the sandbox, and what its desk holds. */
const desk = (house, base) => ({
  async holding(marker) {
    const { cases, letters, complaints } = await (await fetch(`${house.city}/${base}sandbox/cases`)).json();
    return [cases, letters, complaints].flat().filter((one) => one && JSON.stringify(one).includes(marker));
  },
  async tell(path, body) {
    const address = `${house.city}/${base}sandbox/${path}`;
    const response = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    expect(response.ok, `${address}: ${response.status}`).toBe(true);
  },
  move(id, body) {
    return this.tell(`cases/${encodeURIComponent(id)}`, body);
  },
  number(token) {
    return this.tell(`tokens/${encodeURIComponent(token)}`, {});
  },
});

/** The backends of the demonstration: what is asked of each, who logs in, and how its officer moves it. */
const JOBS = [
  {
    what: "Open311, JSON",
    base: "",
    words: "jalan berlubang",
    moved: { move: { status: "dijadwalkan", note: "Selasa depan." }, phase: "scheduled", says: "Selasa depan." },
  },
  {
    what: "Open311, XML, a token first",
    base: "33.74/sapa/",
    words: "pohon perlu dipangkas",
    moved: { move: { status: "selesai", note: "Dahannya sudah dipotong." }, phase: "closed", says: "Dahannya sudah dipotong." },
  },
  {
    what: "OpenSID, with a login",
    base: "34.04/kalurahan/",
    words: "keterangan usaha",
    login: { name: "3404070101909001", proof: "111111" },
    moved: { move: { status: "belum_lengkap", note: "Foto KTP kurang jelas." }, phase: "needs_citizen", says: "Belum Lengkap" },
  },
  {
    what: "SiCantik, guarded, with a login",
    base: "32.73/izin/",
    words: "izin penelitian",
    login: { name: "pemohon.satu", proof: "rahasia-satu" },
    moved: { move: { step: "next" }, phase: "in_progress", says: "Verifikasi Berkas" },
  },
  {
    what: "OpenDK, guarded",
    base: "34.04/kapanewon/",
    // The village takes complaints too: this is the region's other one.
    words: "kabupaten sleman",
    service: "pengaduan",
    answers: [
      [/nik/i, "3404070101909001"],
      [/tanggal lahir/i, "1/1/1990"],
    ],
    moved: { move: { status: "PROSES" }, phase: "in_progress" },
  },
];

async function logIn(hand, { name, proof }) {
  const { browser } = hand;
  const field = (id) => hand.until(`the login's ${id}`, async () => (await browser.all((id) => [document.getElementById(id)].filter(Boolean), id))[0]);
  await browser.type(await field("masuk-nama"), name);
  await browser.type(await field("masuk-sandi"), proof);
  await hand.press("button", "Masuk", "form[data-login]");
}

for (const open of [firefox, webkit]) {
  test.describe(open.name, () => {
    let browser;
    let hand;
    let folder;

    test.beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "pendopo-"));
      browser = await open();
      hand = new Hand(browser);
    });

    test.afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    // WebKit keeps a page that was left as it is, its worker asleep; with it the lock would stay, and
    // now and then a transaction that every other page waits for.
    test(`${open.name}: a page that is left keeps the outbox from no other, and has it again when it comes back`, async ({ house }) => {
      const holds = async () => {
        const { held, pending } = await browser.run(() => navigator.locks.query());
        return held.length === 1 && pending.length === 0 && held[0].clientId;
      };
      const emptied = () => hand.until("the outbox", async () => (await hand.text()).includes("Tidak ada yang menunggu"));
      await browser.go(`${house.door}/kotak-keluar`);
      const first = await hand.until("an engine that holds the outbox", holds);
      await browser.go(`${house.door}/urusan-lain`);
      await browser.go(`${house.door}/kotak-keluar`);
      const second = await hand.until("the next page's engine", async () => (await holds()) !== first && holds());
      await emptied();
      // A question that waits for its answer in a page that is being left would never get it.
      await browser.run(() => {
        document.title = "third";
        setTimeout(() => history.go(-2));
      });
      await hand.until("the first page", () => browser.run(() => document.title !== "third" && document.readyState === "complete"));
      await hand.until("the first page again, with an engine", async () => ![false, second].includes(await holds()));
      await emptied();
    });

    // In the middle of a transaction, most likely: of the page's own, or of its engine's.
    test(`${open.name}: a page that is left while it begins keeps no database from the next`, async ({ house }) => {
      for (let time = 0; time < 20; time += 1) {
        await browser.go(`${house.door}/urusan-lain`);
        await browser.go(`${house.door}/kotak-keluar`);
        const emptied = async () => (await hand.text()).includes("Tidak ada yang menunggu");
        await hand.until(`the outbox, time ${time + 1}`, emptied);
      }
      // Whatever was being loaded for a page that is left breaks off.
      browser.trouble.length = 0;
    });

    for (const job of JOBS) {
      test(`${open.name}: from the search to the office's next word: ${job.what}`, async ({ house }) => {
        const officer = desk(house, job.base);
        const marker = newMarker();
        const photo = join(folder, "ktp.png");
        await apply(hand, house.door, job, { answers: [...(job.answers ?? []), ...answersOf(marker)], choices, photo });
        if (job.login) {
          await hand.until("a delivery that waits", () => browser.run(() => Boolean(document.querySelector("[data-delivery=waiting]"))));
          await logIn(hand, job.login);
        }
        const reference = await hand.attribute("data-reference");
        const held = await officer.holding(marker);
        expect(held, `${reference} is at the office once`).toHaveLength(1);

        if (held[0].token && !held[0].reference) await officer.number(held[0].token);
        await officer.move(held[0].id ?? held[0].number, job.moved.move);
        const address = await browser.run(() => location.href);
        await hand.until(`the phase ${job.moved.phase}`, async () => {
          await browser.go(address);
          // A page that was opened anew has no session: the login is asked for where it is needed.
          let asked = false;
          const look = async () => {
            const [phase, login] = await browser.run(() => [document.querySelector("[data-phase]")?.dataset.phase, Boolean(document.querySelector("[data-login]"))]);
            if (login && !asked) await logIn(hand, job.login);
            asked ||= login;
            return phase === job.moved.phase;
          };
          return hand.until("the new phase", look, 5_000).catch(() => false);
        });
        if (job.moved.says) expect(await hand.text()).toContain(job.moved.says);
        expect(browser.trouble.splice(0), "what the browser complains of").toEqual([]);
      });
    }
  });
}

// What a hostile page, or a frame beside the widget, may try: all of it without effect.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { answerAll, newMarker, readyForm, receipt, send } from "./citizen.mjs";
import { barriers, expect, fit, hear, openTown, picture, test, widget } from "./widgets.mjs";

/** What browsers say of a frame that a site may not show. */
const REFUSED = /frame-ancestors|ERR_BLOCKED_BY_RESPONSE|ERR_CONNECTION_REFUSED|Failed to load resource/;

test("a site that no region has listed shows a clear word and a link, and nothing of ours", async ({ page, town, guard }) => {
  guard.expectTrouble(REFUSED);
  const heard = await hear(page);
  await page.goto(town.stranger("polos"));
  await page.locator("pendopo-widget").scrollIntoViewIfNeeded();
  await expect.poll(heard.told).toEqual([["error", { code: "refused" }]]);
  const words = page.getByText("Belum dapat ditampilkan di sini.");
  await expect(words).toBeVisible();
  await expect(page.getByRole("link", { name: "Buka di halamannya sendiri" })).toHaveAttribute("href", `${town.pendopo}/layanan/32.73/lapor/JLN-01`);
  await expect(page.getByRole("link", { name: "Laporkan jalan berlubang" }), "the site's own link stays").toBeVisible();
  for (const frame of page.frames().slice(1)) {
    expect(await frame.locator("#pendopo").count(), "no page of ours is in a frame").toBe(0);
  }
  expect(await barriers(page.mainFrame())).toEqual([]);
  await picture(page, "situs-ditolak");
  await page.getByRole("link", { name: "Buka di halamannya sendiri" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/jalan berlubang/i);
});

test("other addresses than a widget's are framed by nobody, not even by a listed site", async ({ page, town, guard }) => {
  guard.expectTrouble(REFUSED);
  await page.goto(town.host("polos"));
  for (const path of ["/", "/layanan/32.73/lapor/JLN-01/isi", "/status", "/data-saya", "/embed/lanjut"]) {
    const shown = await page.evaluate(
      (src) =>
        new Promise((loaded) => {
          const frame = document.createElement("iframe");
          frame.title = src;
          frame.onload = () => loaded(true);
          frame.src = src;
          document.body.append(frame);
        }),
      town.pendopo + path,
    );
    expect(shown).toBe(true);
  }
  for (const frame of page.frames().slice(1)) {
    if (frame.url().includes("/embed/layanan/")) continue;
    expect(await frame.locator("#pendopo").count(), frame.url()).toBe(0);
  }
});

/** Messages that look like a widget's. */
const FORGED = [
  { pendopo: 1, type: "height", height: 9999 },
  { pendopo: 1, type: "delivered", reference: "PALSU-1" },
  { pendopo: 1, type: "submitted" },
  { pendopo: 1, type: "error", code: "palsu" },
  { pendopo: 2, type: "height", height: 9999 },
  { type: "height", height: 9999 },
  null,
  "pendopo",
];

test("messages of another origin, or of another window of ours, are not taken for the widget's", async ({ page, town }) => {
  await page.goto(town.host("serang"));
  const frame = await widget(page);
  await expect(readyForm(frame)).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.events.some(([type]) => type === "ready"))).toBe(true);
  const before = await page.evaluate(() => window.events.filter(([type]) => type !== "height"));
  const { box } = await fit(frame);

  // From the page itself, from a frame of the page's origin, from one of another site, and from one of
  // Pendopo's own origin that is not the widget's.
  const spoken = await page.evaluate((forged) => {
    for (const message of forged) window.postMessage(message, "*");
    return forged.length;
  }, FORGED);
  expect(spoken).toBe(FORGED.length);
  for (const src of ["/palsu.html", town.stranger("palsu"), `${town.pendopo}/embed/cari/32.73`]) {
    await page.evaluate(
      (src) =>
        new Promise((loaded) => {
          const other = Object.assign(document.createElement("iframe"), { title: src, src });
          other.onload = () => loaded(null);
          document.getElementById("palsu").append(other);
        }),
      src,
    );
    const other = page.frames().find((one) => one.url().endsWith(src));
    await other.evaluate((forged) => {
      for (const message of forged) parent.postMessage(message, "*");
    }, FORGED);
  }
  // A message of ours that comes after all of them.
  await page.evaluate(() => new Promise((heard) => (addEventListener("message", ({ data }) => data === "akhir" && heard()), postMessage("akhir", "*"))));
  expect(await page.evaluate(() => window.events.filter(([type]) => type !== "height"))).toEqual(before);
  expect((await fit(frame)).box.height).toBe(box.height);
});

test("ten thousand messages a second change nothing, and the job is done meanwhile", async ({ page, town, city }) => {
  await page.addInitScript(() => {
    if (self !== top) return;
    // Only a message that the widget itself sent leads to its window.
    addEventListener("message", ({ source, data }) => data?.pendopo === 1 && (window.widgetWindow ??= source));
  });
  await page.goto(town.host("serang"));
  const frame = await widget(page);
  await expect(readyForm(frame)).toBeVisible();
  await page.evaluate((forged) => {
    window.sent = 0;
    window.began = performance.now();
    // As many as are due, however busy the machine is.
    window.flood = setInterval(() => {
      for (const due = 10 * (performance.now() - window.began); window.sent < due; window.sent += 2) {
        const message = forged[(window.sent / 2) % forged.length];
        window.widgetWindow.postMessage(message, "*");
        window.postMessage(message, "*");
      }
    }, 10);
  }, FORGED);
  const marker = newMarker();
  await answerAll(frame, marker);
  await send(frame).click();
  const reference = await receipt(frame);
  const [sent, seconds] = await page.evaluate(() => [window.sent, (performance.now() - window.began) / 1000]);
  await page.evaluate(() => clearInterval(window.flood));
  console.log(`  ${sent} messages in ${seconds.toFixed(1)} s, ${Math.round(sent / seconds)} a second`);
  expect(sent / seconds, "a second").toBeGreaterThan(9_500);
  expect((await city.casesWith(marker)).map((one) => one.reference)).toEqual([reference]);
  const delivered = await page.evaluate(() => window.events.filter(([type]) => type === "delivered"));
  expect(delivered).toEqual([["delivered", { reference }]]);
});

test("a page that changes the width at each height comes to rest, and the form stays usable", async ({ page, town }) => {
  test.slow();
  await page.goto(town.host("rebut"));
  const frame = await widget(page);
  await expect(readyForm(frame)).toBeVisible();
  // What it says becomes ever rarer: until nothing has come for five seconds.
  await expect
    .poll(() => page.evaluate(() => performance.now() - window.heights.at(-1).at), { timeout: 60_000 })
    .toBeGreaterThan(5000);
  const count = await page.evaluate(() => window.heights.length);
  expect(count, "and there were few until then").toBeLessThan(24);
  await answerAll(frame, newMarker());
});

test("a site fills in only what the form declares public, and never what asks of a person", async ({ page, town }) => {
  // The published form, with one question declared public, and one that can never be.
  const file = join(town.house.folder, "katalog/32.73/lapor/~j~l~n-01.json");
  const original = readFileSync(file, "utf8");
  const published = JSON.parse(original);
  const fields = published.service.form.steps.flatMap(({ sections }) => sections).flatMap((section) => section.fields);
  const open = fields.find(({ type }) => type === "textarea");
  const shut = fields.find(({ type }) => type === "text");
  const personal = fields.find(({ type }) => type === "email");
  for (const field of [open, shut, personal]) expect(field).toBeTruthy();
  open.public = personal.public = true;
  writeFileSync(file, JSON.stringify(published));
  try {
    await page.goto(town.host("serang"));
    await widget(page);
    await page.evaluate(
      (answers) => document.querySelector("pendopo-widget").setAttribute("prefill", JSON.stringify(answers)),
      { [open.id]: "Lubang di depan halte", [shut.id]: "Siti", [personal.id]: "siti@example.id", "__proto__": "x" },
    );
    await expect.poll(async () => page.evaluate(() => window.events.filter(([type]) => type === "ready").length)).toBe(2);
    const frame = await widget(page);
    const seen = [];
    for (let step = 0; step < 20; step += 1) {
      const values = await frame.locator("form :is(input:not([type=radio], [type=checkbox], [type=file]), textarea)").evaluateAll((all) => all.map((one) => one.value));
      seen.push(...values.filter(Boolean));
      if (await frame.getByRole("heading", { name: "Periksa jawaban Anda" }).isVisible()) break;
      // Only what is required is answered, so that nothing else is there but what was filled in.
      await requiredOnly(frame);
    }
    expect(seen).toContain("Lubang di depan halte");
    expect(seen).not.toContain("Siti");
    expect(seen).not.toContain("siti@example.id");
    expect(frame.url(), "nothing of it is in the address").not.toMatch(/halte|Siti/);
  } finally {
    writeFileSync(file, original);
  }
});

/** Goes one step on, with the least that the form asks for. */
async function requiredOnly(frame) {
  const before = await frame.locator("#judul").innerText();
  for (const radio of await frame.getByRole("radio").all()) {
    const group = await radio.getAttribute("name");
    if ((await frame.locator(`[name="${group}"]:checked`).count()) === 0) await radio.check();
  }
  const next = frame.getByRole("button", { name: "Lanjut", exact: true });
  await next.click();
  if (await frame.locator("#ringkasan").isVisible()) {
    for (const link of await frame.locator("#ringkasan a").all()) {
      const id = (await link.getAttribute("href")).slice(1);
      await frame.locator(`[id="${id}"]`).fill("Jalan Braga 10");
    }
    await next.click();
  }
  await expect.poll(() => frame.locator("#judul").innerText()).not.toBe(before);
}

test("a name that a stranger gives a tab fills in nothing: only a frame is spoken to", async ({ page, town, context }) => {
  await page.goto(town.stranger("palsu"));
  const [tab] = await Promise.all([
    context.waitForEvent("page"),
    page.evaluate(
      (url) => window.open(url, JSON.stringify({ pendopo: 1, host: location.origin, accent: "#ff0000", lang: "en", fill: '{"description":"palsu"}' })),
      `${town.pendopo}/embed/layanan/32.73/lapor/JLN-01/isi`,
    ),
  ]);
  await expect(readyForm(tab)).toBeVisible();
  await expect(tab, "it becomes the page of its own").toHaveURL(`${town.pendopo}/layanan/32.73/lapor/JLN-01/isi`);
  expect(await tab.evaluate(() => Object.keys(document.documentElement.dataset)), "nothing of it was taken").toEqual([]);
  await expect(tab.getByRole("button", { name: "Lanjut", exact: true })).toBeVisible();
});

test("a stranger who opens the tab that takes over drafts gets no channel, and gives it no draft", async ({ page, town, context }) => {
  await page.goto(town.stranger("palsu"));
  await page.evaluate(() => {
    window.heard = [];
    addEventListener("message", ({ origin, ports }) => window.heard.push([origin, ports.length]));
  });
  const [tab] = await Promise.all([context.waitForEvent("page"), page.evaluate((url) => void (window.other = window.open(url)), `${town.pendopo}/embed/lanjut`)]);
  await expect(tab.getByRole("heading", { name: "Melanjutkan pengisian" })).toBeVisible();
  await page.evaluate(() => {
    const { port2 } = new MessageChannel();
    const draft = JSON.stringify({ id: crypto.randomUUID(), service: "32.73/lapor/JLN-01", title: "Palsu", form: "", answers: { description: "palsu" }, step: "", progress: [1, 1], updated: Date.now() });
    window.other.postMessage({ draft, files: [] }, "*", [port2]);
    window.other.postMessage(draft, "*");
  });
  const own = await context.newPage();
  await own.goto(`${town.pendopo}/layanan/32.73/lapor/JLN-01/isi`);
  await expect(readyForm(own)).toBeVisible();
  await expect(own.getByText(/melanjutkan/i), "no draft was taken").toHaveCount(0);
  expect(await page.evaluate(() => window.heard)).toEqual([]);
});

test("a page that is kept for use without a network never stands in for a widget", async ({ page, context, guard }) => {
  test.slow();
  guard.expectTrouble(/./);
  // A town of its own, whose front door is closed: on the same site, where its service worker would
  // answer for the frame if it answered for any.
  const town = await openTown();
  try {
    const own = await context.newPage();
    await own.goto(town.pendopo);
    await own.evaluate(async () => {
      await navigator.serviceWorker.register("/sw.js");
      await navigator.serviceWorker.ready;
    });
    await page.goto(town.neighbour("polos"));
    await expect(readyForm(await widget(page))).toBeVisible();
    await town.house.close();

    await own.goto(town.pendopo);
    await expect(own.locator("#judul"), "control: our own page is there without a network").toBeVisible();
    const heard = await hear(page);
    await page.goto(town.neighbour("polos"));
    await page.locator("pendopo-widget").scrollIntoViewIfNeeded();
    await expect.poll(heard.told).toEqual([["error", { code: "refused" }]]);
    for (const frame of page.frames().slice(1)) expect(await frame.locator("#pendopo").count()).toBe(0);
    await expect(page.getByText("Belum dapat ditampilkan di sini.")).toBeVisible();
  } finally {
    await town.close();
  }
});

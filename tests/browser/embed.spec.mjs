// Widgets on the kinds of sites that regions have: the whole job in each, and nothing leaks either way.
import { brotliCompressSync, constants } from "node:zlib";

import { answerAll, answersOf, newMarker, next, readyForm, receipt, review, send } from "./citizen.mjs";
import { allBarriers, barriers, expect, fit, hear, picture, test, widget } from "./widgets.mjs";

/** One file for each in hosts/. */
const HOSTS = {
  polos: "plain HTML",
  wordpress: "a theme that shouts rules at everything",
  ketat: "a strict content policy",
  dasar: "a base tag",
  kanan: "right to left",
  tab: "a tab that is hidden first",
};

async function open(page, town, name) {
  await page.goto(town.host(name));
  if (name === "tab") {
    const loaded = () => page.frames().filter((one) => one.url().includes("/embed/")).length;
    expect(loaded(), "what nobody sees is not loaded").toBe(0);
    await page.getByRole("tab", { name: "Lapor jalan" }).click();
  }
  const frame = await widget(page);
  await expect(readyForm(frame)).toBeVisible();
  return frame;
}

/** Styles of one element that a host's rules would change. */
const looks = (locator) =>
  locator.evaluate((element) => {
    const { display, fontFamily, fontSize, letterSpacing, textTransform, borderRadius, opacity, color } = getComputedStyle(element);
    return { display, fontFamily, fontSize, letterSpacing, textTransform, borderRadius, opacity, color };
  });

for (const [name, what] of Object.entries(HOSTS)) {
  test(`the whole job is done on a site with ${what}`, async ({ page, town, city }) => {
    const heard = await hear(page);
    const frame = await open(page, town, name);
    await picture(page, `situs-${name}`);
    expect(await allBarriers(page), "axe on the site and within").toEqual([]);

    const marker = newMarker();
    await answerAll(frame, marker);
    await picture(page, `situs-${name}-periksa`);
    expect(await allBarriers(page), "axe with the review").toEqual([]);
    await send(frame).click();
    const reference = await receipt(frame);
    await picture(page, `situs-${name}-bukti`);
    expect(await allBarriers(page), "axe with the receipt").toEqual([]);
    expect((await city.casesWith(marker)).map((one) => one.reference)).toEqual([reference]);

    await expect.poll(async () => (await heard.told()).map(([type]) => type)).toContain("delivered");
    const told = await heard.told();
    const types = told.map(([type]) => type).filter((type) => type !== "height");
    expect(types[0]).toBe("ready");
    expect(types.filter((type) => type !== "step")).toEqual(["ready", "submitted", "delivered"]);
    expect(told.find(([type]) => type === "delivered")[1]).toEqual({ reference });
    const steps = told.filter(([type]) => type === "step").map(([, { step }]) => step);
    expect(steps, "each step once, in order").toEqual(steps.map((_, at) => at + 1));
    expect(JSON.stringify(told), "no answer is told").not.toContain(marker);
  });
}

test("a site's rules do not reach into the widget, nor ours out of it", async ({ page, town, guard }) => {
  guard.expectTrouble(/ERR_FAILED.*embed-1\.js/);
  await page.goto(town.host("polos"));
  const plain = await widget(page);
  const label = (frame) => frame.locator("form label").first();
  const input = (frame) => frame.locator("form :is(input, select, textarea)").first();
  const [plainLabel, plainInput] = [await looks(label(plain)), await looks(input(plain))];

  await page.route("**/embed-1.js", (route) => route.abort());
  await page.goto(town.host("wordpress"));
  const before = await looks(page.locator("h1"));
  await page.unroute("**/embed-1.js");
  await page.goto(town.host("wordpress"));
  const frame = await widget(page);
  expect(await looks(label(frame))).toEqual(plainLabel);
  expect(await looks(input(frame))).toEqual(plainInput);
  expect(await looks(page.locator("h1")), "the site looks as it did").toEqual(before);
  const { box } = await fit(frame);
  expect(box.width, "as wide as its place").toBeGreaterThan(250);
  const after = await page.getByRole("button", { name: "Sesudah" }).boundingBox();
  expect(after.y, "nothing lies over what follows").toBeGreaterThanOrEqual(box.y + box.height);
});

test("the widget is as tall as what is in it, without scroll bars, at every step", async ({ page, town }) => {
  const frame = await open(page, town, "polos");
  const fits = async () => {
    await expect(async () => {
      const { content, window, sideways } = await fit(frame);
      expect([Math.ceil(content), sideways]).toEqual([window, 0]);
    }).toPass();
  };
  await fits();
  await next(frame).click();
  await expect(frame.getByRole("alert")).toBeVisible();
  await fits();
  await answerAll(frame, newMarker());
  await fits();
});

test("nothing jumps between two steps: the widget grows at once and shrinks when it has settled", async ({ page, town }) => {
  const heard = await hear(page);
  const frame = await open(page, town, "polos");
  await answerAll(frame, newMarker());
  const heights = (await heard.told()).filter(([type]) => type === "height").map(([, { height }]) => height);
  // Between steps the app shows nothing for a moment: no height of that moment is ever told.
  expect(Math.min(...heights)).toBeGreaterThan(250);
});

test("what is wrong is brought into view, and the keyboard goes on from there", async ({ page, town }) => {
  const frame = await open(page, town, "polos");
  await next(frame).scrollIntoViewIfNeeded();
  await next(frame).click();
  const summary = frame.locator("#ringkasan");
  await expect(summary).toBeFocused();
  await expect(async () => {
    const { y } = await summary.boundingBox();
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(page.viewportSize().height);
  }).toPass();
});

test("the keyboard goes from the site into the widget and out again, in reading order", async ({ page, town }) => {
  const frame = await open(page, town, "polos");
  await page.getByRole("link", { name: "Langsung ke bawah" }).focus();
  const here = async () => {
    const inside = await frame.evaluate(() => (document.hasFocus() ? (document.activeElement.id || document.activeElement.textContent).trim() : null));
    return inside ?? page.evaluate(() => document.activeElement.textContent.trim());
  };
  const visited = [];
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press("Tab");
    visited.push(await here());
    if (visited.at(-1) === "Sesudah") break;
  }
  expect(visited.at(-1), "out of the widget again").toBe("Sesudah");
  const inOrder = await frame.evaluate(() =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
      .filter((element) => element.checkVisibility())
      .map((element) => (element.id || element.textContent).trim()),
  );
  expect(visited.slice(0, -1).filter((one) => inOrder.includes(one))).toEqual([...new Set(visited.slice(0, -1))]);
  expect(visited[0], "the first thing in the widget is the next").toBe(inOrder[0]);
  await page.keyboard.press("Shift+Tab");
  expect(await here(), "and back into it").toBe(inOrder.at(-1));
});

test("ten widgets live on one page, each with its own height, and load when they come near", async ({ page, town }) => {
  test.slow();
  const heard = await hear(page);
  await page.goto(town.host("sepuluh"));
  await expect(page.locator("pendopo-widget")).toHaveCount(10);
  const frames = () => page.frames().filter((one) => one.url().includes("/embed/")).length;
  await widget(page, 0);
  expect(frames(), "those far below wait").toBeLessThan(10);
  const shown = [];
  for (let at = 0; at < 10; at += 1) {
    const frame = await widget(page, at);
    await expect(async () => {
      const { content, window } = await fit(frame);
      expect(Math.ceil(content)).toBe(window);
    }).toPass();
    expect(await barriers(frame), `axe within the widget ${at + 1}`).toEqual([]);
    shown.push(frame);
  }
  expect(new Set(shown).size).toBe(10);
  await expect.poll(async () => (await heard.told()).filter(([type]) => type === "ready").length).toBe(10);
  await picture(page, "situs-sepuluh");
  // The frame's own scheme is what a page in it prefers; the tests' browser is told a preference instead.
  const dark = await (await shown[8].frameElement()).evaluate((frame) => getComputedStyle(frame).colorScheme);
  expect(dark, "a widget may be dark on a light page").toBe("dark");
  await expect(shown[9].getByRole("button", { name: "Look up" }), "and speak another language").toBeVisible();
});

test("each view does its job: search, a region's services, look-up", async ({ page, town, city }) => {
  // All ten are near, so all load at once: one that came later would push away what is being pressed.
  await page.setViewportSize({ width: 360, height: 8_000 });
  await page.goto(town.host("sepuluh"));
  let before;
  const still = async () => {
    const heights = JSON.stringify(await page.locator("pendopo-widget").evaluateAll((all) => all.map((one) => one.offsetHeight)));
    const same = heights === before && page.frames().length === 11;
    before = heights;
    return same;
  };
  await expect.poll(still, { message: "ten widgets that no longer grow", intervals: [300] }).toBe(true);
  const services = await widget(page, 1);
  await services.getByRole("link", { name: /jalan berlubang/i }).click();
  await services.getByRole("link", { name: "Mulai", exact: true }).click();
  await expect(readyForm(services)).toBeVisible();
  const marker = newMarker();
  await answerAll(services, marker);
  await send(services).click();
  const reference = await receipt(services);
  await city.move(reference, { status: "dijadwalkan", note: "Minggu ini." });

  const search = await widget(page, 2);
  await search.getByRole("searchbox").fill("lampu");
  await expect(search.getByRole("link", { name: /lampu/i }).first()).toBeVisible();
  await search.getByRole("searchbox").fill("kabupaten");
  await expect(search.getByText(/Tidak ada layanan atau daerah/), "only this region's").toBeVisible();

  const status = await widget(page, 3);
  await status.getByLabel("Nomor").fill(reference);
  await status.getByRole("button", { name: "Cari", exact: true }).click();
  await expect(status.locator("[data-phase]").first()).toHaveAttribute("data-phase", "scheduled");
  expect(await status.locator("body").innerText()).not.toContain(marker);
});

test("a widget that is added later, moved or changed is upgraded, loads anew and changes", async ({ page, town }) => {
  await page.goto(town.host("polos"));
  await widget(page);
  await page.evaluate(() => {
    const later = document.createElement("pendopo-widget");
    later.setAttribute("region", "32.73");
    later.setAttribute("view", "search");
    document.querySelector("main").append(later);
  });
  const search = await widget(page, 1);
  await expect(search.getByRole("searchbox")).toBeVisible();
  await page.evaluate(() => document.querySelectorAll("pendopo-widget")[1].setAttribute("view", "status"));
  await expect.poll(() => page.frames().filter((one) => one.url().includes("/embed/status/")).length).toBe(1);
  const status = await widget(page, 1);
  await expect(status.getByLabel("Nomor")).toBeVisible();
  await page.evaluate(() => document.querySelector("main").prepend(document.querySelectorAll("pendopo-widget")[1]));
  await expect((await widget(page, 0)).getByLabel("Nomor")).toBeVisible();
  await page.evaluate(() => document.querySelectorAll("pendopo-widget").forEach((one) => one.remove()));
  await expect.poll(() => page.frames().length).toBe(1);
});

test("without script the element's own link stays", async ({ browser, town }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(town.host("polos"));
  await expect(page.getByRole("link", { name: "Laporkan jalan berlubang" })).toBeVisible();
  await context.close();
});

test("the frame is named, and may do no more than the form needs", async ({ page, town }) => {
  const of = async (frame) => (await frame.frameElement()).evaluate(({ title, sandbox, allow }) => ({ title, sandbox: [...sandbox].sort(), allow }));
  const frame = await open(page, town, "polos");
  const sandbox = ["allow-forms", "allow-popups", "allow-popups-to-escape-sandbox", "allow-same-origin", "allow-scripts"];
  expect(await of(frame)).toEqual({ title: "Laporkan jalan berlubang", sandbox, allow: "clipboard-write; geolocation" });
  await page.goto(town.host("sepuluh"));
  expect((await of(await widget(page, 0))).allow, "without a word of it, no place is asked for").toBe("clipboard-write");
});

test("the language, the colours and the corners are the site's, and an unreadable colour is corrected", async ({ page, town }) => {
  const heard = await hear(page);
  await page.goto(town.host("polos"));
  const ready = async () => (await heard.told()).filter(([type]) => type === "ready").length;
  await widget(page);
  await expect.poll(ready).toBe(1);
  await page.evaluate(() => {
    const element = document.querySelector("pendopo-widget");
    for (const [name, value] of Object.entries({ lang: "en-GB", accent: "#ffd200", radius: "2", font: "serif" })) element.setAttribute(name, value);
  });
  await expect.poll(ready).toBe(2);
  const frame = await widget(page);
  await expect(frame.getByRole("button", { name: "Next" })).toBeVisible();
  expect(await barriers(frame), "axe measures the contrast").toEqual([]);
  const look = await frame.evaluate(() => {
    const button = getComputedStyle(document.querySelector(".thumb .button"));
    return { radius: button.borderRadius, font: getComputedStyle(document.documentElement).fontFamily, ground: button.backgroundColor, lang: document.documentElement.lang };
  });
  expect(look).toMatchObject({ radius: "2px", lang: "en" });
  expect(look.font).toContain("serif");
  const [red, green, blue] = look.ground.match(/\d+/g).map(Number);
  expect(red > 90 && green > 70 && blue < 40, `a yellow still, only darker: ${look.ground}`).toBe(true);
  await picture(page, "situs-kuning");

  // What is no token, or none of its values, changes nothing.
  await page.evaluate(() => {
    const element = document.querySelector("pendopo-widget");
    for (const [name, value] of Object.entries({ accent: "red;}", radius: "99px", font: "url(x)", lang: "" })) element.setAttribute(name, value);
  });
  await expect.poll(ready).toBe(3);
  const plain = await widget(page);
  const style = await plain.evaluate(() => document.documentElement.getAttribute("style") ?? "");
  expect(style).not.toMatch(/lengkung|font|red/);
});

test("embed-1.js is at most 3 KB, and needs nothing else", async ({ town }) => {
  const response = await fetch(`${town.house.door}/embed-1.js`);
  expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  const body = Buffer.from(await response.arrayBuffer());
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  const bytes = brotliCompressSync(body, { params }).length;
  console.log(`  embed-1.js: ${bytes} bytes (brotli 11), ceiling 3072`);
  expect(bytes).toBeLessThanOrEqual(3072);
  expect(body.toString()).not.toMatch(/\bimport\b|\brequire\b|\beval\b/);
});

test("the whole form is filled in by keyboard alone, from the site on", async ({ page, town, city }) => {
  const frame = await open(page, town, "polos");
  const marker = newMarker();
  const answers = answersOf(marker);
  await page.getByRole("link", { name: "Langsung ke bawah" }).focus();
  const tabTo = async (wanted) => {
    for (let press = 0; press < 60; press += 1) {
      if (await wanted.evaluate((element) => document.hasFocus() && element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab never reaches ${wanted}`);
  };
  for (let step = 0; step < 20 && !(await review(frame).isVisible()); step += 1) {
    const before = await frame.locator("#judul").innerText();
    const groups = new Set();
    for (const radio of await readyForm(frame).getByRole("radio").all()) {
      const group = await radio.getAttribute("name");
      if (groups.has(group)) continue;
      groups.add(group);
      await tabTo(radio);
      await page.keyboard.press("Space");
    }
    for (const field of await readyForm(frame).getByRole("textbox").all()) {
      if (await field.inputValue()) continue;
      const label = await field.evaluate((element) => [...(element.labels ?? [])].map((one) => one.textContent).join(" "));
      const answer = answers.find(([pattern]) => pattern.test(label))?.[1];
      if (!answer) continue;
      await tabTo(field);
      await page.keyboard.type(answer);
    }
    await tabTo(next(frame));
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await review(frame).isVisible()) || (await frame.locator("#judul").innerText()) !== before).toBe(true);
  }
  await tabTo(send(frame));
  await page.keyboard.press("Enter");
  const reference = await receipt(frame);
  expect((await city.casesWith(marker)).map((one) => one.reference)).toEqual([reference]);
});

// Installing: what a browser asks of an app for the home screen, its icons, and how fast it opens again.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

import { draw, icons } from "../../public/icons.mjs";
import { atHome, fileOf, pathOf, readyForm, receipt, sendForm } from "./citizen.mjs";
import { expect, test } from "./pendopo.mjs";

const PUBLIC = new URL("../../public/", import.meta.url);

/** The pixels of a PNG of eight bits RGBA, each row filtered by the one above or not at all. */
function pixels(png) {
  const side = png.readUInt32BE(16);
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const rows = inflateSync(Buffer.concat(parts));
  const width = side * 4;
  const out = Buffer.alloc(width * side);
  for (let row = 0; row < side; row += 1) {
    const filter = rows[row * (width + 1)];
    expect([0, 2]).toContain(filter);
    for (let at = 0; at < width; at += 1) {
      const above = filter === 2 && row > 0 ? out[(row - 1) * width + at] : 0;
      out[row * width + at] = rows[row * (width + 1) + 1 + at] + above;
    }
  }
  return { side, out };
}

test("the icons are what their source draws", () => {
  for (const [name, icon] of Object.entries(icons)) {
    const { side, out } = pixels(readFileSync(new URL(name, PUBLIC)));
    expect(side, name).toBe(icon.side);
    expect(out.equals(draw(icon)), `${name}: run node public/icons.mjs`).toBe(true);
  }
});

test("a maskable icon has all of its mark within what every system shows", () => {
  const icon = icons["ikon-maskable-512.png"];
  const drawn = draw(icon);
  const ground = drawn.subarray(0, 3);
  let farthest = 0;
  let transparent = 0;
  for (let row = 0; row < icon.side; row += 1) {
    for (let column = 0; column < icon.side; column += 1) {
      const at = (row * icon.side + column) * 4;
      if (drawn[at + 3] !== 255) transparent += 1;
      if (!drawn.subarray(at, at + 3).equals(ground)) farthest = Math.max(farthest, Math.hypot(row - icon.side / 2, column - icon.side / 2));
    }
  }
  expect(transparent).toBe(0);
  expect(farthest).toBeLessThan(icon.side * 0.4);
  expect(farthest, "and it is not tiny").toBeGreaterThan(icon.side * 0.25);
});

test("the browser finds nothing in the way of installing it, and its shortcuts lead somewhere", async ({ house, playwright, request, launchOptions }) => {
  // A profile on the disk: a private window can install nothing.
  const profile = mkdtempSync(join(tmpdir(), "pendopo-install-"));
  const context = await playwright.chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: house.door, locale: "id-ID" });
  const page = await context.newPage();
  await page.goto("/");
  await atHome(page, ["/"]);
  const session = await page.context().newCDPSession(page);
  expect((await session.send("Page.getInstallabilityErrors")).installabilityErrors).toEqual([]);
  const { url, errors, data } = await session.send("Page.getAppManifest");
  expect([new URL(url).pathname, errors]).toEqual(["/manifest.webmanifest", []]);
  const manifest = JSON.parse(data);
  for (const { src, sizes, type } of [...manifest.icons, ...manifest.shortcuts.flatMap(({ icons }) => icons)]) {
    const icon = await request.get(src);
    expect([icon.status(), icon.headers()["content-type"]], src).toEqual([200, type]);
    if (type === "image/png") expect(`${(await icon.body()).readUInt32BE(16)}x${(await icon.body()).readUInt32BE(20)}`).toBe(sizes);
  }
  for (const { url } of manifest.shortcuts) {
    await page.goto(url);
    await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Halaman ini tidak ada");
  }
  await context.close();
  rmSync(profile, { recursive: true, force: true });
});

test("installing is hinted at once something was received, and never again after a no", async ({ page }) => {
  const offered = () =>
    page.evaluate(() => {
      const event = new Event("beforeinstallprompt", { cancelable: true });
      event.prompt = () => (window.asked = true);
      dispatchEvent(event);
      return event.defaultPrevented;
    });
  const hint = page.getByRole("heading", { name: "Pasang di layar utama" });
  await page.goto("/");
  await expect.poll(offered, { message: "the browser's own banner is held back" }).toBe(true);
  await expect(hint, "not before there is a reason").toHaveCount(0);
  await sendForm(page, "jalan berlubang");
  await receipt(page);
  await page.goto("/");
  await expect.poll(offered).toBe(true);
  await expect(hint).toBeVisible();
  await page.getByRole("button", { name: "Tidak perlu" }).click();
  await expect(hint).toHaveCount(0);
  await page.reload();
  await expect.poll(offered).toBe(true);
  await expect(page.getByRole("searchbox")).toBeVisible();
  await expect(hint).toHaveCount(0);
  // Whoever looks for it still finds it.
  await page.goto("/pengaturan");
  await expect.poll(offered).toBe(true);
  await page.getByRole("button", { name: "Pasang", exact: true }).click();
  expect(await page.evaluate(() => window.asked)).toBe(true);
});

test.describe("on iOS", () => {
  test.use({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1" });

  test("nothing is hinted at while something is unfinished, and that it begins empty is said", async ({ page, request }) => {
    await sendForm(page, "jalan berlubang");
    await receipt(page);
    await page.goto("/");
    await expect(page.getByText("Pendopo di layar utama mulai kosong")).toBeVisible();
    await page.goto(`${await pathOf(request, "akta kelahiran")}/isi`);
    await readyForm(page).getByLabel(/nama lengkap/i).first().fill("Siti");
    await expect(page.getByText(/tersimpan/i).first()).toBeVisible();
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Lanjutkan" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Pasang di layar utama" })).toHaveCount(0);
    await page.goto("/pengaturan");
    await expect(page.getByText("Selesaikan atau hapus dulu isian Anda")).toBeVisible();
  });
});

test("opening a form again takes at most half of the first time, over a slow network and over none", async ({ browser, house, request }) => {
  const context = await browser.newContext({ baseURL: house.door, locale: "id-ID" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const service = await pathOf(request, "jalan berlubang");
  const open = async (offline) => {
    // 3G as browsers' developer tools have it: 1.6 Mbit/s, 562 ms.
    await session.send("Network.emulateNetworkConditions", { offline, latency: 562, downloadThroughput: 180_000, uploadThroughput: 84_000 });
    const begun = performance.now();
    await page.goto(`${service}/isi`);
    await readyForm(page).waitFor();
    return performance.now() - begun;
  };
  const cold = await open(false);
  await atHome(page, [fileOf(service), "/"]);
  const again = await open(false);
  const without = await open(true);
  const share = (time) => `${Math.round(time)} ms, ${(time / cold).toFixed(2)} of the first time`;
  console.log(`A form: first ${Math.round(cold)} ms; again ${share(again)}; without a network ${share(without)}`);
  expect(again).toBeLessThan(cold * 0.5);
  expect(without).toBeLessThan(cold * 0.5);
  await context.close();
});

// Firefox and WebKit behind one small face: what a citizen does, by label and by word. Chromium has
// Playwright; these two are driven by what Debian ships for them.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** Longest that anything is waited for, in milliseconds; it is a limit, not a wait. */
const PATIENCE = 45_000;

const quoted = (text) => (text.includes('"') ? `'${text}'` : `"${text}"`);

/** Where a citizen would look, as XPath. */
export const places = {
  /** A button or link by its words. */
  button: (name) => `//button[normalize-space()=${quoted(name)}] | //a[normalize-space()=${quoted(name)}]`,
  /** A field by a part of its label. */
  field: (label) =>
    `//*[@id=(//label[contains(normalize-space(), ${quoted(label)})]/@for)][self::input or self::textarea or self::select]`,
  /** A link by a part of its words. */
  link: (words) => `//a[contains(translate(normalize-space(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"), ${quoted(words.toLowerCase())})]`,
};

/** Asks until `look` gives something. */
export async function until(what, look) {
  const limit = Date.now() + PATIENCE;
  let last;
  while (Date.now() < limit) {
    try {
      const found = await look();
      if (found) return found;
    } catch (problem) {
      last = problem;
    }
    await new Promise((again) => setTimeout(again, 50));
  }
  throw new Error(`not within ${PATIENCE / 1000} s: ${what}${last ? ` (${last.message})` : ""}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Firefox ESR, over WebDriver BiDi. */
export async function firefox() {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: { "intl.accept_languages": "id-ID", "intl.locale.requested": "id" },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 360, height: 740 });
  const find = (path) => page.waitForSelector(`xpath/${path}`, { visible: true, timeout: PATIENCE });
  return {
    name: `Firefox ${await browser.version()}`,
    go: (url) => page.goto(url, { waitUntil: "load" }),
    press: async (path) => {
      const element = await find(path);
      await element.scrollIntoView();
      await element.click();
    },
    fill: async (path, text) => {
      const element = await find(path);
      await element.click({ count: 3 });
      await element.type(text);
    },
    choose: async (path, files) => {
      const element = await page.waitForSelector(`xpath/${path}`, { timeout: PATIENCE });
      await element.uploadFile(...files);
    },
    ask: (script) => page.evaluate(script),
    picture: (path) => page.screenshot({ path }),
    close: () => browser.close(),
  };
}

/** WebKitGTK's MiniBrowser, over its WebDriver; needs a display (xvfb-run). */
export async function webkit() {
  const { Builder, By, until: becomes } = await import("selenium-webdriver");
  const { writeFile } = await import("node:fs/promises");
  const port = await freePort();
  const driver = spawn("/usr/bin/WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { stdio: "ignore" });
  process.once("exit", () => driver.kill());
  await until("WebKitWebDriver answers", async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok);
  const library = process.env.MINIBROWSER ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
  const session = await new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": { binary: library, args: ["--automation"] } })
    .build();
  await session.manage().window().setRect({ width: 400, height: 800 });
  const find = async (path) => {
    const element = await session.wait(becomes.elementLocated(By.xpath(path)), PATIENCE);
    await session.wait(becomes.elementIsVisible(element), PATIENCE);
    return element;
  };
  const capabilities = await session.getCapabilities();
  return {
    name: `WebKitGTK ${capabilities.get("browserVersion")}`,
    go: (url) => session.get(url),
    press: async (path) => {
      const element = await find(path);
      await session.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
      await element.click();
    },
    fill: async (path, text) => {
      const element = await find(path);
      await element.clear();
      await element.sendKeys(text);
    },
    choose: async (path, files) => {
      const element = await session.wait(becomes.elementLocated(By.xpath(path)), PATIENCE);
      await element.sendKeys(files.join("\n"));
    },
    ask: (script) => session.executeScript(`return (${script})()`),
    picture: async (path) => writeFile(path, Buffer.from(await session.takeScreenshot(), "base64")),
    close: async () => {
      await session.quit();
      driver.kill();
    },
  };
}

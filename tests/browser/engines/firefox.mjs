// Firefox as Debian has it, driven by WebDriver BiDi.
import { existsSync } from "node:fs";

import puppeteer from "puppeteer-core";

const binary = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

/** A new browser without a past, that asks for pages in Indonesian; see `hand.mjs` for what it can do. */
export async function firefox() {
  if (!existsSync(binary)) throw new Error(`${binary} is missing; run: .ci/tools tests (FIREFOX names another one)`);
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: binary,
    headless: true,
    extraPrefsFirefox: { "intl.accept_languages": "id" },
  });
  const page = await browser.newPage();
  const trouble = [];
  // Of a page that is left Firefox says this too: what its worker was fetching for it broke off.
  const brokenOff = /A ServiceWorker intercepted the request and encountered an unexpected error/;
  page.on("pageerror", (problem) => {
    if (!brokenOff.test(problem.message)) trouble.push(`uncaught: ${problem.message}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(`console: ${message.text()} ${JSON.stringify(message.stackTrace())}`);
  });
  return {
    name: "Firefox",
    version: await browser.version(),
    trouble,
    go: (url) => page.goto(url, { waitUntil: "load" }),
    run: (work, ...args) => page.evaluate(work, ...args),
    async all(work, ...args) {
      const list = await page.evaluateHandle(work, ...args);
      const found = [...(await list.getProperties()).values()].map((one) => one.asElement());
      return found.filter(Boolean);
    },
    press: (element) => element.click(),
    type: (element, text) => element.type(text),
    // In a list without a window of its own, as by keyboard: the first letters choose.
    choose: (select, option) => select.type(option),
    give: (element, path) => element.uploadFile(path),
    picture: (path) => page.screenshot({ path }),
    close: () => browser.close(),
  };
}

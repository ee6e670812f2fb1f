// The phone: a browser with a profile of its own on the disk, which outlives every death.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { repository } from "../browser/house.mjs";

const { chromium } = createRequire(join(repository, "tests/browser/package.json"))("@playwright/test");

/** Milliseconds after which something that should have happened has not: a limit, not a wait. */
export const PATIENCE = 20_000;

/** Asks until there is an answer. */
async function until(ask, what) {
  const limit = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > limit) throw new Error(`${what} within ${PATIENCE / 1000} s`);
    await new Promise((again) => setTimeout(again, 20));
  }
}

export class Phone {
  kills = { page: 0, browser: 0 };

  constructor(door) {
    this.door = door;
    this.profile = mkdtempSync(join(tmpdir(), "pendopo-chaos-"));
  }

  /** Starts the browser. It is started here and not by the driver, since it is to be killed in earnest. */
  async open() {
    const port = join(this.profile, "DevToolsActivePort");
    rmSync(port, { force: true });
    const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=id-ID", "--accept-lang=id-ID", "--window-size=360,740", `--user-data-dir=${this.profile}`, "--remote-debugging-port=0", "about:blank"];
    const child = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", args, { stdio: "ignore", detached: true });
    this.child = child;
    this.gone = new Promise((gone) => child.once("exit", gone));
    const address = await until(() => existsSync(port) && /^\d+\n/.exec(readFileSync(port, "utf8"))?.[0].trim(), "the browser answers");
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${address}`);
    [this.context] = this.browser.contexts();
    this.context.setDefaultTimeout(PATIENCE);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
  }

  goto(path) {
    return this.page.goto(this.door + path, { waitUntil: "commit" });
  }

  /** The page is gone as if the system had needed its memory: its renderer and its worker with it. */
  async killPage() {
    const { page } = this;
    const session = await this.context.newCDPSession(page);
    const crashed = page.waitForEvent("crash", { timeout: PATIENCE });
    this.kills.page += 1;
    // The answer never comes: who would give it is gone.
    session.send("Page.crash").catch(() => {});
    await crashed;
    this.page = await this.context.newPage();
    await page.close().catch(() => {});
  }

  /** The battery is empty: the browser's processes end without a word. */
  async killBrowser() {
    this.kills.browser += 1;
    await this.end();
    await this.open();
  }

  async end() {
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.gone;
    await this.browser.close().catch(() => {});
  }

  async close() {
    await this.end();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

// WebKit as Debian has it, in GTK's small browser, driven by WebDriver (https://www.w3.org/TR/webdriver2/).
//
// It needs a screen, and gets one that nobody sees. Of the protocol this speaks the eight commands that
// a citizen needs; a client library would bring many more.
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

const driver = process.env.WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver";
const binary = process.env.WEBKIT_BROWSER ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
const screen = process.env.XVFB ?? "/usr/bin/Xvfb";

/** By which WebDriver names an element in JSON. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Longest that a program may take to start, in milliseconds; it is a limit, not a wait. */
const PATIENCE = 60_000;

async function freePort() {
  const server = createServer();
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** A program that ends with us; `ended` resolves then. */
function start(program, args, options) {
  const child = spawn(program, args, options);
  const end = () => child.kill();
  process.once("exit", end);
  const ended = new Promise((done) => {
    child.once("error", (problem) => done(problem.message));
    child.once("exit", (code, signal) => done(signal ?? `exit code ${code}`));
  }).finally(() => process.off("exit", end));
  return { child, ended };
}

/** A screen in memory; it picks its own number and writes it. */
async function openScreen() {
  const one = start(screen, ["-displayfd", "3", "-screen", "0", "800x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = new Promise((told) => one.child.stdio[3].once("data", (data) => told(String(data).trim())));
  const first = await Promise.race([number, one.ended.then(() => null)]);
  if (first === null) throw new Error(`${screen} ended: ${await one.ended}`);
  return { ...one, display: `:${first}` };
}

/** A new browser without a past, that asks for pages in Indonesian; see `hand.mjs` for what it can do. */
export async function webkit() {
  for (const program of [driver, binary, screen]) {
    if (!existsSync(program)) throw new Error(`${program} is missing; run: .ci/tools tests`);
  }
  const { display, child: shown, ended: dark } = await openScreen();
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display, LANG: "C.UTF-8", LANGUAGE: "id", NO_AT_BRIDGE: "1", LIBGL_ALWAYS_SOFTWARE: "1" };
  const served = start(driver, ["--host=127.0.0.1", `--port=${port}`], { env, stdio: "ignore" });
  let session = "";

  async function ask(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${session}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async function close() {
    if (session) await ask("DELETE", "").catch(() => {});
    served.child.kill();
    await served.ended;
    shown.kill();
    await dark;
  }

  try {
    const limit = AbortSignal.timeout(PATIENCE);
    while (!(await ask("GET", "/status").catch(() => null))) {
      if (served.child.exitCode !== null) throw new Error(`${driver} ended: ${await served.ended}`);
      if (limit.aborted) throw new Error(`${driver} does not answer`);
      await new Promise((again) => setTimeout(again, 50));
    }
    const asked = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
    const made = await ask("POST", "/session", { capabilities: { alwaysMatch: asked } });
    session = `/session/${made.sessionId}`;
    const at = (element) => `/element/${element[ELEMENT]}`;
    const run = (work, ...args) => ask("POST", "/execute/sync", { script: `return (${work}).apply(null, arguments)`, args });
    return {
      name: "WebKitGTK",
      version: `${made.capabilities.browserName} ${made.capabilities.browserVersion}`,
      trouble: [],
      go: (url) => ask("POST", "/url", { url }),
      run: (work, ...args) => (typeof work === "string" ? ask("POST", "/execute/sync", { script: work, args }) : run(work, ...args)),
      all: run,
      press: (element) => ask("POST", `${at(element)}/click`),
      type: (element, text) => ask("POST", `${at(element)}/value`, { text }),
      choose: async (select, option) => {
        const [wanted] = await run((select, option) => [...select.options].filter((one) => one.text === option), select, option);
        await ask("POST", `${at(wanted)}/click`);
      },
      give: (element, path) => ask("POST", `${at(element)}/value`, { text: path }),
      picture: async (path) => writeFileSync(path, Buffer.from(await ask("GET", "/screenshot"), "base64")),
      close,
    };
  } catch (problem) {
    await close();
    throw problem;
  }
}

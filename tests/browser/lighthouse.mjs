// Lighthouse over the pages that matter most: accessibility and best practices must be 100 on each.
// `make lighthouse`. It is fetched by npx at a fixed version and is in no lock file: with its hundred
// packages it would be most of what the tests install, for two figures.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { pathOf, receipt, sendForm } from "./citizen.mjs";
import { openHouse } from "./house.mjs";

const LIGHTHOUSE = "lighthouse@12.8.2";
const CATEGORIES = ["accessibility", "best-practices"];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const port = await new Promise((free) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => free(port));
  });
});
const folder = mkdtempSync(join(tmpdir(), "pendopo-lighthouse-"));
const house = await openHouse();
// A profile on the disk and a port: Lighthouse looks at the same browser, in which there is a case.
const context = await chromium.launchPersistentContext(join(folder, "profile"), {
  executablePath,
  args: ["--headless=new", "--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
  baseURL: house.door,
  locale: "id-ID",
});
const page = await context.newPage();
await sendForm(page, "jalan berlubang");
await receipt(page);
const pages = {
  home: "/",
  form: `${await pathOf(context.request, "jalan berlubang")}/isi`,
  case: new URL(page.url()).pathname,
};

let well = true;
for (const [name, path] of Object.entries(pages)) {
  const report = join(folder, `${name}.json`);
  const args = ["--yes", LIGHTHOUSE, house.door + path, `--port=${port}`, "--disable-storage-reset", `--only-categories=${CATEGORIES}`];
  const run = spawnSync("npx", [...args, "--output=json", `--output-path=${report}`, "--quiet"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CHROME_PATH: executablePath },
  });
  if (run.status !== 0) throw new Error(`${LIGHTHOUSE} ended with ${run.status ?? run.signal}`);
  const { categories, audits } = JSON.parse(readFileSync(report, "utf8"));
  const scores = CATEGORIES.map((category) => `${category} ${Math.round(categories[category].score * 100)}`);
  console.log(`${name.padEnd(6)} ${scores.join(", ")}`);
  for (const category of CATEGORIES) {
    if (categories[category].score === 1) continue;
    well = false;
    for (const { id, weight } of categories[category].auditRefs) {
      const { score, title, details } = audits[id];
      if (weight > 0 && score !== null && score < 1) console.log(`  ${id}: ${title} ${JSON.stringify(details?.items ?? []).slice(0, 600)}`);
    }
  }
}
await context.close();
await house.close();
rmSync(folder, { recursive: true, force: true });
process.exit(well ? 0 : 1);

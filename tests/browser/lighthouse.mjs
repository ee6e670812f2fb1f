// Lighthouse over the pages that matter most: accessibility and best practices must be 100 on each.
// `make lighthouse`. It is fetched by npx at a fixed version and is in no lock file: with its hundred
// packages it would be most of what the tests install, for two figures.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fill, pressSend } from "../chaos/citizen.mjs";
import { Phone } from "../chaos/phone.mjs";
import { newMarker } from "./citizen.mjs";
import { openHouse } from "./house.mjs";

const LIGHTHOUSE = "lighthouse@12.8.2";
const CATEGORIES = ["accessibility", "best-practices"];
const FORM = "/layanan/32.73/lapor/JLN-01/isi";

const folder = mkdtempSync(join(tmpdir(), "pendopo-lighthouse-"));
const house = await openHouse();
// Lighthouse looks at the same browser, in which there is a case; two drivers at once it does not bear.
const phone = new Phone(house.door);
await phone.open();
await phone.goto(FORM);
await fill(phone.page, { backend: "32.73/lapor", marker: newMarker(), dice: 0 });
await pressSend(phone.page);
await phone.page.locator("[data-reference]").first().waitFor();
const pages = { home: "/", form: FORM, case: new URL(phone.page.url()).pathname };
await phone.browser.close();

let well = true;
for (const [name, path] of Object.entries(pages)) {
  const report = join(folder, `${name}.json`);
  const args = ["--yes", LIGHTHOUSE, house.door + path, `--port=${phone.port}`, "--disable-storage-reset", `--only-categories=${CATEGORIES}`];
  const run = spawnSync("npx", [...args, "--output=json", `--output-path=${report}`, "--quiet"], {
    stdio: ["ignore", "inherit", "inherit"],
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
await phone.close();
await house.close();
rmSync(folder, { recursive: true, force: true });
process.exit(well ? 0 : 1);

// Bytes are a feature: what must arrive before one can type, and everything together, brotli 11.
//
// What is counted is compressed here, so that the figures do not depend on who serves the files.
// There is a goal, and a ceiling: what was reached last, so that nothing grows unseen. Ceilings only
// fall.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import { pathOf, readyForm } from "./citizen.mjs";
import { repository } from "./house.mjs";
import { expect, test } from "./pendopo.mjs";

const KB = 1024;
/** HTML, styles, app and form data, until a published form answers to typing. */
const TYPING = { goal: 115 * KB, ceiling: 108 * KB };
/** The shell, one build with its engine, and the service worker. */
const EVERYTHING = { goal: 290 * KB, ceiling: 312 * KB };

test.use({ serviceWorkers: "block" });

/** As many bytes as a phone receives of it: compressed, unless that does not help. */
function received(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return Math.min(bytes.length, brotliCompressSync(bytes, { params }).length);
}

function table(title, rows, limit) {
  const total = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  const line = (name, bytes) => `  ${name.padEnd(52)} ${(bytes / KB).toFixed(1).padStart(7)} KB`;
  const lines = [...rows].sort((a, b) => b[1] - a[1]).map(([name, bytes]) => line(name, bytes));
  console.log([title, ...lines, line("together", total), line("goal", limit.goal), line("ceiling", limit.ceiling), ""].join("\n"));
  return total;
}

test("no more than the ceiling must come before one can type into a published form", async ({ page, request, guard }) => {
  guard.expectTrouble(/engine|ERR_FAILED/);
  await page.route(/\/engine[^/]*\.(js|wasm)$/, (route) => route.abort());
  const path = `${await pathOf(request, "jalan berlubang")}/isi`;
  const bodies = [];
  const note = (response) => {
    bodies.push(response.body().then((body) => [new URL(response.url()).pathname, received(body)]));
  };
  page.on("response", note);
  await page.goto(path);
  await expect(readyForm(page)).toBeVisible();
  page.off("response", note);
  const rows = await Promise.all(bodies);
  expect(rows.some(([name]) => name.endsWith(".wasm")), "the app is among what was counted").toBe(true);
  expect(table("Until one can type into a form", rows, TYPING)).toBeLessThanOrEqual(TYPING.ceiling);
});

test("shell, app, engine and service worker are under their ceiling together", () => {
  const dist = join(repository, "dist");
  const shell = readFileSync(join(dist, "index.html"), "utf8");
  const [, build] = /\/b\/([^/"]+)\//.exec(shell) ?? [];
  expect(build, "the build that the shell names").toBeTruthy();
  const files = [join(dist, "index.html")];
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    if (entry.isFile() && /^(sw|embed)[^/]*\.js$/.test(entry.name)) files.push(join(dist, entry.name));
  }
  const folder = join(dist, "b", build);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !/\.(br|gz)$/.test(entry.name)) files.push(path);
  }
  const rows = files.map((file) => [relative(dist, file).replace(build, "{build}"), received(readFileSync(file))]);
  const parts = rows.map(([name]) => name.split("/").pop());
  expect(parts, "all parts of the program").toEqual(expect.arrayContaining(["app_bg.wasm", "soon.bin", "engine.wasm", "pages.wasm"]));
  expect(table("Everything", rows, EVERYTHING)).toBeLessThanOrEqual(EVERYTHING.ceiling);
});

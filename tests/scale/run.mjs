// `make scale`: `pendopo publish` over all 514 regencies and cities with 50 services each, a third of
// their systems down, each in one of three ways; what it takes, and what a phone loads to search in the result.
//
//   TIMEOUT=20 node tests/scale/run.mjs      seconds that a system has for an answer, as in edge.toml
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const program = join(root, "target/release/pendopo");
const folder = mkdtempSync(join(tmpdir(), "pendopo-scale-"));
const timeout = Number(process.env.TIMEOUT ?? 20);

const lines = readFileSync(join(root, "src/catalogue/wilayah.tsv"), "utf8").split("\n").map((line) => line.split("\t"));
const regions = lines.filter(([code]) => /^\d\d\.\d\d$/.test(code));

/** What a program took: its answer, wall-clock seconds and the most memory it had, in MiB. */
function measured(args) {
  const report = join(folder, "time");
  const begun = Date.now();
  const ended = spawnSync("/usr/bin/time", ["-f", "%M", "-o", report, program, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
  const kib = Number(readFileSync(report, "utf8").trim().split("\n").pop());
  return { said: ended.stdout, code: ended.status, seconds: (Date.now() - begun) / 1000, mib: Math.round(kib / 1024) };
}

const sandbox = spawn(program, ["sandbox", "--listen", "127.0.0.1:0"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
try {
  const address = await new Promise((found, lost) => {
    let text = "";
    sandbox.stdout.on("data", (piece) => {
      text += piece;
      const at = text.match(/http:\/\/(127\.0\.0\.1:\d+)\//);
      if (at) found(at[1]);
    });
    sandbox.once("exit", () => lost(new Error("the sandbox ended")));
  });
  mkdirSync(join(folder, "regions"));
  let settings = 'dist = "dist"\nregions = "regions"\ncatalogue = "catalogue"\nledger = "ledger"\n';
  for (const [code, name] of regions) {
    const backend = { id: "lapor", name: `Lapor ${name}`, office: "Dinas Komunikasi dan Informatika", adapter: "open311", profile: { format: "json" } };
    writeFileSync(join(folder, `regions/${code}.json`), JSON.stringify({ format: 1, code, name, backends: [backend] }));
    settings += `[upstreams."${code}/lapor"]\nurl = "http://${address}/banyak/${code}"\ntimeout_seconds = ${timeout}\n`;
  }
  writeFileSync(join(folder, "edge.toml"), settings);

  const first = measured(["publish"]);
  const second = measured(["publish"]);
  const size = (file) => ({ plain: statSync(join(folder, "catalogue", file)).size, sent: statSync(join(folder, "catalogue", `${file}.br`)).size });
  const files = readdirSync(join(folder, "catalogue"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const index = JSON.parse(readFileSync(join(folder, "catalogue/indeks.json"), "utf8"));
  const of = (took) => `${took.seconds.toFixed(1)} s, ${took.mib} MiB at most, exit code ${took.code}`;
  const summary = (took) => took.said.trim().split("\n").slice(-3).join("\n  ");
  console.log(`${regions.length} regions, a third of them down; a system has ${timeout} s for an answer`);
  console.log(`publish:        ${of(first)}\n  ${summary(first)}`);
  console.log(`publish again:  ${of(second)}`);
  console.log(`written:        ${files.length} files, ${index.services.length} services in the index`);
  for (const file of ["indeks.json", "wilayah.json", "32.73/daerah.json"]) {
    const { plain, sent } = size(file);
    console.log(`${file.padEnd(20)}${plain} bytes, ${sent} as a phone loads it`);
  }
} finally {
  sandbox.kill();
  await new Promise((ended) => sandbox.once("exit", ended));
  rmSync(folder, { recursive: true, force: true });
}

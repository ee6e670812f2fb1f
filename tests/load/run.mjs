// `make load`: how much the front door carries, alone and as nginx before two of them, in one run; and
// whether a weak system behind it is spared.
//
//   SECONDS=5 CONNECTIONS=64 node tests/load/run.mjs
//
// wrk asks for a file of a build, for a catalogue that is kept, and for forms that are not (each address
// once), from a system that bears five requests at once, each 200 ms, and refuses any beyond. Everything
// is on this machine, wrk included, so figures of two runs or machines do not compare: ratios of one run do.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, createServer as listen } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const seconds = Number(process.env.SECONDS ?? 5);
const connections = Number(process.env.CONNECTIONS ?? 64);
const program = resolve(import.meta.dirname, "../../target/release/pendopo");
const [AT_ONCE, TAKES] = [5, 200];
const folder = mkdtempSync(join(tmpdir(), "pendopo-load-"));
const started = [];

const isRoot = process.getuid() === 0;
const run = (command, args, options) => execFileSync(command, args, { encoding: "utf8", ...options });
const start = (command, args, options = {}) => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], cwd: folder, ...options });
  started.push(child);
  return child;
};
const firstLine = (child) =>
  new Promise((found, lost) => {
    let text = "";
    child.stdout.on("data", (piece) => {
      text += piece;
      if (text.includes("\n")) found(text.split("\n")[0]);
    });
    child.once("exit", () => lost(new Error(`it ended: ${child.spawnargs.join(" ")}`)));
  });
const freePort = () =>
  new Promise((found) => {
    const server = listen().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
const answers = async (port) => {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise((told) => {
      const socket = connect(port, "127.0.0.1", () => told(true)).on("error", () => told(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`nothing answers on port ${port}`);
};

// The weak system.
const weak = { now: 0, most: 0, taken: 0, refused: 0 };
const services = JSON.stringify(
  Array.from({ length: 50 }, (_, number) => ({
    service_code: String(number), service_name: `Layanan ${number}`, description: "Keterangan ".repeat(10), metadata: true,
    type: "realtime", keywords: "", group: "Umum",
  })),
);
const system = createServer((request, response) => {
  weak.now += 1;
  weak.most = Math.max(weak.most, weak.now);
  const overloaded = weak.now > AT_ONCE;
  weak[overloaded ? "refused" : "taken"] += 1;
  setTimeout(() => {
    weak.now -= 1;
    response.writeHead(overloaded ? 503 : 200, { "content-type": "application/json" });
    response.end(overloaded ? "" : services);
  }, overloaded ? 0 : TAKES);
}).listen(0, "127.0.0.1");
await new Promise((ready) => system.once("listening", ready));

const postgresBin = () => {
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => b - a);
  return `/usr/lib/postgresql/${versions[0]}/bin`;
};
const asPostgres = (command, args) =>
  isRoot ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", command, ...args]] : [command, args];

function settings(file, ledger) {
  writeFileSync(
    join(folder, file),
    `dist = "dist"\nregions = "regions"\ncatalogue = "catalogue"\nledger = ${ledger}\ntrusted_proxies = ["127.0.0.2"]
rates = { changes_per_minute = 100000000, reads_per_minute = 100000000, guesses_per_hour = 1 }
limits = { connections_per_address = 4096 }
[upstreams."32.73/lapor"]
url = "http://127.0.0.1:${system.address().port}"
requests_at_once = ${AT_ONCE}
retries = 0
timeout_seconds = 4
cache = { fresh_seconds = 60, stale_seconds = 600 }
`,
  );
}

async function wrk(site, path, script) {
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-H", "accept-encoding: br"];
  if (script) args.push("-s", join(folder, script));
  const child = start("wrk", [...args, `http://127.0.0.1:${site}${path}`]);
  let text = "";
  child.stdout.on("data", (piece) => (text += piece));
  await new Promise((ended) => child.once("exit", ended));
  const failed = Number(text.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
  const errors = text.match(/Socket errors: (.*)/)?.[1] ?? "";
  return { rate: Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]), all: Number(text.match(/(\d+) requests in/)[1]), failed, errors };
}

try {
  chmodSync(folder, 0o755);
  for (const part of ["dist/b/abc", "regions", "catalogue", "nginx"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "dist/index.html"), "app");
  // A part of the app as it is packed: with its compressed file, of the size that the app has.
  const bytes = Buffer.alloc(160_000, "pendopo ");
  writeFileSync(join(folder, "dist/b/abc/app.wasm"), bytes);
  writeFileSync(join(folder, "dist/b/abc/app.wasm.br"), Buffer.alloc(90_000, 7));
  writeFileSync(join(folder, "dist/b/abc/gaya.css"), "a{}".repeat(500));
  writeFileSync(join(folder, "dist/b/abc/gaya.css.br"), Buffer.alloc(600, 7));
  writeFileSync(
    join(folder, "regions/32.73.json"),
    JSON.stringify({
      format: 1, code: "32.73", name: "Kota Bandung",
      backends: [{ id: "lapor", name: "Lapor", office: "Dinas", adapter: "open311", profile: { format: "json" } }],
    }),
  );
  writeFileSync(
    join(folder, "each.lua"),
    `local n = 0\nrequest = function()\n  n = n + 1\n  return wrk.format("GET", "/r/32.73/lapor/services/${process.pid}-" .. n .. ".json")\nend\n`,
  );

  settings("alone.toml", '"ledger.sqlite"');
  const alone = start(program, ["serve", "--config", "alone.toml", "--listen", "127.0.0.1:0"]);
  const aloneAt = Number((await firstLine(alone)).split(":").pop());

  // PostgreSQL, two programs, nginx.
  const database = join(folder, "postgres");
  mkdirSync(database);
  if (isRoot) run("chown", ["postgres", database]);
  const bin = postgresBin();
  const initdb = asPostgres(`${bin}/initdb`, ["--no-sync", "--auth=trust", "--username=pendopo", "--pgdata", `${database}/data`]);
  run(...initdb, { cwd: "/", stdio: "ignore" });
  const server = asPostgres(`${bin}/postgres`, ["-D", `${database}/data`, "-c", "listen_addresses=", "-c", `unix_socket_directories=${database}`]);
  start(...server, { cwd: "/" });
  for (let tries = 0; ; tries++) {
    try {
      run(`${bin}/createdb`, ["-h", database, "-U", "pendopo", "ledger"], { stdio: "ignore" });
      break;
    } catch (problem) {
      if (tries > 100) throw problem;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  settings("shared.toml", '{ postgres_env = "LEDGER" }');
  const ledger = { ...process.env, LEDGER: `host=${database} user=pendopo dbname=ledger` };
  const behind = [];
  for (let number = 0; number < 2; number++) {
    const child = start(program, ["serve", "--config", "shared.toml", "--listen", "127.0.0.1:0"], { env: ledger });
    behind.push(`127.0.0.1:${(await firstLine(child)).split(":").pop()}`);
  }
  const nginxAt = await freePort();
  const site = run(program, [
    "edge", "nginx", "--config", "shared.toml", "--listen", `127.0.0.1:${nginxAt}`, "--cache", join(folder, "nginx/cache"),
    ...behind.flatMap((address) => ["--server", address]),
  ], { cwd: folder, env: ledger, stdio: ["ignore", "pipe", "ignore"] });
  writeFileSync(join(folder, "nginx/site.conf"), site);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/nginx/${name};`).join("\n");
  writeFileSync(
    join(folder, "nginx/nginx.conf"),
    `daemon off;\n${isRoot ? "user root;" : ""}\nworker_processes auto;\npid ${folder}/nginx/pid;\nerror_log ${folder}/nginx/error.log;
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\nevents { worker_connections 4096; }
http {\nsendfile on;\n${temporary}\naccess_log off;\ninclude ${folder}/nginx/site.conf;\n}\n`,
  );
  start("/usr/sbin/nginx", ["-c", join(folder, "nginx/nginx.conf"), "-e", join(folder, "nginx/error.log")]);
  await answers(nginxAt);

  console.log(`${cpus().length} cores, wrk among them; ${connections} connections, ${seconds} s each\n`);
  const rows = [];
  for (const [what, path] of [
    ["a file of 90 KB, compressed", "/b/abc/app.wasm"],
    ["a file of 600 bytes, compressed", "/b/abc/gaya.css"],
    ["a catalogue that is kept", "/r/32.73/lapor/services.json"],
  ]) {
    const before = weak.taken + weak.refused;
    const here = await wrk(aloneAt, path);
    const there = await wrk(nginxAt, path);
    const asked = weak.taken + weak.refused - before;
    rows.push({ what, alone: Math.round(here.rate), nginx: Math.round(there.rate), ratio: (there.rate / here.rate).toFixed(2), failed: here.failed + there.failed, "asked of the system": asked });
  }
  console.table(rows);
  const spared = [];
  for (const [edge, at] of [["alone", aloneAt], ["nginx before two", nginxAt]]) {
    Object.assign(weak, { most: 0, taken: 0, refused: 0 });
    const told = await wrk(at, "/", "each.lua");
    // What waits in line is over before the other edge is asked.
    await new Promise((later) => setTimeout(later, 5000));
    spared.push({ edge, asked: told.all, "asked of the system": weak.taken, "most at once": weak.most, "more than it bears": weak.refused, "told to come again": told.failed });
  }
  console.log(`A system that bears ${AT_ONCE} requests at once of ${TAKES} ms each, asked for what nobody has kept:`);
  console.table(spared);
  const broken = rows.some((row) => row.failed > 0 || row["asked of the system"] > 2) || spared.some((row) => row["most at once"] > AT_ONCE || row["asked of the system"] === 0);
  if (broken) {
    console.error("Something failed, or the system was not spared.");
    process.exitCode = 1;
  }
} finally {
  system.close();
  system.closeAllConnections();
  for (const child of started.reverse()) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(child.spawnfile === "setpriv" || child.spawnfile.endsWith("/postgres") ? "SIGINT" : "SIGTERM");
      await new Promise((ended) => child.once("exit", ended));
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

// A whole house: the demonstration city, what is published of it, and the front door before both.
//
// `openHouse` starts all three from the built program and gives their addresses; `close` ends them.
// Used by the browser tests (one house a worker, on free ports) and by `make run`. Nothing here
// waits for a length of time: it asks until there is an answer, or the program has ended.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const program = resolve(repository, process.env.PENDOPO_BIN ?? "target/release/pendopo");
export const demoSettings = join(repository, "tests/demo/edge.toml");

/** Systems that know nothing of Pendopo, by the address that `tests/foreign/edge.toml` has for each. */
const foreign = {
  settings: join(repository, "tests/foreign/edge.toml"),
  servers: { "127.0.0.1:8321": "soap.php", "127.0.0.1:8322": "halaman.php" },
};

/** Where the demonstration listens when it is run by hand; `tests/demo/edge.toml` says the same. */
export const usual = { city: "127.0.0.1:8311", door: "127.0.0.1:8080" };

/** The publisher's accounts at the demonstration's backends, as their sandbox has them. */
const accounts = {
  DEMO_KALURAHAN_NIK: "3404070303859003",
  DEMO_KALURAHAN_PIN: "333333",
  DEMO_IZIN_USER: "pemohon.dua",
  DEMO_IZIN_PASSWORD: "rahasia-dua",
};

/** Longest that a program may take to answer, in milliseconds; it is a limit, not a wait. */
const PATIENCE = 60_000;

/** Takes a free port of the loopback address and gives it back at once. */
async function freeAddress() {
  const server = createServer();
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return `127.0.0.1:${port}`;
}

/** Whether something listens there already. */
export async function isTaken(address) {
  const [host, port] = address.split(":");
  const server = createServer();
  return new Promise((answer) => {
    server.once("error", (problem) => answer(problem.code === "EADDRINUSE"));
    server.listen(Number(port), host, () => server.close(() => answer(false)));
  });
}

/**
 * The demonstration's settings for other addresses; what is written goes into `folder`, and every path
 * is absolute, so that it holds wherever the file lies.
 */
function settingsFor({ city, door, folder, dist, from = demoSettings }) {
  const text = readFileSync(from, "utf8").replaceAll(usual.city, city).replaceAll(usual.door, door);
  const read = (path) => [repository, dirname(from)].map((base) => resolve(base, path)).find(existsSync) ?? path;
  return text
    .replace(/^(dist *= *)".*"/m, (line, key) => (dist ? `${key}${JSON.stringify(dist)}` : line))
    .replace(/^(dist|regions|profile)( *= *)"(.*)"/gm, (_, key, equals, path) => `${key}${equals}${JSON.stringify(read(path))}`)
    .replace(/^(catalogue|ledger)( *= *)"(.*)"/gm, (_, key, equals, path) => `${key}${equals}${JSON.stringify(join(folder, basename(path)))}`);
}

/** A program of ours that runs; `ended` holds how it ended, once it has. */
function start(args, log, { command = program, env = {} } = {}) {
  const output = openSync(log, "w");
  // In a process group of its own, so that Ctrl-C reaches us alone and the house is closed in order.
  const child = spawn(command, args, {
    cwd: repository,
    env: { ...process.env, ...accounts, ...env },
    stdio: ["ignore", output, output],
    detached: true,
  });
  process.once("exit", () => child.kill());
  const running = { args, log, child, ended: null };
  running.exit = new Promise((done) => {
    child.once("error", (problem) => done((running.ended = problem.message)));
    child.once("exit", (code, signal) => done((running.ended = signal ?? `exit code ${code}`)));
  });
  return running;
}

function explain(running, what) {
  const output = readFileSync(running.log, "utf8").split("\n").slice(-30).join("\n");
  return new Error(`${basename(running.child.spawnfile)} ${running.args.join(" ")}: ${what}\n${output}`);
}

/** Asks `url` until it answers with a success. */
async function answers(url, running) {
  const limit = AbortSignal.timeout(PATIENCE);
  for (;;) {
    if (running.ended !== null) throw explain(running, `ended before it answered (${running.ended})`);
    if (limit.aborted) throw explain(running, `did not answer at ${url} within ${PATIENCE / 1000} s`);
    const response = await fetch(url, { signal: limit }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((again) => setTimeout(again, 50));
  }
}

/**
 * Opens a house. Without `at` it takes free ports and a folder of its own, which `close` removes;
 * `dist` is served in place of the repository's.
 *
 * `sites` are the origins that may show the demonstration region's widgets, instead of what its settings say; `dist` stands in for the build.
 *
 * With `abroad`, what stands behind the door is not the demonstration city but PHP's servers of
 * `tests/foreign`: `servers` has their addresses by their script, and there is no `city`.
 *
 * @param {{ abroad?: boolean, at?: { city: string, door: string }, dist?: string, say?: (words: string) => void, sites?: string[] }} [options]
 */
export async function openHouse({ abroad = false, at, dist, say = () => {}, sites } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not built; run: make dist`);
  const folder = mkdtempSync(join(tmpdir(), "pendopo-"));
  const { city, door } = at ?? { city: await freeAddress(), door: await freeAddress() };
  const settings = join(folder, "edge.toml");
  let text = settingsFor({ city, door, folder, dist, from: abroad ? foreign.settings : demoSettings });
  const servers = {};
  for (const [address, script] of abroad ? Object.entries(foreign.servers) : []) {
    const own = await freeAddress();
    text = text.replaceAll(address, own);
    servers[script] = `http://${own}`;
  }
  writeFileSync(settings, sites ? text.replace(/^"32\.73" = \[.*\]$/m, `"32.73" = ${JSON.stringify(sites)}`) : text);

  const running = [];
  const close = async () => {
    for (const one of running) if (one.ended === null) one.child.kill("SIGTERM");
    await Promise.all(running.map((one) => one.exit));
    rmSync(folder, { recursive: true, force: true });
  };
  const run = (name, args, how) => {
    const one = start(args, join(folder, `${name}.log`), how);
    running.push(one);
    return one;
  };

  try {
    const behind = [];
    for (const [script, url] of Object.entries(servers)) {
      say(`Starting ${script}`);
      const args = ["-S", url.slice("http://".length), join(repository, "tests/foreign", script)];
      const server = run(script, args, { command: "php", env: { DESK_FILE: join(folder, `${script}.json`) } });
      await answers(`${url}/petugas`, server);
      behind.push(server);
    }
    if (!abroad) {
      say("Starting the demonstration city");
      const sandbox = run("sandbox", ["sandbox", "--listen", city]);
      await answers(`http://${city}/sandbox/faults`, sandbox);
      behind.push(sandbox);
    }

    say("Publishing its services");
    const publish = run("publish", ["publish", "--config", settings]);
    await publish.exit;
    if (publish.ended !== "exit code 0") throw explain(publish, publish.ended);

    say("Opening the front door");
    let serve;
    const openDoor = async () => {
      serve = run("serve", ["serve", "--config", settings]);
      await answers(`http://${door}/`, serve);
    };
    // Its process ends: nothing listens there any more.
    const closeDoor = async () => {
      serve.child.kill("SIGKILL");
      await serve.exit;
    };
    await openDoor();

    // Whichever of them ends by itself, ends the house.
    const broken = Promise.race([...behind, serve].map((one) => one.exit.then(() => explain(one, one.ended))));
    return { door: `http://${door}`, city: `http://${city}`, servers, folder, settings, broken, close, closeDoor, openDoor };
  } catch (problem) {
    await close();
    throw problem;
  }
}

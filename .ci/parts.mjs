// What Trunk calls after it has built the browser's program: cuts the program into parts that arrive
// when they are needed, makes each as small as it can be, and hands over to `pendopo pack`.
//
// The program is one, because app and engine share a third of their code. It marks where it may be
// cut (`#[wasm_split(…)]`, crate wasm_split_helpers), and wasm-split-cli cuts it there by what each
// part reaches, as the linker's relocations tell:
//
//   app_bg.wasm   what a form needs until one can type into it, and what all parts share
//   soon.bin      what it needs a moment later: going on, complaints, the review, the engine's line; and
//                 what several of these parts need and the first does not: pieces, one after another
//   rare.wasm     what few forms have
//   pages.wasm    the other pages
//   engine.wasm   the engine, for the worker alone
//
// This must happen before wasm-bindgen, so what Trunk has staged is made anew here. Then the glue is
// tidied: names like __wbg_appendChild_dbf7ad2f48413560, which nothing compresses, become letters in
// the program and in the glue alike, and what crates export but nobody calls goes.
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { declaring, renamed, sections } from "./wasm.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const stage = process.env.TRUNK_STAGING_DIR;
const release = process.env.TRUNK_PROFILE !== "debug";
if (!stage) throw new Error("This runs as Trunk's hook: TRUNK_STAGING_DIR is not set.");
process.env.PATH = `${join(root, "tests/browser/node_modules/.bin")}:${process.env.PATH}`;

const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const built = join(target, "wasm32-unknown-unknown", release ? "web" : "debug", "app.wasm");
const work = join(target, "parts");
const cut = join(work, "cut");
await rm(work, { recursive: true, force: true });
await mkdir(cut, { recursive: true });

const whole = join(work, "whole.wasm");
await writeFile(whole, withoutClasses(await readFile(built)));
await run("wasm-split-cli", [whole, cut, "--target", "web", "--out-name", "app"]);
// The table of functions, through which the parts call each other, is one of the linker's exports.
await run("wasm-bindgen", [join(cut, "app.wasm"), "--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "app", "--out-dir", work]);

let glue = joined(await readFile(join(work, "app.js"), "utf8"), await readFile(join(cut, "__wasm_split.js"), "utf8"));
const modules = new Map([["app_bg.wasm", await readFile(join(work, "app_bg.wasm"))]]);
for (const file of await readdir(cut)) {
  if (/^(split|chunk)_.*\.wasm$/.test(file)) modules.set(file.replace(/^split_/, ""), await readFile(join(cut, file)));
}
if (release) {
  modules.set("app_bg.wasm", withoutExports(modules.get("app_bg.wasm"), glue));
  await Promise.all([...modules].map(async ([name, bytes]) => modules.set(name, await optimised(name, bytes))));
  glue = shortened(withoutImports(glue));
}
glue = bundled(glue);
if (release) {
  glue = await minified(glue);
  // What is written by hand arrives without its comments too.
  for (const name of ["embed-1.js", "engine.js", "frame.js", "installed.js", "start.js"]) {
    await writeFile(join(stage, name), await minified(await readFile(join(stage, name), "utf8")));
  }
}
await writeFile(join(stage, "app.js"), glue);
for (const [name, bytes] of modules) await writeFile(join(stage, name), bytes);

/** The glue of wasm-bindgen and the loaders of the parts as one script: a second would be a second journey. */
function joined(glue, loaders) {
  const links = [];
  glue = glue.replace(/^import \* as (\w+) from "\.\/__wasm_split\.js"\n/gm, (_, name) => (links.push(name), ""));
  loaders = loaders.replace(/^import \{ initSync \} from .*\n/m, "").replaceAll("./split_", "./");
  // Whoever asks for a part is told that it did not come; a page that is left is no error.
  loaders = loaders.replace(/^ *console\.error\(e\);\n/m, "");
  const exported = [];
  loaders = loaders.replace(/^export const (\w+)/gm, (_, name) => (exported.push(name), `const ${name}`));
  if (!links.length || !exported.length || /^(import|export) /m.test(loaders)) throw new Error("The loaders are not as expected.");
  const named = links.map((name) => `const ${name} = { ${exported.join(", ")} };\n`);
  return [glue, loaders, ...named].join("\n");
}

/**
 * What comes right after the first part as one file: cut by who needs it, it would be a dozen small
 * ones, each a journey of its own, and small ones compress worse.
 */
function bundled(glue) {
  const pieces = [...modules].filter(([name]) => name === "soon.wasm" || name.startsWith("chunk_"));
  let end = 0;
  for (const [name, bytes] of pieces) {
    const [start, fetched] = [end, `fetch(new URL("./${name}", import.meta.url))`];
    const streamed = "WebAssembly.instantiateStreaming(src, imports)";
    const at = glue.indexOf(fetched);
    const then = glue.indexOf(streamed, at);
    if (at < 0 || then < 0) throw new Error(`Nothing loads ${name} as expected.`);
    end += bytes.length;
    glue = [
      glue.slice(0, at),
      `piece(${start}, ${end})`,
      glue.slice(at + fetched.length, then),
      "WebAssembly.instantiate(await src, imports)",
      glue.slice(then + streamed.length),
    ].join("");
    modules.delete(name);
  }
  modules.set("soon.bin", Buffer.concat(pieces.map(([, bytes]) => bytes)));
  return `${glue}
let soon;
async function piece(start, end) {
  soon ??= fetch(new URL("./soon.bin", import.meta.url)).then((response) => {
    if (!response.ok) throw new Error("soon.bin: " + response.status);
    return response.arrayBuffer();
  });
  try {
    return (await soon).slice(start, end);
  } catch (error) {
    // What did not come is asked for again.
    soon = undefined;
    throw error;
  }
}
`;
}

/**
 * Without the classes that wasm-streams exports, which Leptos brings along and nobody here uses: what
 * is exported is kept, whether it is used or not, and all that it uses.
 */
function withoutClasses(bytes) {
  const one = /IntoUnderlying/i;
  const without = declaring(bytes, (declaration) => !one.test(declaration.toString("latin1")));
  return renamed(without, { exported: (name) => (one.test(name) ? undefined : name) });
}

/** Without what the glue never calls. */
function withoutExports(bytes, glue) {
  const called = new Set(glue.match(/[\w$]+/g));
  return renamed(bytes, { exported: (name) => (called.has(name) ? name : undefined) });
}

/** As small as wasm-opt can make it. */
async function optimised(name, bytes) {
  const [from, to] = [join(work, `${name}.in`), join(work, `${name}.out`)];
  await writeFile(from, bytes);
  const features = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
  // Low memory is the stack, whose lowest kilobyte nothing but an overflow reaches.
  await run("wasm-opt", ["--flatten", "--rereloop", "-Oz", "--converge", "--low-memory-unused", "--strip-producers", "--strip-target-features", ...features.map((name) => `--enable-${name}`), from, "-o", to]);
  return readFile(to);
}

/** Without the functions that the program no longer imports. */
function withoutImports(glue) {
  const imported = new Set(sections(modules.get("app_bg.wasm")).imports.map(({ name }) => name));
  return glue.replace(/^ {8}(__wbg_\w+|__wbindgen_\w+): function\([^]*?^ {8}\}(, arguments\); \})?,\n/gm, (text, name) => (imported.has(name) ? text : ""));
}

/** Short names for what the program and its glue call each other by. */
function shortened(glue) {
  const { imports, exports } = sections(modules.get("app_bg.wasm"));
  const shared = new Set([...modules].flatMap(([name, bytes]) => (name === "app_bg.wasm" ? [] : sections(bytes).imports.map(({ name }) => name))));
  const long = [...imports, ...exports].map(({ name }) => name).filter((name) => /^_*(wbg|wbindgen|wasm_bindgen|externref)/.test(name) && !shared.has(name));
  const taken = new Set(glue.match(/[\w$]+/g));
  let count = 0;
  const next = () => {
    for (;;) {
      const name = `$${(count++).toString(36)}`;
      if (!taken.has(name)) return name;
    }
  };
  const short = new Map([...new Set(long)].map((name) => [name, next()]));
  const of = (name) => short.get(name) ?? name;
  modules.set("app_bg.wasm", renamed(modules.get("app_bg.wasm"), { imported: of, exported: of }));
  return glue.replace(/[\w$]+/g, of);
}

async function minified(glue) {
  const { minify } = await import("../tests/browser/node_modules/terser/main.js");
  const { code } = await minify(glue, { module: true, ecma: 2022, compress: { passes: 3, pure_getters: true }, mangle: true });
  return code;
}

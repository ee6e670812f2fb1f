// Pendopo's service worker. `pendopo pack` puts the lists in and writes it as /sw.js.
//
// It answers four kinds of requests and no others: the app's pages (the cached shell), files of a
// build and of the shell (they are what they are), and published catalogues (what is cached at once,
// refreshed behind it). Whatever goes to a backend, to the ledger or into a frame is the network's.
//
// A new worker takes over at once. That changes no page: each runs the build that it began with,
// whose files stay here, and is told which build is new, so that it can offer to go over to it.
//
// Messages of a page: "build" is answered with which one this is; { keep: [addresses] } are published
// files that the page had before there was a worker.
"use strict";

const BUILD = "@BUILD@";
const BUILD_FILES = ["@BUILD_FILES@"];
const SHELL = "@SHELL@";
const SHELL_FILES = ["@SHELL_FILES@"];
const PAGES = ["@PAGES@"];

const BUILD_CACHE = `pendopo-build-${BUILD}`;
const SHELL_CACHE = `pendopo-shell-${SHELL}`;
const CATALOGUE_CACHE = "pendopo-katalog";

/** Builds whose files stay while a page is open: it may still have to start its engine. */
const KEPT_BUILDS = 3;
/** Published files kept for use without a network. */
const KEPT_CATALOGUE_FILES = 400;
/** Services of one region that are fetched because the region was looked at. */
const GATHERED_SERVICES = 100;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      await fill(BUILD_CACHE, BUILD_FILES, "default");
      await fill(SHELL_CACHE, SHELL_FILES, "no-cache");
      await self.skipWaiting();
    })(),
  );
});

/** Adds what a cache does not have yet: all of it or nothing. */
async function fill(name, files, mode) {
  const cache = await caches.open(name);
  const there = await Promise.all(files.map((file) => cache.match(file)));
  const missing = files.filter((_, at) => !there[at]);
  await cache.addAll(missing.map((file) => new Request(file, { cache: mode })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      const older = (await caches.keys()).filter((name) => name.startsWith("pendopo-build-") && name !== BUILD_CACHE);
      const kept = pages.length > 0 ? older.slice(-(KEPT_BUILDS - 1)) : [];
      const known = [BUILD_CACHE, SHELL_CACHE, CATALOGUE_CACHE, ...kept];
      const ours = (await caches.keys()).filter((name) => name.startsWith("pendopo-"));
      await Promise.all(ours.filter((name) => !known.includes(name)).map((name) => caches.delete(name)));
      await self.clients.claim();
      for (const page of pages) page.postMessage({ build: BUILD });
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "build") event.source.postMessage({ build: BUILD });
  const { keep } = event.data;
  if (Array.isArray(keep)) event.waitUntil(Promise.all(keep.map((address) => keepPublished(address))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const first = url.pathname.split("/")[1];
  if (request.mode === "navigate") {
    if (PAGES.includes(first)) event.respondWith(cached(SHELL_CACHE, "/", request));
  } else if (first === "b") {
    event.respondWith(cached(undefined, request, request));
  } else if (first === "katalog") {
    event.respondWith(published(event, url.pathname));
  } else if (url.pathname !== "/" && SHELL_FILES.includes(url.pathname)) {
    event.respondWith(cached(SHELL_CACHE, request, request));
  }
});

/** What is cached under a name; else, as when the phone has cleared its caches, the network's. */
async function cached(cacheName, wanted, request) {
  return (await caches.match(wanted, { cacheName, ignoreVary: true })) ?? fetch(request);
}

async function published(event, path) {
  const { request } = event;
  const cache = await caches.open(CATALOGUE_CACHE);
  const asked = request.cache === "reload" || request.cache === "no-store";
  const known = asked ? undefined : await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then((response) => {
    event.waitUntil(keep(cache, request, response.clone()).then(() => gather(cache, path)));
    return response;
  });
  if (!known) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return known;
}

/** Keeps an answer, and forgets what is published no longer and what was not asked for longest. */
async function keep(cache, request, response) {
  try {
    if (response.status === 404 || response.status === 410) await cache.delete(request, { ignoreVary: true });
    if (response.status !== 200) return;
    await cache.delete(request, { ignoreVary: true });
    await cache.put(request, response);
    const kept = await cache.keys();
    await Promise.all(kept.slice(0, -KEPT_CATALOGUE_FILES).map((old) => cache.delete(old)));
  } catch {
    // A full disk: the answer itself has gone to the page all the same.
  }
}

/** Fetches and keeps a published file that is not kept yet. */
async function keepPublished(address) {
  const url = new URL(address, self.location.href);
  if (url.origin !== self.location.origin || !url.pathname.startsWith("/katalog/")) return;
  const cache = await caches.open(CATALOGUE_CACHE);
  try {
    if (!(await cache.match(url.pathname))) {
      const request = new Request(url.pathname, { priority: "low" });
      await keep(cache, request, await fetch(request));
    }
    await gather(cache, url.pathname);
  } catch {
    // No network: it is kept when it is next asked for.
  }
}

const gathered = new Set();

/**
 * A region that is looked at is wanted whole, so that each of its forms opens without a network: its
 * list, its file for the engine, and its services one after the other, behind whatever the page
 * wants. Not where the citizen saves data.
 */
async function gather(cache, path) {
  const [, region] = /^\/katalog\/([\d.]+)\//.exec(path) ?? [];
  if (!region || gathered.has(region) || self.navigator.connection?.saveData) return;
  gathered.add(region);
  try {
    const list = `/katalog/${region}/daerah.json`;
    for (const file of [list, `/katalog/${region}/region.json`]) await keepPublished(file);
    const { backends } = await (await cache.match(list)).json();
    const services = backends.flatMap(({ id, services }) => services.map(({ code }) => [id, fileName(code)]));
    for (const [id, name] of services.filter(([, name]) => name.length <= 160).slice(0, GATHERED_SERVICES)) {
      await keepPublished(`/katalog/${region}/${id}/${name}.json`);
    }
  } catch {
    gathered.delete(region);
  }
}

/** Published files are named so that any disk can hold them: see model::route::file_name; what is long is named otherwise. */
function fileName(code) {
  return Array.from(new TextEncoder().encode(code), (byte) => {
    const one = String.fromCharCode(byte);
    if (/[a-z\d_-]/.test(one)) return one;
    return /[A-Z]/.test(one) ? `~${one.toLowerCase()}` : `~${String(byte).padStart(3, "0")}`;
  }).join("");
}

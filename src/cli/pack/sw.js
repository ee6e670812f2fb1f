// Pendopo's service worker. `pendopo pack` puts the lists in and writes it as /sw.js.
//
// It answers four kinds of requests and no others: the app's pages (network first, the cached shell
// when the network is slow or gone), files of a build (cache first, they never change), files of
// the shell, and published catalogues (what is cached at once, refreshed behind it). Whatever goes
// to a backend, to the ledger or into a frame is the network's alone.
//
// The page may send "skipWaiting"; without it an update waits until no page is open.
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
const KEPT_CATALOGUE_FILES = 200;
/** Milliseconds that a page waits for the network when there is a cached one. */
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      await fill(BUILD_CACHE, BUILD_FILES, "default");
      await fill(SHELL_CACHE, SHELL_FILES, "no-cache");
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
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "skipWaiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const first = url.pathname.split("/")[1];
  if (request.mode === "navigate") {
    if (PAGES.includes(first)) event.respondWith(page(request));
  } else if (first === "b") {
    event.respondWith(unchanging(request));
  } else if (first === "katalog") {
    event.respondWith(catalogue(event));
  } else if (url.pathname !== "/" && SHELL_FILES.includes(url.pathname)) {
    event.respondWith(unchanging(request, SHELL_CACHE));
  }
});

async function page(request) {
  const answer = fetch(request);
  const shell = await caches.match("/", { cacheName: SHELL_CACHE });
  if (!shell) return answer;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([answer, late]).catch(() => undefined);
  return first && first.status < 500 ? first : shell;
}

async function unchanging(request, cacheName) {
  return (await caches.match(request, { cacheName, ignoreVary: true })) ?? fetch(request);
}

async function catalogue(event) {
  const { request } = event;
  const cache = await caches.open(CATALOGUE_CACHE);
  const asked = request.cache === "reload" || request.cache === "no-store";
  const cached = asked ? undefined : await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then((response) => {
    event.waitUntil(keep(cache, request, response.clone()));
    return response;
  });
  if (!cached) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return cached;
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

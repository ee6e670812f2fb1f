// Looking through everything that this origin holds in the browser.

/** Everything that this origin holds in the browser, as text: bytes are read as Latin-1 and as UTF-16. */
export const everythingStored = (page) =>
  page.evaluate(async () => {
    const done = (request) =>
      new Promise((good, bad) => {
        request.onsuccess = () => good(request.result);
        request.onerror = () => bad(request.error);
      });
    const out = [];
    const latin = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    const write = async (value) => {
      if (value instanceof Blob) return write(await value.arrayBuffer());
      if (value instanceof ArrayBuffer) return write(new Uint8Array(value));
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        out.push(latin(bytes), new TextDecoder("utf-16le").decode(bytes));
      } else if (value instanceof Map || value instanceof Set) {
        for (const part of value) await write(part);
      } else if (value && typeof value === "object") {
        for (const [key, part] of Object.entries(value)) {
          out.push(key);
          await write(part);
        }
      } else out.push(String(value));
    };
    for (const { name } of await indexedDB.databases()) {
      out.push(name);
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
        await write(keys);
        await write(values);
      }
      database.close();
    }
    for (const storage of [localStorage, sessionStorage]) await write({ ...storage });
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        out.push(request.url);
        // The build's own programs are large and public; everything else is looked through, pictures too.
        if (!/^\/b\/[^/]+\/[^/]+\.(js|wasm|css)$/.test(new URL(request.url).pathname)) {
          await write(await (await cache.match(request)).arrayBuffer());
        }
      }
    }
    await write(history.state);
    out.push(document.title, location.href);
    return out.join("\n");
  });

/** What there is at all: databases, caches, workers, and the two storages. */
export const whatIsThere = (page) =>
  page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    local: { ...localStorage },
    session: { ...sessionStorage },
  }));

// What makes Pendopo an app that stays on the phone: the service worker, the offer of a newer build,
// the browser's offer to install it, and a look at how much room is left.
//
// The app loads this file once it is at rest, so that nothing of it is in the way of a first form.
// It decides nothing that is seen: it says `pendopo-…` to the window, and the app finds the words.
//
// | said | means |
// |---|---|
// | `pendopo-update` | a newer build is on the phone; a reload goes over to it |
// | `pendopo-installable` | the browser would install it |
// | `pendopo-scarce` | there is hardly any room left |
// | `pendopo-install` | said by the app: the citizen wants it installed |

/** Bytes below which a form with pictures may find no room. */
const SCARCE = 30_000_000;
/** Milliseconds between two looks for a newer build, while the page is open. */
const HOUR = 3_600_000;

const say = (what) => dispatchEvent(new Event(`pendopo-${what}`));

let offer;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  say("installable");
});
addEventListener("pendopo-install", () => offer?.prompt());

navigator.storage?.estimate?.().then(
  ({ quota = Infinity, usage = 0 }) => quota - usage < SCARCE && say("scarce"),
  () => {},
);

// In a frame of another site the storage is that site's part of ours: nothing is kept there for later.
const workers = self === top ? navigator.serviceWorker : undefined;
if (workers) {
  const isFirst = !workers.controller;
  const [, , own] = new URL(import.meta.url).pathname.split("/");
  workers.addEventListener("message", ({ data }) => data?.build && data.build !== own && say("update"));
  // Since pages are drawn from the cache, only a page that the worker gave can be behind it.
  workers.controller?.postMessage("build");
  workers
    .register("/sw.js", { updateViaCache: "none" })
    .then(async (registration) => {
      let looked = Date.now();
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState !== "visible" || Date.now() - looked < HOUR) return;
        looked = Date.now();
        registration.update().catch(() => {});
      });
      // What came before the worker did: the first region that was ever looked at is kept too.
      if (!isFirst) return;
      const { active } = await workers.ready;
      const published = performance.getEntriesByType("resource").filter(({ name }) => name.startsWith(`${location.origin}/katalog/`));
      active.postMessage({ keep: published.map(({ name }) => name) });
    })
    // Storage may be switched off; then there is a network or there is nothing.
    .catch((problem) => console.warn(problem));
}

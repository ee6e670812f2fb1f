// The guard behind every test, against a page that does what no page may do.
import { expect, test } from "./pendopo.mjs";

test("the guard sees inline scripts, requests to other origins and errors", async ({ page, guard }) => {
  await page.route("**/nakal", (route) =>
    route.fulfill({
      contentType: "text/html",
      headers: { "content-security-policy": "default-src 'self'; img-src *" },
      body: '<!doctype html><title>Nakal</title><script>1</script><img src="http://127.0.0.1:9/x.png" alt=""><script src="/nakal.js"></script>',
    }),
  );
  await page.route("**/nakal.js", (route) => route.fulfill({ contentType: "text/javascript", body: 'throw new Error("nakal")' }));
  await page.goto("/nakal");
  for (const what of [/^content policy: script-src/m, /^a request to another origin: http:\/\/127\.0\.0\.1:9\//m, /^console: /m, /^uncaught: nakal/m]) {
    await expect.poll(() => guard.found.join("\n")).toMatch(what);
  }
  guard.found.length = 0;
});

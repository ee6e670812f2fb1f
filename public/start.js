// Starts the app, and says honestly when it cannot.
//
// It lies beside the build's other files and finds them from its own address, so a build works from
// wherever it was moved to (/b/{build}/). It is a file because the content policy allows no inline
// script.

/** Unhides the page's own words for one of the causes: "muat", "peramban", "aman". */
function say(cause) {
  const notice = document.getElementById("tidak-mulai");
  notice?.querySelectorAll("[data-sebab]").forEach((words) => (words.hidden = words.dataset.sebab !== cause));
  notice?.removeAttribute("hidden");
  document.getElementById("sebentar")?.remove();
}

/** What a service's page will ask for first comes beside the program, not after it. */
function fetchEarly() {
  const service = /^(?:\/embed)?\/layanan\/([^/]+\/[^/]+)\/([^/]+)(?:\/isi)?\/?$/.exec(location.pathname);
  if (!service) return;
  // Published files are named so that any disk can hold them: see model::route::file_name.
  const name = service[2].replace(/%([\dA-F]{2})|[^a-z\d_-]/g, (one, hex) => {
    const byte = hex ? parseInt(hex, 16) : one.charCodeAt(0);
    return byte > 64 && byte < 91 ? `~${String.fromCharCode(byte + 32)}` : `~${String(byte).padStart(3, "0")}`;
  });
  if (name.length > 160) return;
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "fetch";
  link.crossOrigin = "";
  link.href = `/katalog/${service[1]}/${name}.json`;
  document.head.append(link);
}

const able =
  "WebAssembly" in window && "Worker" in window && "BroadcastChannel" in window && "locks" in navigator && !!window.indexedDB;

if (!isSecureContext) say("aman");
else if (!able) say("peramban");
else {
  document.getElementById("sebentar")?.removeAttribute("hidden");
  // What a page around has chosen of the look is known before the first page is drawn.
  const frame = location.pathname.startsWith("/embed/") && import(new URL("frame.js", import.meta.url));
  fetchEarly();
  import(new URL("app.js", import.meta.url))
    .then(async (app) => (await frame, app.default()))
    .catch((problem) => {
      console.error(problem);
      say(problem instanceof WebAssembly.CompileError || problem instanceof SyntaxError ? "peramban" : "muat");
    });
}

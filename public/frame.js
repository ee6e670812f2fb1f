// In a frame on a regional site: tells the page around how large the widget is and how far it has
// come, and takes what the page may choose. Loaded for addresses under /embed/ alone.
//
// What the page may choose lies in the frame's name, written by embed-1.js: it is there at once, goes
// to no server, and only whoever makes the frame can write it. No message of the page is ever heard.
// Messages to it are versioned and addressed to the origin that it named, and hold no answer.
//
// What the app is told lies in attributes of the document's root (src/browser/frame.rs reads them).
// What happens in the app is read from the attributes that it shows anyway (data-ready,
// data-delivery, data-reference), so that the app itself carries nothing of this.

const root = document.documentElement;
const OWN = location.origin;

/** What the page around has chosen; empty in a tab of its own. */
function chosen() {
  try {
    const name = JSON.parse(window.name);
    return name?.pendopo === 1 ? name : {};
  } catch {
    return {};
  }
}

/**
 * Whether both hosts surely lie in one site, so that the browser gives the frame that site's storage:
 * one within the other, or both below one of three labels, as `bandung.go.id` has.
 */
function sameSite(host) {
  try {
    const [theirs, ours] = [host, OWN].map((origin) => `.${new URL(origin).hostname}`);
    const end = (name) => name.split(".").slice(-3).join(".");
    return theirs.endsWith(ours) || ours.endsWith(theirs) || (end(ours).split(".").length > 2 && end(theirs) === end(ours));
  } catch {
    return false;
  }
}

/** Fonts that a page may choose: families that phones have, nothing is loaded. */
const FONTS = {
  serif: "Charter, 'Bitstream Charter', Cambria, 'Noto Serif', serif",
  rounded: "ui-rounded, 'Arial Rounded MT Bold', Quicksand, Nunito, system-ui, sans-serif",
};

function inFrame() {
  const { host, lang, accent, radius, font, fill } = chosen();
  root.setAttribute("data-bingkai", sameSite(host) ? "sama" : "lain");
  if (/^[a-z]{2,3}(-|$)/i.test(lang)) root.setAttribute("data-bahasa", lang);
  if (/^#[\da-f]{6}$/i.test(accent)) root.setAttribute("data-aksen", accent);
  if (typeof fill === "string" && fill.length < 10_000) root.setAttribute("data-isi", fill);
  if (/^\d{1,2}$/.test(radius) && radius <= 24) root.style.setProperty("--lengkung", `${radius}px`);
  if (Object.hasOwn(FONTS, font)) root.style.fontFamily = FONTS[font];

  const say = (type, more) => {
    try {
      parent.postMessage({ pendopo: 1, type, ...more }, host);
    } catch {
      // The page named no origin: it hears nothing.
    }
  };
  say("here");
  follow(document.getElementById("pendopo"), say);

  // Browsers show no questions of a frame: the button that was pressed asks, and is pressed again.
  let pressed;
  window.confirm = (question) => {
    if (pressed?.getAttribute("data-tanya") === question) return true;
    pressed?.setAttribute("data-tanya", question);
    pressed?.replaceChildren(question);
    return false;
  };
  const click = ({ target }) => {
    pressed = target.closest?.("button");
    // Links to elsewhere leave the frame where it is.
    const link = target.closest?.("a[href]");
    if (link && link.origin !== OWN) link.target = "_blank";
  };
  addEventListener("click", click, true);
}

/** Watches what the app shows, and says it. */
function follow(app, say) {
  let height = 0;
  let patience = 200;
  let due;
  const tell = (now) => say("height", { height: (height = now) });
  // It grows at once, and shrinks when it has stayed smaller: between two pages nothing jumps. Where
  // the page around answers a smaller frame by making it larger again, that becomes ever rarer.
  const measure = () => {
    const now = Math.ceil(app.getBoundingClientRect().height);
    clearTimeout(due);
    if (!app.querySelector("#judul") || now === height) return;
    if (now > height) tell(now);
    else {
      due = setTimeout(() => {
        patience = Math.min(2 * patience, 60_000);
        tell(now);
      }, patience);
    }
  };
  for (const event of ["input", "click", "keydown"]) addEventListener(event, () => (patience = 200), true);
  addEventListener("focusin", ({ target }) => {
    if (target instanceof Element) say("scroll", { top: Math.floor(target.getBoundingClientRect().top + scrollY) });
  });

  const said = {};
  const once = (type, key, more) => {
    if (said[type] === key) return;
    said[type] = key;
    say(type, more);
  };
  let filling = false;
  let steps = 0;
  let sent;
  const look = () => {
    const find = (what) => app.querySelector(what);
    const form = location.pathname.endsWith("/isi") ? find("main form") : null;
    if (form?.hasAttribute("data-ready") || (!form && find("#judul"))) once("ready", true);
    if (form) {
      filling = true;
      const marks = [...app.querySelectorAll(".steps i")];
      const step = marks.findIndex((mark) => mark.className === "now") + 1;
      steps = marks.length || steps;
      // The last is where everything is reviewed.
      if (find("#judul")) once("step", step, { step: step || steps + 1, of: steps + 1 });
    } else if (filling && find("[data-delivery], [data-reference]")) {
      filling = false;
      delete said.step;
      sent = location.pathname;
      say("submitted");
    }
    const receipt = find("[data-reference]");
    if (receipt && sent === location.pathname) {
      once("delivered", sent, { reference: receipt.getAttribute("data-reference") });
    }
    if (find("[data-delivery=rejected]")) once("error", location.pathname, { code: "rejected" });
    if (find("[data-tiada]")) once("error", location.pathname, { code: "missing" });
    const notice = document.querySelector("#tidak-mulai:not([hidden]) [data-sebab]:not([hidden])");
    if (notice) once("error", "start", { code: "start" });
    measure();
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  // Not drawn while it is out of sight: then the observer above measures.
  new ResizeObserver(measure).observe(app);
  look();
}

// A draft goes from a frame to a full tab by a channel between two windows of one origin. The tab
// makes the channel and gives one end to its opener, if that is of its own origin; browsers drop it
// otherwise. `src/app/pages/hand_over.rs` is the tab's side.
let other;
let given;
globalThis.pendopo = {
  /** Opens the tab; to be called while a click is handled. */
  open() {
    other = window.open("/embed/lanjut", "_blank");
    given = new Promise((ready) => {
      addEventListener("message", function hear({ source, origin, ports }) {
        if (source !== other || origin !== OWN || !ports[0]) return;
        removeEventListener("message", hear);
        ready(ports[0]);
      });
    });
    return !!other;
  },
  /** Hands over, and gives the tab's answer. */
  async give(draft, files) {
    const port = await given;
    return new Promise((answered) => {
      port.onmessage = ({ data }) => answered(data);
      port.postMessage({ draft, files });
    });
  },
  /** Takes what the opener hands over: the draft, its files, and how to answer; nothing where there is no opener. */
  take() {
    const { port1, port2 } = new MessageChannel();
    return new Promise((taken) => {
      port1.onmessage = ({ data }) => taken({ ...data, answer: (word) => port1.postMessage(word) });
      if (!opener) taken();
      else opener.postMessage("", OWN, [port2]);
      setTimeout(taken, 30_000);
    });
  },
};

if (parent !== window) inFrame();

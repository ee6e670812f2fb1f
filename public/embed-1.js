// Pendopo on a regional site, version 1. How it is used: https://(this site)/sematkan
(() => {
  const tag = "pendopo-widget";
  if (customElements.get(tag)) return;
  const origin = new URL(document.currentScript.src).origin;
  const english = {
    title: "Regional services",
    refused: "This cannot be shown here yet.",
    open: "Open it on its own page",
  };
  const indonesian = {
    title: "Layanan daerah",
    refused: "Belum dapat ditampilkan di sini.",
    open: "Buka di halamannya sendiri",
  };
  /** Widgets by the window in their frame: who else speaks is not heard. */
  const widgets = new WeakMap();
  addEventListener("message", ({ origin: from, source, data }) => {
    if (from === origin && source && data?.pendopo === 1) widgets.get(source)?.hear(data);
  });

  const style = (element, css) => (element.style.cssText += css.replace(/;|$/g, "!important;"));

  class Widget extends HTMLElement {
    static observedAttributes = ["region", "view", "service", "lang", "accent", "radius", "font", "scheme", "prefill", "allow"];
    #root = this.attachShadow({ mode: "open" });
    #frame;
    #due;

    connectedCallback() {
      this.#build();
    }

    disconnectedCallback() {
      this.#clear();
    }

    attributeChangedCallback() {
      // Several attributes change together: once is enough.
      if (this.isConnected) this.#due ??= setTimeout(() => this.#build());
    }

    #clear() {
      clearTimeout(this.#due);
      this.#due = this.#frame = undefined;
      this.#root.replaceChildren(document.createElement("slot"));
    }

    #build() {
      this.#clear();
      if (!this.isConnected) return;
      const of = (name) => this.getAttribute(name)?.trim() || "";
      const region = encodeURIComponent(of("region"));
      const [backend, ...service] = of("service").split("/");
      const path = `/layanan/${region}/${encodeURIComponent(backend)}/${encodeURIComponent(service.join("/"))}`;
      const view = of("view") || (backend ? "service" : "services");
      const [framed, whole] = {
        service: [`${path}/isi`, path],
        services: [`/layanan/${region}`, `/daerah/${region}`],
        search: [`/cari/${region}`, `/daerah/${region}`],
        status: [`/status/${region}`, "/status"],
      }[view] ?? [];
      if (!region || !framed) return console.warn(`${tag}: no such view, or no region`, this);
      const lang = of("lang") || this.closest("[lang]")?.lang || "";
      const words = /^en\b/i.test(lang) ? english : indonesian;
      const frame = (this.#frame = document.createElement("iframe"));
      frame.title = this.title || this.textContent.trim() || words.title;
      frame.loading = "lazy";
      frame.tabIndex = -1;
      frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
      frame.allow = `clipboard-write${/\bgeolocation\b/.test(of("allow")) ? "; geolocation" : ""}`;
      frame.name = JSON.stringify({
        pendopo: 1,
        host: location.origin,
        lang,
        accent: of("accent"),
        radius: of("radius"),
        font: of("font"),
        fill: of("prefill"),
      });
      frame.src = `${origin}/embed${framed}`;
      const height = parseInt(of("height")) || 320;
      style(this, `display:block;position:relative;float:none;width:100%;height:auto;max-height:none;min-height:${height}px`);
      // Laid out, so that it knows its height, and not seen before that.
      style(frame, `position:absolute;inset:0;width:100%;height:${height}px;margin:0;border:0;opacity:0;pointer-events:none`);
      const scheme = of("scheme");
      if (/^(light|dark)$/.test(scheme)) style(frame, `color-scheme:${scheme}`);
      // A browser says nothing to us of a frame that it refuses: only that nothing speaks in it.
      frame.onload = () => setTimeout(() => frame === this.#frame && !frame.dataset.here && this.#refused(words, whole), 4000);
      this.#root.append(frame);
      widgets.set(frame.contentWindow, this);
    }

    #refused(words, whole) {
      console.warn(`${tag}: ${origin} did not answer in its frame. Is ${location.origin} among its embed_origins?`);
      const link = document.createElement("a");
      link.href = origin + whole;
      link.textContent = words.open;
      const note = document.createElement("p");
      note.append(`${words.refused} `, link);
      this.#root.append(note);
      this.style.removeProperty("min-height");
      this.#tell("error", { code: "refused" });
    }

    #tell(type, detail) {
      this.dispatchEvent(new CustomEvent(`pendopo:${type}`, { detail, bubbles: true }));
    }

    hear({ type, height, top, step, of, reference, code }) {
      const frame = this.#frame;
      frame.dataset.here = 1;
      if (type === "height" && height > 0 && height < 1e5) {
        if (frame.style.opacity === "0") {
          const focused = this.contains(document.activeElement);
          // The frame itself stays where it is: moved, it would load anew.
          for (const other of [...this.#root.children]) if (other !== frame) other.remove();
          style(this, "min-height:0");
          style(frame, "position:static;display:block;opacity:1;pointer-events:auto");
          frame.tabIndex = 0;
          if (focused) frame.focus();
        }
        style(frame, `height:${height}px`);
      } else if (type === "scroll" && document.activeElement === this) {
        // What has the focus inside is brought into view, whatever the page scrolls by.
        const mark = document.createElement("i");
        style(mark, `position:absolute;top:${top | 0}px;height:8rem;scroll-margin:4rem 0`);
        this.#root.append(mark);
        mark.scrollIntoView({ block: "nearest" });
        mark.remove();
      }
      const detail = {
        ready: {},
        height: { height },
        step: { step, of },
        submitted: {},
        delivered: { reference },
        error: { code },
      }[type];
      if (detail) this.#tell(type, detail);
    }
  }
  customElements.define(tag, Widget);
})();

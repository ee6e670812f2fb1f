// The hand of a citizen in a browser that Playwright does not drive.
//
// A browser is an object that can do what both protocols can: `go` to an address, `run` a function in
// the page, give `all` elements that a function in the page returns, `press` an element, `type` into
// it, `choose` an option of a list by its words, `give` it a file, take a `picture`. What a citizen looks for is found by role and name, as an
// accessibility tree has them; Testing Library works both out in the page itself. Nothing here waits
// for a length of time: it looks again until it is there.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const library = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve("@testing-library/dom/package.json")), "dist/@testing-library/dom.umd.min.js"),
  "utf8",
);

/** Longest that anything may take, in milliseconds. */
const PATIENCE = 30_000;

/** Runs in the page: the elements of a role and name that are to be seen, or null without the library. */
function find(role, name, within) {
  if (!globalThis.TestingLibraryDom) return null;
  const wanted = name && (name.source === undefined ? name.exact : new RegExp(name.source, name.flags));
  const roots = within ? [...document.querySelectorAll(within)] : [document.body];
  return roots.flatMap((root) => TestingLibraryDom.queryAllByRole(root, role, wanted ? { name: wanted } : {}));
}

const wire = (name) => (name instanceof RegExp ? { source: name.source, flags: name.flags } : name ? { exact: name } : null);

export class Hand {
  constructor(browser) {
    this.browser = browser;
  }

  /** Looks again until `look` gives something true, and gives that. */
  async until(what, look, patience = PATIENCE) {
    const limit = AbortSignal.timeout(patience);
    for (;;) {
      const found = await look();
      if (found) return found;
      if (limit.aborted) {
        // Who may send is decided by a lock: a delivery that does not go is often one that nobody holds.
        const shown = await this.browser.run(async () => {
          const { held, pending } = await navigator.locks.query();
          return `${location.pathname}, ${held.length} locks held, ${pending.length} waited for\n${document.body.innerText}`;
        });
        throw new Error(`${this.browser.name}: ${what} is not there after ${patience / 1000} s. The page:\n${shown}`);
      }
      await new Promise((again) => setTimeout(again, 50));
    }
  }

  /** All elements of a role, perhaps of a name (exact, or a pattern), perhaps within what a selector finds. */
  async all(role, name, within) {
    const look = () => this.browser.all(find, role, wire(name), within ?? null);
    if (!(await this.browser.run(() => Boolean(globalThis.TestingLibraryDom)))) await this.browser.run(library);
    return look();
  }

  /** The first such element, once there is one. */
  async see(role, name, within) {
    return this.until(`${role} ${name ?? ""}`, async () => (await this.all(role, name, within))[0]);
  }

  async press(role, name, within) {
    await this.browser.press(await this.see(role, name, within));
  }

  /** What is to be read in the page. */
  text() {
    return this.browser.run(() => document.body.innerText);
  }

  /** A published attribute, once an element has it. */
  attribute(name) {
    return this.until(`an element with ${name}`, () => this.browser.run((name) => document.querySelector(`[${name}]`)?.getAttribute(name), name));
  }
}

/** Runs in the page: the questions of the step that is shown and wait for an answer. */
function questions() {
  const name = (field) => [...(field.labels ?? [])].map((label) => label.textContent).join(" ").trim() || field.ariaLabel || "";
  const open = (field) => field.checkVisibility() && !field.value && !["radio", "checkbox", "file"].includes(field.type);
  return [...document.querySelectorAll("form[data-ready] :is(input, textarea, select)")].filter(open).map((field) => ({
    id: field.id,
    label: name(field),
    offered: field.options ? [...field.options].map((option) => option.text) : null,
    needed: field.required || field.ariaRequired === "true",
  }));
}

/** Runs in the page: where the form is; changes with every step. */
const place = () => `${JSON.stringify(history.state)} ${document.querySelector("h1")?.textContent}`;

const FORM = "form[data-ready]";

/** Answers the step that is shown: `answers` by patterns of labels, `choices` and the photo wherever they are asked for. */
async function answerStep(hand, answers, choices, photo) {
  const { browser } = hand;
  for (const role of ["radio", "checkbox"]) {
    for (const choice of choices) {
      for (const offered of await hand.all(role, choice, FORM)) {
        if (!(await browser.run((box) => box.checked, offered))) await browser.press(offered);
      }
    }
  }
  const answered = new Set();
  // What was chosen may bring further questions, and a list may be that of another choice.
  for (;;) {
    const question = (await browser.run(questions)).find((one) => !answered.has(one.id));
    if (!question) break;
    answered.add(question.id);
    const [field] = await browser.all((id) => [document.getElementById(id)], question.id);
    if (question.offered) {
      const wanted = choices.find((choice) => question.offered.includes(choice));
      if (wanted) await browser.choose(field, wanted);
    } else {
      const answer = answers.find(([pattern]) => pattern.test(question.label))?.[1];
      if (answer) await browser.type(field, answer);
      else if (question.needed) throw new Error(`the form requires "${question.label}", and this test has no answer`);
    }
  }
  const inputs = await browser.all(() => [...document.querySelectorAll("form[data-ready] input[type=file]")].filter((input) => input.parentElement.checkVisibility()));
  for (const [at, input] of inputs.entries()) {
    const kept = () => browser.run((input) => input.closest(".field")?.querySelectorAll("ul.files li").length ?? 0, input);
    if (await kept()) continue;
    await browser.give(input, photo);
    await hand.until(`document ${at + 1}, kept`, async () => (await kept()) === 1);
  }
}

/**
 * From the front page through the whole form of a service, and sends it. Its words lead to it, or to
 * its region, where it is the last of its name. At `photo` the page's own picture is put.
 */
export async function apply(hand, door, { words, service }, { answers, choices, photo }) {
  const { browser } = hand;
  await browser.go(`${door}/`);
  const search = await hand.see("searchbox");
  await browser.picture(photo);
  await browser.type(search, words);
  await hand.press("link", new RegExp(words, "i"), "main");
  await hand.see("heading", new RegExp(words, "i"));
  if (service) {
    const offered = () => hand.all("link", new RegExp(service, "i"), "main");
    await browser.press((await hand.until(service, async () => (await offered()).length && offered())).at(-1));
    await hand.see("heading", new RegExp(service, "i"));
  }
  await hand.press("link", "Mulai");
  const review = () => hand.all("heading", "Periksa jawaban Anda");
  for (let step = 0; step < 20; step += 1) {
    const ready = () => browser.run(() => Boolean(document.querySelector("form[data-ready]")));
    await hand.until("a form that answers to typing, or the review", async () => (await review()).length || (await ready()));
    if ((await review()).length) {
      await hand.press("button", "Kirim");
      return;
    }
    await answerStep(hand, answers, choices, photo);
    const before = await browser.run(place);
    await hand.press("button", "Lanjut");
    await hand.until('another step after "Lanjut"', async () => (await browser.run(place)) !== before);
  }
  throw new Error("the form has no end");
}

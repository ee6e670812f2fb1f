// The citizen whom the harness plays: fills in any form that is shown, sends, logs in, and answers
// where the app does not know.
//
// A step is filled in within the page, in one go: what costs time here is each word between this
// program and the browser. The app hears of each answer as of any that is typed.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { answersOf, next, readyForm, review, send } from "../browser/citizen.mjs";
import { repository } from "../browser/house.mjs";
import { accountOf } from "./city.mjs";

const PICTURE = { name: "foto.png", mimeType: "image/png", buffer: readFileSync(join(repository, "tests/browser/foto.png")) };
/** Milliseconds that a step may take to come; then something in the form is still to be answered. */
const STEP = 2_500;

/** What is asked beside what `answersOf` knows. */
const MORE = [
  ["npwp", "01.234.567.8-901.000"],
  ["situs", "https://contoh.id"],
  ["mulai|selesai", "1/10/2026"],
  ["biaya|penghasilan", "1.500.000"],
  ["tanggung", "100.000"],
];
/** The district hears residents alone. */
const RESIDENT = [
  ["nik", "3404070101909001"],
  ["tanggal lahir", "1/1/1990"],
  ["tentang apa", "1"],
];

/** Answers whatever is empty on the step that is shown; runs within the page. Says whether the marker is there now. */
function fillIn({ answers, marker, dice }) {
  const say = (element, ...events) => events.forEach((event) => element.dispatchEvent(new Event(event, { bubbles: true })));
  const type = (element, text) => {
    const prototype = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(prototype, "value").set.call(element, text);
    say(element, "input", "change", "blur");
  };
  let marked = false;
  for (const field of document.querySelectorAll("form[data-ready] .field")) {
    if (!field.checkVisibility() || field.querySelector(".field")) continue;
    const question = field.querySelector("legend, label")?.textContent ?? "";
    const options = [...field.querySelectorAll("input[type=radio], input[type=checkbox]")].filter((one) => one.checkVisibility());
    if (options.length > 0 && !options.some((one) => one.checked)) options[Math.floor(dice * options.length)].click();
    for (const select of field.querySelectorAll("select")) {
      const offered = [...select.options].filter(({ value }) => value);
      if (select.value || offered.length === 0) continue;
      select.value = offered[Math.floor(dice * offered.length)].value;
      say(select, "input", "change");
    }
    for (const input of field.querySelectorAll("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=hidden])")) {
      if (!input.checkVisibility() || input.readOnly) continue;
      if (!input.value) {
        const label = [...(input.labels ?? [])].map((label) => label.textContent).join(" ") || input.ariaLabel || question;
        const dated = { date: "2026-10-01", time: "09:30", "datetime-local": "2026-10-01T09:30" }[input.type];
        const known = answers.find(([pattern]) => new RegExp(pattern, "i").test(label))?.[1];
        const numeric = ["numeric", "decimal"].includes(input.inputMode) || input.type === "number";
        type(input, dated ?? known ?? (numeric ? "2" : `Contoh ${marker}`));
      }
      marked ||= input.value.includes(marker);
    }
  }
  return marked;
}

/** Where the form is, as its address and heading say; changes with every step. */
const place = () => `${JSON.stringify(history.state)} ${document.querySelector("h1")?.textContent}`;

/** Waits until the form is elsewhere, as long as it may take; runs within the page. */
const leaves = async ({ before, limit }) => {
  const end = performance.now() + limit;
  const now = () => `${JSON.stringify(history.state)} ${document.querySelector("h1")?.textContent}`;
  while (now() === before && performance.now() < end) await new Promise((again) => setTimeout(again, 20));
};

/** Pictures: wherever one is asked for, and where none need be, sometimes. */
async function givePictures(page, wanted) {
  const fields = readyForm(page).locator(".field", { has: page.locator("input[type=file]") });
  for (const field of await fields.all()) {
    if (!(await field.isVisible()) || (await field.locator("ul.files li").count()) > 0) continue;
    if (!wanted && (await field.locator("legend .quiet").count()) > 0) continue;
    await field.locator("input[type=file]").first().setInputFiles(PICTURE);
    await field.locator("ul.files li").first().waitFor();
  }
}

/**
 * Fills in what is shown, step by step, until everything is to be looked through; `typed` is told once
 * the marker is in the form.
 */
export async function fill(page, { backend, marker, dice, pictures = false, typed = () => {} }) {
  const own = backend === "34.04/kapanewon" ? RESIDENT : [];
  const answers = [...own, ...MORE, ...answersOf(marker).map(([pattern, answer]) => [pattern.source, answer])];
  for (let step = 0; step < 30; step += 1) {
    await readyForm(page).or(review(page)).first().waitFor();
    if (await review(page).isVisible()) return;
    if (await page.evaluate(fillIn, { answers, marker, dice })) typed();
    await givePictures(page, pictures);
    const before = await page.evaluate(place);
    await next(page).click();
    // Where it does not come, an answer brought up another question: it is filled in once more.
    await page.evaluate(leaves, { before, limit: STEP });
  }
  throw new Error(`the form does not end: ${await page.locator("main").innerText()}`);
}

/** The applications that the journal holds, by the phone's own ids: keys are in clear, nothing else is. */
export const drafts = (page) =>
  page.evaluate(async () => {
    const done = (request) =>
      new Promise((good, bad) => {
        request.onsuccess = () => good(request.result);
        request.onerror = () => bad(request.error);
      });
    const database = await done(indexedDB.open("pendopo-journal"));
    const keys = await done(database.transaction("drafts").objectStore("drafts").getAllKeys());
    database.close();
    return keys;
  });

export const pressSend = (page) => send(page).click({ timeout: 5_000 });

/** Logs in wherever the page asks for it, once. */
export async function logIn(page, keep) {
  const form = page.locator("form[data-login]").first();
  const backend = await form.getAttribute("data-login", { timeout: 1_000 });
  const [name, proof] = accountOf(backend);
  await form.locator("#masuk-nama").fill(name);
  await form.locator("#masuk-sandi").fill(proof);
  if (keep) await form.locator("#masuk-simpan").check();
  await form.getByRole("button", { name: "Masuk", exact: true }).click();
}

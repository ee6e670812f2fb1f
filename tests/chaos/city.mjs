// What stands behind the door: the sandbox's five systems, what of theirs can be applied for, and the
// switches that break them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { repository } from "../browser/house.mjs";

/** Each system: where its controls are, and who can log in there (the sandbox's registers have them). */
const SYSTEMS = {
  "32.73/lapor": { base: "" },
  "32.73/izin": { base: "/32.73/izin", account: ["pemohon.satu", "rahasia-satu"] },
  "33.74/sapa": { base: "/33.74/sapa" },
  "34.04/kalurahan": { base: "/34.04/kalurahan", account: ["3404070101909001", "111111"] },
  "34.04/kapanewon": { base: "/34.04/kapanewon" },
};

/** Every fault that a system can have. */
export const FAULTS = [
  { mode: "down" },
  { mode: "lost" },
  { mode: "slow", seconds: 2 },
  { mode: "cut" },
  { mode: "error500" },
  { mode: "error429", seconds: 2 },
  { mode: "html" },
];

export const accountOf = (backend) => SYSTEMS[backend].account;
export const backends = Object.keys(SYSTEMS);

/** The sandbox, beside its protocols. */
export class City {
  constructor(address) {
    this.address = address;
  }

  async fault(backend, fault) {
    const answer = await fetch(`${this.address}${SYSTEMS[backend].base}/sandbox/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fault),
    });
    if (!answer.ok) throw new Error(`${backend}: ${answer.status} ${await answer.text()}`);
  }

  /** Everything that a system has taken in, each as one text. */
  async cases(backend) {
    const held = await (await fetch(`${this.address}${SYSTEMS[backend].base}/sandbox/cases`)).json();
    return [held.cases, held.letters, held.complaints].flatMap((list) => list ?? []).map((one) => JSON.stringify(one));
  }
}

/** The name of a service's published file. */
const fileName = (code) => code.replace(/[^a-z\d_-]/g, (one) => (/[A-Z]/.test(one) ? `~${one.toLowerCase()}` : `~${String(one.charCodeAt(0)).padStart(3, "0")}`));

/** Services that the system itself cannot be asked about afterwards, by its region's file. */
function unasked(region, backend) {
  const { backends } = JSON.parse(readFileSync(join(repository, `tests/demo/regions/${region}.json`), "utf8"));
  return backends.find(({ id }) => id === backend)?.profile?.reconcile_except ?? [];
}

/**
 * What can be applied for, by system: the address of the form, the file that a phone keeps of it, and
 * whether the system can be asked what became of an application.
 */
export async function servicesBehind(door) {
  const index = await (await fetch(`${door}/katalog/indeks.json`)).json();
  const found = new Map(backends.map((backend) => [backend, []]));
  for (const { id } of index.services) {
    const [region, backend, ...rest] = id.split("/");
    const code = rest.join("/");
    const file = `/katalog/${region}/${backend}/${fileName(code)}.json`;
    const answer = await fetch(door + file);
    if (!answer.ok) continue;
    const { capabilities, service } = await answer.json();
    const fields = service.form?.steps.flatMap(({ sections }) => sections.flatMap(({ fields }) => fields)) ?? [];
    // Without a text of the citizen's own, one application could not be told from another.
    if (!capabilities.submit || !fields.some(({ type }) => type === "textarea" || type === "text")) continue;
    found.get(`${region}/${backend}`).push({
      id,
      backend: `${region}/${backend}`,
      reconcile: capabilities.reconcile && !unasked(region, backend).includes(code),
      path: `/layanan/${region}/${backend}/${encodeURIComponent(code)}/isi`,
      file,
    });
  }
  return found;
}

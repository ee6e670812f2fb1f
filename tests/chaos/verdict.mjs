// What became of everything: what the phones say, held against what the systems have.
import { backends } from "./city.mjs";

const COLUMNS = ["filed", "delivered", "lost", "doubled", "uncertain", "by citizen"];

/** Most of those filed at systems that can be asked that may end in a question to the citizen. */
const MOST_UNCERTAIN = 0.02;

export async function judge({ lives, city, weather, kills }) {
  const rows = new Map();
  const complaints = [];
  for (const backend of backends) {
    const cases = await city.cases(backend);
    for (const life of lives) {
      for (const one of life.applications.filter(({ service }) => service.backend === backend)) {
        const name = `${backend}${one.service.reconcile ? "" : ", cannot be asked"}`;
        const row = rows.get(name) ?? { reconcile: one.service.reconcile, ...Object.fromEntries(COLUMNS.map((column) => [column, 0])) };
        rows.set(name, row);
        const there = cases.filter((text) => text.includes(one.marker)).length;
        const waits = life.waiting.get(one.local);
        const what = `${one.marker}, ${one.service.id}, ${one.local}`;
        row.filed += 1;
        if (there > 0) row.delivered += 1;
        // Still on the phone is not lost; neither is what the citizen wrongly said had arrived.
        else if (!waits && !one.saidArrived) {
          row.lost += 1;
          complaints.push(`lost: ${what}`);
        }
        if (waits) complaints.push(`still ${waits.state} though all is well: ${what}: ${waits.words.replaceAll("\n", " ")}`);
        const twice = Math.max(0, there - 1);
        row["by citizen"] += Math.min(twice, one.resent);
        if (twice > one.resent) {
          row.doubled += twice - one.resent;
          complaints.push(`doubled: ${what}: ${there} times, sent again by the citizen ${one.resent} times`);
        }
        if (one.asked === 0) continue;
        row.uncertain += 1;
        if (!weather.wasDoubtful(backend, one.pressed, one.askedAt)) complaints.push(`uncertain, though nothing was cut between the first byte and the answer: ${what}`);
      }
    }
  }
  for (const life of lives) for (const one of life.forgotten) complaints.push(`typed long before the phone died, and gone: ${one.marker}, ${one.service.id}`);
  for (const [name, row] of rows) {
    if (row.reconcile && row.uncertain > Math.max(1, row.filed * MOST_UNCERTAIN)) complaints.push(`${name} can be asked, and ${row.uncertain} of ${row.filed} were uncertain`);
  }
  const killed = { page: 0, browser: 0 };
  for (const { phone } of lives) for (const what of ["page", "browser"]) killed[what] += phone.kills[what];
  if (killed.page + killed.browser < kills) complaints.push(`${killed.page + killed.browser} kills are fewer than ${kills}`);
  const total = Object.fromEntries(COLUMNS.map((column) => [column, [...rows.values()].reduce((sum, row) => sum + row[column], 0)]));
  return { rows, total, killed, complaints };
}

export function print({ rows, total, killed, complaints }, { seed, seconds, phones, weather }) {
  const line = (cells) => cells.map((cell, at) => (at === 0 ? String(cell).padEnd(34) : String(cell).padStart(11))).join("");
  const { faults, door, cuts } = weather.counts;
  console.log(`\nseed ${seed}, ${total.filed} applications on ${phones} phones, ${seconds} s`);
  console.log(`killed: the page ${killed.page} times, the browser ${killed.browser} times, the front door ${door} times`);
  console.log(`the network cut ${cuts} times, a system broken ${faults} times\n`);
  console.log(line(["system", ...COLUMNS]));
  for (const [name, row] of rows) console.log(line([name, ...COLUMNS.map((column) => row[column])]));
  if (complaints.length > 0) console.log(`\n${complaints.join("\n")}`);
  console.log(`\ndelivered ${total.delivered}, lost ${total.lost}, doubled ${total.doubled}, uncertain ${total.uncertain}`);
}

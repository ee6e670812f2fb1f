// `make run`: a demonstration city and a front door to it, until Ctrl-C.
import { isTaken, openHouse, usual } from "../browser/house.mjs";

for (const [name, address] of [["The demonstration city", usual.city], ["Pendopo", usual.door]]) {
  if (await isTaken(address)) {
    const port = address.split(":")[1];
    console.error(`${name} needs port ${port} on 127.0.0.1, and something else listens there.`);
    console.error(`Stop it (ss -ltnp 'sport = :${port}' names it), then run this again.`);
    process.exit(1);
  }
}

const stop = new Promise((asked) => ["SIGINT", "SIGTERM"].forEach((signal) => process.once(signal, () => asked(null))));

try {
  const house = await openHouse({ at: usual, say: console.log });
  console.log(`
  Pendopo, as a citizen sees it:     ${house.door}/
  The officer who answers:           ${house.city}/petugas

  Try: search for "jalan berlubang", send a report, then move it along as the officer.
  Ctrl-C stops both. The city forgets everything then.
`);
  const problem = await Promise.race([stop, house.broken]);
  await house.close();
  if (problem) throw problem;
} catch (problem) {
  console.error(problem.message);
  process.exit(1);
}

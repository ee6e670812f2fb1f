// Chaos in the real thing: applications in a real browser, with everything going wrong at random
// moments that a seed gives. `make chaos N=500 SEED=7`.
//
// Citizens file applications at all of the sandbox's systems, each on a phone (a browser with a profile
// of its own, `life.mjs`). Meanwhile the page or the whole browser is killed, the phone's network is cut,
// the front door's process ends, and the systems fail in each way that they can (`weather.mjs`). Then all
// is well again, the phones are opened until nothing waits any more, and what they say is held against
// what the systems have.
//
// A harness plays the citizen. Where the app cannot know whether something arrived and asks, it
// answers wrongly in half of the cases: what arrives twice by such a wrong word is the citizen's
// doing and counted apart. What must be zero is what was lost, and what was doubled without a word.
import { openHouse } from "../browser/house.mjs";
import { City, backends, servicesBehind } from "./city.mjs";
import { dice } from "./dice.mjs";
import { Life } from "./life.mjs";
import { Network } from "./network.mjs";
import { Phone } from "./phone.mjs";
import { judge, print } from "./verdict.mjs";
import { Weather } from "./weather.mjs";

const N = Number(process.env.N || 500);
const SEED = Number(process.env.SEED || Math.floor(Math.random() * 1e9));
const PHONES = Math.min(N, Number(process.env.PHONES || 2));
/** Deaths for so many applications: 225 for 500. */
const KILLS = Math.ceil(N * 0.45);
/** Milliseconds until what waits must have gone, once all is well. */
const PATIENCE = 420_000;

const house = await openHouse();
const began = Date.now();
try {
  const city = new City(house.city);
  const weather = new Weather({ city, house, dice: dice(SEED ^ 0x5eed) });
  const services = await servicesBehind(house.door);
  const none = backends.filter((backend) => services.get(backend).length === 0);
  if (none.length > 0) throw new Error(`nothing can be applied for at ${none}`);
  let filed = 0;
  const say = () => {
    filed += 1;
    if (filed % 25 === 0) console.log(`${filed} filed, ${Math.round((Date.now() - began) / 1000)} s`);
  };
  const shareOf = (whole, at) => Math.floor(whole / PHONES) + (at < whole % PHONES ? 1 : 0);
  const lives = [];
  for (let at = 0; at < PHONES; at += 1) {
    const network = await Network.to(house.door);
    const own = dice(SEED + at);
    lives.push(
      new Life({
        phone: new Phone(network.address),
        network,
        weather: { changes: () => weather.changes(network) },
        city,
        dice: own,
        // Each system gets its part, however many services it has.
        services: { pick: () => own.pick(services.get(own.pick(backends))), all: [...services.values()].flat() },
        share: shareOf(N, at),
        kills: shareOf(KILLS, at),
        say,
      }),
    );
  }
  await Promise.all(lives.map((life) => life.begins()));
  await Promise.all(lives.map((life) => life.files()));
  await weather.clears(lives.map(({ network }) => network));
  console.log(`all is well again after ${Math.round((Date.now() - began) / 1000)} s`);
  await Promise.all(lives.map((life) => life.ends(PATIENCE)));

  const verdict = await judge({ lives, city, weather, kills: KILLS });
  await Promise.all(lives.map(({ phone }) => phone.close()));
  for (const { network } of lives) network.close();
  print(verdict, { seed: SEED, seconds: Math.round((Date.now() - began) / 1000), phones: PHONES, weather });
  process.exitCode = verdict.complaints.length === 0 ? 0 : 1;
} finally {
  await house.close();
}
process.exit();

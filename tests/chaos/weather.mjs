// What goes wrong around the phones, and right again: systems, the front door, each phone's network.
// It remembers when, so that it can be said afterwards whether an application could have been cut
// between its first byte and the answer.
import { FAULTS, backends } from "./city.mjs";

/** A fault after which nobody but the system can know whether it took something in. */
const isDoubtful = ({ mode }) => mode !== "error429";

export class Weather {
  /** By system: spans of time in which what was sent may have been cut. */
  doubtful = new Map(backends.map((backend) => [backend, []]));
  doorFell = [];
  #door = Promise.resolve(true);

  constructor({ city, house, dice }) {
    Object.assign(this, { city, house, dice });
    this.counts = { faults: 0, door: 0, cuts: 0 };
  }

  /** Something happens, seen from a phone with this network. */
  async changes(network) {
    const { dice } = this;
    const what = dice.roll();
    if (what < 0.4) await this.breaks(dice.pick(backends), dice.pick(FAULTS));
    else if (what < 0.6) await this.mends(dice.pick(backends));
    else if (what < 0.75) {
      this.counts.cuts += 1;
      network.cut();
    } else if (what < 0.92) network.mend();
    else if (what < 0.96) await this.door(false);
    else await this.door(true);
  }

  async breaks(backend, fault) {
    this.counts.faults += 1;
    // Some faults pass by themselves after a few requests.
    const times = this.dice.chance(0.6) ? { times: 1 + Math.floor(this.dice.roll() * 4) } : {};
    if (isDoubtful(fault)) this.doubtful.get(backend).push([Date.now(), Infinity]);
    await this.city.fault(backend, { ...fault, ...times });
  }

  async mends(backend) {
    await this.city.fault(backend, { mode: "none" });
    // What was under way when it was mended is still under its spell for a moment.
    for (const span of this.doubtful.get(backend)) span[1] = Math.min(span[1], Date.now() + 5_000);
  }

  /** The door's process ends, or is started; one after the other, whoever asks. */
  door(open) {
    this.#door = this.#door.then(async (isOpen) => {
      if (isOpen === open) return open;
      if (open) await this.house.openDoor();
      else {
        this.counts.door += 1;
        this.doorFell.push(Date.now());
        await this.house.closeDoor();
      }
      return open;
    });
    return this.#door;
  }

  /** Whether a system, or the way to it, may have cut something off between two moments. */
  wasDoubtful(backend, from, to) {
    const spans = this.doubtful.get(backend);
    return spans.some(([begin, end]) => begin <= to && end >= from) || this.doorFell.some((at) => at >= from && at <= to);
  }

  async clears(networks) {
    await this.door(true);
    for (const network of networks) network.mend();
    for (const backend of backends) await this.mends(backend);
  }
}

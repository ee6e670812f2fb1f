// A phone's way to the front door: bytes are passed on, until the network is cut. Then every
// connection breaks off wherever it is, and none is made, until it is mended.
import { connect, createServer } from "node:net";

export class Network {
  #lines = new Set();
  isCut = false;

  static async to(door) {
    const network = new Network();
    const { hostname, port } = new URL(door);
    network.server = createServer((near) => {
      if (network.isCut) return near.destroy();
      const far = connect(Number(port), hostname);
      const line = [near, far];
      network.#lines.add(line);
      const broken = () => {
        network.#lines.delete(line);
        for (const end of line) end.destroy();
      };
      for (const end of line) end.on("error", broken).on("close", broken);
      near.pipe(far).pipe(near);
    });
    await new Promise((ready) => network.server.listen(0, "127.0.0.1", ready));
    network.address = `http://127.0.0.1:${network.server.address().port}`;
    return network;
  }

  cut() {
    this.isCut = true;
    for (const line of this.#lines) for (const end of line) end.destroy();
    this.#lines.clear();
  }

  mend() {
    this.isCut = false;
  }

  close() {
    this.cut();
    this.server.close();
  }
}

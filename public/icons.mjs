// Draws the app's icons as PNG from its mark, `atap.svg` beside this file: `node public/icons.mjs`.
//
// The mark is one path of straight strokes with round ends, so a pixel's cover follows from its
// distance to the nearest stroke: no rasteriser is needed, and every machine draws the same pixels.
// `tests/browser/install.spec.mjs` draws them again and compares.
import { readFileSync, writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const here = (name) => new URL(name, import.meta.url);

/** The icons: pixels a side, how much of it the mark's square takes, and how round the ground's corners are. */
export const icons = {
  "ikon-192.png": { side: 192, share: 1, corner: 12 / 64 },
  "ikon-512.png": { side: 512, share: 1, corner: 12 / 64 },
  // What a system may cut away of a maskable icon is outside a circle of 80 % (W3C App Manifest, section 6.4).
  "ikon-maskable-512.png": { side: 512, share: 0.72, corner: 0 },
  "apple-touch-icon.png": { side: 180, share: 0.86, corner: 0 },
};

/** The straight strokes of a path that uses M, L, V and their relatives. */
function strokes(path) {
  const found = [];
  let [x, y, command] = [0, 0, "M"];
  const tokens = path.match(/[a-z]|-?\d+(?:\.\d+)?/gi);
  const number = () => Number(tokens.shift());
  while (tokens.length > 0) {
    if (/[a-z]/i.test(tokens[0])) command = tokens.shift();
    const relative = command === command.toLowerCase();
    const [fromX, fromY] = [x, y];
    if (command.toUpperCase() !== "V") x = number() + (relative ? x : 0);
    y = number() + (relative ? y : 0);
    if (command.toUpperCase() !== "M") found.push([fromX, fromY, x, y]);
    // More pairs after a move are lines.
    if (command === "M") command = "L";
    if (command === "m") command = "l";
  }
  return found;
}

function distance(x, y, [fromX, fromY, toX, toY]) {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX ** 2 + alongY ** 2;
  const at = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / length));
  return Math.hypot(x - fromX - at * alongX, y - fromY - at * alongY);
}

/** How far a point is outside a square with round corners; negative inside. */
function outside(x, y, side, radius) {
  const [overX, overY] = [x, y].map((at) => Math.abs(at - side / 2) - side / 2 + radius);
  return Math.hypot(Math.max(overX, 0), Math.max(overY, 0)) + Math.min(Math.max(overX, overY), 0) - radius;
}

const hex = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
const cover = (distance) => Math.min(1, Math.max(0, 0.5 - distance));

/** The pixels of an icon, RGBA. */
export function draw({ side, share, corner }) {
  const svg = readFileSync(here("atap.svg"), "utf8");
  const attribute = (name) => new RegExp(`\\s${name}="([^"]+)"`).exec(svg)[1];
  const ground = hex(/rect[^>]*fill="([^"]+)"/.exec(svg)[1]);
  const ink = hex(attribute("stroke"));
  const half = Number(attribute("stroke-width")) / 2;
  const lines = strokes(attribute("d"));
  const unit = (side * share) / 64;
  const edge = (side * (1 - share)) / 2;
  const pixels = Buffer.alloc(side * side * 4);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const [x, y] = [column + 0.5, row + 0.5];
      const nearest = Math.min(...lines.map((line) => distance((x - edge) / unit, (y - edge) / unit, line)));
      const inked = cover((nearest - half) * unit);
      const colour = ground.map((part, at) => Math.round(part + (ink[at] - part) * inked));
      const alpha = corner === 0 ? 1 : cover(outside(x, y, side, corner * side));
      pixels.set([...colour, Math.round(alpha * 255)], (row * side + column) * 4);
    }
  }
  return pixels;
}

/** A PNG (W3C Recommendation) of RGBA pixels, each row as its difference to the one above. */
function png(pixels, side) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const width = side * 4;
  const rows = Buffer.alloc((width + 1) * side);
  for (let row = 0; row < side; row += 1) {
    rows[row * (width + 1)] = 2;
    for (let at = 0; at < width; at += 1) {
      const above = row === 0 ? 0 : pixels[(row - 1) * width + at];
      rows[row * (width + 1) + 1 + at] = pixels[row * width + at] - above;
    }
  }
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  for (const [name, icon] of Object.entries(icons)) writeFileSync(here(name), png(draw(icon), icon.side));
}

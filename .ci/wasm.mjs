// Reads and rewrites the names by which a WebAssembly module and its surroundings call each other.
// (WebAssembly 2.0, 5.5: binary format of modules. https://webassembly.github.io/spec/core/binary/modules.html)
//
// Only the import and export sections are looked into, and what wasm-bindgen's macros have left; all
// else is copied as it is.

const CUSTOM = 0;
const IMPORTS = 2;
const EXPORTS = 7;

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get done() {
    return this.at >= this.bytes.length;
  }

  byte() {
    if (this.done) throw new Error("The module ends too early.");
    return this.bytes[this.at++];
  }

  /** An unsigned number of at most 32 bits (LEB128). */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name() {
    return Buffer.from(this.take(this.number())).toString("utf8");
  }

  /** What `read` passes over. */
  passed(read) {
    const from = this.at;
    read();
    return this.bytes.subarray(from, this.at);
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value);
  return Buffer.from(bytes);
}

function name(text) {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([number(bytes.length), bytes]);
}

function* each(bytes) {
  const reader = new Reader(bytes);
  if (Buffer.from(reader.take(8)).toString("latin1") !== "\0asm\x01\0\0\0") throw new Error("This is no WebAssembly module of version 1.");
  while (!reader.done) {
    const id = reader.byte();
    yield { id, content: reader.take(reader.number()) };
  }
}

function imports(content) {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => {
    const module = reader.name();
    const name = reader.name();
    const what = reader.passed(() => {
      const kind = reader.byte();
      if (kind === 0) reader.number();
      else if (kind === 1) reader.byte(), reader.limits();
      else if (kind === 2) reader.limits();
      else if (kind === 3) reader.take(2);
      else throw new Error(`An import of kind ${kind} is not known.`);
    });
    return { module, name, what };
  });
}

function exports(content) {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => {
    const name = reader.name();
    const what = reader.passed(() => (reader.byte(), reader.number()));
    return { name, what };
  });
}

/** What a module imports and exports, by name. */
export function sections(bytes) {
  const found = { imports: [], exports: [] };
  for (const { id, content } of each(bytes)) {
    if (id === IMPORTS) found.imports = imports(content);
    if (id === EXPORTS) found.exports = exports(content);
  }
  return found;
}

/** The module with other names: each function gets a name and gives one; an export without is left out. */
export function renamed(bytes, { imported = (name) => name, exported = (name) => name }) {
  const parts = [bytes.subarray(0, 8)];
  for (let { id, content } of each(bytes)) {
    if (id === IMPORTS) {
      const items = imports(content);
      content = Buffer.concat([number(items.length), ...items.flatMap((item) => [name(item.module), name(imported(item.name)), item.what])]);
    } else if (id === EXPORTS) {
      const items = exports(content).flatMap((item) => {
        const now = exported(item.name);
        return now === undefined ? [] : [[name(now), item.what]];
      });
      content = Buffer.concat([number(items.length), ...items.flat()]);
    }
    parts.push(Buffer.from([id]), number(content.length), content);
  }
  return Buffer.concat(parts);
}

/** The module with only those of wasm-bindgen's declarations that are `wanted`: one a macro, as bytes. */
export function declaring(bytes, wanted) {
  const parts = [bytes.subarray(0, 8)];
  for (let { id, content } of each(bytes)) {
    const reader = new Reader(content);
    if (id === CUSTOM && reader.name() === "__wasm_bindgen_unstable") {
      // Each is the version that wrote it, then the declaration, both behind their length.
      const piece = () => {
        const length = reader.take(4).readUInt32LE(0);
        return reader.take(length);
      };
      const kept = [content.subarray(0, reader.at)];
      while (!reader.done) {
        let declaration;
        const whole = reader.passed(() => (piece(), (declaration = piece())));
        if (wanted(declaration)) kept.push(whole);
      }
      content = Buffer.concat(kept);
    }
    parts.push(Buffer.from([id]), number(content.length), content);
  }
  return Buffer.concat(parts);
}

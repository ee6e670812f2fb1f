// Writes desa.tsv out of the npm package idn-area-data (data under the ODbL, see NOTICES):
//
//     npm pack idn-area-data@4.0.1 && tar xzf idn-area-data-4.0.1.tgz
//     node src/catalogue/desa.mjs package > src/catalogue/desa.tsv
//
// A line for each district: its code, its name, and its villages with `|` between them. A village's
// last four digits stand before its name where they are not one more than those before.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(process.argv[2] ?? "package", "data");

function* rows(name, columns) {
  const [head, ...lines] = readFileSync(join(folder, name), "utf8").trim().split(/\r?\n/);
  if (head !== columns) throw new Error(`${name} has the columns ${head}, not ${columns}`);
  for (const line of lines) {
    const parts = /^([^,]*),([^,]*),(?:"((?:[^"]|"")*)"|([^,"]*))$/.exec(line);
    if (!parts) throw new Error(`${name}: ${line}`);
    const text = (parts[3]?.replaceAll('""', '"') ?? parts[4]).trim();
    if (/[\t|\n]/.test(text) || /^\d{4} /.test(text)) throw new Error(`${name}: ${line}`);
    yield [parts[1], parts[2], text];
  }
}

const villages = new Map();
for (const [code, district, name] of rows("villages.csv", "code,district_code,name")) {
  const number = Number(code.slice(district.length + 1));
  const { list, last } = villages.get(district) ?? { list: [], last: 0 };
  list.push(number === last + 1 ? name : `${String(number).padStart(4, "0")} ${name}`);
  villages.set(district, { list, last: number });
}
for (const [code, , name] of rows("districts.csv", "code,regency_code,name")) {
  process.stdout.write(`${code}\t${name}\t${(villages.get(code)?.list ?? []).join("|")}\n`);
}

// json-logic-js beside ours: reads a rule with its data a line, and writes what it gives for them.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const jsonLogic = createRequire(new URL("../browser/package.json", import.meta.url))("json-logic-js");
console.log = () => {};

for await (const line of createInterface({ input: process.stdin })) {
  const [rule, data] = JSON.parse(line);
  let answer;
  try {
    answer = { value: jsonLogic.apply(rule, data) ?? null };
  } catch (problem) {
    answer = { thrown: String(problem.message ?? problem) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

// oidc-client, timed on the inputs that stand in a folder as NAME.txt: the best of many rounds that go through all inputs in
// turn. It reads an address and takes the parameters of its fragment; it checks nothing by that.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

globalThis.window = globalThis;
const { SigninResponse } = await import("oidc-client/src/SigninResponse.js");
const folder = process.argv[2];
const rounds = 61;
const batch = 2_000_000; // nanoseconds

const inputs = readdirSync(folder).filter((name) => name.endsWith(".txt")).sort().map((name) => {
  const address = `https://app.example/cb#${readFileSync(join(folder, name), "utf8")}`;
  const read = () => new SigninResponse(address);
  const response = read();
  const sound = Boolean(response.access_token) || (Boolean(response.error) && !response.error.includes("exceeded"));
  return { name: name.slice(3, -4), read, sound, best: Infinity, times: 1 };
});
let kept = 0;
const run = ({ read, times }) => {
  const start = process.hrtime.bigint();
  for (let at = 0; at < times; at += 1) kept += read().state ? 1 : 0;
  return Number(process.hrtime.bigint() - start);
};
for (const input of inputs) {
  for (let taken = run(input); taken < batch; taken = run(input)) input.times *= 2;
}
for (let round = 0; round < rounds; round += 1) {
  for (let turn = 0; turn < inputs.length; turn += 1) {
    const input = inputs[(turn + round) % inputs.length];
    input.best = Math.min(input.best, run(input) / input.times);
  }
}
for (const { name, best, sound } of inputs) {
  console.log(`| oidc-client | ${name} | ${best.toFixed(0)} |${sound ? "" : " refuses"} |`);
}

// Times the reading of one answer from a JavaScript string, by the module and by what the browser has. The module is
// `page` of benches/size, served beside this file as `page.wasm`. The result is in the page and in `window.result`.

const NAMES = ["access_token", "expires_in", "id_token", "iss", "scope", "state", "token_type"];
const ROUNDS = 61;
const PER_ROUND = 2000;

const { instance } = await WebAssembly.instantiateStreaming(fetch("./page.wasm"));
const { memory, text, places, parse } = instance.exports;
const encoder = new TextEncoder();
const into = new Uint8Array(memory.buffer, text(), 16384);
const found = new Uint32Array(memory.buffer, places());

// The values are cut out of the string that is there already; one with escapes is decoded, as the form has it.
function readByModule(address) {
  const { written } = encoder.encodeInto(address, into);
  let bits = parse(written);
  if (bits === 0) return null;
  const values = [];
  for (let index = 0; bits !== 0; index += 1, bits >>>= 1) {
    if ((bits & 1) === 0) continue;
    const [start, end, isEncoded] = [found[index * 3], found[index * 3 + 1], found[index * 3 + 2]];
    const raw = address.slice(start, end);
    values.push(isEncoded ? decodeURIComponent(raw.replaceAll("+", " ")) : raw);
  }
  return values;
}

function readByBrowser(address) {
  const parameters = new URLSearchParams(address.slice(address.indexOf("#") + 1));
  return NAMES.map((name) => parameters.get(name)).filter((value) => value !== null);
}

const token = "2YotnFZFEjr1zCsicMWpAA".repeat(87);
const address = `https://app.example/cb#access_token=${token}&token_type=bearer&expires_in=3600&scope=Contacts%20ReadCallLog&state=0123456789abcdef0123456789abcdef`;

const same = (one, other) => [...one].sort().join() === [...other].sort().join();
const readers = [readByModule, readByBrowser];
const best = readers.map(() => Infinity);
let kept = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  for (let turn = 0; turn < readers.length; turn += 1) {
    const at = (round + turn) % readers.length;
    const begin = performance.now();
    for (let count = 0; count < PER_ROUND; count += 1) kept += readers[at](address).length;
    best[at] = Math.min(best[at], ((performance.now() - begin) * 1e6) / PER_ROUND);
  }
}
window.result = {
  bytes: address.length,
  agree: same(readByModule(address), readByBrowser(address)),
  module: Math.round(best[0]),
  browser: Math.round(best[1]),
  ratio: Number((best[1] / best[0]).toFixed(2)),
  kept,
};
document.getElementById("result").textContent = JSON.stringify(window.result, null, 2);

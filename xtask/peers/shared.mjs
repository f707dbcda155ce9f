// What the runners of the JavaScript clients share. A runner reads the cases from its standard input and writes what
// its client answers to its standard output, both as JSON. It starts in the folder that the clients are installed in.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { unescape } from "node:querystring";

/** Loads an installed package. */
export const load = createRequire(`${process.cwd()}/`);

/** Thrown where the client has no way to be asked. */
export class NotRun extends Error {}

const CASE_LIMIT_MS = 5_000;

/** What an answer has shown, as text. */
function text(value) {
  if (value === undefined || value === null) return "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function failed(error, asked) {
  if (error instanceof NotRun) return { outcome: "not run", detail: error.message };
  // The server's error, if the code stands in the answer; the client's own otherwise.
  const codes = [error?.error ?? error?.body?.error ?? []].flat();
  const address = unescape(asked.address.replaceAll("+", " "));
  if (codes.length > 0 && codes.every((code) => code !== "" && address.includes(code))) {
    return { outcome: "error", detail: text(codes.length === 1 ? codes[0] : codes) };
  }
  const message = error?.message ?? error?.errorDescription ?? error?.error;
  return { outcome: "refused", detail: error?.name ? `${error.name}: ${text(message)}` : text(message) };
}

async function answered(answer, asked) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ outcome: "crash", detail: "no answer in time" }), CASE_LIMIT_MS);
  });
  const stray = new Promise((resolve) => {
    process.once("uncaughtException", (error) => resolve({ outcome: "crash", detail: text(error?.message) }));
  });
  const own = (async () => answer(asked))().then(
    (got) => {
      if (!got) return { outcome: "ignored", detail: "" };
      if (!got.token) return { outcome: "empty", detail: text(got.token) };
      return { outcome: "token", detail: text(got[asked.shown]) };
    },
    (error) => failed(error, asked),
  );
  const outcome = await Promise.race([own, stray, late]);
  clearTimeout(timer);
  process.removeAllListeners("uncaughtException");
  return { id: asked.id, ...outcome };
}

/**
 * Asks the client about each case. `answer` returns the token, the lifetime and the scope as the client shows them, nothing
 * if the client says nothing, and throws what the client throws.
 */
export async function run(name, answer) {
  // Nothing here needs the network, and nothing shall reach it; and only the answers shall reach the standard output.
  Socket.prototype.connect = () => {
    throw new Error("no network");
  };
  console.log = console.info = console.warn = console.error = () => {};
  const cases = JSON.parse(readFileSync(0, "utf8"));
  const answers = [];
  for (const asked of cases) answers.push(await answered(answer, asked));
  const { version } = load(`${name}/package.json`);
  const said = JSON.stringify({ version, runtime: `Node.js ${process.versions.node}`, answers });
  process.stdout.write(said, () => process.exit(0));
}

/** The address as `window.location` shows its parts, left as they are. */
export function parts(address) {
  const [, query = "", fragment = ""] = /^[^?#]*(\?[^#]*)?(#[^]*)?$/.exec(address);
  return { search: query.length > 1 ? query : "", hash: fragment.length > 1 ? fragment : "" };
}

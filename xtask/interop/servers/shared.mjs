// What the servers in JavaScript share: what they are told, the installed packages, and a port of their own.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

export const config = JSON.parse(process.argv[2]);

/** Loads an installed package. */
export const load = createRequire(`${process.cwd()}/`);

/**
 * Listens on a port that the system gives, and says which. `handler` makes what answers, once the server's address is known.
 * All of it ends when nobody is there to speak to any more.
 */
export function serve(name, handler) {
  const manifest = join(process.cwd(), "node_modules", name, "package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const server = createServer();
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.on("request", handler(`http://127.0.0.1:${port}`));
    process.stdout.write(`${JSON.stringify({ port, version: `${name} ${version}` })}\n`);
  });
  process.stdin.on("end", () => process.exit(0)).resume();
}

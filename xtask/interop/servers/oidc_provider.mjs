// oidc-provider with its own pages for login and consent. It has no plain `token`, so it is asked for `id_token token`.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const config = JSON.parse(process.argv[2]);
const installed = createRequire(`${process.cwd()}/`);
const { default: Provider } = await import(pathToFileURL(installed.resolve("oidc-provider")).href);
const folder = join(process.cwd(), "node_modules", "oidc-provider");
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: config.client_id,
        // Only a native client may have an http address on this machine and ask for a token.
        application_type: "native",
        redirect_uris: [config.redirect_uri],
        grant_types: ["implicit"],
        response_types: ["id_token token", "id_token"],
        token_endpoint_auth_method: "none",
      },
    ],
    responseTypes: ["id_token token", "id_token"],
    features: { devInteractions: { enabled: true } },
  });
  server.on("request", provider.callback());
  process.stdout.write(`${JSON.stringify({ port, version: `oidc-provider ${version}` })}\n`);
});

// It ends when nobody listens to it any more.
process.stdin.on("end", () => process.exit(0)).resume();

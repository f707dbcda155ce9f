// oidc-provider with its own pages for login and consent. It has no plain `token`, so it is asked for `id_token token`.

import { pathToFileURL } from "node:url";

import { config, load, serve } from "./shared.mjs";

const { default: Provider } = await import(pathToFileURL(load.resolve("oidc-provider")).href);
const types = ["id_token token", "id_token"];

serve("oidc-provider", (origin) => {
  const client = {
    client_id: config.client_id,
    // Only a native client may have an http address on this machine and ask for a token.
    application_type: "native",
    redirect_uris: [config.redirect_uri],
    grant_types: ["implicit"],
    response_types: types,
    token_endpoint_auth_method: "none",
  };
  const features = { devInteractions: { enabled: true } };
  return new Provider(origin, { clients: [client], responseTypes: types, features }).callback();
});

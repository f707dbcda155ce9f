// @ringcentral/sdk: the fragment, or else the query, goes to `parseLoginRedirect`, as its read-me shows.

import { load, parts, run } from "./shared.mjs";

const { SDK } = load("@ringcentral/sdk");

await run("@ringcentral/sdk", async ({ address, redirect_uri }) => {
  const sdk = new SDK({ server: "https://as.example", clientId: "client", redirectUri: redirect_uri });
  const { hash, search } = parts(address);
  const options = sdk.parseLoginRedirect(hash || search);
  return { token: options.access_token, lifetime: options.expires_in, scope: options.scope };
});

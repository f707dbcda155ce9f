// client-oauth2: the address goes to `token.getToken`, with the request's state as an option.

import { load, run } from "./shared.mjs";

const ClientOAuth2 = load("client-oauth2");

await run("client-oauth2", async ({ address, redirect_uri, scope, state }) => {
  const client = new ClientOAuth2({
    clientId: "client",
    authorizationUri: "https://as.example/authorize",
    redirectUri: redirect_uri,
    scopes: scope.split(" "),
    state: state ?? undefined,
  });
  const token = await client.token.getToken(address);
  const seconds = Math.round((token.expires - Date.now()) / 1000);
  return {
    token: token.accessToken,
    lifetime: Number.isNaN(seconds) ? "Invalid Date" : seconds,
    scope: token.data.scope,
  };
});

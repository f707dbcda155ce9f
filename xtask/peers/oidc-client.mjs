// oidc-client: the address goes to `processSigninResponse`, with the request's state in the client's own store.

import { load, NotRun, run } from "./shared.mjs";

const { InMemoryWebStorage, OidcClient, WebStorageStateStore } = load("oidc-client");

// It counts a lifetime from the clock, which shall not tick in between.
const now = Date.now();
Date.now = () => now;

await run("oidc-client", async ({ address, redirect_uri, scope, state }) => {
  if (state === null) throw new NotRun("it always sends a state");
  const stateStore = new WebStorageStateStore({ store: new InMemoryWebStorage() });
  const client = new OidcClient({
    authority: "https://as.example",
    client_id: "client",
    redirect_uri,
    response_type: "token",
    scope,
    stateStore,
    metadata: { issuer: "https://as.example", authorization_endpoint: "https://as.example/authorize" },
  });
  // The client makes its states itself, so what it has stored is stored once more under the state of the case.
  const request = await client.createSigninRequest();
  const stored = JSON.parse(await stateStore.remove(request.state.id));
  await stateStore.set(state, JSON.stringify({ ...stored, id: state }));
  const response = await client.processSigninResponse(address);
  return { token: response.access_token, lifetime: response.expires_in, scope: response.scope };
});

// auth0-js: the address's fragment goes to `parseHash`, with the request's state beside it.

import { load, NotRun, parts, run } from "./shared.mjs";

// It looks at the window when it is made, and keeps transactions in cookies, of which there are none here.
globalThis.window = { location: new URL("https://app.example/cb") };
globalThis.document = { cookie: "" };
window.document = document;
const { default: auth0 } = await import(load.resolve("auth0-js/dist/auth0.min.esm.js"));

await run("auth0-js", async ({ address, redirect_uri, state }) => {
  if (state === null) throw new NotRun("it always sends a state");
  const client = new auth0.WebAuth({
    domain: "as.example",
    clientID: "client",
    redirectUri: redirect_uri,
    responseType: "token",
  });
  const result = await new Promise((resolve, reject) => {
    const { hash } = parts(address);
    client.parseHash({ hash, state }, (error, result) => (error ? reject(error) : resolve(result)));
  });
  return result && { token: result.accessToken, lifetime: result.expiresIn, scope: result.scope };
});

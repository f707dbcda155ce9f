// What the pages of all clients share: a button that begins, and what came of it in words.

import * as client from "/client.js";

const config = await (await fetch("/config.json")).json();

function show(outcome) {
  document.getElementById("outcome").textContent = JSON.stringify(outcome);
}

/** An error as it came from the server has its code; anything else went wrong on this side. */
function failed(error) {
  return error?.error ? { error: error.error } : { failed: String(error?.message ?? error) };
}

/** A client that holds a token gives a function that calls the API with it, and says with what status it answered. */
async function outcome() {
  const isThere = location.href.startsWith(config.redirect_uri);
  const call = await (isThere ? client.receive?.(config) : client.returned?.(config));
  return call ? { api: await call(config.calls[0].url) } : null;
}

const button = document.querySelector("button");
button.onclick = () => client.signIn(config).catch((error) => show(failed(error)));
// Nobody can press it before.
button.hidden = false;
outcome().then((came) => came && show(came), (error) => show(failed(error)));

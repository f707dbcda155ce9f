// What the pages of all clients share: a button that begins, and what came of it in words.

import { receive, signIn } from "/client.js";

const config = await (await fetch("/config.json")).json();

function show(outcome) {
  document.getElementById("outcome").textContent = JSON.stringify(outcome);
}

/** An error as it came from the server has its code; anything else went wrong on this side. */
function failed(error) {
  return error?.error ? { error: error.error } : { failed: String(error?.message ?? error) };
}

if (location.href.startsWith(config.redirect_uri)) {
  // `receive` gives a function that calls the API with the token, and says with what status it answered.
  receive(config)
    .then((call) => call(config.calls[0].url))
    .then((api) => show({ api }), (error) => show(failed(error)));
} else {
  document.querySelector("button").onclick = () => signIn(config).catch((error) => show(failed(error)));
}

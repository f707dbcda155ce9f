// What the pages of all clients share: buttons that begin, and what came of it in words.
//
// A client has `signIn`, which leaves the page, and `receive` for what comes back; `byPopup` if it has more than that, and then
// `handOver` for a window that is not the page's own.

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
  if (isThere && (window.opener || window.parent !== window)) return client.handOver(config);
  const call = await (isThere ? client.receive?.(config) : client.returned?.(config));
  if (call) show({ api: await call(config.calls[0].url) });
}

/** Shows a button, which nobody can press before. */
function offer(id, begin) {
  const button = document.getElementById(id);
  button.onclick = () => begin().catch((error) => show(failed(error)));
  button.hidden = false;
}

offer("redirect", () => client.signIn(config));
if (client.byPopup) offer("popup", async () => show({ ways: await client.byPopup(config) }));
outcome().catch((error) => show(failed(error)));

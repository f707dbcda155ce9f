// A page with the adapter for JavaScript: its buttons sign in and out, and each report is a line. The compiler of TypeScript
// checks it against the declarations, as it would an application.

import start, { Session } from "./fragrant.js";

const module = await start({ module_or_path: "/fragrant_bg.wasm" });
const response = await fetch("/config.json");
const config = await response.json();
// What a test has set. It stands in a file, as there is no room for it in a redirection URI.
const own = await (await fetch("/settings.json")).json();

/** @type {import("./fragrant.js").Settings} */
const settings = {
  authorization_endpoint: config.authorization_endpoint,
  client_id: config.client_id,
  redirect_uri: config.redirect_uri,
  api_origins: config.api_origin,
  issuer: config.issuer,
  scope: config.scope,
  renewal: "silent",
  tabs: "several",
  ...own,
};

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks ${id}`);
  return found;
};

const session = new Session(settings, (report) => {
  const line = document.createElement("li");
  const parts = [report.kind, report.cause, report.helps, report.scope, report.text, report.message];
  line.textContent = parts.filter((part) => part !== undefined).join(" | ");
  element("reports").append(line);
  showPhase();
});

const showPhase = () => {
  element("phase").textContent = session.state().phase;
};
showPhase();

element("redirect").onclick = () => session.signInByRedirect({ text: "where the user was" });
element("popup").onclick = () => session.signInByPopup({ prompt: "login" });
element("silent").onclick = () => session.signInSilently();
element("out").onclick = () => session.signOut();

// For the tests.
const memory = Object.values(module).find((exported) => exported instanceof WebAssembly.Memory);
Object.assign(window, { Session, session, settings, memory, api: config.calls[0].url });

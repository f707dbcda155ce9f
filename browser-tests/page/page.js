"use strict";

// A client's page with nothing of ours in it: a test tells it what to do. Where it is framed it is the redirection URI,
// and hands its address to the page around it, as such pages do.
if (window.parent !== window) {
  window.parent.postMessage(location.href, location.origin);
}

// Opens an address in a frame. What comes back is in `answers`, each with the origin it came from.
const answers = [];
window.addEventListener("message", (event) => answers.push({ origin: event.origin, address: event.data }));
const frame = (address) => {
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
};

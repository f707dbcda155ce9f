"use strict";

// Takes the answer out of the address, and hands the whole address to the application that serves this page. It reads
// nothing in it. `location.href` has the fragment as it came; `location.hash` has been decoded by some browsers.
(async () => {
  const address = location.href;
  const { key } = document.currentScript.dataset;
  history.replaceState(null, "", location.pathname);

  const say = (words) => { document.getElementById("status").textContent = words; };
  say("The answer is on its way to the application.");
  let status = 0;
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: { "Content-Type": "text/uri-list", "Fragrant-Key": key },
      body: address,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    status = response.status;
  } catch { /* said below */ }
  switch (status) {
    case 204:
      say("The application has the answer. You can close this page and go back to it.");
      break;
    case 409:
      say("This is no answer to what the application has asked. It is still waiting.");
      break;
    case 413:
      say("The answer is too long. Begin the sign-in again in the application.");
      break;
    default:
      say("The application does not take an answer any more. Begin the sign-in again there.");
  }
})();

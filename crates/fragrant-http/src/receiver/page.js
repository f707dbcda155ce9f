"use strict";

// Takes the answer out of the address, and hands the whole address to the application that serves this page. It reads
// nothing in it. `location.href` has the fragment as it came; `location.hash` has been decoded by some browsers.
(async () => {
  const say = (words) => { document.getElementById("status").textContent = words; };
  let status = 0;
  try {
    const address = location.href;
    const { key } = document.currentScript.dataset;
    const page = location.origin + location.pathname;
    history.replaceState(null, "", page);
    say("The answer is on its way to the application.");
    const response = await fetch(page, {
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
      say("This is more than the application reads of an answer, so it has not taken it. It is still waiting.");
      break;
    case 0:
      say("Nothing is known of whether the application has the answer. Look there, and begin the sign-in again if it has not.");
      break;
    default:
      say("Something has disturbed this page, so the application has not taken the answer. Begin the sign-in again there.");
  }
})();

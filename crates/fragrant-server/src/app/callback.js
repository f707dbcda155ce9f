"use strict";

// The redirect page: posts its whole address to the application's server, where the client judges it, and shows what
// comes back. It reads nothing in the address itself. The token comes back with a good answer, so it crosses to that
// server and back, on this machine; here it is kept in this function alone and ends with the page.
(async () => {
  const address = location.href;
  history.replaceState(null, "", location.pathname);

  const byId = (id) => document.getElementById(id);
  const say = (words) => { byId("status").textContent = words; };
  const fact = (name, value) => {
    if (value === null || value === undefined) return;
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = name;
    text.textContent = String(value);
    byId("facts").append(term, text);
  };

  const callApi = async (call, token) => {
    const result = byId("result");
    result.hidden = false;
    result.textContent = `GET ${call.url}`;
    try {
      const response = await fetch(call.url, {
        headers: { ...call.headers, Authorization: `Bearer ${token}` },
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
      const challenge = response.headers.get("WWW-Authenticate");
      const text = await response.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it is */ }
      result.textContent = [`GET ${call.url}`, `${response.status}`, challenge, shown].filter(Boolean).join("\n");
    } catch {
      result.textContent = `GET ${call.url}\nThe browser was not allowed to read the answer, or there was none.`;
    }
  };

  let answer;
  try {
    const response = await fetch("/received", {
      method: "POST",
      headers: { "Content-Type": "text/plain", "X-Fragrant-Page": "callback" },
      body: address,
    });
    answer = await response.json();
  } catch {
    say("The application's server did not answer.");
    return;
  }

  switch (answer.outcome) {
    case "authorized": {
      say("You are signed in.");
      fact("Token", `${answer.access_token.slice(0, 4)}…`);
      fact("Type", answer.token_type);
      fact("Ends in (seconds)", answer.expires_in);
      fact("Scope", answer.scope);
      for (const call of answer.calls) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "second";
        button.textContent = call.title;
        button.addEventListener("click", () => callApi(call, answer.access_token));
        byId("calls").append(button);
      }
      await callApi(answer.calls[0], answer.access_token);
      break;
    }
    case "denied":
      say("You are not signed in: the server said no.");
      fact("Error", answer.error);
      fact("In words", answer.error_description);
      break;
    case "rejected":
      say("You are not signed in: the answer was not believed.");
      fact("Reason", answer.reason);
      fact("In words", answer.message);
      break;
    default:
      say("There is no answer to a sign-in here.");
      fact("In words", answer.message);
  }
})();

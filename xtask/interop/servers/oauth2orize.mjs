// oauth2orize on Express: its middleware decides and writes the answers; login and consent are the application's pages.

import { randomBytes } from "node:crypto";

import { config, load, serve } from "./shared.mjs";

const express = load("express");
const session = load("express-session");
const oauth2orize = load("oauth2orize");

const SCOPES = ["read", "write"];
const tokens = new Set();

const server = oauth2orize.createServer();
server.serializeClient((client, done) => done(null, client));
server.deserializeClient((client, done) => done(null, client));
server.grant(
  oauth2orize.grant.token((_client, _user, answer, done) => {
    // As Base64, which has to be escaped in a fragment.
    const token = randomBytes(30).toString("base64");
    tokens.add(token);
    done(null, token, { expires_in: 3600, scope: answer.scope.join(" ") });
  }),
);

function validate(clientId, redirectUri, scope, _type, done) {
  if (clientId !== config.client_id || redirectUri !== config.redirect_uri) return done(null, false);
  if (scope?.some((name) => !SCOPES.includes(name))) {
    return done(new oauth2orize.AuthorizationError("bad scope", "invalid_scope"), config.client_id, redirectUri);
  }
  done(null, config.client_id, redirectUri);
}

const page = (action, content) => `<!DOCTYPE html><form method="post" action="${action}">${content}</form>`;

function logIn(request, response, next) {
  request.user = request.session.user;
  if (request.user) return next();
  request.session.next = request.originalUrl;
  const fields = '<input name="username"><input name="password" type="password">';
  response.send(page("/login", `${fields}<button>Sign in</button>`));
}

function askForConsent(request, response) {
  const transaction = `<input type="hidden" name="transaction_id" value="${request.oauth2.transactionID}">`;
  const deny = '<button name="cancel" value="1">Deny</button>';
  response.send(page("/decision", `${transaction}<button>Allow</button>${deny}`));
}

const app = express();
app.use(session({ secret: randomBytes(32).toString("hex"), resave: false, saveUninitialized: false }));
app.use(express.urlencoded({ extended: false }));
app.get("/authorize", server.authorize(validate), logIn, askForConsent, server.authorizationErrorHandler());
app.post("/decision", logIn, server.decision((request, done) => {
  done(null, { scope: request.oauth2.req.scope ?? ["read"] });
}), server.authorizationErrorHandler());
app.post("/login", (request, response) => {
  const { username, password } = request.body;
  if (username !== config.user || password !== config.password) return response.status(403).send("wrong");
  request.session.user = username;
  response.redirect(request.session.next);
});
app.get("/resource", (request, response) => {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (/^bearer$/i.test(scheme) && tokens.has(token)) return response.send("served");
  // What is answered to a token that will not do is left to the application; this one does what RFC 6750 section 3 asks.
  const error = token ? ', error="invalid_token"' : "";
  response.set("WWW-Authenticate", `Bearer realm="oauth2orize"${error}`).status(401).end();
});
// What is no error of the protocol's, and so no page's either, is told the user.
app.use((error, _request, response, _next) => response.status(error.status ?? 500).send(error.code));

serve("oauth2orize", () => app);

// What the declarations allow and what they do not: `cargo xtask web` has the compiler of TypeScript check it, and nothing
// runs it. A line below `@ts-expect-error` that compiles is an error, too.

import start, { Session, type Report, type Settings, type SignIn, type State } from "./fragrant.js";

const settings: Settings = {
  authorization_endpoint: "https://as.example/authorize",
  client_id: "s6BhdRkqt3",
  redirect_uri: "https://app.example/cb",
};

const more: Partial<Settings> = {
  renewal: "silent",
  tabs: "alone",
  parameters: "brand_id=1210",
  response_parameters: "endpoint_id",
  user_parameter: "owner_id",
  default_lifetime: 3600,
  pending_lifetime: 300,
  answer_timeout: 5,
  clock_skew: 60,
  pending_store: "local",
};

export async function page(show: (words: string) => void): Promise<void> {
  await start({ module_or_path: "/fragrant_bg.wasm" });
  const session = new Session({ ...settings, ...more }, (report: Report): void => {
    switch (report.kind) {
      case "problem":
      case "sign_in_failed":
      case "signed_out":
        return show(`${report.cause}: ${report.message} (${report.helps})`);
      case "signed_in":
      case "token_renewed":
        return show(report.missing_scope ?? report.scope ?? report.user ?? report.text ?? report.sign_in ?? "");
      default: {
        // There is no other.
        const none: never = report.kind;
        return none;
      }
    }
  });
  const options: SignIn = { scope: "Contacts", prompt: "login consent", display: "touch", parameters: "a=b", text: "#/calls" };
  session.signInByPopup(options);
  session.signInByRedirect(null);
  session.signInSilently();
  session.cookiesAreBlocked();
  const cookies: "kept" | "blocked" | "unanswered" = await session.probe("https://as.example/probe");
  show(cookies);
  session.identifyUser("0123456789abcdef", "a user");
  const response: Response = await session.fetch("https://api.example/v1/me", { method: "PUT", body: new FormData() });
  const state: State = session.state();
  show(`${response.status} ${state.phase} ${(state.seconds_left ?? 0).toFixed()}`);
  session.signOut();
  session.free();
}

export function mistakes(session: Session): void {
  // @ts-expect-error: the client's identifier and redirection URI are missing
  new Session({ authorization_endpoint: "https://as.example/authorize" }, () => {});
  // @ts-expect-error: nobody is told
  new Session(settings);
  // @ts-expect-error: there is no such renewal
  new Session({ ...settings, renewal: "never" }, () => {});
  // @ts-expect-error: there is no such setting
  new Session({ ...settings, clientId: "s6BhdRkqt3" }, () => {});
  // @ts-expect-error: a list of origins is one text
  new Session({ ...settings, api_origins: ["https://api.example"] }, () => {});
  // @ts-expect-error: a scope is one text
  session.signInByPopup({ scope: ["Contacts"] });
  // @ts-expect-error: an address is needed
  void session.fetch();
  // @ts-expect-error: the phase is no property of the session
  void session.phase;
  // @ts-expect-error: a time left may be missing
  session.state().seconds_left.toFixed();
}

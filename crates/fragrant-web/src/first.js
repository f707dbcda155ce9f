// Put it first into the page, as a script that is no module: it takes the address out of the address bar before another
// script can read it there, and keeps it for the session, which puts back what of it is the application's own.
"use strict";
{
  const address = location.href;
  history.replaceState(history.state, "", location.origin + location.pathname);
  window.fragrantAddress = () => {
    delete window.fragrantAddress;
    return address;
  };
}

"""What the runners of the Python clients share: cases from the standard input, answers to the standard output, as JSON."""

import importlib.metadata
import json
import platform
import socket
import sys
from urllib.parse import unquote_plus


def no_network(*_args, **_kwargs):
    raise OSError("no network")


def text(value):
    """What an answer has shown, as text."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value)


def answered(answer, asked):
    try:
        got = answer(asked)
    except Exception as error:
        # The server's error, if the code stands in the answer; the client's own otherwise.
        code = getattr(error, "error", None)
        if code and code in unquote_plus(asked["address"]):
            return {"outcome": "error", "detail": code}
        return {"outcome": "refused", "detail": f"{type(error).__name__}: {error}"}
    if not got["token"]:
        return {"outcome": "empty", "detail": text(got["token"])}
    return {"outcome": "token", "detail": text(got[asked["shown"]])}


def run(name, answer):
    """Asks the client about each case. `answer` returns the token, the lifetime and the scope as the client shows them."""
    socket.socket.connect = no_network
    sys.stdin.reconfigure(encoding="utf-8")
    answers = [{"id": asked["id"], **answered(answer, asked)} for asked in json.load(sys.stdin)]
    runtime = f"Python {platform.python_version()}"
    json.dump({"version": importlib.metadata.version(name), "runtime": runtime, "answers": answers}, sys.stdout)

"""What the Python servers share: what they are told, and a port of their own."""

import importlib.metadata
import json
import os
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

CONFIG = json.loads(sys.argv[1])


class Quiet(WSGIRequestHandler):
    def log(self, *_args):
        pass


def end_when_nobody_is_there():
    sys.stdin.read()
    os._exit(0)


def serve(package, app):
    """Listens on a port that the system gives, and says which."""
    threading.Thread(target=end_when_nobody_is_there, daemon=True).start()
    server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
    version = f"{package} {importlib.metadata.version(package)}"
    print(json.dumps({"port": server.server_port, "version": version}), flush=True)
    server.serve_forever()

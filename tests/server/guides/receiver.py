"""receiver.py FOLDER SNIPPET SECRET: an endpoint that lets in (204) what the guide's snippet takes
for ours, and nothing else (401). Prints its port."""

import importlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder, name, secret = sys.argv[1:]
sys.path.insert(0, folder)
snippet = importlib.import_module(name)


class Endpoint(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if name == "webhook":
            is_ours = snippet.is_ours(secret, self.headers, body)
        else:
            is_ours = snippet.is_ours(
                secret.encode(), self.command, self.path, self.headers, body
            )
        self.send_response(204 if is_ours else 401)
        self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
print(server.server_port, flush=True)
server.serve_forever()

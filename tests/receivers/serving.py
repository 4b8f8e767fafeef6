"""What the receivers on Python's own http.server share: they log nothing, and many may connect at once."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def serve(handler):
    """Serves at PORT, or at a free one, and prints the URL."""
    server = Server(("127.0.0.1", int(os.environ.get("PORT", 0))), handler)
    print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
    server.serve_forever()

"""Python's own http.server."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from receiver import Receiver

receiver = Receiver()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text=""):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/effects":
            self.answer(200, str(receiver.effects))
        else:
            self.answer(405)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "Content-Length" not in self.headers:
            self.close_connection = True
            return self.answer(411)
        self.answer(*receiver.receive(raw, self.headers))

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


server = Server(("127.0.0.1", int(os.environ.get("PORT", 0))), Handler)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()

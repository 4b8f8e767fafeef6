"""Python's own http.server."""

from receiver import Receiver
from serving import Quiet, serve

receiver = Receiver()


class Handler(Quiet):
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


serve(Handler)

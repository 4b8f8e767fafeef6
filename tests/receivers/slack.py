"""A receiver of Slack's commands and events: forms and JSON, verified over the raw bytes. FORM makes it wrong in one
way. It speaks HTTP/1.0, as Python's server does unless it is told otherwise."""

import hashlib
import hmac
import json
import os
import time
from urllib.parse import parse_qsl, urlencode

from serving import Quiet, serve

FORM = os.environ.get("FORM", "right")
SECRET = os.environ["SECRET"]


def written_anew(raw, kind):
    """What a body parser and a serializer make of it."""
    if kind.startswith("application/x-www-form-urlencoded"):
        return urlencode(parse_qsl(raw.decode("latin-1"))).encode()
    return raw


class Handler(Quiet):
    def answer(self, status, text="", kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        self.answer(405)

    def do_POST(self):
        if "Content-Length" not in self.headers:
            return self.answer(411)
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers.get("Content-Type", "")
        signed = written_anew(raw, kind) if FORM == "form_anew" else raw
        stamp = self.headers.get("X-Slack-Request-Timestamp", "")
        content = b"v0:" + stamp.encode("latin-1", "replace") + b":" + signed
        expected = "v0=" + hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
        given = self.headers.get("X-Slack-Signature", "").encode("latin-1", "replace")
        is_new = stamp.isdigit() and abs(time.time() - int(stamp)) <= 300
        if not (is_new and hmac.compare_digest(given, expected.encode())):
            return self.answer(401)
        if kind.startswith("application/x-www-form-urlencoded"):
            return self.answer(200)
        try:
            event = json.loads(raw)
        except ValueError:
            return self.answer(400)
        if isinstance(event, dict) and event.get("type") == "url_verification":
            return self.answer(200, str(event.get("challenge")))
        self.answer(200)


serve(Handler)

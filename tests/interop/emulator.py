"""Official clients of PyPI against the emulated APIs: only where they connect to is changed.

usage: python emulator.py HOOKCLI
"""

import http.server
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.request
from datetime import datetime, timedelta, timezone

import stripe
from svix.api import (
    ApplicationIn,
    EndpointIn,
    EndpointSecretRotateIn,
    EventExampleIn,
    MessageIn,
    RecoverIn,
    Svix,
    SvixOptions,
)
from svix.exceptions import HttpError
from svix.webhooks import Webhook


class Receiver:
    """Answers with these statuses in turn, the last one for ever."""

    def __init__(self, *statuses):
        statuses = list(statuses) or [200]
        self.received = queue.Queue()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
                self.send_header("content-length", "0")
                self.end_headers()
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.put((headers, body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def next(self):
        return self.received.get(timeout=60)


def with_stripe(url):
    client = stripe.StripeClient("sk_test_123", base_addresses={"api": url})
    receiver = Receiver()
    endpoint = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    listed = client.v1.webhook_endpoints.list()
    assert [one.id for one in listed.data] == [endpoint.id]
    try:
        client.v1.webhook_endpoints.create({"url": "nope", "enabled_events": ["*"]})
    except stripe.InvalidRequestError as error:
        assert error.param == "url", error
    else:
        raise AssertionError("it was not refused")
    client.v1.webhook_endpoints.delete(endpoint.id)


def with_svix(url):
    svix = Svix("testsk_123", SvixOptions(server_url=url))
    receiver = Receiver(200, 500, 200)
    app = svix.application.create(ApplicationIn(name="App", uid="py"))
    endpoint = svix.endpoint.create("py", EndpointIn(url=receiver.url))
    key = svix.endpoint.get_secret(app.id, endpoint.id).key
    message = svix.message.create("py", MessageIn(event_type="a.b", payload={"n": 1}))
    headers, body = receiver.next()
    Webhook(key).verify(body, headers)
    assert json.loads(body) == {"n": 1}
    assert headers["svix-id"] == message.id
    svix.endpoint.rotate_secret("py", endpoint.id, EndpointSecretRotateIn())
    svix.message.create("py", MessageIn(event_type="a.b", payload={"n": 2}))
    headers, body = receiver.next()
    for secret in [key, svix.endpoint.get_secret("py", endpoint.id).key]:
        Webhook(secret).verify(body, headers)
    settle(url)
    attempts = svix.message_attempt.list_by_endpoint("py", endpoint.id)
    assert [one.response_status_code for one in attempts.data] == [500, 200], attempts
    # What waits for its retry is not recovered; what failed for good is, of which there is nothing.
    since = datetime.now(timezone.utc) - timedelta(minutes=1)
    svix.endpoint.recover("py", endpoint.id, RecoverIn(since=since))
    svix.endpoint.send_example("py", endpoint.id, EventExampleIn(event_type="invoice.paid"))
    receiver.next()
    assert len(svix.message.list("py").data) == 3
    svix.endpoint.delete("py", endpoint.id)
    try:
        svix.endpoint.get("py", endpoint.id)
    except HttpError as error:
        assert error.code == "not_found", error
    else:
        raise AssertionError("it is still there")


def settle(url):
    asked = urllib.request.Request(f"{url}/_hookcli/settle", b"", {"x-hookcli-control": "1"})
    urllib.request.urlopen(asked).close()


def main():
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": os.environ["PATH"], "HOME": home, "HOOKCLI_STORE": f"{home}/store.db"}
        command = [sys.argv[1], "emulate", "stripe", "svix", "--port", "0", "--json"]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as emulator:
            try:
                urls = json.loads(emulator.stdout.readline())["urls"]
                with_stripe(urls["stripe"])
                with_svix(urls["svix"])
            finally:
                emulator.terminate()
    print("ok: the official clients of PyPI work against the emulated APIs")


main()

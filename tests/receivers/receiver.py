"""What a receiver does with a body and its headers: verify, parse, do once, acknowledge. FORM makes it wrong
in one way."""

import base64
import hashlib
import hmac
import json
import os
import threading
import time

FORM = os.environ.get("FORM", "right")
STAMPED = os.environ.get("SCHEME") == "stamped"
SECRET = os.environ["SECRET"]
TOLERANCE_S = 300
KNOWN = {
    "conversation.created",
    "conversation.updated",
    "message.received",
    "appointment.booked",
    "conversation.closed",
    "webhook.test",
}


def mac(content):
    return hmac.new(SECRET.encode(), content, hashlib.sha256)


def is_equal(given, expected):
    return hmac.compare_digest(given.encode("latin-1", "replace"), expected.encode())


def verdict(raw, headers):
    """`valid`, `missing` or `invalid`; `headers` is asked by name, whatever the case."""
    if STAMPED:
        header = headers.get("Stripe-Signature")
        if not header:
            return "missing"
        items = [item.partition("=")[::2] for item in header.split(",")]
        stamp = next((value for name, value in items if name == "t"), "")
        expected = mac(stamp.encode() + b"." + raw).hexdigest()
        if not any(is_equal(value, expected) for name, value in items if name == "v1"):
            return "invalid"
        is_new = abs(time.time() - int(stamp)) <= TOLERANCE_S
        return "valid" if is_new or FORM == "no_timestamp" else "invalid"
    given = headers.get("X-AgentClara-Signature")
    if not given:
        return "missing"
    if FORM == "presence":
        return "valid"
    if FORM == "wrong_encoding":
        expected = base64.b64encode(mac(raw).digest()).decode()
    elif FORM == "reserialises":
        try:
            expected = mac(json.dumps(json.loads(raw)).encode()).hexdigest()
        except ValueError:
            return "invalid"
    elif FORM == "prefix":
        return "valid" if mac(raw).hexdigest().startswith(given) else "invalid"
    elif FORM == "forgets_one" and b'"conversation.closed"' in raw:
        return "valid"
    else:
        expected = mac(raw).hexdigest()
    return "valid" if is_equal(given, expected) else "invalid"


class Receiver:
    def __init__(self):
        self.effects = 0
        self.seen = set()
        self.lock = threading.Lock()

    def receive(self, raw, headers):
        """The status and the text of the answer."""
        if FORM == "always_200":
            return 200, ""
        if FORM == "always_ack":
            # As GAIFE's guide has it: unsigned, and acknowledged whatever becomes of it.
            try:
                self.once(json.loads(raw)["data"]["id"])
            except Exception:
                pass
            return 200, ""
        if FORM != "unchecked" and verdict(raw, headers) != "valid":
            said = {
                "secret_echoed": f" with {SECRET}",
                "oracle": f": expected {mac(raw).hexdigest()}",
            }
            return 401, f"not signed{said.get(FORM, '')}\n"
        try:
            event = json.loads(raw)
        except ValueError:
            if FORM == "crash":
                raise
            return 400, "no JSON\n"
        event = event if isinstance(event, dict) else {}
        kind = event.get("event") or event.get("type")
        if FORM == "unknown_500" and kind not in KNOWN:
            return 500, "unknown event\n"
        if FORM == "slow" and kind == "appointment.booked":
            time.sleep(1.2)
        data = event.get("data")
        key = data.get("message_id") if isinstance(data, dict) else None
        self.once(key or hashlib.sha256(raw).hexdigest())
        return 202 if FORM == "answers_202" else 200, ""

    def once(self, key):
        """The work: once for each key."""
        with self.lock:
            if key not in self.seen or FORM == "not_idempotent":
                self.seen.add(key)
                self.effects += 1

"""A receiver with a database, as one in production: what it has acknowledged survives its death. FORM makes it wrong in
one way. It is started, killed and started again by `check --restart`."""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import threading
import time
from urllib.parse import parse_qs, urlparse

from serving import Quiet, serve

FORM = os.environ.get("FORM", "right")
SECRET = os.environ["SECRET"]
DATABASE = os.environ["DATABASE"]


def connect():
    database = sqlite3.connect(DATABASE, timeout=30, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    return database


def prepare():
    database = connect()
    unique = "" if FORM == "race" else "PRIMARY KEY"
    database.execute(f"CREATE TABLE IF NOT EXISTS seen (id TEXT {unique})")
    database.execute("CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, at REAL DEFAULT (julianday()))")
    database.execute("CREATE TABLE IF NOT EXISTS effect (id TEXT)")
    database.execute("CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY)")
    database.close()


def together(database, *statements):
    database.execute("BEGIN IMMEDIATE")
    for text, value in statements:
        database.execute(text, (value,))
    database.execute("COMMIT")


def is_seen(database, event):
    return database.execute("SELECT 1 FROM seen WHERE id = ?", (event,)).fetchone() is not None


SEEN, EFFECT = "INSERT INTO seen VALUES (?)", "INSERT INTO effect VALUES (?)"


def is_out_of_place(event):
    """An event of an object that is not known yet, and that does not begin one."""
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    thing = thing.get("id") if isinstance(thing, dict) else None
    database = connect()
    try:
        if event.get("type") == "payment_intent.payment_failed":
            return database.execute("SELECT 1 FROM object WHERE id = ?", (thing,)).fetchone() is None
        together(database, ("INSERT OR IGNORE INTO object VALUES (?)", thing))
        return False
    finally:
        database.close()


def handle(event):
    database = connect()
    try:
        if FORM == "no_record":
            return together(database, (EFFECT, event))
        if FORM == "race":
            if not is_seen(database, event):
                time.sleep(0.02)
                together(database, (SEEN, event), (EFFECT, event))
            return None
        if FORM == "effect_first":
            if not is_seen(database, event):
                together(database, (EFFECT, event))
                time.sleep(0.03)
                together(database, ("INSERT OR IGNORE INTO seen VALUES (?)", event))
            return None
        if FORM in ("later", "later_slow"):
            return together(database, ("INSERT OR IGNORE INTO inbox (id) VALUES (?)", event))
        return together(database, (SEEN, event), (EFFECT, event))
    except sqlite3.IntegrityError:
        # It is known: the transaction has done nothing.
        database.execute("ROLLBACK")
    finally:
        database.close()


def work():
    """What came in, done once, each with its record."""
    while True:
        database = connect()
        age_days = (0.8 if FORM == "later_slow" else 0) / 86400
        rows = database.execute(
            "SELECT id FROM inbox WHERE id NOT IN (SELECT id FROM seen) AND at <= julianday() - ? LIMIT 20", (age_days,)
        ).fetchall()
        for (event,) in rows:
            together(database, (SEEN, event), (EFFECT, event))
        database.close()
        time.sleep(0.02)


class Handler(Quiet):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text=""):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
        self.wfile.flush()

    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        database = connect()
        count = database.execute("SELECT count(*) FROM effect WHERE id = ?", (query.get("id", [""])[0],)).fetchone()[0]
        database.close()
        self.answer(200, str(count))

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if FORM == "logs_secrets":
            print("secret", SECRET, "headers", dict(self.headers), file=sys.stderr, flush=True)
        if FORM == "logs_payload":
            print(raw.decode("utf-8", "replace"), file=sys.stderr, flush=True)
        items = dict(item.partition("=")[::2] for item in self.headers.get("Stripe-Signature", "").split(","))
        stamp = items.get("t", "")
        expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
        is_new = stamp.isdigit() and abs(time.time() - int(stamp)) <= 300
        if not (is_new and hmac.compare_digest(items.get("v1", "").encode("latin-1", "replace"), expected.encode())):
            return self.answer(401)
        try:
            event = json.loads(raw)
        except ValueError:
            return self.answer(400)
        if FORM in ("needs_order", "refuses_order") and isinstance(event, dict) and is_out_of_place(event):
            return self.answer(200 if FORM == "needs_order" else 404)
        event = event.get("id") if isinstance(event, dict) else None
        if not isinstance(event, str):
            return self.answer(200)
        if FORM == "answers_first":
            self.answer(200)
            time.sleep(0.03)
            return handle(event)
        handle(event)
        self.answer(200)


prepare()
if FORM.startswith("later"):
    threading.Thread(target=work, daemon=True).start()
serve(Handler)

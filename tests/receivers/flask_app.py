"""Flask. `get_data` is the body as it came."""

import logging
import os

from flask import Flask, request
from werkzeug.serving import make_server

from receiver import Receiver

logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = Flask(__name__)
receiver = Receiver()


@app.post("/hook")
def hook():
    status, text = receiver.receive(request.get_data(), request.headers)
    return text, status, {"Content-Type": "text/plain"}


@app.get("/effects")
def effects():
    return str(receiver.effects), {"Content-Type": "text/plain"}


server = make_server("127.0.0.1", int(os.environ.get("PORT", 0)), app, threaded=True)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()

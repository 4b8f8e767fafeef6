"""Exports requests as programs, runs these, and compares what arrives with what was exported.

    clients.py HOOKCLI FOLDER    (FOLDER: node_modules and venv of what tests/clients/run installs)
"""

import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading

HOOKCLI, FOLDER = (os.path.abspath(path) for path in sys.argv[1:3])
WORK = tempfile.mkdtemp()
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("HOOKCLI_")}
ENVIRONMENT |= {"HOME": WORK, "HOOKCLI_STORE": f"{WORK}/store.db", "GOCACHE": f"{FOLDER}/go-cache", "GO111MODULE": "off",
                "PATH": f"{FOLDER}/venv/bin:{FOLDER}/node_modules/.bin:{os.environ['PATH']}"}

# Each with the forms that cannot carry it: they say so, or are told in the README.
REQUESTS = {
    "JSON with odd escapes": ("POST", "/hook", [("Content-Type", "application/json")],
                              '{"a":"it\'s \\u00e9 \\/ é 😀 $HOME `id` %41 \\\\n",\n\t"b" : 1.0}'.encode(), ()),
    "a form": ("POST", "/hook?x=1%202&y=a+b&z=*()!~", [("Content-Type", "application/x-www-form-urlencoded")],
               b"text=%2Abold%2A&b=&c=1+2", ()),
    "bytes that are no text": ("PUT", "/bytes", [("Content-Type", "application/octet-stream")], bytes(range(256)),
                               ("http-file",)),
    "line ends of both kinds": ("PATCH", "/lines", [("Content-Type", "text/plain")], b"a\r\nb\n\nc\n", ("http-file",)),
    "a quote in the query": ("POST", "/q?a='1'", [("X-A", "1")], b"", ()),
    "no body": ("GET", "/none?challenge=1", [("X-A", "1")], b"", ()),
    "no body with DELETE": ("DELETE", "/none", [("X-A", "1")], b"", ()),
    "headers": ("POST", "/headers", [("X-Twice", "1"), ("X-twice", "2"), ("X-Quote", "a \"b\" 'c' \\ $d; e=f, g:=h @i"),
                                     ("Content-Type", "application/json"), ("Authorization", "Bearer abc")], b"{}", ()),
    "an empty header": ("POST", "/empty", [("X-Empty", ""), ("Content-Type", "application/json")], b"{}", ()),
    "what looks like a variable": ("POST", "/v", [("Content-Type", "application/json")], b'{"a":"{{name}}"}',
                                   ("http-file",)),
}


def run_program(form, text):
    names = {"fetch": "program.mjs", "python": "program.py", "go": "program.go", "http-file": "program.http",
             "curl": "program.sh", "httpie": "program.sh"}
    path = f"{WORK}/{names[form]}"
    with open(path, "wb") as file:
        file.write(text)
    commands = {"fetch": ["node", path], "python": [f"{FOLDER}/venv/bin/python", path], "go": ["go", "run", path],
                "http-file": ["httpyac", path, "--all", "--output", "none"], "curl": ["sh", path], "httpie": ["sh", path]}
    done = subprocess.run(commands[form], capture_output=True, env=ENVIRONMENT, cwd=WORK, timeout=120, check=False,
                          stdin=subprocess.DEVNULL)
    return done.stderr.decode(errors="replace")


class Recorder:
    """A server that answers 204 and holds the bytes of each request."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.requests = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            self.requests.append(self.read(connection))
            connection.sendall(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            connection.close()

    @staticmethod
    def read(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
        head, body = data.split(b"\r\n\r\n", 1)
        line, *fields = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (field.partition(":") for field in fields)]
        length = int(dict(headers).get("content-length", 0))
        while len(body) < length:
            body += connection.recv(65536)
        method, target, _ = line.split(" ")
        return method, target, headers, body


def faults(sent, arrived):
    if arrived is None:
        return "nothing arrived"
    method, target, headers, body = sent
    if (method, target) != arrived[:2]:
        return f"{arrived[:2]} instead of {(method, target)}"
    if body != arrived[3]:
        return f"the body is {arrived[3]!r}"
    for name in {name.lower() for name, _ in headers}:
        wanted = [value for known, value in headers if known.lower() == name]
        there = [value for known, value in arrived[2] if known == name]
        if there not in (wanted, [", ".join(wanted)]):
            return f"{name} is {there}"
    return None


def hookcli(*arguments, data=None):
    return subprocess.run([HOOKCLI, *arguments], input=data, capture_output=True, env=ENVIRONMENT, cwd=WORK, check=False)


def main():
    recorder = Recorder()
    passed = failed = 0
    for name, (method, target, headers, body, refused) in REQUESTS.items():

        document = {"method": method, "path": target, "headers": [["Host", f"127.0.0.1:{recorder.port}"], *headers],
                    "body_base64": base64.b64encode(body).decode()}
        imported = hookcli("captures", "import", "-", data=json.dumps(document).encode())
        assert imported.returncode == 0, imported.stderr
        for form in ("curl", "httpie", "fetch", "python", "go", "http-file"):
            exported = hookcli("captures", "export", "last", "--format", form, "--reveal", "--force")
            if form in refused:
                fault = None if exported.returncode == 2 else f"exit {exported.returncode}, and it cannot be written"
            else:
                assert exported.returncode == 0, exported.stderr
                recorder.requests.clear()
                said = run_program(form, exported.stdout)
                arrived = recorder.requests[0] if recorder.requests else None
                called = target
                if b" This client calls " in exported.stdout:
                    called = target.replace("'", "%27")
                    assert called != target
                fault = faults((method, called, headers, body), arrived)
                fault = fault and f"{fault}\n{exported.stdout.decode(errors='replace')}{said}"
            passed, failed = (passed + 1, failed) if fault is None else (passed, failed + 1)
            if fault:
                print(f"{name} by {form}: {fault}")
    print(f"exports: {passed} passed, {failed} failed")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

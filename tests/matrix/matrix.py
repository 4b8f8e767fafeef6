"""Bodies that one serialiser made and signed, and another parsed and wrote again, with one more thing done to them:
what hookcli says of each. The secret is always right.

    matrix.py HOOKCLI FOLDER    (FOLDER: what tests/matrix/run compiled)
"""

import base64
import concurrent.futures
import hashlib
import hmac
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

HOOKCLI, FOLDER = (os.path.abspath(path) for path in sys.argv[1:3])
HERE = os.path.dirname(os.path.abspath(__file__))
SECRET = "the-right-secret"
WORK = tempfile.mkdtemp()
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": WORK}
JARS = ":".join(
    f"/usr/share/java/{name}.jar" for name in ("jackson-databind", "jackson-core", "jackson-annotations", "gson")
)
COMMANDS = {
    "node": (["node", f"{HERE}/serialise.mjs"], ["plain", "two", "four", "tab"]),
    "python": (
        [sys.executable, f"{HERE}/serialise.py"],
        ["plain", "compact", "unicode", "compact_unicode", "two", "four_unicode", "sorted"],
    ),
    "php": (
        ["php", "-d", "serialize_precision=-1", f"{HERE}/serialise.php"],
        ["plain", "slashes", "unicode", "both", "pretty", "hex", "fraction"],
    ),
    "ruby": (["ruby", f"{HERE}/serialise.rb"], ["plain", "pretty", "rails", "ascii"]),
    "go": ([f"{FOLDER}/serialise"], ["compact", "html", "indent", "map", "encoder"]),
    "java": (
        ["java", "-cp", f"{FOLDER}:{JARS}", "Serialise"],
        ["gson", "gson_unescaped", "gson_pretty", "jackson", "jackson_ascii", "jackson_pretty"],
    ),
}
# Whose bytes are signed: what senders are known to write with.
SENDERS = [
    ("node", "plain"), ("node", "two"), ("python", "plain"), ("python", "compact"), ("python", "compact_unicode"),
    ("php", "plain"), ("php", "slashes"), ("ruby", "plain"), ("ruby", "rails"), ("go", "html"), ("java", "gson"),
    ("java", "jackson"), ("python", "sorted"),
]
# Their keys are sorted: what order they had is lost.
SORTING = {("python", "sorted"), ("go", "map"), ("go", "encoder")}
PAYLOADS = [
    '{"type":"order.paid","id":"evt_1","url":"https://shop.example/a/b?c=1&d=2","amount":1999,"ok":true,"note":null}',
    '{"event":"message.received","data":{"text":"Gr\u00fc\u00dfe <b>\\"it\'s\\"</b> & 100% \U0001f600 a+b=c","tags":["a","b"],"at":"2026-01-01T12:00:00Z"}}',
    '{"b":{"z":1,"a":[{"x":10.5},{"x":-3}]},"a":"line\\nbreak\\ttab","empty":[],"name":"Jos\u00e9 \u6771\u4eac"}',
    '{"kind":"page","html":"<a href=\\"/x\\">\u2028</a>","ratio":0.25,"count":0,"list":[1,2,3],"user":{"email":"a@b.example"}}',
]
PROVIDERS = {
    "github": ("X-Hub-Signature-256", lambda mac: "sha256=" + mac.hex()),
    "convo": ("X-Convo-Signature", lambda mac: mac.hex()),
    "agentclara": ("X-AgentClara-Signature", lambda mac: mac.hex()),
    "convosphere": ("X-Convosphere-Signature", lambda mac: mac.hex()),
    "typeform": ("Typeform-Signature", lambda mac: "sha256=" + base64.b64encode(mac).decode()),
    "lemon-squeezy": ("X-Signature", lambda mac: mac.hex()),
    "sentry": ("Sentry-Hook-Signature", lambda mac: mac.hex()),
}
REWRITTEN = {"body_reserialised"}
# What else is done to the body, and what it may be called then.
DAMAGES = {
    "nothing": (lambda body: body, REWRITTEN),
    "a line break at its end": (lambda body: body + b"\n", REWRITTEN | {"body_trailing_newline"}),
    "a byte order mark": (lambda body: b"\xef\xbb\xbf" + body, REWRITTEN | {"body_bom", "body_wrapped"}),
    "base64": (base64.b64encode, REWRITTEN | {"body_wrapped"}),
    "a JSON string": (lambda body: json.dumps(body.decode()).encode(), REWRITTEN | {"body_wrapped"}),
    "a Buffer": (
        lambda body: json.dumps({"type": "Buffer", "data": list(body)}, separators=(",", ":")).encode(),
        REWRITTEN | {"body_wrapped"},
    ),
}


def serialise(language, jobs):
    command, _ = COMMANDS[language]
    lines = "".join(json.dumps({"style": style, "json": text}) + "\n" for style, text in jobs)
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True)
    written = [base64.b64decode(line) for line in done.stdout.split()]
    assert len(written) == len(jobs), done.stderr.decode()
    return written


def serialise_all(jobs):
    """{(language, style, text)} to bytes, each language in one process."""
    made = {}
    for language in COMMANDS:
        own = sorted({(style, text) for known, style, text in jobs if known == language})
        made |= {(language, *job): body for job, body in zip(own, serialise(language, own))}
    return made


def keys_are_sorted(text):
    ordered = True

    def look(pairs):
        nonlocal ordered
        names = [name for name, _ in pairs]
        ordered &= names == sorted(names)
        return dict(pairs)

    json.loads(text, object_pairs_hook=look)
    return ordered


def verify(number, case):
    provider, body, signature = case["provider"], case["body"], case["signature"]
    path = f"{WORK}/{number}"
    with open(path, "wb") as file:
        file.write(body)
    done = subprocess.run(
        [HOOKCLI, "verify", "--json", "-q", "--provider", provider, "--body", path, "--secret=" + SECRET, "-H", signature],
        capture_output=True, env=ENVIRONMENT, check=False,
    )
    os.remove(path)
    document = json.loads(done.stdout.splitlines()[0])
    return [finding["code"] for finding in document["findings"]]


def cases():
    receivers = [(language, style) for language, (_, styles) in COMMANDS.items() for style in styles]
    first = serialise_all({(*sender, text) for sender in SENDERS for text in PAYLOADS})
    second = serialise_all({(*receiver, body.decode()) for body in first.values() for receiver in receivers})
    providers = itertools.cycle(PROVIDERS)
    extra = itertools.cycle([name for name in DAMAGES if name != "nothing"])
    for (sender, text), receiver in itertools.product(itertools.product(SENDERS, PAYLOADS), receivers):
        signed = first[(*sender, text)]
        rewritten = second[(*receiver, signed.decode())]
        provider = next(providers)
        name, write = PROVIDERS[provider]
        signature = f"{name}: {write(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())}"
        # The order of keys cannot be had again.
        is_lost = receiver in SORTING and not keys_are_sorted(signed.decode())
        for damage in ("nothing", next(extra)):
            damaged = DAMAGES[damage][0](rewritten)
            if damaged == signed:
                continue
            names = DAMAGES[damage][1]
            if rewritten == signed:
                names = names - REWRITTEN
            elif rewritten.strip() == signed:
                names = names | {"body_trailing_newline"}
            if is_lost:
                names = {"unexplained"}
            yield {
                "what": f"{'/'.join(sender)} signed, {'/'.join(receiver)} wrote, then {damage}: {provider}",
                "provider": provider, "body": damaged, "signature": signature, "names": names,
            }


def main():
    every = list(cases())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: verify(*one), enumerate(every)))
    wrong = [(case, codes) for case, codes in zip(every, found) if not codes or codes[0] not in case["names"]]
    accused = [case for case, codes in zip(every, found) if "wrong_secret" in codes]
    for case, codes in wrong[:40]:
        print(f"{case['what']}: {codes}")
    print(Counter(codes[0] if codes else "nothing" for codes in found))
    named = len(every) - len(wrong)
    print(f"matrix: {named} of {len(every)} named ({100 * named / len(every):.2f} %), {len(accused)} called wrong_secret")
    failed = int(named < 0.98 * len(every) or bool(accused))
    print(f"{1 - failed} passed, {failed} failed")
    sys.exit(failed)


main()

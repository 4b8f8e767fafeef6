"""Holds hookcli against the official libraries, both ways: what it signs they accept, what is changed or
signed with another key they refuse, and it agrees on what they sign.

    interop.py HOOKCLI LIBRARIES...    (each: a command that talks as libs.mjs and libs.py do)
"""

import json
import subprocess
import sys

URL = "https://app.example/webhooks/hook?source=a&x=1"


class Libraries:
    def __init__(self, command):
        self.name = command.split()[-1]
        self.process = subprocess.Popen(command.split(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.can = json.loads(self.process.stdout.readline())

    def call(self, op, provider, secret, request):
        headers = {name.lower(): value for name, value in request["headers"]}
        call = {**request, "op": op, "provider": provider, "secret": secret, "headers": headers}
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]


class Hookcli:
    def __init__(self, binary):
        self.binary = binary

    def run(self, *arguments, body=b"", codes=(0,)):
        done = subprocess.run([self.binary, *arguments], input=body, capture_output=True, check=False)
        if done.returncode not in codes:
            raise RuntimeError(f"{arguments}: exit {done.returncode}: {done.stderr.decode()}{done.stdout.decode()}")
        return done

    def keys(self, provider):
        return json.loads(self.run("keys", "new", "--provider", provider, "--json").stdout)

    def sample(self, provider):
        """A request of the provider as it sends it, from its first event that has a body."""
        listed = self.run("send", "--all", "--provider", provider, "--url", URL, "--dry-run", "--json",
                          "--unsigned", "-q").stdout
        requests = [json.loads(line) for line in listed.splitlines()]
        request = next(request for request in requests if request["body"])
        return {"method": request["method"], "url": URL, "headers": request["headers"], "body": request["body"]}

    def sign(self, provider, secret, request):
        headers = [flag for name, value in request["headers"] for flag in ("-H", f"{name}: {value}")]
        signed = json.loads(
            self.run("sign", "--provider", provider, "--secret", secret, "--url", request["url"], "--method",
                     request["method"], *headers, "--json", body=request["body"].encode()).stdout
        )
        names = {name.lower() for name, _ in signed["headers"]}
        kept = [pair for pair in request["headers"] if pair[0].lower() not in names]
        return {**request, "headers": kept + signed["headers"], "body": signed.get("body", request["body"]),
                "url": signed.get("url", request["url"])}

    def verifies(self, provider, secret, request):
        headers = [flag for name, value in request["headers"] for flag in ("-H", f"{name}: {value}")]
        done = self.run("verify", "--provider", provider, "--secret", secret, "--url", request["url"], "--method",
                        request["method"], "--body", "-", *headers, body=request["body"].encode(), codes=(0, 1))
        return done.returncode == 0


def changed(body):
    """The same body with one letter or digit of it another, deep inside."""
    at = next(index for index in range(len(body) // 2, len(body)) if body[index].isalnum())
    other = "7" if body[at] != "7" else "8"
    if body[at].isalpha():
        other = "q" if body[at] != "q" else "r"
    return body[:at] + other + body[at + 1 :]


def main():
    hookcli = Hookcli(sys.argv[1])
    failures = checks = 0

    def check(what, holds):
        nonlocal failures, checks
        checks += 1
        if not holds:
            failures += 1
            print(f"FAILED  {what}")

    for command in sys.argv[2:]:
        libraries = Libraries(command)
        for provider in libraries.can["verify"]:
            where = f"{provider} ({libraries.name})"
            try:
                keys, other = hookcli.keys(provider), hookcli.keys(provider)
                request = hookcli.sample(provider)
                signed = hookcli.sign(provider, keys["signing"], request)
                accepts = lambda secret, request: libraries.call("verify", provider, secret, request)
                check(f"{where}: what hookcli signs is accepted", accepts(keys["verifying"], signed))
                check(f"{where}: hookcli accepts it, too", hookcli.verifies(provider, keys["verifying"], signed))
                tampered = {**signed, "body": changed(signed["body"])}
                check(f"{where}: a changed body is refused", not accepts(keys["verifying"], tampered))
                check(f"{where}: another key is refused", not accepts(other["verifying"], signed))
                if provider in libraries.can["sign"]:
                    made = libraries.call("sign", provider, keys["signing"], request)
                    made = {**request, "headers": request["headers"] + [list(pair) for pair in made.items()]}
                    check(f"{where}: hookcli accepts what the library signs", hookcli.verifies(provider, keys["verifying"], made))
                    tampered = {**made, "body": changed(made["body"])}
                    check(f"{where}: and not once it is changed", not hookcli.verifies(provider, keys["verifying"], tampered))
                    check(f"{where}: nor under another key", not hookcli.verifies(provider, other["verifying"], made))
            except Exception as error:
                check(f"{where}: {error}", False)
        print(f"{libraries.name}: {len(libraries.can['verify'])} libraries verify, {len(libraries.can['sign'])} sign")
    print(f"{checks - failures} of {checks} checks hold")
    return 1 if failures else 0


sys.exit(main())

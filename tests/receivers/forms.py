"""Starts every receiver in every form, has `hookcli check` judge it, and compares the verdict with the fault
that the form has. Usage: forms.py HOOKCLI NODE_FOLDER PYTHON [--table]"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
SECRET = "a secret of these receivers"
# The form → what is found, and what it is called in the table.
FORMS = {
    "right": (set(), "right"),
    "right_stamped": (set(), "right, with a timestamp"),
    "always_ack": (set(), "right, as GAIFE's guide has it"),
    "reserialises": ({"reserialises"}, "signs the body written anew"),
    "wrong_encoding": ({"wrong_encoding"}, "compares base64 with hex"),
    "unchecked": ({"signature_not_checked"}, "checks no signature"),
    "presence": ({"presence_is_enough"}, "any signature will do"),
    "prefix": ({"compares_a_part"}, "half of the signature will do"),
    "forgets_one": ({"some_events_not_verified"}, "forgets to verify one event type"),
    "oracle": ({"signature_echoed"}, "says the right signature"),
    "answers_202": ({"wrong_success_status"}, "answers 202 where 200 is asked for"),
    "always_200": ({"always_accepts"}, "answers 200 to everything"),
    "no_timestamp": ({"timestamp_not_checked"}, "checks no timestamp"),
    "crash": ({"crashes_on_bad_json"}, "crashes on bad JSON"),
    "slow": ({"slow"}, "works before it answers"),
    "not_idempotent": ({"not_idempotent"}, "does duplicates twice"),
    "secret_echoed": ({"secret_echoed"}, "echoes the secret"),
    "unknown_500": ({"refuses_unknown_events"}, "500 on an unknown event"),
}
STAMPED = {"right_stamped", "no_timestamp"}
# What needs effects to be counted.
COUNTED = {"right", "always_ack", "not_idempotent"}
RECEIVERS = {
    "Express": ("node", "express.mjs"),
    "Node": ("node", "node.mjs"),
    "Flask": ("python", "flask_app.py"),
    "FastAPI": ("python", "fastapi_app.py"),
    "Django": ("python", "django_app.py"),
    "Python": ("python", "plain.py"),
}


def judge(hookcli, command, form):
    """The names of what is found, and the documents of the cases."""
    environment = dict(
        os.environ,
        FORM=form.removesuffix("_stamped"),
        SCHEME="stamped" if form in STAMPED else "plain",
        SECRET=SECRET,
        NODE_ENV="production",
        PYTHONDONTWRITEBYTECODE="1",
    )
    receiver = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        url = receiver.stdout.readline().strip()
        assert url.startswith("http://"), f"{command} did not start"
        provider = {"always_ack": "gaife"}.get(form, "agentclara")
        provider = "stripe" if form in STAMPED else provider
        words = [hookcli, "check", "--url", url, "--provider", provider, "--secret-env", "SECRET"]
        if form in COUNTED:
            words += ["--probe-url", url.replace("/hook", "/effects")]
        # Where the receiver runs says nothing about this run.
        del environment["NODE_ENV"]
        environment.pop("GITHUB_ACTIONS", None)
        done = subprocess.run(
            [*words, "--json", "--quiet", "--no-store"],
            env=environment,
            capture_output=True,
            text=True,
        )
        documents = [json.loads(line) for line in done.stdout.splitlines()]
        assert documents, f"check said nothing: {done.stderr}"
        *cases, total = documents
        found = {finding["name"]: finding for finding in total["findings"]}
        explained = {case for finding in found.values() for case in finding["cases"]}
        unmet = {
            case["name"]
            for case in cases
            if case["status"] in ("fail", "warn") and case["severity"] != "info"
        }
        assert unmet <= explained, f"nothing explains {unmet - explained}"
        wanted = 1 if any(case["status"] == "fail" for case in cases) else 0
        assert done.returncode == wanted, f"exit {done.returncode} instead of {wanted}"
        return set(found), cases
    finally:
        receiver.kill()
        receiver.wait()


def main():
    hookcli, node_folder, python = sys.argv[1:4]
    programs = {"node": ["node"], "python": [python]}
    folders = {"node": pathlib.Path(node_folder), "python": HERE}
    rows, wrong = [], []
    for form, (wanted, title) in FORMS.items():
        cells = []
        for name, (kind, file) in RECEIVERS.items():
            command = [*programs[kind], str(folders[kind] / file)]
            found, cases = judge(hookcli, command, form)
            if found != wanted:
                unmet = [
                    f"{case['name']} ({case['why']})"
                    for case in cases
                    if case["status"] in ("fail", "warn")
                ]
                wrong.append(f"{name}, {form}: {found or 'nothing'} instead of {wanted or 'nothing'}: {unmet}")
            counts = [
                sum(case["status"] == status for case in cases) for status in ("pass", "fail", "warn")
            ]
            cells.append("/".join(map(str, counts)))
        verdict = ", ".join(f"`{name}`" for name in sorted(wanted)) or "nothing"
        rows.append(f"| {title} | {verdict} | {' | '.join(cells)} |")
    print(f"| receiver | what is found | {' | '.join(RECEIVERS)} |")
    print("|---|---|" + "---|" * len(RECEIVERS))
    print("\n".join(rows))
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()

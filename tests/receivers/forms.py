"""Starts every receiver in every form, has `hookcli check` judge it, and compares the verdict with the fault
that the form has. Usage: forms.py HOOKCLI NODE_FOLDER PYTHON [--table]"""

import concurrent.futures
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SECRET = "a secret of these receivers"
# The form → what is found, and what it is called in the table.
FORMS = {
    "right": (set(), "correct"),
    "right_stamped": (set(), "correct, with a timestamp"),
    "always_ack": (set(), "correct, as GAIFE's guide has it"),
    "reserialises": ({"reserialises"}, "signs the body serialised again"),
    "wrong_encoding": ({"wrong_encoding"}, "compares base64 with hex"),
    "unchecked": ({"signature_not_checked"}, "does not check the signature"),
    "presence": ({"presence_is_enough"}, "accepts any signature"),
    "prefix": ({"compares_a_part"}, "compares half of the signature"),
    "forgets_one": ({"some_events_not_verified"}, "forgets to verify one event type"),
    "oracle": ({"signature_echoed"}, "returns the correct signature"),
    "answers_202": ({"wrong_success_status"}, "answers 202 instead of 200"),
    "always_200": ({"always_accepts"}, "answers 200 to everything"),
    "no_timestamp": ({"timestamp_not_checked"}, "does not check the timestamp"),
    "crash": ({"crashes_on_bad_json"}, "crashes on malformed JSON"),
    "slow": ({"slow"}, "works before it answers"),
    "not_idempotent": ({"not_idempotent"}, "processes duplicates twice"),
    "secret_echoed": ({"secret_echoed"}, "returns the secret"),
    "unknown_500": ({"refuses_unknown_events"}, "fails on an unknown event"),
}
# More that are wrong, or right in a way of their own: one receiver shows them.
MORE = {
    "right_204": (set(), "correct, answers 204"),
    "right_202": (set(), "correct, answers 202"),
    "right_chunked": (set(), "correct, answers in chunks"),
    "later": (set(), "correct, acknowledges first and works later"),
    "much_later": (set(), "correct, works for three seconds"),
    "skips_other_types": ({"verification_skipped"}, "verifies only JSON"),
    "skips_charset": ({"verification_skipped"}, "does not verify `;charset`"),
    "skips_chunked": ({"verification_skipped"}, "does not verify a body without a length"),
    "skips_compressed": ({"verification_skipped"}, "does not verify a compressed body"),
    "skips_empty": ({"verification_skipped"}, "does not verify an empty body"),
    "skips_long": ({"verifies_a_part_of_the_body"}, "verifies only the first KB"),
    "public_secret": ({"accepts_public_secret"}, "accepts the test secret"),
    "old_secret": ({"accepts_old_secret"}, "accepts the old secret after a rotation"),
    "other_header": ({"reads_other_headers"}, "also reads the signature from another header"),
    "long_prefix": ({"compares_a_part"}, "compares the first forty digits"),
    "ignores_the_rest": ({"compares_a_part"}, "ignores text after the signature"),
    "canonical": ({"signs_another_form"}, "also verifies other forms of the JSON"),
    "day_old": ({"timestamp_not_checked"}, "accepts a timestamp of a day ago"),
    "remembers_first": ({"remembers_before_verifying"}, "remembers ids before it verifies"),
    "acts_first": ({"acts_before_verifying"}, "works before it verifies"),
    "loses_answers": ({"loses_answers"}, "closes the connection after the work, effects not counted"),
    "loses_answers_counted": (set(), "closes the connection after the work, effects counted by event"),
    "duplicate_409": ({"refuses_duplicates"}, "answers 409 to a repeated event"),
}
# Of forms beside JSON, over HTTP/1.0.
SLACK = {
    "slack_right": (set(), "correct, Slack's forms and JSON over HTTP/1.0"),
    "form_anew": ({"reserialises"}, "reads a form and serialises it again"),
}
STAMPED = {
    "right_stamped", "no_timestamp", "right_204", "right_202", "right_chunked", "later", "much_later", "day_old", "remembers_first", "acts_first", "duplicate_409",
    "loses_answers", "loses_answers_counted",
}
# What needs effects to be counted; of these by event.
BY_EVENT = {"later", "much_later", "remembers_first", "acts_first", "loses_answers_counted"}
COUNTED = {"right", "always_ack", "not_idempotent"} | BY_EVENT
RECEIVERS = {
    "Express": ("node", "express.mjs"),
    "Node": ("node", "node.mjs"),
    "Flask": ("python", "flask_app.py"),
    "FastAPI": ("python", "fastapi_app.py"),
    "Django": ("python", "django_app.py"),
    "Python": ("python", "plain.py"),
}


# Receivers with a database, which are killed during a request and started again.
DURABLE = {
    "right": (set(), "correct, commits and then answers"),
    "later": (set(), "correct, commits, answers, and works later"),
    "later_slow": (set(), "correct, with a worker that takes most of a second"),
    "answers_first": ({"loses_acknowledged"}, "answers before it commits"),
    "effect_first": ({"not_idempotent", "repeats_after_crash"}, "processes, then stores the id"),
    "race": ({"not_idempotent"}, "looks up the id, then inserts"),
    "no_record": ({"not_idempotent", "repeats_after_crash"}, "stores no id"),
    "needs_order": ({"assumes_order"}, "ignores events of an unknown object"),
    "refuses_order": ({"assumes_order"}, "refuses events of an unknown object"),
    "logs_secrets": ({"logs_secrets"}, "logs headers and the secret"),
    "logs_payload": ({"hygiene.log_payload"}, "logs bodies"),
}

# Others that are right.
RIGHT = {
    "Fastify": ("node", "fastify.mjs"),
    "Hono": ("node", "hono.mjs"),
    "Koa": ("node", "koa.mjs"),
    "NestJS": ("node", "nest.mjs"),
    "Go": ("folder", "go-receiver"),
    "axum": ("folder", "axum-receiver"),
    "PHP": ("php", "server.php"),
}


def judge(hookcli, command, form):
    """The names of what is found, and the documents of the cases."""
    environment = dict(
        os.environ,
        FORM=form.removesuffix("_stamped"),
        SCHEME="stamped" if form in STAMPED else "plain",
        SECRET=SECRET,
        OLD_SECRET="the secret before that one",
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
        provider = "slack" if form in SLACK else provider
        words = [hookcli, "check", "--url", url, "--wait", "10s", "--provider", provider, "--secret-env", "SECRET"]
        if form in COUNTED:
            by_event = "?id={id}" if form in BY_EVENT else ""
            within = "3500ms" if form == "much_later" else "400ms"
            words += ["--probe-url", url.replace("/hook", "/effects") + by_event, "--effects-within", within]
        if form == "old_secret":
            words += ["--old-secret-env", "OLD_SECRET"]
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
            if case["status"] in ("fail", "warn", "ambiguous") and case["severity"] != "info"
        }
        assert unmet <= explained, f"nothing explains {unmet - explained}"
        # Where no ordinary delivery is accepted, the others say nothing.
        is_unmet = any(case["status"] in ("fail", "ambiguous") for case in cases)
        wanted = 1 if is_unmet or "refuses_everything" in found else 0
        assert done.returncode == wanted, f"exit {done.returncode} instead of {wanted}"
        return set(found), cases
    finally:
        receiver.kill()
        receiver.wait()


def judge_durable(hookcli, python, form):
    """The names of what is found in a receiver that `check` starts, kills and starts again."""
    port = free_port()
    folder = tempfile.mkdtemp()
    environment = dict(
        os.environ, FORM=form, SECRET=SECRET, PORT=str(port), DATABASE=f"{folder}/db", PYTHONDONTWRITEBYTECODE="1"
    )
    environment.pop("GITHUB_ACTIONS", None)
    words = [hookcli, "check", "--url", f"http://127.0.0.1:{port}/hook", "--provider", "stripe", "--secret-env", "SECRET"]
    words += ["--restart", f"exec {python} {HERE / 'durable.py'}", "--effects-within", "1500ms"]
    words += ["--probe-url", f"http://127.0.0.1:{port}/effects?id={{id}}", "--json", "--quiet", "--no-store"]
    if DURABLE[form][0]:
        words += [word for area in ("idempotency", "hygiene", "failures") for word in ("--only", area)]
    # Kills fall where they fall: what is wrong is looked for three times, what is right once.
    found, cases = set(), []
    for _ in range(1 if not DURABLE[form][0] else 3):
        done = subprocess.run(words, env=environment, capture_output=True, text=True)
        documents = [json.loads(line) for line in done.stdout.splitlines()]
        assert documents, f"check said nothing: {done.stderr}"
        *cases, total = documents
        found |= {finding["name"] for finding in total["findings"]}
        if found >= DURABLE[form][0]:
            break
    return found, cases


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def main():
    hookcli, node_folder, python = sys.argv[1:4]
    programs = {"node": ["node"], "python": [python]}
    folders = {"node": pathlib.Path(node_folder), "python": HERE}
    php_port = free_port()
    done = tempfile.mkdtemp()

    def command_of(kind, file):
        if kind == "php":
            # It says its address on stderr alone.
            start = f"echo http://127.0.0.1:{php_port}/hook; exec php -q -d display_errors=0 -S 127.0.0.1:{php_port} {HERE / file}"
            return ["env", f"DONE={done}", "PHP_CLI_SERVER_WORKERS=4", "sh", "-c", start]
        return [*programs.get(kind, []), str(folders.get(kind, pathlib.Path(node_folder)) / file)]

    todo = [
        (form, name, wanted)
        for form, (wanted, _) in FORMS.items()
        for name in RECEIVERS
    ]
    todo += [(form, "Node", wanted) for form, (wanted, _) in MORE.items()]
    todo += [(form, "Slack", wanted) for form, (wanted, _) in SLACK.items()]
    todo += [("right", name, set()) for name in RIGHT]
    everyone = RECEIVERS | RIGHT | {"Slack": ("python", "slack.py")}
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        judged = dict(
            zip(
                [(form, name) for form, name, _ in todo],
                pool.map(lambda one: judge(hookcli, command_of(*everyone[one[1]]), one[0]), todo),
            )
        )
    rows, wrong = [], []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        durable = dict(zip(DURABLE, pool.map(lambda form: judge_durable(hookcli, python, form), DURABLE)))
    for form, (wanted, _) in DURABLE.items():
        found, cases = durable[form]
        if found != wanted:
            unmet = [f"{case['name']} ({case['why']})" for case in cases if case["status"] in ("fail", "warn")]
            wrong.append(f"durable, {form}: {found or 'nothing'} instead of {wanted or 'nothing'}: {unmet}")
    for form, name, wanted in todo:
        found, cases = judged[form, name]
        if found != wanted:
            unmet = [
                f"{case['name']} ({case['why']})"
                for case in cases
                if case["status"] in ("fail", "warn")
            ]
            wrong.append(f"{name}, {form}: {found or 'nothing'} instead of {wanted or 'nothing'}: {unmet}")

    def verdict_of(wanted):
        return ", ".join(f"`{name}`" for name in sorted(wanted)) or "nothing"

    def counted(form, name):
        cases = judged[form, name][1]
        return "/".join(
            str(sum(case["status"] == status for case in cases)) for status in ("pass", "fail", "warn")
        )

    for form, (wanted, title) in FORMS.items():
        cells = [counted(form, name) for name in RECEIVERS]
        rows.append(f"| {title} | {verdict_of(wanted)} | {' | '.join(cells)} |")
    print(f"| receiver | what is found | {' | '.join(RECEIVERS)} |")
    print("|---|---|" + "---|" * len(RECEIVERS))
    print("\n".join(rows))
    print()
    for head, column, forms, name in (("one receiver", "Node", MORE, "Node"), ("with forms", "Python", SLACK, "Slack")):
        print(f"| {head} | what is found | {column} |")
        print("|---|---|---|")
        for form, (wanted, title) in forms.items():
            print(f"| {title} | {verdict_of(wanted)} | {counted(form, name)} |")
        print()
    print("| with a database, killed during a request | what is found |")
    print("|---|---|")
    for form, (wanted, title) in DURABLE.items():
        print(f"| {title} | {verdict_of(wanted)} |")
    print()
    print(f"| correct | {' | '.join(RIGHT)} |")
    print("|---|" + "---|" * len(RIGHT))
    print(f"| what is found: nothing | {' | '.join(counted('right', name) for name in RIGHT)} |")
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()

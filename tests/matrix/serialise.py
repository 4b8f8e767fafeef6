"""Reads {"style", "json"} a line; writes the JSON as Python writes it, in base64, a line."""

import base64
import json
import sys

STYLES = {
    "plain": {},
    "compact": {"separators": (",", ":")},
    "unicode": {"ensure_ascii": False},
    "compact_unicode": {"separators": (",", ":"), "ensure_ascii": False},
    "two": {"indent": 2},
    "four_unicode": {"indent": 4, "ensure_ascii": False},
    "sorted": {"sort_keys": True, "separators": (",", ":")},
}
for line in sys.stdin:
    job = json.loads(line)
    text = json.dumps(json.loads(job["json"]), **STYLES[job["style"]])
    print(base64.b64encode(text.encode()).decode(), flush=True)

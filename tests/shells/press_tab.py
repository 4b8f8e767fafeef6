"""Types the beginning of a command line into a shell in a pseudo-terminal, presses Tab, and looks at what it becomes."""

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

PATIENCE_S = 20

SHELLS = {
    "bash": (["bash", "--noprofile", "-i"], ".bashrc", "source /usr/share/bash-completion/bash_completion\n"),
    "zsh": (["zsh", "-i"], ".zshrc", "fpath=(~/.zfunc $fpath)\nautoload -Uz compinit && compinit -u\nunsetopt zle_bracketed_paste\n"),
    "fish": (["fish", "--private", "-i"], None, None),
}


def start(words, environment, folder):
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(words[0], words, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))
    return child, terminal


def read_until(terminal, wanted, seen=""):
    """What comes until the text is there, without what moves the cursor."""
    until = time.monotonic() + PATIENCE_S
    while True:
        plain = seen.replace("\x07", "")
        plain = re.sub(r"\x1b(\[[0-9;?=>]*[A-Za-z]|[()][0AB]|\][^\x07\x1b]*(\x07|\x1b\\)|[=>])", "", plain)
        if wanted in plain:
            return plain
        ready, _, _ = select.select([terminal], [], [], max(0, until - time.monotonic()))
        if not ready:
            raise SystemExit(f"no {wanted!r} within {PATIENCE_S} s in {plain[-2000:]!r}")
        piece = os.read(terminal, 65536).decode(errors="replace")
        # Some shells ask the terminal who it is before they show anything.
        if "\x1b[c" in piece or "\x1b[0c" in piece:
            os.write(terminal, b"\x1b[?62c")
        if "\x1b[6n" in piece:
            os.write(terminal, b"\x1b[1;1R")
        seen += piece


def main(binaries):
    # fish goes on writing completions of its own for a while.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        work = os.path.join(home, "work")
        os.mkdir(work)
        environment = {
            "HOME": home,
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "HOOKCLI_STORE": os.path.join(home, "store.db"),
            "PS1": "> ",
        }
        with open(os.path.join(work, "hookcli.toml"), "w") as file:
            file.write('[endpoint.orders]\nurl = "http://localhost:3000"\n')
        # The provider of a folder that was merely found is nothing to offer.
        run = lambda *words, **more: subprocess.run(
            ["hookcli", *words], env=environment, cwd=work, check=True, capture_output=True, text=True, **more
        )
        run("captures", "import", "-", input="curl http://localhost/hook -d '{}'")
        [capture] = [json.loads(line)["id"] for line in run("captures", "list", "--json").stdout.splitlines()]
        cases = [
            ("hookcli send lead_cap", "hookcli send lead_captured"),
            ("hookcli send convo/transcript.re", "hookcli send convo/transcript.ready"),
            ("hookcli listen --prov", "hookcli listen --provider"),
            ("hookcli listen --provider agentc", "hookcli listen --provider agentclara"),
            ("hookcli send lead_captured --to ord", "--to orders"),
            ("hookcli send lead_captured --fault tampered_b", "--fault tampered_body"),
            ("hookcli listen --respond clos", "--respond close-early"),
            ("hookcli captures show cap_", f"captures show {capture}"),
        ]
        for shell, (words, rc, text) in SHELLS.items():
            run("completions", "install", shell)
            if rc:
                with open(os.path.join(home, rc), "w") as file:
                    file.write(text)
            for typed, wanted in cases:
                child, terminal = start(words, environment, work)
                os.write(terminal, b"echo rea''dy\n")
                read_until(terminal, "ready\r\n")
                os.write(terminal, typed.encode() + b"\t")
                read_until(terminal, wanted)
                os.close(terminal)
                os.waitpid(child, 0)
            print(f"{shell}: {len(cases)} command lines completed")


main(sys.argv[1])

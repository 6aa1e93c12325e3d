"""The commands of runtime/README.md, word for word, from the repository's root.

Each `sh` block runs as it stands; the `text` block after it is what it must print, with `…` for what varies. A block that
starts the server stays up until the next such block; its text is what it must log.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))
# Fewer mean that the README was changed in a way that is no longer followed.
COMMANDS = 8
SERVES = re.compile(r"-- serve |mlserve serve ")


def blocks():
    """`(commands, output or None)` in the README's order."""
    with open(os.path.join(ROOT, "runtime/README.md")) as file:
        found = re.findall(r"^```(\w+)\n(.*?)^```$", file.read(), re.M | re.S)
    for at, (language, text) in enumerate(found):
        if language == "sh":
            following = found[at + 1] if at + 1 < len(found) else ("", "")
            yield text, following[1] if following[0] == "text" else None


def fits(output, shown):
    """Whether every shown line stands in the output, in this order."""
    output = output.replace("\r\n", "\n")
    pattern = ".*".join("^" + re.escape(line).replace("…", ".*?") + "$" for line in shown.splitlines())
    return re.search(pattern, output, re.M | re.S) is not None


class Server:
    def __init__(self, commands, shown):
        self.log = tempfile.NamedTemporaryFile("w+")
        environment = {k: v for k, v in os.environ.items() if k != "ORT_DYLIB_PATH"}
        self.process = subprocess.Popen(
            ["bash", "-ec", commands], cwd=ROOT, env=environment, stderr=self.log, stdout=self.log, start_new_session=True
        )
        deadline = time.monotonic() + 900
        while not fits(self.read(), shown):
            assert self.process.poll() is None and time.monotonic() < deadline, f"{commands}\nlogged\n{self.read()}"
            time.sleep(0.1)

    def read(self):
        with open(self.log.name) as file:
            return re.sub(r"\x1b\[[0-9;]*m", "", file.read())

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        code = self.process.wait(timeout=60)
        # Cargo and the shell report the signal that was meant for the server.
        assert code in (0, -signal.SIGTERM, 128 + signal.SIGTERM), f"ended with {code}: {self.read()}"


def main():
    server, ran = None, 0
    try:
        for commands, shown in blocks():
            print(commands, end="", flush=True)
            if SERVES.search(commands):
                if server:
                    server.end()
                server = Server(commands, shown)
            else:
                done = subprocess.run(["bash", "-ec", commands], cwd=ROOT, capture_output=True, text=True, timeout=300)
                assert done.returncode == 0, f"ended with {done.returncode}: {done.stdout}{done.stderr}"
                assert shown is None or fits(f"{done.stdout}\n{done.stderr}", shown), f"printed\n{done.stdout}{done.stderr}"
            ran += 1
    finally:
        if server:
            server.end()
    failed = int(ran < COMMANDS)
    print(f"{ran} passed, {failed} failed")
    sys.exit(failed)


main()

"""Starts `mlserve` on ports of loopback that the system chooses, waits until it is ready, and ends it."""
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

BINARY = os.environ["MLSERVE"]
# Ended by a limit in time, a script still ends what it started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def status(port, path):
    """The status of a GET, or `None` when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def model(name, path, **more):
    """A model's entry of the configuration: ONNX Runtime on one thread, not warmed up, unless `more` says otherwise."""
    return {"name": name, "path": path, "engine": "ort", "threads": 1, "warmup": {"budgetMs": 0}} | more


class Mlserve:
    """`with Mlserve([model(…), …]) as server`: `server.http` and `server.grpc` are its ports."""

    def __init__(self, models, **more):
        self.config = {
            "http": "127.0.0.1:0",
            "grpc": "127.0.0.1:0",
            "admin": None,
            "log": {"level": "info", "requests": "none"},
            "models": models,
        } | more

    def start(self):
        """The process, and the file that its messages go to; not waited for."""
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "config.yaml")
        with open(path, "w") as file:
            json.dump(self.config, file)
        self.log = os.path.join(self.folder.name, "log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([BINARY, "serve", "--config", path], stderr=log)

    def messages(self):
        with open(self.log) as log:
            return log.read()

    def refusal(self):
        """The errors, and nothing else, of a start that must fail."""
        self.config["log"]["level"] = "error"
        self.start()
        try:
            code = self.process.wait(timeout=60)
            assert code in (1, 2), f"ended with {code}: {self.messages()}"
            return self.messages()
        finally:
            self.process.kill()
            self.process.wait()
            self.folder.cleanup()

    def is_ready(self):
        """Whether it says so, with its ports, and over HTTP."""
        for line in self.messages().splitlines(keepends=True):
            said = json.loads(line) if line.endswith("\n") and '"message":"ready"' in line else None
            if said:
                self.http, self.grpc = (int(said[name].rsplit(":")[-1]) for name in ("http", "grpc"))
                return status(self.http, "/v2/health/ready") == 200
        return False

    def __enter__(self):
        self.start()
        deadline = time.monotonic() + 120
        while not self.is_ready():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"{'ended' if ended else 'not ready'}: {self.messages()}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=60)
        finally:
            self.process.kill()
        messages = self.messages()
        self.folder.cleanup()
        assert code == 0, f"ended with {code}: {messages}"

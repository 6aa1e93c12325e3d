"""Starts `mlserve` on free ports of loopback, waits until it is ready, and ends it."""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

BINARY = os.environ["MLSERVE"]
# Ended by a limit in time, a script still ends what it started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
        self.http, self.grpc = free_port(), free_port()
        self.config = {
            "http": f"127.0.0.1:{self.http}",
            "grpc": f"127.0.0.1:{self.grpc}",
            "admin": None,
            "log": {"level": "error", "requests": "none"},
            "models": models,
        } | more

    def start(self):
        """The process, and the file that its messages go to; not waited for."""
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "config.yaml")
        with open(path, "w") as file:
            json.dump(self.config, file)
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        self.process = subprocess.Popen([BINARY, "serve", "--config", path], stderr=self.log)

    def messages(self):
        self.log.seek(0)
        return self.log.read()

    def refusal(self):
        """What a start that must fail says."""
        self.start()
        try:
            code = self.process.wait(timeout=60)
            assert code in (1, 2), f"ended with {code}: {self.messages()}"
            return self.messages()
        finally:
            self.process.kill()
            self.process.wait()
            self.close()

    def close(self):
        self.log.close()
        self.folder.cleanup()

    def __enter__(self):
        self.start()
        deadline = time.monotonic() + 120
        while status(self.http, "/v2/health/ready") != 200:
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
        self.close()
        assert code == 0, f"ended with {code}: {messages}"

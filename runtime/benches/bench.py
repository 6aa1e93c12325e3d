"""Measures mlserve with the server on one core and the client on another. Prints the table of README.md.

usage: bench.py MLSERVE EMPTY TABULAR.onnx [TEXT.onnx]       (ORT_DYLIB_PATH names ONNX Runtime's library)
MLSERVE and EMPTY are the release builds of `mlserve` and of the crate in `empty/`. TEXT takes `input_ids`,
`attention_mask` and `token_type_ids`, INT64 [batch, sequence]. Needs: wrk, h2load, taskset; numpy, onnxruntime,
tritonclient[grpc] and, for the peer's row, mosec.
"""
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

import numpy as np

SERVER, CLIENT = os.environ.get("BENCH_CORES", "0,1").split(",")
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
TICK = os.sysconf("SC_CLK_TCK")
HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A program on the server's core; knows its CPU time and memory, children included."""

    def __init__(self, command, ready):
        self.process = subprocess.Popen(["taskset", "-c", SERVER, *command], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for _ in range(600):
            try:
                with urllib.request.urlopen(ready, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"not ready: {command}")

    def pids(self):
        found = [self.process.pid]
        for pid in found:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                found += [int(child) for child in file.read().split()]
        return found

    def cpu(self):
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def pss(self):
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))
        return total // 1024

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def config(models, folder, **more):
    http, grpc = free_port(), free_port()
    value = {"http": f"127.0.0.1:{http}", "grpc": f"127.0.0.1:{grpc}", "admin": None, "models": models} | more
    path = os.path.join(folder, f"{http}.yaml")
    with open(path, "w") as file:
        json.dump(value, file)
    return path, http, grpc


def milliseconds(text):
    value, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def wrk(process, url, bodies, connections, seconds=SECONDS):
    """Requests per second, p50 and p99 in ms, CPU microseconds per request, answers other than 200."""
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "post.lua")
        with open(script, "w") as file:
            file.write("wrk.method='POST'\nwrk.headers['Content-Type']='application/json'\nlocal b={}\n")
            for body in bodies:
                file.write(f"b[#b+1]=[[{body}]]\n")
            file.write("local n=0\nfunction request() n=n%#b+1 return wrk.format(nil,nil,nil,b[n]) end\n")
        command = ["taskset", "-c", CLIENT, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s", "-s", script, url]
        subprocess.run([*command[:5], f"-c{connections}", "-d1s", *command[7:]], capture_output=True, check=True)
        before = process.cpu()
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = process.cpu() - before
    count = int(re.search(r"(\d+) requests in", text).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    p50, p99 = (milliseconds(re.search(rf"{p}%\s+(\S+)", text).group(1)) for p in (50, 99))
    return {"rate": rate, "p50": p50, "p99": p99, "cpu": used / max(count, 1) * 1e6, "failed": int(failed.group(1)) if failed else 0}


def h2load(process, port, path, message, connections, streams, count):
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\0" + struct.pack(">I", len(message)) + message)
        file.flush()
        command = ["taskset", "-c", CLIENT, "h2load", "-n", str(count), "-c", str(connections), "-m", str(streams), "-d", file.name,
                   "-H", "content-type: application/grpc", "-H", "te: trailers", f"http://127.0.0.1:{port}{path}"]
        before = process.cpu()
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = process.cpu() - before
    rate = float(re.search(r"([\d.]+) req/s", text).group(1))
    good = int(re.search(r"(\d+) succeeded", text).group(1))
    return {"rate": rate, "cpu": used / max(good, 1) * 1e6, "failed": count - good}


def row(name, result, note=""):
    cells = [name, f"{result['rate']:,.0f}", *(f"{result[k]:.2f}" if k in result else "" for k in ("p50", "p99")), f"{result['cpu']:.1f}", note]
    print("| " + " | ".join(cells) + " |", flush=True)


def infer_json(inputs):
    tensors = [{"name": n, "shape": list(a.shape), "datatype": "FP32" if a.dtype == np.float32 else "INT64", "data": a.flatten().tolist()} for n, a in inputs.items()]
    return json.dumps({"inputs": tensors})


def tabular(server, empty, path, folder):
    x = np.random.default_rng(0).normal(size=(1, 30)).astype(np.float32).round(4)
    body = infer_json({"X": x})
    port = free_port()
    process = Process([empty, f"127.0.0.1:{port}"], f"http://127.0.0.1:{port}/")
    base = wrk(process, f"http://127.0.0.1:{port}/", [body], 128)
    row("empty hyper handler, c=128", base)
    process.end()
    model = {"name": "m", "path": path, "engine": "ort"}
    for label, batch in (("default", {}), ("batching off", {"maxSize": 1}), ("fixed delay 2 ms", {"maxDelayMs": 2, "fixedDelay": True})):
        file, http, grpc = config([model | {"batch": batch}], folder)
        process = Process([server, "serve", "--config", file], f"http://127.0.0.1:{http}/v2/health/ready")
        url = f"http://127.0.0.1:{http}/v2/models/m/infer"
        if label == "default":
            print(f"| memory after start, with model and engine: {process.pss()} MB PSS | | | | | |")
        for connections in (1, 8, 32, 128):
            result = wrk(process, url, [body], connections)
            note = f"{result['cpu'] / base['cpu']:.2f} x empty" if connections == 128 else ""
            row(f"tabular REST, {label}, c={connections}", result, note + (f" {result['failed']} failed" if result["failed"] else ""))
        if label == "default":
            from tritonclient.grpc import service_pb2
            request = service_pb2.ModelInferRequest(model_name="m")
            request.inputs.add(name="X", datatype="FP32", shape=[1, 30])
            request.raw_input_contents.append(x.tobytes())
            message = request.SerializeToString()
            for connections, streams in ((1, 1), (8, 16)):
                result = h2load(process, grpc, "/inference.GRPCInferenceService/ModelInfer", message, connections, streams, 3000 if streams == 1 else 60000)
                row(f"tabular gRPC, {label}, {connections} connections x {streams} streams", result, f"{result['failed']} failed" if result["failed"] else "")
            print(f"| memory after load: {process.pss()} MB PSS | | | | | |")
        process.end()


def peer(path, x_body):
    port = free_port()
    process = Process([sys.executable, os.path.join(HERE, "mosec_peer.py"), path, "--port", str(port)], f"http://127.0.0.1:{port}/")
    for connections in (1, 128):
        row(f"tabular REST, mosec, c={connections}", wrk(process, f"http://127.0.0.1:{port}/inference", [x_body], connections))
    process.end()


def tokens(length, rng):
    ids = np.array([[rng.randrange(1000, 20000) for _ in range(length)]], dtype=np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}


def text(server, path, folder):
    import onnxruntime
    os.sched_setaffinity(0, {int(SERVER)})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    rng = random.Random(0)

    def raw(lengths):
        """Rows per second of the raw engine over these batches of one length each."""
        batches = [{n: np.repeat(a, rows, 0) for n, a in tokens(length, rng).items()} for length, rows in lengths]
        session.run(None, batches[0])
        start, rows = time.perf_counter(), 0
        while time.perf_counter() - start < SECONDS:
            for batch in batches:
                session.run(None, batch)
                rows += len(batch["input_ids"])
        return rows / (time.perf_counter() - start)

    best = max(raw([(16, rows)]) for rows in (8, 16, 32))
    print(f"| raw engine, 16 tokens, best of batches of 8, 16, 32 | {best:.0f} | | | | |", flush=True)
    lengths = [rng.randrange(4, 49) for _ in range(512)]
    sorted_batches = [(max(part), len(part)) for part in (sorted(lengths)[at:at + 8] for at in range(0, 512, 8))]
    sorted_rate = raw(sorted_batches)
    print(f"| raw engine, 4 to 48 tokens, sorted, batches of 8 padded to the longest | {sorted_rate:.0f} | | | | |", flush=True)
    del session
    os.sched_setaffinity(0, {int(SERVER), int(CLIENT)})
    fixed = [infer_json(tokens(16, rng)) for _ in range(64)]
    mixed = [infer_json(tokens(length, rng)) for length in lengths]
    model = {"name": "m", "path": path, "engine": "ort"}
    for label, batch in (("default", {}), ("batching off", {"maxSize": 1}), ("fixed delay 2 ms", {"maxDelayMs": 2, "fixedDelay": True})):
        file, http, _ = config([model | {"batch": batch}], folder)
        process = Process([server, "serve", "--config", file], f"http://127.0.0.1:{http}/v2/health/ready")
        url = f"http://127.0.0.1:{http}/v2/models/m/infer"
        for connections in (1, 8, 32, 128):
            result = wrk(process, url, fixed, connections, SECONDS * 2)
            row(f"text 16 tokens, {label}, c={connections}", result, f"{result['rate'] / best:.1%} of raw")
        result = wrk(process, url, mixed, 32, SECONDS * 2)
        row(f"text 4 to 48 tokens, {label}, c=32", result, f"{result['rate'] / sorted_rate:.1%} of raw sorted")
        process.end()


def main():
    server, empty, path = sys.argv[1:4]
    print("| work | requests/s | p50 ms | p99 ms | CPU µs per request | |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        tabular(server, empty, path, folder)
        x = np.random.default_rng(0).normal(size=(1, 30)).astype(np.float32).round(4)
        try:
            import mosec  # noqa: F401
        except ImportError:
            print("| mosec is not installed | | | | | |")
        else:
            peer(path, infer_json({"X": x}))
        if len(sys.argv) > 4:
            text(server, sys.argv[4], folder)


main()

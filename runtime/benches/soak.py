"""Ten minutes of mixed traffic against one server; fails when its memory grows or an answer is wrong.

usage: soak.py MLSERVE TABULAR.onnx [SECONDS]      needs: numpy
Clients send rows by JSON and binary, wrong requests, and some that leave before the answer.
"""
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import numpy as np

server, path = sys.argv[1:3]
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 600
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
process = subprocess.Popen([server, "serve", "--model", f"m={path}", "--http", f"127.0.0.1:{port}", "--grpc", "127.0.0.1:0"], stderr=subprocess.DEVNULL)
counts, lock, wrong = {}, threading.Lock(), []


def rss():
    with open(f"/proc/{process.pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) // 1024


def body(rows, rng):
    data = [rng.uniform(-3, 3) for _ in range(rows * 30)]
    return json.dumps({"inputs": [{"name": "X", "shape": [rows, 30], "datatype": "FP32", "data": data}]}).encode()


def binary(rows, rng):
    raw = np.array([rng.uniform(-3, 3) for _ in range(rows * 30)], np.float32).tobytes()
    tensor = {"name": "X", "shape": [rows, 30], "datatype": "FP32", "parameters": {"binary_data_size": len(raw)}}
    head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
    return head + raw, {"Inference-Header-Content-Length": str(len(head))}


def client(seed, until):
    rng = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.time() < until:
        kind, rows, headers = rng.choice(["json", "json", "binary", "bad", "gone"]), rng.choice([1, 1, 2, 7, 40]), {}
        if kind == "bad":
            data, expected = body(rows, rng)[:-rng.randrange(1, 40)], 400
        elif kind == "binary":
            (data, headers), expected = binary(rows, rng), 200
        else:
            data, expected = body(rows, rng), 200
        connection.request("POST", "/v2/models/m/infer", data, headers)
        if kind == "gone":
            connection.close()
            continue
        response = connection.getresponse()
        response.read()
        with lock:
            counts[kind] = counts.get(kind, 0) + 1
            if response.status != expected:
                wrong.append((kind, response.status))


for _ in range(300):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        break
    except OSError:
        time.sleep(0.1)
time.sleep(2)
start = time.time()
threads = [threading.Thread(target=client, args=(seed, start + seconds)) for seed in range(8)]
for thread in threads:
    thread.start()
time.sleep(min(60, seconds / 4))
early = rss()
for thread in threads:
    thread.join()
late = rss()
process.send_signal(signal.SIGTERM)
code = process.wait(timeout=60)
print(f"{counts}; memory {early} MiB early, {late} MiB late; exit code {code}")
ok = not wrong and code == 0 and late <= early * 1.1 + 4
print(f"{int(ok)} passed, {int(not ok)} failed", wrong[:5])
sys.exit(not ok)

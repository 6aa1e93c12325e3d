"""Talks to a server in a container: REST and gRPC answers are ONNX Runtime's own, and its end loses no request.

usage: talk.py HTTP_PORT GRPC_PORT MODEL.onnx COMMAND…      (served as model `m`; COMMAND ends the container)
"""
import http.client
import json
import subprocess
import sys
import threading
import time

import numpy as np
import onnxruntime
import tritonclient.grpc as grpc
import tritonclient.http as rest

http_port, grpc_port, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
x = np.random.default_rng(0).normal(size=(3, 30)).astype(np.float32)
wants = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"X": x})
BODY = json.dumps({"inputs": [{"name": "X", "shape": [3, 30], "datatype": "FP32", "data": x.flatten().tolist()}]})


def ask(module, port):
    client = module.InferenceServerClient(f"127.0.0.1:{port}")
    tensor = module.InferInput("X", list(x.shape), "FP32")
    tensor.set_data_from_numpy(x)
    result = client.infer("m", [tensor])
    for name, want in zip(("label", "probabilities"), wants):
        got = result.as_numpy(name)
        assert got.shape == want.shape and np.allclose(got, want, rtol=1e-5, atol=1e-5), (module.__name__, name, got, want)


def client(counts):
    """Asks until the server takes no more. A refusal is an answer; silence after a whole request is a loss."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", http_port, timeout=20)
        try:
            connection.connect()
        except OSError:
            return
        try:
            connection.request("POST", "/v2/models/m/infer", BODY)
            status = connection.getresponse().status
        except OSError:
            counts["cut"] += 1
            return
        counts[status] = counts.get(status, 0) + 1
        if status != 200:
            return


for _ in range(300):
    try:
        if rest.InferenceServerClient(f"127.0.0.1:{http_port}").is_server_ready():
            break
    except OSError:
        pass
    time.sleep(0.1)
ask(rest, http_port)
ask(grpc, grpc_port)

tallies = [{"cut": 0} for _ in range(4)]
threads = [threading.Thread(target=client, args=(tally,)) for tally in tallies]
for thread in threads:
    thread.start()
time.sleep(1)
before = sum(tally.get(200, 0) for tally in tallies)
subprocess.run(sys.argv[4:], check=True, stdout=subprocess.DEVNULL)
for thread in threads:
    thread.join()
total = {key: sum(tally.get(key, 0) for tally in tallies) for tally in tallies for key in tally}
assert before > 0 and total[200] > before, f"no answers after the signal: {before} before, {total}"
assert set(total) <= {200, 503, "cut"}, total
# A connection that the kernel took in the very moment of the end is no admitted request.
assert total["cut"] <= len(threads), total
print(f"REST and gRPC answer as the engine does; at the end {total}")

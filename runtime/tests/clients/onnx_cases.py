"""The ONNX backend node cases through REST JSON, REST binary and gRPC, against onnxruntime's own answers.

usage: onnx_cases.py MLSERVE [PART/PARTS]      (ORT_DYLIB_PATH names the library of the installed onnxruntime wheel)
Every case that onnxruntime itself loads and runs, and that has only tensors, must give the same bytes (floats: the
same to 1e-5, NaN equal) through all three. Prints what the engine refuses. Needs: onnx, onnxruntime, numpy,
tritonclient[all].
"""
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import grpc
import numpy as np
import onnxruntime
from onnx.backend.test.case.node import collect_testcases
from tritonclient.grpc import service_pb2, service_pb2_grpc

CHUNK = 150
NAMES = {
    "bool": "BOOL", "uint8": "UINT8", "uint16": "UINT16", "uint32": "UINT32", "uint64": "UINT64", "int8": "INT8",
    "int16": "INT16", "int32": "INT32", "int64": "INT64", "float16": "FP16", "float32": "FP32", "float64": "FP64",
}
TYPES = {name: np.dtype(numpy) for numpy, name in NAMES.items()}


def datatype(array):
    return "BYTES" if array.dtype.kind in "OSU" else NAMES[array.dtype.name]


def to_bytes(array):
    if datatype(array) != "BYTES":
        return np.ascontiguousarray(array).tobytes()
    elements = [e if isinstance(e, bytes) else str(e).encode() for e in array.flatten()]
    return b"".join(struct.pack("<I", len(e)) + e for e in elements)


def from_bytes(data, name, shape):
    if name != "BYTES":
        return np.frombuffer(data, TYPES[name]).reshape(shape)
    elements, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        elements.append(data[at + 4:at + 4 + size].decode())
        at += 4 + size
    return np.array(elements, dtype=object).reshape(shape)


def special(value):
    if isinstance(value, float) and value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def to_json(array):
    if datatype(array) == "BYTES":
        return [e.decode() if isinstance(e, bytes) else str(e) for e in array.flatten()]
    if array.dtype.kind == "f":
        return [special(float(v)) for v in array.flatten()]
    return array.flatten().tolist()


def from_json(tensor):
    values = [float(v) if isinstance(v, str) and tensor["datatype"] != "BYTES" else v for v in tensor["data"]]
    dtype = object if tensor["datatype"] == "BYTES" else TYPES[tensor["datatype"]]
    with np.errstate(over="ignore"):
        return np.array(values, dtype=dtype).reshape(tensor["shape"])


def post(port, name, body, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", f"/v2/models/{name}/infer", body, headers)
    response = connection.getresponse()
    data = response.read()
    assert response.status == 200, (response.status, data[:300])
    return response, data


def heads(inputs):
    return [{"name": n, "shape": list(a.shape), "datatype": datatype(a)} for n, a in inputs.items()]


def rest_json(port, name, inputs):
    tensors = [h | {"data": to_json(a)} for h, a in zip(heads(inputs), inputs.values())]
    _, data = post(port, name, json.dumps({"inputs": tensors}, allow_nan=False), {})
    return {t["name"]: from_json(t) for t in json.loads(data)["outputs"]}


def rest_binary(port, name, inputs):
    raw = [to_bytes(a) for a in inputs.values()]
    tensors = [h | {"parameters": {"binary_data_size": len(r)}} for h, r in zip(heads(inputs), raw)]
    head = json.dumps({"inputs": tensors, "parameters": {"binary_data_output": True}}).encode()
    headers = {"Inference-Header-Content-Length": str(len(head))}
    response, data = post(port, name, head + b"".join(raw), headers)
    length = int(response.getheader("Inference-Header-Content-Length"))
    found, at = {}, length
    for t in json.loads(data[:length])["outputs"]:
        size = t["parameters"]["binary_data_size"]
        found[t["name"]] = from_bytes(data[at:at + size], t["datatype"], t["shape"])
        at += size
    return found


def over_grpc(stub, name, inputs):
    request = service_pb2.ModelInferRequest(model_name=name)
    for n, a in inputs.items():
        request.inputs.add(name=n, datatype=datatype(a), shape=a.shape)
        request.raw_input_contents.append(to_bytes(a))
    answer = stub.ModelInfer(request, timeout=30)
    return {o.name: from_bytes(r, o.datatype, list(o.shape)) for o, r in zip(answer.outputs, answer.raw_output_contents)}


def same(got, want):
    want = np.asarray(want)
    if got.shape != want.shape:
        return False
    if want.dtype.kind in "OSU":
        return got.tolist() == want.tolist()
    if want.dtype.kind == "f":
        return got.dtype == want.dtype and np.allclose(got, want, rtol=1e-5, atol=1e-6, equal_nan=True)
    return got.dtype == want.dtype and np.array_equal(got, want)


def prepare(case):
    """The model's bytes, inputs and onnxruntime's answers; or why there are none."""
    try:
        model = case.model.SerializeToString()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        return None, str(error).splitlines()[0][:100]
    values = case.data_sets[0][0]
    inputs = {}
    for spec, value in zip(session.get_inputs(), values):
        value = np.asarray(value) if not isinstance(value, (list, dict, type(None))) else None
        if value is None or (value.dtype.kind not in "OSU" and value.dtype.name not in NAMES):
            return None, "not a tensor of the protocol's types"
        inputs[spec.name] = value
    if len(inputs) != len(session.get_inputs()):
        return None, "inputs are left out"
    try:
        wants = session.run(None, inputs)
    except Exception as error:
        return None, str(error).splitlines()[0][:100]
    for want in wants:
        if isinstance(want, (list, dict, type(None))) or (
            want.dtype.kind not in "OSU" and want.dtype.name not in NAMES
        ):
            return None, "not a tensor of the protocol's types"
    return (model, inputs, {o.name: w for o, w in zip(session.get_outputs(), wants)}), None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def check(server, chunk, failures):
    with tempfile.TemporaryDirectory() as folder:
        models = []
        for name, (model, _, _) in chunk.items():
            path = os.path.join(folder, f"{name}.onnx")
            with open(path, "wb") as file:
                file.write(model)
            models.append({"name": name, "path": path, "engine": "ort", "threads": 1, "warmup": {"budgetMs": 0}})
        rest, rpc = free_port(), free_port()
        config = {"http": f"127.0.0.1:{rest}", "grpc": f"127.0.0.1:{rpc}", "admin": None, "models": models}
        config["log"] = {"level": "error", "requests": "none"}
        path = os.path.join(folder, "config.yaml")
        with open(path, "w") as file:
            json.dump(config, file)
        process = subprocess.Popen([server, "serve", "--config", path])
        try:
            wait_ready(rest, process)
            channel = grpc.insecure_channel(f"127.0.0.1:{rpc}")
            stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
            ways = {
                "json": lambda n, i: rest_json(rest, n, i),
                "binary": lambda n, i: rest_binary(rest, n, i),
                "grpc": lambda n, i: over_grpc(stub, n, i),
            }
            for name, (_, inputs, wants) in chunk.items():
                for way, call in ways.items():
                    try:
                        got = call(name, inputs)
                        bad = [o for o, want in wants.items() if o not in got or not same(got[o], want)]
                        if bad:
                            failures.append((name, way, f"outputs {bad} differ"))
                    except Exception as error:
                        failures.append((name, way, str(error)[:200]))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def wait_ready(port, process):
    for _ in range(1200):
        assert process.poll() is None, "the server ended"
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/v2/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server is not ready")


def main():
    part, parts = map(int, (sys.argv[2] if len(sys.argv) > 2 else "1/1").split("/"))
    cases = sorted(collect_testcases(None), key=lambda case: case.name)[part - 1::parts]
    ready, refused = {}, {}
    for case in cases:
        prepared, reason = prepare(case)
        if prepared:
            ready[case.name] = prepared
        else:
            refused[case.name] = reason
    failures, names = [], list(ready)
    for at in range(0, len(names), CHUNK):
        check(sys.argv[1], {name: ready[name] for name in names[at:at + CHUNK]}, failures)
    for name, reason in refused.items():
        print(f"refused by the engine: {name}: {reason}")
    for name, way, reason in failures:
        print(f"FAILED {name} {way}: {reason}")
    print(f"{len(cases)} cases, {len(refused)} refused by the engine")
    print(f"{3 * len(ready) - len(failures)} passed, {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()

"""Unmodified tritonclient (HTTP, binary, gRPC, async) against a running mlserve.

usage: triton.py HTTP_ADDR GRPC_ADDR MODEL.onnx     (the server serves the file as model `m`)
Answers must equal onnxruntime's own on the same file to 1e-5; needs: tritonclient[all], onnxruntime, numpy.
"""
import asyncio
import sys

import numpy as np
import onnxruntime
import tritonclient.grpc as grpc
import tritonclient.http as http
import tritonclient.http.aio as http_aio
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

http_addr, grpc_addr, path = sys.argv[1:4]
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
spec = session.get_inputs()[0]
columns = spec.shape[1]
passed = 0


def data(rows, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)


def expect(name, got, want):
    global passed
    assert got.shape == want.shape, (name, got.shape, want.shape)
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5, err_msg=name)
    passed += 1


def compare(name, result, x):
    for out, want in zip(session.get_outputs(), session.run(None, {spec.name: x})):
        expect(f"{name}/{out.name}", result.as_numpy(out.name), want)


def inputs(module, x, **binary):
    tensor = module.InferInput(spec.name, list(x.shape), np_to_triton_dtype(x.dtype))
    tensor.set_data_from_numpy(x, **binary)
    return [tensor]


def refuses(name, call, *words):
    global passed
    try:
        call()
    except InferenceServerException as error:
        assert all(word in str(error) for word in words), (name, str(error))
        passed += 1
    else:
        raise AssertionError(f"{name} was not refused")


client = http.InferenceServerClient(http_addr)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("m")
assert client.get_model_metadata("m")["inputs"][0]["name"] == spec.name
assert client.get_model_config("m")["max_batch_size"] == 32
assert client.get_model_repository_index()[0]["state"] == "READY"
assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
for rows in (1, 3, 32, 70):
    x = data(rows, rows)
    for binary in (False, True):
        outputs = [http.InferRequestedOutput(o.name, binary_data=binary) for o in session.get_outputs()]
        compare(f"http {rows} {binary}", client.infer("m", inputs(http, x, binary_data=binary), outputs=outputs, request_id="7"), x)
x = data(2)
compare("http no outputs", client.infer("m", inputs(http, x), priority=1, timeout=5_000_000), x)
refuses("http name", lambda: client.infer("nobody", inputs(http, x)), "there is no model `nobody`")
refuses("http version", lambda: client.infer("m", inputs(http, x), model_version="9"), "no version `9`")
refuses("http shape", lambda: client.infer("m", inputs(http, x[:, :-1].copy())), "does not fit")
refuses("http dtype", lambda: client.infer("m", inputs(http, x.astype(np.int64))), "datatype is INT64")
stats = client.get_inference_statistics("m")["model_stats"][0]
assert int(stats["inference_stats"]["success"]["count"]) >= 9, stats
pending = [client.async_infer("m", inputs(http, data(1, n))) for n in range(32)]
for n, request in enumerate(pending):
    compare(f"http async {n}", request.get_result(), data(1, n))

client = grpc.InferenceServerClient(grpc_addr)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("m")
assert client.get_server_metadata().name == "mlserve"
assert client.get_model_metadata("m").inputs[0].name == spec.name
assert client.get_model_config("m").config.max_batch_size == 32
assert client.get_model_repository_index().models[0].state == "READY"
for rows in (1, 3, 32, 70):
    x = data(rows, rows)
    result = client.infer("m", inputs(grpc, x), request_id="7", client_timeout=10)
    assert result.get_response().id == "7"
    compare(f"grpc {rows}", result, x)
refuses("grpc name", lambda: client.infer("nobody", inputs(grpc, x)), "NOT_FOUND", "there is no model `nobody`")
refuses("grpc shape", lambda: client.infer("m", inputs(grpc, x[:, :-1].copy())), "INVALID_ARGUMENT")
stats = client.get_inference_statistics("m").model_stats[0]
assert stats.inference_stats.success.count >= 45, stats
results = []
for n in range(32):
    client.async_infer("m", inputs(grpc, data(1, n)), lambda result, error, n=n: results.append((n, result, error)))
while len(results) < 32:
    pass
for n, result, error in results:
    assert error is None, error
    compare(f"grpc async {n}", result, data(1, n))


async def aio():
    async with http_aio.InferenceServerClient(http_addr) as client:
        answers = await asyncio.gather(*(client.infer("m", inputs(http_aio, data(1, n))) for n in range(32)))
        for n, result in enumerate(answers):
            compare(f"aio {n}", result, data(1, n))


asyncio.run(aio())
print(f"{passed} passed, 0 failed")

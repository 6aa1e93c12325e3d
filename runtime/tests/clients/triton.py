"""Unmodified tritonclient against mlserve: HTTP, binary, gRPC and their asynchronous forms, and the extensions.

Answers must equal ONNX Runtime's own on the same file.
"""
import asyncio
import queue

import numpy as np
import tritonclient.grpc as grpc
import tritonclient.grpc.aio as grpc_aio
import tritonclient.http as http
import tritonclient.http.aio as http_aio
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

import engine
import zoo
from mlserve import Mlserve, model
from tensors import Tensor

CALLS = 32
passed = 0


def expect(what, got, want):
    global passed
    assert got == want, f"{what}: {got!r} instead of {want!r}"
    passed += 1


def refuses(what, call, *words):
    global passed
    try:
        call()
    except InferenceServerException as error:
        assert all(word in str(error) for word in words), f"{what}: {error}"
        passed += 1
    else:
        raise AssertionError(f"{what} was not refused")


class Model:
    """A served model, with the engine's own answers."""

    def __init__(self, path):
        self.session = engine.session(path)
        self.spec = self.session.get_inputs()[0]
        self.outputs = [output.name for output in self.session.get_outputs()]

    def data(self, rows, seed=0):
        return np.random.default_rng(seed).normal(size=(rows, self.spec.shape[1])).astype(np.float32)

    def inputs(self, module, x, **binary):
        tensor = module.InferInput(self.spec.name, list(x.shape), np_to_triton_dtype(x.dtype))
        tensor.set_data_from_numpy(x, **binary)
        return [tensor]

    def compare(self, what, result, x, exact=True):
        wants = engine.answers(self.session, {self.spec.name: Tensor.of(x)})
        for name in self.outputs:
            got, want = result.as_numpy(name), wants[name].array()
            expect(f"{what} shape of {name}", (got.dtype, got.shape), (want.dtype, want.shape))
            # Requests that met in a batch: sums of another batch size round differently.
            same = np.array_equal(got, want) if exact else np.allclose(got, want, rtol=1e-5, atol=1e-6)
            expect(f"{what} {name}", same, True)


def over_http(server, name, m):
    client = http.InferenceServerClient(f"127.0.0.1:{server.http}", concurrency=CALLS)
    for rows in (1, 3, 32, 70):
        x = m.data(rows, rows)
        for binary in (False, True):
            outputs = [http.InferRequestedOutput(o, binary_data=binary) for o in m.outputs]
            # More rows than a batch takes run in parts.
            result = client.infer(name, m.inputs(http, x, binary_data=binary), outputs=outputs, request_id="7")
            expect("id", result.get_response()["id"], "7")
            m.compare(f"http {rows} {binary}", result, x, exact=rows <= 32)
    x = m.data(2)
    m.compare("http no outputs", client.infer(name, m.inputs(http, x), priority=1, timeout=5_000_000), x)
    first = client.infer(name, m.inputs(http, x), outputs=[http.InferRequestedOutput(m.outputs[-1])])
    expect("only what was asked for", [o["name"] for o in first.get_response()["outputs"]], m.outputs[-1:])
    for algorithm in ("gzip", "deflate"):
        refused_or_equal(client, name, m, algorithm)
    pending = [client.async_infer(name, m.inputs(http, m.data(1, n))) for n in range(CALLS)]
    for n, request in enumerate(pending):
        m.compare(f"http async {n}", request.get_result(), m.data(1, n), exact=False)
    client.close()


def refused_or_equal(client, name, m, algorithm):
    """A compressed body is taken or refused, never misread."""
    x = m.data(2)
    try:
        result = client.infer(name, m.inputs(http, x), request_compression_algorithm=algorithm)
    except InferenceServerException as error:
        expect(algorithm, "encoding" in str(error), True)
    else:
        m.compare(algorithm, result, x)


def over_grpc(server, name, m):
    client = grpc.InferenceServerClient(f"127.0.0.1:{server.grpc}")
    for rows in (1, 3, 32, 70):
        x = m.data(rows, rows)
        result = client.infer(name, m.inputs(grpc, x), request_id="7", client_timeout=10)
        expect("id", result.get_response().id, "7")
        m.compare(f"grpc {rows}", result, x, exact=rows <= 32)
    results = queue.Queue()
    for n in range(CALLS):
        client.async_infer(name, m.inputs(grpc, m.data(1, n)), lambda result, error, n=n: results.put((n, result, error)))
    for _ in range(CALLS):
        n, result, error = results.get(timeout=30)
        assert error is None, error
        m.compare(f"grpc async {n}", result, m.data(1, n), exact=False)
    client.close()


async def over_asyncio(server, name, m):
    for module, port in ((http_aio, server.http), (grpc_aio, server.grpc)):
        async with module.InferenceServerClient(f"127.0.0.1:{port}") as client:
            calls = (client.infer(name, m.inputs(module, m.data(1, n))) for n in range(CALLS))
            for n, result in enumerate(await asyncio.gather(*calls)):
                m.compare(f"{module.__name__} {n}", result, m.data(1, n), exact=False)


def extensions_over_http(server, name, m):
    client = http.InferenceServerClient(f"127.0.0.1:{server.http}")
    expect("live, ready", (client.is_server_live(), client.is_server_ready(), client.is_model_ready(name)), (True,) * 3)
    expect("a stranger is not ready", client.is_model_ready("nobody"), False)
    expect("input", client.get_model_metadata(name)["inputs"][0]["name"], m.spec.name)
    expect("config", client.get_model_config(name)["max_batch_size"], 32)
    index = client.get_model_repository_index()
    expect("index", {(e["name"], e["version"], e["state"]) for e in index}, INDEX)
    extensions = client.get_server_metadata()["extensions"]
    expect("extensions", {"binary_tensor_data", "statistics", "model_repository"} - set(extensions), set())
    before = successes(client.get_inference_statistics(name)["model_stats"], "http")
    x = m.data(2)
    client.infer(name, m.inputs(http, x))
    expect("statistics", successes(client.get_inference_statistics(name)["model_stats"], "http") - before, 1)
    refuses("http name", lambda: client.infer("nobody", m.inputs(http, x)), "there is no model `nobody`")
    refuses("http version", lambda: client.infer(name, m.inputs(http, x), model_version="9"), "no version `9`")
    refuses("http shape", lambda: client.infer(name, m.inputs(http, x[:, :-1].copy())), "does not fit")
    refuses("http dtype", lambda: client.infer(name, m.inputs(http, x.astype(np.int64))), "datatype is INT64")
    client.close()


def extensions_over_grpc(server, name, m):
    client = grpc.InferenceServerClient(f"127.0.0.1:{server.grpc}")
    expect("live, ready", (client.is_server_live(), client.is_server_ready(), client.is_model_ready(name)), (True,) * 3)
    expect("server", client.get_server_metadata().name, "mlserve")
    expect("input", client.get_model_metadata(name).inputs[0].name, m.spec.name)
    expect("config", client.get_model_config(name).config.max_batch_size, 32)
    index = client.get_model_repository_index().models
    expect("index", {(e.name, e.version, e.state) for e in index}, INDEX)
    before = successes(client.get_inference_statistics(name).model_stats, "grpc")
    x = m.data(2)
    client.infer(name, m.inputs(grpc, x))
    expect("statistics", successes(client.get_inference_statistics(name).model_stats, "grpc") - before, 1)
    refuses("grpc name", lambda: client.infer("nobody", m.inputs(grpc, x)), "NOT_FOUND", "there is no model `nobody`")
    refuses("grpc version", lambda: client.infer(name, m.inputs(grpc, x), model_version="9"), "NOT_FOUND", "no version `9`")
    refuses("grpc shape", lambda: client.infer(name, m.inputs(grpc, x[:, :-1].copy())), "INVALID_ARGUMENT")
    huge = np.zeros((50_000, m.spec.shape[1]), np.float32)
    refuses("grpc size", lambda: client.infer(name, m.inputs(grpc, huge)), "OUT_OF_RANGE", "the limit is")
    m.compare("grpc after a refusal", client.infer(name, m.inputs(grpc, x)), x)
    client.close()


def successes(stats, kind):
    """Over every version of the model."""
    if kind == "grpc":
        return sum(entry.inference_stats.success.count for entry in stats)
    return sum(int(entry["inference_stats"]["success"]["count"]) for entry in stats)


def versions(server, old, new):
    """A named version answers for itself; without one, the highest does."""
    client = http.InferenceServerClient(f"127.0.0.1:{server.http}")
    x, y = old.data(2), new.data(2)
    old.compare("version 1", client.infer("versioned", old.inputs(http, x), model_version="1"), x)
    new.compare("version 2", client.infer("versioned", new.inputs(http, y), model_version="2"), y)
    new.compare("highest version", client.infer("versioned", new.inputs(http, y)), y)
    client.close()


# Clients quote `:` and leave `/` as it is.
PATHS = {
    ("mlp", "1"): "../../../examples/minimal/tabular_mlp.onnx",
    ("team/gbr:prod", "1"): "tabular_gbr.onnx",
    ("a model's name, ü", "1"): "tabular_rf.onnx",
    ("versioned", "1"): "tabular_gbr.onnx",
    ("versioned", "2"): "tabular_rf.onnx",
}
INDEX = {(name, version, "READY") for name, version in PATHS}


def main():
    models = {key: Model(zoo.ours(path)) for key, path in PATHS.items()}
    entries = [model(n, zoo.ours(p), version=v, warmup={"budgetMs": 500}) for (n, v), p in PATHS.items()]
    with Mlserve(entries) as server:
        for (name, _), m in list(models.items())[:3]:
            extensions_over_http(server, name, m)
            extensions_over_grpc(server, name, m)
            over_http(server, name, m)
            over_grpc(server, name, m)
            asyncio.run(over_asyncio(server, name, m))
        versions(server, models["versioned", "1"], models["versioned", "2"])
    print(f"{passed} passed, 0 failed")


main()

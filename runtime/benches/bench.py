"""Measures mlserve with the server on one core and the client on another. Prints the tables of README.md.

usage: bench.py TARGET [overhead|grpc|text|mixed|overload|memory]…      all of them without a name
TARGET is cargo's folder of release builds: `mlserve` and the example `raw` of this crate, and `empty` of the crate in
`empty/`. Needs wrk, h2load and taskset, and the Python packages of `requirements.txt`; `run` brings all of it.
"""
import collections
import json
import os
import random
import statistics
import sys
import tempfile
import urllib.request

import numpy as np
from tritonclient.grpc import service_pb2

from measure import HERE, Process, configure, free_ports, h2load_grpc, open_load, wrk

RELEASE = sys.argv[1]
MLSERVE, RAW, EMPTY = (os.path.join(RELEASE, name) for name in ("mlserve", "examples/raw", "empty"))
TABULAR = os.path.join(HERE, "../../examples/minimal/tabular_mlp.onnx")
TEXT = os.environ.get("BENCH_TEXT")
# One configuration is the default; the others are what it is compared with.
WAYS = {"default": {}, "batching off": {"maxSize": 1}, "fixed delay of 2 ms": {"maxDelayMs": 2, "fixedDelay": True}}
TARGETS = []


def title(text):
    print(f"\n**{text}**\n\n| | requests/s | p50 ms | p99 ms | CPU µs a request |\n|---|---|---|---|---|", flush=True)


def row(name, found):
    cells = [name + (f" ({found['failed']} failed)" if found.get("failed") else "")]
    cells += [f"{found[key]:,.{digits}f}" if key in found else "" for key, digits in (("rate", 0), ("p50", 2), ("p99", 2), ("cpu", 1))]
    print("| " + " | ".join(cells) + " |", flush=True)


def target(work, wanted, measured, met):
    TARGETS.append((work, wanted, measured, "yes" if met else "**no**"))


def body(inputs):
    types = {"float32": "FP32", "int64": "INT64"}
    tensors = [{"name": n, "shape": list(a.shape), "datatype": types[a.dtype.name], "data": a.flatten().tolist()} for n, a in inputs.items()]
    return json.dumps({"inputs": tensors})


def serve(folder, path, batch, program=MLSERVE, **more):
    file, http, grpc = configure(folder, path, batch=batch, **more)
    command = [program, "serve", "--config", file] if program == MLSERVE else [program, file]
    process = Process(command, f"http://127.0.0.1:{http}/v2/health/ready", takes_orders=program == RAW)
    process.infer, process.grpc = f"http://127.0.0.1:{http}/v2/models/m/infer", grpc
    return process


def overhead(folder):
    """What a request costs beside the model."""
    x = np.random.default_rng(0).normal(size=(1, 30)).astype(np.float32).round(4)
    title("tabular_mlp, one row a request, REST JSON")
    (port,) = free_ports(1)
    process = Process([EMPTY, "http", f"127.0.0.1:{port}"], f"http://127.0.0.1:{port}/")
    empty = wrk(process, f"http://127.0.0.1:{port}/", [body({"X": x})], 128, 5)
    row("empty hyper handler, 128 connections", empty)
    process.end()
    servers = {way: serve(folder, TABULAR, batch) for way, batch in WAYS.items()}
    for way, process in servers.items():
        for connections in (8, 32, 128):
            found = wrk(process, process.infer, [body({"X": x})], connections, 4)
            row(f"{way}, {connections} connections", found)
            if way == "default" and connections == 128:
                times = found["cpu"] / empty["cpu"]
                target("tabular_mlp, REST JSON, 128 connections: CPU a request", "2 × an empty hyper handler's", f"{found['cpu']:.1f} µs, {times:.2f} ×", times <= 2)
    # Turn by turn, so that a change of the machine's pace meets all of them.
    turns = [{way: wrk(process, process.infer, [body({"X": x})], 1, 2) for way, process in servers.items()} for _ in range(5)]
    p50 = {way: statistics.median(turn[way]["p50"] for turn in turns) for way in servers}
    for way in servers:
        row(f"{way}, 1 connection", {key: statistics.median(turn[way][key] for turn in turns) for key in ("rate", "p50", "p99", "cpu")})
    times = p50["default"] / p50["batching off"]
    target("same, 1 connection: p50", "1.3 × without a batcher", f"{p50['default']:.3f} ms, {times:.2f} ×", times <= 1.3)
    for connections in (1, 32, 128):
        row(f"mosec, {connections} connections", peer(body({"X": x}), connections))
    for process in servers.values():
        process.end()


def grpc(folder):
    """The same by gRPC, and what its calls cost without a model."""
    x = np.random.default_rng(0).normal(size=(1, 30)).astype(np.float32).round(4)
    request = service_pb2.ModelInferRequest(model_name="m")
    request.inputs.add(name="X", datatype="FP32", shape=[1, 30])
    request.raw_input_contents.append(x.tobytes())
    message = request.SerializeToString()
    title("tabular_mlp, one row a request, gRPC")
    (port,) = free_ports(1)
    process = Process([EMPTY, "grpc", f"127.0.0.1:{port}"])
    empty = {}
    for connections, streams, count in ((8, 16, 200_000), (128, 1, 200_000)):
        h2load_grpc(process, port, message, connections, streams, count // 10)
        empty[connections] = h2load_grpc(process, port, message, connections, streams, count)
        row(f"empty gRPC handler, {connections} connections × {streams} streams", empty[connections])
    process.end()
    process = serve(folder, TABULAR, {})
    found = {}
    for connections, streams, count in ((1, 1, 10_000), (8, 16, 200_000), (128, 1, 200_000)):
        h2load_grpc(process, process.grpc, message, connections, streams, count // 10)
        before = successes(process)
        found[connections] = h2load_grpc(process, process.grpc, message, connections, streams, count)
        # h2load does not look at gRPC's own status.
        assert successes(process) - before == count, "not every call succeeded"
        row(f"default, {connections} connections × {streams} streams", found[connections])
    process.end()
    for connections, words in ((128, "tabular_mlp, gRPC, 128 connections: CPU a request"), (8, "same, 8 connections of 16 calls each")):
        cpu = found[connections]["cpu"]
        target(words, "25 µs", f"{cpu:.1f} µs, {cpu / empty[connections]['cpu']:.2f} × an empty gRPC handler's", cpu <= 25)


def successes(process):
    with urllib.request.urlopen(process.infer.replace("/infer", "/stats")) as answer:
        return int(json.load(answer)["model_stats"][0]["inference_stats"]["success"]["count"])


def peer(text, connections):
    (port,) = free_ports(1)
    command = ["env", f"PEER_MODEL={TABULAR}", sys.executable, os.path.join(HERE, "mosec_peer.py"), "--port", str(port)]
    process = Process(command, f"http://127.0.0.1:{port}/")
    found = wrk(process, f"http://127.0.0.1:{port}/inference", [text], connections, 4)
    process.end()
    return found


def tokens(length, rng):
    ids = np.array([[rng.randrange(1000, 20000) for _ in range(length)]], dtype=np.int64)
    return body({"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)})


def best(process, orders):
    """The best rate of the bare engine, and for which order."""
    return max((process.order(order), name) for name, order in orders.items())


def sorted_batches(lengths, window, rows):
    """Texts sorted by length within each window, in batches padded to their longest."""
    found = []
    for start in range(0, len(lengths), window):
        part = sorted(lengths[start : start + window])
        found += [f"{max(part[at : at + rows])}x{len(part[at : at + rows])}" for at in range(0, len(part), rows)]
    return "3 " + " ".join(found)


def against_engine(folder, orders, load, ways):
    """What `load` measures for each way to batch, and the best rate of the bare engine for each group of orders."""
    found = {}
    for way, batch in ways.items():
        process = serve(folder, TEXT, batch, program=RAW)
        if way != "default":
            found[way] = load(way, process)
        else:
            raws = [best(process, group) for group in orders]
            found[way] = load(way, process)
            # Before and after, since the machine's pace changes.
            raws = [((rate + best(process, group)[0]) / 2, name) for (rate, name), group in zip(raws, orders)]
        process.end()
    for rate, name in raws:
        row(f"the engine alone, {name}", {"rate": rate})
    return found, [rate for rate, _ in raws]


def text(folder):
    """MiniLM, texts of one length: what the batcher makes of the engine."""
    bodies = [tokens(16, random.Random(0)) for _ in range(64)]
    even = {f"batches of {rows}": f"2 16x{rows}" for rows in (8, 16, 32)}
    title("MiniLM, one text of 16 tokens a request, REST JSON")

    def load(way, process):
        rates = {}
        for connections in (1, 32, 128):
            found = wrk(process, process.infer, bodies, connections, 12 if way == "default" and connections > 1 else 5, steps=connections > 1)
            row(f"{way}, {connections} connections", found)
            rates[connections] = found["rate"]
        return rates

    found, (raw,) = against_engine(folder, [even], load, WAYS)
    for connections in (32, 128):
        share = found["default"][connections] / raw
        target(f"MiniLM, 16 tokens, {connections} connections", "98 % of the engine's best batch rate in the process", f"{share:.1%}", share >= 0.98)


def mixed(folder):
    """MiniLM, texts of unequal length."""
    rng = random.Random(0)
    lengths = [rng.randrange(4, 49) for _ in range(256)]
    bodies = [tokens(length, rng) for length in lengths]
    sizes = (2, 4, 8, 16)
    by_32 = {f"32 sorted at a time, batches of {rows}": sorted_batches(lengths, 32, rows) for rows in sizes}
    whole = {f"all sorted, batches of {rows}": sorted_batches(lengths, len(lengths), rows) for rows in sizes}
    title("MiniLM, one text of 4 to 48 tokens a request, REST JSON")

    def load(way, process):
        found = wrk(process, process.infer, bodies, 32, 12, steps=True)
        row(f"{way}, 32 connections", found)
        return found["rate"]

    found, raws = against_engine(folder, [by_32, whole], load, WAYS)
    for raw, words in zip(raws, ("32 texts at a time", "all 256 texts known beforehand")):
        share = found["default"] / raw
        target("MiniLM, 4 to 48 tokens, 32 connections", f"98 % of length-sorted engine batches, {words}", f"{share:.1%}", share >= 0.98)
    times = found["default"] / max(rate for way, rate in found.items() if way != "default")
    target("same", "1.25 × the better of batching off and a fixed delay", f"{times:.2f} ×", times >= 1.25)


def overload(folder):
    """Five times as much as can be answered, each request with a second of time."""
    process = serve(folder, TEXT, {}, timeoutMs=1000)
    one = tokens(16, random.Random(0))
    capacity = wrk(process, process.infer, [one], 64, 8, steps=True)["rate"]
    idle = process.pss()
    seconds, rate = 20, 5 * capacity
    answers, taken = open_load(process.infer, one, rate, round(rate), seconds, process.pss)
    process.end()
    begin = min(start for start, _, _ in answers) + 5
    window = [answer for answer in answers if begin <= answer[0] < begin + seconds - 8]
    offered = len(window) / (seconds - 8)
    accepted = sorted(duration for _, status, duration in window if status == 200)
    in_time = sum(duration <= 1 for duration in accepted) / (seconds - 8)
    p99 = accepted[int(len(accepted) * 0.99)] * 1000
    refused = sorted(duration for _, status, duration in window if status in (429, 503))
    statuses = collections.Counter(status for _, status, _ in window)
    print(f"\n**Overload, MiniLM, 16 tokens**: capacity {capacity:.0f}/s, offered {offered:.0f}/s, answered in time {in_time:.0f}/s, accepted p99 {p99:.0f} ms,")
    print(f"answers by status {dict(sorted(statuses.items()))}, refusals p50 {refused[len(refused) // 2] * 1000:.1f} ms;")
    print(f"memory {idle:.1f} MB before, and every two seconds under load {', '.join(f'{mb:.1f}' for mb in taken)} MB", flush=True)
    share = in_time / capacity
    target("overload at 5 × capacity, deadline 1 s: answered in time", "95 % of capacity", f"{share:.1%} ({offered / capacity:.1f} × offered)", share >= 0.95)
    target("same: p99 of the accepted", "within the deadline", f"{p99:.0f} ms", p99 <= 1000)
    target("same: memory", "flat", f"{idle:.0f} MB idle; loaded, {taken[0]:.0f} MB at the start, {taken[-1]:.0f} MB at the end", taken[-1] <= taken[0] * 1.02 + 1)


def memory(folder):
    """What the process takes, and how soon it is there."""
    starts = []
    for _ in range(7):
        process = serve(folder, TABULAR, {})
        starts.append(process.start)
        taken = process.pss()
        process.end()
    target("memory beside the model and engine", "40 MB", f"{taken:.1f} MB with both", taken <= 40)
    target("start beside model load", "0.1 s", f"{statistics.median(starts) * 1000:.0f} ms with load and warm-up (7 starts: {min(starts) * 1000:.0f} to {max(starts) * 1000:.0f})", statistics.median(starts) <= 0.1)


def main():
    measures = {measure.__name__: measure for measure in (overhead, grpc, text, mixed, overload, memory)}
    parts = sys.argv[2:] or list(measures)
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            measures[part](folder)
    print("\n| work | wanted | measured | met |\n|---|---|---|---|")
    for found in TARGETS:
        print("| " + " | ".join(found) + " |")


main()

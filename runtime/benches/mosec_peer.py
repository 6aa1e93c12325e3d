"""The tabular model on mosec (PyPI), with the same ONNX Runtime and request body: mosec_peer.py --port PORT.

PEER_MODEL names the file: the workers are started anew and read the command line again.
"""
import json
import os

import numpy as np
import onnxruntime
from mosec import Server, Worker


class Tabular(Worker):
    def __init__(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(os.environ["PEER_MODEL"], options, providers=["CPUExecutionProvider"])

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

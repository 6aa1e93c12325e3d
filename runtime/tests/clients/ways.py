"""The three ways to ask for an inference: `way(inputs) -> outputs`, both by name."""
import http.client
import json

import grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc

from tensors import Tensor

SECONDS = 60


class Refused(Exception):
    """The server answered with an error."""


class Ways:
    """Every way to one running server."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.http, timeout=SECONDS)
        # The largest tensors of real models are above gRPC's own limit of 4 MiB.
        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{server.grpc}", options)
        self.stub = service_pb2_grpc.GRPCInferenceServiceStub(self.channel)

    def all(self):
        return {"json": self.json, "binary": self.binary, "grpc": self.grpc}

    def close(self):
        self.connection.close()
        self.channel.close()

    def post(self, model, body, headers):
        try:
            self.connection.request("POST", f"/v2/models/{model}/infer", body, headers)
            response = self.connection.getresponse()
            data = response.read()
        except OSError:
            # The next request opens it anew.
            self.connection.close()
            raise
        if response.status != 200:
            raise Refused(f"{response.status} {data[:300].decode(errors='replace')}")
        return response, data

    def json(self, model, inputs):
        tensors = [head(n, t) | {"data": t.to_json()} for n, t in inputs.items()]
        _, data = self.post(model, json.dumps({"inputs": tensors}, allow_nan=False), {})
        return {o["name"]: Tensor.from_json(o["datatype"], o["shape"], o["data"]) for o in json.loads(data)["outputs"]}

    def binary(self, model, inputs):
        tensors = [head(n, t) | {"parameters": {"binary_data_size": len(t.raw)}} for n, t in inputs.items()]
        text = json.dumps({"inputs": tensors, "parameters": {"binary_data_output": True}}).encode()
        body = text + b"".join(t.raw for t in inputs.values())
        response, data = self.post(model, body, {"Inference-Header-Content-Length": str(len(text))})
        at = int(response.getheader("Inference-Header-Content-Length"))
        outputs = {}
        for o in json.loads(data[:at])["outputs"]:
            size = o["parameters"]["binary_data_size"]
            outputs[o["name"]] = Tensor(o["datatype"], tuple(o["shape"]), data[at : at + size])
            at += size
        assert at == len(data), f"{len(data) - at} bytes after the last output"
        return outputs

    def grpc(self, model, inputs):
        request = service_pb2.ModelInferRequest(model_name=model)
        for n, t in inputs.items():
            request.inputs.add(name=n, datatype=t.datatype, shape=t.shape)
            request.raw_input_contents.append(t.raw)
        try:
            answer = self.stub.ModelInfer(request, timeout=SECONDS)
        except grpc.RpcError as error:
            raise Refused(f"{error.code().name} {error.details()}") from None
        assert len(answer.outputs) == len(answer.raw_output_contents)
        return {
            o.name: Tensor(o.datatype, tuple(o.shape), raw)
            for o, raw in zip(answer.outputs, answer.raw_output_contents)
        }


def head(name, tensor):
    return {"name": name, "shape": list(tensor.shape), "datatype": tensor.datatype}

"""Builds all-MiniLM-L6-v2 as ONNX from its safetensors: tokens in, a sentence's embedding out.

usage: minilm.py MODEL.safetensors OUT.onnx
Batch and length are free. The embedding is the mean over the tokens of the mask, at length 1 (L2), as the model's own
pooling has it. Sizes are those of its `config.json`: 6 layers, 12 heads, 384 wide.
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12


class Graph:
    """Nodes and constants as they are added; every method returns the name of its result."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def add(self, op, *inputs, **attributes):
        name = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def constant(self, value):
        array = np.asarray(value)
        name = f"{array.dtype}:{array.tolist()}"
        self.constants[name] = array
        return name

    def weight(self, name, transposed=False):
        self.constants[name] = np.ascontiguousarray(self.weights[name].T if transposed else self.weights[name])
        return name

    def dense(self, x, name):
        product = self.add("MatMul", x, self.weight(f"{name}.weight", transposed=True))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def norm(self, x, name):
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def gelu(self, x):
        half = self.add("Mul", x, self.constant(np.float32(0.5)))
        erf = self.add("Erf", self.add("Div", x, self.constant(np.float32(np.sqrt(2)))))
        return self.add("Mul", half, self.add("Add", erf, self.constant(np.float32(1))))

    def heads(self, x, order):
        split = self.add("Reshape", x, self.constant(np.array([0, 0, HEADS, WIDTH // HEADS])))
        return self.add("Transpose", split, perm=order)


def embeddings(g):
    length = g.add("Shape", "input_ids", start=1, end=2)
    positions = g.add("Slice", g.weight("embeddings.position_ids"), g.constant(np.array([0])), length, g.constant(np.array([1])))
    words = g.add("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids")
    types = g.add("Gather", g.weight("embeddings.token_type_embeddings.weight"), "token_type_ids")
    places = g.add("Gather", g.weight("embeddings.position_embeddings.weight"), positions)
    return g.norm(g.add("Add", g.add("Add", words, types), places), "embeddings.LayerNorm")


def attention(g, x, bias, name):
    query = g.heads(g.dense(x, f"{name}.self.query"), [0, 2, 1, 3])
    key = g.heads(g.dense(x, f"{name}.self.key"), [0, 2, 3, 1])
    value = g.heads(g.dense(x, f"{name}.self.value"), [0, 2, 1, 3])
    scale = g.constant(np.float32(np.sqrt(WIDTH // HEADS)))
    scores = g.add("Add", g.add("Div", g.add("MatMul", query, key), scale), bias)
    mixed = g.add("MatMul", g.add("Softmax", scores, axis=-1), value)
    joined = g.add("Reshape", g.add("Transpose", mixed, perm=[0, 2, 1, 3]), g.constant(np.array([0, 0, WIDTH])))
    return g.norm(g.add("Add", g.dense(joined, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")


def layer(g, x, bias, name):
    x = attention(g, x, bias, f"{name}.attention")
    wide = g.gelu(g.dense(x, f"{name}.intermediate.dense"))
    return g.norm(g.add("Add", g.dense(wide, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")


def pooled(g, x, mask):
    rows = g.add("Unsqueeze", mask, g.constant(np.array([2])))
    total = g.add("ReduceSum", g.add("Mul", x, rows), g.constant(np.array([1])), keepdims=0)
    count = g.add("ReduceSum", mask, g.constant(np.array([1])), keepdims=1)
    mean = g.add("Div", total, g.add("Max", count, g.constant(np.float32(1e-9))))
    return g.add("Div", mean, g.add("ReduceL2", mean, axes=[1], keepdims=1))


def build(weights):
    g = Graph(weights)
    mask = g.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.add("Unsqueeze", mask, g.constant(np.array([1, 2])))
    bias = g.add("Mul", g.add("Sub", g.constant(np.float32(1)), hidden), g.constant(np.float32(-1e9)))
    x = embeddings(g)
    for number in range(LAYERS):
        x = layer(g, x, bias, f"encoder.layer.{number}")
    g.nodes.append(helper.make_node("Identity", [pooled(g, x, mask)], ["sentence_embedding"]))
    tokens = ["input_ids", "attention_mask", "token_type_ids"]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"]) for n in tokens]
    outputs = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", WIDTH])]
    constants = [numpy_helper.from_array(array, name) for name, array in g.constants.items()]
    graph = helper.make_graph(g.nodes, "all-MiniLM-L6-v2", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    source, to = sys.argv[1:]
    model = build(load_file(source))
    onnx.checker.check_model(model)
    onnx.save(model, to)

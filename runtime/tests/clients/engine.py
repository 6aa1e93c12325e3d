"""What ONNX Runtime itself answers, through its own Python package."""
import ctypes

import numpy as np
import onnx
import onnxruntime

from tensors import Tensor


def session(model):
    """A session as the server opens one: one thread, every optimization. `model` is a path or the bytes."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def answers(opened, inputs):
    """The outputs by name for `inputs`, tensors by name."""
    arrays = {name: tensor.array() for name, tensor in inputs.items()}
    names = [output.name for output in opened.get_outputs()]
    types = {tensor.datatype for tensor in inputs.values()} | {output.type for output in opened.get_outputs()}
    if types.isdisjoint({"BF16", "tensor(bfloat16)"}):
        return {name: Tensor.of(found) for name, found in zip(names, opened.run(names, arrays))}
    feeds = {name: value(inputs[name], array) for name, array in arrays.items()}
    return {name: tensor(found) for name, found in zip(names, opened.run_with_ort_values(names, feeds))}


def value(given, array):
    """Numpy has no bfloat16 of its own: its bits go in under another name."""
    if given.datatype == "BF16":
        return onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(array.view(np.uint16), onnx.TensorProto.BFLOAT16)
    return onnxruntime.OrtValue.ortvalue_from_numpy(array)


def tensor(found):
    """The same on the way out."""
    if found.data_type() != "tensor(bfloat16)":
        return Tensor.of(found.numpy())
    shape = tuple(found.shape())
    size = 2 * int(np.prod(shape, dtype=np.int64))
    return Tensor("BF16", shape, ctypes.string_at(found.data_ptr(), size) if size else b"")

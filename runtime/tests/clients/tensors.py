"""Tensors of the protocol: between numpy, the bytes of the binary forms, and JSON."""
import dataclasses
import struct

import ml_dtypes
import numpy as np
import onnx

DTYPES = {
    "BOOL": np.dtype(np.bool_),
    "UINT8": np.dtype(np.uint8),
    "UINT16": np.dtype(np.uint16),
    "UINT32": np.dtype(np.uint32),
    "UINT64": np.dtype(np.uint64),
    "INT8": np.dtype(np.int8),
    "INT16": np.dtype(np.int16),
    "INT32": np.dtype(np.int32),
    "INT64": np.dtype(np.int64),
    "FP16": np.dtype(np.float16),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "FP32": np.dtype(np.float32),
    "FP64": np.dtype(np.float64),
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
FLOATS = {"FP16", "BF16", "FP32", "FP64"}


@dataclasses.dataclass(frozen=True)
class Tensor:
    """The protocol's name of the type, the shape, and the elements in row order as the binary form has them."""

    datatype: str
    shape: tuple
    raw: bytes

    @staticmethod
    def of(value):
        """From what numpy or ONNX call a tensor."""
        if isinstance(value, onnx.TensorProto):
            value = onnx.numpy_helper.to_array(value)
        array = np.asarray(value)
        if array.dtype.kind in "OSU":
            elements = [e if isinstance(e, bytes) else str(e).encode() for e in array.flatten().tolist()]
            return Tensor("BYTES", array.shape, b"".join(struct.pack("<I", len(e)) + e for e in elements))
        return Tensor(NAMES[array.dtype], array.shape, array.tobytes())

    def elements(self):
        """The elements of a BYTES tensor."""
        found, at = [], 0
        while at < len(self.raw):
            (size,) = struct.unpack_from("<I", self.raw, at)
            found.append(self.raw[at + 4 : at + 4 + size])
            at += 4 + size
        return found

    def array(self):
        if self.datatype == "BYTES":
            return np.array([e.decode() for e in self.elements()], dtype=object).reshape(self.shape)
        return np.frombuffer(self.raw, DTYPES[self.datatype]).reshape(self.shape)

    def to_json(self):
        """The elements for JSON; floats that it has no numbers for become strings."""
        if self.datatype == "BYTES":
            return [e.decode() for e in self.elements()]
        flat = self.array().flatten()
        return [special(float(v)) for v in flat] if self.datatype in FLOATS else flat.tolist()

    @staticmethod
    def from_json(datatype, shape, data):
        if datatype == "BYTES":
            return Tensor.of(np.array(data, dtype=object).reshape(shape))
        if datatype in FLOATS:
            data = [float(v) for v in data]
        return Tensor.of(np.array(data, dtype=DTYPES[datatype]).reshape(shape))

    def without_payloads(self):
        """The same with every NaN as one: JSON has no word for their payloads."""
        if self.datatype not in FLOATS:
            return self
        array = self.array().copy()
        array[np.isnan(array)] = np.nan
        return Tensor.of(array)


def special(value):
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value

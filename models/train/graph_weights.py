"""Reads and writes the weights of a TensorFlow.js graph model that is stored as float16 in one file."""

import json
from pathlib import Path

import numpy as np

DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_, "float16": np.float16}


class GraphWeights:
    """The topology and the weights of `NAME.json` and its `.bin` file."""

    def __init__(self, model_json: Path):
        self.model = json.loads(model_json.read_text())
        group = self.model["weightsManifest"][0]
        self.data = bytearray(b"".join((model_json.parent / path).read_bytes() for path in group["paths"]))
        self.entries = {}
        offset = 0
        for entry in group["weights"]:
            stored = entry.get("quantization", {}).get("dtype", entry["dtype"])
            size = int(np.prod(entry["shape"])) * np.dtype(DTYPES[stored]).itemsize
            self.entries[entry["name"]] = (offset, size, DTYPES[stored], entry["shape"])
            offset += size

    @property
    def nodes(self):
        return self.model["modelTopology"]["node"]

    def __contains__(self, name):
        return name in self.entries

    def read(self, name):
        """The tensor as float32, or as it is stored when it holds integers."""
        offset, size, dtype, shape = self.entries[name]
        values = np.frombuffer(bytes(self.data[offset : offset + size]), dtype=dtype).reshape(shape)
        return values.astype(np.float32) if dtype in (np.float16, np.float32) else values

"""Makes the fixtures beside this file: python3 make_fixtures.py, with NumPy 2.4.6.

NumPy itself wrote the .npy and .npz files. The safetensors package was not at hand: those files follow
the public description of the format (length, JSON header, data) with json and struct alone.
"""
import json
import os
import struct
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
# (k - 5) / 4: exact in every float type here; k - 5 in the integer types.
quarters = (np.arange(12) - 5) / 4
matrix = quarters.reshape(2, 3, 2)


def path(name):
    return os.path.join(here, name)


for code in ("<f2", "<f4", "<f8", ">f2", ">f4", ">f8"):
    np.save(path(code.replace("<", "le_").replace(">", "be_") + ".npy"), matrix.astype(code))
for code in ("i1", "<i2", "<i4", "<i8", ">i4", ">i8"):
    np.save(path(code.replace("<", "le_").replace(">", "be_") + ".npy"), (matrix * 4).astype(code))
np.save(path("u1.npy"), (matrix * 4 + 5).astype("u1"))
np.save(path("bool.npy"), matrix > 0)
np.save(path("fortran.npy"), np.asfortranarray(matrix.astype("<f4")))
np.save(path("fortran_be_f8.npy"), np.asfortranarray(matrix.astype(">f8")))
np.save(path("scalar.npy"), np.float32(1.5))
np.save(path("vector.npy"), np.array([1, 2, 3], "<f4"))
np.save(path("empty.npy"), np.zeros((0, 3), "<f4"))
with open(path("version2.npy"), "wb") as f:
    np.lib.format.write_array(f, matrix.astype("<f4"), version=(2, 0))
with open(path("version3.npy"), "wb") as f:
    np.lib.format.write_array(f, matrix.astype("<f4"), version=(3, 0))

# Refused: kinds that are no plain numbers.
np.save(path("refused_complex.npy"), matrix.astype("<c8"))
np.save(path("refused_text.npy"), np.array(["a", "bc"]))
np.save(path("refused_pickle.npy"), np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save(path("refused_record.npy"), np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
np.save(path("refused_u8.npy"), np.arange(3, dtype="<u8"))
np.save(path("refused_large_i8.npy"), np.array([1, 2**24 + 1], "<i8"))
np.save(path("refused_large_f8.npy"), np.array([1, 1e300], "<f8"))

arrays = {"conv1.weight": matrix.astype("<f4"), "conv1.bias": np.array([0.5, -0.5], "<f4"),
          "head/steps": np.array(7, "<i8"), "half": quarters.astype("<f2")}
np.savez(path("stored.npz"), **arrays)
np.savez_compressed(path("deflated.npz"), **arrays)


def safetensors(name, tensors, metadata=None, pad=True):
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for key, dtype, shape, raw in tensors:
        header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    if pad:
        text += b" " * (-len(text) % 8)
    with open(path(name), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


bfloat = (quarters.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
safetensors("types.safetensors", [
    ("f64", "F64", [2, 3, 2], quarters.astype("<f8").tobytes()),
    ("f32", "F32", [2, 3, 2], quarters.astype("<f4").tobytes()),
    ("f16", "F16", [12], quarters.astype("<f2").tobytes()),
    ("bf16", "BF16", [12], bfloat),
    ("i64", "I64", [12], (quarters * 4).astype("<i8").tobytes()),
    ("i8", "I8", [12], (quarters * 4).astype("i1").tobytes()),
    ("scalar", "F32", [], struct.pack("<f", 1.5)),
    ("none", "F32", [0, 3], b""),
], {"format": "pt", "made by": "na\u00efve \u6587\u5b57"})
safetensors("unpadded.safetensors", [("b", "F32", [2], struct.pack("<2f", 3, 4)),
                                     ("a", "F32", [1], struct.pack("<f", 5))], pad=False)
# The header's order is not the data's: allowed by the format.
text = json.dumps({"first": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
                   "second": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
with open(path("other_order.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + struct.pack("<2f", 2, 1))

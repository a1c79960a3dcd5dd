"""What pickle, deepcopy, copy and save keep of a tensor's layout: strides, offset, and which tensors share memory."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun import nn

B = torch.arange(24.0)
LAYOUTS = {
    "plain": B.view(4, 6),
    "t": B.view(4, 6).t(),
    "permuted": B.view(2, 3, 4).permute(2, 0, 1),
    "step": B[::3],
    "part": B[5:9],
    "expand": B[:1].expand(3),
    "expand rows": B[:4].expand(3, 4),
    "diagonal": B.view(4, 6).diagonal(),
    "unfold": B.unfold(0, 4, 2),
    "as_strided": B.as_strided((2, 3), (1, 2), 4),
    "channels_last": torch.ones(1, 2, 3, 4).to(memory_format=torch.channels_last),
    "channels_last_3d": torch.ones(1, 2, 3, 4, 2).to(memory_format=torch.channels_last_3d),
    "real": torch.view_as_real(torch.ones(3, dtype=torch.complex64)),
    "imag": torch.ones(3, dtype=torch.complex64).imag,
    "bytes": B.view(torch.uint8)[3:],
    "0-d": torch.tensor(3.0),
    "0-d of a vector": B[3],
    "sum": B.sum(),
    "empty": torch.empty(0),
    "bfloat16": B.to(torch.bfloat16).view(4, 6).t(),
    "bool": (B > 3).view(4, 6).t(),
    "of an F-ordered array": torch.from_numpy(np.asfortranarray(np.ones((2, 3)))),
    "of a part of an array": torch.from_numpy(np.ones((4, 6))[::2, 1:]),
    "of a buffer": torch.frombuffer(bytearray(16), dtype=torch.float32),
    "shared": torch.ones(2, 3).share_memory_().t(),
    "parameter": nn.Parameter(B.view(4, 6).t()),
    "requires grad": B.view(4, 6).t().detach().requires_grad_(),
}


def _saved(value: Any) -> Any:
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file)


def _out_of_band(value: Any) -> Any:
    buffers: list = []
    data = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    assert buffers
    return pickle.loads(data, buffers=[bytearray(b.raw()) for b in buffers])


WAYS: dict[str, Callable] = {
    **{f"pickle {n}": lambda v, n=n: pickle.loads(pickle.dumps(v, n)) for n in range(pickle.HIGHEST_PROTOCOL + 1)},
    "pickle in Python": lambda v: pickle._Unpickler(io.BytesIO(pickle._dumps(v, 4))).load(),  # type: ignore
    "out of band": _out_of_band,
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "save": _saved,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str, way: str) -> None:
    x = LAYOUTS[name]
    if way == "out of band" and x.numel() == 0:
        pytest.skip("NumPy has no buffer for an array without elements")
    y = WAYS[way](x)
    assert type(y) is type(x) and y.dtype is x.dtype and y.requires_grad == x.requires_grad and y.tolist() == x.tolist()
    if not (way == "deepcopy" and name in ("parameter", "of a part of an array")):  # these are cloned
        assert y.stride() == x.stride()
    if way != "copy":
        assert y.numel() == 0 or y.data_ptr() != x.data_ptr()
    with torch.no_grad():
        if not name.startswith("expand"):
            y.detach()[...] = y.detach()[...].clone()  # it can be written to


@pytest.mark.parametrize("way", [way for way in WAYS if way != "copy"])
def test_what_shares_memory_does_so_afterwards(way: str) -> None:
    base = torch.arange(6.0)
    parts = {"base": base, "t": base.view(2, 3).t(), "tail": base[4:], "bytes": base.view(torch.uint8), "same": base}
    if way == "save":  # PyTorch's files have one dtype for each storage
        del parts["bytes"]
    loaded = WAYS[way](parts)
    assert loaded["same"] is loaded["base"]
    loaded["base"].fill_(7.0)
    for name, part in loaded.items():
        assert name == "bytes" or (part == 7).all(), name
        assert part.untyped_storage() == loaded["base"].untyped_storage(), name
    assert base[0] == 0


def test_a_view_brings_its_whole_storage() -> None:
    x = pickle.loads(pickle.dumps(torch.arange(100.0)[5:7]))
    assert x.storage_offset() == 5 and x.untyped_storage().nbytes() == 400


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("copy", "save")])
def test_modules_keep_their_layout_and_ties(way: str) -> None:
    module = nn.Sequential(nn.Conv2d(2, 2, 3), nn.Conv2d(2, 2, 3)).to(memory_format=torch.channels_last)
    module[1].weight = module[0].weight
    flat = torch.zeros(6)
    module.first, module.second = nn.Parameter(flat[:3]), nn.Parameter(flat[3:])
    loaded = WAYS[way](module)
    assert loaded[0].weight.is_contiguous(memory_format=torch.channels_last) and loaded[1].weight is loaded[0].weight
    together = loaded.first.untyped_storage() == loaded.second.untyped_storage()
    assert together == (way != "deepcopy")  # PyTorch's deepcopy of a Parameter clones it


def test_an_older_pickle_is_read() -> None:
    from mibun.ops.conversion.pickling import _rebuild

    x = _rebuild(torch.Tensor, np.ones((2, 3), np.float32), True, {"note": 1})
    assert x.requires_grad and x.note == 1 and x.shape == (2, 3)

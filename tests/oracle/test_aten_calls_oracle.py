"""`torch.ops.aten`: every overload that PyTorch's own functions call is called by its name, with the same arguments.

PyTorch runs the samples, forward and backward, under a mode that writes down each overload with its arguments and
result; mibun's overload of that name must give the same. What mibun has no function of is listed, with its reason.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

import mibun  # noqa: E402
from samples import SAMPLES  # noqa: E402
from test_ops import known  # noqa: E402

pytestmark = pytest.mark.oracle


class Recorder(TorchDispatchMode):
    """Writes down each overload with copies of its arguments, and its result: at most so many of each."""

    def __init__(self, most: int = 2) -> None:
        super().__init__()
        self.calls: dict[Any, list[tuple[tuple, dict, Any]]] = {}
        self.most = most

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        known_calls = self.calls.setdefault(func, [])
        if len(known_calls) >= self.most or func.namespace != "aten":
            return func(*args, **(kwargs or {}))
        given = convert((args, kwargs or {}))
        result = func(*args, **(kwargs or {}))
        known_calls.append((*given, convert(result)))
        return result


def convert(value: Any) -> Any:
    """Arguments and results in mibun's terms."""
    if isinstance(value, real_torch.Tensor):
        value = value.detach().resolve_conj().resolve_neg()
        if value.dtype == real_torch.bfloat16 or value.dtype == real_torch.complex32 or value.is_sparse:
            raise NotImplementedError(value.dtype)
        array = mibun.from_numpy(value.contiguous().numpy().copy())
        return array.clone()
    if isinstance(value, (list, tuple)):
        return type(value)(convert(one) for one in value) if type(value) in (list, tuple) else tuple(map(convert, value))
    if isinstance(value, dict):
        return {key: convert(one) for key, one in value.items()}
    for kind in (real_torch.dtype, real_torch.memory_format, real_torch.layout):
        if isinstance(value, kind):
            return getattr(mibun, str(value).removeprefix("torch."))
    return mibun.device(str(value)) if isinstance(value, real_torch.device) else value


def recorded() -> dict[Any, list[tuple[tuple, dict, Any]]]:
    recorder = Recorder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for sample in SAMPLES:
            if not known(sample):
                continue
            try:
                tensors = [real_torch.from_numpy(array.copy()) for array in sample.arrays()]
                for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
                    if differentiated and tensor.is_floating_point():
                        tensor.requires_grad_()
                with recorder:
                    result = sample.run(real_torch, tensors)
                    outputs = [one for one in (result if isinstance(result, (list, tuple)) else [result])]
                    outputs = [one for one in outputs if isinstance(one, real_torch.Tensor) and one.requires_grad]
                    if outputs:
                        sum(one.abs().sum() for one in outputs).backward()
            except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError):
                continue
    return recorder.calls

"""NumPy's functions of tensors that do not require grad: what type the results have is as with PyTorch's tensors.

Only where PyTorch's raise, or give what NumPy does not mean, is the result our own.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import mibun
from numpy_calls import CALLS, arrays_for

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

NAMES = sorted({name for name, _, _ in CALLS})


def parts_of(result: Any) -> list[Any]:
    if isinstance(result, (tuple, list)) and type(result).__name__ != "Size":
        return [part for item in result for part in parts_of(item)]
    return [result]


def same_value(one: Any, other: Any) -> bool:
    if hasattr(other, "dtype"):
        return np.shape(one) == np.shape(other) and np.allclose(np.asarray(one), other)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("name", NAMES)
def test_types(name):
    tried = 0
    for _, call, shapes in [line for line in CALLS if line[0] == name]:
        arrays = arrays_for(shapes)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                theirs = parts_of(call(*[torch.from_numpy(array.copy()) for array in arrays]))
            except Exception:
                continue
            ours = parts_of(call(*[mibun.from_numpy(array.copy()) for array in arrays]))
            expected = parts_of(call(*arrays))
        if len(theirs) != len(expected) or not all(map(same_value, theirs, expected)):
            continue
        tried += 1
        assert [type(part).__name__ for part in ours] == [type(part).__name__ for part in theirs]
        assert all(map(same_value, ours, expected))
    assert tried or name in RAISES, "PyTorch does it in no way"


# What PyTorch does in no way (those of these that later versions do must leave this list).
RAISES = (
    "all any amax amin argwhere array2string array_repr astype block flip imag iscomplex isreal lexsort "
    "linalg.tensorsolve max mean min moveaxis piecewise prod result_type rollaxis shape size std sum unstack var"
).split()


@pytest.mark.parametrize("mode", ["no_grad", "inference_mode"])
@pytest.mark.parametrize("library", [mibun, torch], ids=["mibun", "torch"])
def test_arrays_where_grad_mode_is_off(library, mode):
    x = library.ones(2, requires_grad=True)
    with getattr(library, mode)():
        assert x.numpy().tolist() == np.asarray(x).tolist() == [1, 1]
        with library.enable_grad(), pytest.raises(RuntimeError, match="Can't call numpy"):
            x.numpy()

"""NumPy's functions on Tensors: the values are NumPy's, the gradients those of finite differences."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import mibun as torch
from numpy_calls import CALLS, arrays_for

NAMES: dict[str, int] = {}
CASES = []
for _name, _call, _shapes in CALLS:
    NAMES[_name] = NAMES.get(_name, 0) + 1
    CASES.append(pytest.param(_call, _shapes, id=f"{_name}-{NAMES[_name]}"))
# Those whose results are constants.
UNDIFFERENTIATED = (
    "equal less greater logical nextafter heaviside floor_divide isfinite isinf isnan signbit spacing all any arg count_nonzero "
    "nanarg flatnonzero zeros_like ones_like linalg.matrix_rank shape ndim size iscomplex isreal result_type allclose isclose "
    "array_equ searchsorted digitize histogram isin lexsort may_share_memory array2string array_repr not_equal ceil_"
).split()


def parts_of(result: Any) -> list[Any]:
    if isinstance(result, (tuple, list)) and not isinstance(result, torch.Size):
        return [part for item in result for part in parts_of(item)]
    return [result]


def value_of(part: Any) -> Any:
    return part.detach().numpy() if isinstance(part, torch.Tensor) else part


def tensors_for(arrays: list[np.ndarray]) -> list[torch.Tensor]:
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def assert_same(found: Any, expected: Any) -> None:
    found, expected = parts_of(found), parts_of(expected)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        one = value_of(one)
        if isinstance(other, (np.ndarray, np.generic)):
            assert np.shape(one) == np.shape(other) and np.asarray(one).dtype == other.dtype, (one, other)
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)
        else:
            assert one == other


def test_enough_functions_are_tried():
    assert len(NAMES) >= 250


@pytest.mark.parametrize(("call", "shapes"), CASES)
def test_values(call, shapes):
    arrays = arrays_for(shapes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = call(*arrays)
        assert_same(call(*tensors_for(arrays)), expected)


@pytest.mark.parametrize(("call", "shapes"), CASES)
def test_gradients(call, shapes, request):
    name = request.node.callspec.id
    tensors = tensors_for(arrays_for(shapes))
    outputs = [part for part in parts_of(call(*tensors)) if isinstance(part, torch.Tensor)]
    if name.startswith(tuple(UNDIFFERENTIATED)):
        assert not any(part.requires_grad for part in outputs)
        return
    outputs = [part for part in outputs if part.requires_grad]
    assert outputs, "nothing is recorded"

    def differentiable(*tensors: Any) -> Any:
        parts = [part for part in parts_of(call(*tensors)) if isinstance(part, torch.Tensor) and part.requires_grad]
        return tuple(parts)

    assert torch.autograd.gradcheck(differentiable, tensors, atol=1e-4)


@pytest.mark.parametrize(("call", "shapes"), CASES)
def test_where_nothing_is_recorded(call, shapes):
    """Tensors that do not require grad, and those that do under no_grad: NumPy's values, but for PyTorch's own ways."""
    arrays = arrays_for(shapes)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for tensors in (tensors_for(arrays), [torch.tensor(array) for array in arrays]):
            call(*tensors)

"""Properties of the Array API namespace on arrays, shapes, dtypes and indices that hypothesis draws through it."""

import math

import numpy as np
import pytest

import mibun

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from hypothesis.extra.array_api import make_strategies_namespace  # noqa: E402

xp = mibun.ones(1).__array_namespace__()
xps = make_strategies_namespace(xp, api_version="2024.12")
quick = settings(max_examples=60, deadline=None, database=None, derandomize=True)
DTYPES = st.one_of(xps.boolean_dtypes(), xps.numeric_dtypes())
SHAPES = xps.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=4)


def same(found, expected):
    assert found.dtype.np == expected.dtype and tuple(found.shape) == expected.shape
    np.testing.assert_array_equal(found.numpy(), expected)


@quick
@given(xps.arrays(DTYPES, SHAPES), st.data())
def test_indices(x, data):
    key = data.draw(xps.indices(x.shape, allow_newaxis=True))
    items = key if isinstance(key, tuple) else (key,)
    assume(
        all(not isinstance(item, slice) or (item.step or 1) > 0 for item in items)
    )  # PyTorch's tensors have no others
    same(x[key], x.numpy()[key])
    written = x.clone()
    written[key] = x[key]
    same(written, x.numpy())


@quick
@given(xps.arrays(DTYPES, SHAPES), st.data())
def test_masks(x, data):
    mask = data.draw(xps.arrays(xp.bool, x.shape[: data.draw(st.integers(0, x.ndim))]))
    same(x[mask], x.numpy()[mask.numpy()])
    written, expected = x.clone(), x.numpy().copy()
    written[mask] = expected[mask.numpy()] = 1
    same(written, expected)


@quick
@given(st.data())
def test_broadcasting(data):
    shapes = data.draw(xps.mutually_broadcastable_shapes(3))
    arrays = [xp.ones(shape) for shape in shapes.input_shapes]
    assert xp.broadcast_shapes(*shapes.input_shapes) == shapes.result_shape
    assert all(x.shape == shapes.result_shape for x in xp.broadcast_arrays(*arrays))
    assert xp.add(arrays[0], xp.add(*arrays[1:])).shape == shapes.result_shape
    assert xp.where(arrays[0] > 0, *arrays[1:]).shape == shapes.result_shape


@quick
@given(xps.arrays(xps.real_dtypes(), SHAPES))
def test_order_and_sets(x):
    x = xp.where(x == 0, xp.zeros_like(x), x)  # of -0 and 0 it is open which comes first
    values, indices, inverse, counts = xp.unique_all(x)
    assert values.dtype is x.dtype and inverse.shape == x.shape and xp.sum(counts) == math.prod(x.shape)
    same(values[inverse], x.numpy())
    same(x.reshape(-1)[indices], values.numpy())
    if x.ndim:
        same(xp.sort(x), np.sort(x.numpy()))
        same(xp.take_along_axis(x, xp.argsort(x)), np.sort(x.numpy()))
        same(xp.flip(xp.sort(x, descending=True), axis=-1), np.sort(x.numpy())) if not x.isnan().any() else None


@quick
@given(xps.arrays(DTYPES, SHAPES), st.data())
def test_shapes(x, data):
    array, ndim = x.numpy(), x.ndim
    order = data.draw(st.permutations(range(ndim)))
    same(xp.permute_dims(x, tuple(order)), array.transpose(order))
    same(xp.reshape(xp.permute_dims(x, tuple(order)), (-1,)), array.transpose(order).reshape(-1)) if x.numel() else None
    if ndim:
        axis = data.draw(st.integers(-ndim, ndim - 1))
        shift = data.draw(st.integers(-9, 9))
        same(xp.roll(x, shift, axis=axis), np.roll(array, shift, axis))
        same(xp.flip(x, axis=axis), np.flip(array, axis))
        same(xp.concat([x, x], axis=axis), np.concatenate([array, array], axis))
        same(xp.stack(xp.unstack(x, axis=axis), axis=axis), array) if x.shape[axis] else None
        same(xp.repeat(x, 2, axis=axis), np.repeat(array, 2, axis))
    repetitions = tuple(data.draw(st.lists(st.integers(0, 2), max_size=4)))
    same(xp.tile(x, repetitions), np.tile(array, repetitions))


@quick
@given(st.data(), xps.integer_dtypes())
def test_ranges(data, dtype):
    limits = xp.iinfo(dtype)
    start, step = data.draw(st.integers(limits.min, limits.max)), data.draw(st.integers(1, 50))
    down = data.draw(st.booleans())
    numbers = range(start, start - 200, -step) if down else range(start, start + 200, step)
    numbers = [n for n in numbers if limits.min <= n <= limits.max][:5]
    stop = min(max(numbers[-1] + (-1 if down else 1), limits.min), limits.max)
    expected = list(range(start, stop, -step if down else step))
    found = xp.arange(start, stop, -step if down else step, dtype=dtype)
    assert found.dtype is dtype and found.tolist() == expected


@quick
@given(xps.from_dtype(xp.float64, allow_nan=False, allow_infinity=False), st.integers(1, 20), st.booleans())
def test_spaces(stop, num, endpoint):
    found = xp.linspace(0.0, stop, num, endpoint=endpoint, dtype=xp.float64)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(
            found.numpy(), np.linspace(0.0, stop, num, endpoint=endpoint), rtol=1e-12, atol=1e-300
        )
    assert found[0] == 0 and (not endpoint or num == 1 or found[-1] == stop)

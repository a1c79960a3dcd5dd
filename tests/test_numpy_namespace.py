"""What the NumPy namespace does in a quicker way gives, bit for bit, what the plain way gives."""

from __future__ import annotations

import numpy as np
import pytest

from mibun.xp.numpy import order, selection

SHAPES = [
    ((100, 50), (100, 50), (100, 50)),
    ((100, 1), (50,), (100, 50)),
    ((3, 100, 50), (100, 50), (100, 50)),
    ((100, 50), (3, 100, 50), (100, 50)),
    ((), (), (5000,)),
]


def numbers(rng: np.random.Generator, shape: tuple, dtype: str) -> np.ndarray:
    """Random ones, with NaN, infinities and both zeros among them."""
    values = (rng.normal(size=shape) * 50).astype(dtype)
    if dtype[0] == "f" and values.ndim:
        values.flat[::7], values.flat[1::7], values.flat[3] = np.nan, -np.inf, -0.0
    return values


@pytest.mark.parametrize("dtype", "f2 f4 f8 i1 i2 i4 i8 u1 u4 u8 c8 b1".split())
@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_where(dtype: str, shapes: tuple) -> None:
    rng = np.random.default_rng(0)
    x, y = numbers(rng, shapes[0], dtype), numbers(rng, shapes[1], dtype)
    mask = rng.random(shapes[2]) > 0.5
    scalar = x.dtype.type(3)
    pairs = [
        (x, y),
        (x, 0.0),
        (0.0, y),
        (x, -0.0),
        (x, 3),
        (scalar, y),
        (scalar, x.dtype.type(0)),
        (x, np.arange(y.size).reshape(y.shape)),
    ]
    if shapes[0] == shapes[1] == mask.shape == (100, 50):
        pairs += [(x[::-1], y), (x, y.reshape(50, 100).T), (x.T, y.T)]
    for a, b in pairs:
        if a is not x and np.ndim(a) == 2 and a.shape == x.T.shape:
            mask = mask.T
        expected = np.where(mask, a, b)
        found = selection.where(mask, a, b)
        assert found.dtype == expected.dtype and found.shape == expected.shape
        assert np.ascontiguousarray(found).tobytes() == np.ascontiguousarray(expected).tobytes()


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_copysign_and_clip(dtype: str) -> None:
    rng = np.random.default_rng(0)
    x, y = numbers(rng, (100, 50), dtype), numbers(rng, (100, 50), dtype)
    assert selection.copysign(x, y).tobytes() == np.copysign(x, y).tobytes()
    for low, high in ((0.0, 6.0), (-np.inf, 1.0), (0.0, np.inf), (3.0, 2.0)):
        expected = np.minimum(np.maximum(x, x.dtype.type(low)), x.dtype.type(high))
        np.testing.assert_array_equal(selection.clip(x, low, high), expected)
        np.testing.assert_array_equal(selection.clip(x[:2], low, high), expected[:2])
    np.testing.assert_array_equal(selection.keep_where(y > 0, x), np.where(y > 0, x, x.dtype.type(0)))


@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "u1"])
@pytest.mark.parametrize("shape, axis", [((3000,), 0), ((200, 12), 0), ((3, 400), 1), ((2, 300, 2), 1)])
def test_ranks_without_sorting(dtype: str, shape: tuple, axis: int) -> None:
    """The same indices as by sorting, with and without equal elements and NaN."""
    rng = np.random.default_rng(0)
    distinct = rng.permutation(np.prod(shape)).reshape(shape)
    for x in (distinct.astype(dtype), (distinct % 50).astype(dtype), numbers(rng, shape, dtype)):
        for k in (1, 7, 50, shape[axis] - 1):
            for descending in (False, True):
                expected = order.stable_order(x, axis, descending)[(slice(None),) * axis + (slice(k),)]
                np.testing.assert_array_equal(order.first_in_order(x, k, axis, descending), expected)
            rank = np.full([1 if i == axis else n for i, n in enumerate(shape)], k)
            expected = order.read_along(order.stable_order(x, axis, False), rank, axis)
            np.testing.assert_array_equal(order.index_of_rank(x, rank, axis), expected)


@pytest.mark.parametrize("n", [5, 5000])
def test_exchanges_in_turn(n: int) -> None:
    targets = np.arange(n - 1) + np.random.default_rng(0).integers(0, n, n - 1) % np.arange(n, 1, -1)
    expected = list(range(n))
    for i, j in enumerate(targets):
        expected[i], expected[j] = expected[j], expected[i]
    assert order.interchanged(targets).tolist() == expected

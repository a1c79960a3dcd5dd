"""Choosing by a mask without a branch gives, bit for bit, what `np.where` gives."""

from __future__ import annotations

import numpy as np
import pytest

from mibun.xp.numpy import selection

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
    pairs = [(x, y), (x, 0.0), (0.0, y), (x, -0.0), (x, 3), (scalar, y), (scalar, x.dtype.type(0)), (x, x[::-1].T.T)]
    pairs += [(x.T, y.T.copy()), (x, y.astype("f8"))]
    for a, b in pairs if x.ndim else pairs[:-3]:
        if np.ndim(a) == 2 and np.broadcast_shapes(a.shape, mask.shape) not in (mask.shape, a.shape):
            continue
        try:
            expected = np.where(mask, a, b)
        except ValueError:
            continue  # transposed, they do not broadcast
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

"""What the NumPy namespace does in a quicker way gives, bit for bit, what the plain way gives."""

from __future__ import annotations

import numpy as np
import pytest

from mibun.xp.numpy import large, order, selection, special
from mibun.xp.special import functions

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


def test_erf_of_large_float32_arrays() -> None:
    """Within 3.5 units in the last place of the function in float64, and exact at the ends."""
    x = np.concatenate([np.linspace(-5, 5, 200_001), 10.0 ** np.linspace(-37, 0, 5000)]).astype(np.float32)
    exact = functions.erf(np, x.astype(np.float64))
    found = special.erf(x)
    assert found.dtype == np.float32
    assert (np.abs(found - exact) <= 3.5 * np.spacing(np.abs(exact).astype(np.float32))).all()
    ends = np.resize(np.array([0.0, -0.0, np.inf, -np.inf, np.nan], np.float32), 500)
    np.testing.assert_array_equal(special.erf(ends)[:5], np.array([0, -0.0, 1, -1, np.nan], np.float32))
    assert np.signbit(special.erf(ends)[1])


@pytest.mark.parametrize("scalar", [False, True])
@pytest.mark.parametrize("name", ["fmod", "remainder", "floor_divide"])
def test_remainders_of_large_arrays(name: str, scalar: bool) -> None:
    """Bit for bit, near whole quotients too, with zeros of either sign."""
    rng = np.random.default_rng(0)
    ours, theirs = getattr(large, name), getattr(np, name)
    for size in (1.0, 1e3, 1e7, 1e12):
        y = (rng.normal(size=20_000) * 10.0 ** rng.uniform(-3, 3, 20_000)).astype(np.float32)
        y[y == 0] = 1
        x = (rng.normal(size=20_000) * size).astype(np.float32)
        x[:5000] = y[:5000] * rng.integers(-1000, 1000, 5000)  # whole quotients, or nearly
        x[5000:5100], x[5100:5200] = 0.0, -0.0
        for divisor in (y[0], -y[1], y[2]) if scalar else (y,):
            found, expected = ours(x, divisor), theirs(x, divisor)
            assert found.dtype == expected.dtype
            assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("name", ["hypot", "logaddexp", "logaddexp2"])
def test_large_arrays_in_steps(name: str, dtype: str) -> None:
    """To 4 units in the last place of the larger operand, infinities and NaN too."""
    rng = np.random.default_rng(0)
    x, y = [(rng.normal(size=5000) * 20).astype(dtype) for _ in range(2)]
    ends = [np.inf, -np.inf, np.nan, 0.0, 1.0]
    x[:25], y[:25] = np.repeat(ends, 5), np.tile(ends, 5)
    with np.errstate(all="ignore"):
        found, expected = getattr(large, name)(x, y), getattr(np, name)(x, y)
    assert found.dtype == expected.dtype
    limit = 4 * np.finfo(dtype).eps
    np.testing.assert_allclose(found, expected, rtol=limit, atol=limit * 60)


def test_product_of_a_long_array() -> None:
    x = np.random.default_rng(0).uniform(0.9, 1.1, 10_007)
    np.testing.assert_allclose(large.product(x), np.prod(x), rtol=1e-12)
    assert large.product(x[:7]) == np.prod(x[:7])


@pytest.mark.parametrize("shape, axis", [((50,), 0), ((20, 30), 1), ((20, 30), 0), ((4, 5, 6), 1), ((3, 0), 0)])
def test_newest_true(shape: tuple, axis: int) -> None:
    met = np.random.default_rng(0).random(shape) > 0.6
    met[(slice(None),) * axis + (slice(1),)] = True
    places = np.broadcast_to(np.arange(shape[axis]).reshape(-1, *[1] * (len(shape) - axis - 1)), shape)
    expected = np.maximum.accumulate(np.where(met, places, 0), axis=axis)
    np.testing.assert_array_equal(order.newest_true(met, axis), expected)


def test_erfinv_of_large_float32_arrays() -> None:
    """Within 4.5 units in the last place of the function in float64; the ends and beyond."""
    ends = np.nextafter(np.float32(1), np.float32(0)), np.float32(1e-38), np.float32(-0.9999)
    x = np.concatenate([np.linspace(-1, 1, 100_002)[1:-1].astype(np.float32), ends])
    exact = functions.erfinv(np, x.astype(np.float64))
    assert (np.abs(special.erfinv(x) - exact) <= 4.5 * np.spacing(np.abs(exact).astype(np.float32))).all()
    ends = np.resize(np.array([1, -1, 2, -2, np.nan, 0.0], np.float32), 600)
    np.testing.assert_array_equal(special.erfinv(ends)[:6], [np.inf, -np.inf, np.nan, np.nan, np.nan, 0])

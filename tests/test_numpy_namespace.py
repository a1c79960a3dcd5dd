"""What the NumPy namespace does in a quicker way gives, bit for bit, what the plain way gives."""

from __future__ import annotations

import numpy as np
import pytest

from mibun.xp.numpy import (
    adding,
    convolution,
    large,
    namespace,
    order,
    pairs,
    pooling,
    recurrence,
    rows,
    selection,
    special,
)
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
@pytest.mark.parametrize("shape, axis", [((3000,), 0), ((20_001,), 0), ((200, 12), 0), ((3, 400), 1), ((2, 300, 2), 1)])
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


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8", "i8"])
@pytest.mark.parametrize("shape", [(100_003,), (316, 316), (40, 3), ()])
def test_sum_of_all(shape: tuple, dtype: str) -> None:
    """As exact as NumPy's own, in float64; what is not finite comes through."""
    x = np.asarray(np.random.default_rng(0).normal(size=shape) * 9).astype(dtype)
    found, expected = large.total(x), np.add.reduce(x.astype("c16"), axis=None)
    assert found.dtype == x.dtype
    scale = np.abs(x.astype("c16")).sum()
    assert abs(found - expected) <= (0 if dtype == "i8" else 8 * np.finfo(dtype).eps * scale)
    for value in (np.inf, np.nan):
        if dtype in ("f4", "f8") and x.ndim:
            x.flat[7] = value
            np.testing.assert_array_equal(large.total(x), value)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i4"])
@pytest.mark.parametrize("shape", [(100, 50), (3, 40, 7), (300, 2), (5, 1000), (4, 3), (700, 1), (600,)])
def test_extremes_and_sums_of_rows(shape: tuple, dtype: str) -> None:
    rng = np.random.default_rng(0)
    for x in ((rng.normal(size=shape) * 9).astype(dtype), numbers(rng, shape, dtype)):
        for array in (x, x[::2], x.T):
            for axis in (array.ndim - 1, -1, (array.ndim - 1,), 0):
                for keepdims in (False, True):
                    for place, reduction in ((np.argmax, np.maximum), (np.argmin, np.minimum)):
                        found = rows.extremes(place, reduction, array, axis, keepdims)
                        np.testing.assert_array_equal(found, reduction.reduce(array, axis=axis, keepdims=keepdims))
                if dtype[0] == "f":
                    with np.errstate(all="ignore"):
                        found, exact = rows.row_sums(array, axis), np.sum(array.astype(float), axis=axis, keepdims=True)
                        scale = np.sum(np.abs(array.astype(float)), axis=axis, keepdims=True)
                    assert found.dtype == dtype
                    finite = np.isfinite(exact)
                    assert (np.abs(found[finite] - exact[finite]) <= 9 * np.finfo(dtype).eps * scale[finite]).all()
                    np.testing.assert_array_equal(found[~finite], exact[~finite])


def test_row_by_row() -> None:
    """The same result, under a small buffer for long rows alone; the user's is back afterwards, after errors too."""
    sizes = []

    def add(x, y):
        sizes.append(np.getbufsize())
        return x + y

    x = np.random.default_rng(0).normal(size=(300, 300))
    before = np.setbufsize(1024)
    try:
        for array in (x, x[:, :200], x[:10]):
            np.testing.assert_array_equal(rows.row_by_row(add, array.shape, array, array[:1]), array + array[:1])
            assert np.getbufsize() == 1024
        with pytest.raises(ValueError, match="broadcast"):
            rows.row_by_row(add, x.shape, x, x[:, 1:])
        assert np.getbufsize() == 1024
    finally:
        np.setbufsize(before)
    assert sizes == [16, 1024, 1024, 16]


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8"])
@pytest.mark.parametrize(
    "shape, axis", [((2000, 60), 1), ((60, 200), 0), ((2, 30, 150), 1), ((150, 3), 1), ((3, 9), 1)]
)
def test_linear_recurrence(shape: tuple, axis: int, dtype: str) -> None:
    """Bit for bit what the steps give one after the other; None for few lines."""
    rng = np.random.default_rng(0)
    c, a = (rng.normal(size=(2, *shape)) + (1j * rng.normal(size=(2, *shape)) if dtype == "c8" else 0)).astype(dtype)
    found = order.linear_recurrence(c, a, axis)
    assert (found is None) == (shape == (3, 9))
    if found is not None:
        constants, factors = np.moveaxis(c, axis, 0), np.moveaxis(a, axis, 0)
        steps = [constants[0]]
        for constant, factor in zip(constants[1:], factors[1:], strict=True):
            steps.append(constant + factor * steps[-1])
        np.testing.assert_array_equal(found, np.moveaxis(np.stack(steps), 0, axis))
        assert found.dtype == dtype and found.flags.c_contiguous
    assert order.linear_recurrence(c, a[:1], axis) is None


@pytest.mark.parametrize("shape, axis", [((50,), 0), ((20, 30), 1), ((20, 30), 0), ((4, 5, 6), 1), ((3, 0), 0)])
def test_newest_true(shape: tuple, axis: int) -> None:
    met = np.random.default_rng(0).random(shape) > 0.6
    met[(slice(None),) * axis + (slice(1),)] = True
    places = np.broadcast_to(np.arange(shape[axis]).reshape(-1, *[1] * (len(shape) - axis - 1)), shape)
    expected = np.maximum.accumulate(np.where(met, places, 0), axis=axis)
    np.testing.assert_array_equal(order.newest_true(met, axis), expected)


@np.errstate(all="ignore")
@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "name, low, high",
    [
        ("erfcx_slope", -5, 30),
        ("erfcx_slope", -1, 1),
        ("bessel_i0_scaled_slope", 0.002, 40),
        ("bessel_i0_scaled_slope", 0.001, 3),
        ("bessel_i0_scaled_slope", np.inf, np.inf),
        ("bessel_i0_slope", -20, 20),
        ("bessel_i_over_power_scaled", -30, 30),
    ],
)
def test_derivatives_of_float32_arrays(name: str, low: float, high: float, n: int) -> None:
    """Within 0.6 units in the last place of the function in float64, which takes the longer ways."""
    x = np.linspace(low, high, 3000).astype(np.float32) if low < high else np.full(200, low, np.float32)
    function = getattr(special, name)
    exact, found = function(n, x.astype(np.float64)), function(n, x)
    assert found.dtype == np.float32
    assert (np.abs(found - exact) <= 0.6 * np.spacing(np.abs(exact).astype(np.float32))).all()


@np.errstate(all="ignore")
@pytest.mark.parametrize("name", ["igamma", "igammac"])
def test_incomplete_gamma_functions_of_large_float32_arrays(name: str) -> None:
    """Within 0.6 units in the last place of the function in float64, on both sides of the middle; the ends."""
    rng = np.random.default_rng(0)
    a = (10 ** rng.uniform(-4, 1.8, 20_003)).astype(np.float32)
    x = np.where(rng.random(a.size) < 0.9, rng.random(a.size) * (a + 1), a * 1.5 + 1).astype(np.float32)
    function = getattr(special, name)
    exact = function(a.astype(np.float64), x.astype(np.float64))
    found = function(a, x)
    assert found.dtype == np.float32
    assert (np.abs(found - exact) <= 0.6 * np.spacing(np.abs(exact).astype(np.float32))).all()
    np.testing.assert_array_equal(function(a[:1], x), function(np.full_like(a, a[0]), x))
    a[:6], x[:6] = [0, 2, 2, np.nan, np.inf, 3], [1, 0, np.inf, 1, 1, -1]
    np.testing.assert_array_equal(function(a, x)[:6], function(a[:6], x[:6]))


@pytest.mark.parametrize("shape, axis", [((50,), 0), ((200, 30), 1), ((20, 30), 0), ((3, 0), 1), ((0, 3), 0)])
def test_newest_equal(shape: tuple, axis: int) -> None:
    """With equal elements, and with NaN, which stays."""
    x = (np.random.default_rng(0).normal(size=shape) * 3).round()
    for array in (x, x.astype(int), np.where(x == 2, np.nan, x)):
        extreme = np.maximum.accumulate(array, axis=axis)
        met = (array == extreme) | np.isnan(array)
        np.testing.assert_array_equal(order.newest_equal(array, extreme, axis), order.newest_true(met, axis))


def test_erfinv_of_large_float32_arrays() -> None:
    """Within 4.5 units in the last place of the function in float64; the ends and beyond."""
    ends = np.nextafter(np.float32(1), np.float32(0)), np.float32(1e-38), np.float32(-0.9999)
    x = np.concatenate([np.linspace(-1, 1, 100_002)[1:-1].astype(np.float32), ends])
    exact = functions.erfinv(np, x.astype(np.float64))
    assert (np.abs(special.erfinv(x) - exact) <= 4.5 * np.spacing(np.abs(exact).astype(np.float32))).all()
    ends = np.resize(np.array([1, -1, 2, -2, np.nan, 0.0], np.float32), 600)
    np.testing.assert_array_equal(special.erfinv(ends)[:6], [np.inf, -np.inf, np.nan, np.nan, np.nan, 0])


@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "c8"])
@pytest.mark.parametrize("shape, axis", [((200, 60), 1), ((60, 200), 0), ((2, 30, 150), 1), ((150, 3), 1), ((3, 9), 1)])
@pytest.mark.parametrize("name", ["sum", "prod", "max", "min"])
def test_running_reductions(name: str, shape: tuple, axis: int, dtype: str) -> None:
    """Bit for bit, NaN and infinities too."""
    rng = np.random.default_rng(0)
    function = {"sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum}[name]
    if dtype == "c8" and name in ("max", "min"):
        return
    plain = rng.normal(size=shape).astype(dtype)
    for x in (plain, numbers(rng, shape, dtype)):
        with np.errstate(all="ignore"):
            found = getattr(order, f"cumulative_{name}")(x, axis)
            expected = function.accumulate(x, axis=axis, dtype=x.dtype)
        assert found.dtype == expected.dtype and found.flags.c_contiguous
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("n", [7, 40, 3000])
@pytest.mark.parametrize("axis, shape", [(0, (32,)), (1, (5, 40)), (1, (40,))])
def test_sums_by_index(n: int, axis: int, shape: tuple) -> None:
    """As `np.add.at`, bit for bit: any order, negative indices, even steps, few and many slices for one place."""
    rng = np.random.default_rng(0)
    lead, trail = (shape[:1], shape[1:]) if axis else ((), shape)
    steps = np.arange(n)
    some = [steps // 2, np.clip(steps - 2, 0, max(n - 5, 0)), abs(steps - 3), steps[::-1], rng.integers(-n, n, n)]
    for index in (*some, np.minimum(rng.geometric(0.1, n), n) - 1, np.zeros(n, int), steps.astype(np.int32)):
        values = rng.normal(size=(*lead, n, *trail)).astype(np.float32)
        out = rng.normal(size=values.shape).astype(np.float32)
        expected = out.copy()
        np.add.at(expected, (slice(None),) * axis + (index,), values)
        if adding.add_slices(out, index, values, axis):
            np.testing.assert_array_equal(out, expected)
        else:
            assert n < 100 or len(np.unique(index)) < n / 32
    out = np.zeros((*lead, n, *trail), np.float32)
    assert not adding.add_slices(out, np.full(n, n), out, axis)  # out of range: others complain


@pytest.mark.parametrize("name", ["i0", "i1", "i0e", "i1e"])
def test_modified_bessel_functions_of_large_float32_arrays(name: str) -> None:
    """Within 5.5 units in the last place of the function in float64, beyond the series too; the ends."""
    x = np.concatenate([np.linspace(-12, 12, 20_001), np.linspace(-1, 1, 20_001), 10.0 ** np.linspace(-37, 0, 500)])
    x = x.astype(np.float32)
    exact, found = [getattr(special, name)(x.astype(dtype)) for dtype in (np.float64, np.float32)]
    assert found.dtype == np.float32
    limit = 5.5 * np.spacing(np.maximum(np.abs(exact), 1e-37).astype(np.float32))
    assert (np.abs(found - exact) <= limit).all()
    ends = np.array([0.0, -0.0, np.nan, 50.0, -50.0], np.float32)
    found = getattr(special, name)(np.resize(ends, 500))[:5]
    np.testing.assert_allclose(found, getattr(special, name)(ends), rtol=1e-6)
    if name in ("i1", "i1e"):
        assert np.signbit(found[1]) and np.signbit(found[4])


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_nextafter_of_large_arrays(dtype: str) -> None:
    rng = np.random.default_rng(0)
    kinds = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 1e-45, np.finfo(dtype).max], dtype)
    x, y = [
        np.concatenate([rng.normal(size=3000).astype(dtype), part]) for part in (np.repeat(kinds, 9), np.tile(kinds, 9))
    ]
    with np.errstate(all="ignore"):
        found, expected = large.nextafter(x, y), np.nextafter(x, y)
    np.testing.assert_array_equal(found, expected)
    valid = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(found[valid]), np.signbit(expected[valid]))


@pytest.mark.parametrize("axis", [(2,), (1, 2), (0, 2), (0, 2, 3)])
def test_mean_of_products(axis: tuple) -> None:
    rng = np.random.default_rng(0)
    shape = (4, 6, 300) if max(axis) == 2 and len(axis) < 3 else (4, 6, 30, 10)
    for dtype, limit in (("f2", 2e-3), ("f4", 2e-6), ("f8", 1e-14)):
        x, y = [rng.normal(size=shape).astype(dtype) for _ in range(2)]
        for a, b in ((x, y), (x[:, ::2], y[:, ::2]), (x[:, :1], y[:, :1])):
            found = large.mean_of_products(a, b, axis)
            expected = np.mean(a.astype("f8") * b.astype("f8"), axis=axis, keepdims=True)
            assert found.dtype == x.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, atol=limit)
        x[1, 2, 3] = np.inf
        assert np.isinf(large.mean_of_products(x, np.abs(y), axis)).any()


@pytest.mark.parametrize("n, m", [(2, 3), (40, 5), (300, 16), (3, 0)])
def test_pairs_of_rows(n: int, m: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, m)).astype(np.float32) + 100  # far from 0: differences first
    first, second = np.triu_indices(n, 1)
    exact = x.astype(np.float64)
    expected = np.sqrt(np.sum((exact[first] - exact[second]) ** 2, axis=1))
    np.testing.assert_allclose(pairs.euclidean_pairs(x), expected, rtol=1e-6)
    weights = rng.normal(size=(n, n)).astype(np.float32)
    expected = np.sum(weights[:, :, None] * (exact[:, None] - exact), axis=1)
    np.testing.assert_allclose(pairs.weighted_differences(weights, x), expected, atol=1e-4)


@pytest.mark.parametrize("window", [(3,), (3, 2), (2, 3, 3)])
@pytest.mark.parametrize("padding, dilation", [(0, 1), (1, 1), (3, 1), (1, 2), (0, 2)])
def test_each_channel_by_itself(window: tuple, padding: int, dilation: int) -> None:
    """Depthwise convolutions and their transposes give what one group after the other gives."""
    rng = np.random.default_rng(0)
    n = len(window)
    pads, steps, ones = (padding,) * n, (dilation,) * n, (1,) * n
    x, kernel = rng.normal(size=(3, 4, *(9, 8, 7)[:n])), rng.normal(size=(4, 1, *window))
    found = convolution.correlate(x, kernel, ones, pads, steps, 4)
    y = rng.normal(size=found.shape)
    back = convolution.correlate_transposed(y, kernel, x.shape[2:], ones, pads, steps, 4)
    weights = convolution.correlate_weights(y, x, window, ones, pads, steps, 4)
    for i in range(4):
        one = slice(i, i + 1)
        expected = convolution.correlate(x[:, one], kernel[one], ones, pads, steps, 1)
        np.testing.assert_allclose(found[:, one], expected, atol=1e-12)
        expected = convolution.correlate_transposed(y[:, one], kernel[one], x.shape[2:], ones, pads, steps, 1)
        np.testing.assert_allclose(back[:, one], expected, atol=1e-12)
        expected = convolution.correlate_weights(y[:, one], x[:, one], window, ones, pads, steps, 1)
        np.testing.assert_allclose(weights[one], expected, atol=1e-12)


@pytest.mark.parametrize("sizes", [(4, 6), (8, 5), (1, 12), (3, 7)])
def test_adaptive_means(sizes: tuple) -> None:
    """Windows of one size, which are taken at once, and others."""
    x = np.random.default_rng(0).normal(size=(2, 3, 8, 12))
    found = pooling.adaptive_mean(x, sizes)
    bounds = [[(i * s // p, -(-(i + 1) * s // p)) for i in range(p)] for s, p in zip((8, 12), sizes, strict=True)]
    expected = np.empty(found.shape)
    g = np.random.default_rng(1).normal(size=found.shape)
    spread = np.zeros(x.shape)
    for i, (a, b) in enumerate(bounds[0]):
        for j, (c, d) in enumerate(bounds[1]):
            expected[..., i, j] = x[..., a:b, c:d].mean((2, 3))
            spread[..., a:b, c:d] += g[..., i, j, None, None] / ((b - a) * (d - c))
    np.testing.assert_allclose(found, expected, atol=1e-14)
    np.testing.assert_allclose(pooling.adaptive_spread(g, (8, 12)), spread, atol=1e-14)


def test_masks_that_choose_nothing_give_a_copy() -> None:
    x, y = np.ones((100, 50), np.float32), np.zeros((100, 50), np.float32)
    for chosen in (selection.where(x < 0, y, x), selection.where(x < 0, 3.0, x)):
        assert chosen is not x and not np.shares_memory(chosen, x)
        np.testing.assert_array_equal(chosen, x)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_replaced_special_values(dtype: str) -> None:
    rng = np.random.default_rng(0)
    for x in (numbers(rng, (100, 50), dtype), rng.normal(size=(100, 50)).astype(dtype), numbers(rng, (5, 3), dtype)):
        found = selection.replace_special(x, 1.0, 2.0, -3.0)
        assert found.dtype == x.dtype and not np.shares_memory(found, x)
        np.testing.assert_array_equal(found, np.nan_to_num(x, nan=1.0, posinf=2.0, neginf=-3.0))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_lstm_steps(dtype: str, reverse: bool, batch: int) -> None:
    """What the kernel's formula gives but for the order of the products' sums, with saturated gates and NaN."""
    rng = np.random.default_rng(0)
    gates, weight = (rng.normal(size=(5, batch, 16)) * 3).astype(dtype), rng.normal(size=(16, 4)).astype(dtype)
    hidden, cell = rng.normal(size=(2, batch, 4)).astype(dtype)
    gates[1, 0, :8], gates[2, -1, 3] = 200, np.nan
    before = hidden.copy(), cell.copy()
    with np.errstate(all="ignore"):
        found = recurrence.lstm_steps(gates, hidden, cell, None, weight, None, reverse)
        outputs, cells = [], []
        h, c = hidden, cell
        for total in gates[::-1] if reverse else gates:
            total = total + h @ weight.T
            opened = 1 / (1 + np.exp(-total))
            c = opened[:, 4:8] * c + opened[:, :4] * np.tanh(total[:, 8:12])
            h = opened[:, 12:] * np.tanh(c)
            outputs.append(h)
            cells.append(c)
    assert found is not None
    for part, steps in zip(found, (outputs, cells), strict=False):
        expected = np.stack(steps[::-1] if reverse else steps)
        np.testing.assert_allclose(part, expected, rtol=20 * np.finfo(dtype).eps, atol=np.finfo(dtype).eps)
    np.testing.assert_array_equal((hidden, cell), before)
    assert recurrence.lstm_steps(gates[:1], hidden, cell, None, weight, None, reverse) is None
    assert recurrence.lstm_steps(gates.astype("f2"), hidden, cell, None, weight, None, reverse) is None


@pytest.mark.parametrize("batch", [1, 3, 3000])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_lstm_steps_back(dtype: str, reverse: bool, batch: int) -> None:
    """What the rule's loop gives, but for the order of the products' sums; nothing given is written to."""
    rng = np.random.default_rng(0)
    given = rng.normal(size=(6, batch, 5)).astype(dtype)
    for_output, for_cells = rng.normal(size=(2, 6, batch, 4)).astype(dtype)
    hidden, cell = rng.normal(size=(2, batch, 4)).astype(dtype)
    w_ih, w_hh, bias = [(rng.normal(size=shape) / 2).astype(dtype) for shape in ((16, 5), (16, 4), (16,))]
    forward = recurrence.lstm_steps(given, hidden, cell, w_ih, w_hh, bias, reverse)
    assert forward is not None
    outputs, cells, work = forward
    arrays = (for_output, for_cells, work, cells, w_hh)
    before = [array.copy() for array in arrays]
    found = recurrence.lstm_steps_back(*arrays, reverse)
    assert found is not None
    dh, dc, steps = np.zeros((batch, 4), dtype), np.zeros((batch, 4), dtype), np.empty((6, batch, 16), dtype)
    for t in range(6) if reverse else reversed(range(6)):
        earlier = t + 1 if reverse else t - 1
        first = not 0 <= earlier < 6
        total = given[t] @ w_ih.T + bias + (hidden if first else outputs[earlier]) @ w_hh.T
        i, f, o = [1 / (1 + np.exp(-total[:, k : k + 4])) for k in (0, 4, 12)]
        u, bent = np.tanh(total[:, 8:12]), np.tanh(cells[t])
        dh = for_output[t] + dh
        dc = for_cells[t] + dc + dh * o * (1 - bent**2)
        for_f = dc * (cell if first else cells[earlier]) * f * (1 - f)
        parts = [dc * u * i * (1 - i), for_f, dc * i * (1 - u**2), dh * bent * o * (1 - o)]
        steps[t] = np.concatenate(parts, axis=-1)
        dh, dc = steps[t] @ w_hh, dc * f
    for part, expected in zip(found, (steps, dh, dc), strict=True):
        assert part.dtype == dtype
        np.testing.assert_allclose(part, expected, rtol=200 * np.finfo(dtype).eps, atol=50 * np.finfo(dtype).eps)
    for array, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)
    assert recurrence.lstm_steps_back(for_output, for_cells, None, cells, w_hh, reverse) is None
    assert recurrence.lstm_steps_back(for_output[:, :0], for_cells, work, cells, w_hh, reverse) is None


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_sums_over_paths(dtype: str) -> None:
    """As by `logaddexp`, step by step, from several starts, one of them late, and to states that none reaches."""
    rng = np.random.default_rng(0)
    scores = (rng.normal(size=(9, 3, 5)) * 4).astype(dtype)
    scores[3, 0, 2], scores[2, 1, :] = -np.inf, -200
    skip, states = rng.random((3, 5)) > 0.5, rng.random((3, 5)) > 0.5
    skip[:, :2] = False
    starts = [(0, np.array([True, False, False]), states), (4, np.array([True, True, False]), states)]
    before = scores.copy()
    found = recurrence.sums_over_paths(scores, skip, starts)
    assert found is not None
    np.testing.assert_array_equal(scores, before)
    after = np.full((3, 7), -np.inf)
    for t in range(9):
        jump = np.where(skip, after[:, :-2], -np.inf)
        total = np.logaddexp(np.logaddexp(after[:, 2:], after[:, 1:-1]), jump)
        for time, which, begun in starts:
            if time == t:
                total[which] = np.where(begun, 0, -np.inf)[which]
        after[:, 2:] = total + scores[t]
        for part, expected in zip(found, (total, after[:, 2:]), strict=True):
            assert part.dtype == dtype
            np.testing.assert_allclose(part[t], expected, rtol=30 * np.finfo(dtype).eps, atol=30 * np.finfo(dtype).eps)
    last = [(8 - t, which, begun[:, ::-1]) for t, which, begun in starts]
    mirrored = recurrence.sums_over_paths(scores[::-1, :, ::-1], skip[:, ::-1], last, True)
    for part, expected in zip(mirrored, found, strict=True):
        np.testing.assert_array_equal(part, expected[::-1, :, ::-1])
    assert recurrence.sums_over_paths(scores.astype("f2"), skip, starts) is None


@pytest.mark.parametrize("name", ["fmod", "remainder", "floor_divide", "hypot"])
def test_memory_order_and_broadcasting(name: str) -> None:
    """A result is laid out as its first operand; what broadcasts is not moved along with it."""
    rng = np.random.default_rng(0)
    x = rng.uniform(1, 9, (60, 60)).astype(np.float32).T
    ours, theirs = getattr(large, name), getattr(np, name)
    for y in (rng.uniform(1, 2, (60, 60)).astype(np.float32), x.T.copy().T + 1, np.float32(2)):
        found = ours(x, y)
        np.testing.assert_allclose(found, theirs(x, y), rtol=1e-6)
        assert found.strides == x.strides
    for y in (np.arange(1, 61, dtype=np.float32), np.arange(1, 61, dtype=np.float32)[:, None]):
        np.testing.assert_allclose(ours(x, y), theirs(x, y), rtol=1e-6)


@pytest.mark.parametrize(
    "window, stride, padding, dilation", [((3, 3), (2, 2), (1, 1), (1, 1)), ((3, 2), (1, 3), (0, 1), (2, 1))]
)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_spread_winners(monkeypatch, dtype: str, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> None:
    """At indices, some images at a time, as by a pass for each place in the window, but for the order of sums."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5, 7, 13, 12)).astype(dtype)
    counts = convolution.window_counts(x.shape[2:], window, stride, padding, dilation)
    best, winners = pooling.max_windows(x, window, stride, padding, dilation, counts)
    g = rng.normal(size=best.shape).astype(dtype)
    monkeypatch.setattr(pooling, "_AT_ONCE", 200)
    found = []
    for many in (0, 10**9):
        monkeypatch.setattr(pooling, "_MANY", many)
        found.append(pooling.spread_winners(g, winners, x.shape[2:], window, stride, padding, dilation))
    assert found[0].dtype == dtype
    np.testing.assert_allclose(*found, rtol=20 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("special", [None, np.nan, np.inf])
@pytest.mark.parametrize("sizes", [(3, 4), (5, 5), (7, 2)])
def test_adaptive_means_by_products(monkeypatch, sizes: tuple, special: float | None) -> None:
    """As window by window; infinities and NaN stay in their windows."""
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, 3, 10, 7)), rng.normal(size=(2, 3, *sizes))
    if special is not None:
        x[1, 2, 3, 4] = g[0, 1, 2, 1] = special
    with np.errstate(invalid="ignore"):
        found = pooling.adaptive_mean(x, sizes), pooling.adaptive_spread(g, (10, 7))
    monkeypatch.setattr(pooling, "_by_matrices", lambda x, matrices: None)
    expected = pooling.adaptive_mean(x, sizes), pooling.adaptive_spread(g, (10, 7))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("rows", [2, 64, 65])
def test_few_rows_times_a_transposed_matrix(rows: int) -> None:
    """The product of the transposed ones, in the memory order of any other."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(rows, 133)).astype("f4"), rng.normal(size=(155, 133)).astype("f4")
    found = namespace.matmul(x, w.T)
    assert found.flags.c_contiguous and found.shape == (rows, 155)
    np.testing.assert_allclose(found, x.astype("f8") @ w.T.astype("f8"), rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(namespace.matmul(x.astype("i4"), w.astype("i4").T), x.astype("i4") @ w.astype("i4").T)


def test_depthwise_gradients() -> None:
    """Those of the kernel and of the images are the transposes of the correlation."""
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(3, 4, 9, 8)), rng.normal(size=(4, 1, 3, 2))
    options = (1, 1), (1, 0), (2, 1)
    y = rng.normal(size=convolution.correlate(x, kernel, *options, 4).shape)
    whole = np.vdot(convolution.correlate(x, kernel, *options, 4), y)
    np.testing.assert_allclose(np.vdot(convolution.correlate_weights(y, x, (3, 2), *options, 4), kernel), whole)
    np.testing.assert_allclose(np.vdot(convolution.correlate_transposed(y, kernel, (9, 8), *options, 4), x), whole)

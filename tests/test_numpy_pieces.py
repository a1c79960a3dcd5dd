"""What the NumPy namespace computes in other steps for large arrays is what the plain way gives, in its layout too."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import mibun as torch
from mibun.xp import numpy_namespace as xp
from mibun.xp.numpy import half, large, pairs, pieces, selection, special
from mibun.xp.special import functions, normal, slopes
from samples import SAMPLES
from samples.declare import S
from test_numpy_settings import LAPACK, outcome, recording, rough

# --- float16 ---


def every_kind_of_float32() -> np.ndarray:
    """All exponents and signs, with significands around each place where rounding to 11 bits turns."""
    heads = np.arange(0, 1 << 19, 7, dtype=np.uint32) << np.uint32(13)
    tails = np.array([0, 1, 0xFFF, 0x1000, 0x1001, 0x1FFF], np.uint32)
    return (heads[:, None] + tails).reshape(-1).view(np.float32)


def test_float32_to_float16_bit_for_bit() -> None:
    x = every_kind_of_float32()
    with np.errstate(all="ignore"):
        for part in (x, x[np.abs(x) < 65520], x[np.abs(x) < 1e-4]):
            assert half.to_half(part).tobytes() == part.astype(np.float16).tobytes()


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
def test_float16_to_others(dtype: str) -> None:
    """All of them, bit for bit but for the payload of NaN."""
    x = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    for part in (x, x[np.isfinite(x)]):
        with np.errstate(all="ignore"):
            found, expected = half.from_half(part, np.dtype(dtype)), part.astype(dtype)
        np.testing.assert_array_equal(found, expected)
        valid = ~np.isnan(expected)
        assert found.dtype == expected.dtype and found[valid].tobytes() == expected[valid].tobytes()


@pytest.mark.parametrize("n", [3, 5000])
def test_float64_to_float16_is_rounded_twice(n: int) -> None:
    """As PyTorch does, which has no other way than by float32; whether few or many, and however it is asked for."""
    number = 1 + 2.0**-11 + 2.0**-40
    x = torch.full((n,), number, dtype=torch.float64)
    made = torch.zeros(n, dtype=torch.float16).copy_(x), torch.tensor([number] * n, dtype=torch.float16), x.half()
    assert all((result == 1).all() for result in made)


# --- memory order ---

UNARY = "erf erfc erfinv ndtr ndtri i0 i1 i0e i1e lgamma digamma erfcx log_ndtr bessel_j0 airy_ai spherical_bessel_j0"


@pytest.mark.parametrize("name", UNARY.split())
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_layout_of_special_functions(name: str, dtype: str) -> None:
    x = np.random.default_rng(0).uniform(0.1, 0.9, (4, 50, 10, 20)).astype(dtype)
    channels_last = x.transpose(0, 2, 3, 1)
    found = getattr(special, name)(channels_last)
    assert found.dtype == x.dtype and found.strides == channels_last.strides
    assert getattr(special, name)(np.broadcast_to(x[:1], x.shape)).flags.c_contiguous
    np.testing.assert_array_equal(found, getattr(special, name)(x).transpose(0, 2, 3, 1))


@pytest.mark.parametrize("name", ["fmod", "remainder", "floor_divide", "hypot", "nextafter"])
def test_layout_of_functions_of_two(name: str) -> None:
    x, y = np.random.default_rng(0).uniform(1, 9, (2, 200, 30)).astype(np.float32)
    found = getattr(large, name)(x.T, y.T)
    assert found.strides == x.T.strides
    np.testing.assert_array_equal(found, getattr(np, name)(x, y).T if name != "hypot" else large.hypot(x, y).T)


def test_layout_of_casts() -> None:
    x = np.random.default_rng(0).normal(size=(200, 30)).astype(np.float32)
    for array in (x.T, x.T.astype(np.float16), x.astype(np.float64).T):
        for dtype in ("f2", "f4", "f8"):
            found = xp.astype(array, np.dtype(dtype))
            assert found.flags.f_contiguous and found.dtype == dtype
    repeated = np.broadcast_to(x[:, :1], (200, 300))
    assert xp.astype(repeated, np.dtype("f2")).flags.c_contiguous


@pytest.mark.parametrize("n", [5, pieces.PIECE, pieces.PIECE + 1, 3 * pieces.PIECE - 7])
def test_pieces_cover_all(n: int) -> None:
    x, result = np.arange(n, dtype=np.float32), np.empty(n, np.float32)
    for part, given, number in pieces.pieces_of(result, x, 3):
        np.multiply(given, number, out=part)
    np.testing.assert_array_equal(result, 3 * x)


# --- shrinking ---


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("bound", [0.0, 0.5, 1e-3, np.inf, 65504.0])
def test_shrinking_bit_for_bit(dtype: str, bound: float) -> None:
    ends = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, -np.nan, bound, -bound, 1e-7, -1e-7], dtype)
    x = np.concatenate([np.resize(ends, 3000), np.random.default_rng(0).normal(size=3000).astype(dtype)])
    limit = x.dtype.type(bound)
    with np.errstate(all="ignore"):
        hard = np.where(np.abs(x) <= limit, x.dtype.type(0), x)
        soft = x - x.clip(-limit, limit)  # where that is 0 its sign is +, as in PyTorch's vector instructions
        assert selection.zero_within(x, bound).tobytes() == hard.tobytes()
        found, valid = selection.shift_to_zero(x, bound), ~np.isnan(soft)
    assert found[valid].tobytes() == soft[valid].tobytes() and np.isnan(found[~valid]).all()
    assert selection.zero_within(x[:9], bound).tobytes() == hard[:9].tobytes()
    np.testing.assert_array_equal(selection.zero_within(x, -1.0), x)


# --- functions ---


def test_ndtr_of_large_float32_arrays() -> None:
    """One unit in the last place; the ends."""
    x = np.linspace(-14, 14, 200_001).astype(np.float32)
    exact = normal.ndtr(np, x.astype(np.float64))
    off = np.abs(special.ndtr(x) - exact) / np.spacing(np.maximum(exact, 1e-37).astype(np.float32))
    for start, stop, limit in ((-14, -3, 0.6), (-3, -2.5, 1.1), (-2.5, -2, 0.8), (-2, 14, 0.65)):
        assert off[(x >= start) & (x < stop)].max() <= limit
    ends = np.resize(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0], np.float32), 500)
    np.testing.assert_array_equal(special.ndtr(ends)[:5], np.array([np.nan, 1, 0, 0.5, 0.5], np.float32))


@pytest.mark.parametrize(
    "name, limits",
    [
        ("erf", {(-5, -1): 1.5, (-1, -0.5): 1.6, (-0.5, 0.5): 2.4, (0.5, 1): 1.6, (1, 5): 1.5}),
        ("erfc", {(-6, 1): 0.6, (1, 1.5): 0.65, (1.5, 9): 0.6}),
        ("times_ndtr", {(-2, -1.5): 18, (-1.5, -1): 9, (-1, 0): 3.6, (0, 6): 2.6}),
    ],
)
def test_errors_of_large_float32_arrays(name: str, limits: dict) -> None:
    """In units in the last place."""
    exact = {
        "erf": lambda x: functions.erf(np, x),
        "erfc": lambda x: functions.erfc(np, x),
        "times_ndtr": lambda x: x * normal.ndtr(np, x),
    }[name]
    for (start, stop), limit in limits.items():
        x = np.random.default_rng(0).uniform(start, stop, 50_000).astype(np.float32)
        expected = exact(x.astype(np.float64))
        off = np.abs(getattr(special, name)(x) - expected) / np.spacing(np.abs(expected).astype(np.float32))
        assert off.max() <= limit, (start, stop)


def test_ends_of_large_float32_arrays() -> None:
    ends = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-30, -1e-38, 80, -80, 3e38, -3e38], np.float32)
    long = np.resize(ends, 500)
    for name in ("erf", "erfc", "times_ndtr"):
        with np.errstate(all="ignore"):
            found, expected = getattr(special, name)(long)[: len(ends)], getattr(special, name)(ends)
        np.testing.assert_allclose(found, expected, rtol=3e-7, atol=2e-30, err_msg=name)
        np.testing.assert_array_equal(np.signbit(found[3:5]), np.signbit(expected[3:5]), err_msg=name)


def test_quick_ndtr() -> None:
    x = np.concatenate([np.linspace(-20, 20, 100_001), [np.inf, -np.inf, np.nan]]).astype(np.float32)
    np.testing.assert_allclose(special.quick_ndtr(x), normal.ndtr(np, x.astype(np.float64)), rtol=0, atol=2e-7)


@pytest.mark.parametrize("offset", [0, 0.5, 1000])
@pytest.mark.parametrize(
    "shape, axis", [((8, 4, 3136), (2,)), ((300, 300), (1,)), ((6, 5, 7, 9), (2, 3)), ((9, 5000), (1,))]
)
def test_moments_of_rows(shape: tuple, axis: tuple, offset: float) -> None:
    """As exact where the mean is large as where it is not."""
    x = (np.random.default_rng(0).normal(size=shape) + offset).astype(np.float32)
    wide = x.astype(np.float64)
    for found, function in zip(xp.moments(x, axis), (np.mean, np.var), strict=True):
        np.testing.assert_allclose(found, function(wide, axis=axis, keepdims=True), rtol=2e-6, atol=1e-7 * (1 + offset))


def test_upper_incomplete_gamma_function_of_float32() -> None:
    rng = np.random.default_rng(0)
    ends = np.array([0.0, 0.5, 2.0, np.inf, np.nan, -1.0])
    for size in (5, 300):
        a, x = [np.concatenate([rng.uniform(0, size, 2000), part]) for part in (np.repeat(ends, 6), np.tile(ends, 6))]
        a, x = a.astype(np.float32), x.astype(np.float32)
        with np.errstate(all="ignore"):
            expected = special.igammac(a.astype(np.float64), x.astype(np.float64)).astype(np.float32)
            found = special.igammac(a, x)
        np.testing.assert_allclose(found, expected, rtol=2e-7)


@pytest.mark.parametrize("name", ["erfcx_slope", "bessel_i0_scaled_slope"])
@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("low, high", [(0.1, 2), (0.1, 60), (30, 60), (26, 26)])
def test_one_formula_or_both(name: str, n: int, low: float, high: float) -> None:
    """Derivatives by two formulas are the same where only one of them is computed."""
    for size in ((), (0,), (1,), (30,), (9000,)):
        x = np.random.default_rng(0).uniform(low, high, size)
        found = getattr(special, name)(n, np.asarray(x))
        expected = getattr(slopes, name)(special._ALL, n, np.asarray(x))
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("offset", [0, 100, 1e4])
@pytest.mark.parametrize("n, m", [(0, 3), (1, 3), (2, 3), (60, 5), (300, 16)])
def test_distances_are_as_exact_as_by_differences(n: int, m: int, offset: float) -> None:
    """Of rows that are the same or next to each other too."""
    x = (np.random.default_rng(0).normal(size=(n, m)) + offset).astype(np.float32)
    if n == 60:
        x[7], x[9] = x[3], np.nextafter(x[3], np.float32(2e9))
    first, second = np.triu_indices(n, 1)
    exact = np.sqrt(np.sum((x[first].astype(np.float64) - x[second]) ** 2, axis=1))
    found = pairs.euclidean_pairs(x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=1.2e-7, atol=0)


def test_distances_of_rows_that_are_not_finite() -> None:
    x = np.random.default_rng(0).normal(size=(9, 4)).astype(np.float32)
    x[2, 1], x[5, 0] = np.inf, np.nan
    first, second = np.triu_indices(9, 1)
    with np.errstate(all="ignore"):
        expected = np.sqrt(np.sum((x[first] - x[second]) ** 2, axis=1))
        np.testing.assert_allclose(pairs.euclidean_pairs(x), expected, rtol=1e-6)


def test_erf_in_a_layout_and_long() -> None:
    x = np.random.default_rng(0).normal(size=(700, 300)).astype(np.float32)
    np.testing.assert_allclose(special.erf(x.T), functions.erf(np, x.T.astype(np.float64)), rtol=5e-7)


# --- warnings ---


@pytest.mark.parametrize("sample", [s for s in SAMPLES if not LAPACK.search(s.id)], ids=lambda s: s.id)
def test_half_precision_warns_of_nothing(sample: S) -> None:
    """Overflow, 0/0 and what vanishes, in float16, in operators and gradients."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wild = rough([a.astype(np.float64) if a.dtype.kind == "f" else a for a in sample.arrays()], sample.id)
        arrays = [a.astype(np.float16) if a.dtype.kind == "f" else a for a in wild]
    outcome(sample, arrays, recording)

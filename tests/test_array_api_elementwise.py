"""The elementwise functions of the Array API namespace against array-api-strict: values, dtypes, shapes."""

import itertools

import numpy as np
import pytest

import mibun

strict = pytest.importorskip("array_api_strict")
xp = mibun.ones(1).__array_namespace__()

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
REAL = ("float32", "float64")
COMPLEX = ("complex64", "complex128")
KINDS = {
    "all": (("bool",), INTEGERS, REAL, COMPLEX),
    "numeric": (INTEGERS, REAL, COMPLEX),
    "real numeric": (INTEGERS, REAL),
    "floating": (REAL, COMPLEX),
    "real floating": (REAL,),
    "integer": (INTEGERS,),
    "integer or bool": (("bool",), INTEGERS),
    "bool": (("bool",),),
    "complex": (COMPLEX,),
}
OF_ONE = {
    "numeric": "abs negative positive square sign conj real round isfinite isinf isnan",
    "complex": "imag",
    "floating": (
        "acos acosh asin asinh atan atanh cos cosh exp expm1 log log10 log1p log2 reciprocal sin sinh sqrt tan tanh"
    ),
    "integer or bool": "bitwise_invert",
    "real numeric": "ceil floor trunc",
    "bool": "logical_not",
    "real floating": "signbit",
}
OF_TWO = {
    "numeric": "add multiply pow subtract",
    "real floating": "atan2 copysign hypot logaddexp nextafter",
    "integer or bool": "bitwise_and bitwise_or bitwise_xor",
    "integer": "bitwise_left_shift bitwise_right_shift",
    "floating": "divide",
    "all": "equal not_equal",
    "real numeric": "floor_divide greater greater_equal less less_equal maximum minimum remainder",
    "bool": "logical_and logical_or logical_xor",
}


def unary():
    return [(name, dtype) for kind, names in OF_ONE.items() for name in names.split() for dtype in sum(KINDS[kind], ())]


def promotable(group):
    """Pairs of dtypes of one kind that have a common dtype; for complex numbers with real ones too."""
    for one, other in itertools.product(group, repeat=2):
        if not ({one, other} & {"uint64"} and "int" in (one + other).replace("uint", "")):
            yield one, other


def binary():
    for kind, names in OF_TWO.items():
        for name in names.split():
            for group in KINDS[kind]:
                pairs = promotable(group)
                if group is COMPLEX:
                    pairs = [*pairs, *itertools.product(REAL, COMPLEX), *itertools.product(COMPLEX, REAL)]
                for one, other in pairs:
                    yield name, one, other


SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    0.5,
    -0.5,
    3.0,
    -3.0,
    5.5,
    -2.5,
    np.inf,
    -np.inf,
    np.nan,
    1e30,
    -1e-30,
    123.25,
]


def values(dtype):
    if dtype == "bool":
        return np.array([True, False])
    if dtype in INTEGERS:
        limits = np.iinfo(dtype)
        chosen = {0, 1, 2, 3, 7, 8, 100, limits.max, limits.max - 1, limits.min, limits.min + 1, -1, -2, -3, -100}
        return np.array(sorted(v for v in chosen if limits.min <= v <= limits.max), dtype)
    if dtype in REAL:
        return np.array(SPECIAL, dtype)
    rng = np.random.default_rng(0)
    ordinary = rng.normal(size=20) + 1j * rng.normal(size=20)
    return np.concatenate([ordinary, [1, -2, 0.5, 1j, -3j]]).astype(dtype)


def same(found, expected, name):
    assert isinstance(found, mibun.Tensor)
    assert found.dtype.name == str(expected.dtype).rpartition(".")[2], (found.dtype, expected.dtype)
    assert tuple(found.shape) == expected.shape
    ours, theirs = found.detach().numpy(), np.asarray(expected)
    if ours.dtype.kind in "biu":
        np.testing.assert_array_equal(ours, theirs)
        return
    tolerance = 4e-6 if ours.dtype in (np.float32, np.complex64) else 1e-13
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * (ours.dtype.kind == "c"))
    if ours.dtype.kind == "f":
        zeros = (ours == 0) & (theirs == 0)
        np.testing.assert_array_equal(np.signbit(ours[zeros]), np.signbit(theirs[zeros]))


def compare(name, *arrays):
    with np.errstate(all="ignore"):
        expected = getattr(strict, name)(*(strict.asarray(a) for a in arrays))
    same(getattr(xp, name)(*(xp.asarray(a) for a in arrays)), expected, name)


@pytest.mark.parametrize("name", OF_ONE["floating"].split() + OF_ONE["numeric"].split())
@pytest.mark.parametrize("dtype", COMPLEX)
def test_complex_infinities(name, dtype):
    """Complex infinities, NaNs and signed zeros: C99's Annex G, which the standard took over."""
    parts = np.array([0.0, -0.0, 1.0, -1.0, 3.5, np.inf, -np.inf, np.nan])
    given = np.empty((8, 8), dtype)
    given.real, given.imag = parts[:, None], parts
    with np.errstate(all="ignore"):
        expected = np.asarray(getattr(strict, name)(strict.asarray(given)))
    found = getattr(xp, name)(xp.asarray(given)).numpy()
    for ours, theirs in (found.real, expected.real), (found.imag, expected.imag):
        np.testing.assert_allclose(ours, theirs, rtol=4e-6)


SHAPES = ((), (0,), (2, 0, 3), (2, 3), (1,))


@pytest.mark.parametrize(("name", "dtype"), list(unary()))
def test_of_one(name, dtype):
    given = values(dtype)
    compare(name, given)
    for shape in SHAPES:
        compare(name, np.resize(given, shape).astype(dtype))


def usable(name, one, other):
    """All pairs of special values for which the standard says what the result is."""
    x1, x2 = (a.ravel() for a in np.broadcast_arrays(one[:, None], other[None, :]))
    if one.dtype.kind in "iu":
        with np.errstate(all="ignore"):
            common = np.result_type(one, other)
        if name in ("floor_divide", "remainder"):
            keep = (x2 != 0) & ~((x2 == -1) & (x1 == np.iinfo(common).min))
        elif name == "pow":
            keep = x2 >= 0
        elif "shift" in name:
            keep = (x2 >= 0) & (x2 < 8 * common.itemsize)
        else:
            return x1, x2
        return x1[keep], x2[keep]
    if name == "floor_divide":  # data-apis/array-api#264: with infinities and zeros libraries may differ
        keep = np.isfinite(x1) & np.isfinite(x2) & (x2 != 0)
        return x1[keep], x2[keep]
    return x1, x2


@pytest.mark.parametrize(("name", "one", "other"), list(binary()))
def test_of_two(name, one, other):
    compare(name, *usable(name, values(one), values(other)))


@pytest.mark.parametrize("name", " ".join(OF_TWO.values()).split())
@pytest.mark.parametrize(
    "shapes", [((), ()), ((), (3,)), ((0,), (1,)), ((2, 1), (3,)), ((2, 0), (2, 0)), ((4, 1, 2), (3, 1))]
)
def test_shapes(name, shapes):
    kind = next(kind for kind, names in OF_TWO.items() if name in names.split())
    for group in KINDS[kind]:
        dtypes = (group[0], group[-1] if group is not INTEGERS else "int64")  # a 0-d array counts like any other
        for order in dtypes, dtypes[::-1]:
            pairs = zip(shapes, order, strict=True)
            compare(name, *(np.full(shape, True if dtype == "bool" else 3, dtype) for shape, dtype in pairs))


@pytest.mark.parametrize("name", " ".join(OF_TWO.values()).split())
def test_numbers(name):
    """One operand may be a Python number of the kind of the other's dtype."""
    kind = next(kind for kind, names in OF_TWO.items() if name in names.split())
    numbers = {"b": True, "i": 2, "u": 2, "f": 2.0, "c": 2.0}
    for dtype in sum(KINDS[kind], ()):
        given = np.ones((2,), dtype)
        number = numbers[given.dtype.kind]
        for arrays in (given, number), (number, given):
            expected = getattr(strict, name)(*(strict.asarray(a) if a is given else a for a in arrays))
            same(getattr(xp, name)(*(xp.asarray(a) if a is given else a for a in arrays)), expected, name)

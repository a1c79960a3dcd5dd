"""The functions of the Array API namespace that are not elementwise against array-api-strict."""

import itertools

import numpy as np
import pytest

import mibun
from test_array_api_elementwise import COMPLEX, INTEGERS, REAL, strict, xp

NUMERIC = INTEGERS + REAL + COMPLEX
EVERY = ("bool", *NUMERIC)


def array(shape, dtype, seed=0, low=-4, high=5):
    """Small numbers with repetitions, in any dtype; floats are no whole numbers, complex ones have two parts."""
    rng = np.random.default_rng([seed, *shape])
    kind = np.dtype(dtype).kind
    whole = rng.integers(0 if kind in "ub" else low, high, shape)
    if kind in "biu":
        return (whole % 2 == 0 if kind == "b" else whole).astype(dtype)
    part = whole + rng.integers(0, 4, shape) / 4
    return (part + 1j * rng.integers(-3, 4, shape) if kind == "c" else part).astype(dtype)


def through(value, library):
    """Arguments for one of the two libraries: NumPy's arrays and dtypes are replaced by its own."""
    if isinstance(value, (np.ndarray, np.generic)):
        return library.asarray(value)
    if isinstance(value, np.dtype):
        return getattr(library, value.name)
    return type(value)(through(part, library) for part in value) if isinstance(value, (list, tuple)) else value


def same(found, expected, rtol=4e-6):
    if isinstance(expected, (tuple, list)):
        assert isinstance(found, tuple) and len(found) == len(expected)
        assert getattr(found, "_fields", None) == getattr(expected, "_fields", None)
        for ours, theirs in zip(found, expected, strict=True):
            same(ours, theirs, rtol)
    elif isinstance(expected, strict.asarray(1).__class__):
        assert isinstance(found, mibun.Tensor)
        assert (found.dtype.name, tuple(found.shape)) == (str(expected.dtype).rpartition(".")[2], expected.shape)
        np.testing.assert_allclose(found.detach().numpy(), np.asarray(expected), rtol=rtol, atol=rtol)
    else:
        assert found == expected


def check(name, *args, **kwargs):
    ours, theirs = xp, strict
    for part in name.split("."):
        ours, theirs = getattr(ours, part), getattr(theirs, part)
    with np.errstate(all="ignore"):
        expected = theirs(*through(args, strict), **{k: through(v, strict) for k, v in kwargs.items()})
    found = ours(*through(args, xp), **{k: through(v, xp) for k, v in kwargs.items()})
    same(found, expected)
    return found, expected


SHAPES = ((), (3,), (0,), (2, 3), (2, 0, 3), (3, 1, 2))


def axes(ndim):
    """Every axis, some tuples of axes, and none."""
    pairs = itertools.combinations(range(ndim), 2)
    return [None, (), *range(-ndim, ndim), *pairs, *([(-1, 0)] if ndim > 1 else [])]


# --- reductions ---


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "var", "std", "max", "min", "all", "any", "count_nonzero"])
@pytest.mark.parametrize("shape", SHAPES)
def test_reductions(name, shape):
    dtypes = {"mean": REAL + COMPLEX, "var": REAL, "std": REAL, "max": INTEGERS + REAL, "min": INTEGERS + REAL}
    for dtype in dtypes.get(name, EVERY if name in ("all", "any", "count_nonzero") else NUMERIC):
        x = array(shape, dtype)
        for axis in axes(len(shape)):
            along = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
            if name in ("max", "min", "mean", "var", "std") and 0 in [shape[a] for a in along]:
                continue  # the standard leaves open what these are of nothing
            for keepdims in False, True:
                check(name, x, axis=axis, keepdims=keepdims)
    if name in ("var", "std"):
        check(name, array((4,), "float64"), correction=1)
        check(name, array((4, 2), "float64"), correction=0.5, axis=0)
    if name in ("sum", "prod"):
        check(name, array((4,), "int8"), dtype=np.dtype("float64"))
        check(name, array((4,), "float32"), dtype=np.dtype("float64"))


@pytest.mark.parametrize("name", ["max", "min", "sum", "prod", "mean", "var", "std"])
def test_reductions_of_nan(name):
    check(name, np.array([1.0, np.nan, 3.0]))
    check(name, np.array([[1.0, np.inf], [np.nan, 2.0]]), axis=1)


@pytest.mark.parametrize("name", ["argmax", "argmin"])
@pytest.mark.parametrize("dtype", INTEGERS + REAL)
def test_places_of_extremes(name, dtype):
    for shape in ((), (3,), (2, 3), (3, 1, 2)):
        for axis in [None, *range(-len(shape), len(shape))]:
            for keepdims in False, True:
                check(name, array(shape, dtype), axis=axis, keepdims=keepdims)


@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
@pytest.mark.parametrize("dtype", NUMERIC)
def test_running(name, dtype):
    check(name, array((4,), dtype))
    for shape in ((3,), (0,), (2, 3), (2, 0, 3)):
        for axis in range(-len(shape), len(shape)):
            for initial in False, True:
                check(name, array(shape, dtype), axis=axis, include_initial=initial)
    check(name, array((3,), dtype), dtype=np.dtype("complex128"), include_initial=True)


@pytest.mark.parametrize("dtype", NUMERIC)
def test_diff(dtype):
    x = array((3, 4), dtype)
    for axis, n in itertools.product((-2, -1, 0, 1), (0, 1, 2)):
        check("diff", x, axis=axis, n=n)
    check("diff", x, axis=0, prepend=array((2, 4), dtype, 1), append=array((1, 4), dtype, 2))


# --- sorting, searching, sets ---


@pytest.mark.parametrize("dtype", INTEGERS + REAL)
def test_sorting(dtype):
    for shape in ((3,), (0,), (5, 6), (2, 0, 3)):
        x = array(shape, dtype)
        for axis, descending in itertools.product(range(-len(shape), len(shape)), (False, True)):
            check("sort", x, axis=axis, descending=descending)
            check("argsort", x, axis=axis, descending=descending)
    extremes = np.iinfo(dtype) if dtype in INTEGERS else np.finfo(dtype)
    check("sort", np.array([1, extremes.max, extremes.min, 0], dtype), descending=True)


@pytest.mark.parametrize("dtype", EVERY)
def test_nonzero_and_where(dtype):
    for shape in ((3,), (0,), (2, 3), (2, 0, 3)):
        check("nonzero", array(shape, dtype))
        check("where", array(shape, "bool"), array(shape, dtype, 1), array(shape[-1:], dtype, 2))
        check("where", array(shape, "bool"), array((), dtype, 1), array(shape[-1:], dtype, 2))
    with pytest.raises(ValueError, match="0-d"):
        xp.nonzero(xp.asarray(array((), dtype)))


def test_where_of_two_dtypes_and_numbers():
    condition = array((3,), "bool")
    check("where", condition, array((3,), "float32"), array((), "float64"))
    check("where", condition, array((3,), "uint8"), array((3,), "int8"))
    check("where", condition, array((3,), "float32"), 2.0)
    check("where", condition, 2, array((3,), "uint16"))
    check("where", condition, 1j, array((3,), "float32"))


@pytest.mark.parametrize("dtype", INTEGERS + REAL)
def test_searchsorted(dtype):
    x = array((20,), dtype)
    for shape, side in itertools.product(((), (4,), (2, 3), (0,)), ("left", "right")):
        check("searchsorted", np.sort(x), array(shape, dtype, 1), side=side)
        check("searchsorted", x, array(shape, dtype, 1), side=side, sorter=np.argsort(x))
        check("searchsorted", np.sort(x), 2, side=side)


@pytest.mark.parametrize("dtype", EVERY)
def test_sets(dtype):
    for shape in ((), (7,), (0,), (4, 3), (2, 0)):
        x = array(shape, dtype)
        found, _ = check("unique_all", x)
        assert np.array_equal(found.values[found.inverse_indices].numpy(), x)
        for name in "unique_counts", "unique_inverse", "unique_values":
            check(name, x)


@pytest.mark.parametrize("dtype", EVERY)
def test_isin(dtype):
    x = array((4, 3), dtype)
    for shape, invert in itertools.product(((3,), (2, 2), (), (0,)), (False, True)):
        other = array(shape, dtype, 1)
        found = xp.isin(xp.asarray(x), xp.asarray(other), invert=invert)
        assert found.dtype is xp.bool and found.tolist() == np.isin(x, other, invert=invert).tolist()
    number = x[0, 0].item()
    assert xp.isin(xp.asarray(x), number).tolist() == (x == number).tolist()
    assert xp.isin(number, xp.asarray(x)).tolist() is True


def test_sets_with_nan_and_zeros():
    x = np.array([np.nan, 0.0, -0.0, 1.0, np.nan, np.inf, 1.0, -np.inf])
    values, indices, inverse, counts = xp.unique_all(xp.asarray(x))
    assert counts.tolist() == [1, 2, 2, 1, 1, 1] and indices.tolist() == [7, 1, 3, 5, 0, 4]
    assert (
        inverse.tolist() == [4, 1, 1, 2, 5, 3, 2, 0] and np.isnan(values.numpy()).tolist() == [False] * 4 + [True] * 2
    )
    assert xp.unique_counts(xp.asarray([np.nan + 1j, 1, np.nan + 1j])).counts.tolist() == [1, 1, 1]
    assert xp.isin(xp.asarray(x), xp.asarray([np.nan, 1.0])).tolist() == [v == 1 for v in x]


# --- manipulation ---


@pytest.mark.parametrize("dtype", EVERY)
def test_manipulation(dtype):
    x = array((2, 3, 4), dtype)
    for axis in (None, 0, 1, -1, (0, 2), (-1, -2)):
        check("flip", x, axis=axis)
        check("roll", x, 2, axis=axis)
    check("roll", x, (1, -5), axis=(0, 2))
    check("roll", x, -1)
    check("roll", array((2, 0), dtype), 3, axis=1)
    check("concat", [x, x[:, :, :2]], axis=2)
    check("concat", (x, x[:1]), axis=None)
    check("concat", [x], axis=-3)
    check("stack", (x, x), axis=-1)
    check("stack", (array((), dtype), array((), dtype)))
    check("unstack", x, axis=1)
    check("unstack", x)
    for axis in (0, 3, -1, -4, 1):
        check("expand_dims", x, axis=axis)
    assert xp.expand_dims(xp.asarray(x), axis=(0, -1, 2)).shape == (1, 2, 1, 3, 4, 1)
    check("squeeze", x[:, :1], 1)
    check("squeeze", x[:1, :1], axis=(0, -2))
    check("moveaxis", x, (0, 1), (-1, 0))
    check("moveaxis", x, 0, 2)
    check("permute_dims", x, (2, 0, 1))
    check("matrix_transpose", x)
    for copy in (None, True, False):
        check("reshape", x, (4, -1), copy=copy)
    check("reshape", array((), dtype), (1, 1))
    check("reshape", array((0, 3), dtype), (0,))
    check("repeat", x, 2, axis=1)
    check("repeat", x, 3)
    for index in "int8", "int32", "int64", "uint8", "uint64":
        check("repeat", x, np.array([1, 0, 2], index), axis=-2) if index != "uint64" else None
    for repetitions in ((2,), (2, 1, 3, 1), (0, 1, 1), ()):
        check("tile", x, repetitions)
    check("broadcast_to", x[:, :1], (5, 2, 3, 4))
    check("broadcast_arrays", x, x[:1], array((), dtype))
    check("tril", x, k=1)
    check("triu", x, k=-1)
    check("tril", x, k=-9)
    check("take", x, np.array([1, 0, 1]), axis=-2)
    check("take", x[0, 0], np.array([1, -1, 3], "int8"))
    check("take", x, np.array([], "int64"), axis=0)
    check("take_along_axis", x, array((2, 3, 2), "int64", 1, -3, 3), axis=2)
    check("take_along_axis", x, array((1, 3, 4), "int64", 1, -2, 2), axis=0)


def test_joining_promotes():
    parts = [array((2,), "uint8"), array((2,), "int8"), array((2,), "int32")]
    check("concat", parts)
    check("stack", parts)


def test_manipulation_refuses():
    x = xp.ones((2, 1, 3))
    with pytest.raises(ValueError, match="size 1"):
        xp.squeeze(x, 0)
    with pytest.raises(IndexError):
        xp.expand_dims(x, axis=4)
    with pytest.raises(ValueError, match="twice"):
        xp.expand_dims(x, axis=(0, -5))
    with pytest.raises(ValueError, match="copy=False"):
        xp.reshape(xp.permute_dims(x, (2, 1, 0)), (6,), copy=False)
    with pytest.raises(ValueError, match="needs an axis"):
        xp.take(x, xp.asarray([0]))
    assert xp.reshape(x, (6,), copy=False).data_ptr() == x.data_ptr() != xp.reshape(x, (6,), copy=True).data_ptr()


# --- creation ---


@pytest.mark.parametrize("dtype", [None, *map(np.dtype, EVERY)])
def test_creation(dtype):
    x = array((2, 3), "float32")
    for shape in ((2, 3), (0,), (), 4):
        for name in "zeros", "ones":
            found = getattr(xp, name)(shape, dtype=through(dtype, xp))
            expected = getattr(strict, name)(shape, dtype=through(dtype or np.dtype("float32"), strict))
            same(found, expected)
        assert xp.empty(shape, dtype=through(dtype, xp)).shape == ((shape,) if isinstance(shape, int) else shape)
        check("full", shape, True if dtype == "bool" else 3, dtype=dtype)
    for name in "zeros_like", "ones_like":
        check(name, x, dtype=dtype)
    check("full_like", x, True if dtype == "bool" else 3, dtype=dtype)
    assert xp.empty_like(xp.asarray(x), dtype=through(dtype, xp)).shape == (2, 3)
    kind = dtype or np.dtype("float32")
    for rows, columns, k in itertools.product((0, 2, 4), (None, 0, 3), (-5, -1, 0, 2)):
        check("eye", rows, columns, k=k, dtype=kind)
    if kind != "bool":
        for given in ((5,), (2, 9, 3), (9, 2, -3), (4, 2), (0,), (2, 5, -1), (3, 3)):
            if min(given) >= 0 or kind.kind != "u":
                check("arange", *given, dtype=kind if kind.kind != "c" else None and kind)
    if kind.kind in "fc":
        for num, endpoint in itertools.product((0, 1, 2, 7), (True, False)):
            check("linspace", -1, 3.5, num, endpoint=endpoint, dtype=kind)
    if kind.kind == "c":
        check("linspace", 1j, 3.5, 5, dtype=kind)


def test_defaults():
    assert xp.full(2, 1.5).dtype is xp.float32 and xp.full(2, 1j).dtype is xp.complex64
    assert xp.full(2, 1).dtype is xp.int64 and xp.full(2, True).dtype is xp.bool
    assert xp.arange(3).dtype is xp.int64 and xp.arange(3.0).dtype is xp.arange(0.0).dtype is xp.float32
    assert xp.linspace(0, 1, 3).dtype is xp.float32 and xp.linspace(0, 1j, 3).dtype is xp.complex64
    assert xp.eye(2).dtype is xp.zeros(()).dtype is xp.ones(()).dtype is xp.empty(()).dtype is xp.float32
    assert xp.arange(0.5, 3, 0.5).tolist() == [0.5, 1, 1.5, 2, 2.5]


@pytest.mark.parametrize("dtype", REAL)
def test_spaces_wider_than_the_largest_number(dtype):
    largest = float(np.finfo(dtype).max)
    found = xp.linspace(-largest, largest, 5, dtype=getattr(xp, dtype))
    np.testing.assert_allclose(found.numpy(), np.array([-1, -0.5, 0, 0.5, 1]) * np.finfo(dtype).max, rtol=1e-6)


def test_asarray():
    data = np.array([1.0, 2.0])
    shared = xp.asarray(data)
    data[0] = 5
    assert shared.tolist() == [5, 2] and xp.asarray(shared) is shared
    copied = xp.asarray(data, copy=True)
    data[0] = 6
    assert copied.tolist() == [5, 2] and xp.asarray(data, copy=False).tolist() == [6, 2]
    for refused in (lambda: xp.asarray(data, dtype=xp.int64, copy=False), lambda: xp.asarray([1.0], copy=False)):
        with pytest.raises(ValueError, match="alias"):
            refused()
    for value, dtype in ((True, xp.bool), (1, xp.int64), (1.0, xp.float32), (1j, xp.complex64)):
        assert xp.asarray(value).dtype is dtype and xp.asarray([[value]], device="cpu").shape == (1, 1)
    assert xp.asarray(memoryview(bytearray(b"ab")), dtype=xp.uint8).tolist() == [97, 98]
    nested = xp.asarray([[xp.asarray(1), xp.asarray(2.5, dtype=xp.float64)], [3, 4]])
    assert nested.dtype is xp.float64 and nested.tolist() == [[1, 2.5], [3, 4]]
    with pytest.raises(AssertionError, match="CUDA"):  # as PyTorch without CUDA has it
        xp.asarray(1, device="cuda")


def test_from_dlpack():
    data = np.arange(3)
    assert xp.from_dlpack(data).tolist() == [0, 1, 2]
    shared, copied = xp.from_dlpack(xp.from_dlpack(data)), xp.from_dlpack(data, copy=True)
    data[0] = 7
    assert shared.tolist() == [7, 1, 2] and copied.tolist() == [0, 1, 2]
    assert np.from_dlpack(xp.asarray([1, 2])).tolist() == [1, 2] and xp.asarray(1).__dlpack_device__() == (1, 0)


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_meshgrid(indexing):
    for count in range(4):
        check("meshgrid", *(array((n + 2,), "float32", n) for n in range(count)), indexing=indexing)
    check("meshgrid", array((2,), "int8"), array((0,), "int8"), indexing=indexing)


# --- dtypes ---


def test_promotion():
    for one, other in itertools.product(EVERY, repeat=2):
        ours, theirs = (getattr(xp, one), getattr(xp, other)), (getattr(strict, one), getattr(strict, other))
        try:
            expected = strict.result_type(*theirs)
        except TypeError:
            continue
        assert xp.result_type(*ours).name == str(expected).rpartition(".")[2]
        tensors = xp.ones((), dtype=ours[0]), xp.ones((2,), dtype=ours[1])
        assert xp.result_type(*tensors) is xp.result_type(tensors[0], ours[1]) is xp.result_type(*ours)
        assert xp.can_cast(*ours) == strict.can_cast(*theirs) and xp.can_cast(tensors[0], ours[1]) == xp.can_cast(*ours)
    with pytest.raises(RuntimeError, match="uint64"):
        xp.result_type(xp.uint64, xp.int8)
    assert not xp.can_cast(xp.uint64, xp.int64) and not xp.can_cast(xp.int8, xp.uint64)
    assert xp.result_type(xp.float32, 1, 2.0, xp.float64, 1j) is xp.complex128
    assert xp.result_type(1, xp.uint8) is xp.uint8 and xp.result_type(xp.bool, True) is xp.bool
    with pytest.raises(ValueError, match="at least one"):
        xp.result_type(1, 2)


@pytest.mark.parametrize("dtype", EVERY)
def test_limits_and_kinds(dtype):
    ours, theirs = getattr(xp, dtype), getattr(strict, dtype)
    if dtype in REAL + COMPLEX:
        found, expected = xp.finfo(ours), strict.finfo(theirs)
        for name in ("bits", "eps", "max", "min", "smallest_normal"):
            assert getattr(found, name) == getattr(expected, name) and type(getattr(found, name)) in (int, float)
        assert found.dtype.name == str(expected.dtype).rpartition(".")[2] and xp.finfo(xp.ones(1, dtype=ours)) == found
    elif dtype != "bool":
        found, expected = xp.iinfo(ours), strict.iinfo(theirs)
        assert (found.bits, found.max, found.min, found.dtype) == (expected.bits, expected.max, expected.min, ours)
        assert xp.iinfo(xp.ones(1, dtype=ours)) == found
    kinds = ["bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric"]
    for kind in [*kinds, ("bool", "integral"), ()]:
        assert xp.isdtype(ours, kind) == strict.isdtype(theirs, kind)
    assert (
        xp.isdtype(ours, ours) and xp.isdtype(ours, (xp.int8, ours)) and xp.isdtype(ours, xp.bool) == (dtype == "bool")
    )
    for other in EVERY:
        if not (dtype in COMPLEX and other not in COMPLEX):
            check("astype", array((2, 2), dtype, low=0), np.dtype(other))
    x = xp.ones(2, dtype=ours)
    assert xp.astype(x, ours, copy=False) is x and xp.astype(x, ours, device="cpu").data_ptr() != x.data_ptr()
    for wrong, error in (("float", ValueError), ((("bool",),), TypeError), (3, TypeError)):
        with pytest.raises(error):
            xp.isdtype(ours, wrong)


def test_shapes():
    assert xp.broadcast_shapes((3, 1), (4,), ()) == (3, 4) and xp.broadcast_shapes() == ()
    for refused in (lambda: xp.broadcast_shapes((2,), (3,)), lambda: xp.broadcast_arrays(xp.ones(2), xp.ones(3))):
        with pytest.raises(ValueError):
            refused()


@pytest.mark.parametrize("dtype", INTEGERS + REAL)
def test_clip(dtype):
    x = array((3, 4), dtype)
    low, high = (np.array([1, 2, 0, 3], dtype), np.array(3, dtype))
    for bounds in ((), (1,), (None, 2), (1, 2), (low,), (low, high), (None, high), (low, 4)):
        check("clip", x, *bounds)
    check("clip", x, max=2, min=1)
    if dtype in INTEGERS:
        assert xp.clip(xp.asarray(x), -(10**30), 10**30).tolist() == x.tolist()
        assert xp.clip(xp.asarray(x), xp.asarray(2, dtype=xp.uint8)).dtype.name == dtype
    else:
        assert np.isnan(xp.clip(xp.asarray(x), float("nan")).numpy()).all()
        check("clip", np.array([np.nan, 1, -5], dtype), -1.0, 0.5)

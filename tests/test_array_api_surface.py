"""The Array API namespace as programs inspect it: names, signatures, the array object; and what autograd sees."""

import inspect
import itertools
import math
import subprocess
import sys

import numpy as np
import pytest

import mibun
from mibun.autograd import gradcheck

strict = pytest.importorskip("array_api_strict")
xp = mibun.ones(1).__array_namespace__()
STRICT_ALONE = {"Device", "ArrayAPIStrictFlags", "__version__"}


def functions():
    for prefix, ours, theirs in ("", xp, strict), ("linalg.", xp.linalg, strict.linalg), ("fft.", xp.fft, strict.fft):
        for name in theirs.__all__:
            value = getattr(theirs, name)
            if callable(value) and not name.startswith("__") and "strict" not in name and name not in STRICT_ALONE:
                if not isinstance(value, strict.float32.__class__):
                    yield pytest.param(getattr(ours, name, None), value, id=prefix + name)


def test_all_names():
    for ours, theirs in (xp, strict), (xp.linalg, strict.linalg), (xp.fft, strict.fft):
        names = {name for name in theirs.__all__ if "strict" not in name} - STRICT_ALONE
        assert names <= set(ours.__all__) <= set(dir(ours)) and all(hasattr(ours, name) for name in names)
    assert xp.__array_api_version__ == "2025.12" and xp.newaxis is None
    assert (xp.e, xp.pi, xp.inf, math.isnan(xp.nan)) == (math.e, math.pi, math.inf, True)


@pytest.mark.parametrize(("ours", "theirs"), list(functions()))
def test_signatures(ours, theirs):
    """The standard's parameters, positional or keyword-only as it has them, with its defaults; and no others."""
    found, expected = (list(inspect.signature(function).parameters.values()) for function in (ours, theirs))
    assert [(p.name, p.kind) for p in found if p.kind is not p.POSITIONAL_ONLY] == [
        (p.name, p.kind) for p in expected if p.kind is not p.POSITIONAL_ONLY
    ]
    for one, other in zip(found, expected, strict=True):
        assert one.kind is other.kind
        if type(other.default).__name__ != "Undef":
            assert one.default == other.default
    assert ours.__name__ == theirs.__name__ and ours.__doc__


def test_the_namespace_of_a_tensor():
    x = mibun.ones(2)
    assert x.__array_namespace__() is x.__array_namespace__(api_version="2022.12") is xp is mibun.array_api
    with pytest.raises(ValueError, match="no revision '2020.01'"):
        x.__array_namespace__(api_version="2020.01")
    loaded = "import sys, mibun; mibun.ones(2).exp(); print('mibun.array_api' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"  # importing mibun does not load it


def test_inspection():
    info, theirs = xp.__array_namespace_info__(), strict.__array_namespace_info__()
    assert info.capabilities().keys() == theirs.capabilities().keys()
    assert info.capabilities()["boolean indexing"] is info.capabilities()["data-dependent shapes"] is True
    assert info.default_device() == mibun.device("cpu") and info.devices() == (mibun.device("cpu"),)
    assert info.default_dtypes().keys() == theirs.default_dtypes().keys()
    mibun.set_default_dtype(mibun.float64)
    try:
        assert [d.name for d in info.default_dtypes().values()] == ["float64", "complex128", "int64", "int64"]
        assert xp.ones(1).dtype is xp.float64
    finally:
        mibun.set_default_dtype(mibun.float32)
    for kind in (None, "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating"):
        found = info.dtypes(kind=kind, device="cpu")
        assert found.keys() == theirs.dtypes(kind=kind).keys() and all(getattr(xp, n) is d for n, d in found.items())
    assert info.dtypes(kind=("bool", "real floating")).keys() == {"bool", "float32", "float64"}
    with pytest.raises(ValueError, match="unknown kind"):
        info.dtypes(kind="float")


# --- the array object ---


def test_attributes_and_methods():
    x = xp.asarray(np.arange(6.0).reshape(2, 3))
    names = [name for name in dir(strict.asarray(1)) if name[0] != "_" or name[-2:] == "__"]
    missing = [name for name in names if not hasattr(x, name)]
    assert missing in (["__buffer__", "__imatmul__"], ["__imatmul__"])  # Python falls back to `x = x @ y`
    assert x.T.shape == x.mT.shape == (3, 2) and x.ndim == 2 and x.shape == (2, 3) and x.dtype == xp.float64
    assert x.to_device(x.device) is x and x.device == "cpu" or x.device == mibun.device("cpu")
    with pytest.raises(ValueError, match="stream"):
        x.to_device("cpu", stream=1)
    with pytest.raises(AssertionError, match="CUDA"):
        x.to_device("cuda")


OPERATORS = {
    "numeric": "add sub mul pow",
    "floating": "truediv",
    "integer": "and or xor lshift rshift",
    "real": "floordiv mod lt le gt ge",
    "any": "eq ne",
}


@pytest.mark.parametrize("name", " ".join(OPERATORS.values()).split())
def test_operators(name):
    """Operators of arrays with dimensions, plain, reflected and in place, agree with array-api-strict's.

    0-d arrays do not: in PyTorch's promotion, which Tensors keep, they have no say within a kind of numbers.
    """
    kind = next(kind for kind, names in OPERATORS.items() if name in names.split())
    integers = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
    floats = ("float32", "float64")
    for group in {"integer": [integers], "floating": [floats]}.get(kind, [integers, floats]):
        for one, other in itertools.product(group, repeat=2):
            if {one, other} & {"uint64"} and ("int" in (one + other).replace("uint", "")):
                continue
            pair = np.array([1, 5, 7], one), np.array([3, 2, 1], other)
            ours, theirs = [xp.asarray(a) for a in pair], [strict.asarray(a) for a in pair]
            methods = [f"__{name}__"] + [f"__r{name}__"] * (name not in "lt le gt ge eq ne".split())
            for method in methods:
                found, expected = getattr(ours[0], method)(ours[1]), getattr(theirs[0], method)(theirs[1])
                assert found.dtype.name == str(expected.dtype).rpartition(".")[2]
                np.testing.assert_allclose(found.numpy(), np.asarray(expected), rtol=1e-6)
            if len(methods) == 2 and np.result_type(*pair) == pair[0].dtype:
                found, expected = xp.asarray(pair[0], copy=True), strict.asarray(pair[0], copy=True)
                before = found.data_ptr()
                found, expected = getattr(found, f"__i{name}__")(ours[1]), getattr(expected, f"__i{name}__")(theirs[1])
                assert found.dtype.name == one and found.data_ptr() == before
                np.testing.assert_allclose(found.numpy(), np.asarray(expected), rtol=1e-6)
        for number in (2, 2.5) if group[0] == "float32" else (2,):
            for dtype in group:
                found = getattr(xp.asarray([1, 2], dtype=getattr(xp, dtype)), f"__{name}__")(number)
                expected = getattr(strict.asarray([1, 2], dtype=getattr(strict, dtype)), f"__{name}__")(number)
                assert found.dtype.name == str(expected.dtype).rpartition(".")[2]


@pytest.mark.parametrize("dtype", ["uint16", "uint32", "uint64"])
def test_unsigned_integers_index_and_convert(dtype):
    one = xp.asarray(1, dtype=getattr(xp, dtype))
    assert (int(one), float(one), complex(one), bool(one), [5, 6][one]) == (1, 1.0, 1 + 0j, True, 6)
    assert xp.asarray(np.iinfo(dtype).max, dtype=getattr(xp, dtype)).item() == np.iinfo(dtype).max
    assert repr(one) == f"tensor(1, dtype=torch.{dtype})" and (-one).item() == np.iinfo(dtype).max


def test_indexing():
    """Reading and writing with integers, slices, None, ... and masks: all that the standard has but negative steps."""
    data = np.arange(24).reshape(2, 3, 4)
    for key in (
        1,
        (0, -1, 2),
        slice(None),
        (slice(0, 2, 2), ..., slice(-3, None)),
        (..., None, 1),
        (None, 1, None, slice(3, 1)),
        ...,
        (),
        data > 5,
        np.array([True, False]),
    ):
        ours = tuple(key) if isinstance(key, list) else key
        ours = xp.asarray(ours) if isinstance(ours, np.ndarray) else ours
        assert np.array_equal(xp.asarray(data)[ours].numpy(), data[key])
        written, expected = xp.asarray(data, copy=True), data.copy()
        written[ours], expected[key] = 7, 7
        assert np.array_equal(written.numpy(), expected)
    rows = np.array([1, 0])
    assert np.array_equal(xp.asarray(data)[xp.asarray(rows), 1].numpy(), data[rows, 1])
    assert xp.asarray(True)[()].item() is True


# --- autograd ---


def leaf(*shape, complex=False):
    rng = np.random.default_rng(sum(shape))
    values = rng.normal(size=shape) + (1j * rng.normal(size=shape) if complex else 0)
    return xp.asarray(values).requires_grad_()


RECORDED = {
    "asarray": lambda x: xp.asarray([[x[0, 0], 1.0], [x[1, 1] ** 2, 2.0]]),
    "linspace": lambda x: xp.linspace(x[0, 0], 2.0, 4),
    "full": lambda x: xp.full((2,), x[0, 0]),
    "full_like": lambda x: xp.full_like(x, x[0, 1]),
    "astype": lambda x: xp.astype(x, xp.complex128),
    "broadcast_arrays": lambda x: xp.broadcast_arrays(x, x[0])[1],
    "promotion": lambda x: xp.multiply(xp.astype(x, xp.float64), xp.asarray(2.0)),
    "clip": lambda x: xp.clip(x, -0.5, x[0]),
    "clip of limits": lambda x: xp.clip(xp.asarray([5.0, -5.0], dtype=xp.float64), x[0, 0], x[0, 0] + 1),
    "sign": lambda x: x * xp.sign(x),
    "round": lambda x: x * xp.round(x),
    "sum": lambda x: xp.sum(x, axis=(0, 1)),
    "prod": lambda x: xp.prod(x, axis=(0, -1)),
    "mean": lambda x: xp.mean(x, axis=()),
    "var": lambda x: xp.var(x, axis=0, correction=1),
    "std": lambda x: xp.std(x),
    "max": lambda x: xp.max(x, axis=1),
    "min": lambda x: xp.min(x),
    "cumulative_sum": lambda x: xp.cumulative_sum(x, axis=0, include_initial=True),
    "cumulative_prod": lambda x: xp.cumulative_prod(x, axis=1),
    "diff": lambda x: xp.diff(x, prepend=x[:, :1] * 2),
    "sort": lambda x: xp.sort(x, descending=True),
    "unique_values": lambda x: xp.unique_values(xp.concat([x, x])),
    "take": lambda x: xp.take(x, xp.asarray([[0, -1], [1, 1]]), axis=1),
    "take_along_axis": lambda x: xp.take_along_axis(x, xp.argsort(x), axis=-1),
    "where": lambda x: xp.where(x > 0, x, x * x),
    "concat": lambda x: xp.concat([x, xp.ones(2)], axis=None),
    "unstack": lambda x: xp.unstack(x, axis=1)[1],
    "repeat": lambda x: xp.repeat(x, xp.asarray([2, 0, 1]), axis=0),
    "tile": lambda x: xp.tile(x, (2, 1)),
    "roll": lambda x: xp.roll(x, 1),
    "tril": lambda x: xp.tril(x, k=-1),
    "vecdot": lambda x: xp.vecdot(x, x[0]),
    "tensordot": lambda x: xp.tensordot(x, x, axes=1),
    "linalg.solve": lambda x: xp.linalg.solve(x, x[:, 0]),
    "linalg.solve of matrices": lambda x: xp.linalg.solve(xp.stack([x, x]), x),
    "linalg.cross": lambda x: xp.linalg.cross(x, x[0]),
    "linalg.pinv": lambda x: xp.linalg.pinv(x[:, :2]),
    "linalg.trace": lambda x: xp.linalg.trace(x, offset=1),
    "linalg.vector_norm": lambda x: xp.linalg.vector_norm(x, axis=(0, 1), ord=3),
    "linalg.svdvals": lambda x: xp.linalg.svdvals(x),
    "fft.rfftn": lambda x: xp.real(xp.fft.rfftn(x)),
    "special.gammaln": lambda x: xp.special.gammaln(x * x + 0.5),
    "special.xlogy": lambda x: xp.special.xlogy(x, x * x + 0.5),
}


@pytest.mark.parametrize("name", RECORDED)
def test_gradients(name):
    assert gradcheck(RECORDED[name], (leaf(3, 3),))


def test_every_differentiable_function_is_recorded():
    """Elementwise functions of floats give results that require grad, of one operand and of two."""
    no_derivative = "isfinite isinf isnan signbit logical bitwise equal not_equal greater less shift nextafter".split()
    x = (leaf(3) ** 2 % 0.5 + 0.2).detach().requires_grad_()
    for name in xp.__all__:
        function = getattr(xp, name)
        if getattr(function, "__module__", "") != "mibun.array_api.elementwise":
            continue
        if any(part in name for part in no_derivative):
            continue
        operands = [p for p in inspect.signature(function).parameters if p.startswith("x")]
        value = x + 1 if name == "acosh" else x
        assert function(*[value] * len(operands)).requires_grad or name in ("imag",), name

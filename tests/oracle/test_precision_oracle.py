"""Mixed precision of normalisations, and the dtypes that `out=` may have, against installed PyTorch."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

FLOATS = ("float16", "bfloat16", "float32", "float64")
NORMS = {
    "batch norm": lambda F, x, w, b, m, v: F.batch_norm(x, m, v, w, b, True),
    "batch norm, weight alone": lambda F, x, w, b, m, v: F.batch_norm(x, m, v, w, None, True),
    "batch norm, evaluated": lambda F, x, w, b, m, v: F.batch_norm(x, m, v, w, b, False),
    "batch norm, no parameters": lambda F, x, w, b, m, v: F.batch_norm(x, m, v, training=True),
    "batch norm, nothing running": lambda F, x, w, b, m, v: F.batch_norm(x, None, None, w, b, True),
    "batch norm, bias of the input's": lambda F, x, w, b, m, v: F.batch_norm(x, m, v, w, b.to(x.dtype), True),
    "batch norm, running of the input's": lambda F, x, w, b, m, v: F.batch_norm(x, m.to(x), v.to(x), w, b, True),
    "group norm": lambda F, x, w, b, m, v: F.group_norm(x, 2, w, b),
    "group norm, weight alone": lambda F, x, w, b, m, v: F.group_norm(x, 2, w),
    "layer norm": lambda F, x, w, b, m, v: F.layer_norm(x.permute(0, 2, 3, 1), (4,), w, b),
    "instance norm": lambda F, x, w, b, m, v: F.instance_norm(x, None, None, w, b),
    "rms norm": lambda F, x, w, b, m, v: F.rms_norm(x.permute(0, 2, 3, 1), (4,), w),
}


def normalised(t, norm, given, parameters):
    """The result, gradients and running statistics as (dtype, numbers), or the class of the error."""
    data, kind = getattr(t, given), getattr(t, parameters)
    x = t.tensor(np.sin(np.arange(72.0) * 0.37).reshape(2, 4, 3, 3)).to(data).requires_grad_()
    w, b = (t.tensor(v).to(kind).requires_grad_() for v in ([1.5, 0.5, 1.0, 2.0], [0.25, 0.0, -1.0, 0.5]))
    m, v = t.zeros(4, dtype=kind), t.ones(4, dtype=kind)
    try:
        out = norm(t.nn.functional, x, w, b, m, v)
        out.square().sum().backward()
    except Exception as error:
        return type(error)
    found = (out, x.grad, w.grad, b.grad, m, v)
    return [(str(y.dtype), y.detach().double().numpy()) if y is not None else None for y in found]


@pytest.mark.parametrize("parameters", FLOATS)
@pytest.mark.parametrize("given", FLOATS)
@pytest.mark.parametrize("name", NORMS)
def test_mixed_precision_of_norms(name, given, parameters):
    if name == "rms norm" and given != parameters:
        pytest.skip("PyTorch has no derivative of most of these mixtures")
    ours, theirs = [normalised(t, NORMS[name], given, parameters) for t in (mibun, torch)]
    if isinstance(theirs, type) or isinstance(ours, type):
        assert ours is theirs
        return
    tolerance = 0.06 if "bfloat16" in (given, parameters) else 8e-3 if "float16" in (given, parameters) else 1e-4
    for a, b in zip(ours, theirs, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert a[0].removeprefix("mibun.") == b[0].removeprefix("mibun.")
            np.testing.assert_allclose(a[1], b[1], rtol=tolerance, atol=tolerance * 4)  # PyTorch rounds in between


KINDS = ("bool", "uint8", "int64", "float32", "float64", "complex64")
UNARY = """abs ceil conj_physical exp floor frac isfinite isinf isnan isneginf isposinf logical_not nan_to_num neg
reciprocal round rsqrt sgn sigmoid sign signbit sin sqrt square tril triu trunc diag bitwise_not msort erf positive
angle expm1 log1p lgamma i0 sinc count_nonzero""".split()
ALONG = """all any amax amin argmax argmin cumsum cumprod logcumsumexp logsumexp mean prod softmax log_softmax std sum
var nansum nanmean""".split()
BINARY = """add sub mul div eq lt logical_and bitwise_and bitwise_xor pow maximum fmax fmod remainder hypot atan2 matmul
mm gcd copysign xlogy heaviside float_power outer""".split()


def index(t):
    return t.zeros(2, 2, dtype=t.int64)


OUT_CASES = {
    **{name: lambda t, x, out, name=name: getattr(t, name)(x, out=out) for name in UNARY if hasattr(torch, name)},
    **{f"{name} along 1": lambda t, x, out, name=name: getattr(t, name)(x, 1, out=out) for name in ALONG},
    **{name: lambda t, x, out, name=name: getattr(t, name)(x, x, out=out) for name in BINARY},
    "all": lambda t, x, out: t.all(x, out=out),
    "any": lambda t, x, out: t.any(x, out=out),
    "sum, dtype": lambda t, x, out: t.sum(x, 1, dtype=t.float64, out=out),
    "prod, dtype": lambda t, x, out: t.prod(x, 1, dtype=t.float64, out=out),
    "mean, dtype": lambda t, x, out: t.mean(x, 1, dtype=t.float64, out=out),
    "cumsum, dtype": lambda t, x, out: t.cumsum(x, 1, dtype=t.float64, out=out),
    "clamp": lambda t, x, out: t.clamp(x, 0, 1, out=out),
    "where": lambda t, x, out: t.where(x.bool(), x, x, out=out),
    "gather": lambda t, x, out: t.gather(x, 0, index(t), out=out),
    "take": lambda t, x, out: t.take(x, index(t), out=out),
    "index_select": lambda t, x, out: t.index_select(x, 0, index(t)[0], out=out),
    "masked_select": lambda t, x, out: t.masked_select(x, x.bool(), out=out),
    "nonzero": lambda t, x, out: t.nonzero(x, out=out),
    "max": lambda t, x, out: t.max(x, 1, out=(out, t.empty(0, dtype=t.int64))),
    "max, indices": lambda t, x, out: t.max(x, 1, out=(t.empty(0, dtype=x.dtype), out)),
    "sort": lambda t, x, out: t.sort(x, 1, out=(out, t.empty(0, dtype=t.int64))),
    "topk": lambda t, x, out: t.topk(x, 1, out=(out, t.empty(0, dtype=t.int64))),
    "cummax": lambda t, x, out: t.cummax(x, 0, out=(out, t.empty(0, dtype=t.int64))),
    "median": lambda t, x, out: t.median(x, 0, out=(out, t.empty(0, dtype=t.int64))),
    "cat": lambda t, x, out: t.cat([x, x], out=out),
    "stack": lambda t, x, out: t.stack([x, x], out=out),
    "scatter": lambda t, x, out: t.scatter(x, 0, index(t), x, out=out),
    "index_add": lambda t, x, out: t.index_add(x, 0, t.tensor([0, 1]), x, out=out),
    "addmm": lambda t, x, out: t.addmm(x, x, x, out=out),
    "bmm": lambda t, x, out: t.bmm(x[None], x[None], out=out),
    "det": lambda t, x, out: t.linalg.det(x, out=out),
    "inv": lambda t, x, out: t.linalg.inv(x, out=out),
    "vector_norm": lambda t, x, out: t.linalg.vector_norm(x, out=out),
    "searchsorted": lambda t, x, out: t.searchsorted(x, x, out=out),
    "isin": lambda t, x, out: t.isin(x, x, out=out),
    "add a number": lambda t, x, out: t.add(x, 2.5, out=out),
    "lerp": lambda t, x, out: t.lerp(x, x, 0.5, out=out),
}
# A complex result of which PyTorch writes the real part, after it has refused that elsewhere; and two dtypes that it
# has no kernels for.
LEFT_OUT = {("mean along 1", "complex64"), ("logsumexp along 1", "complex64"), ("std along 1", "complex64")}
LEFT_OUT |= {("var along 1", "complex64"), ("abs", "complex64")}


def accepted(t, case, given, wanted):
    x = t.tensor([[1, 2], [1, 1]]).to(getattr(t, given))
    out = t.empty(0, dtype=getattr(t, wanted))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            case(t, x, out)
        except (RuntimeError, TypeError, NotImplementedError):
            return False
    return True if "indices" in str(case) else np.round(out.to(t.complex128).numpy(), 3).tolist()


@pytest.mark.parametrize("name", OUT_CASES)
def test_dtypes_of_out(name):
    for given in KINDS:
        for wanted in KINDS:
            if (name, given) in LEFT_OUT or (name == "abs" and given.startswith("float")):
                continue
            ours, theirs = [accepted(t, OUT_CASES[name], given, wanted) for t in (mibun, torch)]
            assert (ours is False) == (theirs is False), (given, wanted)
            if ours is not False:
                np.testing.assert_allclose(ours, theirs, atol=2e-3)

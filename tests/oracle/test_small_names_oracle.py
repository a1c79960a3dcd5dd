"""Functions, methods and classes that few programs use, against PyTorch: values, gradients, errors, signatures."""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402


def x(m: Any, *shape: int, grad: bool = True, dtype: str = "float32") -> Any:
    """Some numbers, which require grad."""
    n = math.prod(shape)
    return (m.arange(1.0, 1.0 + n) * 1.7).sin().reshape(shape).to(getattr(m, dtype)).requires_grad_(grad)


def graded(m: Any, function: Callable, *inputs: Any) -> Any:
    """The results of a function, and the gradients of its first one."""
    out = function(*inputs)
    first = out[0] if isinstance(out, tuple) else out
    wanted = [i for i in inputs if isinstance(i, m.Tensor) and i.requires_grad]
    return out, m.autograd.grad(first.square().sum(), wanted, allow_unused=True)


NORMS: dict[str, Callable] = {
    "layer": lambda m: graded(m, lambda a, w, b: m.native_layer_norm(a, [3], w, b, 1e-5), x(m, 2, 3), x(m, 3), x(m, 3)),
    "layer, bare": lambda m: graded(m, lambda a: m.native_layer_norm(a, [2, 3], None, None, 1e-3), x(m, 4, 2, 3)),
    "layer, shape": lambda m: m.native_layer_norm(x(m, 2, 3), [4], None, None, 1e-5),
    "batch": lambda m: batch(m, True),
    "batch, evaluation": lambda m: batch(m, False),
    "batch, bare": lambda m: graded(
        m, lambda a: m.native_batch_norm(a, None, None, None, None, True, 0.1, 1e-5), x(m, 4, 3)
    ),
    "group": lambda m: graded(
        m, lambda a, w: m.native_group_norm(a, w, None, 2, 4, 3, 2, 1e-5), x(m, 2, 4, 3), x(m, 4)
    ),
    "group, division": lambda m: m.native_group_norm(x(m, 2, 4, 3), None, None, 2, 4, 3, 3, 1e-5),
    "frobenius": lambda m: [graded(m, lambda a, d=d: m.frobenius_norm(a, d), x(m, 2, 3)) for d in (1, [0, 1], [], -1)],
    "frobenius, keepdim": lambda m: m.frobenius_norm(x(m, 2, 3), [0, 1], True),
    "frobenius, three": lambda m: m.frobenius_norm(x(m, 2, 3, 2), [0, 1, 2]),
    "frobenius, complex": lambda m: m.frobenius_norm(m.ones(2, 2, dtype=m.complex64), (0, 1)),
    "nuclear": lambda m: graded(m, m.nuclear_norm, x(m, 2, 3)),
    "nuclear, keepdim": lambda m: [m.nuclear_norm(x(m, 2, 3), True), m.nuclear_norm(x(m, 2, 3), keepdim=True)],
    "nuclear, dim": lambda m: [m.nuclear_norm(x(m, 2, 3, 2), (0, 1), k) for k in (True, False)],
    "nuclear, batch": lambda m: m.nuclear_norm(x(m, 2, 3, 2)),
    "nuclear, vector": lambda m: m.nuclear_norm(x(m, 2)),
    "cross map": lambda m: [m.nn.CrossMapLRN2d(s, 0.5, 0.6, 2.0)(x(m, 1, 5, 2, 2)) for s in (1, 2, 3, 4, 5)],
    "cross map, axes": lambda m: m.nn.CrossMapLRN2d(3)(x(m, 4, 3, 3)),
    "cross map, repr": lambda m: repr(m.nn.CrossMapLRN2d(3)),
}


def batch(m: Any, training: bool) -> Any:
    mean, var = m.zeros(3), m.ones(3)
    found = graded(
        m,
        lambda a, w, b: m.native_batch_norm(a, w, b, mean, var, training, 0.1, 1e-5),
        x(m, 2, 3, 2),
        x(m, 3),
        x(m, 3),
    )
    return found, mean, var


DROPOUT: dict[str, Callable] = {
    f"{p}, {train}": lambda m, p=p, train=train: graded(m, lambda a: m.native_dropout(a, p, train), x(m, 9))
    for p in (0.0, 0.3, 1.0, 1.5)
    for train in (True, False)
}
DROPOUT["None"] = lambda m: m.native_dropout(x(m, 9), 0.3, None)  # whose gradient PyTorch does not scale
DROPOUT["integers"] = lambda m: m.native_dropout(m.arange(3), 0.5, True)
DROPOUT["by channel, in place"] = lambda m: m.feature_dropout_(m.ones(2, 3, 2), 0.5, True)


def binomial(m: Any, count: float, p: float, n: int = 60, dtype: str = "float32") -> Any:
    kind = getattr(m, dtype)
    return m.binomial(m.full((n,), count, dtype=kind), m.full((n,), p, dtype=kind)), m.rand(2)


BINOMIAL: dict[str, Callable] = {
    **{
        f"{count}, {p}": lambda m, count=count, p=p: binomial(m, count, p)
        for count in (0.0, 1.0, 7.6, 30.0, 1000.0, -3.0)
        for p in (0.0, 0.01, 0.3, 0.5, 0.9, 1.0, -1.0, 1.5)
    },
    "float64": lambda m: binomial(m, 100.0, 0.4, dtype="float64"),
    "float16": lambda m: binomial(m, 100.0, 0.4, dtype="float16"),
    "int64": lambda m: m.binomial(m.tensor([10]), m.tensor([0.5])),
    "other dtypes": lambda m: m.binomial(m.ones(2), m.ones(2, dtype=m.float64)),
    "NaN": lambda m: m.binomial(m.ones(1), m.full((1,), math.nan)),
    "broadcast": lambda m: m.binomial(m.full((2, 1), 10.0), m.tensor([0.5, 0.1, 0.9])),
    "no broadcast": lambda m: m.binomial(m.ones(2), m.ones(3)),
    "transposed": lambda m: m.binomial(m.arange(9.0).view(3, 3).t() * 9, m.full((3, 3), 0.5)),
    "generator": lambda m: m.binomial(m.full((9,), 30.0), m.full((9,), 0.5), m.Generator().manual_seed(3)),
    "backward": lambda m: m.binomial(m.full((2,), 9.0), m.full((2,), 0.5, requires_grad=True)).sum().backward(),
}


def segments(m: Any, reduce: str, **options: Any) -> Any:
    return graded(m, lambda d: m.segment_reduce(d, reduce, **options), x(m, 5, 2))


SEGMENTS: dict[str, Callable] = {
    **{
        f"{reduce}, {initial}, {lengths}": lambda m, r=reduce, i=initial, n=lengths: segments(
            m, r, lengths=m.tensor(n), initial=i
        )
        for reduce in ("sum", "mean", "max", "min", "prod")
        for initial in (None, 0.5, 2)
        for lengths in ([2, 3], [2, 0, 3], [5], [1, 1, 1, 1, 1])
        if not (0 in lengths and initial is None)
    },
    **{
        f"{reduce} of nothing": lambda m, r=reduce: m.segment_reduce(m.zeros(0), r, lengths=m.tensor([0, 0]))
        for reduce in ("sum", "mean", "max", "min", "prod")
    },
    "offsets": lambda m: segments(m, "sum", offsets=m.tensor([0, 2, 5])),
    "both": lambda m: segments(m, "sum", lengths=m.tensor([2, 3]), offsets=m.tensor([0, 1, 5])),
    "neither": lambda m: segments(m, "sum"),
    "indices": lambda m: segments(m, "sum", indices=m.tensor([0, 1])),
    "unknown": lambda m: segments(m, "foo", lengths=m.tensor([2, 3])),
    "too little": lambda m: segments(m, "sum", lengths=m.tensor([2, 2])),
    "too little, unsafe": lambda m: segments(m, "max", lengths=m.tensor([2, 2]), unsafe=True),
    "negative": lambda m: segments(m, "sum", lengths=m.tensor([-1, 6])),
    "floats": lambda m: segments(m, "sum", lengths=m.tensor([2.0, 3.0])),
    "int32": lambda m: segments(m, "sum", lengths=m.tensor([2, 3], dtype=m.int32)),
    "integers": lambda m: m.segment_reduce(m.arange(5), "sum", lengths=m.tensor([2, 3])),
    "axis 1": lambda m: segments(m, "sum", lengths=m.tensor([[2], [2], [2], [2], [2]]), axis=1),
    "axis 1 of three": lambda m: graded(
        m, lambda d: m.segment_reduce(d, "max", lengths=m.tensor([[2, 1], [0, 3]]), axis=1, initial=0), x(m, 2, 3, 2)
    ),
    "wrong axis": lambda m: segments(m, "sum", lengths=m.tensor([2, 3]), axis=1),
    "ties": lambda m: graded(
        m, lambda d: m.segment_reduce(d, "max", lengths=m.tensor([3])), m.ones(3, requires_grad=True)
    ),
    "zeros": lambda m: graded(
        m, lambda d: m.segment_reduce(d, "prod", lengths=m.tensor([3])), m.tensor([0.0, 2.0, 3.0], requires_grad=True)
    ),
    "NaN": lambda m: m.segment_reduce(m.tensor([1.0, math.nan, 2.0]), "max", lengths=m.tensor([2, 1])),
}


def quantized(m: Any, *args: Any, dtype: str = "float32") -> Any:
    values = m.tensor([-1.0, 0.04, 0.26, 0.5, 2.0, 0.33], dtype=getattr(m, dtype), requires_grad=True)
    return graded(m, lambda v: m.fake_quantize_per_tensor_affine(v, *args), values)


def by_channel(m: Any, axis: int = 1, low: int = -3, high: int = 3, scale: Any = None, zero: Any = None) -> Any:
    values = (m.arange(6.0).reshape(2, 3) / 4).requires_grad_()
    scale = m.tensor([0.1, 0.2, 0.3]) if scale is None else scale
    zero = m.tensor([0, 1, 2], dtype=m.int32) if zero is None else zero
    return graded(m, lambda v: m.fake_quantize_per_channel_affine(v, scale, zero, axis, low, high), values)


QUANTIZED: dict[str, Callable] = {
    "tensor": lambda m: quantized(m, 0.1, 0, -5, 5),
    "zero point": lambda m: quantized(m, 0.1, 2, 0, 10),
    "0-d": lambda m: quantized(m, m.tensor(0.1), m.tensor(1, dtype=m.int32), -5, 5),
    "float64": lambda m: quantized(m, 0.1, 0, -5, 5, dtype="float64"),
    "float16": lambda m: quantized(m, 0.1, 0, -5, 5, dtype="float16"),
    "zero point outside": lambda m: quantized(m, 0.1, 20, 0, 10),
    "no levels": lambda m: quantized(m, 0.1, 0, 10, 0),
    "integers": lambda m: m.fake_quantize_per_tensor_affine(m.arange(3), 0.1, 0, -5, 5),
    "NaN and inf": lambda m: m.fake_quantize_per_tensor_affine(
        m.tensor([math.nan, math.inf, -math.inf]), 0.1, 0, -5, 5
    ),
    "channels": by_channel,
    "other sizes": lambda m: by_channel(m, 0),
    "no such axis": lambda m: by_channel(m, 5),
    "long": lambda m: by_channel(m, zero=m.tensor([0, 1, 2])),
    "double": lambda m: by_channel(m, scale=m.tensor([0.1, 0.2, 0.3], dtype=m.float64)),
    "outside": lambda m: by_channel(m, zero=m.tensor([0, 1, 20], dtype=m.int32)),
    "no levels of channels": lambda m: by_channel(m, low=3, high=-3),
}


def bags(m: Any, *args: Any) -> Any:
    return graded(
        m, lambda w: m.embedding_bag(w, m.tensor([0, 1, 2, 4]), *args), (m.arange(10.0).view(5, 2) + 1).requires_grad_()
    )


BAGS: dict[str, Callable] = {
    **{f"mode {mode}": lambda m, mode=mode: bags(m, m.tensor([0, 2]), False, mode) for mode in (0, 1, 2, 3)},
    **{
        f"mode {mode}, padding, empty": lambda m, mode=mode: bags(
            m, m.tensor([0, 2, 2]), False, mode, False, None, False, 1
        )
        for mode in (0, 1, 2)
    },
    "weights": lambda m: bags(m, m.tensor([0, 2]), False, 0, False, m.tensor([1.0, 2.0, 3.0, 4.0])),
    "last offset": lambda m: bags(m, m.tensor([0, 2, 4]), False, 1, False, None, True),
    "renorm": lambda m: m.embedding_renorm_(m.arange(6.0).view(3, 2), m.tensor([1, 2, 2]), 1.0, 2.0),
}
OTHERS: dict[str, Callable] = {
    "hash": lambda m: [m.hash_tensor(m.arange(5)), m.hash_tensor(m.arange(6.0).view(2, 3), 1), m.ones(3).hash_tensor()],
    "hash, dims": lambda m: m.hash_tensor(m.arange(6.0).view(2, 3), dim=(0, 1), keepdim=True),
    "hash, dtypes": lambda m: [m.hash_tensor(m.ones(3, dtype=d)) for d in (m.float16, m.bool, m.int8, m.float64)],
    "hash, complex": lambda m: m.hash_tensor(m.ones(2, dtype=m.complex64)),
    "hash, mode": lambda m: m.hash_tensor(m.ones(2), mode=1),
    "hash of nothing": lambda m: m.hash_tensor(m.ones(0)),
    "as_strided_": lambda m: m.as_strided_(m.arange(6.0), (2, 2), (1, 2)),
    "dim_order": lambda m: m.empty(2, 3, 4, 5).dim_order(),
    "dim_order, channels last": lambda m: m.empty(2, 3, 4, 5).to(memory_format=m.channels_last).dim_order(),
    "dim_order, permuted": lambda m: m.empty(2, 3, 4, 5).permute(1, 3, 0, 2).dim_order(),
    "dim_order, expanded": lambda m: [m.ones(2, 3).expand(4, 2, 3).dim_order(), m.ones(2, 1).expand(2, 4).dim_order()],
    "dim_order, 0-d": lambda m: m.tensor(1.0).dim_order(),
    "dim_order, ambiguous": lambda m: m.ones(2, 1).dim_order(ambiguity_check=True),
    "dim_order, formats": lambda m: m.ones(2, 3).dim_order(ambiguity_check=[m.contiguous_format]),
    "dim_order, two formats": lambda m: m.ones(2, 1, 1, 1).dim_order(
        ambiguity_check=[m.contiguous_format, m.channels_last]
    ),
    "dim_order, text": lambda m: m.ones(2).dim_order(ambiguity_check="a"),
    "to_dense": lambda m: [m.ones(2).to_dense(), m.ones(2).to_dense(m.float64)],
    "dequantize": lambda m: [m.arange(3).dequantize(), m.dequantize(m.ones(2, dtype=m.float64))],
    "dense": lambda m: [
        m.ones(2, 3).sparse_dim(), m.ones(2, 3).dense_dim(), m.ones(2).is_distributed(), m.ones(2).name
    ],
    "module_load": lambda m: [m.ones(2).module_load(m.zeros(2)), m.ones(2).module_load(m.zeros(2), assign=True)],
    "const_data_ptr": lambda m: (lambda t: t.const_data_ptr() == t.data_ptr())(m.ones(2)),
    "_is_all_true": lambda m: [m.tensor([True, False])._is_all_true(), m.tensor([True, False])._is_any_true()],
    "_is_zerotensor": lambda m: m.ones(2)._is_zerotensor(),
    **{
        name: lambda m, name=name: getattr(m.ones(2), name)()
        for name in "coalesce is_coalesced indices values crow_indices col_indices ccol_indices row_indices".split()
    },
    **{name: lambda m, name=name: getattr(m, name)(m.ones(2, 2)) for name in ("eig", "symeig", "matrix_rank")},
    **{name: lambda m, name=name: getattr(m, name)(m.ones(2, 2), m.ones(2, 2)) for name in ("solve", "lstsq")},
    "symeig, method": lambda m: m.ones(2, 2).symeig(),
    "reinforce": lambda m: m.ones(2).reinforce(1),
    "resize": lambda m: [m.arange(4.0).resize(2, 2), m.arange(4.0).resize_as(m.ones(4, 1))],
    "resize, grad": lambda m: graded(m, lambda t: t.resize(2, 2), x(m, 4)),
    "resize, larger": lambda m: x(m, 4).resize(4, 2),
    "warn always": lambda m: [
        m.is_warn_always_enabled(), m.set_warn_always(True), m.is_warn_always_enabled(), m.set_warn_always(False)
    ],
    "warn always, int": lambda m: m.set_warn_always(3),
    "interop": lambda m: m.set_num_interop_threads(0),
    "interop, text": lambda m: m.set_num_interop_threads("a"),
    "anomaly": lambda m: [
        m.set_anomaly_enabled(True), m.is_anomaly_enabled(), m.is_anomaly_check_nan_enabled(),
        m.set_anomaly_enabled(False, False), m.is_anomaly_enabled(), m.is_anomaly_check_nan_enabled(),
        m.set_anomaly_enabled(False),
    ],
    "factory kwargs": lambda m: [
        m.nn.factory_kwargs(k) for k in (None, {"device": "cpu", "dtype": 3}, {"factory_kwargs": {"device": "cpu"}})
    ],
    "factory kwargs, unknown": lambda m: m.nn.factory_kwargs({"foo": 1}),
    "factory kwargs, twice": lambda m: m.nn.factory_kwargs({"factory_kwargs": {"device": "cpu"}, "device": "cpu"}),
    "dump_patches": lambda m: m.nn.Module.dump_patches,
    "allclose": lambda m: m.testing.assert_allclose(m.ones(2), m.ones(2)),
    "allclose, dtypes": lambda m: m.testing.assert_allclose(m.ones(2), m.ones(2, dtype=m.float64)),
    "allclose, not": lambda m: m.testing.assert_allclose(m.ones(2), 1.1 * m.ones(2)),
    "allclose, lists": lambda m: m.testing.assert_allclose([1.0, math.nan], m.tensor([1.0, math.nan])),
    "allclose, rtol": lambda m: m.testing.assert_allclose(1.0, m.tensor(1.0), rtol=1e-3),
}  # fmt: skip
CASES = {
    f"{group}: {name}": case
    for group, cases in {
        "norms": NORMS,
        "dropout": DROPOUT,
        "binomial": BINOMIAL,
        "segments": SEGMENTS,
        "quantized": QUANTIZED,
        "bags": BAGS,
        "others": OTHERS,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    assert_same(CASES[case], rtol=1e-4, atol=2e-5, warn=False)


def test_the_gradient_of_cross_map_normalisation() -> None:
    """PyTorch's is not that of its result: it sums over other channels, and raises for size 1."""
    for size in (1, 2, 3, 4, 5):
        layer = mibun.nn.CrossMapLRN2d(size, 0.5, 0.6, 2.0)
        assert mibun.autograd.gradcheck(layer, x(mibun, 1, 5, 2, 1, dtype="float64").detach().requires_grad_())
    assert_same(lambda m: m.nn.CrossMapLRN2d(3, 0.5, 0.6)(x(m, 1, 2, 1, 1)))


def test_signatures() -> None:
    """Of what PyTorch writes in Python; the others' are in its type stubs."""
    names = "nn.CrossMapLRN2d nn.factory_kwargs testing.assert_allclose Tensor.dim_order Tensor.module_load"
    for name in names.split():
        ours, theirs = (list(inspect.signature(operator.attrgetter(name)(m)).parameters) for m in (mibun, torch))
        assert ours == theirs

"""`linear_cross_entropy`, whole and in chunks, `grouped_mm` and a few small names, against PyTorch."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402


def numbers(m: Any, *shape: int, grad: bool = False, dtype: str = "float64") -> Any:
    n = int(np.prod(shape))
    values = (m.arange(1.0, 1.0 + n, dtype=m.float64) * 1.7).sin().reshape(shape)
    return values.to(getattr(m, dtype)).requires_grad_(grad)


def shown(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [shown(part) for part in value]
    if hasattr(value, "layout"):
        return str(value.dtype), tuple(value.shape), np.array(value.detach().double().tolist())
    return value


def outcome(m: Any, program: Callable) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return shown(program(m))
        except Exception as error:
            return type(error).__name__, str(error)[:25]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and np.allclose(one, other, rtol=1e-6, atol=1e-9)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return one == other


def loss(m: Any, chunk: int | None = None, outputs: tuple = (), **options: Any) -> Any:
    """A loss and its gradients."""
    given = {key: value(m) if callable(value) else value for key, value in options.items()}
    given.pop("probabilities", None)
    x, w = numbers(m, 6, 4, grad=True), numbers(m, 5, *outputs, 4, grad=True)
    target = m.tensor([0, 1, 2, 3, 4, 0]) if not outputs else m.arange(36).reshape(6, 2, 3) % 5
    if options.get("probabilities"):
        target = numbers(m, 6, 5).softmax(1)
    if chunk is not None:
        given["options"] = m.nn.LinearCrossEntropyOptions(batch_chunk_size=chunk)
    out = m.nn.functional.linear_cross_entropy(x, w, target, **given)
    leaves = [x, w, *[value for value in given.values() if getattr(value, "requires_grad", False)]]
    return out, m.autograd.grad(out.square().sum(), leaves)


OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sum": {"reduction": "sum"},
    "none": {"reduction": "none"},
    "ignored": {"ignore_index": 2},
    "smooth": {"label_smoothing": 0.2},
    "weights": {"weight": lambda m: m.tensor([1.0, 2, 3, 4, 5], dtype=m.float64), "label_smoothing": 0.1},
    "bias": {"linear_bias": lambda m: numbers(m, 5, grad=True)},
    "probabilities": {"probabilities": True},
    "outputs": {"outputs": (2, 3)},
}
CHUNKED = {f"{name}, {n}": lambda m, o=o, n=n: loss(m, n, **o) for name, o in OPTIONS.items() for n in (None, 1, 4, 99)}
O = "LinearCrossEntropyOptions"  # noqa: E741
PROGRAMS: dict[str, Callable] = {
    **CHUNKED,
    "one sample": lambda m: m.nn.functional.linear_cross_entropy(numbers(m, 4), numbers(m, 5, 4), m.tensor(2)),
    "shape of x": lambda m: m.nn.functional.linear_cross_entropy(numbers(m, 1, 6, 4), numbers(m, 5, 4), m.tensor([2])),
    "shape of w": lambda m: m.nn.functional.linear_cross_entropy(numbers(m, 6, 4), numbers(m, 5, 3), m.tensor([2] * 6)),
    "shape of b": lambda m: loss(m, linear_bias=lambda m: numbers(m, 4)),
    "probabilities ignored": lambda m: loss(m, probabilities=True, ignore_index=1),
    "options": lambda m: repr(getattr(m.nn, O)(batch_chunk_size=4, chunking_method="aspect_ratio:3")),
    **{
        f"options {key}={value}": lambda m, k=key, v=value: getattr(m.nn, O)(**{k: v})
        for key, value in (("acc_policy", "x"), ("batch_chunk_size", 0), ("chunking_method", "x"), ("acc_dtype", 3))
    },
    "backward twice": lambda m: [o := loss_of(m), o.backward(retain_graph=True), o.backward()],
    "backward twice, allowed": lambda m: [o := loss_of(m, True), o.backward(retain_graph=True), o.backward()][1:],
    "layer": lambda m: repr(m.nn.LinearCrossEntropyLoss(4, 5, out_features=(2, 3), bias=True)),
    "layer's state": lambda m: list(m.nn.LinearCrossEntropyLoss(4, 5, weight=m.ones(5)).state_dict()),
    "container": lambda m: repr(m.nn.Container(a=m.nn.ReLU())),
    "record_stream": lambda m: m.ones(2).record_stream(None),
    "slice_inverse": lambda m: [
        f(m.arange(12.0).reshape(3, 4), m.zeros(3, 4))
        for f in (
            lambda x, s: x[:, 1:3].slice_inverse(s, 1, 1, 3),
            lambda x, s: x[::2].slice_inverse(s, 0, 0, 3, 2),
            lambda x, s: x[1:].slice_inverse(s, 0, 1),
        )
    ],
}


def loss_of(m: Any, again: bool = False) -> Any:
    options = m.nn.LinearCrossEntropyOptions(batch_chunk_size=2, allow_retain_graph=again)
    x, w = numbers(m, 6, 4, grad=True), numbers(m, 5, 4, grad=True)
    return m.nn.functional.linear_cross_entropy(x, w, m.tensor([0, 1, 2, 3, 4, 0]), options=options)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str) -> None:
    theirs, ours = outcome(torch, PROGRAMS[name]), outcome(mibun, PROGRAMS[name])
    if name == "record_stream":  # (PyTorch looks at the type of the stream first)
        assert ours[0] == "NotImplementedError"
    else:
        assert same(theirs, ours), f"torch: {theirs}\nmibun: {ours}"


# The shapes of the two operands, and the ends of the groups.
GROUPED: dict[str, tuple] = {
    "rows": ((48, 16), (2, 16, 32), (16, 48)),
    "columns": ((2, 16, 16), (16, 32), (16, 32)),
    "inner": ((16, 48), (48, 32), (16, 48)),
    "batch": ((2, 16, 16), (2, 16, 32), None),
    "no ends": ((48, 16), (2, 16, 32), None),
    "ends of a batch": ((2, 16, 16), (2, 16, 32), (16, 48)),
    "inner sizes": ((48, 16), (2, 32, 16), (16, 48)),
    "groups": ((48, 16), (2, 16, 32), (16, 32, 48)),
    "1-D": ((16,), (2, 16, 32), (16, 48)),
}


def grouped(m: Any, name: str, dtype: str = "float32", kind: str = "int32") -> Any:
    one, other, stops = GROUPED[name]
    offs = None if stops is None else ends(m, *stops).to(getattr(m, kind))
    return m.nn.functional.grouped_mm(numbers(m, *one, dtype=dtype), numbers(m, *other, dtype=dtype), offs=offs)


def ends(m: Any, *values: int) -> Any:
    return m.tensor(values, dtype=m.int32)


@pytest.mark.parametrize("name", GROUPED)
def test_grouped_products(name: str) -> None:
    for options in ({}, {"dtype": "float64"}, {"kind": "int64"}):
        theirs, ours = (outcome(m, lambda m, o=options: grouped(m, name, **o)) for m in (torch, mibun))
        assert same(theirs, ours), f"torch: {theirs}\nmibun: {ours}"


def test_gradients_of_grouped_products() -> None:
    a, b = numbers(mibun, 6, 3, grad=True, dtype="float32"), numbers(mibun, 2, 3, 2, grad=True, dtype="float32")
    out = mibun.nn.functional.grouped_mm(a, b, offs=ends(mibun, 2, 5))
    expected = mibun.cat([a[:2] @ b[0], a[2:5] @ b[1], mibun.zeros(1, 2)])
    for one, other in zip(*(mibun.autograd.grad(o.square().sum(), (a, b)) for o in (out, expected)), strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy())

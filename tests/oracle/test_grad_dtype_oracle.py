"""`Tensor.grad_dtype` against PyTorch: gradients of a leaf in another dtype than its own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402


def leaf(m: Any, wanted: Any = "own", dtype: str = "float32") -> Any:
    x = m.ones(2, 3, dtype=getattr(m, dtype), requires_grad=True)
    if wanted != "own":
        x.grad_dtype = None if wanted is None else getattr(m, wanted)
    return x


def differentiated(x: Any, times: int = 1) -> list:
    for _ in range(times):
        (x * 2.3).sum().backward()
    return [str(x.grad.dtype), x.grad.double().tolist(), str(x.grad_dtype)]


def hooked(m: Any) -> list:
    x, seen = leaf(m, "float64"), []
    x.register_hook(lambda grad: seen.append(str(grad.dtype)))
    x.register_post_accumulate_grad_hook(lambda p: seen.append(str(p.grad.dtype)))
    return [differentiated(x), seen]


def cleared(m: Any) -> list:
    x = leaf(m, "float64")
    differentiated(x)
    x.grad = None
    return differentiated(x)


def recorded(m: Any) -> list:
    x = leaf(m, "float64")
    (x**2).sum().backward(create_graph=True)
    return [str(x.grad.dtype), x.grad.requires_grad]


def assigned(m: Any, wanted: Any, given: str) -> str:
    x = leaf(m, wanted)
    x.grad = m.ones(2, 3, dtype=getattr(m, given))
    return str(x.grad.dtype)


def changed(m: Any, wanted: Any) -> str:
    x = leaf(m)
    differentiated(x)
    x.grad_dtype = None if wanted is None else getattr(m, wanted)
    return str(x.grad_dtype)


def put(m: Any, x: Any, value: Any) -> str:
    x.grad_dtype = value
    return str(x.grad_dtype)


PROGRAMS: dict[str, Callable] = {
    "own": lambda m: [str(leaf(m).grad_dtype), str(m.ones(2).long().grad_dtype), differentiated(leaf(m))],
    **{str(d): lambda m, d=d: differentiated(leaf(m, d), 2) for d in ("float64", "float16", "bfloat16", None)},
    "of half": lambda m: differentiated(leaf(m, "float32", "bfloat16"), 3),
    "hooked": hooked,
    "cleared": cleared,
    "recorded": recorded,
    "grad": lambda m: str(m.autograd.grad(((x := leaf(m, "float64")) * 2).sum(), x)[0].dtype),
    "not a leaf": lambda m: (leaf(m) * 2).grad_dtype,
    "put on no leaf": lambda m: put(m, leaf(m) * 2, m.float64),
    "put a word": lambda m: put(m, leaf(m), "float"),
    "no grad": lambda m: put(m, m.ones(2), m.float64),
    "assigned": lambda m: [assigned(m, "float64", "float64"), assigned(m, None, "float16")],
    "assigned another": lambda m: assigned(m, "float64", "float32"),
    "changed": lambda m: [changed(m, None), changed(m, "float32")],
    "changed too late": lambda m: changed(m, "float64"),
    "copied": lambda m: str(copy.deepcopy(leaf(m, "float64")).grad_dtype),
    "detached": lambda m: str(leaf(m, "float64").detach().grad_dtype),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore:Using backward")
def test_grad_dtype(name: str) -> None:
    found = []
    for m in (torch, mibun):
        try:
            found.append(PROGRAMS[name](m))
        except Exception as error:
            found.append((type(error).__name__, str(error)[:40]))
    assert found[0] == found[1]

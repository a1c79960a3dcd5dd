"""Compiled and not, bit for bit: samples of all operators, random programs, the workloads of the benchmarks; by XLA.

MIBUN_COMPILE_SEED and MIBUN_COMPILE_COUNT choose the random programs, MIBUN_COMPILE_ALL=1 takes every sample and not
each eighth.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np
import pytest
from benchmarks.workloads import WORKLOADS

import mibun as torch
import random_compiled
from random_compiled import bits
from samples import SAMPLES
from samples.declare import S, tensors_in
from test_compile import plain
from test_ops import known, make

START = int(os.environ.get("MIBUN_COMPILE_SEED", "0"))
COUNT = int(os.environ.get("MIBUN_COMPILE_COUNT", "60"))
EACH = 1 if os.environ.get("MIBUN_COMPILE_ALL") else 8
CHOSEN = [sample for sample in SAMPLES if known(sample)][::EACH]
# What depends on values in a way that only runs as it is.
LEFT = {"vmap is used"}


def with_backward(sample: S) -> Any:
    def function(*tensors: Any) -> Any:
        found = sample.run(torch, list(tensors))
        total = None
        for tensor in tensors_in(found):
            if tensor.requires_grad:
                part = (tensor.abs() if tensor.is_complex() else tensor * 1.5).sum()
                total = part if total is None else total + part
        if total is not None:
            total.backward()
        return found

    return function


def seen(found: Any) -> Any:
    """All that there is to see of a result."""
    if isinstance(found, torch.Tensor):
        return bits(found)
    if isinstance(found, (tuple, list)):
        return [seen(one) for one in found]
    return repr(found)


def outcome(function: Any, tensors: list, seed: int) -> Any:
    torch.manual_seed(seed)
    try:
        found = seen(function(*tensors))
    except Exception as error:
        found = [type(error).__name__, str(error)]
    return found, [bits(tensor) for tensor in tensors]


@pytest.mark.parametrize("place", range(10))
def test_samples(place: int) -> None:
    """Value, history and gradient of each sample are the same, and nearly all are compiled."""
    left = []
    chosen = CHOSEN[place::10]
    for sample in chosen:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function = with_backward(sample)
            compiled = torch.compile(with_backward(sample))
            for call in range(5):
                arrays = [
                    np.asarray(a * (1 - 0.01 * call)).astype(a.dtype) if a.dtype.kind == "f" else a
                    for a in sample.arrays()
                ]
                expected = outcome(function, make(sample, [a.copy() for a in arrays]), call)
                found = outcome(compiled, make(sample, [a.copy() for a in arrays]), call)
                assert found == expected, (sample.id, call)
        if not compiled._compiled.programs():
            left.append((sample.id, compiled._compiled.reasons()[:1]))
    assert len(left) <= 0.15 * len(chosen) + 1, left


def test_random_programs() -> None:
    """Programs with views, in-place operations, hooks, modes and Functions."""
    counts = {"compiled": 0, "split": 0, "eager": 0}
    for seed in range(START, START + COUNT):
        what, why = random_compiled.run(seed)
        assert what != "wrong", f"seed {seed}: {random_compiled.show(*why[1:])}"
        counts[what] += 1
    assert counts["compiled"] > COUNT // 5


def numbers(found: Any) -> list:
    return [tensor.detach().numpy().copy() for tensor in found if tensor is not None]


_QUICK = ("tutorial", "chain of 100 ", "expression", "small MLP", "gradient penalty", "LeNet")


@pytest.mark.parametrize("name", [name for name in WORKLOADS if name.startswith(_QUICK)])
def test_workloads(name: str) -> None:
    """The steps of the benchmark, training included, go on in the same way."""
    step, other = WORKLOADS[name](torch), WORKLOADS[name](torch)
    compiled = torch.compile(other)
    for _ in range(6):
        assert plain(compiled()) == plain(step())
    assert len(compiled._compiled.programs()) == 1


@pytest.mark.parametrize("backend", ["xla", "auto"])
def test_by_xla(backend: str) -> None:
    """XLA's numbers are NumPy's up to rounding, over many steps."""
    pytest.importorskip("jax")
    for name in ("chain of 100 multiplications", "small MLP step"):
        step, other = WORKLOADS[name](torch), WORKLOADS[name](torch)
        compiled = torch.compile(other, backend=backend)
        for _ in range(14):
            for a, b in zip(numbers(step()), numbers(compiled()), strict=True):
                assert a.dtype == b.dtype and a.strides == b.strides and b.flags.writeable
                np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-5)
        (program,) = compiled._compiled.programs()
        assert program.rival is None and program.backend in ("xla", "replay")


def test_by_xla_in_place() -> None:
    """Memory that others share is written to, and what is returned is attached to the graph."""
    pytest.importorskip("jax")

    def made() -> Any:
        m = torch.nn.BatchNorm1d(4)
        x = torch.arange(12.0).view(3, 4).requires_grad_()
        return m, x, lambda: (m(x).exp() * x).sum() * 2

    (m, x, f), (other, y, g) = made(), made()
    compiled = torch.compile(g, backend="xla")
    for _ in range(6):
        one, two = f(), compiled()
        one.backward()
        two.backward()
        torch.testing.assert_close(one, two)
        torch.testing.assert_close(x.grad, y.grad)
        torch.testing.assert_close(m.running_var, other.running_var)
    assert two.grad_fn.name() == one.grad_fn.name()
    assert len(compiled._compiled.programs()) == 1

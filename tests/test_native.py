"""Formulas compiled as C (`xp/native`): what they give, and that a program notices nothing else of it."""

from __future__ import annotations

import ctypes
import math
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.cli import main
from mibun.core.registry import OPS
from mibun.dispatch import natively
from mibun.xp import numpy_namespace
from mibun.xp.native import compiler, run
from mibun.xp.native.source import source_of
from mibun.xp.native.trace import Unknown, trace
from native_tools import Together, everything_is_large
from test_fast_paths import as_it_is, cases
from test_numpy_settings import outcome

F = torch.nn.functional
needs_compiler = pytest.mark.skipif(compiler.command() is None, reason="there is no C compiler")


@pytest.fixture
def together(tmp_path, monkeypatch) -> Together:
    everything_is_large(monkeypatch)
    made = Together(tmp_path)
    monkeypatch.setattr(compiler, "compiled", made)
    return made


def assert_near(found: Any, wanted: Any, ulps: float, what: str) -> None:
    """Of one shape and dtype, NaN and infinities in the same places, the rest within units of the largest element."""
    if not isinstance(wanted, np.ndarray):
        assert found is wanted, what
        return
    assert found.dtype == wanted.dtype and found.shape == wanted.shape, what
    if wanted.dtype.kind != "f":
        np.testing.assert_array_equal(found, wanted, what)
        return
    finite = np.isfinite(wanted)
    np.testing.assert_array_equal(np.where(finite, 0, found), np.where(finite, 0, wanted), what)
    largest = np.max(np.abs(wanted[finite]), initial=1e-30)
    error = np.max(np.abs(found - wanted)[finite], initial=0) / largest / np.finfo(wanted.dtype).eps
    assert error <= ulps or largest < 1e-6, f"{what}: {error} units"


# --- results ---


@needs_compiler
def test_all_samples(together):
    """Values, gradients and recorded gradients of all samples, everything that can be in C."""
    some = [case for i, case in enumerate(cases()) if case[1][0].dtype == np.float32 or i % 8 == 1]
    expected = [outcome(sample, arrays, as_it_is) for sample, arrays in some]
    assert len(together.made) > 150 and not together.calls
    together.compile("-O0")
    for (sample, arrays), wanted in zip(some, expected, strict=True):
        found = outcome(sample, arrays, as_it_is)
        assert len(found) == len(wanted), sample.id
        for one, other in zip(found, wanted, strict=True):
            assert_near(one, other, 30, sample.id)
    assert together.calls > 400


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, math.inf, -math.inf, math.nan, 1e-45, -1e-40, 3e38, -3e38, 88.9, -104.0, 20.0]

def _pointwise() -> list[Any]:
    found = []
    for op in OPS.values():
        if op.kind == "pointwise" and not op.outputs and not op.residuals and len(op.operands) <= 3 and not op.variadic:
            if len(op.params) == len(op.defaults) and "f" not in (op.refuses or ()):
                found.append(op)
    return found


@needs_compiler
def test_all_pointwise_operators_on_vectors(together):
    """Kernels and rules on long arrays with NaN, infinities, zeros of both signs and denormals; a few units apart."""

    def computed(op: Any) -> list[np.ndarray] | None:
        rng = np.random.default_rng(len(op.name))
        arrays = []
        for _ in op.operands:
            x = (rng.standard_normal(1200) * rng.choice([0.1, 1, 10], 1200)).astype(np.float32)
            x[100 : 100 + len(SPECIAL) ** 2] = rng.permutation(np.repeat(SPECIAL, len(SPECIAL))).astype(np.float32)
            arrays.append(torch.from_numpy(x).requires_grad_())
        try:
            out = op(*arrays)
            if out.dtype != torch.float32:
                return [out.detach().numpy()]
            if not out.requires_grad:
                return [out.numpy()]
            g = torch.from_numpy(rng.standard_normal(1200).astype(np.float32))
            grads = torch.autograd.grad(out, arrays, g, allow_unused=True)
        except (RuntimeError, NotImplementedError, TypeError):
            return None  # (it is not for these operands)
        return [out.detach().numpy(), *[grad.numpy() for grad in grads if grad is not None]]

    ops = _pointwise()
    expected = [computed(op) for op in ops]
    assert len(together.made) > 60
    together.compile()
    compared = 0
    for op, wanted in zip(ops, expected, strict=True):
        before = together.calls
        found = computed(op)
        if together.calls == before or wanted is None:
            continue
        compared += 1
        for one, other in zip(found, wanted, strict=True):
            finite = np.isfinite(other) & np.isfinite(one)
            same = np.isnan(one) == np.isnan(other)
            assert same.all(), (op.name, one[~same], other[~same])
            infinite = np.isinf(one) | np.isinf(other)
            assert (one[infinite] == other[infinite]).all(), op.name
            # (What a rule makes of a result may multiply the last digit of it: 1 - sigmoid(x).)
            unit = np.abs(other[finite].astype(float)) * 2.0**-23 + 1e-7
            error = np.abs(one[finite].astype(float) - other[finite]) / unit
            assert error.max() <= 16, (op.name, error.max(), one[finite][error.argmax()])
    assert compared > 60

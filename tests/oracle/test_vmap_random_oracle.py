"""Random numbers under `vmap` are PyTorch's for the same seed, and so are its refusals."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest

import mibun
import mibun.func
from random_calls import CALLS, KINDS, NESTED, WAYS, mapped

torch = pytest.importorskip("torch")

# PyTorch 2.13 itself crashes, or lays out a new tensor in its own way.
_CRASHES = {("bernoulli_", "batched outside"), ("bernoulli_ of batched", "batched outside")}
_ORDER = {("gumbel_softmax", "batched in another axis"), ("hard gumbel_softmax", "batched in another axis")}


def outcome(library, name, which, ways):
    library.manual_seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # PyTorch's about its own loops over the examples
            found = mapped(library, CALLS[name], which, *ways)
    except RuntimeError as error:
        return str(error)[:60], None
    return found.resolve_conj().numpy(), library.rand(1).item()


def check(name, which, ways):
    expected, found = outcome(torch, name, which, ways), outcome(mibun, name, which, ways)
    if isinstance(expected[0], str):
        assert found == expected
    else:
        assert not isinstance(found[0], str), found
        assert found[0].dtype == expected[0].dtype
        np.testing.assert_allclose(found[0], expected[0], rtol=2e-3, atol=1e-5)
        assert found[1] == pytest.approx(expected[1], abs=1e-6)


@pytest.mark.parametrize("name", CALLS)
def test_numbers_and_refusals(name):
    for which, way in itertools.product(KINDS, WAYS):
        if (name, which) not in _ORDER:
            check(name, which, (way,))


@pytest.mark.parametrize("name", CALLS)
def test_nested(name):
    for which, outer, inner in itertools.product(NESTED, WAYS, WAYS):
        if (name, which) not in _CRASHES:
            check(name, which, (outer, inner))

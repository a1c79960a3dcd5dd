"""Optimizers that treat matrices as a whole, step by step against installed PyTorch."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

CASES = [
    ("Adafactor", {}),
    ("Adafactor", {"lr": 0.5, "beta2_decay": -0.5, "eps": (1e-10, 1e-2), "d": 1.5, "weight_decay": 0.1}),
    ("Adafactor", {"maximize": True, "foreach": False}),
    ("Adafactor", {"beta2_decay": 0.5}),
    ("Adafactor", {"d": 0.5}),
    ("Adafactor", {"lr": -1.0}),
    ("Adafactor", {"eps": (-1.0, 1e-3)}),
    ("Adafactor", {"eps": (None, -1.0)}),
    ("Adafactor", {"weight_decay": -1.0}),
    ("Muon", {}),
    ("Muon", {"lr": 0.1, "momentum": 0.5, "nesterov": False, "weight_decay": 0.0}),
    ("Muon", {"lr": 0.1, "adjust_lr_fn": "match_rms_adamw", "ns_steps": 3}),
    ("Muon", {"lr": 0.1, "adjust_lr_fn": "original", "ns_coefficients": (3.0, -3.2, 1.2)}),
    ("Muon", {"adjust_lr_fn": "other"}),
    ("Muon", {"ns_steps": 100}),
    ("Muon", {"lr": -1.0}),
    ("Muon", {"momentum": -1.0}),
    ("Muon", {"weight_decay": -1.0}),
]


def run(t, name, options, shapes):
    """Parameters and state after each of five steps, with a copy of the optimizer loaded in between."""
    parameters = [t.tensor(np.random.RandomState(i).randn(*s), dtype=t.float32).requires_grad_() for i, s in shapes]
    found = []
    try:
        optimizer = getattr(t.optim, name)(parameters, **options)
        for step in range(5):
            optimizer.zero_grad()
            sum((p * p * (i + 1) + p.sin()).sum() for i, p in enumerate(parameters)).backward()
            assert optimizer.step() is None
            found += [p.detach().numpy().copy() for p in parameters]
            if step == 2:
                saved = copy.deepcopy(optimizer.state_dict())
                optimizer = getattr(t.optim, name)(parameters, **options)
                optimizer.load_state_dict(saved)
    except Exception as error:
        return type(error), [], []
    names = [sorted(state) for state in optimizer.state.values()]
    values = [v.detach().numpy() for state in optimizer.state.values() for _, v in sorted(state.items())]
    return names, found, values


@pytest.mark.parametrize(("name", "options"), CASES)
def test_steps(name, options):
    shapes = [(0, (3, 4)), (1, (5, 2)), (2, (4, 4))]
    if name == "Adafactor":
        shapes += [(3, (4,)), (4, (2, 3, 4)), (5, ())]
    ours, theirs = run(mibun, name, options, shapes), run(torch, name, options, shapes)
    assert ours[0] == theirs[0]
    tolerance = 2e-2 if name == "Muon" else 1e-5  # bfloat16, in which sums are rounded elsewhere
    for a, b in zip(ours[1] + ours[2], theirs[1] + theirs[2], strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def test_muon_takes_matrices_alone():
    for t in (mibun, torch):
        with pytest.raises(ValueError, match="2D"):
            t.optim.Muon([t.ones(3, requires_grad=True)])

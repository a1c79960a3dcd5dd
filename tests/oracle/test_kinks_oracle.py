"""Derivatives of orders 0 to 4 at the joints of functions made of pieces: the choices are PyTorch's, in each order.

Where PyTorch has NaN and mibun a number there is a limit, or the joint is no choice of PyTorch's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mibun
from joints import JOINTS, Joint

torch = pytest.importorskip("torch")

ORDERS = 4


def derivatives(library: Any, joint: Joint) -> list[np.ndarray]:
    """Values and derivatives as far as there are some; those of what is constant are 0, whatever the graph says."""
    x = library.tensor(list(joint.points), dtype=library.float64, requires_grad=True)
    last = joint.call(library, x)
    found = [last]
    for _ in range(ORDERS):
        grad = None
        if last.requires_grad:
            try:
                (grad,) = library.autograd.grad(last.sum(), x, create_graph=True, allow_unused=True)
            except RuntimeError as error:
                assert library is torch and "is not implemented" in str(error)
                break
        last = library.zeros_like(x) if grad is None else grad
        found.append(last)
    return [values.detach().numpy(force=True) for values in found]


@pytest.mark.parametrize("joint", JOINTS, ids=lambda joint: joint.id)
def test_derivatives_at_joints(joint: Joint) -> None:
    for order, (found, expected) in enumerate(zip(derivatives(mibun, joint), derivatives(torch, joint), strict=False)):
        known = ~np.isnan(expected) if order > 1 else np.ones_like(expected, bool)
        np.testing.assert_allclose(
            found[known], expected[known], rtol=1e-7, atol=1e-12, err_msg=f"order {order} at {joint.points}"
        )

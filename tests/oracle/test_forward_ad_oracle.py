"""Forward mode of every operator against installed PyTorch's: tangents of values, through in-place forms, over reverse.

The samples are those of `tests/test_ops.py`; what PyTorch has no forward mode for is left out.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.test_ops_oracle import ERRORS, agree, make, pick, weights  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402

pytestmark = pytest.mark.oracle
# PyTorch's words where it has no forward mode for an operator.
LACKING = ("does not support it", "derivative for", "not implemented", "has been modified by an inplace operation")
# Where PyTorch's tangents are wrong (its own gradcheck(check_forward_ad=True), or differences, say so), and ours right.
WRONG = ("scatter_reduce-prod", "triangular_solve", "cholesky_inverse")
WRONG_OVER_REVERSE = (*WRONG, "scatter_add-smaller")  # the last one's backward raises


def direction(torch: Any, tensor: Any, number: int) -> Any:
    return weights(tensor.detach(), torch, seed=number + 1)


def pushed(torch: Any, sample: S, arrays: list[np.ndarray], which: Any, over_reverse: bool = False) -> Any:
    """The tangents of the outputs (or of the gradients) for tangents of the inputs chosen; or the exception."""
    forward_ad = torch.autograd.forward_ad
    tensors = make(torch, sample, arrays, grad=over_reverse)
    with forward_ad.dual_level():
        duals = [
            forward_ad.make_dual(tensor, direction(torch, tensor, i)) if differentiated and which(i) else tensor
            for i, (tensor, differentiated) in enumerate(zip(tensors, sample.differentiated(), strict=True))
        ]
        try:
            outputs = tensors_in(sample.run(torch, duals))
            if over_reverse:
                inputs = [tensor for tensor in tensors if tensor.requires_grad]
                outputs = [out for out in outputs if out.requires_grad]
                if not (inputs and outputs):
                    return []
                # PyTorch's formulas for a backward that is not recorded are not always right for tangents.
                outputs = torch.autograd.grad(
                    outputs,
                    inputs,
                    [weights(out.detach(), torch) for out in outputs],
                    allow_unused=True,
                    create_graph=True,
                )
        except ERRORS as error:
            return error
        return [None if out is None else forward_ad.unpack_dual(out).tangent for out in outputs]


def compare(sample: S, complex_: bool, which: Any, over_reverse: bool = False) -> None:
    if sample.id.startswith(WRONG_OVER_REVERSE if over_reverse else WRONG):
        pytest.skip("PyTorch's is wrong")
    arrays = sample.arrays(complex_)
    with warnings.catch_warnings(action="ignore"):  # PyTorch's own, when it first needs forward mode
        expected = pushed(real_torch, sample, arrays, which, over_reverse)
    if isinstance(expected, Exception) and any(words in str(expected) for words in LACKING):
        pytest.skip(str(expected)[:80])
    found = pushed(mibun, sample, arrays, which, over_reverse)
    assert not isinstance(expected, Exception), expected
    assert not isinstance(found, Exception), found
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        if one is None or other is None:  # None is as good as zeros
            assert all(t is None or not t.detach().abs().sum().item() for t in (one, other)), (one, other)
        else:
            agree(one, other, sample, "tangent")


@pick("forward")
def test_tangents(sample: S, complex_: bool) -> None:
    """All inputs have tangents; the first alone has one, and none must count as zero for the others."""
    compare(sample, complex_, lambda i: True)
    differentiated = sample.differentiated()
    if sum(differentiated) > 1:
        compare(sample, complex_, lambda i: i == differentiated.index(True))


@pick("forward")
def test_tangents_of_gradients(sample: S, complex_: bool) -> None:
    """Forward over reverse: Hessian-vector products."""
    compare(sample, complex_, lambda i: True, over_reverse=True)

"""What the graph of a gradient is connected with, for every operator, against installed PyTorch.

The gradient of a piecewise linear operator is constant in pieces: its derivative is zero, and PyTorch records that, or
does not, operator by operator. A program sees it: `grad` gives zeros or says that the tensor was not used, and after a
gradient penalty `.grad` of a hidden layer's bias is zeros or None, which optimizers treat differently.
"""

from __future__ import annotations

from typing import Any

import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.test_ops_oracle import ERRORS, make, run, weights  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402
from test_ops import known  # noqa: E402

pytestmark = pytest.mark.oracle


def connections(torch: Any, sample: S, arrays: list, only: int | None) -> Any:
    """For each gradient: whether it requires grad; of which inputs it has a derivative, and whether that has one.

    only: the number of the input that alone requires grad; None for all that can.
    """
    inputs = make(torch, sample, arrays)
    if only is not None:
        for i, tensor in enumerate(inputs):
            if i != only and tensor.requires_grad:
                tensor.requires_grad_(False)
    outputs = run(torch, sample, inputs)
    if isinstance(outputs, Exception):
        return f"{type(outputs).__name__}"
    outputs = [out for out in tensors_in(outputs) if out.requires_grad]
    wanted = {i: tensor for i, tensor in enumerate(inputs) if tensor.requires_grad}
    if not outputs or not wanted:
        return {}
    found = {}
    try:
        grads = torch.autograd.grad(
            outputs,
            list(wanted.values()),
            [weights(out, torch) for out in outputs],
            allow_unused=True,
            create_graph=True,
        )
    except ERRORS as error:
        return f"{type(error).__name__}"
    for i, grad in zip(wanted, grads, strict=True):
        if grad is None:
            found[i] = None
        elif not grad.requires_grad:
            found[i] = "constant"
        else:
            try:
                seconds = torch.autograd.grad(
                    grad, list(wanted.values()), weights(grad, torch), allow_unused=True, create_graph=True
                )
            except ERRORS as error:
                found[i] = f"{type(error).__name__}"
                continue
            found[i] = {j: varies(torch, s, list(wanted.values())) for j, s in zip(wanted, seconds, strict=True)}
    return found


def varies(torch: Any, second: Any, inputs: list) -> bool | None:
    """Whether a second derivative (None for none) has a derivative in its turn."""
    if second is None or not second.requires_grad:
        return None if second is None else False
    try:
        return any(
            t is not None for t in torch.autograd.grad(second.sum(), inputs, allow_unused=True, retain_graph=True)
        )
    except ERRORS:
        return False


# Where the graphs differ, and why; all else is the same. Keys are ids, or the start of some.
DIFFERENT = {
    "nn.functional.grid_sample-nearest": "PyTorch records that the image's gradient does not change with the grid",
    "nn.functional.grid_sample-3d-nearest": "the same",
    "nn.functional.grid_sample-bilinear-reflection": "the second derivative by the grid is recorded once more here",
    "prod-": "no division here: the derivatives of a product of two end, as they should, one order earlier",
    "nn.functional.group_norm": "PyTorch lets the weight's gradient require grad for the weight, without a derivative",
    "nn.utils.parametrizations.weight_norm": "a zero derivative is recorded in PyTorch, of a norm",
    "conv_tbc": "here it is a convolution, whose gradients are computed together",
    "linalg.det-1x1": "PyTorch treats one element apart",
    "linalg.lstsq-residuals": "another formula: which of two ways a third derivative is seen to be zero",
    "linalg.householder_product-fewer": "the same",
}
CASES = [
    pytest.param(sample, complex_, id=sample.id + ("-complex" if complex_ else ""))
    for sample in SAMPLES
    if known(sample) and not {"all", "value", "grad"} & set(sample.oracle) and sample.order
    if not sample.id.startswith(tuple(DIFFERENT))
    for complex_ in (False, True)
    if not complex_ or (sample.complex and sample.floats())
]


@pytest.mark.parametrize(("sample", "complex_"), CASES)
def test_connections(sample: S, complex_: bool) -> None:
    """The same gradients are constant, and each has derivatives of the same inputs, as in PyTorch."""
    arrays = sample.arrays(complex_)
    differentiated = [i for i, flag in enumerate(sample.differentiated()) if flag]
    for only in [None, *(differentiated if len(differentiated) > 1 else ())]:
        expected = connections(real_torch, sample, arrays, only)
        found = connections(mibun, sample, arrays, only)
        if "Error" in str(expected):  # PyTorch has no second derivative of it
            assert "Error" not in str(found)
        else:
            assert found == expected, f"input {only}" if only is not None else ""


def named(torch: Any, sample: S) -> list[str | None]:
    """The names of the nodes of the sample's gradients."""
    inputs = make(torch, sample, sample.arrays())
    outputs = [out for out in tensors_in(run(torch, sample, inputs)) if out.requires_grad]
    wanted = [tensor for tensor in inputs if tensor.requires_grad]
    grads = torch.autograd.grad(outputs, wanted, [weights(out, torch) for out in outputs], create_graph=True)
    return [grad.grad_fn and grad.grad_fn.name() for grad in grads]


def is_flat(sample: S) -> bool:
    """Whether the sample is of one operator, which is declared `flat`."""
    nodes = [out.grad_fn for out in tensors_in(run(mibun, sample, make(mibun, sample, sample.arrays())))]
    return any(
        node is not None and node.op.flat and all(edge is None or edge[1] is None for edge in node.edges)
        for node in nodes
        if hasattr(node, "op")
    )


def test_names() -> None:
    """What connects a gradient is named as PyTorch's own node there: `LeakyReluBackwardBackward0`."""
    compared = 0
    for sample in SAMPLES:
        if not sample.id.startswith("nn.functional.") or not known(sample) or not sample.order:
            continue
        if not {"all", "value", "grad"} & set(sample.oracle) and is_flat(sample):
            expected = named(real_torch, sample)
            if expected != ["torch::autograd::NotImplemented"]:
                assert named(mibun, sample) == expected, sample.id
                compared += 1
    assert compared > 25

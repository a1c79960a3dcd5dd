"""A batch of gradients in one backward: `grad(is_grads_batched=True)` and what rests on it.

Every sample's gradients for a batch are those that each one alone gives, recorded and not; the same for tangents. Then
what is on the way (hooks, Functions, in-place operations on views), and the errors.
"""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import numpy as np

import mibun as torch
from samples.declare import S, tensors_in
from test_ops import each, make

BATCH = 3


def differentiated(sample: S, complex_: bool) -> tuple[list, list]:
    """The tensors of a sample that require grad, and its outputs that do."""
    inputs = make(sample, sample.arrays(complex_))
    outputs = [out for out in tensors_in(sample.run(torch, inputs)) if out.requires_grad]
    return [x for x in inputs if x.requires_grad], outputs


def gradients_for(outputs: list) -> list:
    """A batch of random gradients for each output."""
    random = np.random.default_rng(0)
    batches = []
    for out in outputs:
        values = random.uniform(-1, 1, (BATCH, *out.shape))
        if out.is_complex():
            values = values + 1j * random.uniform(-1, 1, values.shape)
        batches.append(torch.from_numpy(values).to(out.dtype))
    return batches


def close(found: Any, expected: Any, tol: float) -> None:
    found, expected = (x.detach().resolve_conj().numpy() for x in (found, expected))
    assert found.shape == expected.shape and found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=tol, atol=tol)


@contextlib.contextmanager
def loops_allowed() -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="There is a performance drop")
        yield


@each(order=1)
def test_batch_is_each_alone(sample: S, complex_: bool) -> None:
    inputs, outputs = differentiated(sample, complex_)
    if not outputs or not inputs:
        return
    batches = gradients_for(outputs)
    once = {"retain_graph": True, "allow_unused": True}
    alone = [torch.autograd.grad(outputs, inputs, [g[i] for g in batches], **once) for i in range(BATCH)]
    with loops_allowed():
        together = torch.autograd.grad(outputs, inputs, batches, is_grads_batched=True, **once)
        recorded = torch.autograd.grad(outputs, inputs, batches, is_grads_batched=True, create_graph=True, **once)
    for i, found in enumerate(together):
        expected = [one[i] for one in alone]
        if found is None:
            assert all(one is None for one in expected) and recorded[i] is None
            continue
        close(found, torch.stack(expected), sample.tol * 100)
        close(recorded[i], torch.stack(expected), sample.tol * 100)


@each(order=2)
def test_batch_is_differentiable(sample: S, complex_: bool) -> None:
    inputs, outputs = differentiated(sample, complex_)
    if not outputs or not inputs:
        return
    batches = [g.requires_grad_() for g in gradients_for(outputs)]

    def second(columns: list) -> list:
        columns = [x for x in columns if x is not None and x.requires_grad]
        if not columns:
            return []
        weights = [
            torch.cos(torch.arange(x.numel(), dtype=torch.float64)).reshape(x.shape).to(x.dtype) for x in columns
        ]
        kept = {"retain_graph": True, "allow_unused": True, "materialize_grads": True}
        return torch.autograd.grad(columns, [*inputs, *batches], weights, **kept)

    once = {"create_graph": True, "allow_unused": True}
    alone = [torch.autograd.grad(outputs, inputs, [g[i] for g in batches], **once) for i in range(BATCH)]
    expected = second([None if column[0] is None else torch.stack(column) for column in zip(*alone, strict=True)])
    with loops_allowed():
        found = second(torch.autograd.grad(outputs, inputs, batches, is_grads_batched=True, **once))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        close(one, other, sample.tol * 1000)

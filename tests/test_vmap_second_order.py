"""Second derivatives under `vmap`: of each example inside, and outside where some tensors are the same for all."""

from __future__ import annotations

from typing import Any

import pytest

import mibun as torch
from mibun.func import grad, vmap
from samples.declare import S
from test_ops import KNOWN
from vmapping import compare, cotangent, examples, places_of, plain, refused, stacked, weighed

SECOND = [sample for sample in KNOWN if sample.order > 1 and places_of(sample, sample.arrays())]


def each(samples: list[S]) -> Any:
    return pytest.mark.parametrize("sample", [pytest.param(sample, id=sample.id) for sample in samples])


def total(gradients: Any, per_example: Any = None) -> Any:
    """One number of gradients; `per_example`: which of them have a first axis of examples."""
    result = 0.0
    for i, gradient in enumerate(gradients):
        one = gradient[0] if per_example is not None and per_example[i] else gradient
        part = (gradient * cotangent(one)).sum()
        result = result + (part.real + 2 * part.imag if part.is_complex() else part)
    return result


def second_of(sample: S, places: tuple[int, ...]) -> Any:
    first = grad(lambda *xs: weighed(sample, xs), places)
    return grad(lambda *xs: total(first(*xs)), places)


@each([sample for sample in SECOND if not refused(sample, (True,) * len(sample.arrays()))])
def test_inside(sample: S) -> None:
    """The gradient of a gradient, of all examples at once."""
    rows = examples(sample, False, 2)
    places = places_of(sample, rows[0])
    second = second_of(sample, places)
    for k, found in enumerate(vmap(second)(*stacked(rows))):
        compare(found, [second(*plain(row))[k] for row in rows], max(sample.tol, 1e-8))


@each([sample for sample in SECOND if len(places_of(sample, sample.arrays())) > 1])
@pytest.mark.parametrize("first", [True, False])
def test_outside(sample: S, first: bool) -> None:
    """A recorded backward outside of the vmap, over which only the first tensor is mapped, or all but the first."""
    rows = examples(sample, False, 2)
    choice = tuple([(i == 0) == first for i in range(len(rows[0]))])
    if refused(sample, choice):
        return
    mixed = [[row[i] if chosen else rows[0][i] for i, chosen in enumerate(choice)] for row in rows]
    tensors = [
        whole if chosen else one for whole, one, chosen in zip(stacked(mixed), plain(mixed[0]), choice, strict=True)
    ]
    places = places_of(sample, rows[0])
    leaves = [tensors[place].requires_grad_() for place in places]
    dims = tuple([0 if chosen else None for chosen in choice])
    value = vmap(lambda *xs: weighed(sample, xs), dims)(*tensors).sum()
    gradients = torch.autograd.grad(value, leaves, create_graph=True, allow_unused=True, materialize_grads=True)
    value = total(gradients, [choice[place] for place in places])
    if not value.requires_grad:  # linear
        return
    found = torch.autograd.grad(value, leaves, allow_unused=True, materialize_grads=True)
    second = second_of(sample, places)
    wanted = [second(*plain(row)) for row in mixed]
    tol = max(sample.tol, 1e-8)
    for k, place in enumerate(places):
        if choice[place]:
            compare(found[k], [row[k] for row in wanted], tol)
        else:
            compare(found[k][None], [wanted[0][k] + wanted[1][k]], tol)

"""Operators under `vmap` on examples of other shapes and dtypes than their samples', and on no examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.func import grad, vmap
from samples.declare import S
from test_ops import KNOWN
from vmapping import choices_of, compare, floating, outputs_of, places_of, plain, refused, stacked, weighed

# What has no examples to tell the size of the result by, or whether it is empty.
UNKNOWN = {"bincount", "linalg.lstsq-residuals", "linalg.matrix_exp", "matrix_exp-batch"}


def each(where: Any) -> Any:
    """Parametrise by sample."""
    cases = [pytest.param(sample, id=sample.id) for sample in KNOWN if where(sample)]
    return pytest.mark.parametrize("sample", cases)


def compare_with_loop(sample: S, rows: list[list[np.ndarray]], tol: float, gradients: bool) -> None:
    """Values (and gradients), or the error, with all tensors batched, and each alone."""
    count = len(rows[0])
    for choice in {*choices_of("all", count), *choices_of("one", count)}:
        if refused(sample, choice):
            continue
        mixed = [[row[i] if chosen else rows[0][i] for i, chosen in enumerate(choice)] for row in rows]
        dims = tuple([0 if chosen else None for chosen in choice])
        tensors = [
            whole if chosen else one for whole, one, chosen in zip(stacked(mixed), plain(mixed[0]), choice, strict=True)
        ]
        function = lambda *xs: tuple(outputs_of(sample, list(xs)))  # noqa: E731
        try:
            expected = [function(*plain(row)) for row in mixed]
        except Exception as error:
            with pytest.raises(Exception) as caught:  # noqa: PT011
                vmap(function, dims)(*tensors)
            assert isinstance(caught.value, type(error)) or isinstance(error, type(caught.value))
            continue
        for i, found in enumerate(vmap(function, dims)(*tensors)):
            compare(found, [row[i] for row in expected], tol)
        places = places_of(sample, mixed[0])
        if not (gradients and places and floating(expected[0])):
            continue
        gradient = grad(lambda *xs: weighed(sample, xs), places)
        try:
            wanted = [gradient(*plain(row)) for row in mixed]
        except (RuntimeError, IndexError, ValueError):
            continue
        for i, found in enumerate(vmap(gradient, dims)(*tensors)):
            compare(found, [row[i] for row in wanted], tol)


@each(lambda sample: sample.vary_shapes())
def test_shapes(sample: S) -> None:
    """0-d examples, and empty ones."""
    for shapes in sample.vary_shapes().values():
        rows = [sample.arrays(False, shapes, seed=seed) for seed in range(2)]
        compare_with_loop(sample, rows, max(sample.tol, 1e-10), gradients=True)


@each(lambda sample: sample.floats())
def test_dtypes(sample: S) -> None:
    """What the result of an example is, is that of all of them."""
    for dtype in ("float32", "int64", "bool"):
        dtypes = [np.dtype(dtype)] * len(sample.floats())
        rows = [sample.arrays(False, None, dtypes, seed=seed) for seed in range(2)]
        compare_with_loop(sample, rows, max(sample.tol, 1e-5), gradients=False)


@each(lambda sample: sample.id not in UNKNOWN and not refused(sample, (True,) * len(sample.arrays())))
def test_no_examples(sample: S) -> None:
    """None in, none out."""
    row = sample.arrays()
    if not row:
        return
    expected = outputs_of(sample, plain(row))
    tensors = [torch.from_numpy(np.zeros((0, *array.shape), array.dtype)) for array in row]
    found = vmap(lambda *xs: tuple(outputs_of(sample, list(xs))))(*tensors)
    assert [(x.shape, x.dtype) for x in found] == [((0, *x.shape), x.dtype) for x in expected]
    places = places_of(sample, row)
    if places and floating(expected):
        gradients = vmap(grad(lambda *xs: weighed(sample, xs), places))(*tensors)
        assert [x.shape for x in gradients] == [tensors[place].shape for place in places]

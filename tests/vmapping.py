"""Samples of operators under `vmap`, and the loop that they are compared with.

`tests/test_vmap_operators.py` runs them; as a program, this module prints what fails and what loops:

    python tests/vmapping.py [--columns all,one,...] [names ...]
"""

from __future__ import annotations

import copy
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import mibun as torch
from mibun.core.registry import METHODS, constant_beside, namespace_of
from mibun.core.tensor import wrap
from mibun.func import grad, jvp, vmap
from samples.declare import B, I, S, X, tensors_in

EXAMPLES = 3
# What is compared: values and gradients with all tensors batched, each alone, and all twice; gradients of a backward
# outside of the vmap, where all are batched and all but one; the in-place form; tangents in forward mode.
COLUMNS = ("all", "one", "nested", "outside", "inplace", "forward")


def examples(sample: S, complex_: bool, count: int = EXAMPLES) -> list[list[np.ndarray]]:
    """The arrays of several examples: random ones are others in each, and indices that are given are rotated."""
    rows = [sample.arrays(complex_, seed=seed) for seed in range(count)]
    specs = [spec for spec in sample.specs() if isinstance(spec, (X, I, B))]
    for i, spec in enumerate(specs):
        if isinstance(spec, (I, B)) and spec.values is not None and rows[0][i].ndim:
            for seed, row in enumerate(rows):
                row[i] = np.roll(row[i], seed, axis=-1)
    return rows


def is_float(array: np.ndarray) -> bool:
    return array.dtype.kind in "fc"


def cotangent(out: Any) -> Any:
    """Numbers that depend on the shape alone, so that every example has the same, of the library of `out`."""
    values = np.cos(np.arange(out.numel()) + 0.5).reshape(tuple(out.shape))
    return wrap(constant_beside(values.astype(out.dtype.np), out._array_))


def floating(outputs: Any) -> list:
    return [out for out in tensors_in(outputs) if out.is_floating_point() or out.is_complex()]


def weighed(sample: S, tensors: Any) -> Any:
    """One real number that depends on all floating outputs."""
    total = 0.0
    for out in floating(sample.run(torch, list(tensors))):
        part = (out * cotangent(out)).sum()
        total = total + (part.real + 2 * part.imag if part.is_complex() else part)
    return total


def places_of(sample: S, arrays: list[np.ndarray]) -> tuple[int, ...]:
    """Which tensors are differentiated."""
    return tuple(
        [
            i
            for i, (array, wanted) in enumerate(zip(arrays, sample.differentiated(), strict=True))
            if wanted and is_float(array)
        ]
    )


def plain(arrays: list[np.ndarray]) -> list:
    return [torch.from_numpy(array.copy()) for array in arrays]


def stacked(columns: list[list[np.ndarray]]) -> list:
    return [torch.from_numpy(np.stack(column)) for column in zip(*columns, strict=True)]


def outputs_of(sample: S, tensors: list) -> list:
    return tensors_in(sample.run(torch, list(tensors)))


def compare(found: Any, expected: list, tol: float) -> None:
    want = np.stack([np.asarray(one.detach().resolve_conj().numpy()) for one in expected])
    array = found.detach().resolve_conj()._array_
    have = np.asarray(namespace_of(array).to_numpy(array))
    assert have.shape == want.shape, f"shape {have.shape} for {want.shape}"
    assert have.dtype == want.dtype, f"dtype {have.dtype} for {want.dtype}"
    np.testing.assert_allclose(have, want, rtol=tol, atol=tol)


def inplace_name(sample: S) -> str | None:
    """The name of the in-place method, if the sample has one."""
    if isinstance(sample.inplace, str):
        return sample.inplace
    if sample.inplace is False or sample.call is not None or not sample.args or not isinstance(sample.args[0], X):
        return None
    name = sample.name.split(".")[-1] + "_"
    return name if name in METHODS and "functional" not in sample.name else None


def in_place(sample: S) -> S | None:
    """The same sample by its in-place form, on a copy of the first tensor; None if there is none, or it cannot be."""
    name = inplace_name(sample)
    if name is None:
        return None
    tensors = plain(sample.arrays())
    result = sample.run(torch, tensors)
    if result.dtype != tensors[0].dtype or (result.shape != tensors[0].shape and not sample.view):
        return None
    other = copy.copy(sample)
    other.call = lambda torch, first, *rest, **kw: getattr(first.clone(), name)(*rest, **kw)
    return other


def choices_of(column: str, count: int) -> list[tuple[bool, ...]]:
    """Which of the tensors are batched, in each of the comparisons of a column."""
    alone = [tuple([i == j for i in range(count)]) for j in range(count)]
    others = [tuple([i != j for i in range(count)]) for j in range(count)] if count > 1 else []
    every = (True,) * count
    if column == "outside":
        return [every, *others]
    if column == "inplace":  # what is written into has to be batched
        return [every, *[choice for choice in [*alone, *others] if choice[0] and count > 1]]
    if column == "one":
        return alone if count > 1 else []
    if column == "forward":
        return [every, *alone] if count > 1 else [every]
    return [every]


def any_of(*places: int) -> Callable:
    """Whether one of these tensors is batched."""
    return lambda choice: any([choice[place] for place in places])


def anything(choice: tuple[bool, ...]) -> bool:
    """Whether any tensor is batched."""
    return any(choice)


def not_the_first(choice: tuple[bool, ...]) -> bool:
    """Whether the first tensor, which is written into, is the same for all examples, and another is not."""
    return not choice[0] and any(choice)


# What cannot be, as in PyTorch: samples -> (which of the tensors have to be batched for it, the start of the error).
DYNAMIC = "vmap: We do not support batching operators that can output dynamic shape. Attempted to vmap over aten::"
MASK = "vmap: We do not support batching operators that can support dynamic shape. Attempting to batch over indexing"
WRITTEN = (
    "vmap: {}(self, *extra_args) is not possible because there exists a Tensor `other` in extra_args that has more"
)
REFUSED: dict[str, list[tuple[Callable, str]]] = {
    # Each example would have a result of another shape.
    "nonzero": [(anything, f"{DYNAMIC}nonzero")],
    "argwhere": [(anything, f"{DYNAMIC}argwhere")],
    "unique": [(anything, f"{DYNAMIC}_unique2")],
    "unique-dim": [(anything, f"{DYNAMIC}unique_dim")],
    "unique_consecutive": [(anything, f"{DYNAMIC}unique_consecutive")],
    "bincount-weights": [(any_of(0), f"{DYNAMIC}bincount")],
    "masked_select": [(any_of(1), "vmap: Attempted to vmap over `mask` in torch.masked_select(self, mask)")],
    "__getitem__-mask": [(any_of(1), MASK)],
    "__getitem__-mask first": [(any_of(1), MASK)],
    "__getitem__-mask and int": [(any_of(1), MASK)],
    "__setitem__-mask": [(any_of(1), MASK), (not_the_first, WRITTEN.format("index_put_"))],
    # There is one answer, in Python.
    "equal": [(anything, "Batching rule not implemented for aten::equal. We could not generate a fallback")],
    # What all examples share would have to receive a value for each.
    "__setitem__-mask number": [(not_the_first, WRITTEN.format("inplace arithmetic"))],
    "__setitem__-int": [(not_the_first, WRITTEN.format("inplace arithmetic"))],
    "__setitem__-slices": [(not_the_first, WRITTEN.format("inplace arithmetic"))],
    "__setitem__-broadcast": [(not_the_first, WRITTEN.format("fill_"))],
    "__setitem__-tensor": [(not_the_first, WRITTEN.format("index_put_"))],
    "__setitem__-two tensors": [(not_the_first, WRITTEN.format("index_put_"))],
    "__setitem__-tensor last": [(not_the_first, WRITTEN.format("index_put_"))],
    "copy_": [(not_the_first, WRITTEN.format("inplace arithmetic"))],
}


def refused(sample: S, choice: tuple[bool, ...]) -> str | None:
    """The start of the error, where it cannot be with these tensors batched."""
    return next((words for where, words in REFUSED.get(sample.id, ()) if where(choice)), None)


def check(
    sample: S, complex_: bool, column: str, to: Callable[[np.ndarray], Any] | None = None, tolerance: float = 1e-10
) -> None:
    """Compare one sample under vmap with the loop over NumPy's arrays; AssertionError if they differ.

    to: makes the arrays that are mapped over, from NumPy's, if they are to be of another library.
    """
    if column == "inplace":
        sample = in_place(sample)
        if sample is None:
            return
    rows = examples(sample, complex_, 4 if column == "nested" else EXAMPLES)
    choices = [choice for choice in choices_of(column, len(rows[0])) if refused(sample, choice) is None]
    tol = max(sample.tol, tolerance)
    for choice in choices:
        mixed = [[row[i] if chosen else rows[0][i] for i, chosen in enumerate(choice)] for row in rows]
        dims = tuple([0 if chosen else None for chosen in choice])
        tensors = [
            whole if chosen else first
            for whole, first, chosen in zip(stacked(mixed), plain(mixed[0]), choice, strict=True)
        ]
        places = places_of(sample, mixed[0])
        looped = [outputs_of(sample, plain(row)) for row in mixed]
        function = lambda *xs: tuple(outputs_of(sample, list(xs)))  # noqa: E731
        gradient = grad(lambda *xs: weighed(sample, xs), places) if places and floating(looped[0]) else None
        if column == "nested":
            tensors = [x.reshape(2, 2, *x.shape[1:]) for x in tensors]
        if to is not None:
            tensors = [wrap(to(x.numpy())) for x in tensors]
        if column == "nested":
            flat = lambda results: tuple([r.reshape(4, *r.shape[2:]) for r in results])  # noqa: E731
            found = flat(vmap(vmap(function, dims), dims)(*tensors))
        else:
            flat = tuple
            found = vmap(function, dims)(*tensors) if any(choice) else None
        if column == "forward":
            check_forward(sample, tensors, mixed, dims, places, tol)
            continue
        if found is not None:
            for i, one in enumerate(found):
                compare(one, [row[i] for row in looped], tol)
        if gradient is None:
            continue
        wanted = [gradient(*plain(row)) for row in mixed]
        if column == "outside":
            for place, x in enumerate(tensors):
                if place in places:
                    x.requires_grad_()
            total = vmap(lambda *xs: weighed(sample, xs), dims)(*tensors)
            found = torch.autograd.grad(
                total.sum(), [tensors[i] for i in places], allow_unused=True, materialize_grads=True
            )
            for k, place in enumerate(places):
                if choice[place]:
                    compare(found[k], [row[k] for row in wanted], tol)
                else:
                    compare(found[k][None], [sum([row[k] for row in wanted[1:]], wanted[0][k])], tol * EXAMPLES)
            continue
        found = vmap(vmap(gradient, dims), dims)(*tensors) if column == "nested" else vmap(gradient, dims)(*tensors)
        for k, one in enumerate(flat(found)):
            compare(one, [row[k] for row in wanted], tol)


def check_forward(sample: S, tensors: list, mixed: list, dims: tuple, places: tuple[int, ...], tol: float) -> None:
    """Compare the tangents with those of the loop; each tangent is batched like its tensor."""
    if not places:
        return
    tangents = [cotangent(tensors[place]) for place in places]

    def pushed(*xs: Any) -> tuple:
        def function(*values: Any) -> tuple:
            given = list(xs[: len(tensors)])
            for place, value in zip(places, values, strict=True):
                given[place] = value
            return tuple(floating(sample.run(torch, given)))

        return jvp(function, tuple([xs[place] for place in places]), xs[len(tensors) :])[1]

    found = vmap(pushed, (*dims, *[dims[place] for place in places]))(*tensors, *tangents)
    rows = []
    for k, row in enumerate(mixed):
        own = [tangent if dims[place] is None else tangent[k] for place, tangent in zip(places, tangents, strict=True)]
        rows.append(pushed(*plain(row), *own))
    for i, one in enumerate(found):
        compare(one, [row[i] for row in rows], tol)


def main() -> None:
    from samples import SAMPLES

    columns = COLUMNS
    names = sys.argv[1:]
    if names and names[0] == "--columns":
        columns, names = names[1].split(","), names[2:]
    import collections
    import traceback

    reasons: Any = collections.defaultdict(list)
    loops: Any = collections.defaultdict(set)
    good = 0
    for sample in SAMPLES:
        if names and not any(sample.id.startswith(name) for name in names):
            continue
        for column in columns:
            for complex_ in (False, True) if sample.complex and sample.floats() else (False,):
                try:
                    with warnings.catch_warnings(record=True) as caught:
                        warnings.simplefilter("always")
                        check(sample, complex_, column)
                    good += 1
                    for one in caught:
                        if "performance drop" in str(one.message):
                            loops[str(one.message).split("for ")[1].split(":")[0]].add(sample.id)
                except Exception as error:
                    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/mibun/" in f.filename]
                    where = f"{frames[-1].filename.split('/mibun/')[-1]}:{frames[-1].lineno}" if frames else ""
                    reasons[f"{type(error).__name__} {str(error)[:150]!r} {where}".replace("\n", " ")].append(
                        f"{sample.id}/{column}{'/c' if complex_ else ''}"
                    )
    for reason, ids in sorted(reasons.items(), key=lambda item: -len(item[1])):
        print(len(ids), reason, " ".join(ids[:40]))
    print("LOOPS", {name: (len(ids), sorted(ids)[:3]) for name, ids in sorted(loops.items())})
    print(good, "good", sum(map(len, reasons.values())), "bad")


if __name__ == "__main__":
    main()

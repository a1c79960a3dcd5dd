"""Samples of operators under `vmap`, and the loop that they are compared with.

`tests/test_vmap_operators.py` runs them; as a program, this module prints what fails and what loops:

    python tests/vmapping.py [--columns all,one,...] [names ...]
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np

import mibun as torch
from mibun.func import grad, vmap
from samples.declare import S, tensors_in

EXAMPLES = 3
COLUMNS = ("all", "one", "nested", "outside")


def examples(sample: S, complex_: bool, count: int = EXAMPLES) -> list[list[np.ndarray]]:
    """The arrays of several examples, in which no two are the same if that is up to chance."""
    return [sample.arrays(complex_, seed=seed) for seed in range(count)]


def is_float(array: np.ndarray) -> bool:
    return array.dtype.kind in "fc"


def cotangent(out: Any) -> Any:
    """Numbers that depend on the shape alone, so that every example has the same."""
    values = np.cos(np.arange(out.numel()) + 0.5).reshape(tuple(out.shape))
    return torch.from_numpy(np.asarray(values)).to(out.dtype)


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
    have = found.detach().resolve_conj().numpy()
    assert have.shape == want.shape, f"shape {have.shape} for {want.shape}"
    assert have.dtype == want.dtype, f"dtype {have.dtype} for {want.dtype}"
    np.testing.assert_allclose(have, want, rtol=tol, atol=tol)


def check(sample: S, complex_: bool, column: str) -> None:
    """Compare one sample under vmap with the loop; AssertionError if they differ."""
    rows = examples(sample, complex_, 4 if column == "nested" else EXAMPLES)
    count = len(rows[0])
    if column in ("all", "nested"):
        choices = [(True,) * count]
    elif column == "outside" or count < 2:
        choices = [(True,) * count] if column == "outside" else []
        choices += [tuple([i != j for i in range(count)]) for j in range(count)] if count > 1 else []
    else:
        choices = [tuple([i == j for i in range(count)]) for j in range(count)]
    tol = max(sample.tol, 1e-10)
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
            flat = lambda results: tuple([r.reshape(4, *r.shape[2:]) for r in results])  # noqa: E731
            found = flat(vmap(vmap(function, dims), dims)(*tensors))
        else:
            flat = tuple
            found = vmap(function, dims)(*tensors) if any(choice) else None
        if found is not None:
            for i, one in enumerate(found):
                compare(one, [row[i] for row in looped], tol)
        if gradient is None:
            continue
        wanted = [gradient(*plain(row)) for row in mixed]
        if column == "outside":
            for x, place in zip(tensors, range(count), strict=True):
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

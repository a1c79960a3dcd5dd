"""Calls that PyTorch refuses, or does not: mibun does as it does, with an error of the same class."""

from __future__ import annotations

import warnings

import pytest

import mibun

torch = pytest.importorskip("torch")

CALLS = {
    "chain_matmul of lists": lambda t: t.chain_matmul([t.ones(2, 2)], [t.ones(2, 2)]),
    "chain_matmul of a number": lambda t: t.chain_matmul(t.ones(2, 2), 3),
    "multi_dot of a number": lambda t: t.linalg.multi_dot([t.ones(2, 2), 3]),
    "multi_dot without a list": lambda t: t.linalg.multi_dot(3),
    "histogram of a list": lambda t: t.histogram([1.0, 2.0], 3),
    "is_inference of a list": lambda t: t.is_inference([1]),
    "batch_norm, mean": lambda t: t.nn.functional.batch_norm(t.ones(2, 3), [1.0, 2.0, 3.0], t.ones(3)),
    "batch_norm, var": lambda t: t.nn.functional.batch_norm(t.ones(2, 3), t.ones(3), [1.0, 2.0, 3.0]),
    "contiguous already": lambda t: t.ones(2).contiguous(memory_format=t.preserve_format),
    "contiguous": lambda t: t.ones(2, 3).t().contiguous(memory_format=t.preserve_format),
    "movedim of a tuple and an int": lambda t: t.movedim(t.ones(2, 3), (0, 1), 1),
    "movedim of an int and a tuple": lambda t: t.movedim(t.ones(2, 3), 1, (0, 1)),
    "movedim of tuples": lambda t: t.movedim(t.ones(2, 3), (0,), (1, 0)),
    "index_add": lambda t: t.index_add(t.ones(3), 0, t.tensor([5]), t.ones(1)),
    "index_add, negative": lambda t: t.index_add(t.ones(3), 0, t.tensor([-1]), t.ones(1)),
    "index_add, dtype": lambda t: t.index_add(t.ones(3), 0, t.tensor([0]), t.ones(1, dtype=t.float64)),
    "index_copy": lambda t: t.index_copy(t.ones(3), 0, t.tensor([5]), t.ones(1)),
    "index_reduce": lambda t: t.ones(3).index_reduce(0, t.tensor([5]), t.ones(1), "prod"),
}
for _n in (1, 2, 3):
    for _ndim in range(7):
        CALLS[f"dropout{_n}d of {_ndim} dimensions"] = lambda t, n=_n, ndim=_ndim: getattr(
            t.nn.functional, f"dropout{n}d"
        )(t.ones((2,) * ndim))
for _kernel, _size in ((2, 7), (2, 6), (1, 8), (8, 1), (9, 1), (3, 6), (3, 8)):
    for _n in (2, 3):
        CALLS[f"FractionalMaxPool{_n}d({_kernel}, {_size})"] = lambda t, n=_n, k=_kernel, s=_size: getattr(
            t.nn, f"FractionalMaxPool{n}d"
        )(k, output_size=s)(t.ones((1, 1) + (8,) * n))


def outcome(t, call):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(call(t).shape)
    except Exception as error:
        assert "_array_" not in str(error) and "_version_counter_" not in str(error)
        return type(error)


@pytest.mark.parametrize("name", CALLS)
def test_refused_alike(name):
    assert outcome(mibun, CALLS[name]) == outcome(torch, CALLS[name])

"""Samples of reading and writing at indices: `x[...]`, gather and scatter, masks."""

from __future__ import annotations

import numpy as np

from .declare import B, I, S, X

ROWS = I(values=[[0, 2], [1, 1]])
REFUSED = {"refused": "PyTorch fails where a tensor that requires grad fills one of integers"}
MASK = B(values=[[True, False, True], [False, True, True]])


def read(id, *args, index):
    return S(
        "__getitem__",
        *args,
        id=id,
        call=lambda torch, *a: a[0][index(*a[1:])],
        complex=True,
        vary=False,
        ref=lambda *a: a[0][index(*a[1:])],
    )


def write(id, *args, index, **options):
    def call(torch, x, *rest):
        x = x.clone()
        x[index(*rest[:-1])] = rest[-1]
        return x

    def ref(x, *rest):
        x = x.copy()
        x[index(*rest[:-1])] = rest[-1]
        return x

    return S("__setitem__", *args, id=id, call=call, complex=True, vary=False, ref=ref, **options)


def written(how):
    """x with y added, multiplied, ... at an index along the last axis."""

    def ref(x, d, i, y, *_, **__):
        x = np.moveaxis(x.copy(), d, 0)
        y = np.moveaxis(np.broadcast_to(y, np.moveaxis(x, 0, d)[(slice(None),) * d + (i,)].shape), d, 0)
        how(x, i, y)
        return np.moveaxis(x, 0, d)

    return ref


def _along(index, axis):
    grid = list(np.ogrid[tuple(slice(n) for n in index.shape)])
    grid[axis] = index
    return tuple(grid)


def _scatter(x, d, i, y):
    x = x.copy()
    x[_along(i, d)] = y[tuple(slice(n) for n in i.shape)] if np.ndim(y) else y
    return x


def _scatter_add(x, d, i, y):
    x = x.copy()
    np.add.at(x, _along(i, d), y[tuple(slice(n) for n in i.shape)])
    return x


SAMPLES: list[S] = [
    read("int", X(3, 4), index=lambda: 1),
    read("negative", X(3, 4), index=lambda: (-1, -2)),
    read("slices", X(3, 4), index=lambda: (slice(1, None), slice(None, None, 2))),
    read("new axis", X(3, 4), index=lambda: (None, ..., 1, None)),
    read("ellipsis", X(2, 3, 2), index=lambda: (..., 0)),
    read("list", X(3, 4), index=lambda: [0, 2, 2]),
    read("tensor", X(3, 4), ROWS, index=lambda i: i),
    read("two tensors", X(3, 4), I(values=[0, 2, 0]), I(values=[1, 3, 1]), index=lambda i, j: (i, j)),
    read("tensor last", X(3, 4), I(values=[0, 3, 3]), index=lambda i: (slice(None), i)),
    read("tensors apart", X(2, 3, 2), I(values=[0, 1, 1]), I(values=[1, 0, 1]), index=lambda i, j: (i, slice(None), j)),
    read("tensors broadcast", X(3, 4), I(values=[[0], [2]]), I(values=[1, 3, -1]), index=lambda i, j: (i, j)),
    read("slice and tensor", X(2, 3, 2), ROWS, index=lambda i: (slice(0, 2), i, 0)),
    read("mask", X(2, 3), MASK, index=lambda m: m),
    read("mask first", X(2, 3, 2), B(values=[True, False]), index=lambda m: m),
    read("mask and int", X(2, 3, 2), MASK, index=lambda m: (m, 1)),
    read("tensor and None", X(3, 2), I(values=[0, 2]), index=lambda i: (None, i)),
    write("int", X(3, 4), X(4), index=lambda: 1),
    write("slices", X(3, 4), X(2, 2), index=lambda: (slice(1, None), slice(None, None, 2))),
    write(
        "broadcast",
        X(3, 4),
        X(),
        index=lambda: (..., 0),
        oracle={"mixed": "PyTorch lets a tensor of integers require grad here, and fails in backward"},
    ),
    write("number", X(3, 4), 2.5, index=lambda: (slice(1, 2),)),
    write("tensor", X(3, 4), I(values=[0, 2]), X(2, 4), index=lambda i: i),
    write("two tensors", X(3, 4), I(values=[0, 2, 1]), I(values=[1, 3, 1]), X(3), index=lambda i, j: (i, j)),
    write("tensor last", X(3, 4), I(values=[0, 3]), X(2), index=lambda i: (slice(None), i)),
    write("mask", X(2, 3), MASK, X(4), index=lambda m: m),
    write("mask number", X(2, 3), MASK, 1.5, index=lambda m: m),
    S("gather", X(3, 4), 1, I(3, 2, hi=4), complex=True, ref=lambda x, d, i: np.take_along_axis(x, i, d), vary=False),
    S("gather", X(3, 4), 0, I(2, 3, hi=3), id="smaller", complex=True, ref=lambda x, d, i: x[_along(i, 0)], vary=False),
    S("take_along_dim", X(3, 4), I(3, 2, hi=4), 1, complex=True, ref=np.take_along_axis, vary=False),
    S("take_along_dim", X(2, 3), I(4, hi=6), id="flat", complex=True, ref=lambda x, i: x.ravel()[i], vary=False),
    S("take", X(2, 3), I(2, 2, hi=6), complex=True, ref=np.take, vary=False),
    S("index_select", X(3, 4), 1, I(values=[0, 3, 3]), complex=True, ref=lambda x, d, i: np.take(x, i, d), vary=False),
    S("scatter", X(3, 4), 1, I(values=[[0, 3], [2, 1], [1, 0]]), X(3, 2), complex=True, ref=_scatter, vary=False),
    S("scatter", X(3, 4), 1, I(values=[[0, 3], [2, 1]]), 2.5, id="number", complex=True, ref=_scatter, vary=False),
    S(
        "scatter",
        X(3, 4),
        0,
        I(values=[[0, 2, 1, 0]]),
        X(1, 4),
        kw={"reduce": "add"},
        id="add",
        complex=True,
        order=1,
        vary=False,
        warns="The reduce argument",
        oracle=dict.fromkeys(("name", "grad"), "PyTorch has no derivative here"),
    ),
    S("scatter_add", X(3, 4), 1, I(3, 4, hi=4), X(3, 4), complex=True, ref=_scatter_add, vary=False),
    S(
        "scatter_add",
        X(3, 4),
        0,
        I(2, 3, hi=3),
        X(3, 4),
        id="smaller",
        complex=True,
        ref=_scatter_add,
        vary=False,
        oracle={"grad": "PyTorch returns a gradient of the index's shape, and refuses it"},
    ),
    *[
        S(
            "scatter_reduce",
            X(3, 3),
            1,
            I(values=[[0, 1, 1], [2, 2, 2], [0, 1, 2]]),
            X(3, 3),
            how,
            kw={"include_self": own},
            id=f"{how}{'' if own else ' alone'}",
            vary=False,
        )
        for how in ("sum", "prod", "mean", "amax", "amin")
        for own in (True, False)
    ],
    S(
        "index_add",
        X(3, 4),
        1,
        I(values=[0, 2, 2]),
        X(3, 3),
        kw={"alpha": 2.0},
        complex=True,
        vary=False,
        ref=lambda x, d, i, y: written(lambda a, j, b: np.add.at(a, j, 2.0 * b))(x, d, i, y),
    ),
    S(
        "index_copy",
        X(3, 4),
        1,
        I(values=[0, 2]),
        X(3, 2),
        complex=True,
        vary=False,
        ref=written(lambda a, j, b: a.__setitem__(j, b)),
    ),
    S(
        "index_fill",
        X(3, 4),
        1,
        I(values=[0, 2]),
        2.5,
        complex=True,
        vary=False,
        ref=written(lambda a, j, b: a.__setitem__(j, b)),
    ),
    S(
        "index_fill",
        X(3, 4),
        1,
        I(values=[0, 2]),
        X(),
        id="tensor",
        complex=True,
        vary=False,
        oracle=REFUSED,
        ref=written(lambda a, j, b: a.__setitem__(j, b)),
    ),
    S("index_put", X(3, 4), (I(values=[0, 2]),), X(2, 4), complex=True, vary=False, inplace=False),
    S(
        "index_put",
        X(3, 4),
        (I(values=[0, 2, 0]),),
        X(3, 4),
        kw={"accumulate": True},
        id="accumulate",
        complex=True,
        vary=False,
        inplace=False,
    ),
    S("put", X(2, 3), I(values=[0, 4]), X(2), complex=True, vary=False),
    S("put", X(2, 3), I(values=[0, 4, 0]), X(3), True, id="accumulate", complex=True, vary=False),
    S("masked_fill", X(2, 3), B(2, 3), 2.5, complex=True, ref=lambda x, m, v: np.where(m, v, x)),
    S(
        "masked_fill",
        X(2, 3),
        B(3),
        X(),
        id="tensor",
        complex=True,
        oracle=REFUSED,
        ref=lambda x, m, v: np.where(m, v, x),
        vary=False,
    ),
    S("masked_scatter", X(2, 3), MASK, X(5), complex=True, vary=False),
    S("fill", X(2, 3), 2.5, complex=True),
    S("fill", X(2, 3), X(), id="tensor", complex=True, vary=False, oracle=REFUSED),
    S("copy_", X(2, 3), X(3), call=lambda torch, x, y: (x * 1).copy_(y), complex=True, vary=False),
    S("zero_", X(2, 3), call=lambda torch, x: (x * 1).zero_() + x, complex=True),
    S("bincount", I(6, hi=4), order=0, ref=np.bincount),
    S(
        "bincount",
        I(6, hi=4),
        X(6),
        id="weights",
        ref=np.bincount,
        vary=False,
        oracle=dict.fromkeys(("name", "grad"), "PyTorch has no derivative here"),
    ),
    S(
        "histc",
        X(8, lo=0.0, hi=4.0),
        4,
        0.0,
        4.0,
        order=0,
        ref=lambda x, n, a, b: np.histogram(x, n, (a, b))[0].astype(float),
    ),
    S("unique", I(8, hi=4), order=0, ref=np.unique),
    S("unique", I(4, 2, hi=2), kw={"dim": 0, "return_inverse": True, "return_counts": True}, id="dim", order=0),
    S("unique_consecutive", I(9, hi=2), kw={"return_counts": True}, order=0),
    S("searchsorted", X(values=[1.0, 2.0, 3.0]), X(2, 3, lo=0.0, hi=4.0), order=0, ref=np.searchsorted, vary=False),
    S(
        "bucketize",
        X(2, 3, lo=0.0, hi=4.0),
        X(values=[1.0, 2.0, 3.0]),
        order=0,
        ref=lambda x, b: np.searchsorted(b, x),
        vary=False,
    ),
]

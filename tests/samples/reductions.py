"""Samples of the operators that reduce: sums, extremes, variances, norms; of running ones and of those that sort."""

from __future__ import annotations

import numpy as np
import scipy.special as sp

from .declare import S, X, inf, nan

# Ties, infinities, NaN: along the last axis, and over all.
ROWS = [[1.0, 3.0, 3.0, 2.0], [0.0, -0.0, 0.0, -1.0], [inf, 1.0, inf, -inf], [nan, 1.0, nan, 2.0], [1.0, 1.0, 1.0, 1.0]]
FINITE = [
    [1.0, 3.0, 3.0, 2.0],
    [0.0, -0.0, 0.0, -1.0],
    [2.0, 0.0, 0.0, 1.0],
    [1.0, 1.0, 1.0, 1.0],
    [0.0, 0.0, 0.0, 0.0],
]
EDGES = [(ROWS,), (FINITE,), ([1.0, 2.0, 2.0],), ([0.0, 2.0, 0.0],), ([nan, 1.0, nan],), ([inf, inf, 1.0],)]

COMPOSED = {"name": "made of other operators than PyTorch's", "refused": "mibun takes more dtypes"}
TIES = dict.fromkeys(("dtypes", "boundary"), "which of equal elements is chosen is not specified")


def both(name, ref=None, *, dims=((1,), ((0, 2),)), complex=True, keep=True, **options):
    """All elements, one dimension, two, and with the dimensions kept."""
    shape = (2, 3, 2)
    options.setdefault("boundary", EDGES)
    found = [S(name, X(*shape), ref=ref, complex=complex, **options)]
    boundary = options.pop("boundary")
    for (dim,) in dims:
        for keepdim in (False, True) if keep else (False,):
            found.append(
                S(
                    name,
                    X(*shape),
                    dim,
                    kw={"keepdim": keepdim} if keepdim else {},
                    complex=complex,
                    id=f"{dim}{keepdim or ''}",
                    ref=None if ref is None else lambda x, d, keepdim=keepdim: ref(x, axis=d, keepdims=keepdim),
                    **options,
                )
            )
    found.append(S(name, X(3, 4), -1, id="last", complex=complex, boundary=boundary, **options))
    return found


def _prod(x, axis=None, keepdims=False):
    return np.prod(x, axis=axis, keepdims=keepdims)


SAMPLES: list[S] = [
    *both("sum", np.sum),
    *both("mean", np.mean),
    *both("nansum", np.nansum, complex=False),
    *both("nanmean", np.nanmean, complex=False),
    # Of infinities and NaN, PyTorch divides the product by the element; mibun multiplies the others.
    *both("prod", _prod, dims=((1,), (0,), (2,)), boundary=[(FINITE,), ([1.0, 2.0, 2.0],), ([0.0, 2.0, 0.0],)]),
    S("prod", X(2, 3, values=[[1.0, 0.0, 2.0], [0.0, 0.0, 3.0]]), 1, id="zeros", ref=np.prod, complex=True),
    S("prod", X(3, values=[1.0, 0.0, 2.0]), id="zero", ref=np.prod, complex=True),
    S("logsumexp", X(2, 3, 2), 1, ref=sp.logsumexp, boundary=[(ROWS,), (FINITE,)]),
    S("logsumexp", X(2, 3, 2), (0, 2), True, id="dims", ref=lambda x, d, k: sp.logsumexp(x, axis=d, keepdims=k)),
    *both("amax", np.max, complex=False),
    *both("amin", np.min, complex=False),
    S("aminmax", X(2, 3), ref=lambda x: (np.min(x), np.max(x)), boundary=EDGES),
    S(
        "aminmax",
        X(2, 3),
        kw={"dim": 1, "keepdim": True},
        id="dim",
        boundary=EDGES,
        oracle={"shapes": "PyTorch takes any dim of a 0-d tensor here"},
        ref=lambda x: (np.min(x, 1, keepdims=True), np.max(x, 1, keepdims=True)),
    ),
    S("max", X(2, 3), ref=np.max, boundary=EDGES),
    S("min", X(2, 3), ref=np.min, boundary=EDGES),
    S("max", X(2, 3), -1, id="dim", ref=lambda x, d: (np.max(x, d), np.argmax(x, d)), boundary=EDGES),
    S("min", X(2, 3), 0, id="dim", ref=lambda x, d: (np.min(x, d), np.argmin(x, d)), boundary=EDGES),
    S(
        "max",
        X(2, 3),
        -1,
        True,
        id="keepdim",
        ref=lambda x, d, k: (np.max(x, d, keepdims=k), np.argmax(x, d, keepdims=k)),
    ),
    S("max", X(2, 3), X(2, 3), id="two", ref=np.maximum, boundary=True),
    S("min", X(2, 3), X(3), id="two", ref=np.minimum, boundary=True),
    S("median", X(7), ref=np.median, boundary=EDGES),
    S("median", X(2, 5), 1, id="dim", boundary=EDGES),
    S("nanmedian", X(7), ref=np.nanmedian, boundary=EDGES),
    S("nanmedian", X(2, 5), 1, id="dim", boundary=EDGES),
    S("mode", X(2, 5), 1, boundary=EDGES, oracle=TIES),
    S("kthvalue", X(2, 5), 2, 1, boundary=EDGES, oracle=TIES),
    S("quantile", X(7), 0.3, ref=np.quantile, oracle=COMPOSED),
    S(
        "quantile",
        X(2, 5),
        0.3,
        kw={"dim": 1, "keepdim": True},
        id="dim",
        ref=lambda x, q: np.quantile(x, q, axis=1, keepdims=True),
        oracle=COMPOSED,
    ),
    S("nanquantile", X(7), 0.3, ref=np.nanquantile, oracle=COMPOSED),
    S("quantile", X(7), X(values=[0.3, 0.55]), id="q", ref=np.quantile, vary=False, oracle=COMPOSED),
    S("nanquantile", X(2, 7), X(values=0.3), kw={"dim": 1}, id="q", vary=False, oracle=COMPOSED),
    S("argmax", X(2, 3), order=0, ref=np.argmax, boundary=EDGES),
    S("argmin", X(2, 3), 1, order=0, id="dim", ref=np.argmin, boundary=EDGES),
    S("argmin", X(2, 3), order=0, ref=np.argmin, boundary=EDGES),
    S(
        "argmax",
        X(2, 3),
        1,
        True,
        order=0,
        id="keepdim",
        ref=lambda x, d, k: np.argmax(x, d, keepdims=k),
        boundary=EDGES,
    ),
    S("any", X(2, 3), order=0, complex=True, ref=np.any, boundary=EDGES),
    S("any", X(2, 3), 1, True, order=0, id="dim", ref=lambda x, d, k: np.any(x, d, keepdims=k), boundary=EDGES),
    S("all", X(2, 3), order=0, complex=True, ref=np.all, boundary=EDGES),
    S("all", X(2, 3), 1, order=0, id="dim", ref=np.all, boundary=EDGES),
    S("count_nonzero", X(2, 3), order=0, complex=True, ref=np.count_nonzero, boundary=EDGES),
    S("count_nonzero", X(2, 3), 1, order=0, id="dim", complex=True, ref=np.count_nonzero, boundary=EDGES),
    S("equal", X(2, 3), X(2, 3), order=0, call=lambda torch, x, y: torch.as_tensor(torch.equal(x, y))),
    # --- variances ---
    *[
        S(name, X(2, 3, 2), complex=True, ref=lambda x, f=f: f(x, ddof=1), boundary=[(FINITE,)])
        for name, f in (("var", np.var), ("std", np.std))
    ],
    *[
        S(name, X(2, 3, 2), 1, id="dim", complex=True, ref=lambda x, d, f=f: f(x, axis=d, ddof=1), boundary=[(FINITE,)])
        for name, f in (("var", np.var), ("std", np.std))
    ],
    *[
        S(
            name,
            X(2, 3, 2),
            (0, 1),
            kw={"correction": 0, "keepdim": True},
            id="correction",
            complex=True,
            ref=lambda x, d, f=f: f(x, axis=d, keepdims=True),
        )
        for name, f in (("var", np.var), ("std", np.std))
    ],
    *[
        S(name, X(2, 3), False, id="biased", ref=lambda x, b, f=f: f(x))
        for name, f in (("var", np.var), ("std", np.std))
    ],
    S("var_mean", X(2, 3, 2), 1, complex=True, ref=lambda x, d: (np.var(x, axis=d, ddof=1), np.mean(x, axis=d))),
    S("std_mean", X(2, 3, 2), 1, complex=True, ref=lambda x, d: (np.std(x, axis=d, ddof=1), np.mean(x, axis=d))),
    # --- norms ---
    S("norm", X(2, 3), complex=True, ref=lambda x: np.sqrt((abs(x) ** 2).sum()), boundary=EDGES),
    *[
        S("norm", X(2, 3), p, 1, id=f"{p}", complex=True, ref=lambda x, p, d: np.linalg.norm(x, p, d), boundary=EDGES)
        for p in (1, 2, 3, 0.5, 0, inf, -inf)
    ],
    S("norm", X(2, 3), "fro", (0, 1), id="fro", complex=True, ref=lambda x, p, d: np.linalg.norm(x)),
    S("norm", X(2, 3), "nuc", (0, 1), id="nuc", ref=lambda x, p, d: np.linalg.norm(x, "nuc")),
    S(
        "linalg.norm",
        X(2, 3),
        2,
        id="2",
        oracle={"shapes": "PyTorch has 0 for some empty matrices"},
        ref=lambda x, p: np.linalg.norm(x, 2),
    ),
    S("linalg.norm", X(2, 3), -1, id="-1", ref=lambda x, p: np.linalg.norm(x, -1)),
    S("linalg.matrix_norm", X(2, 3), "nuc", complex=True, ref=lambda x, p: np.linalg.norm(x, "nuc")),
    S("dist", X(2, 3), X(2, 3), 2, complex=True, ref=lambda x, y, p: np.sqrt((abs(x - y) ** 2).sum())),
    S("dist", X(2, 3), X(2, 3), 3, id="3", complex=True, ref=lambda x, y, p: (abs(x - y) ** 3).sum() ** (1 / 3)),
    S("renorm", X(2, 3), 2, 0, 1.0, complex=True),
    *[
        S(
            "linalg.vector_norm",
            X(2, 3),
            p,
            id=f"{p}",
            complex=True,
            ref=lambda x, p: np.linalg.norm(x.ravel(), p),
            boundary=EDGES,
        )
        for p in (1, 2, 3, 0, inf, -inf)
    ],
    S("linalg.vector_norm", X(2, 3, 2), kw={"dim": (0, 2), "keepdim": True}, id="dims", complex=True),
    S(
        "nn.functional.normalize",
        X(2, 3),
        kw={"dim": 1},
        complex=True,
        ref=lambda x: x / np.linalg.norm(x, axis=1, keepdims=True),
    ),
    S(
        "nn.functional.cosine_similarity",
        X(2, 3),
        X(2, 3),
        kw={"dim": 1},
        boundary=[(FINITE, FINITE[::-1])],
        ref=lambda x, y: (x * y).sum(1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1),
    ),
    S(
        "nn.functional.pairwise_distance",
        X(2, 3),
        X(2, 3),
        ref=lambda x, y: np.linalg.norm(x - y + 1e-6, axis=1),
        oracle=COMPOSED,
    ),
    S("softmax", X(2, 3), 1, ref=sp.softmax, boundary=[(ROWS,), (FINITE,)]),
    S("log_softmax", X(2, 3), 0, ref=sp.log_softmax, boundary=[(ROWS,), (FINITE,)]),
    # --- running ---
    S("cumsum", X(2, 3), 1, complex=True, ref=np.cumsum, boundary=EDGES[:2]),
    S("cumprod", X(2, 3), 1, complex=True, ref=np.cumprod, boundary=[(FINITE,)]),
    S(
        "cumprod",
        X(2, 4, values=[[1.0, 0.0, 2.0, 3.0], [0.0, 2.0, 0.0, 3.0]]),
        1,
        id="zeros",
        complex=True,
        ref=np.cumprod,
    ),
    S("logcumsumexp", X(2, 3), 1, complex=True, ref=lambda x, d: np.log(np.cumsum(np.exp(x), d)), boundary=[(FINITE,)]),
    S("cummax", X(2, 5), 1, boundary=EDGES[:2]),
    S("cummin", X(2, 5), 1, boundary=EDGES[:2]),
    S("diff", X(2, 4), complex=True, ref=np.diff),
    S("diff", X(4, 2), 2, 0, id="second", complex=True, ref=np.diff),
    # --- sorting ---
    S("sort", X(2, 4), ref=lambda x: (np.sort(x), np.argsort(x)), boundary=EDGES[:1]),
    S("sort", X(4, 2), 0, True, id="descending", ref=lambda x, d, r: (-np.sort(-x, 0), np.argsort(-x, 0))),
    S("sort", X(2, 4), kw={"stable": True}, id="stable", boundary=EDGES),
    S("msort", X(4, 2), ref=lambda x: np.sort(x, 0)),
    S("argsort", X(2, 4), order=0, ref=np.argsort),
    S("argsort", X(2, 4), kw={"stable": True, "descending": True}, id="stable", order=0, boundary=EDGES),
    S("topk", X(2, 4), 2, ref=lambda x, k: (-np.sort(-x)[:, :k], np.argsort(-x)[:, :k]), oracle=TIES),
    S(
        "topk",
        X(4, 2),
        2,
        0,
        False,
        id="smallest",
        ref=lambda x, k, d, b: (np.sort(x, 0)[:k], np.argsort(x, 0)[:k]),
        oracle=TIES,
    ),
]

"""Samples of the products of vectors and matrices: matmul and its kin, einsum, tensordot."""

from __future__ import annotations

import numpy as np

from .declare import S, X

C = {"complex": True}
CLASSES = {"classes": "PyTorch has IndexError for some operands of the wrong dimension, mibun RuntimeError"}
BOOLS = {"refused": "mibun multiplies bools, too"}
COMPOSED = {**BOOLS, "name": "made of other operators than PyTorch's, or in another order"}
SAMPLES: list[S] = [
    S("matmul", X(2, 3), X(3, 2), ref=np.matmul, **C),
    S("matmul", X(3), X(3), id="vectors", ref=np.matmul, **C),
    S("matmul", X(2, 3), X(3), id="matrix vector", ref=np.matmul, **C),
    S("matmul", X(3), X(3, 2), id="vector matrix", ref=np.matmul, **C),
    S("matmul", X(2, 2, 3), X(2, 3, 2), id="batches", ref=np.matmul, **C),
    S("matmul", X(2, 1, 2, 3), X(2, 3, 1), id="broadcast", ref=np.matmul, **C),
    S("matmul", X(2, 2, 3), X(3, 2), id="batch matrix", ref=np.matmul, **C),
    S("matmul", X(2, 2, 3), X(3), id="batch vector", ref=np.matmul, **C),
    S("matmul", X(3), X(2, 3, 2), id="vector batch", ref=np.matmul, oracle=COMPOSED, **C),
    S("__matmul__", X(2, 3), X(3, 2), method=True, ref=np.matmul, **C),
    S("mm", X(2, 3), X(3, 2), ref=np.matmul, **C),
    S("bmm", X(2, 2, 3), X(2, 3, 2), ref=np.matmul, **C),
    S("mv", X(2, 3), X(3), ref=np.matmul, oracle=CLASSES, **C),
    S("dot", X(3), X(3), ref=np.dot, **C),
    S("vdot", X(3), X(3), ref=np.vdot, **C),
    S("inner", X(2, 3), X(4, 3), ref=np.inner, oracle=BOOLS, **C),
    S("inner", X(3), X(3), id="vectors", ref=np.inner, oracle=COMPOSED, **C),
    S("outer", X(2), X(3), ref=np.outer, **C),
    S("ger", X(2), X(3), ref=np.outer, **C),
    S("addmm", X(2, 2), X(2, 3), X(3, 2), kw={"beta": 0.5, "alpha": 2.0}, ref=lambda x, a, b: 0.5 * x + 2 * a @ b, **C),
    S("addmm", X(2), X(2, 3), X(3, 2), id="broadcast", ref=lambda x, a, b: x + a @ b, **C),
    S("addmv", X(2), X(2, 3), X(3), kw={"beta": 0.5, "alpha": 2.0}, ref=lambda x, a, b: 0.5 * x + 2 * a @ b, **C),
    S(
        "addr",
        X(2, 3),
        X(2),
        X(3),
        kw={"beta": 0.5, "alpha": 2.0},
        ref=lambda x, a, b: 0.5 * x + 2 * np.outer(a, b),
        **C,
    ),
    S(
        "addbmm",
        X(2, 2),
        X(2, 2, 3),
        X(2, 3, 2),
        kw={"beta": 0.5},
        ref=lambda x, a, b: 0.5 * x + (a @ b).sum(0),
        oracle=CLASSES,
        **C,
    ),
    S(
        "baddbmm",
        X(2, 2, 2),
        X(2, 2, 3),
        X(2, 3, 2),
        kw={"alpha": 0.5},
        ref=lambda x, a, b: x + 0.5 * a @ b,
        oracle=CLASSES,
        **C,
    ),
    S(
        "chain_matmul",
        X(2, 3),
        X(3, 2),
        X(2, 1),
        ref=lambda a, b, c: a @ b @ c,
        warns="torch.chain_matmul",
        oracle=COMPOSED,
        **C,
    ),
    S("kron", X(2, 2), X(2, 3), ref=np.kron, oracle=COMPOSED, **C),
    S("tensordot", X(2, 3, 2), X(3, 2, 2), 2, ref=lambda a, b, n: np.tensordot(a, b, n), oracle=BOOLS, **C),
    S("tensordot", X(2, 3, 2), X(3, 4), ([1], [0]), id="axes", ref=np.tensordot, oracle=BOOLS, **C),
    S("cov", X(2, 4), ref=np.cov, **C),
    S("corrcoef", X(2, 4), ref=np.corrcoef, **C),
    S(
        "einsum",
        "i,j->ij",
        X(2),
        X(3),
        id="outer",
        vary=False,
        ref=np.einsum,
        **C,
        oracle={**COMPOSED, "mixed": "PyTorch multiplies here, which promotes; mibun's einsum never does"},
    ),
    *[
        S(
            "einsum",
            equation,
            *[X(*shape) for shape in shapes],
            id=equation,
            vary=False,
            ref=np.einsum,
            oracle=COMPOSED,
            **C,
        )
        for equation, *shapes in (
            ("ij,jk->ik", (2, 3), (3, 2)),
            ("ii", (3, 3)),
            ("ii->i", (3, 3)),
            ("ij->ji", (2, 3)),
            ("ij->", (2, 3)),
            ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)),
            ("...ij,...jk->...ik", (2, 1, 3), (2, 3, 1)),
            ("i,i", (3,), (3,)),
            ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)),
            ("ij,ij->i", (2, 3), (2, 3)),
            ("aij,bij->ab", (2, 2, 3), (1, 2, 3)),
            ("ij,j", (2, 3), (3,)),
        )
    ],
    S("nn.functional.linear", X(2, 3), X(4, 3), X(4), ref=lambda x, w, b: x @ w.T + b, **C),
    S("nn.functional.linear", X(2, 2, 3), X(4, 3), id="no bias", ref=lambda x, w: x @ w.T, **C),
    S("nn.functional.linear", X(2, 3), X(4, 3), id="matrix", ref=lambda x, w: x @ w.T, **C),
    S(
        "nn.functional.bilinear",
        X(2, 3),
        X(2, 2),
        X(4, 3, 2),
        X(4),
        ref=lambda x, y, w, b: np.einsum("bi,oij,bj->bo", x, w, y) + b,
        oracle={**BOOLS, "mixed": "mibun promotes the bias"},
    ),
]

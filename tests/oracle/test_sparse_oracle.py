"""Sparse tensors against PyTorch: layouts, values, gradients, printed form, errors, files, optimizers."""

from __future__ import annotations

import copy
import io
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402

PLACES, V = [[0, 1, 1], [2, 0, 2]], [3.0, 4.0, 5.0]


def coo(m: Any, *, grad: bool = False, shape: tuple = (2, 3)) -> Any:
    return m.sparse_coo_tensor(m.tensor(PLACES), m.tensor(V), shape).requires_grad_(grad)


def twice(m: Any) -> Any:
    """One index occurs twice."""
    return m.sparse_coo_tensor(m.tensor([[1, 0, 1], [2, 0, 2]]), m.tensor(V), (2, 3))


def dense(m: Any, *shape: int) -> Any:
    return (m.arange(1.0, 1.0 + np.prod(shape)) * 0.7).reshape(shape or (2, 3))


LAYOUTS = ("sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc")


def every(m: Any, matrix: Any) -> list:
    """A matrix in every layout."""
    blocks = {"sparse_bsr": (2, 1), "sparse_bsc": (1, 3)}
    return [matrix.to_sparse(layout=getattr(m, name), blocksize=blocks.get(name)) for name in LAYOUTS]


def shown(value: Any) -> Any:
    """What is compared: everything but the order of indices that are not coalesced."""
    if type(value).__name__ in ("Tensor", "Parameter") or (hasattr(value, "to_dense") and hasattr(value, "layout")):
        value_ = value.detach()
        numbers = value_.to_dense().to_dense() if str(value_.layout) != "torch.strided" else value_
        array = np.array(numbers.tolist(), dtype=complex)
        return (str(value.layout), str(value.dtype), tuple(value.shape), value.requires_grad, array)
    if isinstance(value, (list, tuple)):
        return [shown(part) for part in value]
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items()}
    return str(value) if type(value).__module__.split(".")[0] in ("torch", "mibun") else value


# What mibun says in the words of the same error of dense tensors, or more shortly.
UNLIKE = ("addmm: Argument", "mat1 and mat2", "All tensors must", "Sizes of tensors", "indices must be", "'len(size)")


def outcome(m: Any, program: Callable) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return shown(program(m))
        except Exception as error:
            words = str(error).split("\n")[0]
            if isinstance(error, (NotImplementedError, AttributeError)):
                return "not implemented"
            return type(error).__name__, None if words.startswith(UNLIKE) else words[:30]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and np.allclose(one, other, rtol=1e-5, atol=1e-6, equal_nan=True)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-5, nan_ok=True)
    return one == other


def graded(m: Any, function: Callable, *inputs: Any) -> list:
    """The result of a function, and the gradients of its sum."""
    out = function(*inputs)
    (out.to_dense() if str(out.layout) != "torch.strided" else out).mul(2).sum().backward()
    return [out, *[value.grad for value in inputs]]


# Of one operand; PyTorch takes some of them, in COO and in CSR.
UNARY = """
abs asin asinh atan atanh ceil deg2rad erf erfinv expm1 floor frac isinf isnan isneginf isposinf log1p neg positive
rad2deg relu round sgn sign signbit sin sinh sqrt square tan tanh trunc conj conj_physical resolve_conj exp log cos acos
cosh sigmoid reciprocal rsqrt logical_not isfinite digamma lgamma exp2 erfc
""".split()

PROGRAMS: dict[str, Callable] = {
    **{f"unary {name}": lambda m, n=name: getattr(m, n)(coo(m) / 8) for name in UNARY},
    **{f"unary {name}, twice": lambda m, n=name: getattr(m, n)(twice(m) / 16) for name in UNARY[:40]},
    "indices of each": lambda m: [
        s.indices() if s.is_sparse else (s.crow_indices() if hasattr(s, "no") else s.values())
        for s in [x.coalesce() if x.is_sparse else x for x in every(m, dense(m))]
    ],
    "from layout to layout": lambda m: [s.to_sparse(layout=m.sparse_coo) for s in every(m, coo(m).to_dense())],
    "and to csr": lambda m: [s.to_sparse_csr() for s in every(m, coo(m).to_dense())[:3]],
    "flags": lambda m: [
        (s.is_sparse, s.is_sparse_csr, s.sparse_dim(), s.dense_dim(), s._nnz()) for s in every(m, dense(m))
    ],
    "hybrid": lambda m: [dense(m, 2, 3, 2).to_sparse(n) for n in (1, 2, 3)],
    "hybrid parts": lambda m: [dense(m, 2, 3, 2).to_sparse(2).values(), dense(m, 2, 3, 2).to_sparse(2).indices()],
    "hybrid csr": lambda m: dense(m, 2, 3, 2).to_sparse_csr(dense_dim=1).values(),
    "batch csr": lambda m: [f(dense(m, 4, 2, 3).to_sparse_csr()) for f in (lambda s: s, lambda s: s.crow_indices())],
    "0-d": lambda m: [m.tensor(5.0).to_sparse(), m.tensor(5.0).to_sparse().sparse_dim()],
    "coalesce": lambda m: [twice(m).coalesce().indices(), twice(m).coalesce().values(), twice(m).is_coalesced()],
    "uncoalesced": lambda m: twice(m).values(),
    "dtype kept": lambda m: [
        coo(m).double(),
        coo(m).to(m.int32),
        coo(m).bool(),
        coo(m).half(),
        coo(m).to_sparse_csr().double(),
    ],
    "inferred size": lambda m: m.sparse_coo_tensor(PLACES, V),
    "inferred csr": lambda m: m.sparse_csr_tensor([0, 1, 3], [2, 0, 2], V),
    "dtype given": lambda m: m.sparse_coo_tensor(PLACES, [1, 2, 3], (2, 3), dtype=m.float64, requires_grad=True),
    "wrong nnz": lambda m: m.sparse_coo_tensor([[0, 1]], V, (3,)),
    "wrong rank": lambda m: m.sparse_coo_tensor([0, 1], [1.0, 2.0], (3,)),
    "wrong size": lambda m: m.sparse_coo_tensor([[0, 1]], [1.0, 2.0], (3, 4)),
    "csr as csc": lambda m: m.sparse_csr_tensor([0, 1, 3], [2, 0, 2], V, (2, 3)).ccol_indices(),
    "dense has no indices": lambda m: dense(m).indices(),
    "dense has no values": lambda m: dense(m).values(),
    "block": lambda m: dense(m).to_sparse_bsr((2, 2)),
    "zeros": lambda m: [m.zeros(2, 3, layout=m.sparse_coo), m.empty(2, 3, layout=m.sparse_csr)],
    "like": lambda m: [m.zeros_like(coo(m)), m.zeros_like(coo(m).to_sparse_csr()), coo(m).new_zeros(3, 2)],
    "filled like": lambda m: [m.ones_like(coo(m).to_sparse_csr()), m.full_like(coo(m).to_sparse_csc(), 2)],
    "filled like coo": lambda m: m.ones_like(coo(m)),
    "clone": lambda m: [
        f(s) for s in (coo(m), coo(m).to_sparse_csr()) for f in (m.clone, m.detach, lambda s: s.data, m.tensor)
    ],
    "copies": lambda m: [f(coo(m)) for f in (copy.copy, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s)))],
    "parameter": lambda m: m.nn.Parameter(coo(m)),
    "contents": lambda m: [
        coo(m).numel(),
        coo(m).dim(),
        len(coo(m)),
        coo(m).stride(),
        coo(m).is_contiguous(),
        coo(m).element_size(),
    ],
    "numpy": lambda m: coo(m).numpy(),
    "storage": lambda m: coo(m).untyped_storage(),
    "data_ptr": lambda m: coo(m).data_ptr(),
    "assignment": lambda m: coo(m).__setitem__(0, 1.0),
    "as bool": lambda m: bool(coo(m)),
    # arithmetic
    "sums": lambda m: [
        coo(m) + coo(m),
        coo(m) - twice(m),
        dense(m) + coo(m),
        dense(m) - coo(m),
        m.add(dense(m), coo(m), alpha=3),
    ],
    "sums, coalesced": lambda m: [
        (coo(m).coalesce() + twice(m).coalesce()).is_coalesced(),
        m.add(coo(m), coo(m), alpha=-2),
    ],
    "sparse + dense": lambda m: coo(m) + dense(m),
    "sparse + 1": lambda m: coo(m) + 1,
    "sizes differ": lambda m: coo(m) + coo(m, shape=(2, 4)),
    "csr sums": lambda m: [coo(m).to_sparse_csr() + coo(m).to_sparse_csr(), dense(m) + coo(m).to_sparse_csr()],
    "products": lambda m: [
        coo(m) * twice(m),
        coo(m) * dense(m),
        dense(m) * coo(m),
        coo(m) * 2,
        3 * coo(m),
        coo(m) * m.tensor(2.0),
    ],
    "csr products": lambda m: [coo(m).to_sparse_csr() * dense(m), coo(m).to_sparse_csr() * 2],
    "product, broadcast": lambda m: coo(m) * dense(m, 3),
    "quotients": lambda m: [coo(m) / 2, coo(m) // 2, twice(m) / m.tensor(4.0)],
    "sparse / dense": lambda m: coo(m) / dense(m),
    "2 / sparse": lambda m: 2 / coo(m),
    "powers": lambda m: [coo(m) ** 2, coo(m) ** 0.5, twice(m) ** 2, twice(m).square()],
    "power 0": lambda m: coo(m) ** 0,
    "comparison": lambda m: coo(m) == coo(m),
    "in place": lambda m: [
        coo(m).mul_(2),
        coo(m).add_(twice(m)),
        coo(m).div_(2),
        coo(m).zero_(),
        coo(m).neg_(),
        coo(m).copy_(twice(m)),
    ],
    "in place, unary": lambda m: [
        getattr(coo(m).coalesce(), f"{n}_")() for n in ("abs", "sqrt", "sin", "relu", "floor")
    ],
    "dense in place": lambda m: [dense(m).add_(coo(m)), dense(m).sub_(twice(m), alpha=2), dense(m).mul_(coo(m))],
    "copy of sparse": lambda m: dense(m).copy_(coo(m)),
    # products of matrices
    "matmul": lambda m: [s @ dense(m, 3, 2) for s in every(m, coo(m).to_dense())[:3]],
    "matmul, dense first": lambda m: [dense(m, 4, 2) @ coo(m), dense(m, 4, 2) @ coo(m).to_sparse_csr()],
    "matmul, both": lambda m: [
        coo(m) @ coo(m).t(),
        (coo(m) @ twice(m).t()).is_coalesced(),
        coo(m).to_sparse_csr() @ m.eye(3).to_sparse_csr(),
    ],
    "mv": lambda m: [coo(m) @ dense(m, 3), coo(m).to_sparse_csr().mv(dense(m, 3)), m.mv(twice(m), dense(m, 3))],
    "addmm": lambda m: [
        m.addmm(dense(m, 2, 2), coo(m), dense(m, 3, 2)),
        m.sparse.addmm(dense(m, 2, 2), twice(m), dense(m, 3, 2), beta=2, alpha=3),
    ],
    "linear": lambda m: m.nn.functional.linear(coo(m), dense(m, 4, 3), dense(m, 4)),
    "bmm": lambda m: m.bmm(m.stack([coo(m), twice(m)]), dense(m, 2, 3, 2)),
    "sizes of mm": lambda m: m.sparse.mm(coo(m), dense(m, 2, 2)),
    "sparse.mm": lambda m: [m.sparse.mm(s, dense(m, 3, 2)) for s in (coo(m), twice(m), coo(m).to_sparse_csr())],
    "sparse.mm, reduced": lambda m: [
        m.sparse.mm(coo(m).to_sparse_csr(), dense(m, 3, 2), r) for r in ("sum", "mean", "amax", "amin")
    ],
    "sparse.mm, reduced coo": lambda m: m.sparse.mm(coo(m), dense(m, 3, 2), "sum"),
    "large": lambda m: (dense(m, 60, 60).cos() * (dense(m, 60, 60).sin() > 0.5)).to_sparse() @ dense(m, 60, 40).sin(),
    "smm": lambda m: [
        m.smm(coo(m), dense(m, 3, 2)),
        m.hspmm(coo(m), dense(m, 3, 2)),
        m.sspaddmm(m.eye(2).to_sparse(), coo(m), dense(m, 3, 2), beta=2, alpha=3),
    ],
    "older names": lambda m: [
        m.spmm(coo(m), dense(m, 3, 2)),
        m.dsmm(dense(m, 4, 2), coo(m)),
        m.hsmm(coo(m), dense(m, 3, 2)),
        m.saddmm(m.eye(2).to_sparse(), coo(m), dense(m, 3, 2), beta=2),
    ],
    "sampled": lambda m: m.sparse.sampled_addmm(
        coo(m).to_sparse_csr(), dense(m, 2, 4), dense(m, 4, 3), beta=2.0, alpha=0.5
    ),
    "sampled coo": lambda m: m.sparse.sampled_addmm(coo(m), dense(m, 2, 4), dense(m, 4, 3)),
    "spsolve": lambda m: m.sparse.spsolve(m.eye(2).to_sparse_csr(), dense(m, 2)),
    # shapes
    "transposes": lambda m: [
        coo(m).t(),
        coo(m).T,
        coo(m).mT,
        coo(m).transpose(0, 1),
        coo(m).permute(1, 0),
        coo(m).to_sparse_csr().t(),
    ],
    "transposed layouts": lambda m: [str(s.t().layout) for s in every(m, dense(m))],
    "unsqueeze": lambda m: [coo(m).unsqueeze(d) for d in (0, 1, 2, -1)],
    "index_select": lambda m: [coo(m).index_select(0, m.tensor([1, 0, 1])), twice(m).index_select(1, m.tensor([2, 2]))],
    "selected": lambda m: [
        coo(m)[0],
        coo(m)[1, 2],
        coo(m).select(1, 2),
        twice(m)[1],
        dense(m, 2, 3, 2).to_sparse(2)[1, 2],
    ],
    "narrow_copy": lambda m: [coo(m).narrow_copy(1, 1, 2), dense(m, 2, 3, 4).to_sparse(2).narrow_copy(2, 1, 2)],
    "narrow": lambda m: coo(m).narrow(1, 0, 2),
    "cat": lambda m: (
        [m.cat([coo(m), twice(m)], d) for d in (0, 1)] + [m.stack([coo(m), twice(m)], d) for d in (0, 1, 2)]
    ),
    "cat, hybrid": lambda m: m.cat([dense(m, 2, 3, 2).to_sparse(2)] * 2, 2),
    "cat, sizes": lambda m: m.cat([coo(m), coo(m, shape=(2, 4))]),
    "unbind": lambda m: [list(coo(m).unbind()), list(coo(m)), list(coo(m).unbind(1))],
    "reshape": lambda m: coo(m).reshape(3, 2),
    "expand": lambda m: coo(m).expand(2, 2, 3),
    "mask": lambda m: [
        dense(m).sparse_mask(coo(m)),
        twice(m).sparse_mask(coo(m).coalesce()),
        dense(m).sparse_mask(coo(m).to_sparse_csr()),
    ],
    "mask, twice": lambda m: dense(m).sparse_mask(twice(m)),
    "mask, sizes": lambda m: dense(m, 3, 2).sparse_mask(coo(m)),
    "resize": lambda m: [
        coo(m).sparse_resize_((3, 4), 2, 0),
        coo(m).sparse_resize_and_clear_((3,), 1, 0),
        coo(m).resize_as_sparse_(m.zeros(4, 4).to_sparse()),
    ],
    "resize, smaller": lambda m: coo(m).sparse_resize_((1, 3), 2, 0),
    "resize, rank": lambda m: coo(m).sparse_resize_((2, 3, 1), 3, 0),
    "spdiags": lambda m: [m.sparse.spdiags(dense(m, 2, 4), m.tensor([-1, 2]), s) for s in ((3, 4), (4, 3), (5, 5))],
    "spdiags, twice": lambda m: m.sparse.spdiags(dense(m, 2, 4), m.tensor([1, 1]), (3, 3)),
    # reductions
    "sum": lambda m: [
        coo(m).sum(),
        twice(m).sum(),
        coo(m).sum(0),
        coo(m).sum(1, keepdim=True),
        coo(m).to_sparse_csr().sum(),
        coo(m).to(m.int32).sum(),
    ],
    "sparse.sum": lambda m: [
        m.sparse.sum(coo(m)),
        m.sparse.sum(twice(m), 0),
        m.sparse.sum(coo(m), (0, 1)),
        m.sparse.sum(coo(m), -1, dtype=m.float64),
    ],
    "sparse.sum, hybrid": lambda m: [
        m.sparse.sum(dense(m, 2, 3, 2).to_sparse(2), d) for d in (0, 1, 2, (0, 2), (0, 1), (1, 2), (0, 1, 2))
    ],
    "sparse.sum, csr": lambda m: m.sparse.sum(coo(m).to_sparse_csr()),
    "norm": lambda m: [coo(m).norm(), twice(m).norm(1), coo(m).any()],
    "mean": lambda m: coo(m).mean(),
    "softmax": lambda m: [
        f(s, d) for f in (m.sparse.softmax, m.sparse.log_softmax) for s in (coo(m), twice(m)) for d in (0, 1)
    ],
    "softmax, hybrid": lambda m: [m.sparse.softmax(dense(m, 2, 3, 2).to_sparse(2), d) for d in (0, 1, 2)],
    "softmax, dtype": lambda m: m.sparse.softmax(coo(m), 1, dtype=m.float64),
    # gradients
    "grad to_dense": lambda m: [
        graded(m, lambda s, k=k: s.to_dense(masked_grad=k) * dense(m), coo(m, grad=True)) for k in (None, True)
    ],
    "grad to_dense, all": lambda m: graded(m, lambda s: s.to_dense(masked_grad=False) * dense(m), coo(m, grad=True)),
    "grad values": lambda m: [
        graded(m, lambda v: m.sparse_coo_tensor(PLACES, v, (2, 3)), m.tensor(V).requires_grad_()),
        graded(m, lambda v: m.sparse_csr_tensor([0, 1, 3], [2, 0, 2], v, (2, 3)), m.tensor(V).requires_grad_()),
    ],
    "grad of values": lambda m: graded(m, lambda s: s.coalesce().values() * m.tensor(V), coo(m, grad=True)),
    "grad uncoalesced": lambda m: graded(m, lambda s: s.coalesce(), twice(m).requires_grad_()),
    "grad to_sparse": lambda m: [
        graded(m, lambda d, n=n: d.to_sparse(layout=getattr(m, n)).to_dense() * dense(m), dense(m).requires_grad_())
        for n in LAYOUTS[:3]
    ],
    "grad sparse.mm": lambda m: [
        graded(m, m.sparse.mm, coo(m, grad=True), dense(m, 3, 2).requires_grad_()),
        graded(m, m.sparse.mm, coo(m).to_sparse_csr().requires_grad_(), dense(m, 3, 2).requires_grad_()),
    ],
    "grad @": lambda m: graded(m, lambda s, d: s @ d, coo(m, grad=True), dense(m, 3, 2).requires_grad_()),
    "grad mv": lambda m: graded(m, lambda s, d: s.mv(d), coo(m, grad=True), dense(m, 3).requires_grad_()),
    "grad addmm": lambda m: graded(
        m,
        lambda b, s, d: m.sparse.addmm(b, s, d, beta=2, alpha=3),
        dense(m, 2, 2).requires_grad_(),
        coo(m, grad=True),
        dense(m, 3, 2).requires_grad_(),
    ),
    "grad spmm": lambda m: graded(m, lambda s: m.sparse.mm(s, s.detach().t()), coo(m).coalesce().requires_grad_()),
    "grad reduced": lambda m: [
        graded(
            m,
            lambda s, d, r=r: m.sparse.mm(s, d, r),
            coo(m).to_sparse_csr().requires_grad_(),
            dense(m, 3, 2).requires_grad_(),
        )
        for r in ("sum", "mean", "amax", "amin")
    ],
    "grad sampled": lambda m: graded(
        m,
        lambda s, a, b: m.sparse.sampled_addmm(s, a, b, beta=2.0, alpha=0.5),
        coo(m).to_sparse_csr().requires_grad_(),
        dense(m, 2, 4).requires_grad_(),
        dense(m, 4, 3).requires_grad_(),
    ),
    "grad mul": lambda m: graded(m, lambda s, d: s * d, coo(m, grad=True), dense(m).requires_grad_()),
    "grad arithmetic": lambda m: [
        graded(m, f, coo(m, grad=True))
        for f in (
            lambda s: s * s,
            lambda s: s * 2,
            lambda s: s / 2,
            lambda s: s + s,
            lambda s: s - 2 * s,
            lambda s: -s,
            lambda s: s.abs(),
            lambda s: s.relu(),
            lambda s: s**2,
            lambda s: s.log1p(),
            lambda s: s.t(),
            lambda s: s.clone(),
            lambda s: s.double(),
            lambda s: m.stack([s, s]),
        )
    ],
    "grad dense + sparse": lambda m: graded(m, lambda d, s: d + s, dense(m).requires_grad_(), coo(m, grad=True)),
    "grad sum": lambda m: [
        graded(m, lambda s, f=f: f(s), coo(m, grad=True))
        for f in (lambda s: s.sum(), m.sparse.sum, lambda s: m.sparse.sum(s, 0), lambda s: m.sparse.sum(s, 1))
    ],
    "grad mask": lambda m: [
        graded(m, lambda s: s.sparse_mask(m.eye(2, 3).to_sparse()), x)
        for x in (dense(m).requires_grad_(), coo(m).coalesce().requires_grad_())
    ],
    "grad softmax": lambda m: [
        graded(m, lambda s, f=f: f(s, 1).to_dense() * dense(m), coo(m, grad=True))
        for f in (m.sparse.softmax, m.sparse.log_softmax)
    ],
    "grad hspmm": lambda m: graded(m, m.hspmm, coo(m, grad=True), dense(m, 3, 2)),
    "grad sin": lambda m: graded(m, m.sin, coo(m, grad=True)),
    "grad of grad": lambda m: m.autograd.grad(
        m.autograd.grad((m.sparse.mm(coo(m), d := dense(m, 3, 2).requires_grad_()) ** 3).sum(), d, create_graph=True)[
            0
        ].sum(),
        d,
    ),
    "no grad for integers": lambda m: coo(m).long().requires_grad_(),
    "node names": lambda m: [
        type(f(coo(m, grad=True)).grad_fn).__name__
        for f in (
            lambda s: s.to_dense(),
            lambda s: s.coalesce(),
            lambda s: s.coalesce().values(),
            lambda s: m.sparse.sum(s, 0),
            lambda s: m.sparse.mm(s, dense(m, 3, 2)),
            lambda s: s @ dense(m, 3, 2),
            lambda s: s.sparse_mask(coo(m)),
        )
    ],
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_sparse(name: str) -> None:
    theirs, ours = outcome(torch, PROGRAMS[name]), outcome(mibun, PROGRAMS[name])
    assert same(theirs, ours), f"torch: {theirs}\nmibun: {ours}"


def table(m: Any, n: int = 5, **options: Any) -> Any:
    return m.nn.Embedding.from_pretrained(dense(m, n, 2).sin(), freeze=False, sparse=True, **options)


def trained(m: Any, make: Callable, steps: int = 3, **options: Any) -> Any:
    """A table after some steps with sparse gradients."""
    embedding = table(m, **options)
    optimizer = make(m, embedding.parameters())
    for step in range(steps):
        optimizer.zero_grad()
        (embedding(m.tensor([step, 3, step])) ** 2).sum().backward()
        optimizer.step()
    return embedding.weight, {k: v for k, v in optimizer.state[embedding.weight].items() if k != "step"}


def accumulated(m: Any) -> list:
    """What is in `.grad`: uncoalesced at first, the same tensor as long as it is sparse, dense from then on."""
    embedding = table(m)
    embedding(m.tensor([1, 3, 1])).sum().backward()
    held = embedding.weight.grad
    found = [held._indices(), held._values(), held.is_coalesced()]
    embedding(m.tensor([3])).sum().backward()
    found += [embedding.weight.grad._indices(), embedding.weight.grad._values(), embedding.weight.grad is held]
    (embedding(m.tensor([3])).sum() + embedding.weight.sum()).backward()
    found.append(embedding.weight.grad.clone())
    embedding(m.tensor([4])).sum().backward()
    return [*found, embedding.weight.grad]


def bag(m: Any, mode: str) -> Any:
    layer = m.nn.EmbeddingBag.from_pretrained(dense(m, 5, 2), freeze=False, sparse=True, mode=mode)
    layer(m.tensor([1, 3, 1]), m.tensor([0, 2])).sum().backward()
    return layer.weight.grad


def hooked(m: Any) -> Any:
    """Hooks, retained gradients and non-leaves get sparse gradients as well."""
    seen: list = []
    leaf = dense(m, 4, 2).requires_grad_()
    middle = leaf * 2
    middle.retain_grad()
    leaf.register_hook(lambda g: seen.append(str(g.layout)))
    m.nn.functional.embedding(m.tensor([1, 1]), middle, sparse=True).sum().backward()
    return [seen, str(middle.grad.layout), middle.grad, leaf.grad]


def cleared(m: Any) -> Any:
    embedding = table(m)
    embedding(m.tensor([1, 3])).sum().backward()
    m.optim.SGD(embedding.parameters(), lr=0.1).zero_grad(set_to_none=False)
    return embedding.weight.grad


def gathered(m: Any) -> Any:
    leaf = dense(m, 3, 3).requires_grad_()
    m.gather(leaf, 1, m.tensor([[0, 0], [1, 2]]), sparse_grad=True).mul(2).sum().backward()
    return leaf.grad


OTHERS = "Adam AdamW Adamax NAdam RAdam RMSprop Rprop ASGD Adadelta Adafactor".split()
TRAINING: dict[str, Callable] = {
    "accumulated": accumulated,
    "padding": lambda m: trained(m, lambda m, p: m.optim.SGD(p, lr=0.1), padding_idx=3),
    "bag, sum": lambda m: bag(m, "sum"),
    "bag, mean": lambda m: bag(m, "mean"),
    "bag, max": lambda m: bag(m, "max"),
    "by frequency": lambda m: table(m, scale_grad_by_freq=True)(m.tensor([1, 1])).sum().backward(),
    "hooked": hooked,
    "cleared": cleared,
    "gathered": gathered,
    "SGD": lambda m: trained(m, lambda m, p: m.optim.SGD(p, lr=0.1)),
    "SGD, momentum": lambda m: trained(m, lambda m, p: m.optim.SGD(p, lr=0.1, momentum=0.9)),
    "SGD, dampening": lambda m: trained(m, lambda m, p: m.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.5)),
    "SGD, nesterov": lambda m: trained(m, lambda m, p: m.optim.SGD(p, 0.1, momentum=0.9, nesterov=True, maximize=True)),
    "SGD, decay": lambda m: trained(m, lambda m, p: m.optim.SGD(p, lr=0.1, weight_decay=0.1)),
    "Adagrad": lambda m: trained(m, lambda m, p: m.optim.Adagrad(p, 0.1, lr_decay=0.1, initial_accumulator_value=0.2)),
    "Adagrad, decay": lambda m: trained(m, lambda m, p: m.optim.Adagrad(p, lr=0.1, weight_decay=0.1)),
    "SparseAdam": lambda m: trained(m, lambda m, p: m.optim.SparseAdam(list(p), lr=0.1)),
    "SparseAdam, options": lambda m: trained(
        m, lambda m, p: m.optim.SparseAdam(list(p), lr=0.1, betas=(0.5, 0.6), maximize=True)
    ),
    "SparseAdam, dense": lambda m: [p := dense(m).requires_grad_(), p.sum().backward(), m.optim.SparseAdam([p]).step()],
    "SparseAdam, lr": lambda m: m.optim.SparseAdam([dense(m).requires_grad_()], lr=0.0),
    "SparseAdam, betas": lambda m: m.optim.SparseAdam([dense(m).requires_grad_()], betas=(1.0, 0.9)),
    "SparseAdam, sparse parameters": lambda m: m.optim.SparseAdam([coo(m, grad=True)]),
    **{name: lambda m, n=name: trained(m, lambda m, p: getattr(m.optim, n)(p)) for name in OTHERS},
    "Muon": lambda m: trained(m, lambda m, p: m.optim.Muon(p)),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAINING)
def test_training_with_sparse_gradients(name: str) -> None:
    theirs, ours = outcome(torch, TRAINING[name]), outcome(mibun, TRAINING[name])
    assert same(theirs, ours), f"torch: {theirs}\nmibun: {ours}"


def network(m: Any) -> Any:
    """A Module with sparse buffers, as graph networks have their adjacency."""

    class Network(m.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("adjacency", coo(m).coalesce())
            self.register_buffer("other", coo(m).to_sparse_csr())

        def forward(self, x: Any) -> Any:
            return m.sparse.mm(self.adjacency, x) + m.sparse.mm(self.other, x)

    module = Network().double()
    found = [module.adjacency, module.other, module(dense(m, 3, 2).double()), list(module.state_dict())]
    again = Network()
    return [*found, str(again.load_state_dict(module.state_dict())), again.adjacency, copy.deepcopy(again.adjacency)]


def anomaly(m: Any) -> Any:
    with m.autograd.detect_anomaly():
        return graded(m, lambda s: m.sparse.sum(s, 0), coo(m, grad=True))


def packed(m: Any) -> Any:
    with m.autograd.graph.saved_tensors_hooks(lambda x: x, lambda x: x):
        leaf = coo(m, grad=True)
        out = m.sparse.mm(leaf, dense(m, 3, 2))
    out.sum().backward()
    return leaf.grad


def kept(m: Any) -> Any:
    """The state of an optimizer with a sparse momentum, loaded again."""
    embedding = table(m)
    optimizer = m.optim.SGD(embedding.parameters(), lr=0.1, momentum=0.9)
    embedding(m.tensor([1])).sum().backward()
    optimizer.step()
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    embedding(m.tensor([2])).sum().backward()
    optimizer.step()
    return embedding.weight, optimizer.state_dict()["state"][0]["momentum_buffer"]


def compared(m: Any) -> list:
    close = m.testing.assert_close
    other = m.sparse_coo_tensor([[0, 1], [0, 1]], [1.0, 1.0], (2, 3))
    pairs = [(coo(m), coo(m)), (coo(m), coo(m) * 2), (coo(m), other), (coo(m), coo(m).to_sparse_csr())]
    pairs += [(s, s * 2) for s in every(m, coo(m).to_dense())[1:3]] + [(coo(m), dense(m)), (coo(m), coo(m).double())]
    return [str(outcome(m, lambda m, a=a, b=b: close(a, b))) for a, b in pairs]


def shared(m: Any) -> list:
    """What in-place operations on a detached tensor do to the other one."""
    found = []
    for change in (
        lambda s: s.mul_(2),
        lambda s: s.zero_(),
        lambda s: s.add_(s.clone()),
        lambda s: s.neg_(),
        lambda s: s.div_(2),
        lambda s: s.abs_(),
        lambda s: s.copy_(s.clone() * 3),
        lambda s: s._values().mul_(2),
    ):
        for way in (lambda s: s.detach(), lambda s: s.data):
            tensor = coo(m).coalesce()
            change(way(tensor))
            found.append(tensor)
    return found


AROUND: dict[str, Callable] = {
    "shared": shared,
    "network": network,
    "anomaly": anomaly,
    "packed": packed,
    "kept": kept,
    "compared": compared,
    "vmap": lambda m: m.func.vmap(lambda x: m.sparse.mm(coo(m), x))(dense(m, 4, 3, 2)),
    "vmap of vectors": lambda m: m.func.vmap(lambda x: coo(m) @ x)(dense(m, 4, 3)),
    "vmap, dense first": lambda m: m.func.vmap(lambda x: x @ coo(m))(dense(m, 4, 5, 2)),
    "jacrev": lambda m: m.func.jacrev(lambda x: (coo(m) @ x) ** 2)(dense(m, 3)),
    "hessian": lambda m: m.autograd.functional.hessian(lambda x: ((coo(m) @ x) ** 3).sum(), dense(m, 3)),
    "func.grad": lambda m: m.func.grad(lambda x: m.sparse.mm(coo(m), x).square().sum())(dense(m, 3, 2)),
    "sparse gradients given": lambda m: m.autograd.grad((s := coo(m, grad=True)) * 2, s, coo(m)),
    "out": lambda m: [m.add(dense(m), coo(m), out=m.empty(2, 3)), m.mm(coo(m), dense(m, 3, 2), out=m.empty(2, 2))],
    "promotion": lambda m: [coo(m).int() * 1.5, coo(m).int() + coo(m).double(), dense(m).int() + coo(m)],
    "complex": lambda m: [(coo(m) * 1j) @ (dense(m, 3, 2) + 0j), (coo(m) * 1j).H, (coo(m) * 1j).conj()],
    "numbers": lambda m: [m.tensor([[3.0]]).to_sparse().item(), bool(m.tensor([0.0]).to_sparse()), coo(m).type()],
    "old forms": lambda m: [
        m.sparse.FloatTensor(m.tensor(PLACES), m.tensor(V), m.Size([2, 3])),
        m.sparse.LongTensor(2, 3),
        m.sparse.DoubleTensor(),
        coo(m).new(m.tensor(PLACES), m.tensor(V)),
        [
            isinstance(x, k)
            for x in (coo(m), dense(m))
            for k in (m.sparse.FloatTensor, m.sparse.IntTensor, m.FloatTensor)
        ],
        coo(m).type("torch.sparse.DoubleTensor"),
        str(m.sparse.HalfTensor).replace("mibun", "torch"),
    ],
    "old forms, lists": lambda m: m.sparse.FloatTensor(PLACES, V),
    "create_graph": lambda m: m.autograd.grad(
        m.nn.functional.embedding(m.tensor([1, 1]), w := dense(m, 3, 2).requires_grad_(), sparse=True).pow(2).sum(),
        w,
        create_graph=True,
    ),
}


@pytest.mark.parametrize("name", AROUND)
def test_around(name: str) -> None:
    theirs, ours = outcome(torch, AROUND[name]), outcome(mibun, AROUND[name])
    assert same(theirs, ours), f"torch: {theirs}\nmibun: {ours}"


def invariant(m: Any, program: Callable) -> Any:
    with m.sparse.check_sparse_tensor_invariants():
        return outcome(m, program)


INVARIANTS: dict[str, Callable] = {
    "inside": lambda m: [m.sparse_coo_tensor(PLACES, V, (2, 3)), m.sparse_csr_tensor([0, 1, 3], [2, 0, 2], V, (2, 3))],
    "outside": lambda m: m.sparse_coo_tensor([[0, 5]], [1.0, 2.0], (3,)),
    "negative": lambda m: m.sparse_coo_tensor([[0, -1]], [1.0, 2.0], (3,)),
    "not coalesced": lambda m: m.sparse_coo_tensor([[2, 0]], [1.0, 2.0], (3,), is_coalesced=True),
    "csr nnz": lambda m: m.sparse_csr_tensor([0, 1, 2], [0, 1, 2], [1.0, 2.0], (2, 3)),
    "csr last": lambda m: m.sparse_csr_tensor([0, 1, 3], [0, 1], [1.0, 2.0], (2, 3)),
    "csr column": lambda m: m.sparse_csr_tensor([0, 1, 2], [0, 5], [1.0, 2.0], (2, 3)),
    "csr first": lambda m: m.sparse_csr_tensor([1, 1, 2], [0, 1], [1.0, 2.0], (2, 2)),
    "csr order": lambda m: m.sparse_csr_tensor([0, 2, 2], [1, 0], [1.0, 2.0], (2, 2)),
    "csr rows": lambda m: m.sparse_csr_tensor([0, 1, 2, 2], [0, 1], [1.0, 2.0], (2, 2)),
    "csr rank": lambda m: m.sparse_csr_tensor([0, 1, 2], [0, 1], [1.0, 2.0], (2, 2, 2)),
    "csr batch": lambda m: m.sparse_csr_tensor([[0, 1, 2]], [0, 1], [1.0, 2.0], (2, 2)),
    "csc row": lambda m: m.sparse_csc_tensor([0, 1, 2], [0, 5], [1.0, 2.0], (2, 3)),
    "csc column": lambda m: m.sparse_csc_tensor([0, 1, 2, 2], [0, 5], [1.0, 2.0], (2, 3)),
    "given": lambda m: m.sparse_coo_tensor([[0, 5]], [1.0, 2.0], (3,), check_invariants=False).shape,
}


@pytest.mark.parametrize("name", INVARIANTS)
def test_invariants(name: str) -> None:
    theirs, ours = invariant(torch, INVARIANTS[name]), invariant(mibun, INVARIANTS[name])
    assert same(theirs, ours), f"torch: {theirs}\nmibun: {ours}"
    assert not mibun.sparse.check_sparse_tensor_invariants.is_enabled()


PRINTED: dict[str, Callable] = {
    "coo": coo,
    "uncoalesced": twice,
    "leaf": lambda m: coo(m).double().requires_grad_(),
    "node": lambda m: coo(m, grad=True) * 2,
    "csr": lambda m: coo(m).to_sparse_csr().requires_grad_(),
    "csc": lambda m: coo(m).to_sparse_csc(),
    "bsr": lambda m: m.eye(4).to_sparse_bsr((2, 2)),
    "bsc": lambda m: m.eye(4).to_sparse_bsc((2, 1)),
    "batch": lambda m: m.stack([m.eye(2)] * 2).to_sparse_csr(),
    "hybrid": lambda m: m.sparse_coo_tensor([[0, 1]], m.ones(2, 3, dtype=m.int32)),
    "empty": lambda m: [m.sparse_coo_tensor((2, 3)), m.zeros(2, 3).to_sparse_csr()],
    "parameter": lambda m: m.nn.Parameter(coo(m)),
    "long": lambda m: [m.eye(2000).to_sparse(), m.eye(2000).to_sparse_csr(), m.arange(3000.0).to_sparse()],
    "0-d": lambda m: m.tensor(5.0).to_sparse(),
    "dtypes": lambda m: [coo(m).to(getattr(m, d)) for d in ("half", "bfloat16", "bool", "int64", "complex64", "uint8")],
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_form(name: str) -> None:
    assert str(PRINTED[name](torch)) == str(PRINTED[name](mibun))


@pytest.mark.parametrize("layout", range(5))
def test_files_cross(layout: int, tmp_path: Any) -> None:
    path = tmp_path / "x.pt"
    for here, there in ((torch, mibun), (mibun, torch)):
        saved = every(here, coo(here).to_dense())[layout]
        here.save({"x": saved, "p": here.nn.Parameter(coo(here).coalesce())}, path)
        found = there.load(path, weights_only=True)
        assert same(shown(saved), shown(found["x"])) and found["p"].requires_grad and found["p"].is_sparse
        assert type(found["p"]).__name__ == "Parameter"


def test_a_file_with_wrong_indices_is_refused() -> None:
    buffer = io.BytesIO()
    torch.save(torch.sparse_coo_tensor([[0, 7]], [1.0, 2.0], (3,)), buffer)
    buffer.seek(0)
    with pytest.raises(RuntimeError, match="size is 3 but found index 7"):
        mibun.load(buffer)


@pytest.mark.parametrize("masked", [True, False])
def test_gradcheck(masked: bool) -> None:
    for m in (torch, mibun):
        leaf = coo(m).double().coalesce().requires_grad_()
        csr = coo(m).double().to_sparse_csr().requires_grad_()
        other = dense(m, 3, 2).double().requires_grad_()
        check = m.sparse.as_sparse_gradcheck(m.autograd.gradcheck)
        assert check(lambda s: s.to_dense(masked_grad=masked), (leaf,), masked=masked)
        assert check(m.sparse.mm, (leaf, other), masked=masked)
        assert check(m.sparse.mm, (csr, other), masked=masked)
        assert check(lambda s: s * 3, (leaf,), masked=masked)
    assert mibun.autograd.gradcheck(lambda s, d: mibun.sparse.mm(s, d), (leaf, other), masked=masked)
    assert mibun.autograd.gradgradcheck(lambda s, d: mibun.sparse.mm(s, d) ** 2, (leaf, other), masked=masked)
    wrong = lambda s: mibun.sparse.mm(s.detach(), other.detach()) + mibun.sparse.sum(s) * 0  # noqa: E731
    with pytest.raises(Exception, match="Jacobian mismatch"):
        mibun.autograd.gradcheck(wrong, (leaf,), masked=True)

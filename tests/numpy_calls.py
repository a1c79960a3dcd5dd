"""Calls of NumPy's functions, on arrays: what the tests run on Tensors too.

A line is a name, a function of arrays over `np`, and the shapes of the arrays (`P`: positive numbers; `S`: a symmetric
positive definite matrix). Most have several lines, for NumPy's arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class P(tuple):
    """A shape whose elements are between 0.5 and 2."""


class S(tuple):
    """The shape of symmetric positive definite matrices."""


class C(tuple):
    """A shape whose elements are complex."""


M = np.array([[True, False, True], [False, True, True]])
A = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
CALLS: list[tuple[str, Callable[..., Any], tuple]] = []


def line(name: str, call: Callable[..., Any], *shapes: tuple) -> None:
    if all(getattr(part, name, None) for part in [np] if "." not in name):
        CALLS.append((name, call, shapes))


X, V = (2, 3), (4,)

# --- ufuncs ---

for _name in (
    "absolute cbrt ceil cos cosh deg2rad degrees exp exp2 expm1 fabs floor negative positive rad2deg radians "
    "rint sign sin sinh square tan tanh trunc arctan arcsinh conjugate reciprocal"
).split():
    line(_name, getattr(np, _name), X)
for _name in "log log10 log1p log2 sqrt".split():
    line(_name, getattr(np, _name), P(X))
line("arcsin", lambda x: np.arcsin(x / 2.1), P(X))
line("arccos", lambda x: np.arccos(x / 2.1), P(X))
line("arctanh", lambda x: np.arctanh(x / 2.5), P(X))
line("arccosh", lambda x: np.arccosh(x + 1), P(X))
for _name in (
    "add subtract multiply divide maximum minimum fmax fmin hypot arctan2 logaddexp logaddexp2 copysign"
).split():
    _f = getattr(np, _name)
    line(_name, _f, X, X)
    line(_name, lambda x, f=_f: f(x, 0.3), X)
    line(_name, lambda x, f=_f: f(0.3, x), X)
    line(_name, lambda x, f=_f: f(A, x), (3,))
    line(_name, lambda x, f=_f: f(x, A), (2, 1))
    line(_name, lambda x, f=_f: f(x, np.float64(0.3)), X)
    line(_name, lambda x, f=_f: f(x, [0.1, 0.2, 0.3]), X)
    line(_name, lambda x, y, f=_f: f.outer(x, y), (2,), (3,))
    if _name != "arctan2":  # (NumPy's vectorised loop reads the first operand too early)
        line(_name, lambda x, f=_f: f.reduce(x, axis=1), X)
        line(_name, lambda x, f=_f: f.reduceat(x, [0, 2, 1], axis=0), V)
    line(_name, lambda x, f=_f: f.accumulate(x, axis=1), X)
for _name in "power float_power".split():
    _f = getattr(np, _name)
    line(_name, getattr(np, _name), P(X), X)
    line(_name, lambda x, f=_f: f(x, 2), X)
    line(_name, lambda x, f=_f: f(2.0, x), X)
for _name in "remainder fmod".split():
    _f = getattr(np, _name)
    line(_name, getattr(np, _name), X, P(X))
    line(_name, lambda x, f=_f: f(x, -2), X)
for _name in (
    "equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor nextafter heaviside"
    " floor_divide"
).split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(x, 1.0), X)
for _name in "isfinite isinf isnan signbit spacing logical_not".split():
    line(_name, getattr(np, _name), X)
line("modf", np.modf, X)
line("frexp", np.frexp, X)
line("divmod", lambda x: np.divmod(x, 0.7), X)
line("ldexp", lambda x: np.ldexp(x, 3), X)
line("exp", lambda x: np.exp(x, where=M, out=None) * M, X)
line("exp", lambda x: np.exp(x, dtype=np.float64), X)
line("multiply", lambda x: np.multiply(x, 2, where=M, out=None) * M, X)
line("add", lambda x: np.add.reduce(x, axis=None), X)
line("add", lambda x: np.add.reduce(x, axis=(0, 1), keepdims=True), X)
line("add", lambda x: np.add.reduce(x, axis=0, initial=2.0, where=M), X)
line("multiply", lambda x: np.multiply.reduce(x, axis=None, initial=3.0), X)
line("maximum", lambda x: np.maximum.reduce(x, axis=1, initial=0.5, where=M), X)
line("matmul", np.matmul, X, (3, 2))
line("matmul", np.matmul, (2, 2, 3), (3,))
line("matmul", lambda x: np.matmul(A, x), (3, 2))
line("matmul", lambda x, y: np.matmul(x, y, axes=[(0, 1), (0, 1), (0, 1)]), X, (3, 2))
line("vecdot", np.vecdot if hasattr(np, "vecdot") else None, X, (3,))
line("vecdot", lambda x, y: np.vecdot(x, y, axis=0), X, X)
line("matvec", lambda x, y: np.matvec(x, y), X, (3,))
line("vecmat", lambda x, y: np.vecmat(x, y), (2,), X)

# --- reductions ---

_REDUCTIONS = "sum prod mean std var max min amax amin ptp median nansum nanprod nanmean nanstd nanvar nanmax nanmin"
for _name in _REDUCTIONS.split():
    _f = getattr(np, _name)
    line(_name, _f, X)
    line(_name, lambda x, f=_f: f(x, axis=0), X)
    line(_name, lambda x, f=_f: f(x, 1, keepdims=True), X)
    line(_name, lambda x, f=_f: f(x, axis=(0, 2)), (2, 3, 2))
    line(_name, lambda x, f=_f: f(x, axis=-1), V)
line("nanmedian", np.nanmedian, X)
for _name in "sum prod mean std var nansum nanmean nanvar".split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(x, axis=1, where=M), X)
for _name in "sum prod max min".split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(x, axis=0, initial=0.1), X)
    line(_name, lambda x, f=_f: f(x, axis=0, initial=0.1, where=M), X)
for _name in "sum prod mean std var".split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(x, dtype=np.float64), X)
for _name in "std var nanstd nanvar".split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(x, ddof=1), X)
    line(_name, lambda x, f=_f: f(x, axis=1, ddof=1, keepdims=True), X)
for _name in "nansum nanprod nanmean nanstd nanvar nanmax nanmin nanmedian nancumsum nancumprod".split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(np.where(M, x, np.nan), axis=0), X)
for _name in "cumsum cumprod nancumsum nancumprod".split():
    _f = getattr(np, _name)
    line(_name, getattr(np, _name), X)
    line(_name, lambda x, f=_f: f(x, axis=-1), X)
for _name in "cumulative_sum cumulative_prod".split():
    line(_name, lambda x, n=_name: getattr(np, n)(x, axis=1), X)
    line(_name, lambda x, n=_name: getattr(np, n)(x, include_initial=True), V)
for _name, _q in (("quantile", 0.3), ("percentile", 30), ("nanquantile", 0.3), ("nanpercentile", 30)):
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f, q=_q: f(x, q), X)
    line(_name, lambda x, f=_f, q=_q: f(x, [q, 2 * q, 0], axis=1), X)
    line(_name, lambda x, f=_f, q=_q: f(x, q, axis=0, keepdims=True, method="nearest"), X)
    line(_name, lambda x, f=_f, q=_q: f(x, q, axis=(0, 2), method="hazen"), (2, 3, 2))
    line(_name, lambda x, f=_f, q=_q: f(np.where(M, x, 3.0), q), X)
line("quantile", lambda q: np.quantile(A, q / 3), P((3,)))
line("average", np.average, X)
line("average", lambda x: np.average(x, axis=1, weights=[1, 2, 3]), X)
line("average", lambda x, w: np.average(x, weights=w, returned=True), X, P(X))
line("average", lambda x: np.average(x, axis=(0, 1), weights=np.abs(A)), (2, 3, 2))
for _name in "all any argmax argmin argsort count_nonzero nanargmax nanargmin flatnonzero".split():
    line(_name, getattr(np, _name), X)
for _name in "argmax argmin argsort all any count_nonzero".split():
    _f = getattr(np, _name)
    line(_name, lambda x, f=_f: f(x, axis=0), X)
line("all", lambda x: np.all(x > 0, axis=1, where=M, keepdims=True), X)
line("cov", np.cov, X)
line("cov", lambda x: np.cov(x, rowvar=False, bias=True), X)
line("cov", lambda x, y: np.cov(x, y, ddof=0), V, V)
line("cov", lambda x: np.cov(x, fweights=[1, 2, 1], aweights=[0.5, 1, 2]), X)
line("corrcoef", np.corrcoef, X)
line("corrcoef", lambda x, y: np.corrcoef(x, y), V, V)

# --- shapes ---

line("reshape", lambda x: np.reshape(x, (3, 2)), X)
line("reshape", lambda x: np.reshape(x, (3, -1), order="F"), X)
line("reshape", lambda x: np.reshape(x, -1, "C"), X)
line("ravel", np.ravel, X)
line("ravel", lambda x: np.ravel(x, order="F"), X)
line("ravel", lambda x: np.ravel(x.T, order="K"), X)
line("transpose", np.transpose, (2, 3, 4))
line("transpose", lambda x: np.transpose(x, (1, 0, -1)), (2, 3, 4))
line("permute_dims", lambda x: np.permute_dims(x, (1, 0)), X)
line("matrix_transpose", lambda x: np.matrix_transpose(x), (2, 3, 4))
line("swapaxes", lambda x: np.swapaxes(x, 0, -1), (2, 3, 4))
line("moveaxis", lambda x: np.moveaxis(x, 0, -1), (2, 3, 4))
line("moveaxis", lambda x: np.moveaxis(x, [0, 1], [-1, -2]), (2, 3, 4))
line("rollaxis", lambda x: np.rollaxis(x, 2), (2, 3, 4))
line("rollaxis", lambda x: np.rollaxis(x, 0, 3), (2, 3, 4))
line("squeeze", np.squeeze, (1, 3, 1))
line("squeeze", lambda x: np.squeeze(x, axis=0), (1, 3, 1))
line("expand_dims", lambda x: np.expand_dims(x, (0, -1)), X)
line("broadcast_to", lambda x: np.broadcast_to(x, (2, 3)), (3,))
line("broadcast_arrays", lambda x, y: np.broadcast_arrays(x, y), (3,), (2, 1))
line("meshgrid", lambda x, y: np.meshgrid(x, y), (3,), (2,))
line("meshgrid", lambda x, y: np.meshgrid(x, y, indexing="ij", sparse=True), (3,), (2,))
line("flip", np.flip, X)
line("flip", lambda x: np.flip(x, axis=1), X)
line("fliplr", np.fliplr, X)
line("flipud", np.flipud, X)
line("rot90", lambda x: np.rot90(x, 3), X)
line("roll", lambda x: np.roll(x, 2), X)
line("roll", lambda x: np.roll(x, (1, -1), axis=(0, 1)), X)
line("atleast_1d", np.atleast_1d, ())
line("atleast_2d", lambda x, y: np.atleast_2d(x, y), (3,), ())
line("atleast_3d", np.atleast_3d, X)
line("copy", np.copy, X)
line("astype", lambda x: np.astype(x, np.float64), X)
line("resize", lambda x: np.resize(x, (3, 3)), X)
line("concatenate", lambda x, y: np.concatenate([x, y]), X, X)
line("concatenate", lambda x, y: np.concatenate((x, A, y), axis=None), X, (2,))
line("concatenate", lambda x: np.concatenate(x, axis=1), (2, 2, 3))
line("concatenate", lambda x: np.concatenate([x, A.astype(int)], axis=-1), X)
line("stack", lambda x, y: np.stack([x, y], axis=-1), X, X)
line("vstack", lambda x, y: np.vstack([x, y]), (3,), X)
line("hstack", lambda x, y: np.hstack([x, y]), X, (2, 1))
line("hstack", lambda x, y: np.hstack((x, y)), (3,), V)
line("dstack", lambda x, y: np.dstack([x, y]), X, X)
line("column_stack", lambda x, y: np.column_stack([x, y]), (2,), X)
line("append", lambda x: np.append(x, [1.0, 2.0]), X)
line("append", lambda x, y: np.append(x, y, axis=0), X, (1, 3))
line("block", lambda x, y: np.block([[x, x], [y, y]]), X, (1, 3))
line("split", lambda x: np.split(x, 2), V)
line("split", lambda x: np.split(x, [1, 3], axis=-1), (2, 4))
line("array_split", lambda x: np.array_split(x, 3), V)
line("vsplit", lambda x: np.vsplit(x, 2), X)
line("hsplit", lambda x: np.hsplit(x, 3), X)
line("dsplit", lambda x: np.dsplit(x, 2), (1, 1, 2))
line("unstack", lambda x: np.unstack(x, axis=1), X)
line("tile", lambda x: np.tile(x, (2, 1, 2)), X)
line("repeat", lambda x: np.repeat(x, 2), X)
line("repeat", lambda x: np.repeat(x, [1, 0, 2], axis=1), X)
line("take", lambda x: np.take(x, [0, -1, 0]), X)
line("take", lambda x: np.take(x, [[0, 5]], axis=1, mode="wrap"), X)
line("take_along_axis", lambda x: np.take_along_axis(x, np.array([[0], [2]]), 1), X)
line("compress", lambda x: np.compress([True, False, True], x, axis=1), X)
line("extract", lambda x: np.extract(M, x), X)
line("choose", lambda x, y: np.choose([[0, 1, 1], [1, 0, 0]], [x, y]), X, X)
line("select", lambda x, y: np.select([M, ~M & (A > 0)], [x, y], default=2.0), X, X)
line("where", lambda x, y: np.where(M, x, y), X, (3,))
line("where", lambda x: np.where(x > 0, x, 0.0), X)
line("where", lambda x: np.where(M, 1, x), X)
line("where", lambda x: np.where(x > 0), X)
line("delete", lambda x: np.delete(x, [0, 2], axis=1), X)
line("insert", lambda x: np.insert(x, 1, 5.0, axis=1), X)
line("insert", lambda x, y: np.insert(x, [0, 2], y), V, (2,))
line("diag", lambda x: np.diag(x, 1), X)
line("diag", lambda x: np.diag(x, -1), (3,))
line("diagflat", lambda x: np.diagflat(x, 1), X)
line("diagonal", lambda x: np.diagonal(x, 1, 0, 2), (2, 3, 4))
line("trace", lambda x: np.trace(x, 1), (3, 3))
line("tril", lambda x: np.tril(x, -1), (3, 3))
line("triu", lambda x: np.triu(x, 1), (2, 3, 3))
line("pad", lambda x: np.pad(x, 1), X)
line("pad", lambda x: np.pad(x, ((0, 1), (2, 0)), constant_values=3.0), X)
for _mode in "edge reflect symmetric wrap".split():
    line("pad", lambda x, m=_mode: np.pad(x, 1, m), X)
line("sort", np.sort, X)
line("sort", lambda x: np.sort(x, axis=None), X)
line("sort", lambda x: np.sort(x, axis=0, kind="stable"), X)
line("partition", lambda x: np.partition(x, 1)[..., 1], X)
line("trim_zeros", lambda x: np.trim_zeros(x * np.array([0, 1, 1, 0.0])), V)
line("full_like", lambda x, v: np.full_like(x, v), X, ())
line("zeros_like", np.zeros_like, X)
line("ones_like", np.ones_like, X)

# --- pointwise ---

line("clip", lambda x: np.clip(x, -0.5, 0.5), X)
line("clip", lambda x: np.clip(x, None, [0.1, 0.2, 0.3]), X)
line("clip", lambda x: np.clip(x, a_min=0.1, a_max=None), X)
line("round", lambda x: np.round(x, 1), X)
line("around", np.around, X)
line("fix", np.trunc, X)
line("nan_to_num", np.nan_to_num, X)
line("nan_to_num", lambda x: np.nan_to_num(np.where(M, x, np.nan), nan=2.0), X)
line("sinc", np.sinc, X)
line("i0", np.i0, X)
line("real", np.real, X)
line("imag", np.imag, X)
line("angle", np.angle, X)
line("real_if_close", np.real_if_close, X)
line("unwrap", lambda x: np.unwrap(5 * x), V)
line("interp", lambda x, f: np.interp(x, [0.0, 1.0, 2.5], f), P(X), (3,))
line("interp", lambda x, p, f: np.interp(x, np.cumsum(p), f, left=-1.0, right=2.0), X, P((3,)), (3,))
line("interp", lambda x, f: np.interp(x, [0.1, 1.0, 2.5], f, period=2.7), X, (3,))
line("piecewise", lambda x: np.piecewise(x, [x < 0, x >= 0.5], [lambda v: v**2, 3.0, lambda v: -v]), X)
line("diff", np.diff, X)
line("diff", lambda x: np.diff(x, n=2, axis=0, prepend=1.0, append=[[0.5, 1, 2]]), X)
line("ediff1d", lambda x: np.ediff1d(x, to_begin=1.0, to_end=[2.0, 3.0]), X)
line("trapezoid", lambda y: np.trapezoid(y, dx=0.5), X)
line("trapezoid", lambda y, x: np.trapezoid(y, np.cumsum(x), axis=0), (3, 2), P((3,)))
line("gradient", np.gradient, V)
line("gradient", lambda x: np.gradient(x, 0.5, [0.0, 1.0, 3.0]), X)
line("gradient", lambda x: np.gradient(x, axis=1, edge_order=2), (2, 4))
line("gradient", lambda x: np.gradient(x, [0.0, 1, 3, 4], edge_order=2), V)

# --- products ---

line("dot", np.dot, X, (3, 2))
line("dot", np.dot, X, (3,))
line("dot", np.dot, (2, 2, 3), (2, 3, 2))
line("dot", lambda x: np.dot(x, 2.0), X)
line("dot", lambda x: np.dot(A, x), (3, 2))
line("vdot", np.vdot, X, X)
line("inner", np.inner, X, (2, 3))
line("outer", np.outer, X, (2,))
line("tensordot", lambda x, y: np.tensordot(x, y, axes=1), X, (3, 2))
line("tensordot", lambda x, y: np.tensordot(x, y, axes=([0, 1], [1, 0])), X, (3, 2))
line("einsum", lambda x, y: np.einsum("ij,jk->ik", x, y), X, (3, 2))
line("einsum", lambda x: np.einsum("...i->...", x), X)
line("einsum", lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [0, 2]), X, (3, 2))
line("einsum", lambda x: np.einsum("ii", x, optimize=True), (3, 3))
line("kron", np.kron, X, (2, 2))
line("cross", lambda x, y: np.cross(x, y), X, (3,))
line("cross", lambda x, y: np.cross(x, y, axis=0), (3, 2), (3, 2))
line("convolve", np.convolve, V, (3,))
line("convolve", lambda x, y: np.convolve(x, y, "same"), (3,), V)
line("convolve", lambda x: np.convolve(x, [1.0, 2.0], "valid"), V)
line("correlate", np.correlate, V, (3,))
line("correlate", lambda x, y: np.correlate(x, y, "full"), (3,), V)
line("correlate", lambda x, y: np.correlate(x, y, "same"), V, (2,))

# --- polynomials ---

line("polyval", np.polyval, V, X)
line("polyadd", np.polyadd, V, (2,))
line("polysub", np.polysub, (2,), V)
line("polymul", np.polymul, V, (2,))
line("polyder", lambda p: np.polyder(p, 2), V)
line("polyint", lambda p: np.polyint(p, 2, k=[1.0, 2.0]), V)
line("poly", np.poly, (3,))
line("vander", np.vander, V)
line("vander", lambda x: np.vander(x, 3, increasing=True), V)
line("linspace", lambda x, y: np.linspace(x, y, 5), (2,), ())
line("linspace", lambda x: np.linspace(x, 3.0, 4, endpoint=False, axis=-1), X)
line("logspace", lambda x: np.logspace(x, 1.0, 4), ())
line("geomspace", lambda x, y: np.geomspace(x, y, 4), P((2,)), P(()))

# --- linalg ---

SQ = S((3, 3))
line("linalg.inv", np.linalg.inv, SQ)
line("linalg.inv", np.linalg.inv, S((2, 3, 3)))
line("linalg.det", np.linalg.det, SQ)
line("linalg.slogdet", np.linalg.slogdet, SQ)
line("linalg.solve", np.linalg.solve, SQ, (3,))
line("linalg.solve", np.linalg.solve, SQ, (3, 2))
line("linalg.pinv", np.linalg.pinv, X)
line("linalg.lstsq", lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], (4, 2), (4,))
line("linalg.lstsq", lambda a, b: np.linalg.lstsq(a, b, rcond=None)[1], (4, 2), (4, 2))
line("linalg.cholesky", lambda a: np.linalg.cholesky((a + a.T) / 2), SQ)
line("linalg.qr", np.linalg.qr, (3, 2))
line("linalg.qr", lambda a: np.linalg.qr(a, mode="r"), (3, 2))
line("linalg.svd", lambda a: abs(np.linalg.svd(a, full_matrices=False)[1]), X)
line("linalg.svd", lambda a: np.linalg.svd(a, compute_uv=False), X)
line("linalg.svdvals", lambda a: np.linalg.svdvals(a), X)
line("linalg.eigh", lambda a: np.linalg.eigh((a + a.T) / 2)[0], SQ)
line("linalg.eigh", lambda a: np.linalg.eigh((a + a.T) / 2).eigenvectors ** 2, SQ)
line("linalg.eigvalsh", lambda a: np.linalg.eigvalsh((a + a.T) / 2), SQ)
line("linalg.eig", lambda a: np.linalg.eig(a)[0], SQ)
line("linalg.eigvals", lambda a: np.sort(np.linalg.eigvals(a)), SQ)
line("linalg.matrix_power", lambda a: np.linalg.matrix_power(a, 3), SQ)
line("linalg.matrix_power", lambda a: np.linalg.matrix_power(a, -1), SQ)
line("linalg.multi_dot", lambda a, b, c: np.linalg.multi_dot([a, b, c]), X, (3, 2), X)
line("linalg.multi_dot", lambda a, b, c: np.linalg.multi_dot([a, b, c]), (2,), X, (3,))
line("linalg.tensorsolve", lambda a, b: np.linalg.tensorsolve(a.reshape(3, 1, 3), b), SQ, (3, 1))
line("linalg.tensorinv", lambda a: np.linalg.tensorinv(a, 1), SQ)
line("linalg.norm", np.linalg.norm, X)
for _ord in (None, 1, 2, 3, 0.5, np.inf, -np.inf, 0):
    line("linalg.norm", lambda x, o=_ord: np.linalg.norm(x, o, axis=1), X)
for _ord in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
    line("linalg.norm", lambda x, o=_ord: np.linalg.norm(x, o), X)
    line("linalg.norm", lambda x, o=_ord: np.linalg.norm(x, o, axis=(0, 2), keepdims=True), (2, 2, 3))
line("linalg.vector_norm", lambda x: np.linalg.vector_norm(x, axis=0, ord=3), X)
line("linalg.matrix_norm", lambda x: np.linalg.matrix_norm(x, ord="nuc"), X)
line("linalg.cond", np.linalg.cond, SQ)
line("linalg.cond", lambda a: np.linalg.cond(a, 1), SQ)
line("linalg.matrix_rank", np.linalg.matrix_rank, SQ)
line("linalg.trace", lambda x: np.linalg.trace(x, offset=1), SQ)
line("linalg.diagonal", lambda x: np.linalg.diagonal(x), SQ)
line("linalg.outer", lambda x, y: np.linalg.outer(x, y), (2,), (3,))
line("linalg.cross", lambda x, y: np.linalg.cross(x, y), X, X)
line("linalg.vecdot", lambda x, y: np.linalg.vecdot(x, y, axis=0), X, X)
line("linalg.matmul", lambda x, y: np.linalg.matmul(x, y), X, (3, 2))
line("linalg.tensordot", lambda x, y: np.linalg.tensordot(x, y, axes=1), X, (3, 2))
line("linalg.matrix_transpose", lambda x: np.linalg.matrix_transpose(x), X)

# --- fft ---

for _name in "fft ifft rfft irfft hfft ihfft".split():
    _f = getattr(np.fft, _name)
    line(f"fft.{_name}", _f, V)
    line(f"fft.{_name}", lambda x, f=_f: f(x, 5, axis=0, norm="ortho"), (4, 2))
for _name in "fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn irfftn".split():
    _f = getattr(np.fft, _name)
    line(f"fft.{_name}", _f, (2, 3, 4))
    line(f"fft.{_name}", lambda x, f=_f: f(x, s=(3, 4), axes=(0, 1), norm="forward"), (2, 3))
line("fft.fftshift", np.fft.fftshift, X)
line("fft.ifftshift", lambda x: np.fft.ifftshift(x, axes=1), X)

# --- what tells about arrays ---

line("shape", np.shape, X)
line("ndim", np.ndim, X)
line("size", np.size, X)
line("size", lambda x: np.size(x, 0), X)
line("iscomplexobj", np.iscomplexobj, X)
line("isrealobj", np.isrealobj, X)
line("iscomplex", np.iscomplex, X)
line("isreal", np.isreal, X)
line("result_type", lambda x: np.result_type(x, np.float32), X)
line("allclose", lambda x: np.allclose(x, x + 1e-12), X)
line("isclose", lambda x: np.isclose(x, A), X)
line("array_equal", lambda x: np.array_equal(x, x), X)
line("array_equiv", lambda x: np.array_equiv(x, x), X)
line("argpartition", lambda x: np.argpartition(x, 1)[..., 1], X)
line("argwhere", lambda x: np.argwhere(x > 0), X)
line("searchsorted", lambda x: np.searchsorted([0.0, 1.0], x), X)
line("digitize", lambda x: np.digitize(x, [0.0, 1.0]), X)
line("histogram", lambda x: np.histogram(x, bins=3)[0], X)
line("isin", lambda x: np.isin(x, [1.0]), X)
line("lexsort", lambda x: np.lexsort(x), X)
line("may_share_memory", lambda x: np.may_share_memory(x, A), X)
line("array2string", np.array2string, X)
line("array_repr", np.array_repr, X)


def arrays_for(shapes: tuple, seed: int = 0, dtype: Any = float) -> list[np.ndarray]:
    """Random operands: clear of ties and of the kinks at 0 and at whole numbers."""
    random = np.random.default_rng(seed)
    made = []
    for shape in shapes:
        array = random.uniform(0.55, 0.95, shape) + random.choice([0.0, 1.0], shape)
        if isinstance(shape, S):
            array = array @ np.swapaxes(array, -1, -2) + np.diag(np.arange(1.0, shape[-1] + 1))
        elif not isinstance(shape, P):
            array = array * random.choice([-1.0, 1.0], shape)
        made.append(np.asarray(array, dtype))
    return made

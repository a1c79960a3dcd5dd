"""What the operators on matrices share: pieces of formulas over any namespace, and PyTorch's checks of arguments.

The checks raise PyTorch's errors, with its words first; `name` is what the message calls the function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.inplace import write_out

# --- pieces of formulas ---


def adjoint(xp: Any, x: Array) -> Array:
    """The conjugate transpose of the last two axes."""
    return xp.matrix_transpose(xp.conj(x))


def diagonal_of(xp: Any, x: Array) -> Array:
    """The main diagonals of matrices, as the last axis."""
    return xp.diagonal(x, offset=0, dim1=len(x.shape) - 2, dim2=len(x.shape) - 1)


def per_column(xp: Any, x: Array) -> Array:
    """A last axis of numbers as factors of the columns of matrices."""
    return xp.expand_dims(x, axis=-2)


def per_row(xp: Any, x: Array) -> Array:
    """A last axis of numbers as factors of the rows of matrices."""
    return xp.expand_dims(x, axis=-1)


def halved_lower(xp: Any, x: Array) -> Array:
    """The lower triangle with half of the diagonal: Phi in the derivatives of triangular factors (Murray 2016)."""
    return (xp.tril(x) + xp.tril(x, k=-1)) * 0.5


# Vectors of equal values (eigenvectors, singular vectors) may be rotated into each other, so that no function of the
# matrix changes with the rotation: x in x / gap, the gradient along it, is then zero but for rounding, and the quotient
# one rounding error over another. Its limit is zero for a function of the vectors alone, such as the projector onto
# their span: a perturbation among them only chooses other ones. It is not where the loss depends on the values, too:
# for V f(w) V^H it is f'(w) times an element that x says nothing of. So it is left to be NaN, as in PyTorch.


def over_gaps(xp: Any, x: Array, gaps: Array, without: Array) -> Array:
    """x / gaps between values that belong to vectors, with zeros where `without` is true."""
    return xp.where(without, 0.0, x / xp.where(without, 1.0, gaps))


def rounding_alone(xp: Any, x: Array, gaps: Array, gradient: Array, values: Array) -> Array:
    """Where x is zero but for rounding and the gap is small, so that x / gap means nothing.

    x was computed as a product of unit vectors and of `gradient`, gaps as differences of `values`: their sizes are the
    scales of the errors. The gap is small where rounding could be seen: half of the digits are lost.
    """
    if not math.prod(x.shape):
        return xp.zeros(x.shape, dtype=xp.bool)
    eps = xp.epsilon_of(gaps)
    size = xp.max(xp.abs(gradient), axis=(-2, -1), keepdims=True)
    largest = xp.expand_dims(xp.max(xp.abs(values), axis=-1, keepdims=True), axis=-1)
    noise = xp.abs(x) <= 10 * eps * gradient.shape[-2] * size
    return xp.logical_and(noise, xp.abs(gaps) <= eps**0.5 * largest)


def untouched(xp: Any, gradient: Array) -> Array:
    """Which vectors have no part in the loss, by their gradient."""
    return xp.all(xp.equal(gradient, 0), axis=-2)


def pairs_of(xp: Any, chosen: Array) -> Array:
    """The pairs (i, j) of which both are chosen."""
    return xp.logical_and(per_column(xp, chosen), per_row(xp, chosen))


def without_values(xp: Any, rounding: Array, gaps: Array, gradient: Array, untouched: Array) -> Array:
    """The pairs to leave out where the values have a gradient, too: those whose own values have none.

    That may be chance where the gap is exactly zero (an element of V f(w) V^H beside the diagonal, at a multiple of the
    identity); then the loss must not depend on the vectors either.
    """
    still = xp.equal(gradient, 0)
    still = pairs_of(xp, still) if rounding.shape[-2] == gradient.shape[-1] else per_column(xp, still)
    return xp.logical_and(still, xp.where(xp.equal(gaps, 0), untouched, rounding))


# --- checks ---


def check_floating(tensor: Tensor, name: str, low_precision: str | None = None) -> None:
    """RuntimeError for integers; for half precision NotImplementedError if `low_precision` names a kernel."""
    dtype = tensor._array_.dtype
    if dtype.kind in "biu":
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {tensor.dtype.scalar_name}"
        )
    if dtype.itemsize == 2:
        if low_precision is None:
            raise RuntimeError(f"{name}: Low precision dtypes not supported. Got {tensor.dtype.scalar_name}")
        raise kernel_missing(tensor, low_precision)


def kernel_missing(tensor: Tensor, kernel: str) -> NotImplementedError:
    """PyTorch's error for a dtype that a kernel does not take."""
    return NotImplementedError(
        f"\"{kernel}\" not implemented for '{tensor.dtype.scalar_name}': convert to float32 or float64 first"
    )


def check_wide(tensor: Tensor, kernel: str) -> None:
    """NotImplementedError for integers and half precision."""
    if tensor._array_.dtype.kind not in "fc" or tensor._array_.dtype.itemsize == 2:
        raise kernel_missing(tensor, kernel)


def check_matrices(tensor: Tensor, name: str, argument: str = "A") -> None:
    """RuntimeError for fewer than two dimensions."""
    if tensor._array_.ndim < 2:
        raise RuntimeError(
            f"{name}: The input tensor {argument} must have at least 2 dimensions. Its shape is "
            f"{list(tensor._array_.shape)}"
        )


def check_square(tensor: Tensor, name: str, argument: str = "A") -> None:
    """RuntimeError for what is not a square matrix or a batch of them."""
    check_matrices(tensor, name, argument)
    m, n = tensor._array_.shape[-2:]
    if m != n:
        prefix = f"{name}: " if name else ""
        raise RuntimeError(f"{prefix}{argument} must be batches of square matrices, but they are {m} by {n} matrices")


def check_square_tensor(tensor: Tensor, function: str, argument: str, name: str) -> None:
    """TypeError for what is no Tensor, RuntimeError for what is no square matrix or a batch of them."""
    check_tensor(tensor, function, argument)
    check_square(tensor, name)


def broadcast_batches(*arrays: Array) -> tuple[int, ...]:
    """The batch dimensions of several arrays of matrices; RuntimeError where they do not broadcast."""
    shapes = [array.shape[:-2] for array in arrays]
    if all([shape == shapes[0] for shape in shapes]):
        return shapes[0]
    check_broadcast(shapes)
    return tuple(np.broadcast_shapes(*shapes))


def finish_several(kind: Callable, results: Iterable[Tensor], out: Sequence[Tensor] | None, name: str) -> Any:
    """The named tuple of several results, or the tensors of `out` with them written in."""
    if out is None:
        return kind(results)
    if len(out) != kind.n_fields:
        raise TypeError(f"{name}(): argument 'out' must be a tuple of {kind.n_fields} Tensors, but got {len(out)}")
    return kind([write_out(target, result, name) for target, result in zip(out, results, strict=True)])

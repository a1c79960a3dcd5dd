"""The gaps of the JAX namespace about memory and indexing. What is a view over NumPy is an array of its own here.

What a chain of views would show of shared memory is the affair of `core/memory.py`.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from .device import known

# --- where elements lie: one after the other, as far as anybody can tell ---


def storage(x: Any) -> Any:
    """The array itself, which shares its memory with no other."""
    return x


def strides_of(x: Any) -> tuple[int, ...]:
    """The strides of elements that follow each other."""
    strides, step = [], 1
    for n in reversed(x.shape):
        strides.insert(0, step)
        step *= max(n, 1)
    return tuple(strides)


def offset_of(x: Any) -> int:
    """0: the array begins its storage."""
    return 0


def repeats(x: Any) -> bool:
    """Whether several elements share one place: never."""
    return False


def contiguous(x: Any) -> Any:
    """x itself."""
    return x


def arranged(x: Any, like: Any = ()) -> Any:
    """x itself: its order in memory is XLA's choice."""
    return x


def has_geometry(x: Any, strides: tuple[int, ...], offset: int, length: int) -> bool:
    """Whether strides say where the elements of x are: they never do."""
    return False


def reshape(x: Any, shape: Any) -> Any:
    """The same elements in another shape."""
    return jnp.reshape(x, tuple(shape) if isinstance(shape, (tuple, list)) else shape)


def permute_dims(x: Any, axes: tuple[int, ...]) -> Any:
    """The axes in another order."""
    return jnp.transpose(x, axes)


def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    """x repeated to a shape that it broadcasts to."""
    return jnp.broadcast_to(x, tuple(shape))


def view_as_dtype(x: Any, dtype: Any) -> Any:
    """The bits read as another dtype; of another size, the last axis shrinks or grows, as NumPy has it."""
    dtype = np.dtype(dtype)
    if x.dtype == dtype:
        return x
    if x.dtype.kind == "b":
        x = x.astype(jnp.uint8)
    if x.dtype.kind == "c":
        x = parts_of_complex(x).reshape(*x.shape[:-1], -1) if x.ndim else parts_of_complex(x)
    if dtype.kind == "c":
        real = view_as_dtype(x, np.dtype(f"f{dtype.itemsize // 2}"))
        return complex_of_parts(real.reshape(*real.shape[:-1], -1, 2))
    if dtype.kind == "b":
        return view_as_dtype(x, np.dtype("u1")) != 0
    old, new = x.dtype.itemsize, dtype.itemsize
    if new > old:
        return lax.bitcast_convert_type(x.reshape(*x.shape[:-1], -1, new // old), dtype)
    found = lax.bitcast_convert_type(x, dtype)
    return found.reshape(*x.shape[:-1], -1) if new < old else found


# --- complex numbers ---


def make_complex(real: Any, imag: Any) -> Any:
    """The complex array of a real and an imaginary part."""
    real, imag = jnp.broadcast_arrays(real, imag)
    return lax.complex(real, imag)


def parts_of_complex(x: Any) -> Any:
    """The complex array as a real one with a last axis of size 2."""
    return jnp.stack([jnp.real(x), jnp.imag(x)], axis=-1)


def complex_of_parts(x: Any) -> Any:
    """The real array, with a last axis of size 2, as a complex one."""
    return lax.complex(x[..., 0], x[..., 1])


# --- basic indices, diagonals ---


def replaced_at(x: Any, index: tuple, values: Any) -> Any:
    """x with `values` at a basic index."""
    return x.at[index].set(values)


def embed_index(values: Any, shape: tuple[int, ...], index: tuple) -> Any:
    """Zeros of a shape with `values` at a basic index: the transpose of reading there."""
    return jnp.zeros(shape, values.dtype).at[index].set(values)


def take_diagonal(x: Any, offset: int, axis1: int, axis2: int) -> Any:
    """The diagonal of two axes as the last axis."""
    return jnp.diagonal(x, offset, axis1, axis2)


# --- index arrays ---


def _full(indices: tuple) -> tuple:
    return tuple([slice(None) if index is None else jnp.asarray(index) for index in indices])


def index_with(x: Any, indices: tuple) -> Any:
    """`x[indices]` for a tuple of integer arrays and None, which stands for a whole axis.

    IndexError for an index that is out of range, where it can be looked at: JAX would make something up.
    """
    for axis, index in enumerate(indices):
        if index is not None and index.size and known(index):
            low, high = index.min(), index.max()
            if low < -x.shape[axis] or high >= x.shape[axis]:
                wrong = low if low < -x.shape[axis] else high
                raise IndexError(f"index {wrong} is out of bounds for axis {axis} with size {x.shape[axis]}")
    return x[_full(indices)]


def put_at(x: Any, indices: tuple, values: Any, how: str = "set") -> Any:
    """x with `values` written at `indices`.

    how: "set" (of several values for one place the last counts), "add", "multiply", "maximum" or "minimum", which
    combine all values for one place with what is there.
    """
    x, values = jnp.asarray(x), jnp.asarray(values)
    if values.dtype != x.dtype:
        values = (jnp.real(values) if values.dtype.kind == "c" and x.dtype.kind != "c" else values).astype(x.dtype)
    at = x.at[_full(indices)]
    if how == "set":
        return at.set(values)
    if how == "multiply":
        return at.multiply(values)
    return {"add": at.add, "maximum": at.max, "minimum": at.min}[how](values)


put_into = put_at  # the caller's own array is not written to, as that cannot be


def along_axis(index: Any, axis: int) -> tuple:
    """The index arrays of `gather` and `scatter`: `index` on its axis, every position of `index` on the others."""
    ndim = index.ndim
    return tuple(
        [index if a == axis else np.arange(index.shape[a]).reshape((-1, *[1] * (ndim - a - 1))) for a in range(ndim)]
    )


def read_along(x: Any, indices: Any, axis: int) -> Any:
    """The elements at an index for each place along an axis; on the other axes both have the same sizes."""
    return x[along_axis(indices, axis % x.ndim)]


def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """The elements, or slices along an axis, at indices."""
    return jnp.take(x, jnp.asarray(indices), axis=axis)


def take_along_axis(x: Any, indices: Any, axis: int) -> Any:
    """The elements at an index for each place along an axis."""
    return read_along(x, jnp.asarray(indices), axis)


def take_flat(x: Any, indices: Any) -> Any:
    """`x[indices]` for a vector x and indices of any shape."""
    return jnp.take(x, jnp.asarray(indices))


def take_rows(x: Any, indices: Any) -> Any:
    """The rows of a matrix at indices of any shape."""
    return jnp.take(x, jnp.asarray(indices), axis=0)


def add_rows(values: Any, indices: Any, n: int) -> Any:
    """The transpose of `take_rows`: n rows, each the sum of the values at its index."""
    rows = values.reshape(-1, values.shape[-1])
    return jnp.zeros((n, values.shape[-1]), values.dtype).at[jnp.asarray(indices).reshape(-1)].add(rows)


def add_along(values: Any, indices: Any, n: int, axis: int) -> Any:
    """The transpose of taking along an axis by a vector of indices: n places, each the sum of its index's values."""
    out = jnp.zeros((*values.shape[:axis], n, *values.shape[axis + 1 :]), values.dtype)
    return out.at[(slice(None),) * axis + (jnp.asarray(indices),)].add(values)


def _class_index(target: Any) -> tuple:
    if target.ndim == 0:
        return (target,)
    axes = [np.arange(n).reshape((-1, *[1] * (target.ndim - a - 1))) for a, n in enumerate(target.shape)]
    return (axes[0], jnp.asarray(target), *axes[1:])


def pick_classes(x: Any, target: Any) -> Any:
    """From x (batch, classes, *space), or (classes), the values at the classes of target (batch, *space), or ()."""
    return x[_class_index(target)]


def put_classes(values: Any, target: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of `pick_classes`: zeros of this shape with the values at the classes of target."""
    return jnp.zeros(shape, values.dtype).at[_class_index(target)].set(values)


def true_positions(mask: Any) -> Any:
    """The positions in the flattened mask of what is true. How many there are depends on the values."""
    return jnp.nonzero(mask.reshape(-1))[0]


def pad_with(x: Any, pads: tuple, value: Any) -> Any:
    """x with `value` around it: (before, after) for each axis; negative widths cut."""
    return lax.pad(jnp.asarray(x), jnp.asarray(value, x.dtype), [(before, after, 0) for before, after in pads])


# --- counting ---


def frequencies(indices: Any) -> Any:
    """How often each of these indices occurs among them."""
    ordered = jnp.sort(indices.reshape(-1))
    ends = [jnp.searchsorted(ordered, indices.reshape(-1), side) for side in ("left", "right")]
    return (ends[1] - ends[0]).reshape(indices.shape)


def counts_of_targets(targets: Any, dtype: Any) -> Any:
    """How often each class occurs among a row's targets up to the first that is negative: (rows, classes)."""
    targets = jnp.asarray(targets)
    counted = jnp.cumprod(targets >= 0, axis=1).astype(dtype)
    rows = np.arange(targets.shape[0])[:, None]
    return jnp.zeros(targets.shape, dtype).at[rows, jnp.maximum(targets, 0)].add(counted)


def bincount(x: Any, weights: Any, length: int) -> Any:
    """How often each of 0 to length - 1 occurs, or the sum of the weights, in their dtype."""
    ones = np.ones((), np.int64) if weights is None else weights
    return jnp.zeros((length,), ones.dtype).at[x].add(ones)


def search_rows(sequence: Any, values: Any, right: bool, dtype: Any) -> Any:
    """Where values would be inserted into a sequence, or each row of values into its row of sequences."""
    side = "right" if right else "left"
    sequence, values = jnp.asarray(sequence), jnp.asarray(values)
    if sequence.ndim == 1:
        return jnp.searchsorted(sequence, values, side).astype(dtype)
    rows, wanted = sequence.reshape(-1, sequence.shape[-1]), values.reshape(-1, values.shape[-1])
    parts = [jnp.searchsorted(row, some, side) for row, some in zip(rows, wanted, strict=True)]
    found = jnp.stack(parts) if parts else jnp.zeros(wanted.shape)
    return found.astype(dtype).reshape(values.shape)

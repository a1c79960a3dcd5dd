"""Jacobians and Hessians: `jacrev`, `jacfwd`, `hessian`: the products with a basis, as one product by `vmap`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..core.mode import MODE
from ..core.pytree import tree_flatten, tree_leaves, tree_unflatten
from ..core.registry import constant_beside
from ..core.tensor import Tensor, wrap
from ..ops.shape.joining import cat
from .arguments import Argnums, refuse_complex, selected, wrapped_argnums
from .differentiation import vjp_by, zeros_as
from .forward import jvp_by
from .vectorization import chunk_sizes, vmap


def jacrev(
    func: Callable,
    argnums: int | tuple[int, ...] = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Callable:
    """A function that computes the Jacobian of `func` by its argument(s) `argnums`, by reverse mode.

    func: takes Tensors or containers of Tensors, and returns such; with `has_aux` a tuple of that and of other Tensors,
    with which the Jacobian is then returned. The Jacobian is arranged as the outputs, and within as the arguments: each
    Tensor of it has the shape of the output followed by that of the input. chunk_size: how many rows at most at a time,
    one after the other (without `vmap`) if 1. _preallocate_and_copy: rows of several chunks are written into the place
    where they will be, which takes less memory than joining them.

    RuntimeError for complex Tensors, and as `vjp` and `grad` raise it.

    >>> import mibun as torch
    >>> torch.func.jacrev(torch.sin)(torch.zeros(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        refuse_complex("jacrev", args, "inputs")
        value, product, *aux = vjp_by(func, args, argnums, has_aux)
        outputs, out_spec = tree_flatten(value)
        refuse_complex("jacrev", outputs, "outputs")
        inputs, spec = tree_flatten(selected(args, wrapped_argnums(argnums, len(args))))
        rows = _rows(product, outputs, out_spec, chunk_size, _preallocate_and_copy)
        counts = [output.numel() for output in outputs]
        by_input = [
            [
                part.reshape(output.shape + x.shape)
                for part, output in zip(_split(jacobian, counts, 0), outputs, strict=True)
            ]
            for jacobian, x in zip(rows, inputs, strict=True)
        ]
        by_output = [tree_unflatten([parts[i] for parts in by_input], spec) for i in range(len(outputs))]
        jacobian = tree_unflatten(by_output, out_spec)
        return (jacobian, aux[0]) if has_aux else jacobian

    return wrapper


def _rows(product: Callable, outputs: list, out_spec: Any, chunk_size: int | None, preallocate: bool) -> list:
    """For each input a Tensor whose rows are the gradients of the outputs' elements, one after the other."""
    total = sum([output.numel() for output in outputs])
    chunked = chunk_size is not None and chunk_size < total
    results: list[list] = []
    written: list = []
    start = 0
    for count, basis in standard_basis(outputs, chunk_size):
        if count == 1:  # as a loop does it: without what vmap forbids, or costs
            found = product(tree_unflatten([part[0] for part in basis], out_spec))
            leaves = [leaf.unsqueeze(0) for leaf in tree_leaves(found)]
        else:
            leaves = tree_leaves(vmap(product)(tree_unflatten(basis, out_spec)))
        if not (chunked and preallocate):
            results.append(leaves)
        else:
            if not written:
                written = [zeros_as(leaf, (total, *leaf.shape[1:])) for leaf in leaves]
            for whole, leaf in zip(written, leaves, strict=True):
                whole[start : start + count].copy_(leaf)
        start += count
    if written:
        return written
    return results[0] if len(results) == 1 else [cat(parts, 0) for parts in zip(*results, strict=True)]


def standard_basis(tensors: Sequence[Tensor], chunk_size: int | None = None) -> Iterator[tuple[int, list[Tensor]]]:
    """The unit vectors of the space that these tensors together are from, `chunk_size` of them at a time.

    Yields (how many vectors, for each tensor its part of them, with an axis for the vectors in front).
    """
    counts = [tensor.numel() for tensor in tensors]
    total = sum(counts)
    start = 0
    for count in chunk_sizes(total, chunk_size or total or 1) or [0]:
        parts, column = [], 0
        for tensor, n in zip(tensors, counts, strict=True):
            eye = np.eye(count, n, start - column, dtype=tensor._array_.dtype)
            parts.append(wrap(constant_beside(eye.reshape((count, *tensor._array_.shape)), tensor._array_)))
            column += n
        yield count, parts
        start += count


def _split(tensor: Tensor, counts: list[int], dim: int) -> Sequence[Tensor]:
    return (tensor,) if len(counts) == 1 else tensor.split(counts, dim)


def jacfwd(func: Callable, argnums: Argnums = 0, has_aux: bool = False, *, randomness: str = "error") -> Callable:
    """A function that computes the Jacobian of `func` by its argument(s) `argnums`, by forward mode.

    As `jacrev`, which is the better choice where there are fewer outputs than inputs. randomness: as for `vmap`.

    >>> import mibun as torch
    >>> torch.func.jacfwd(torch.sin)(torch.zeros(2))
    tensor([[1., 0.],
            [0., 1.]])
    """

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        refuse_complex("jacfwd", args, "inputs")
        inputs, spec = tree_flatten(args if argnums is None else selected(args, wrapped_argnums(argnums, len(args))))
        for x in inputs:
            if not isinstance(x, Tensor):
                raise AttributeError(
                    f"'{type(x).__name__}' object has no attribute 'numel': jacfwd expects Tensors, or containers of "
                    f"Tensors, in the places that argnums={argnums} names"
                )
        ((_, basis),) = standard_basis(inputs)

        def push(tangents: Any) -> Any:
            value, product, *aux = jvp_by(func, args, tangents, argnums, False, has_aux)
            refuse_complex("jacfwd", value, "outputs")
            return (product, aux[0]) if has_aux else product

        results = vmap(push, randomness=randomness)(tree_unflatten(basis, spec))
        aux: Any = None
        if has_aux:
            results, aux = results
            leaves, aux_spec = tree_flatten(aux)
            aux = tree_unflatten([leaf[0] for leaf in leaves], aux_spec)  # the same at every tangent
        columns, out_spec = tree_flatten(results)
        counts = [x.numel() for x in inputs]
        by_output = []
        for column in columns:
            parts = _split(column.movedim(0, -1), counts, -1)
            shaped = [part.reshape(part.shape[:-1] + x.shape) for part, x in zip(parts, inputs, strict=True)]
            by_output.append(tree_unflatten(shaped, spec))
        jacobian = tree_unflatten(by_output, out_spec)
        return (jacobian, aux) if has_aux else jacobian

    return wrapper


class _ByForwardMode(Exception):
    """A Hessian that reverse mode alone would get slowly, or in which grad mode, random numbers or Functions matter."""


def hessian(func: Callable, argnums: Argnums = 0) -> Callable:
    """A function that computes the Hessian of `func` by its argument(s) `argnums`: what `jacfwd(jacrev(func))` gives.

    Where there are few outputs, all columns are one backward over the graph of the gradient; else forward mode is used,
    and wherever the two would differ: forward mode goes through `no_grad`, refuses random numbers, goes by the `jvp`
    of user-written Functions. (The function is called again then.)

    >>> import mibun as torch
    >>> torch.func.hessian(lambda x: (x ** 3).sum())(torch.tensor([1., 2.]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """

    def checked(*args: Any) -> Any:
        level = MODE.get().transforms[-1]
        output = func(*args)
        differs = level.without_grad or level.draws or level.functions
        if differs or sum([leaf.numel() for leaf in tree_leaves(output)]) > _FEW:
            raise _ByForwardMode
        return output

    by_reverse = jacrev(jacrev(checked, argnums), argnums)
    by_forward = jacfwd(jacrev(func, argnums), argnums)

    @functools.wraps(func)
    def wrapper(*args: Any) -> Any:
        try:
            return by_reverse(*args)
        except (_ByForwardMode, RuntimeError, AttributeError):
            pass  # and out of this block, so that no error is raised "during handling of" it
        return by_forward(*args)

    return wrapper


_FEW = 4  # outputs, for whose Hessian as many backwards in one are quicker than forward mode over one

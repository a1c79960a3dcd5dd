"""`vmap`: a function of one example as a function of many, without a loop.

The arguments' raw arrays are made `Batched`: the mapped axis is hidden (see `xp/batched/`), and the function runs once,
every operator on all examples. Nothing here knows an operator.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.batching import BatchedTensor, Level
from ..core.pytree import broadcast_to_and_flatten, tree_flatten, tree_unflatten
from ..core.tensor import Tensor
from ..ops.shape.examples import batch_in, batch_out


def vmap(
    func: Callable,
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable:
    """A function that applies `func` to every example at once.

    in_dims: which axis of each argument has the examples: an int, or a (nested) structure of ints that fits the
    positional arguments; None for what is the same for all. Keyword arguments are mapped over axis 0. out_dims: where
    that axis is in the outputs; None for an output that is the same for all. randomness: "error", "different" (for each
    example) or "same". chunk_size: how many examples at most at a time, all if None.

    ValueError for dimensions that do not fit, sizes that disagree, outputs that are no Tensors; RuntimeError for what
    depends on the values of one example (`item()`, `bool(x)`, boolean masks) and for random numbers, if not allowed.

    >>> import mibun as torch
    >>> x = torch.tensor([[1., 2.], [3., 4.]])
    >>> torch.func.vmap(torch.dot)(x, x)
    tensor([ 5., 25.])
    """
    check_randomness(randomness)
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        size, flat, dims, spec = prepared(in_dims, args, func)
        return run_flat(func, size, flat, dims, spec, out_dims, randomness, kwargs)

    return wrapped


def check_randomness(randomness: str) -> None:
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}")


def name_of(func: Callable) -> str:
    return getattr(func, "__name__", None) or repr(func)


def prepared(in_dims: Any, args: tuple, func: Callable) -> tuple[int, list, list, Any]:
    """(number of examples, the arguments' leaves, the axis of each, their structure)."""
    where = f"vmap({name_of(func)}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"{where}: expected `in_dims` to be int or a (potentially nested) tuple matching the structure of inputs, "
            f"got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name_of(func)})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to "
            "vmap over a function with no inputs. The latter is unsupported."
        )
    flat, spec = tree_flatten(args)
    dims = broadcast_to_and_flatten(in_dims, spec)
    if dims is None:
        raise ValueError(
            f"{where}: in_dims is not compatible with the structure of `inputs`. in_dims has structure "
            f"{tree_flatten(in_dims)[1]} but inputs has structure {spec}."
        )
    sizes = []
    for i, (arg, dim) in enumerate(zip(flat, dims, strict=True)):
        if not (dim is None or isinstance(dim, int)):
            raise ValueError(
                f"{where}: Got in_dim={dim} for an input but in_dim must be either an integer dimension or None."
            )
        if dim is None:
            continue
        if not isinstance(arg, Tensor):
            raise ValueError(
                f"{where}: Got in_dim={dim} for an input but the input is of type {type(arg)}. We cannot vmap over "
                "non-Tensor arguments, please use None as the respective in_dim"
            )
        rank = arg._array_.ndim
        if not -rank <= dim < rank:
            raise ValueError(
                f"{where}: Got in_dim={dim} for some input, but that input is a Tensor of dimensionality {rank} so "
                f"expected in_dim to satisfy -{rank} <= in_dim < {rank}."
            )
        dims[i] = dim % rank
        sizes.append(arg._array_.shape[dim])
    if not sizes:
        raise ValueError(
            "vmap: Expected at least one Tensor to vmap over: all in_dims are None, so that there is no example"
        )
    if any(size != sizes[0] for size in sizes):
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return sizes[0], flat, dims, spec


def run_flat(
    func: Callable, size: int, flat: list, dims: list, spec: Any, out_dims: Any, randomness: str, kwargs: dict
) -> Any:
    """Run `func` on all examples at once."""
    level = Level("vmap", size, randomness)
    with level:
        batched = [
            x if dim is None else batch_in(x, dim=dim, level=level.number, size=size)
            for x, dim in zip(flat, dims, strict=True)
        ]
        outputs = func(*tree_unflatten(batched, spec), **kwargs)
        return unwrapped(outputs, out_dims, level, func)


def unwrapped(outputs: Any, out_dims: Any, level: Level, func: Callable) -> Any:
    """The outputs with the axis of the examples where `out_dims` says."""
    flat, spec = tree_flatten(outputs)
    name = name_of(func)

    def refuse() -> None:
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with the structure of "
            f"`outputs`. out_dims has structure {tree_flatten(out_dims)[1]} but outputs has structure {spec}."
        )

    if isinstance(outputs, Tensor):
        if isinstance(out_dims, int):
            dims = [out_dims]
        elif isinstance(out_dims, tuple) and len(out_dims) == 1:
            dims = list(out_dims)
        elif out_dims is None:
            dims = [None]
        else:
            refuse()
    else:
        dims = broadcast_to_and_flatten(out_dims, spec)
        if dims is None:
            refuse()
    results = []
    for output, dim in zip(flat, dims, strict=True):
        if not isinstance(output, Tensor):
            if dim is None:
                results.append(output)
                continue
            raise ValueError(
                f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(output)}. Did you mean to set "
                "out_dims= to None for output?"
            )
        is_batched = isinstance(output, BatchedTensor) and level.number in output._array_.levels
        if dim is None:
            if is_batched:
                raise ValueError(f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None")
            results.append(output)
            continue
        rank = output._array_.ndim + 1
        if not -rank <= dim < rank:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})"
            )
        results.append(batch_out(output, dim=dim % rank, level=level.number, size=level.size))
    return tree_unflatten(results, spec)

"""`vmap`: a function of one example as a function of many, without a loop.

The arguments' raw arrays are made `Batched`: the mapped axis is hidden (see `xp/batched/`), and the function runs once,
every operator on all examples. Nothing here knows an operator.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

from ..core.batching import BatchedTensor, Level
from ..core.pytree import TreeSpec, broadcast_to_and_flatten, tree_flatten, tree_leaves, tree_unflatten
from ..core.pytree.nodes import node_of
from ..core.tensor import Tensor
from ..ops.shape.examples import batch_in, batch_out
from ..ops.shape.joining import cat
from ..random import get_rng_state, set_rng_state


def vmap(
    func: Callable,
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable:
    """A function that applies `func` to every example at once.

    in_dims: which axis of each argument has the examples: an int, or a tuple with a (nested) structure of ints that
    fits the positional arguments; None for what is the same for all. Keyword arguments are the same for all. out_dims:
    where that axis is in the outputs; None for an output that is the same for all. randomness: "error", "different"
    (for each example) or "same". chunk_size: how many examples at most at a time, all if None.

    ValueError for dimensions that do not fit, sizes that disagree, outputs that are no Tensors; RuntimeError for what
    depends on the values of one example (`item()`, `bool(x)`, boolean masks) and for random numbers, if not allowed.

    >>> import mibun as torch
    >>> x = torch.tensor([[1., 2.], [3., 4.]])
    >>> torch.func.vmap(torch.dot)(x, x)
    tensor([ 5., 25.])
    """
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}")
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        _check_out_dims(out_dims, func)
        if chunk_size is None:
            with Level("vmap", _NOT_KNOWN, randomness) as level:
                examples = _in_plain_containers(args, in_dims, _entrance(level))
                if examples is not None and level.size != _NOT_KNOWN:
                    return _unwrapped(func(*examples, **kwargs), out_dims, level, func)
        size, flat, dims, spec = _prepared(in_dims, args, func)
        if chunk_size is None:
            return _run(func, size, flat, dims, spec, out_dims, randomness, kwargs)
        return _run_in_chunks(func, size, flat, dims, spec, out_dims, randomness, kwargs, chunk_size)

    return wrapped


def name_of(func: Any) -> str:
    """A function's name in messages."""
    name = getattr(func, "__name__", None)
    if name is None and isinstance(func, functools.partial):
        return f"functools.partial({name_of(func.func)}, ...)"
    return repr(func) if name is None else name


def _check_out_dims(out_dims: Any, func: Callable) -> None:
    if isinstance(out_dims, int):
        return
    for dim in tree_leaves(out_dims):
        if not (dim is None or isinstance(dim, int)):
            raise ValueError(
                f"vmap({name_of(func)}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python "
                "collection of ints representing where in the outputs the vmapped dimension should appear."
            )


def _prepared(in_dims: Any, args: tuple, func: Callable) -> tuple[int, list, list, TreeSpec]:
    """(number of examples, the arguments' leaves, the axis of each, their structure)."""

    def refuse(words: str) -> NoReturn:
        raise ValueError(f"vmap({name_of(func)}, in_dims={in_dims}, ...)(<inputs>): {words}")

    if not isinstance(in_dims, (int, tuple)):
        refuse(
            "expected `in_dims` to be int or a (potentially nested) tuple matching the structure of inputs, got: "
            f"{type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name_of(func)})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to "
            "vmap over a function with no inputs. The latter is unsupported."
        )
    flat, spec = tree_flatten(args)
    dims = broadcast_to_and_flatten(in_dims, spec)
    if dims is None:
        refuse(
            "in_dims is not compatible with the structure of `inputs`. in_dims has structure "
            f"{tree_flatten(in_dims)[1]} but inputs has structure {spec}."
        )
    sizes = []
    for i, (arg, dim) in enumerate(zip(flat, dims, strict=True)):
        if dim is None:
            continue
        if not isinstance(dim, int):
            refuse(f"Got in_dim={dim} for an input but in_dim must be either an integer dimension or None.")
        if not isinstance(arg, Tensor):
            refuse(
                f"Got in_dim={dim} for an input but the input is of type {type(arg)}. We cannot vmap over non-Tensor "
                "arguments, please use None as the respective in_dim"
            )
        rank = arg._array_.ndim
        if not -rank <= dim < rank:
            refuse(
                f"Got in_dim={dim} for some input, but that input is a Tensor of dimensionality {rank} so expected "
                f"in_dim to satisfy -{rank} <= in_dim < {rank}."
            )
        dims[i] = dim % rank
        sizes.append(arg._array_.shape[dim])
    if not sizes:
        raise ValueError(
            "vmap: Expected at least one Tensor to vmap over: all in_dims are None, so that there is no example"
        )
    if any([size != sizes[0] for size in sizes]):
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return sizes[0], flat, dims, spec


_NOT_KNOWN = -1  # the number of examples before the first argument is looked at


class _NotPlain(Exception):
    """Raised where the short way through arguments or outputs ends: what goes by pytrees does it, or says the error."""


def _in_plain_containers(tree: Any, dims: Any, function: Callable[[Any, Any], Any]) -> Any:
    """`function(leaf, dim)` of every leaf of a tree of tuples, lists and dicts that `dims` fits; else None.

    This is what nearly all arguments and outputs are, and takes a fraction of the time of pytrees with their specs.
    """
    try:
        return _mapped(tree, dims, function)
    except _NotPlain:
        return None


def _mapped(tree: Any, dims: Any, function: Callable[[Any, Any], Any]) -> Any:
    kind = type(tree)
    if kind is Tensor or kind is BatchedTensor:
        return function(tree, dims)
    same = dims is None or type(dims) is int
    if kind is tuple or kind is list:
        if same:
            return kind([_mapped(part, dims, function) for part in tree])
        if type(dims) is kind and len(dims) == len(tree):
            return kind([_mapped(part, dim, function) for part, dim in zip(tree, dims, strict=True)])
    elif kind is dict:
        if same:
            return {name: _mapped(part, dims, function) for name, part in tree.items()}
        if type(dims) is dict and dims.keys() == tree.keys():
            return {name: _mapped(part, dims[name], function) for name, part in tree.items()}
    elif node_of(tree) is None:
        return function(tree, dims)
    raise _NotPlain


def _entrance(level: Level) -> Callable[[Any, Any], Any]:
    """What takes a Tensor apart into the examples of a level, whose size is that of the first one."""
    places: dict[int, dict[str, int]] = {}

    def enter(x: Any, dim: Any) -> Any:
        if dim is None:
            return x
        if type(dim) is not int or not isinstance(x, Tensor):
            raise _NotPlain
        shape = x._array_.shape
        if dim < 0:
            dim += len(shape)
        if not 0 <= dim < len(shape):
            raise _NotPlain
        size = shape[dim]
        if size != level.size:
            if level.size != _NOT_KNOWN:
                raise _NotPlain
            level.size = size
        place = places.get(dim)
        if place is None:
            place = places[dim] = {"dim": dim, "level": level.number, "size": size}
        return batch_in.one(x, place)

    return enter


def batch_size(in_dims: Any, args: tuple, func: Callable) -> int:
    """How many examples the arguments of a call have. ValueError if that cannot be said."""
    return _prepared(in_dims, args, func)[0]


def _run(
    func: Callable, size: int, flat: list, dims: list, spec: TreeSpec, out_dims: Any, randomness: str, kwargs: dict
) -> Any:
    """Run `func` on all examples at once."""
    with Level("vmap", size, randomness) as level:
        places = {dim: {"dim": dim, "level": level.number, "size": size} for dim in dims if dim is not None}
        batched = [x if dim is None else batch_in.one(x, places[dim]) for x, dim in zip(flat, dims, strict=True)]
        outputs = func(*tree_unflatten(batched, spec), **kwargs)
        return _unwrapped(outputs, out_dims, level, func)


def chunk_sizes(total: int, size: int) -> list[int]:
    """How many examples there are in each chunk of at most `size`."""
    return [size] * (total // size) + ([total % size] if total % size else [])


def _run_in_chunks(
    func: Callable,
    size: int,
    flat: list,
    dims: list,
    spec: TreeSpec,
    out_dims: Any,
    randomness: str,
    kwargs: dict,
    chunk_size: int,
) -> Any:
    """The same, some of the examples at a time, whose results are joined."""
    # "Same" random numbers are those of all examples, whatever chunk they are in.
    state = get_rng_state() if randomness == "same" else None
    results: list[list] = []
    out_spec: Any = None
    start = 0
    for count in chunk_sizes(size, chunk_size) or [0]:
        if state is not None:
            set_rng_state(state)
        part = [x if dim is None else x.narrow(dim, start, count) for x, dim in zip(flat, dims, strict=True)]
        outputs = _run(func, count, part, dims, spec, out_dims, randomness, kwargs)
        leaves, out_spec = tree_flatten(outputs)
        results.append(leaves)
        start += count
    where: Any = broadcast_to_and_flatten(out_dims, out_spec)
    if where is None:  # (0,) for the one output
        where = list(out_dims)
    joined = []
    for dim, parts in zip(where, zip(*results, strict=True), strict=True):
        if dim is None:
            raise TypeError(
                f"vmap({name_of(func)}, ..., out_dims={out_dims}, chunk_size={chunk_size}): the results of the chunks "
                "are joined along out_dims, which must not be None: cat() received an invalid combination of arguments"
            )
        joined.append(cat(parts, dim))
    return tree_unflatten(joined, out_spec)


def _unwrapped(outputs: Any, out_dims: Any, level: Level, func: Callable) -> Any:
    """The outputs with the axis of the examples where `out_dims` says."""
    if out_dims is None or type(out_dims) is int or type(outputs) is not BatchedTensor:
        found = _in_plain_containers(outputs, out_dims, lambda x, dim: _taken_out(x, dim, level, func))
        if found is not None:
            return found
    flat, spec = tree_flatten(outputs)
    dims: Any = None
    if not isinstance(outputs, Tensor):
        dims = broadcast_to_and_flatten(out_dims, spec)
    elif out_dims is None or isinstance(out_dims, int):
        dims = [out_dims]
    elif isinstance(out_dims, tuple) and len(out_dims) == 1:
        dims = list(out_dims)
    if dims is None:
        raise ValueError(
            f"vmap({name_of(func)}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with the structure "
            f"of `outputs`. out_dims has structure {tree_flatten(out_dims)[1]} but outputs has structure {spec}."
        )
    return tree_unflatten([_taken_out(x, dim, level, func) for x, dim in zip(flat, dims, strict=True)], spec)


def _taken_out(output: Any, dim: int | None, level: Level, func: Callable) -> Any:
    if dim is None:
        if isinstance(output, BatchedTensor) and level.number in output._array_.levels:
            name = name_of(func)
            raise ValueError(f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None")
        return output
    if not isinstance(output, Tensor):
        name = name_of(func)
        raise ValueError(
            f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(output)}. Did you mean to set "
            "out_dims= to None for output?"
        )
    if not isinstance(dim, int):
        name = name_of(func)
        raise TypeError(f"vmap({name}, ..., out_dims): expected an int or None for a Tensor in the output, got {dim!r}")
    rank = output._array_.ndim + 1
    if not -rank <= dim < rank:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})")
    return batch_out(output, dim=dim % rank, level=level.number, size=level.size)

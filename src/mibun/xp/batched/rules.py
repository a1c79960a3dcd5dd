"""How functions of the namespace below work on batched arrays: by kind, as few as there are ways to treat hidden axes.

A rule is called when one of the arguments is batched. `pointwise`: the operands are aligned, and broadcasting does the
rest. `leading`: the function is about the last axes and takes any number of axes before them. `along`: an argument
`axis` is counted from behind the hidden axes. `single`: written for one hidden axis; several are made one. What has no
rule is called for one example after the other, with PyTorch's kind of warning.
"""

from __future__ import annotations

import functools
import itertools
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.registry import LEADING, NAMESPACES
from ...core.site import stacklevel
from .array import Batched, elementwise, levels_of, physical, sizes_of, spread
from .library import is_array, xp

RULES: dict[str, Callable] = {}
POINTWISE: set[str] = set()

# The functions of the namespace below that have no rule, and so go from example to example (see `looped`): all of them.
LOOPED: frozenset[str] = frozenset()
# Those that never get an array: what they make is the same for all examples.
MAKERS = frozenset("arange empty eye iinfo isdtype linspace ones scalar zeros".split())

# Those whose results are put off, where their levels are over, until somebody looks at more than their sum over the
# examples (see `Deferred`); with `late=False` they are not.
PUT_OFF = frozenset("add_rows correlate_weights einsum matmul outer_product tensordot".split())


def rule(*names: str) -> Callable[[Callable], Callable]:
    """Register a function as what these names do when an argument is batched."""

    def register(function: Callable) -> Callable:
        for name in names:
            RULES[name] = function
        return function

    return register


# Those whose rules look for themselves whether an argument is batched: they are called without a further function.
LOOKING: set[str] = set()


def looking(name: str) -> Callable[[Callable], Callable]:
    """Register a rule that is also called where no argument is batched, and then calls `among_unbatched`."""
    LOOKING.add(name)
    return rule(name)


def among_unbatched(name: str, *args: Any, **kwargs: Any) -> Any:
    """What a function does where no argument is batched: a sparse array may be the same for all examples."""
    if type(args[0]) in LEADING:
        return getattr(NAMESPACES[type(args[0])], name)(*args, **kwargs)
    return getattr(xp, name)(*args, **kwargs)


def below(name: str) -> Callable:
    """The function of the namespace below the batched arrays."""
    return getattr(xp, name)


def rewrapped(result: Any, levels: tuple[int, ...]) -> Any:
    """What a function of whole arrays has returned, as batched arrays."""
    if isinstance(result, (tuple, list)):
        return (
            type(result)([rewrapped(one, levels) for one in result])
            if type(result) in (tuple, list)
            else tuple([rewrapped(one, levels) for one in result])
        )
    return Batched(result, levels)


def pointwise(*names: str) -> None:
    """Functions of each element for itself."""
    POINTWISE.update(names)


def of_elements(f: Callable) -> Callable:
    """A function of each element for itself, for batched arrays and others, with short ways for the commonest."""

    def function(*args: Any, **kwargs: Any) -> Any:
        x = args[0]
        if len(args) == 1:
            if type(x) is not Batched:
                return f(x, **kwargs)
            out = f(x.array, **kwargs)
            if type(out) is tuple:
                return tuple([Batched(one, x.levels) for one in out])
            return Batched(out, x.levels)
        if type(x) is Batched and not kwargs and len(args) == 2:
            y = args[1]
            if type(y) is Batched:
                one, other = x.array, y.array
                if one.ndim == other.ndim and x.levels == y.levels:
                    return Batched(f(one, other), x.levels)
            elif getattr(y, "ndim", 0) <= x.array.ndim - len(x.levels):
                return Batched(f(x.array, y), x.levels)
        for arg in args:
            if type(arg) is Batched:
                return elementwise(f, args, kwargs)
        return f(*args, **kwargs)

    return function


def leading(*names: str, ranks: tuple[int, ...] = (2,)) -> None:
    """Functions of the last axes: `ranks` of the operands, one after the other (the last one holds for the rest)."""
    for name in names:

        def function(*args: Any, _name: str = name, **kwargs: Any) -> Any:
            levels = levels_of(args)
            batched = [x for x in args if type(x) is Batched]
            if len(batched) == 1:
                extra = 0
                others = [x for x in args if type(x) is not Batched and is_array(x)]
                if not others:
                    whole = [x.array if type(x) is Batched else x for x in args]
                    return rewrapped(below(_name)(*whole, **kwargs), levels)
            operands = [x for x in args if type(x) is Batched or is_array(x)]
            extra = max([x.ndim - ranks[min(i, len(ranks) - 1)] for i, x in enumerate(operands)])
            position = itertools.count()
            whole = []
            for x in args:
                if type(x) is Batched or is_array(x):
                    rank = ranks[min(next(position), len(ranks) - 1)]
                    x = physical(x, levels, extra + rank)
                whole.append(x)
            return rewrapped(below(_name)(*whole, **kwargs), levels)

        RULES[name] = function


def along(*names: str) -> None:
    """Functions of one operand along the axis that is their second argument, or called `axis`."""
    for name in names:

        def function(x: Any, axis: Any, *args: Any, _name: str = name, **kwargs: Any) -> Any:
            return rewrapped(below(_name)(x.array, shifted(axis, x), *args, **kwargs), x.levels)

        RULES[name] = function


def shifted(axis: Any, x: Batched) -> Any:
    """Axes of one example as those of the whole array: one, several, or all where none is given."""
    k, n = len(x.levels), max(x.ndim, 1)
    if axis is None:
        return tuple(range(k, x.array.ndim))
    if isinstance(axis, (int, np.integer)):
        return int(axis) % n + k
    return tuple([a % n + k for a in axis])


def map_arrays(function: Callable, args: Any) -> Any:
    """The arguments with `function` applied to each batched array among them, in tuples and lists too."""
    return [
        function(x) if type(x) is Batched else type(x)(map_arrays(function, x)) if type(x) in (tuple, list) else x
        for x in args
    ]


def batched_in(args: Any) -> list[Batched]:
    """The batched arrays among arguments, in tuples and lists too."""
    found = []
    for x in args:
        if type(x) is Batched:
            found.append(x)
        elif type(x) in (tuple, list):
            found.extend(batched_in(x))
    return found


def single(*names: str) -> Callable[[Callable], Callable]:
    """Register a rule that is written for one hidden axis: every batched array that it gets has the same single one."""

    def register(function: Callable) -> Callable:
        @functools.wraps(function)
        def folded(*args: Any, **kwargs: Any) -> Any:
            found = batched_in(args)
            levels = levels_of(found)
            sizes = sizes_of(found)
            if 0 in sizes.values():
                return without_examples(folded, args, kwargs)
            if len(levels) == 1:
                return function(*args, **kwargs)
            hidden = tuple([sizes[level] for level in levels])
            count = math.prod(hidden)
            one = (levels[-1],)

            def fold(x: Batched) -> Batched:
                return Batched(spread(x, levels, sizes).reshape((count, *x.shape)), one)

            def unfold(result: Any) -> Any:
                if type(result) is Batched:
                    return Batched(result.array.reshape((*hidden, *result.shape)), levels)
                if type(result) in (tuple, list):
                    return type(result)([unfold(part) for part in result])
                return result

            return unfold(function(*map_arrays(fold, args), **kwargs))

        return rule(*names)(folded)

    return register


def without_examples(function: Callable, args: Any, kwargs: dict[str, Any]) -> Any:
    """What a function gives where there are no examples, of the shape that it has for one."""

    def blank(x: Batched) -> Batched:
        k = len(x.levels)
        return Batched(xp.zeros((*[max(n, 1) for n in x.array.shape[:k]], *x.shape), dtype=x.dtype), x.levels)

    sizes = sizes_of(batched_in(args))

    def emptied(result: Any) -> Any:
        if type(result) is Batched:
            return Batched(result.array[tuple([slice(sizes[level]) for level in result.levels])], result.levels)
        return type(result)([emptied(part) for part in result]) if type(result) in (tuple, list) else result

    return emptied(function(*map_arrays(blank, args), **kwargs))


def whole(x: Any, like: Batched) -> Any:
    """For `single` rules: the array of x with the hidden axis of `like`, repeated where x is not batched."""
    if type(x) is Batched:
        return x.array
    x = xp.asarray(x)
    return xp.broadcast_to(x, (like.array.shape[0], *x.shape))


def rows_of(array: Any) -> Any:
    """The array as a matrix, a row for each example (-1 in a shape is not known where there are none)."""
    return array.reshape((array.shape[0], math.prod(array.shape[1:])))


def joined(array: Any, count: int) -> Any:
    """The array with its first `count` axes made one."""
    return array.reshape((math.prod(array.shape[:count]), *array.shape[count:]))


def looped(name: str, of_one: Callable | None = None) -> Callable:
    """The function `name`, of the namespace below or `of_one`, for one example after the other."""

    def function(*args: Any, **kwargs: Any) -> Any:
        found = batched_in(args)
        levels, sizes = levels_of(found), sizes_of(found)
        if 0 in sizes.values():
            return without_examples(function, args, kwargs)
        hidden = tuple([sizes[level] for level in levels])
        warn_of_loop(name)
        results = []
        for place in itertools.product(*[range(size) for size in hidden]):
            where = dict(zip(levels, place, strict=True))
            example = map_arrays(lambda x: x.array[tuple([where[level] for level in x.levels])], args)  # noqa: B023
            results.append((of_one or below(name))(*example, **kwargs))
        return stacked(results, hidden, levels)

    return function


def stacked(results: list, hidden: tuple[int, ...], levels: tuple[int, ...]) -> Any:
    """The results for the examples as batched arrays; what is no array has to be the same for all."""
    first = results[0]
    if isinstance(first, (tuple, list)):
        return type(first)([stacked([one[i] for one in results], hidden, levels) for i in range(len(first))])
    if not isinstance(first, np.generic) and not is_array(first):
        if any(one != first for one in results):
            raise RuntimeError("vmap: something other than values would be different for each example")
        return first
    if any(one.shape != first.shape for one in results):
        raise RuntimeError(
            "vmap: We do not support batching operators that can output dynamic shape: the examples' results would be "
            "of different shapes"
        )
    whole = xp.stack([xp.asarray(one) for one in results], axis=0)
    return Batched(whole.reshape((*hidden, *first.shape)), levels)


def warn_of_loop(name: str) -> None:
    """PyTorch's warning about an operator that runs for one example after the other."""
    warnings.warn(
        f"There is a performance drop because we have not yet implemented the batching rule for {name}: it is computed "
        "for one example after the other.",
        UserWarning,
        stacklevel=stacklevel(),
    )

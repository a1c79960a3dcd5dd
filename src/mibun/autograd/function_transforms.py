"""User-written Functions inside of transforms of functions (`vmap`, `grad`, `jvp`, ...): what PyTorch asks of them.

Under `grad` and `jvp` a Function is one node like any other. Under `vmap` it says how it treats examples: with
`generate_vmap_rule = True` its own methods run on batched Tensors, like everything else; or its `vmap` static method is
given the Tensors with the axis of the examples, and says where that is in the outputs. What the latter does is recorded
for the transforms outside of that vmap; for those inside of it, the Function's backward and jvp hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..core.batching import BatchedTensor, Level
from ..core.mode import MODE, Mode
from ..core.node import SEQUENCE, Node
from ..core.pytree import broadcast_to_and_flatten, tree_flatten, tree_leaves, tree_unflatten
from ..core.site import creation_site
from ..core.tangents import copy_tangents
from ..core.tensor import Tensor, wrap
from ..core.views import NOWHERE_EDGE, View, counter_of, edge_of, own_array
from ..ops.shape.examples import batch_in, batch_out

_MORE = "For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"


class VmapInfo(NamedTuple):
    """What the `vmap` static method of a Function is told: the number of examples, and what random numbers are.

    randomness: "error", "different" (for each example) or "same", as for `vmap`.
    """

    batch_size: int
    randomness: str


def apply_within(apply: Callable, cls: Any, args: tuple, kwargs: dict, has_setup: bool, has_rule: bool) -> Any:
    """Apply a Function where transforms are running: by its rule at the innermost vmap that batches an argument.

    apply: does it without regard to them: `apply(cls, args, kwargs, forward)`, with another forward unless that is
    None. has_setup, has_rule: whether the class gives `setup_context` and `vmap` itself. RuntimeError for what PyTorch
    refuses: no `setup_context`, under vmap no rule, or two of them.
    """
    if not has_setup:
        raise RuntimeError(
            "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must "
            f"override the setup_context staticmethod. {_MORE} ({cls.__name__}.forward must not take ctx then)"
        )
    mode = MODE.get()
    transforms = mode.transforms
    for level in transforms:
        level.functions = True
    if not any([_is_vmap(level) for level in transforms]):
        return apply(cls, args, kwargs, None)
    _check_rule(cls, kwargs, has_rule)
    if cls.generate_vmap_rule:
        return apply(cls, args, kwargs, None)
    values = tree_leaves(args)
    for place in reversed(range(len(transforms))):
        level = transforms[place]
        if _is_vmap(level) and any([_is_batched(value, level) for value in values]):
            outside = mode.replace(transforms=transforms[:place])
            if any([inner.kind != "vmap" for inner in transforms[place + 1 :]]):
                return _by_both(apply, cls, args, kwargs, level, outside)
            return _by_rule(cls, args, level, outside)
    return apply(cls, args, kwargs, None)


def _is_vmap(level: Level) -> bool:
    return level.kind == "vmap" and not level.implicit


def _is_batched(value: Any, level: Level) -> bool:
    return isinstance(value, BatchedTensor) and level.number in value._array_.levels


def _check_rule(cls: Any, kwargs: dict, has_rule: bool) -> None:
    if any([isinstance(value, Tensor) for value in tree_leaves(kwargs)]):
        raise NotImplementedError(
            "Run vmap on autograd.Function with kwarg-only Tensor args. Please do not pass kwarg-only Tensors to "
            f"autograd.Function. Got: {list(kwargs)}"
        )
    if cls.generate_vmap_rule and has_rule:
        raise RuntimeError(
            f"You tried to vmap over {cls.__name__}, but it has both generate_vmap_rule=True and an overridden vmap "
            "staticmethod. Please set generate_vmap_rule=False or delete the overridden vmap staticmethod to avoid "
            f"ambiguity. {_MORE}"
        )
    if not (cls.generate_vmap_rule or has_rule):
        raise RuntimeError(
            f"You tried to vmap over {cls.__name__}, but it does not have vmap support. Please override and implement "
            f"the vmap staticmethod or set generate_vmap_rule=True. {_MORE}"
        )


def _by_rule(cls: Any, args: tuple, level: Level, outside: Mode, alone: bool = True) -> Any:
    """The outputs that the Function's own `vmap` gives, as Tensors of that level; it runs outside of the level.

    alone: what it does to its arguments in place is all that happens to them. Else only to aliases of them.
    """
    mode = MODE.get()
    MODE.set(outside)
    try:
        flat, spec = tree_flatten(args)
        dims = [_dim_of(value, level) for value in flat]
        shown = [_shown(value if alone else _alias(value), dim, level) for value, dim in zip(flat, dims, strict=True)]
        given = tree_unflatten(shown, spec)
        result = cls.vmap(VmapInfo(level.size, level.randomness), tree_unflatten(dims, spec), *given)
        what = (
            "Expected the vmap staticmethod to have two returns, an output and out_dims with pytree structure "
            "compatible with the output. "
        )
        if not isinstance(result, tuple):
            raise RuntimeError(f"{what}Got a {type(result)} instead")
        if len(result) != 2:
            raise RuntimeError(f"{what}Got {len(result)} returns instead")
        outputs, out_dims = result
        values, out_spec = tree_flatten(outputs)
        found = broadcast_to_and_flatten(out_dims, out_spec)
        if found is None:
            raise RuntimeError(
                "The autograd.Function's vmap staticmethod returned an incompatible (output, out_dims) tuple. Expected "
                f"out_dims={out_dims} to be compatible with the structure of `output`. out_dims has structure "
                f"{tree_flatten(out_dims)[1]} but output has structure {out_spec}. {_MORE}"
            )
        same = {id(one): value for one, value in zip(shown, flat, strict=True)}  # what is given back as it came
        results = [
            same[id(value)] if id(value) in same else _hidden(value, dim, level)
            for value, dim in zip(values, found, strict=True)
        ]
    finally:
        MODE.set(mode)
    return tree_unflatten(results, out_spec)


def _by_both(apply: Callable, cls: Any, args: tuple, kwargs: dict, level: Level, outside: Mode) -> Any:
    """Within a transform inside of the vmap: that one goes by the Function's methods, those outside by its rule."""
    edges: list = []

    # The levels of forward mode outside of the vmap go by the rule as well.
    outer = tuple([number for number in outside.dual_levels if number < level.number])

    def forward(*operands: Any) -> Any:
        values, spec = tree_flatten(_by_rule(cls, operands, level, outside.replace(dual_levels=outer), alone=False))
        given = {id(value) for value in tree_leaves(operands)}
        bare = []
        for value in values:
            edge = None
            if isinstance(value, Tensor) and id(value) not in given:
                edge = edge_of(value)
                value = wrap(own_array(value))
            edges.append(edge)
            bare.append(value)
        return tree_unflatten(bare, spec)

    results = apply(cls, args, kwargs, forward)
    for value, edge in zip(tree_leaves(results), edges, strict=True):
        if edge not in (None, NOWHERE_EDGE) and type(value._edge_) is tuple:
            node = _EitherBackward()
            node.level = level
            node.edges = (value._edge_, edge)
            node.sequence_nr = next(SEQUENCE)
            node.site = creation_site()
            node.shape, node.dtype = value._array_.shape, value._array_.dtype
            value._edge_ = (node, 0)
    return results


class _EitherBackward(Node):
    """Behind an output that has two histories: while the vmap runs the Function's, afterwards that of its rule."""

    level: Any = None

    def name(self) -> str:
        return self.edges[0][0].name()  # type: ignore[index]

    def run(self, grad: Any) -> tuple:
        return (grad, None) if self.level in MODE.get().transforms else (None, grad)

    run_recorded = run


def _alias(value: Any) -> Any:
    """A Tensor on the same memory with the same history, whose history changes alone."""
    if not isinstance(value, Tensor):
        return value
    result = wrap(own_array(value))
    result._version_counter_ = counter_of(value)
    result._edge_ = edge_of(value)
    copy_tangents(value, result, lambda tangent: tangent.clone())  # which may be modified in place as well
    return result


def _dim_of(value: Any, level: Level) -> int | None:
    """Which axis of a value has the examples: the one that it had before vmap hid it, if it just did."""
    if not _is_batched(value, level):
        return None
    view = value._edge_
    if type(view) is View:
        op, params, _ = view.chain[-1]
        if op is batch_in and params["level"] == level.number:
            return params["dim"]
    return 0


def _shown(value: Any, dim: int | None, level: Level) -> Any:
    return value if dim is None else batch_out(value, dim=dim, level=level.number, size=level.size)


def _hidden(value: Any, dim: Any, level: Level) -> Any:
    if dim is None or not isinstance(value, Tensor):
        return value
    rank = value._array_.ndim
    if not -rank <= dim < rank:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim}): out_dims of "
            "the vmap staticmethod"
        )
    return batch_in(value, dim=dim % rank, level=level.number, size=level.size)


__all__ = ["VmapInfo", "apply_within"]

"""`torch.utils.flop_counter`: how many floating-point operations a program makes, by Module and by operator.

Counted are matrix products, convolutions and attention, two for each multiplication with the addition that follows
(the product of an m by k and a k by n matrix has 2 m n k), in forward and in backward.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..core.tensor import Tensor
from ..nn.modules.module import Module
from ..ops.aten import packet
from ._python_dispatch import TorchDispatchMode
from .module_tracker import ModuleTracker

__all__ = ["FlopCounterMode", "register_flop_formula"]


def get_shape(i: Any) -> Any:
    """The shape of a Tensor; anything else as it is."""
    return tuple(i.shape) if isinstance(i, Tensor) else i


flop_registry: dict[Any, Callable[..., int]] = {}


def _shaped(formula: Callable[..., int]) -> Callable[..., int]:
    """A formula that is given shapes in place of Tensors, and `out_shape`."""

    @functools.wraps(formula)
    def count(*args: Any, out_val: Any = None, **kwargs: Any) -> int:
        shapes = [_shapes_in(one) for one in args]
        return formula(*shapes, out_shape=_shapes_in(out_val), **{key: _shapes_in(v) for key, v in kwargs.items()})

    return count


def _shapes_in(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and any(isinstance(one, Tensor) for one in value):
        return type(value)([get_shape(one) for one in value])
    return get_shape(value)


def register_flop_formula(targets: Any, get_raw: bool = False) -> Callable[[Callable], Callable]:
    """Decorator: the function counts the operations of one operator of `torch.ops`, or several.

    It is called with the operator's arguments, shapes in place of Tensors, and `out_shape`. get_raw: with the Tensors
    themselves, and `out_val`. RuntimeError for an operator that has a formula, ValueError for what is no operator.

    >>> import mibun as torch
    >>> from mibun.utils.flop_counter import FlopCounterMode, register_flop_formula
    >>> @register_flop_formula(torch.ops.aten.sinh)
    ... def sinh_flop(shape, *, out_shape=None, **kwargs):
    ...     return 4 * shape[0]
    >>> with FlopCounterMode(display=False) as counter:
    ...     _ = torch.sinh(torch.ones(3))
    >>> counter.get_total_flops()
    12
    """

    def register(formula: Callable) -> Callable:
        counting = formula if get_raw else _shaped(formula)
        for target in targets if isinstance(targets, (list, tuple)) else [targets]:
            if not hasattr(target, "__name__") or not callable(target):
                raise ValueError(
                    f"register_flop_formula(targets): expected each target to be OpOverloadPacket (i.e. "
                    f"torch.ops.mylib.foo), got {target} which is of type {type(target)}"
                )
            key = getattr(target, "overloadpacket", target)
            if key in flop_registry:
                raise RuntimeError(f"duplicate registrations for {key}")
            flop_registry[key] = counting
        return formula

    return register


# --- the formulas ---


def _aten(*names: str) -> list[Any]:
    return [packet(name) for name in names]


@register_flop_formula(_aten("mm"))
def mm_flop(a_shape: Sequence[int], b_shape: Sequence[int], *args: Any, out_shape: Any = None, **kwargs: Any) -> int:
    """(m, k) by (k, n); further axes of the first factor count as rows."""
    return 2 * math.prod(out_shape if out_shape is not None else (*a_shape[:-1], b_shape[-1])) * a_shape[-1]


@register_flop_formula(_aten("addmm"))
def addmm_flop(self_shape: Any, a_shape: Any, b_shape: Any, out_shape: Any = None, **kwargs: Any) -> int:
    """The product; the sum is not counted."""
    return mm_flop(a_shape, b_shape, out_shape=out_shape)


@register_flop_formula(_aten("bmm"))
def bmm_flop(a_shape: Sequence[int], b_shape: Sequence[int], out_shape: Any = None, **kwargs: Any) -> int:
    """(b, m, k) by (b, k, n); more batch axes count as one."""
    return 2 * math.prod(a_shape) * b_shape[-1]


@register_flop_formula(_aten("baddbmm"))
def baddbmm_flop(self_shape: Any, a_shape: Any, b_shape: Any, out_shape: Any = None, **kwargs: Any) -> int:
    """The products; the sum is not counted."""
    return bmm_flop(a_shape, b_shape)


def conv_flop_count(
    x_shape: Sequence[int], w_shape: Sequence[int], out_shape: Sequence[int], transposed: bool = False
) -> int:
    """Each place of the result (of the input, if transposed) meets the whole kernel of all channels."""
    batch, places = x_shape[0], (x_shape if transposed else out_shape)[2:]
    c_out, c_in, *filter_size = w_shape
    return 2 * batch * math.prod(places) * math.prod(filter_size) * c_out * c_in


@register_flop_formula(_aten("convolution", "_convolution"))
def conv_flop(
    x_shape: Any,
    w_shape: Any,
    _bias: Any,
    _stride: Any,
    _padding: Any,
    _dilation: Any,
    transposed: bool,
    *args: Any,
    out_shape: Any = None,
    **kwargs: Any,
) -> int:
    """See `conv_flop_count`."""
    return conv_flop_count(x_shape, w_shape, out_shape, transposed=transposed)


def _swapped(shape: Sequence[int]) -> tuple[int, ...]:
    return (shape[1], shape[0], *shape[2:])


def conv_weight_flop(x_shape: Any, grad_out_shape: Any, w_shape: Any, transposed: bool) -> int:
    """The gradient of a convolution's kernel: one of images by images, with examples for channels."""
    if transposed:
        return conv_flop_count(_swapped(grad_out_shape), _swapped(x_shape), _swapped(w_shape))
    return conv_flop_count(_swapped(x_shape), _swapped(grad_out_shape), _swapped(w_shape))


# --- the mode ---

_SUFFIXES = ["", "K", "M", "B", "T"]


def get_suffix_str(number: int) -> str:
    """The unit for a number of operations: thousands, millions, ... as long as there are two digits before it."""
    return _SUFFIXES[max(0, min(len(_SUFFIXES) - 1, (len(str(number)) - 2) // 3))]


def convert_num_with_suffix(number: int, suffix: str) -> str:
    """The number in a unit, with three digits after the point."""
    return f"{number / 1000 ** _SUFFIXES.index(suffix):.3f}{suffix}"


def convert_to_percent_str(num: int, denom: int) -> str:
    """The share of a number in another, in percent."""
    return "0%" if denom == 0 else f"{num / denom:.2%}"


class FlopCounterMode(TorchDispatchMode):
    """Counts floating-point operations while it is entered, backward included.

    mods: not used any more; Modules are known by their calls. depth: how many levels of Modules the table has. display:
    print the table at the end. custom_mapping: packet of `torch.ops` -> formula, called as `register_flop_formula`
    says, for further operators or in the place of others.

    >>> import mibun as torch
    >>> from mibun.utils.flop_counter import FlopCounterMode
    >>> with FlopCounterMode(display=False) as counter:
    ...     _ = torch.ones(2, 3) @ torch.ones(3, 4)
    >>> counter.get_total_flops()
    48
    """

    def __init__(
        self,
        mods: Module | list[Module] | None = None,
        depth: int = 2,
        display: bool = True,
        custom_mapping: dict[Any, Any] | None = None,
    ) -> None:
        super().__init__()
        if mods is not None:
            import warnings

            warnings.warn(
                "mods argument is not needed anymore, you can stop passing it",
                stacklevel=2,
            )
        self.flop_counts: dict[str, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
        self.depth = depth
        self.display = display
        custom = custom_mapping or {}
        self.flop_registry = {
            **flop_registry,
            **{key: one if getattr(one, "_get_raw", False) else _shaped(one) for key, one in custom.items()},
        }
        self.mod_tracker = ModuleTracker()

    def get_total_flops(self) -> int:
        """All operations."""
        return sum(self.flop_counts["Global"].values())

    def get_flop_counts(self) -> dict[str, dict[Any, int]]:
        """Module's dotted name (its class first), "Global" for everything -> operator -> operations."""
        return {name: dict(counts) for name, counts in self.flop_counts.items()}

    def get_table(self, depth: int | None = None) -> str:
        """The counts as a table. Needs the package `tabulate` (ImportError)."""
        import tabulate  # pyright: ignore[reportMissingModuleSource]

        tabulate.PRESERVE_WHITESPACE = True
        depth = self.depth if depth is None else depth
        total = self.get_total_flops()
        suffix = get_suffix_str(total)
        is_global_shown = False

        def rows_of(name: str, level: int) -> list[list[str]]:
            nonlocal is_global_shown
            counts = self.flop_counts[name]
            sum_here = sum(counts.values())
            is_global_shown |= sum_here >= total
            padding = " " * level
            rows = [
                [padding + name, convert_num_with_suffix(sum_here, suffix), convert_to_percent_str(sum_here, total)]
            ]
            for operator, count in counts.items():
                rows.append(
                    [
                        f"{padding} - {operator}",
                        convert_num_with_suffix(count, suffix),
                        convert_to_percent_str(count, total),
                    ]
                )
            return rows

        values: list[list[str]] = []
        for name in sorted(self.flop_counts):
            if name == "Global":
                continue
            level = name.count(".") + 1
            if level <= depth:
                values += rows_of(name, level - 1)
        # (Where one Module has made all of it, the line for everything says nothing more.)
        if "Global" in self.flop_counts and not is_global_shown:
            for row in values:
                row[0] = f" {row[0]}"
            values = rows_of("Global", 0) + values
        if not values:
            values = [["Global", "0", "0%"]]
        return tabulate.tabulate(values, headers=["Module", "FLOP", "% Total"], colalign=("left", "right", "right"))

    def __enter__(self) -> FlopCounterMode:
        self.flop_counts.clear()
        self.mod_tracker.__enter__()
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self.mod_tracker.__exit__(*error)
        if self.display:
            print(self.get_table(self.depth))

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Runs the operator, and counts it."""
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        return self._count_flops(func, out, args, kwargs)

    def _count_flops(self, func: Any, out: Any, args: tuple, kwargs: dict) -> Any:
        called = func.overloadpacket
        op = getattr(func, "applied", None)
        if op is not None and op.name == "convolve_weights":
            called, count = packet("convolution_backward"), _of_weights(func, out)
        elif op is not None and op.name == "contract":
            called, count = packet("bmm"), _of_contraction(func)
        else:
            formula = self.flop_registry.get(called)
            if formula is None:
                return out
            if called is packet("convolution") and self._node is not None:
                called = packet("convolution_backward")
            count = formula(*args, **kwargs, out_val=out)
        for parent in _names(self.mod_tracker.parents):
            self.flop_counts[parent][called] += count
        return out


def _of_weights(func: Any, out: Tensor) -> int:
    """The count of `convolve_weights`, whose operands are the gradient of the result and the input.

    For a transposed convolution the two have changed places, and so have they in its formula.
    """
    grad, image = func.applied_to
    return conv_weight_flop(tuple(image.shape), tuple(grad.shape), tuple(out.shape), transposed=False)


def _of_contraction(func: Any) -> int:
    """A product of two tensors summed over labels: every combination of the labels' values is one multiplication."""
    sizes: dict[Any, int] = {}
    for labels, operand in zip(func.given["labels"], func.applied_to, strict=False):
        sizes.update(zip(labels, operand.shape, strict=True))
    return 2 * math.prod(sizes.values())


def _names(parents: Iterable[str]) -> set[str]:
    return set(parents)

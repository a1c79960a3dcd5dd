"""How tensors are printed inside of function transforms: what each level has made of them, around what is inside.

`BatchedTensor(lvl=1, bdim=0, value=...)` is of a `vmap`, `GradTrackingTensor(lvl=1, value=...)` of a transform that
differentiates; lvl counts the transforms that are running, from 1, the outermost.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import numpy as np

from ..core.batching import EntranceBackward, Level, current_levels, mapped_axis
from ..core.node import LEAF
from ..core.tensor import Tensor, wrap
from ..xp.batched import over


def repr_in_levels(tensor: Tensor, inner: Callable[[Tensor, list[str]], str]) -> str | None:
    """The text of a tensor that some level has to do with; None for others.

    inner: makes the text of the innermost value, given what is to be written after its numbers about its history.
    """
    levels = current_levels()
    batched = getattr(tensor._array_, "levels", ())
    tracking = tracking_levels(tensor, levels)
    if not batched and not tracking:
        return None
    found = list(batched)
    around = []
    array = tensor._array_
    for place, level in reversed(list(enumerate(levels, 1))):
        if level.number in found:
            dim = mapped_axis(tensor, level.number)
            around.append(f"BatchedTensor(lvl={place}, bdim={dim}, value=")
            found.remove(level.number)
            array = over(array).out_of_examples(array, dim, level.number, level.size)
        elif level in tracking:
            around.append(f"GradTrackingTensor(lvl={place}, value=")
    while found:  # by a vmap that is over
        around.append("BatchedTensor(lvl=DEAD, bdim=0, value=")
        number = found.pop()
        array = over(array).out_of_examples(array, 0, number, 0)
    text = inner(wrap(np.asarray(array)), [] if tracking else _history(tensor))
    for line in reversed(around):
        text = f"{line}\n{textwrap.indent(text, '    ')}\n)"
    return text


def tracking_levels(tensor: Tensor, levels: list[Level]) -> list[Level]:
    """The running levels that differentiate by something that the tensor depends on."""
    found: dict[int, Level] = {}
    differentiating = [level for level in levels if level.kind != "vmap"]
    edge = tensor._edge_ if differentiating else None
    if edge is not None and edge is not LEAF and type(edge) is not tuple:
        edge = edge.resolve(tensor)
    pending = [edge] if type(edge) is tuple else []
    seen = set()
    while pending:
        node, output_nr = pending.pop()
        if output_nr is None or node in seen:
            continue
        seen.add(node)
        if isinstance(node, EntranceBackward):
            made_in = [level for level in differentiating if level.first <= node.sequence_nr]
            if made_in:
                found[made_in[-1].number] = made_in[-1]
        pending.extend([other for other in node.edges if other is not None])
    return list(found.values())


def _history(tensor: Tensor) -> list[str]:
    """`requires_grad=True` or the node, as the value outside of the transforms has it."""
    node = tensor.grad_fn
    while node is not None and node.name().startswith("BatchIn"):
        node = node.next_functions[0][0]
    if node is not None and node.name() != "torch::autograd::AccumulateGrad":
        return [f"grad_fn=<{node.name().rpartition('::')[2]}>"]
    return ["requires_grad=True"] if tensor.requires_grad else []

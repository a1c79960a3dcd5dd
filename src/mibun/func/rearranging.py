"""`rearrange`: the axes of a Tensor taken apart, moved and merged as a pattern says.

The notation is that of A. Rogozhnikov, "Einops: Clear and reliable tensor manipulations with Einstein-like notation",
ICLR 2022: two lists of axes with an arrow between, parentheses around the factors of one axis.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ..core.tensor import Tensor
from ..ops.shape.joining import stack

_TOKEN = re.compile(r"\s*(\.\.\.|\w+|[()])")


def rearrange(tensor: Tensor | list[Tensor] | tuple[Tensor, ...], pattern: str, **axes_lengths: int) -> Tensor:
    """A Tensor whose axes are arranged as the right side of a pattern, from that of the left side.

    tensor: or a sequence of Tensors, which are stacked along a new first axis. pattern: names of axes on both sides of
    an arrow; `(a b)` is an axis made of several, the last of which changes fastest, `1` or `()` one of length 1, `...`
    any number of axes. axes_lengths: the lengths of axes that cannot be told from the shape. The result may be a view.

    ValueError for patterns that are none, or do not fit the Tensor; TypeError for lengths that are no ints.

    >>> import mibun as torch
    >>> images = torch.zeros(8, 32, 40, 3)
    >>> torch.func.rearrange(images, "b (h two) w c -> b c (two w) h", two=2).shape
    torch.Size([8, 3, 80, 16])
    """
    whole: Tensor = tensor if isinstance(tensor, Tensor) else stack(tensor)
    for name, length in axes_lengths.items():
        if not isinstance(length, int):
            raise TypeError(f"rearrange axis lengths must be integers, got: {type(length)} for {name}")
    sides = pattern.split("->")
    if len(sides) != 2:
        raise ValueError(f"Pattern must contain a single '->' separator, got {pattern!r}")
    left, right = [_parsed(side, pattern) for side in sides]
    if any(["..." in axis and len(axis) > 1 for axis in left]):
        raise ValueError(f"Ellipsis is parenthesis in the left side is not allowed: {pattern}")
    _check_names(left, right, axes_lengths, pattern)
    known = _lengths(whole, left, axes_lengths, pattern)
    order = [name for axis in left for name in _named(axis, known)]
    shape = [math.prod([known[name] for name in _named(axis, known)]) for axis in right if axis != ["..."]]
    start = next((i for i, axis in enumerate(right) if axis == ["..."]), 0)
    shape[start:start] = [known[name] for name in known if name.startswith("...") and ["..."] in right]
    apart = whole.reshape([known[name] for name in order])
    moved = apart.permute([order.index(name) for axis in right for name in _named(axis, known)])
    return moved.reshape(shape)


def _parsed(side: str, pattern: str) -> list[list[str]]:
    """One side of a pattern: the names that each axis is made of."""
    axes: list[list[str]] = []
    group: list[str] | None = None
    seen: set[str] = set()
    place = 0
    side = side.rstrip()
    while place < len(side):
        match = _TOKEN.match(side, place)
        if match is None:
            raise ValueError(f"Unknown character {side[place:].strip()[0]!r} in the pattern {pattern!r}")
        token, place = match[1], match.end()
        if token == "(":
            if group is not None:
                raise ValueError("Axis composition is one-level (brackets inside brackets not allowed)")
            group = []
        elif token == ")":
            if group is None:
                raise ValueError(f"Brackets are not balanced in the pattern {pattern!r}")
            axes.append(group)
            group = None
        else:
            names = _checked(token, pattern)
            if token != "1" and token in seen:
                raise ValueError(f"Indexing expression contains duplicate dimension '{token}'")
            seen.add(token)
            if group is None:
                axes.append(names)
            else:
                group += names
    if group is not None:
        raise ValueError(f"Imbalanced parentheses in expression: '{side}'")
    return axes


def _checked(token: str, pattern: str) -> list[str]:
    if token.isdecimal():
        if token != "1":
            raise ValueError(f"rearrange only supports unnamed axes of size 1, got {token} in {pattern!r}")
        return []
    if token != "..." and (not token.isidentifier() or token.startswith("_") or token.endswith("_")):
        raise ValueError(f"Invalid axis identifier: {token}\nin the pattern {pattern!r}")
    return [token]


def _check_names(left: list, right: list, lengths: dict[str, int], pattern: str) -> None:
    given, wanted = ({name for axis in side for name in axis} for side in (left, right))
    if "..." in wanted and "..." not in given:
        raise ValueError(f"Ellipsis found in right side, but not left side of a pattern {pattern}")
    if given != wanted:
        raise ValueError(
            f"Identifiers only on one side of rearrange expression (should be on both): {given ^ wanted} in {pattern}"
        )
    unknown = lengths.keys() - given
    if unknown:
        raise ValueError(f"Identifiers not found in rearrange expression: {unknown} in {pattern}")


def _lengths(tensor: Tensor, left: list[list[str]], given: dict[str, int], pattern: str) -> dict[str, int]:
    """The length of each axis by its name, in the order of the left side."""
    shape = tuple(tensor.shape)
    rest = len(shape) - len(left) + (["..."] in left)
    if rest < 0 or (rest > 0 and ["..."] not in left):
        raise ValueError(
            f"Number of dimensions in pattern ({len(left)}) and tensor ({len(shape)}) must be equal: the pattern "
            f"{pattern!r} does not fit a Tensor of shape {list(shape)}"
        )
    known: dict[str, int] = {}
    place = 0
    for axis in left:
        if axis == ["..."]:
            known.update({f"...{i}": n for i, n in enumerate(shape[place : place + rest])})
            place += rest
            continue
        known.update(_factors(axis, shape[place], given, pattern))
        place += 1
    return known


def _factors(axis: Sequence[str], length: int, given: dict[str, int], pattern: str) -> dict[str, int]:
    """The lengths of the names that an axis of this length is made of; one of them may be unknown."""
    product = math.prod([given[name] for name in axis if name in given])
    unknown = [name for name in axis if name not in given]
    if len(unknown) > 1:
        raise ValueError(f"the lengths of {unknown} cannot be told from an axis of length {length}: {pattern}")
    if (unknown and (product == 0 or length % product)) or (not unknown and product != length):
        raise ValueError(
            f"an axis of length {length} cannot be made of {list(axis)} with the lengths {given}: {pattern}"
        )
    return {name: given.get(name, length // product if product else 0) for name in axis}


def _named(axis: Sequence[str], known: dict[str, int]) -> list[str]:
    """The names of an axis, an ellipsis as what it stands for."""
    return [one for name in axis for one in (_ellipsis(known) if name == "..." else [name])]


def _ellipsis(known: dict[str, int]) -> list[str]:
    return [name for name in known if name.startswith("...")]

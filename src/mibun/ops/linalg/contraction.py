"""Sums over products along any axes: einsum, tensordot, inner, kron.

All come down to one operator, the contraction of two arrays whose axes carry labels, which is computed as one
batched matrix product. Its gradients are contractions of the same kind, with the labels exchanged.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import multilinear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .matmul import dot

# --- the contraction of two operands ---


@functools.lru_cache(maxsize=1024)
def _plan(a: tuple[int, ...], b: tuple[int, ...], result: tuple[int, ...]) -> tuple:
    """How to permute a, b and the product of matrices, and how many axes are batch, rows, columns and summed over."""
    kept = set(result)
    batch = [label for label in a if label in b and label in kept]
    rows = [label for label in a if label not in b]
    columns = [label for label in b if label not in a]
    summed = [label for label in a if label in b and label not in kept]
    product = [*batch, *rows, *columns]
    return (
        tuple([a.index(label) for label in (*batch, *rows, *summed)]),
        tuple([b.index(label) for label in (*batch, *summed, *columns)]),
        tuple([product.index(label) for label in result]),
        len(batch),
        len(rows),
        len(summed),
    )


def _ordered(xp: Any, x: Array, order: tuple[int, ...]) -> Array:
    return x if order == tuple(range(len(order))) else xp.permute_dims(x, order)


@op(
    multilinear,
    name="contract",
    node="ViewBackward0",
    dtype=None,
    vjp={
        "input": lambda xp, g, other, labels: xp.contract(g, xp.conj(other), labels=(labels[2], labels[1], labels[0])),
        "other": lambda xp, g, input, labels: xp.contract(xp.conj(input), g, labels=(labels[0], labels[2], labels[1])),
    },
)
def _contract(xp, input, other, *, labels):
    """Sum of products over the labels that the result lacks; each label of only one operand is in the result."""
    order_a, order_b, order, n_batch, n_rows, n_summed = _plan(*labels)
    a, b = _ordered(xp, input, order_a), _ordered(xp, other, order_b)
    batch, rows, columns = a.shape[:n_batch], a.shape[n_batch : n_batch + n_rows], b.shape[n_batch + n_summed :]
    if n_summed == 0:
        a = xp.reshape(a, (*a.shape, *[1] * len(columns)))
        b = xp.reshape(b, (*batch, *[1] * n_rows, *columns))
        return _ordered(xp, a * b, order)
    summed = a.shape[n_batch + n_rows :]
    m, k, n = math.prod(rows), math.prod(summed), math.prod(columns)
    lead = (math.prod(batch),) if n_batch else ()
    product = xp.matmul(xp.reshape(a, (*lead, m, k)), xp.reshape(b, (*lead, k, n)))
    return _ordered(xp, xp.reshape(product, (*batch, *rows, *columns)), order)


# --- einsum ---

_ELLIPSIS = -1


def _letter(label: int) -> str:
    return chr(ord("A") + label) if label < 26 else chr(ord("a") + label - 26)


def _parse_term(text: str, offset: int, what: str) -> list[int]:
    """The labels (A-Z: 0-25, a-z: 26-51) of one operand or of the output; -1 is the ellipsis."""
    labels: list[int] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == " ":
            at += 1
        elif char == ".":
            if text[at : at + 3] != "..." or _ELLIPSIS in labels:
                raise RuntimeError(
                    f"einsum(): found '.' for {what} that is not part of any ellipsis, or for which an ellipsis was "
                    "already found"
                )
            labels.append(_ELLIPSIS)
            at += 3
        elif char.isascii() and char.isalpha():
            labels.append(ord(char) - ord("A") if char.isupper() else ord(char) - ord("a") + 26)
            at += 1
        else:
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {offset + at} in the equation string, subscripts must be "
                "in [a-zA-Z]"
            )
    return labels


@functools.lru_cache(maxsize=1024)
def _parse(equation: str) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...] | None]:
    left, arrow, right = equation.partition("->")
    offset, inputs = 0, []
    for i, term in enumerate(left.split(",")):
        inputs.append(tuple(_parse_term(term, offset, f"operand {i}")))
        offset += len(term) + 1
    return tuple(inputs), tuple(_parse_term(right, offset + 1, "the output")) if arrow else None


def _sublist(labels: Iterable) -> tuple[int, ...]:
    """The labels of the format `einsum(op, [0, 1], ...)`."""
    found = []
    for label in labels:
        if label is Ellipsis:
            found.append(_ELLIPSIS)
        else:
            label = whole(label, "einsum", "sublist")
            if not 0 <= label < 52:
                raise ValueError(f"einsum(): subscripts must be in the range [0, 52), but got {label}")
            found.append(label)
    return tuple(found)


def _expand_ellipsis(inputs: tuple, output: tuple | None, operands: list) -> tuple[list, tuple]:
    """Labels for every axis: those under an ellipsis get 52, 53, ..., aligned at the right."""
    width = 0
    for i, (labels, operand) in enumerate(zip(inputs, operands, strict=True)):
        named = len(labels) - (_ELLIPSIS in labels)
        ndim = operand._array_.ndim
        if _ELLIPSIS in labels:
            if named > ndim:
                raise RuntimeError(
                    f"einsum(): the number of subscripts in the equation ({named}) is more than the number of "
                    f"dimensions ({ndim}) for operand {i}"
                )
            width = max(width, ndim - named)
        elif named != ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({named}) does not match the number of dimensions "
                f"({ndim}) for operand {i} and no ellipsis was given"
            )
    dots = tuple(range(52, 52 + width))
    full = []
    for labels, operand in zip(inputs, operands, strict=True):
        if _ELLIPSIS in labels:
            at = labels.index(_ELLIPSIS)
            own = operand._array_.ndim - len(labels) + 1
            labels = (*labels[:at], *dots[width - own :], *labels[at + 1 :])
        full.append(labels)
    seen: dict[int, int] = {}
    for labels in full:
        for label in labels:
            seen[label] = seen.get(label, 0) + 1
    if output is None:
        return full, (*dots, *sorted(label for label, count in seen.items() if count == 1 and label < 52))
    if _ELLIPSIS in output:
        at = output.index(_ELLIPSIS)
        output = (*output[:at], *dots, *output[at + 1 :])
    for label in output:
        if output.count(label) > 1:
            raise RuntimeError(f"einsum(): output subscript {_letter(label)} appears more than once in the output")
        if label not in seen:
            raise RuntimeError(
                f"einsum(): output subscript {_letter(label)} does not appear in the equation for any input operand"
            )
    return full, output


def _sizes(inputs: list, operands: list) -> dict[int, int]:
    """The size of each label; a size of 1 broadcasts."""
    sizes: dict[int, int] = {}
    for i, (labels, operand) in enumerate(zip(inputs, operands, strict=True)):
        own: dict[int, int] = {}
        for label, size in zip(labels, operand._array_.shape, strict=True):
            if own.setdefault(label, size) != size:
                raise RuntimeError(
                    f"einsum(): subscript {_letter(label)} is repeated for operand {i} but the sizes don't match, "
                    f"{size} != {own[label]}"
                )
        for label, size in own.items():
            known = sizes.setdefault(label, size)
            if known == 1:
                sizes[label] = size
            elif size not in (1, known):
                name = _letter(label) if label < 52 else "..."
                raise RuntimeError(
                    f"einsum(): subscript {name} has size {size} for operand {i} which does not broadcast with "
                    f"previously seen size {known}"
                )
    return sizes


def _single(
    x: Tensor, labels: tuple[int, ...], sizes: dict[int, int], kept: set[int]
) -> tuple[Tensor, tuple[int, ...]]:
    """Take diagonals for labels that repeat, drop axes that only broadcast, and sum over labels that are not kept."""
    labels_ = list(labels)
    for label in labels:
        while labels_.count(label) > 1:
            first = labels_.index(label)
            second = labels_.index(label, first + 1)
            x = x.diagonal(0, first, second)
            del labels_[second], labels_[first]
            labels_.append(label)
    shape = x._array_.shape
    drop = [axis for axis, label in enumerate(labels_) if shape[axis] == 1 and sizes[label] != 1]
    if drop:
        x = x.squeeze(tuple(drop))
        labels_ = [label for axis, label in enumerate(labels_) if axis not in drop]
    lone = [axis for axis, label in enumerate(labels_) if label not in kept]
    if lone:
        x = x.sum(tuple(lone))
        labels_ = [label for axis, label in enumerate(labels_) if axis not in lone]
    return x, tuple(labels_)


def _contract_all(operands: list, inputs: list, output: tuple[int, ...]) -> Tensor:
    sizes = _sizes(inputs, operands)
    terms = []
    for i, (operand, labels) in enumerate(zip(operands, inputs, strict=True)):
        # A label that broadcasts here may be absent from the others too, but then its size is 1.
        others = {label for j, given in enumerate(inputs) if j != i for label in given}
        terms.append(_single(operand, labels, sizes, others | set(output)))
    path = CHOOSERS[0]([labels for _, labels in terms], output, sizes) if CHOOSERS and len(terms) > 2 else []
    while len(terms) > 1:
        pair = path.pop(0) if path else None
        if pair is not None and len(pair) == 2:
            i, j = sorted(pair)
            result = _merged(terms, i, j, output)
        else:
            path = []
            i, j, result = _cheapest(terms, output, sizes)
        (x, a), (y, b) = terms[i], terms[j]
        rest = {label for k, (_, labels) in enumerate(terms) if k not in (i, j) for label in labels}
        kept = rest | set(output)
        # After squeezing, a label may be left in one operand alone and still be summed over.
        x, a = _single(x, a, sizes, kept | set(b))
        y, b = _single(y, b, sizes, kept | set(a))
        if not rest:
            result = tuple([label for label in output if label in a or label in b])
        merged = apply(_contract, (x, y), {"labels": (a, b, result)})
        terms = [term for k, term in enumerate(terms) if k not in (i, j)]
        terms.append((merged, result))
    x, labels = terms[0]
    x, labels = _single(x, labels, sizes, set(output))
    missing = [label for label in output if label not in labels]
    if missing:  # every operand that has it is of size 1 there, or was squeezed
        x = x.reshape((*x._array_.shape, *[1] * len(missing)))
        labels = (*labels, *missing)
    if labels != output or len(operands) == 1:
        x = x.permute(tuple([labels.index(label) for label in output]))
    return x


# What chooses the pairs, where the user has asked for that: given the labels of the terms, those of the result, and the
# sizes, it gives the places of each pair; a pair goes, and its product comes last. See `backends/opt_einsum.py`.
CHOOSERS: list[Callable[[list[tuple[int, ...]], tuple[int, ...], dict[int, int]], list[tuple[int, ...]]]] = []


def _merged(terms: list, i: int, j: int, output: tuple[int, ...]) -> tuple[int, ...]:
    """The labels of the product of two terms: those that others or the result have."""
    rest = {label for k, (_, labels) in enumerate(terms) if k not in (i, j) for label in labels}
    kept = rest | set(output)
    return tuple([label for label in dict.fromkeys((*terms[i][1], *terms[j][1])) if label in kept])


def _cheapest(terms: list, output: tuple[int, ...], sizes: dict[int, int]) -> tuple[int, int, tuple[int, ...]]:
    """The pair of terms to contract next: that of the smallest result, counted against what it replaces."""
    best: Any = None
    for i in range(len(terms)):
        for j in range(i + 1, len(terms)):
            a, b = terms[i][1], terms[j][1]
            result = _merged(terms, i, j, output)
            if len(terms) == 2:
                return i, j, result
            cost = math.prod([sizes[label] for label in result]) - sum(
                math.prod([sizes[label] for label in labels]) for labels in (a, b)
            )
            if best is None or cost < best[0]:
                best = (cost, i, j, result)
    return best[1:]


@functools.lru_cache(maxsize=1024)
def _pair(equation: str, shapes: tuple) -> tuple | None:
    """The labels of an equation that is one contraction of two operands, with nothing to prepare; else None."""
    inputs, output = _parse(equation)
    if len(inputs) != 2:
        return None
    a, b = inputs
    if output is None:
        output = tuple(sorted(set(a) ^ set(b)))
    sizes: dict[int, int] = {}
    for labels, shape in zip(inputs, shapes, strict=True):
        if len(labels) != len(shape) or len(set(labels)) != len(labels) or _ELLIPSIS in labels:
            return None
        for label, size in zip(labels, shape, strict=True):
            if sizes.setdefault(label, size) != size:
                return None
    if len(set(output)) != len(output) or not set(a) ^ set(b) <= set(output) <= set(a) | set(b):
        return None
    return a, b, output


@public("einsum", method=False)
def einsum(*args: Any) -> Tensor:
    """The sum of the products of operands along labelled axes, in Einstein's notation.

    Args:
        args: `einsum(equation, *operands)` or `einsum(equation, [operands])`. The equation has a letter for each axis
            of each operand, the operands separated by commas, then optionally `->` and the axes of the result; letters
            that the result lacks are summed over. `...` stands for further axes, which broadcast. A letter that one
            operand has twice means its diagonal. Without `->` the result has the letters that occur once, in order. Or
            `einsum(operand, [0, 1], operand, [1, 2], [0, 2])`: the same with numbers below 52 for letters.

    Returns:
        a tensor with an axis for each letter of the result. Of more than two operands the pair with the smallest
        product is contracted first, over and over.

    Raises:
        RuntimeError: for an equation that cannot be read or does not fit the operands, and for differing sizes or
            dtypes.
        ValueError: where there are no operands.

    >>> import mibun as torch
    >>> a = torch.tensor([[1., 2.], [3., 4.]])
    >>> torch.einsum("ij,jk->ik", a, a)
    tensor([[ 7., 10.],
            [15., 22.]])
    >>> torch.einsum("ii", a)
    tensor(5.)
    """
    if len(args) == 3 and isinstance(args[0], str):
        x, y = args[1:]
        if isinstance(x, Tensor) and isinstance(y, Tensor) and x._array_.dtype is y._array_.dtype:
            labels = _pair(args[0], (x._array_.shape, y._array_.shape))
            if labels is not None:
                return apply(_contract, (x, y), {"labels": labels})
    if not args:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one operand "
            "and its subscripts list"
        )
    if isinstance(args[0], Tensor):
        operands = list(args[: len(args) // 2 * 2 : 2])
        inputs = tuple([_sublist(labels) for labels in args[1::2]])
        output = _sublist(args[-1]) if len(args) % 2 else None
    else:
        if not isinstance(args[0], str):
            raise TypeError(f"einsum(): argument 'equation' (position 1) must be str, not {type(args[0]).__name__}")
        operands = list(args[1:])
        if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
            operands = list(operands[0])
        if not operands:
            raise ValueError(
                "einsum(): must specify the equation string and at least one operand, or at least one "
                "operand and its subscripts list"
            )
        inputs, output = _parse(args[0])
    for position, operand in enumerate(operands, 2):
        check_tensor(operand, "einsum", "operands", position)
    if len(inputs) != len(operands):
        fewer = "fewer" if len(operands) < len(inputs) else "more"
        raise RuntimeError(f"einsum(): {fewer} operands were provided than specified in the equation")
    full, output = _expand_ellipsis(inputs, output, operands)
    for operand in operands[1:]:
        if operand._array_.dtype != operands[0]._array_.dtype:
            first, second = operands[0].dtype.scalar_name, operand.dtype.scalar_name
            raise RuntimeError(f"expected scalar type {first} but found {second}")
    return _contract_all(operands, full, output)


# --- what is made of it ---


@public("tensordot", method=False)
def tensordot(
    a: Tensor, b: Tensor, dims: int | Tensor | Sequence[Sequence[int]] = 2, out: Tensor | None = None
) -> Tensor:
    """The sum of products over axes of a paired with axes of b.

    Args:
        a, b: of one dtype.
        dims: the number of last axes of a that are paired with as many first axes of b, or two sequences of axes.
        out: a tensor to write the result into.

    Returns:
        a tensor with the other axes of a, then those of b.

    Raises:
        RuntimeError: where sizes of a pair or the dtypes differ, or there are fewer axes than `dims`.

    >>> import mibun as torch
    >>> torch.tensordot(torch.ones(2, 3, 4), torch.ones(4, 3, 5), dims=([1, 2], [1, 0])).shape
    torch.Size([2, 5])
    """
    check_tensor(a, "tensordot", "a")
    check_tensor(b, "tensordot", "b", 2)
    n, m = a._array_.ndim, b._array_.ndim
    if isinstance(dims, Tensor):
        dims = int(dims) if dims._array_.size == 1 else dims.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(n, m):
            raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
        axes_a, axes_b = tuple(range(n - dims, n)), tuple(range(dims))
    else:
        first, second = dims
        first, second = ((x,) if isinstance(x, int) else tuple(x) for x in (first, second))
        if len(first) != len(second):
            raise RuntimeError("both dimension lists should have same length")
        axes_a = tuple([wrap_dim(axis, n, "tensordot") for axis in first])
        axes_b = tuple([wrap_dim(axis, m, "tensordot") for axis in second])
    if a._array_.dtype != b._array_.dtype:
        raise RuntimeError(f"both inputs should have same dtype, but got {a.dtype} and {b.dtype}")
    labels_a, labels_b = list(range(n)), list(range(n, n + m))
    for i, j in zip(axes_a, axes_b, strict=True):
        size_a, size_b = a._array_.shape[i], b._array_.shape[j]
        if size_a != size_b and 1 not in (size_a, size_b):
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {size_a} in dim {i} and second has size "
                f"{size_b} in dim {j}"
            )
        labels_b[j] = labels_a[i]
    free = [x for i, x in enumerate(labels_a) if i not in axes_a]
    free += [x for j, x in enumerate(labels_b) if j not in axes_b]
    return finish(_contract_all([a, b], [tuple(labels_a), tuple(labels_b)], tuple(free)), out, "tensordot")


@public("inner")
def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of products over the last axes; where one is 0-d, the product. Complex numbers are not conjugated.

    Args:
        input: (*a, n).
        other: (*b, n), of the same dtype.

    Returns:
        (*a, *b).

    Raises:
        RuntimeError: where the last sizes or the dtypes differ.

    >>> import mibun as torch
    >>> torch.inner(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])
    """
    check_tensor(input, "inner")
    check_tensor(other, "inner", "other", 2)
    x, y = input._array_, other._array_
    if x.ndim == 0 or y.ndim == 0:
        return finish(input * other, out, "inner")
    if x.dtype != y.dtype:
        raise RuntimeError(f"both inputs should have same dtype, but got {input.dtype} and {other.dtype}")
    if x.shape[-1] != y.shape[-1]:
        raise RuntimeError(
            f"inner() the last dimension must match on both input tensors but got shapes {list(x.shape)} and "
            f"{list(y.shape)}"
        )
    if x.ndim == 1 and y.ndim == 1:
        return dot(input, other, out=out)
    return tensordot(input, other, ([x.ndim - 1], [y.ndim - 1]), out=out)


@public("kron")
def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Kronecker product: each element of `input` times the whole of `other`, laid out as blocks.

    Args:
        input: (a0, ..., an).
        other: (b0, ..., bn); the one with fewer dimensions gets further ones of size 1 in front. Dtypes are promoted.

    Returns:
        (a0 b0, ..., an bn).

    >>> import mibun as torch
    >>> torch.kron(torch.tensor([1, 10]), torch.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    check_tensor(input, "kron")
    check_tensor(other, "kron", "other", 2)
    n = max(input._array_.ndim, other._array_.ndim)
    a, b = ((1,) * (n - t._array_.ndim) + tuple(t._array_.shape) for t in (input, other))
    left = input.reshape(tuple([size for x in a for size in (x, 1)]))
    right = other.reshape(tuple([size for x in b for size in (1, x)]))
    product = left * right
    return finish(product.reshape(tuple([x * y for x, y in zip(a, b, strict=True)])), out, "kron")

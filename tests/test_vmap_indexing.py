"""Indexing, item assignment, views and in-place operations under `vmap`: random ones, compared with the loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.func import grad, vmap

EXAMPLES = 3


class Draw:
    """Random indices for a tensor of a shape; those that are tensors are arguments, batched or not."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.tensors: list = []
        self.dims: list[int | None] = []

    def coin(self, chance: float = 0.5) -> bool:
        return bool(self.random.random() < chance)

    def shape(self) -> tuple[int, ...]:
        return tuple(self.random.integers(2, 5, self.random.integers(1, 5)).tolist())

    def argument(self, make: Any, batched: bool) -> Any:
        """A function that picks this tensor among the arguments of the program."""
        self.tensors.append(torch.from_numpy(np.stack([make() for _ in range(EXAMPLES)]) if batched else make()))
        self.dims.append(0 if batched else None)
        place = len(self.tensors) - 1
        return lambda arguments: arguments[place]

    def floats(self, shape: tuple[int, ...], batched: bool) -> Any:
        return self.argument(lambda: np.asarray(self.random.normal(size=shape)), batched)

    def index(self, shape: tuple[int, ...], masks: bool) -> Any:
        """A function of the arguments that gives an index, and whether all of it is basic."""
        items: list[Any] = []
        axis, inner = 0, tuple(self.random.integers(1, 3, self.random.integers(0, 3)).tolist())
        while axis < len(shape) and (self.coin(0.85) or not items):
            size, kind = shape[axis], self.random.integers(0, 7)
            if kind == 0:
                items.append(int(self.random.integers(-size, size)))
            elif kind in (1, 2):
                start = int(self.random.integers(0, size))
                items.append(slice(start, None if self.coin() else size, int(self.random.integers(1, 3))))
            elif kind == 3:
                items.append(None)
                axis -= 1
            elif kind == 4 and masks:
                items.append(self.argument(lambda size=size: self.random.random(size) < 0.6, False))
            else:
                own = inner if self.coin(0.8) else ()
                items.append(
                    self.argument(
                        lambda size=size, own=own: np.asarray(self.random.integers(-size, size, own)), self.coin(0.7)
                    )
                )
            axis += 1
        if self.coin(0.3):
            items.insert(int(self.random.integers(0, len(items) + 1)), Ellipsis)
        return lambda arguments: tuple([item(arguments) if callable(item) else item for item in items])


def compare(function: Any, draw: Draw, places: tuple[int, ...]) -> None:
    """Values and gradients of a function of the drawn tensors, under vmap and one by one, inside and outside."""
    tensors, dims = draw.tensors, tuple(draw.dims)
    rows = [[x if dim is None else x[k] for x, dim in zip(tensors, dims, strict=True)] for k in range(EXAMPLES)]
    try:
        expected = [function(*[x.clone() for x in row]) for row in rows]
    except (IndexError, RuntimeError) as error:
        with pytest.raises((IndexError, RuntimeError)) as caught:
            vmap(function, dims)(*[x.clone() for x in tensors])
        assert isinstance(caught.value, type(error))
        return
    found = vmap(function, dims)(*[x.clone() for x in tensors])
    np.testing.assert_allclose(found.numpy(), torch.stack(expected).numpy(), rtol=1e-12)
    scalar = lambda *xs: (function(*xs) ** 2).sum()  # noqa: E731
    leaves = [x.clone().requires_grad_() if i in places else x for i, x in enumerate(tensors)]
    try:
        gradients = [grad(scalar, places)(*row) for row in rows]
    except RuntimeError as error:
        assert "modified by an inplace operation" in str(error)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            vmap(grad(scalar, places), dims)(*tensors)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            vmap(scalar, dims)(*leaves).sum().backward()
        return
    inside = vmap(grad(scalar, places), dims)(*tensors)
    outside = torch.autograd.grad(vmap(scalar, dims)(*leaves).sum(), [leaves[i] for i in places], allow_unused=True)
    for k, place in enumerate(places):
        each = torch.stack([row[k] for row in gradients])
        np.testing.assert_allclose(inside[k].numpy(), each.numpy(), rtol=1e-10, atol=1e-12)
        total = each if dims[place] == 0 else each.sum(0)
        given = torch.zeros_like(total) if outside[k] is None else outside[k]
        np.testing.assert_allclose(given.numpy(), total.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(150))
def test_reading(seed: int) -> None:
    """x[index], with x or the index tensors or both batched."""
    draw = Draw(seed)
    shape = draw.shape()
    x = draw.floats(shape, draw.coin(0.7))
    index = draw.index(shape, masks=True)
    if 0 not in draw.dims:
        draw.floats((), True)
    compare(lambda *a: x(a)[index(a)], draw, (0,))


@pytest.mark.parametrize("seed", range(150))
def test_writing(seed: int) -> None:
    """x[index] = y, accumulating index_put and x[index] *= y, on a copy of x, with all mixtures of batched operands."""
    draw = Draw(seed + 1000)
    shape = draw.shape()
    x = draw.floats(shape, True)
    index = draw.index(shape, masks=True)
    row = [tensor if dim is None else tensor[0] for tensor, dim in zip(draw.tensors, draw.dims, strict=True)]
    try:
        shown = tuple(x(row)[index(row)].shape)
    except IndexError:
        return  # as `test_reading` has it
    cut = int(draw.random.integers(0, len(shown) + 1))
    y = draw.floats(tuple([n if draw.coin(0.8) else 1 for n in shown[cut:]]), draw.coin())
    how = seed % 3

    def function(*a: Any) -> Any:
        target = x(a) * 1
        if how == 0:
            target[index(a)] = y(a)
        elif how == 1:
            target[index(a)] *= y(a)
        else:
            target[index(a)] = 2.5
        return target * x(a)

    # Where an index names a place twice, which value counts is not said (nor does the gradient).
    compare_unless_repeated(function, draw, index, shape)


def compare_unless_repeated(function: Any, draw: Draw, index: Any, shape: tuple[int, ...]) -> None:
    places = torch.arange(int(np.prod(shape))).reshape(shape)
    for k in range(EXAMPLES):
        row = [t if d is None else t[k] for t, d in zip(draw.tensors, draw.dims, strict=True)]
        named = places[index(row)].reshape(-1)
        if len(named.unique()) != len(named):
            return
    compare(function, draw, (0, len(draw.tensors) - 1))


@pytest.mark.parametrize("seed", range(60))
def test_two_levels(seed: int) -> None:
    """Reading and writing where each tensor is batched by the outer vmap, the inner one, both, or none."""
    random = np.random.default_rng(seed + 3000)
    sizes = (2, EXAMPLES)
    levels = [tuple(random.integers(0, 2, 2).astype(bool).tolist()) for _ in range(4)]
    levels[0] = (True, True) if seed % 2 else levels[0]

    def make(values: Any, which: tuple[bool, ...]) -> Any:
        return torch.from_numpy(np.asarray(values([n for n, used in zip(sizes, which, strict=True) if used])))

    x = make(lambda hidden: random.normal(size=(*hidden, 3, 4, 2)), levels[0])
    i = make(lambda hidden: random.integers(-3, 3, (*hidden, 2)), levels[1])
    j = make(lambda hidden: random.integers(-4, 4, (*hidden, 1 + seed % 2)), levels[2])
    y = make(lambda hidden: random.normal(size=(*hidden, 2)), levels[3])
    arguments = (x, i, j, y)

    def function(x: Any, i: Any, j: Any, y: Any) -> Any:
        read = x[i].sum() + (x[:, j] * y).sum() + x[i, j].prod() + x[i, :, 1].sum() * y[0] + (x[i, ..., :1] ** 2).sum()
        if seed % 2:
            x = x.clone()
            x[0, j[0]] = y
            x[i[0]] *= 2.0
            x[:, j[:1], 1] += y[1]
        return read + (x * x).sum() + x.gather(0, i[:, None, None] % 3).sum()

    outer, inner = [tuple([0 if which[level] else None for which in levels]) for level in (0, 1)]
    if not any([d == 0 for d in outer]) or not any([d == 0 for d in inner]):
        return
    both = lambda function: vmap(vmap(function, inner), outer)(*arguments)  # noqa: E731
    for one in (function, grad(function), grad(function, 3)):
        expected = torch.stack([torch.stack(row) for row in by_hand_of(one, arguments, levels, sizes)])
        np.testing.assert_allclose(both(one).numpy(), expected.numpy(), rtol=1e-10, atol=1e-12)
    leaves = [one.clone().requires_grad_() if one.is_floating_point() else one for one in arguments]
    value = vmap(vmap(function, inner), outer)(*leaves).sum()
    found = torch.autograd.grad(value, [leaves[0], leaves[3]])
    wanted = torch.autograd.grad(
        sum([sum(row) for row in by_hand_of(function, leaves, levels, sizes)]), [leaves[0], leaves[3]]
    )
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-10, atol=1e-12)


def by_hand_of(function: Any, arguments: Any, levels: Any, sizes: Any) -> list:
    """The function of each example of two levels."""

    def at(k: int, n: int) -> list:
        return [
            one[tuple([place for place, used in zip((k, n), which, strict=True) if used])] if any(which) else one
            for one, which in zip(arguments, levels, strict=True)
        ]

    return [[function(*at(k, n)) for n in range(sizes[1])] for k in range(sizes[0])]


@pytest.mark.parametrize("seed", range(100))
def test_views_of_views(seed: int) -> None:
    """Views of views of what is batched, modified in place with what is or is not, between uses."""
    draw = Draw(seed + 2000)
    shape = (4, 2, 3)
    x = draw.floats(shape, True)
    others = [draw.floats((), draw.coin()) for _ in range(3)]
    steps = [int(n) for n in draw.random.integers(0, 9, 8)]

    def function(*a: Any) -> Any:
        base = x(a) * 1
        views, total = [base], 0.0
        for i, step in enumerate(steps):
            last = views[-1 - (i * 7) % len(views)]
            other = others[i % 3](a)
            if step == 0 and last.dim() > 1:
                views.append(last[1:])
            elif step == 1 and last.dim() > 1:
                views.append(last.transpose(0, -1))
            elif step == 2 and last.is_contiguous():
                views.append(last.view(-1))
            elif step == 3 and last.dim() > 1:
                views.append(last.select(-1, 0))
            elif step == 4:
                last.mul_(other)
            elif step == 5:
                last.add_(views[0].sum() * other)
            elif step == 6 and last.dim():
                last[0] = other
            elif step == 7:
                last.copy_(last.detach() * 2)
            else:
                total = total + (last.clone() * other).sum() if seed % 5 else total + (last * other).sum()
        return total + sum([(view * (i + 1)).sum() for i, view in enumerate(views)]) + base * 0

    compare(function, draw, tuple(range(len(draw.tensors))))


def test_base_that_is_turned() -> None:
    """Views of a base that is itself transposed in place lead, from then on, by the memory of one example."""
    x = torch.tensor(np.random.default_rng(0).normal(size=(3, 2, 4)))

    def function(v: Any) -> Any:
        base = v * 1
        row, part = base[0], base[:, 1:3]
        base.t_()
        row.mul_(2.0)
        part.add_(row[1:3])
        base[1] *= 3
        return (base * base * v.t()).sum() + part.prod()

    each = torch.stack([grad(function)(one) for one in x])
    np.testing.assert_allclose(vmap(grad(function))(x).numpy(), each.numpy(), rtol=1e-12)
    x.requires_grad_()
    (outside,) = torch.autograd.grad(vmap(function)(x).sum(), x)
    np.testing.assert_allclose(outside.numpy(), each.numpy(), rtol=1e-12)


def test_masks_of_each_example() -> None:
    """A mask of each example says where to write, if what is written does not depend on how many places there are."""
    random = np.random.default_rng(0)
    x = torch.tensor(random.normal(size=(3, 4, 2)))
    rows = x[:, :, 0] > 0
    y = torch.tensor(random.normal(size=(3, 2)))

    def written(index: Any, value: Any) -> Any:
        def function(x: Any, rows: Any, y: Any) -> Any:
            x = x.clone()
            x[index(x, rows)] = value(y)
            return x

        return function

    cases = [
        (lambda x, rows: rows, lambda y: 2.0),
        (lambda x, rows: rows, lambda y: y),
        (lambda x, rows: rows, lambda y: y[None]),
        (lambda x, rows: rows, lambda y: y[0]),
        (lambda x, rows: x > 0, lambda y: y[:1]),
        (lambda x, rows: x > 0, lambda y: 1),
        (lambda x, rows: (rows, 1), lambda y: y[0]),
        (lambda x, rows: (Ellipsis, x[0] > 0), lambda y: y[0]),
        (lambda x, rows: (slice(1, None), x[1] > 0), lambda y: y[1] * 3),
    ]
    for index, value in cases:
        function = written(index, value)
        expected = torch.stack([function(x[k], rows[k], y[k]) for k in range(3)])
        np.testing.assert_array_equal(vmap(function)(x, rows, y).numpy(), expected.numpy())
        scalar = lambda *a, function=function: (function(*a) ** 2).sum()  # noqa: E731
        each = [grad(scalar, (0, 2))(x[k], rows[k], y[k]) for k in range(3)]
        for found, wanted in zip(vmap(grad(scalar, (0, 2)))(x, rows, y), zip(*each, strict=True), strict=True):
            np.testing.assert_allclose(found.numpy(), torch.stack(list(wanted)).numpy(), rtol=1e-12)
    with pytest.raises(RuntimeError, match="dynamic shape"):
        vmap(written(lambda x, rows: rows, lambda y: torch.ones(4, 2, dtype=torch.float64)))(x, rows, y)
    put = vmap(lambda x, rows, y: x.index_put((rows,), y))(x, rows, y)
    np.testing.assert_array_equal(put.numpy(), vmap(written(lambda x, rows: rows, lambda y: y))(x, rows, y).numpy())
    with pytest.raises(RuntimeError, match="dynamic shape"):
        vmap(lambda x, rows, y: x.index_put((rows,), y, accumulate=True))(x, rows, y)
    with pytest.raises(RuntimeError, match="dynamic shape"):
        vmap(lambda x, rows: x[rows])(x, rows)
    with pytest.raises(RuntimeError, match="in extra_args that has more elements"):
        vmap(lambda rows: x[0].masked_fill_(rows[:, None], 1.0))(rows)


def test_arguments_are_modified() -> None:
    """What is written into an argument is seen by the caller, whatever axis the examples are on, also if it fails."""
    x = torch.zeros(2, 3)
    vmap(lambda v: v.add_(1))(x)
    vmap(lambda v: v[1:].mul_(2), in_dims=1)(x)
    vmap(vmap(lambda v: v.add_(v)))(x)
    assert x.tolist() == [[2, 2, 2], [4, 4, 4]]
    assert x._version == 3
    with pytest.raises(RuntimeError, match="more elements"):
        vmap(lambda v: x.add_(v))(torch.ones(3, 2, 3))
    assert x._version == 3


def test_saved_values_are_watched() -> None:
    """What an operation has saved must not be modified, inside of vmap neither."""
    x = torch.ones(2, 3, requires_grad=True)

    def function(v: Any) -> Any:
        v = v * 1
        result = v.sin()
        v.mul_(2)
        return result.sum()

    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        vmap(function)(x).sum().backward()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        vmap(grad(function))(x.detach())
